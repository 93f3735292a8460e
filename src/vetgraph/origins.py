"""The cells that a store was read from: a small file beside its content, from a thing to file, row and column.

The build writes it; an update over HTTP carries it along, so it tells where a thing was read, whatever has become of it
since. A backup has it, too. A store behind a SPARQL service has none: what is asked for is then found nowhere.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from vetgraph import generations
from vetgraph.errors import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.cells import CellIndex, Register

FILE: Final = "cells.sqlite"
"""Name of the file in the folder of a generation."""

FORMAT: Final = 1
"""Goes up when the tables change: a file of another format is not read."""

_TABLES: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE about (format INTEGER);
CREATE TABLE sheets (id INTEGER PRIMARY KEY, file TEXT, key TEXT);
CREATE TABLE columns (sheet INTEGER, about INTEGER, property TEXT, lang TEXT, header TEXT);
CREATE TABLE cells (thing TEXT, sheet INTEGER, row INTEGER, line INTEGER, about INTEGER,
  PRIMARY KEY (thing, sheet, row)) WITHOUT ROWID;
CREATE TABLE stated (thing TEXT, sheet INTEGER, row INTEGER, property TEXT, header TEXT);
CREATE TABLE places (thing TEXT PRIMARY KEY, file TEXT, row INTEGER, header TEXT, line INTEGER) WITHOUT ROWID;
"""
_ROWS: Final = """
SELECT sheets.file, sheets.key, cells.row, cells.line, cells.about, cells.sheet
FROM cells JOIN sheets ON sheets.id = cells.sheet WHERE cells.thing = ? ORDER BY cells.sheet, cells.row
"""
_STATED: Final = "SELECT header, '' FROM stated WHERE thing = ? AND sheet = ? AND row = ? AND property = ?"
_COLUMNS: Final = "SELECT header, lang FROM columns WHERE sheet = ? AND about = ? AND property = ? ORDER BY rowid"


def write(cells: CellIndex, file: Path, data: Path) -> None:
    """Write down where things were read.

    Args:
        cells: The way back to the cells.
        file: The file to write, which is not there yet.
        data: The folder of the tables: files are named from there, whatever it is called on this machine.
    """
    with closing(sqlite3.connect(file)) as database:
        database.executescript(_TABLES)
        with database:
            database.execute("INSERT INTO about VALUES (?)", (FORMAT,))
            for number, register in enumerate(cells.registers):
                database.execute(
                    "INSERT INTO sheets VALUES (?, ?, ?)", (number, _name(register.file, data), register.key)
                )
                told = [(number, *column) for column in register.columns]
                database.executemany("INSERT INTO columns VALUES (?, ?, ?, ?, ?)", told)
                database.executemany("INSERT INTO stated VALUES (?, ?, ?, ?, ?)", list(_stated(number, register)))
            database.execute("CREATE INDEX stated_thing ON stated (thing)")
            database.executemany("INSERT OR IGNORE INTO cells VALUES (?, ?, ?, ?, ?)", _rows(cells))
            places = sorted(cells.places.items(), key=lambda pair: pair[0])
            database.executemany(
                "INSERT INTO places VALUES (?, ?, ?, ?, ?)",
                [(_bare(thing), _name(cell.file, data), cell.row, cell.column, cell.line) for thing, cell in places],
            )


def _rows(cells: CellIndex) -> Iterator[tuple[str, int, int, int | None, int]]:
    for thing in sorted(cells.rows):
        for table, row, about in cells.rows[thing]:
            number, line = cells.registers[table].rows[row]
            yield _bare(thing), table, number, line, about


def _stated(number: int, register: Register) -> Iterator[tuple[str, int, int, str, str]]:
    for row, thing, prop, header in register.stated:
        yield _bare(thing), number, register.rows[row][0], _bare(prop), header


def _bare(term: str) -> str:
    return term.removeprefix("<").removesuffix(">")


def _name(file: str, data: Path) -> str:
    path = Path(file)
    return path.relative_to(data).as_posix() if path.is_relative_to(data) else path.name


def carry(before: Path, after: Path) -> None:
    """Take the file along to the next content of a store.

    Args:
        before: Folder of the content before; it may have none.
        after: Folder of the next one.
    """
    source, target = before / FILE, after / FILE
    if not source.is_file():
        return
    try:
        os.link(source, target)
    except OSError:  # a disk without links
        shutil.copyfile(source, target)


class Placed(Protocol):
    """A store that may lie in a folder."""

    @property
    def path(self) -> Path | None:
        """Folder of the store."""

    @property
    def version(self) -> str:
        """Name of its content."""


class Origins:
    """Where the things of a store were read."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Take an open file.

        Args:
            database: What ``write`` has made.
        """
        self._database = database

    def find(self, subject: str, predicate: str | None = None, object_term: str | None = None) -> tuple[Cell, ...]:
        """Find the cells of the columns that state a property of a thing, as far as its tables tell.

        Args:
            subject: The IRI of the thing.
            predicate: The IRI of the property.
            object_term: The value as an N-Quads term; of it only the language counts.

        Returns:
            The cells of this property, in the value's language where a column has it; failing that, the first cell of
            each row that is about the thing, or where else it is told of. Empty if it is told of nowhere, or the file
            is damaged.
        """
        try:
            return self._find(subject, predicate, object_term)
        except sqlite3.DatabaseError:
            return ()

    def _find(self, subject: str, predicate: str | None, object_term: str | None) -> tuple[Cell, ...]:
        thing = _bare(subject)
        wanted = None if predicate is None else _bare(predicate)
        lang = (object_term or "").rpartition('"@')[2] if '"@' in (object_term or "") else ""
        exact, same, about = [], [], []
        for file, key, row, line, template, sheet in self._database.execute(_ROWS, (thing,)).fetchall():
            if template == 0:
                about.append(Cell(file, row, key, line))
            for header, spoken in self._columns(thing, sheet, row, template, wanted):
                cell = Cell(file, row, header, line)
                same.append(cell)
                if lang and spoken == lang:
                    exact.append(cell)
        found = exact or same or about or self._places(thing)
        return tuple(dict.fromkeys(found))

    def _columns(self, thing: str, sheet: int, row: int, about: int, wanted: str | None) -> list[tuple[str, str]]:
        """Return the headers of the columns that state a property in a row, each with the language of its text."""
        if not wanted:
            return []
        found = self._database.execute(_COLUMNS, (sheet, about, wanted)).fetchall()
        return found + self._database.execute(_STATED, (thing, sheet, row, wanted)).fetchall()

    def _places(self, thing: str) -> list[Cell]:
        rows = self._database.execute("SELECT file, row, header, line FROM places WHERE thing = ?", (thing,))
        return [Cell(*row) for row in rows.fetchall()]


@contextmanager
def opened(store: Placed) -> Iterator[Origins | None]:
    """Open the file of a store's content.

    Args:
        store: The store.

    Yields:
        It, to be asked from this thread; ``None`` where there is none: the store is behind a service or in memory, was
        not built from tables, or was built by a program that wrote none or another format.
    """
    database = None if store.path is None else _opened(store.path / generations.GENERATIONS / store.version / FILE)
    try:
        yield None if database is None else Origins(database)
    finally:
        if database is not None:
            database.close()


def _opened(file: Path) -> sqlite3.Connection | None:
    try:
        database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.OperationalError:
        return None
    try:
        found = database.execute("SELECT format FROM about").fetchall()
    except sqlite3.DatabaseError:
        found = []
    if found == [(FORMAT,)]:
        return database
    database.close()
    return None
