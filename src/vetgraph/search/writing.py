"""Write an index: names with their grams and readings, in one SQLite file beside the store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from vetgraph.search import naming, pinyin
from vetgraph.search.folding import fold, grams

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from vetgraph.errors import Text
    from vetgraph.search.naming import Thing
    from vetgraph.store import Store

FORMAT: Final = 2
"""Goes up when the tables change: an index of another format is made anew."""

TEXT_GRAM: Final = 2
LETTER_GRAM: Final = 3
_AT_ONCE: Final = 5_000

_TABLES: Final = """
CREATE TABLE about (format INTEGER, version TEXT);
CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, zh TEXT, en TEXT, family INTEGER, mentions INTEGER);
CREATE TABLE names (id INTEGER PRIMARY KEY, thing INTEGER, text TEXT, lang TEXT, role TEXT, folded TEXT);
CREATE TABLE sounds (id INTEGER PRIMARY KEY, name INTEGER, form TEXT, syllables TEXT);
CREATE TABLE facets (facet TEXT, value TEXT, thing INTEGER, PRIMARY KEY (facet, value, thing)) WITHOUT ROWID;
CREATE TABLE labels (value TEXT PRIMARY KEY, zh TEXT, en TEXT) WITHOUT ROWID;
CREATE TABLE syllables (begun TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE text_grams
  USING fts5(gram, content='', columnsize=0, prefix='1', tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE sound_grams
  USING fts5(gram, content='', columnsize=0, prefix='1 2', tokenize="unicode61 remove_diacritics 0");
"""
_INDEXES: Final = """
CREATE INDEX names_thing ON names (thing);
CREATE INDEX sounds_name ON sounds (name);
CREATE INDEX facets_thing ON facets (thing);
INSERT INTO text_grams (text_grams) VALUES ('optimize');
INSERT INTO sound_grams (sound_grams) VALUES ('optimize');
"""


def write(store: Store, file: Path | None = None) -> sqlite3.Connection:
    """Make the index of a store.

    Args:
        store: What is indexed.
        file: The file to write, which is not there yet; ``None``: in memory.

    Returns:
        The index, open.
    """
    things, labels = naming.read(store)
    database = sqlite3.connect(file or ":memory:", check_same_thread=False)
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
    with database:
        database.execute("INSERT INTO about VALUES (?, ?)", (FORMAT, store.version))
        _write(database, things, labels)
    database.executescript(_INDEXES + "ANALYZE;")
    return database


def write_file(store: Store, file: Path) -> None:
    """Make the index of a store in a file.

    Args:
        store: What is indexed.
        file: The file to write, which is not there yet.
    """
    with closing(write(store, file)):
        pass


class _Rows:
    """The rows of an index. Things come the most telling first, so that the order of ids is the order of likelihood."""

    def __init__(self) -> None:
        self.tables: dict[str, list[tuple[Any, ...]]] = {
            table: [] for table in ("things", "names", "text_grams", "sounds", "sound_grams", "facets")
        }
        self.begun: set[str] = set()
        self._names = self._sounds = 0

    def thing(self, number: int, thing: Thing) -> None:
        label = thing.label()
        self.tables["things"].append((number, thing.iri, label.zh, label.en, thing.family, thing.mentions))
        for text, lang, role in thing.names:
            if folded := fold(text).text:
                self._name(number, text, lang, role, folded)
        for facet, values in thing.facets.items():
            self.tables["facets"] += [(facet, value, number) for value in values]

    def _name(self, thing: int, text: str, lang: str, role: str, folded: str) -> None:
        self._names += 1
        self.tables["names"].append((self._names, thing, text, lang, role, folded))
        self.tables["text_grams"].append((self._names, " ".join(grams(folded, TEXT_GRAM, start=True, end=True))))
        found = pinyin.readings(folded)
        for reading in found:
            self._sound("pinyin", reading)
            for syllable in reading:
                if syllable not in self.begun:
                    self.begun |= {syllable[:length] for length in range(1, len(syllable) + 1)}
        for short in dict.fromkeys(pinyin.initials(reading) for reading in found):
            self._sound("initials", tuple(short))

    def _sound(self, form: str, syllables: tuple[str, ...]) -> None:
        self._sounds += 1
        self.tables["sounds"].append((self._sounds, self._names, form, " ".join(syllables)))
        gram = " ".join(grams("".join(syllables), LETTER_GRAM, start=True, end=True))
        self.tables["sound_grams"].append((self._sounds, gram))

    def save(self, database: sqlite3.Connection) -> None:
        """Write the rows, and forget them."""
        for table, rows in self.tables.items():
            if rows:
                columns = " (rowid, gram)" if table.endswith("grams") else ""
                marks = ", ".join("?" * len(rows[0]))
                database.executemany(f"INSERT OR IGNORE INTO {table}{columns} VALUES ({marks})", rows)  # noqa: S608 - our own names
                rows.clear()


def _write(database: sqlite3.Connection, things: Iterable[Thing], labels: Mapping[str, Text]) -> None:
    rows = _Rows()
    for number, thing in enumerate(things, 1):
        rows.thing(number, thing)
        if not number % _AT_ONCE:
            rows.save(database)
    rows.save(database)
    database.executemany("INSERT INTO syllables VALUES (?)", [(each,) for each in sorted(rows.begun)])
    database.executemany("INSERT INTO labels VALUES (?, ?, ?)", [(iri, it.zh, it.en) for iri, it in labels.items()])
