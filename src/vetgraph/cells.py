"""The way back: from a triple to the cell of a table that made it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import uritemplate

from vetgraph.errors import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from vetgraph.csvw import Column
    from vetgraph.mapping import RowMapping
    from vetgraph.sheets import Sheet


@dataclass(frozen=True)
class _Source:
    sheet: Sheet
    mapping: RowMapping
    place: Mapping[str, int]


@dataclass
class CellIndex:
    """Which rows speak of which thing; the column is worked out on demand by mapping the row again."""

    _sources: list[Callable[[], _Source]] = field(default_factory=list)
    _rows: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, Cell] = field(default_factory=dict)
    """Where things are told of that no row speaks of, as a list in its metadata."""

    def add_table(self, sheet: Sheet, mapping: RowMapping, place: Mapping[str, int]) -> int:
        """Register a table.

        Args:
            sheet: Its rows.
            mapping: Its mapping.
            place: The position of each column.

        Returns:
            The table's number.
        """
        source = _Source(sheet, mapping, place)
        self._sources.append(lambda: source)
        return len(self._sources) - 1

    def add_row(self, table: int, row: int, subjects: Iterable[str]) -> None:
        """Register a row.

        Args:
            table: The table's number.
            row: The position of the row in the sheet's rows.
            subjects: The things that the row speaks of.
        """
        for subject in subjects:
            self._rows[subject].append((table, row))

    def plain(self) -> dict[str, list[tuple[int, int]]]:
        """Return what `recalled` needs."""
        return dict(self._rows)

    @classmethod
    def recalled(cls, rows: Mapping[str, list[tuple[int, int]]], read: Callable[[], CellIndex]) -> CellIndex:
        """Make the index of one table that is only read if one of its cells is sought.

        Args:
            rows: What `plain` returned.
            read: Reads the table again.

        Returns:
            The index.
        """
        made = cls([cache(lambda: read().first())])
        for subject, found in rows.items():
            made._rows[subject] = [(table, row) for table, row in found]
        return made

    def first(self) -> _Source:
        """Return the first table."""
        return self._sources[0]()

    def include(self, other: CellIndex) -> None:
        """Add the tables of another index.

        Args:
            other: The other index.
        """
        first = len(self._sources)
        self._sources += other._sources
        for subject, rows in other._rows.items():
            self._rows[subject] += [(first + table, row) for table, row in rows]
        self.places.update(other.places)

    def statements(self, subject: str) -> Iterator[tuple[str, str, str]]:
        """Give what the rows that speak of a thing state of it.

        Args:
            subject: The thing, as an N-Quads term.

        Yields:
            Subject, property and value as N-Quads terms, written as the cells have them.
        """
        for table, row in self._rows.get(subject, ()):
            source = self._sources[table]()
            for triple in source.mapping.triples(_values(source, row)):
                if triple.subject == subject:
                    yield triple.subject, triple.predicate, triple.object

    def find(self, subject: str, predicate: str | None = None, object_term: str | None = None) -> tuple[Cell, ...]:
        """Find the cells that state something.

        Args:
            subject: The IRI of the thing.
            predicate: The IRI of the property.
            object_term: The value as an N-Quads term.

        Returns:
            The cells that state just this; failing that, the cells of this property; failing that, the first cell of
            each row that is about the thing, or where else it is told of. Empty if it is told of nowhere.
        """
        term = subject if subject.startswith("<") else f"<{subject}>"
        wanted = None if predicate is None else f"<{predicate.strip('<>')}>"
        exact, same, about = [], [], []
        for table, row in self._rows.get(term, ()):
            source = self._sources[table]()
            values = _values(source, row)
            if source.mapping.subject(values) == term:
                about.append(_cell(source, row, _key_column(source)))
            for triple in source.mapping.triples(values):
                if triple.subject != term or triple.predicate != wanted:
                    continue
                cell = _cell(source, row, _real_column(source, triple.column))
                same.append(cell)
                if triple.object == object_term:
                    exact.append(cell)
        elsewhere = [self.places[term]] if term in self.places else []
        return tuple(dict.fromkeys(exact or same or about or elsewhere))


def _values(source: _Source, row: int) -> dict[str, str]:
    found = source.sheet.rows[row]
    return source.mapping.values(found.number, {name: found.cells[at] for name, at in source.place.items()})


def _key_column(source: _Source) -> str:
    keys = source.mapping.schema.primary_key
    return "id" if "id" in keys else keys[-1] if keys else next(iter(source.place))


def _real_column(source: _Source, name: str) -> str:
    """Return the column that a triple came from; for a virtual one, the first real column in its templates."""
    if name in source.place:
        return name
    column: Column = next(one for one in source.mapping.schema.columns if one.name == name)
    for template in (column.value_url, column.about_url):
        for variable in uritemplate.variables(template) if template else ():
            if str(variable) in source.place:
                return str(variable)
    return _key_column(source)


def _cell(source: _Source, row: int, column: str) -> Cell:
    found = source.sheet.rows[row]
    return Cell(source.sheet.file, found.number, source.sheet.header[source.place[column]], found.line)
