"""The rows of one table to quads and problems: every cell is checked, and the way back to it is kept."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from vetgraph import lexical, names
from vetgraph.cells import abouts, varying
from vetgraph.errors import Cell, Problem, Text
from vetgraph.layout import Layout, find_layout, match_header
from vetgraph.mapping import BadIriError, RowMapping, items

if TYPE_CHECKING:
    from vetgraph import sheets
    from vetgraph.codelists import CodeLists
    from vetgraph.csvw import Column
    from vetgraph.reading import Reading, References

_THINGS = f"<{names.BASE}id/"
_CODES = f"<{names.BASE}code/"
_ENTRIES = f"<{names.ENTRIES}"
_MANY = 12


class TableReader:
    """Reads the rows of one table."""

    def __init__(self, mapping: RowMapping, sheet: sheets.Sheet, reading: Reading, references: References) -> None:
        """Find the columns.

        Args:
            mapping: What the columns mean.
            sheet: The rows.
            reading: Takes quads, problems and cells.
            references: Takes what the rows define and refer to.
        """
        self.mapping = mapping
        self.schema = mapping.schema
        self.sheet = sheet
        self.reading = reading
        self.references = references
        self.layout: Layout = find_layout(self.schema)
        self.abouts = abouts(self.schema)
        self.varying = varying(mapping)
        self.place = match_header(sheet, self.schema, reading.problems)
        self.seen: dict[tuple[str, ...], Cell] = {}

    def read(self) -> bool:
        """Read the rows.

        Returns:
            Whether the header lets any be read.
        """
        if self.place is None:
            return False
        index = self.reading.cells.add_table(self.sheet, self.mapping, self.place)
        for number, row in enumerate(self.sheet.rows):
            cells = {name: row.cells[at] for name, at in self.place.items()}
            if row.sound and self._good(row, cells):
                self._map(row, cells, index, number)
            else:
                self._remember(row, cells)
        return True

    def _remember(self, row: sheets.Row, cells: dict[str, str]) -> None:
        """Note what a bad row would have defined, so that one bad cell is one problem and not one for each mention."""
        try:
            own = self.mapping.subject(self.mapping.values(row.number, cells))
        except BadIriError:
            return
        if own is not None and self.layout.defines:
            self.references.defined.setdefault(own, (self.schema.file, self._cell(row, self.layout.key_column), ""))

    def _cell(self, row: sheets.Row, column: str) -> Cell:
        at = (self.place or {}).get(column)
        return Cell(self.sheet.file, row.number, column if at is None else self.sheet.header[at], row.line)

    def _wrong(self, row: sheets.Row, column: str, message: Text, fix: Text, related: tuple[Cell, ...] = ()) -> None:
        cell = self._cell(row, column)
        self.reading.problems.append(
            Problem(cell.file, cell.row, cell.column, message, fix, related=related, line=cell.line)
        )

    def _good(self, row: sheets.Row, cells: dict[str, str]) -> bool:
        good = [self._good_cell(row, column, cells.get(column.name, "")) for column in self.schema.real]
        return all(good) and self._good_key(row, cells)

    def _good_key(self, row: sheets.Row, cells: dict[str, str]) -> bool:
        names_ = self.schema.primary_key
        if not names_:
            return True
        key = tuple(cells.get(name, "") for name in names_)
        column = "id" if "id" in names_ else names_[-1]
        first = self.seen.setdefault(key, self._cell(row, column))
        if first.row == row.number:
            return True
        shown = ", ".join(key)
        self._wrong(
            row,
            column,
            Text(f"重复的编号“{shown}”，首见于第 {first.row} 行", f'duplicate key "{shown}", first in row {first.row}'),
            Text("换一个编号或删去一行", "choose another key or delete one row"),
            (first,),
        )
        return False

    def _good_cell(self, row: sheets.Row, column: Column, text: str) -> bool:
        values = items(column, text)
        if column.required and not values:
            self._wrong(
                row,
                column.name,
                Text("此格必填", "expected a value; the cell is empty"),
                Text("填上值", "fill in the cell"),
            )
            return False
        good = [self._good_value(row, column, value) for value in values]
        return all(good)

    def _good_value(self, row: sheets.Row, column: Column, value: str) -> bool:
        scheme = self.layout.schemes.get(column.name)
        if scheme is not None:
            return self._good_code(row, column, value, scheme)
        wanted = lexical.expected(value, column.datatype)
        if wanted is None:
            return True
        self._wrong(
            row,
            column.name,
            Text(f"应为{wanted.zh}，实为“{value}”", f'expected {wanted.en}; got "{value}"'),
            Text(f"写成{wanted.zh}", f"write {wanted.en}"),
        )
        return False

    def _good_code(self, row: sheets.Row, column: Column, value: str, scheme: str) -> bool:
        keys = self.references.codes.keys(scheme)
        if value in keys:
            return True
        if keys:
            self._unknown_code(row, column, value, keys)
        else:
            self._wrong(
                row,
                column.name,
                Text(f"没有代码表“{scheme}”", f'there is no code list "{scheme}"'),
                Text("改正表结构的 valueUrl", "correct the valueUrl of the table's schema"),
            )
        return False

    def _unknown_code(self, row: sheets.Row, column: Column, value: str, keys: list[str]) -> None:
        close = difflib.get_close_matches(value, keys, n=1)
        shown = ", ".join(keys[:_MANY]) + (" …" if len(keys) > _MANY else "")
        choice = close or keys[:_MANY]
        self._wrong(
            row,
            column.name,
            Text(f"应为 {shown} 之一，实为“{value}”", f'expected one of {shown}; got "{value}"'),
            Text(f"写 {' 或 '.join(choice)}", f"write {' or '.join(choice)}"),
        )

    def _map(self, row: sheets.Row, cells: dict[str, str], index: int, number: int) -> None:
        values = self.mapping.values(row.number, cells)
        try:
            graph = self.mapping.graph(values)
            triples = list(self.mapping.triples(values))
            own = self.mapping.subject(values)
        except BadIriError as error:
            named = (column.name for column in self.schema.real if column.name in error.variables)
            self._wrong(
                row,
                next(named, self.sheet.header[0]),
                Text(f"不能成为 IRI：{error}", f"this makes no IRI: {error}"),
                Text("编号只用小写字母、数字、连字符", "write keys with lower-case letters, digits and hyphens"),
            )
            return
        if graph is None or own is None:
            return
        self.reading.quads += [(one.subject, one.predicate, one.object, graph) for one in triples]
        subjects = {**{one.subject: self.abouts[one.column] for one in triples}, own: 0}
        stated = [(one.subject, one.predicate, one.column) for one in triples if one.column in self.varying]
        self.reading.cells.add_row(index, number, subjects, stated)
        for subject in subjects if self.layout.defines else ():
            if subject.startswith(_ENTRIES):  # a row of a list may tell of several, as a school and its programmes
                cell = self._cell(row, self.layout.key_column)
                self.references.defined.setdefault(subject, (self.schema.file, cell, ""))
        self._refer(row, values, own, graph)

    def _refer(self, row: sheets.Row, values: dict[str, str], own: str, graph: str) -> None:
        layout, references = self.layout, self.references
        if layout.defines:
            cell = self._cell(row, layout.key_column)
            references.defined.setdefault(own, (self.schema.file, cell, values.get(layout.key_column, "")))
        elif own.startswith(_THINGS) and layout.subject_column:
            references.used[own].append(self._cell(row, layout.subject_column))
        if layout.passage_column:
            references.graphs[graph].append(self._cell(row, layout.passage_column))
        for column in self.schema.real:
            for term in layout.references(column, values):
                is_thing = term.startswith(_THINGS)
                (references.used if is_thing else references.graphs)[term].append(self._cell(row, column.name))


def check_references(references: References, problems: list[Problem]) -> None:
    """Tell of every mention of what is defined nowhere.

    Args:
        references: What rows define and refer to.
        problems: Takes the mentions.
    """
    things = list(references.defined)
    codes = references.codes
    for used in (references.used, references.graphs):
        for term, cells in used.items():
            if references.knows(term) or (term.startswith(_CODES) and _is_code(term, codes)):
                continue
            if not term.startswith(tuple(references.unread)):
                problems += [_dangling(term, cell, things) for cell in dict.fromkeys(cells)]


def _is_code(term: str, codes: CodeLists) -> bool:
    scheme, _, key = term.removeprefix(_CODES).rstrip(">").partition("/")
    return key in codes.keys(scheme)


def _dangling(term: str, cell: Cell, things: list[str]) -> Problem:
    kind, key = term.strip("<>").rsplit("/", 2)[-2:]
    start = term[: term.rindex("/") + 1]
    near = [thing[len(start) : -1] for thing in things if thing.startswith(start)]
    close = difflib.get_close_matches(key, near, n=3) or near[:3]
    hint = ", ".join(close)
    if term.startswith(f"<{names.BASE}report/"):
        kind = "passage"
    return Problem(
        cell.file,
        cell.row,
        cell.column,
        Text(f"没有编号为“{key}”的 {kind}", f'there is no {kind} with the key "{key}"'),
        Text(f"是否为 {hint}？否则先加上它", f"did you mean {hint}? If not, add it first")
        if hint
        else Text(f"先加上这个 {kind}", f"add this {kind} first"),
        line=cell.line,
    )
