"""Figures of several places and years beside each other: differences, rates per student, results against targets.

Two figures are compared only where they are of one indicator and one coverage, and about the same thing. Where they
still do not mean the same (another unit, a bound instead of a number), or where one place tells only another coverage
or tells of something else, that is said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from vetgraph import names
from vetgraph.views.ordering import position

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vetgraph.views.rows import Line

STUDENTS: Final = names.code("indicator", "students")
TEACHERS: Final = names.code("indicator", "full-time-teachers")
_ALL: Final = names.code("coverage", "all")
_TARGET: Final = names.code("data-role", "target")
_PEOPLE: Final = frozenset({names.code("unit", "person"), names.code("unit", "person-time")})
_EXACT: Final = names.code("bound", "exact")
_PER: Final = 100
_WHOLE: Final = 100.0


@dataclass(frozen=True)
class Place:
    """A column: a region in a year.

    Attributes:
        area: IRI of the region.
        year: The year.
    """

    area: str
    year: str


@dataclass(frozen=True)
class Figure:
    """A figure of a report.

    Attributes:
        line: Its row in the table of figures.
        place: Region and year.
        indicator: IRI of the indicator.
        coverage: IRI of the coverage.
        target: Whether it is a target.
        value: The number.
        unit: IRI of the unit.
        bound: IRI of the bound: exact, at least, more than …
        about: IRI of what it is about, where it is about a thing.
    """

    line: Line
    place: Place
    indicator: str
    coverage: str
    target: bool
    value: float
    unit: str
    bound: str
    about: str


@dataclass
class Comparison:
    """An indicator in one coverage, over all columns.

    Attributes:
        indicator: IRI of the indicator.
        coverage: IRI of the coverage.
        about: IRI of the one thing that it is about; empty where it is about the whole of a place.
        target: Whether these are targets.
        cells: The figures of each column.
        differs: How their definitions differ: ``unit``, ``bound``, ``several``.
        elsewhere: Columns that tell the indicator only in other coverages, with these.
        apart: Of a row about the whole place, columns that tell the indicator only about single things, with these.
    """

    indicator: str
    coverage: str
    about: str
    target: bool
    cells: dict[Place, list[Figure]]
    differs: list[str] = field(default_factory=list)
    elsewhere: dict[Place, list[str]] = field(default_factory=dict)
    apart: dict[Place, list[str]] = field(default_factory=dict)

    def value(self, place: Place) -> float | None:
        """Return the one number of a column.

        Args:
            place: The column.

        Returns:
            ``None`` where there is none, or more than one.
        """
        found = {figure.value for figure in self.cells.get(place, ())}
        return found.pop() if len(found) == 1 else None

    def difference(self, first: Place, second: Place) -> tuple[float, float | None] | None:
        """Return how the second column differs from the first.

        Args:
            first: A column.
            second: Another.

        Returns:
            The difference, and what it is in percent of the first; ``None`` where the two cannot be compared.
        """
        before, after = self.value(first), self.value(second)
        if before is None or after is None or "unit" in self.differs:
            return None
        return after - before, (after - before) / before * _WHOLE if before else None


def figures(lines: Iterable[Line]) -> list[Figure]:
    """Read the rows of the table of figures.

    Args:
        lines: Rows of the view ``figures``.

    Returns:
        Those that have a number, a region and a year.
    """
    found = []
    for line in lines:
        value = line.number("value")
        area, year, indicator = (_one(line, name) for name in ("area", "period", "indicator"))
        if value is None or not area or not year or not indicator:
            continue
        coverage, role, unit, bound, about = (_one(line, n) for n in ("coverage", "role", "unit", "bound", "about"))
        place = Place(area, year)
        found.append(Figure(line, place, indicator, coverage, role == _TARGET, value, unit, bound, about))
    return found


def _one(line: Line, name: str) -> str:
    values = line.cells.get(name, ())
    return str(getattr(values[0], "value", values[0])) if values else ""


def compare(told: Sequence[Figure], places: Sequence[Place]) -> list[Comparison]:
    """Put the figures of some columns beside each other.

    Args:
        told: Figures.
        places: The columns.

    Returns:
        A row for each indicator, coverage, role and thing that it is about, in the order of the code lists.
    """
    chosen = [figure for figure in told if figure.place in set(places)]
    made: dict[tuple[str, str, str, bool], Comparison] = {}
    coverages: dict[tuple[str, str, bool], dict[Place, set[str]]] = defaultdict(lambda: defaultdict(set))
    things: dict[tuple[str, bool], dict[Place, set[str]]] = defaultdict(lambda: defaultdict(set))
    for figure in chosen:
        row = made.setdefault(
            (figure.indicator, figure.coverage, figure.about, figure.target),
            Comparison(figure.indicator, figure.coverage, figure.about, figure.target, {}),
        )
        row.cells.setdefault(figure.place, []).append(figure)
        coverages[figure.indicator, figure.about, figure.target][figure.place].add(figure.coverage)
        things[figure.indicator, figure.target][figure.place].add(figure.about)
    for row in made.values():
        row.differs = _differing([figure for found in row.cells.values() for figure in found])
        if any(len({figure.value for figure in found}) > 1 for found in row.cells.values()):
            row.differs.append("several")
        others, abouts = coverages[row.indicator, row.about, row.target], things[row.indicator, row.target]
        missing = [place for place in places if place not in row.cells]
        row.elsewhere = {place: sorted(others[place]) for place in missing if others.get(place)}
        if not row.about:
            row.apart = {p: sorted(abouts[p]) for p in missing if p not in row.elsewhere and abouts.get(p)}
    return sorted(made.values(), key=_order)


def _differing(listed: Sequence[Figure]) -> list[str]:
    return [name for name in ("unit", "bound") if len({getattr(each, name) for each in listed}) > 1]


def _order(row: Comparison) -> tuple[Any, ...]:
    return (position(_node(row.indicator)), bool(row.about), row.about, row.target, position(_node(row.coverage)))


def _node(iri: str) -> Any:  # noqa: ANN401 - an RDF term
    import pyoxigraph as ox

    return ox.NamedNode(iri) if iri else ox.Literal("")


def _whole(rows: Iterable[Comparison], indicator: str) -> Comparison | None:
    """Return the results of an indicator for all schools of a place."""
    return next(
        (r for r in rows if r.indicator == indicator and r.coverage == _ALL and not r.target and not r.about), None
    )


def students(rows: Iterable[Comparison]) -> dict[Place, float]:
    """Return the number of students of each column.

    Args:
        rows: The comparison.

    Returns:
        The figure of all schools, where a report tells it.
    """
    row = _whole(rows, STUDENTS)
    if row is None:
        return {}
    return {place: value for place in row.cells if (value := row.value(place))}


def rate(row: Comparison, place: Place, of: dict[Place, float]) -> float | None:
    """Return a figure for each hundred students.

    Args:
        row: A comparison.
        place: The column.
        of: The number of students of each column.

    Returns:
        The rate; ``None`` for a target, a bound, a part, what counts no people, or where the students are not told.
    """
    value, many = row.value(place), of.get(place)
    if value is None or not many or not _exact(row, place) or row.target or row.about:
        return None
    return None if row.coverage != _ALL or row.indicator == STUDENTS else value / many * _PER


def per_teacher(rows: Sequence[Comparison], place: Place) -> float | None:
    """Return how many students there are for each full-time teacher.

    Args:
        rows: The comparison.
        place: The column.

    Returns:
        The ratio; ``None`` where a report does not tell both as exact numbers.
    """
    found = [_whole(rows, indicator) for indicator in (STUDENTS, TEACHERS)]
    numbers = [row.value(place) if row is not None and _exact(row, place) else None for row in found]
    return numbers[0] / numbers[1] if numbers[0] is not None and numbers[1] else None


def _exact(row: Comparison, place: Place) -> bool:
    return all(figure.bound == _EXACT and figure.unit in _PEOPLE for figure in row.cells.get(place, ()))


def against(rows: Sequence[Comparison], place: Place) -> list[tuple[Comparison, Comparison]]:
    """Return the targets of a column with their results.

    Args:
        rows: The comparison.
        place: The column.

    Returns:
        Result and target of each indicator that has both.
    """
    told = [row for row in rows if row.value(place) is not None]
    results = {(row.indicator, row.coverage, row.about): row for row in told if not row.target}
    pairs = [(results.get((row.indicator, row.coverage, row.about)), row) for row in told if row.target]
    return [(result, target) for result, target in pairs if result is not None]


def places(told: Iterable[Figure]) -> list[Place]:
    """Return the columns that there can be.

    Args:
        told: Figures.

    Returns:
        Regions with years: the newest year first, in a year the region with the most figures.
    """
    counts = Counter(figure.place for figure in told)
    return sorted(counts, key=lambda place: (_newest(place), -counts[place], place.area))


def usual(told: Iterable[Figure], most: int) -> list[Place]:
    """Return the columns to begin with: those of which the reports tell the most.

    Args:
        told: Figures.
        most: How many at most.

    Returns:
        Columns with at least a third of the figures of the fullest.
    """
    counts = Counter(figure.place for figure in told)
    full = max(counts.values(), default=0)
    return [place for place in places(told) if counts[place] * 3 >= full][:most]


def _newest(place: Place) -> int:
    return -int(place.year[:4]) if place.year[:4].isdigit() else 0
