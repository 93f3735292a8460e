"""Lists to link, and lists to link to: a CSV file, a sheet of a workbook, or a list that the graph holds."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vetgraph import csvw, names, queries, sheets
from vetgraph.errors import DataError, Problem, Text, UsageError
from vetgraph.linking.entries import Entry, Kind, Name
from vetgraph.linking.script import fold
from vetgraph.mapping import RowMapping, expand
from vetgraph.results import Solutions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vetgraph.sheets import Sheet
    from vetgraph.store import Store

_HEADER_WITHIN: Final = 20
"""A title and notes may stand above the header; it is looked for in so many rows."""

_FOLDER: Final = Path("data/lists")
_STANDARD: Final = {"prefLabel": ("name", "名称", "prefLabel"), "notation": ("code", "代码", "notation")}
"""How the columns of a list are called in the graph, where they are no properties of its own."""

_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Columns:
    """Which columns of a list tell what, by their headers.

    Attributes:
        name: The names.
        region: Where each is.
        codes: Official codes.
        ownership: Who runs each.
        level: The administrative level.
        id: What identifies a row; its name and region if not given.
    """

    name: str
    region: str = ""
    codes: tuple[str, ...] = ()
    ownership: str = ""
    level: str = ""
    id: str = ""

    @property
    def all(self) -> tuple[str, ...]:
        """The headers that are meant."""
        return tuple(one for one in (self.name, self.region, *self.codes, self.ownership, self.level, self.id) if one)


@dataclass(frozen=True)
class Listing:
    """A list with what identifies its rows.

    Attributes:
        key: A short name of the list.
        file: The file, or the IRI of its graph.
        entries: One for each row.
        rows: The spreadsheet's row numbers of the entries; counted from 1 for a list of the graph.
    """

    key: str
    file: str
    entries: tuple[Entry, ...]
    rows: tuple[int, ...] = field(default=())


def read(source: str, columns: Columns, kind: Kind, store: Store | None = None) -> Listing:
    """Read a list.

    Args:
        source: A CSV file, a workbook (``book.xlsx``, ``book.xlsx#sheet``), or the key of a list in ``data/lists`` or
            in the graph.
        columns: What its columns tell.
        kind: What kind of things it lists.
        store: Where lists of the graph are.

    Returns:
        The list.

    Raises:
        UsageError: There is no such list.
        DataError: It cannot be read, or a column is missing.
    """
    file, _, sheet = source.partition("#")
    path = Path(file)
    if not path.is_file() and not path.suffix and (_FOLDER / f"{file}.csv").is_file():
        path = _FOLDER / f"{file}.csv"
    if path.is_file():
        return _read_file(path, sheet, columns, kind)
    if store is not None and (found := _of_graph(store, source, columns, kind)):
        return found
    raise UsageError(
        Text(f"没有名单 {source}", f"there is no list {source}"),
        Text(
            "给出 CSV 或 XLSX 文件，或 data/lists 中、图谱中名单的键",
            "name a CSV or XLSX file, or the key of a list in data/lists or in the graph",
        ),
    )


def key_of(path: Path) -> str:
    """Return a short name for a file: small letters, digits and hyphens.

    Args:
        path: The file.

    Returns:
        The key; a digest where its name has no such characters.
    """
    plain = _KEY.sub("-", path.stem.casefold()).strip("-")
    return plain or f"list-{_digest(path.stem)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


# Files.


def _read_file(path: Path, sheet: str, columns: Columns, kind: Kind) -> Listing:
    problems: list[Problem] = []
    found = _sheet(path, sheet, columns, problems)
    if found is None:
        raise DataError(problems)
    at = _positions(found, columns, problems)
    if at is None:
        raise DataError(problems)
    key = key_of(path)
    identify = _subjects(path, columns)
    entries, rows = [], []
    for row in found.rows:
        cells = {name: row.cells[place].strip() if place < len(row.cells) else "" for name, place in at.items()}
        if any(cell.strip() for cell in row.cells):
            everything = dict(zip(found.header, row.cells, strict=False))
            entries.append(
                _entry(cells, columns, kind, identify(everything, row.number) or _subject(key, cells, columns))
            )
            rows.append(row.number)
    return Listing(key, found.file, tuple(entries), tuple(rows))


def _sheet(path: Path, name: str, columns: Columns, problems: list[Problem]) -> Sheet | None:
    """Find the sheet, with the row that has the columns as its header."""
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        book = sheets.Workbook(path, problems)
        if problems:
            return None
        wanted = [name] if name in book.names else [] if name else list(book.names)
        found = [_below_title(book.raw(one), columns) for one in wanted]
        if not found:
            listed = ", ".join(book.names)
            message = Text(f"没有工作表“{name}”", f'there is no sheet "{name}"')
            problems.append(Problem(str(path), None, None, message, Text(f"可用：{listed}", f"use one of {listed}")))
        having = (one for one in found if _place(one.header, columns.name) is not None)
        return next(having, next(iter(found), None))
    raw = sheets.read_raw_csv(path, problems)
    if raw is None and not problems:
        message = Text("文件是空的，缺少表头", "the file is empty; the header is missing")
        fix = Text("第一行写列名", "write the names of the columns in the first row")
        problems.append(Problem(str(path), 1, None, message, fix, line=1))
    return raw and _below_title(raw, columns)


def _below_title(sheet: Sheet, columns: Columns) -> Sheet:
    """Take as header the first row that has the column of names; a title may stand above it."""
    if _place(sheet.header, columns.name) is not None:
        return sheet
    for at, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        header = tuple(cell.strip() for cell in row.cells)
        if _place(header, columns.name) is not None:
            return sheets.Sheet(sheet.file, header, sheet.rows[at + 1 :])
    return sheet


def _place(header: Sequence[str], name: str) -> int | None:
    """Return where a column stands; how it is spaced and whether its letters are great does not matter."""
    wanted = fold(name)
    return next((at for at, text in enumerate(header) if fold(text) == wanted), None)


def _positions(sheet: Sheet, columns: Columns, problems: list[Problem]) -> dict[str, int] | None:
    found = {name: _place(sheet.header, name) for name in columns.all}
    for name, at in found.items():
        if at is None:
            known = _headers_shown(sheet)
            close = difflib.get_close_matches(name, known, n=3)
            listed = ", ".join([*close, *(each for each in known if each not in close)][:12])
            problems.append(
                Problem(
                    sheet.file,
                    1,
                    name,
                    Text(f"没有列“{name}”", f'there is no column "{name}"'),
                    Text(f"可用的列：{listed}", f"use one of {listed}"),
                    line=1,
                )
            )
    return None if problems else {name: at for name, at in found.items() if at is not None}


def _headers_shown(sheet: Sheet) -> list[str]:
    """Return the texts of the row that looks most like a header: the first with more than one cell filled."""
    for cells in (sheet.header, *(row.cells for row in sheet.rows[:_HEADER_WITHIN])):
        filled = [cell.strip() for cell in cells if cell.strip()]
        if len(filled) > 1:
            return filled
    return [header for header in sheet.header if header]


def _entry(cells: Mapping[str, str], columns: Columns, kind: Kind, id_: str) -> Entry:
    return Entry(
        id_,
        (Name(cells[columns.name]),),
        (cells[columns.region],) if columns.region and cells[columns.region] else (),
        cells[columns.ownership] if columns.ownership else "",
        cells[columns.level] if columns.level else "",
        tuple(cells[code] for code in columns.codes if cells[code]),
        kind,
    )


def _subject(key: str, cells: Mapping[str, str], columns: Columns) -> str:
    """Make an IRI for a row: by its id, else by its name and region, so that it survives another order of rows."""
    given = cells.get(columns.id, "")
    if given and re.fullmatch(r"[\w.-]+", given, re.ASCII):
        return names.thing("entry", f"{key}.{given}")
    told = given or "\x1f".join([fold(cells[columns.name]), fold(cells.get(columns.region, ""))])
    return names.thing("entry", f"{key}.n{_digest(told)}")


class _subjects:  # noqa: N801 - reads as a function that remembers
    """Give the subject that a list's own metadata (``NAME.json`` beside ``NAME.csv``) make of a row."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self._mapping: RowMapping | None = None
        self._about: str | None = None
        self._names: dict[str, str] = {}
        beside = path.with_suffix(".json")
        group = csvw.read_group(beside, []) if beside.is_file() and not columns.id else None
        for table in group.tables if group else ():
            if table.url == path.name and group is not None:
                self._mapping = RowMapping(table.schema, group.id, group.key)
                self._names = {header: one.name for one in table.schema.real for header in one.headers()}
                wanted = self._names.get(columns.name)
                column = next((one for one in table.schema.real if one.name == wanted), None)
                self._about = (column and column.about_url) or table.schema.about_url

    def __call__(self, cells: Mapping[str, str], row: int) -> str:
        if self._mapping is None or self._about is None:
            return ""
        named = {self._names.get(header.strip(), header): cell.strip() for header, cell in cells.items()}
        term = expand(self._about, self._mapping.values(row, named))
        return term.strip("<>") if term else ""


# Lists of the graph.


def _of_graph(store: Store, key: str, columns: Columns, kind: Kind) -> Listing | None:
    """Read a list that the graph holds; a column is a property, by its name or label."""
    graph = key if "://" in key else names.DATASETS + key
    answer = queries.ask(store, queries.catalogue(queries.FOLDER / "linking")["dataset"], {"graph": graph})
    if not isinstance(answer, Solutions):
        raise TypeError("linking/dataset.rq is no SELECT")
    things: dict[str, dict[str, str]] = {}
    for row in answer:
        values = things.setdefault(str(row["entry"]), {})
        for header in _headers(str(row["property"]), row["label"]):
            values.setdefault(header, str(row["value"]))
    if not things:
        return None
    known = {header for values in things.values() for header in values}
    missing = [name for name in columns.all if name not in known]
    if missing:
        listed = ", ".join(sorted(known))
        raise DataError(
            Problem(
                graph,
                None,
                name,
                Text(f"没有列“{name}”", f'there is no column "{name}"'),
                Text(f"可用的列：{listed}", f"use one of {listed}"),
            )
            for name in missing
        )
    listed_things = [(iri, values) for iri, values in things.items() if columns.name in values]
    entries = [
        _entry({name: values.get(name, "") for name in columns.all}, columns, kind, iri)
        for iri, values in listed_things
    ]
    return Listing(graph.rpartition("/")[2], graph, tuple(entries), tuple(range(1, len(entries) + 1)))


def _headers(iri: str, label: object) -> Iterable[str]:
    local = re.split(r"[/#]", iri)[-1]
    yield from _STANDARD.get(local, (local,))
    if label is not None:
        yield str(label)
