"""The way back: from a triple to the cell of a table that made it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import uritemplate

from vetgraph.errors import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from vetgraph.csvw import Schema
    from vetgraph.mapping import RowMapping
    from vetgraph.sheets import Sheet


class Cells(Protocol):
    """The way back from what is stated to the cells that state it."""

    def find(self, subject: str, predicate: str | None = None, object_term: str | None = None) -> tuple[Cell, ...]:
        """Find the cells that state something, given IRIs and an N-Quads term."""


@dataclass(frozen=True)
class _Source:
    sheet: Sheet
    mapping: RowMapping
    place: Mapping[str, int]


class Column(NamedTuple):
    """A column that states a property.

    Attributes:
        about: The number of the template that makes its subject; 0 is that of the row itself.
        property: The IRI of the property.
        lang: Language of its text; empty where it has none.
        header: What stands above it.
    """

    about: int
    property: str
    lang: str
    header: str


@dataclass
class Register:
    """What names the cells of a table without reading it again.

    Attributes:
        file: The file, with its sheet.
        key: The header of the column of keys.
        columns: The columns whose property is the same in every row.
        rows: The number and the line of each row.
        stated: What the other columns state: row, thing, property and header.
    """

    file: str
    key: str
    columns: list[Column]
    rows: list[tuple[int, int | None]]
    stated: list[tuple[int, str, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, source: _Source) -> Register:
        """Write down a table.

        Args:
            source: The table.

        Returns:
            Its register.
        """
        header, place, fixed = source.sheet.header, source.place, source.mapping.fixed
        varied, numbers = varying(source.mapping), abouts(source.mapping.schema)
        columns = [
            Column(
                numbers[each.name],
                uritemplate.expand(each.property_url, dict(fixed)),
                each.lang or "",
                header[place[_real_column(source, each.name)]],
            )
            for each in source.mapping.schema.columns
            if each.property_url
            and each.name not in varied
            and not each.suppress
            and (each.virtual or each.name in place)
        ]
        rows: list[tuple[int, int | None]] = [(row.number, row.line) for row in source.sheet.rows]
        return cls(source.sheet.file, header[place[_key_column(source)]], columns, rows)

    @classmethod
    def recalled(cls, plain: dict[str, Any]) -> Register:
        """Make it of what ``dataclasses.asdict`` returned, once JSON has held it.

        Args:
            plain: What it returned.

        Returns:
            The register.
        """
        columns = [Column(*each) for each in plain["columns"]]
        rows = [(number, line) for number, line in plain["rows"]]
        stated = [(row, thing, prop, header) for row, thing, prop, header in plain["stated"]]
        return cls(plain["file"], plain["key"], columns, rows, stated)


def varying(mapping: RowMapping) -> frozenset[str]:
    """Return the columns whose property differs from row to row.

    Args:
        mapping: The mapping of their table.

    Returns:
        Their names.
    """
    return frozenset(
        column.name
        for column in mapping.schema.columns
        if column.property_url
        and not {str(each) for each in uritemplate.variables(column.property_url)} <= mapping.fixed.keys()
    )


def abouts(schema: Schema) -> dict[str, int]:
    """Number the templates that make the subjects of a table's columns.

    Args:
        schema: The table's schema.

    Returns:
        The number by the name of the column; 0 is the template of the row itself.
    """
    known = [schema.about_url]
    found = {}
    for column in schema.columns:
        template = column.about_url or schema.about_url
        if template not in known:
            known.append(template)
        found[column.name] = known.index(template)
    return found


@dataclass
class CellIndex:
    """Which rows speak of which thing; the column is worked out on demand by mapping the row again.

    Attributes:
        registers: The tables, by number.
        rows: Table, row and template (``abouts``) of each row that speaks of a thing, by its N-Quads term.
    """

    _sources: list[Callable[[], _Source]] = field(default_factory=list)
    registers: list[Register] = field(default_factory=list)
    rows: dict[str, list[tuple[int, int, int]]] = field(default_factory=lambda: defaultdict(list))
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
        self.registers.append(Register.of(source))
        return len(self._sources) - 1

    def add_row(
        self, table: int, row: int, subjects: Mapping[str, int], stated: Iterable[tuple[str, str, str]] = ()
    ) -> None:
        """Register a row.

        Args:
            table: The table's number.
            row: The position of the row in the sheet's rows.
            subjects: The things that the row speaks of, each with the number of its template.
            stated: What the columns of ``varying`` state: thing, property and column.
        """
        for subject, about in subjects.items():
            self.rows[subject].append((table, row, about))
        for subject, prop, column in stated:
            source = self._sources[table]()
            header = source.sheet.header[source.place[_real_column(source, column)]]
            self.registers[table].stated.append((row, subject, prop, header))

    def plain(self) -> dict[str, Any]:
        """Return what `recalled` needs."""
        return {"rows": dict(self.rows), "registers": [asdict(register) for register in self.registers]}

    @classmethod
    def recalled(cls, plain: Mapping[str, Any], read: Callable[[], CellIndex]) -> CellIndex:
        """Make the index of one table that is only read if one of its cells is sought.

        Args:
            plain: What `plain` returned.
            read: Reads the table again.

        Returns:
            The index.
        """
        registers = [Register.recalled(each) for each in plain["registers"]]
        made = cls([cache(lambda: read().first()) for _ in registers], registers)
        for subject, found in plain["rows"].items():
            made.rows[subject] = [(table, row, about) for table, row, about in found]
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
        self.registers += other.registers
        for subject, rows in other.rows.items():
            self.rows[subject] += [(first + table, row, about) for table, row, about in rows]
        self.places.update(other.places)

    def statements(self, subject: str) -> Iterator[tuple[str, str, str]]:
        """Give what the rows that speak of a thing state of it.

        Args:
            subject: The thing, as an N-Quads term.

        Yields:
            Subject, property and value as N-Quads terms, written as the cells have them.
        """
        for table, row, _ in self.rows.get(subject, ()):
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
        for table, row, _ in self.rows.get(term, ()):
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
    column = next(one for one in source.mapping.schema.columns if one.name == name)
    for template in (column.value_url, column.about_url):
        for variable in uritemplate.variables(template) if template else ():
            if str(variable) in source.place:
                return str(variable)
    return _key_column(source)


def _cell(source: _Source, row: int, column: str) -> Cell:
    found = source.sheet.rows[row]
    return Cell(source.sheet.file, found.number, source.sheet.header[source.place[column]], found.line)
