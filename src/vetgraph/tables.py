"""A folder of tables to quads and problems: finds the files, checks every cell, keeps the way back to the cell."""

from __future__ import annotations

import difflib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from vetgraph import codelists, csvw, datasets, lexical, links, names, sheets, sssom
from vetgraph.errors import Cell, Problem, Text
from vetgraph.layout import Layout, find_layout, match_header
from vetgraph.mapping import BadIriError, RowMapping, items
from vetgraph.reading import Memory, Part, Reading, References, Stamp, stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from vetgraph.codelists import CodeLists
    from vetgraph.csvw import Column, Group, Table

_THINGS = f"<{names.BASE}id/"
_CODES = f"<{names.BASE}code/"
_ENTRIES = f"<{names.ENTRIES}"
_MANY = 12


def read(
    data: Path,
    *,
    codes: CodeLists | None = None,
    memory: Memory | None = None,
    known: Callable[[Iterable[str]], Container[str]] | None = None,
) -> Reading:
    """Read the registry, every report, every list and the links of a data folder.

    Args:
        data: The folder; it holds ``registry/registry.json``, ``reports/*/report.json``, ``lists/*.json`` and
            ``links/*.sssom.tsv``.
        codes: The code lists; the ontology's own if not given.
        known: Tells which things exist that no table here defines, given their IRIs as N-Quads terms.
        memory: What an earlier reading of this folder read; tables that are as they were are not read again.

    Returns:
        The quads of all rows that can be mapped, and the problems of all cells.
    """
    reading = Reading()
    memory = memory or Memory()
    memory.read.clear()
    references = References(codes or codelists.load())
    found = [data / "registry" / "registry.json", *sorted(data.glob("reports/*/report.json"))]
    present = [file for file in found if file.is_file()]
    if not present:
        reading.problems.append(
            Problem(
                str(data),
                None,
                None,
                Text(
                    "没有 registry/registry.json，也没有 reports/*/report.json",
                    "there is neither registry/registry.json nor reports/*/report.json",
                ),
                Text("给出数据文件夹，如 data", "name the data folder, as data"),
            )
        )
    for file in present:
        group = csvw.read_group(file, reading.problems)
        reading.files.append(file)
        if group is not None:
            _read_group(group, _books_of(group), reading, references, memory)
    for file in sorted(data.glob("lists/*.json")):
        reading.files.append(file)
        group = datasets.read_list(file, reading.problems)
        if group is not None:
            _read_list(group, reading, references, memory)
    for file in sorted(data.glob(f"links/*{sssom.SUFFIX}")):
        stamp = stamp_of([file])
        part = memory.part((file, ""), stamp, partial(_read_links, file, stamp, references.codes))
        reading.files += part.reading.files
        part.join(reading, references)
    if known is not None:
        references.allow(known(references.missing()))
    _check_references(references, reading.problems)
    files = {file: number for number, file in enumerate(dict.fromkeys(one.file for one in reading.problems))}
    reading.problems.sort(key=lambda one: (files[one.file], one.row or 0))
    return reading


def _books_of(group: Group) -> list[Path]:
    """Return the workbooks of a group: any in its folder."""
    return [path for path in sorted(group.file.parent.glob("*.xlsx")) if not path.name.startswith("~$")]


def _read_list(group: Group, reading: Reading, references: References, memory: Memory) -> None:
    """Read a list: its one workbook has its name, since the folder holds other lists, too."""
    book = group.file.with_suffix(".xlsx")
    paths = [book] if book.is_file() else []
    _read_group(group, paths, reading, references, memory)
    sources = [*paths, *(group.file.parent / table.url for table in group.tables)]
    stamp = stamp_of([group.file, *sources])
    part = memory.part((group.file, "#"), stamp, partial(datasets.read_part, group, sources, stamp, references.codes))
    part.join(reading, references)


def _read_group(group: Group, paths: list[Path], reading: Reading, references: References, memory: Memory) -> None:
    folder = group.file.parent
    reading.files += paths

    @cache
    def books() -> tuple[list[sheets.Workbook], list[Problem]]:
        problems: list[Problem] = []
        return [sheets.Workbook(path, problems) for path in paths], problems

    def read_books(stamp: Stamp) -> Part:
        known = {Path(table.url).stem for table in group.tables}
        opened, problems = books()
        unknown = [_unknown_sheet(book, name, known) for book in opened for name in book.names if name not in known]
        return Part(stamp, Reading(problems=[*problems, *unknown]), References(references.codes))

    def read_table(table: Table, stamp: Stamp) -> Part:
        return _read_table(group, table, books()[0], references.codes, stamp)

    readers: dict[str, Callable[[Stamp], Part]] = {
        **{table.url: partial(read_table, table) for table in group.tables},
        "": read_books,
    }
    for name, read_part in readers.items():
        schema = [Path(table.schema.file) for table in group.tables if table.url == name]
        stamp = stamp_of([group.file, *schema, *([folder / name] if name else []), *paths])
        part = memory.part((group.file, name), stamp, partial(read_part, stamp))
        reading.files += part.reading.files
        part.join(reading, references)


def _read_table(group: Group, table: Table, books: list[sheets.Workbook], codes: CodeLists, stamp: Stamp) -> Part:
    part = Part(stamp, Reading(), References(codes))
    sheet = _find_sheet(group.file.parent, table, books, part.reading)
    mapping = RowMapping(table.schema, group.id, group.key)
    if (sheet is None or not _TableReader(mapping, sheet, part.reading, part.references).read()) and mapping.start:
        part.references.unread.append(mapping.start)
    return part


def _read_links(file: Path, stamp: Stamp, codes: CodeLists) -> Part:
    key = links.key_of(file)
    part = Part(stamp, Reading(files=[file]), References(codes))
    sheet = links.sheet(file, part.reading.problems)
    if sheet is not None:
        mapping = RowMapping(links.schema(), names.links(key), key)
        _TableReader(mapping, sheet, part.reading, part.references).read()
    return part


def _unknown_sheet(book: sheets.Workbook, name: str, known: Iterable[str]) -> Problem:
    close = difflib.get_close_matches(name, known, n=1)
    return Problem(
        f"{book.path}#{name}",
        None,
        None,
        Text(f"工作表“{name}”不是任何一张表", f'the sheet "{name}" is no table of the group'),
        Text(f"改名为 {close[0]}", f"rename it to {close[0]}")
        if close
        else Text("删去或列入 report.json", "delete it, or list it in report.json"),
    )


def _find_sheet(folder: Path, table: Table, books: list[sheets.Workbook], reading: Reading) -> sheets.Sheet | None:
    """Find a table as a CSV file or as a sheet of a workbook; rows in both are a problem."""
    path = folder / table.url
    found = []
    if path.is_file():
        reading.files.append(path)
        found.append(sheets.read_csv(path, reading.problems))
    found += [book.sheet(path.stem, reading.problems) for book in books if path.stem in book.names]
    # What stands in a workbook that cannot be opened is not known to be missing.
    if not found and all(book.opened for book in books):
        reading.problems.append(
            Problem(
                str(path),
                None,
                None,
                Text("文件不存在", "there is no such file"),
                Text(f"加上此文件或工作表“{path.stem}”", f'add this file, or a sheet "{path.stem}"'),
            )
        )
    filled = [sheet for sheet in found if sheet is not None and sheet.rows]
    if len(filled) > 1:
        reading.problems.append(
            Problem(
                filled[0].file,
                None,
                None,
                Text(f"同一张表也在 {filled[1].file}", f"the same table stands in {filled[1].file}, too"),
                Text("留一处，删另一处", "keep one and delete the other"),
            )
        )
    return filled[0] if filled else next((sheet for sheet in found if sheet is not None), None)


class _TableReader:
    """Reads the rows of one table."""

    def __init__(self, mapping: RowMapping, sheet: sheets.Sheet, reading: Reading, references: References) -> None:
        self.mapping = mapping
        self.schema = mapping.schema
        self.sheet = sheet
        self.reading = reading
        self.references = references
        self.layout: Layout = find_layout(self.schema)
        self.place = match_header(sheet, self.schema, reading.problems)
        self.seen: dict[tuple[str, ...], Cell] = {}

    def read(self) -> bool:
        """Read the rows; false if the header is so wrong that none can be read."""
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
        subjects = {own, *(one.subject for one in triples)}
        self.reading.cells.add_row(index, number, subjects)
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


def _check_references(references: References, problems: list[Problem]) -> None:
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
