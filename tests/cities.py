"""Reports of a city that does not exist, marked as such: Xuchang's tables with other names and numbers, for tests."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from vetgraph import names, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATA = Path(__file__).parent.parent / "data"
_VALUE = f"<{names.PREFIXES['sdmx-measure']}obsValue>"
_PERIOD = f"<{names.PREFIXES['sdmx-dimension']}refPeriod>"
_LABEL = f"<{names.PREFIXES['skos']}prefLabel>"
_UNIT = f"<{names.PREFIXES['sdmx-attribute']}unitMeasure>"
AREA = names.thing("region", "test-city")


def city(key: str, year: int, factor: Decimal, *, unit: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Give the quads of a report like Xuchang's.

    Args:
        key: The key of the new report.
        year: Its year.
        factor: What its figures are multiplied by.
        unit: Key of a unit that its number of students has instead of persons; the other figures keep theirs.

    Yields:
        Subject, predicate, object and graph as N-Quads terms.
    """
    region = names.thing("region", "xuchang")
    for quad in tables.read(_DATA).quads:
        subject, predicate, value, graph = (
            term.replace("xuchang-2025", key)
            .replace(f"<{region}>", f"<{AREA}>")
            .replace("id/school/", f"id/school/{key}-")
            for term in quad
        )
        if predicate == _VALUE:
            number = Decimal(value.partition('"')[2].partition('"')[0]) * factor
            value = f'"{number:f}"{value[value.rindex("^^") :]}'
        elif predicate == _PERIOD:
            value = value.replace("2025", str(year))
        elif predicate == _UNIT and unit and subject.endswith(f"{key}-students>"):
            value = f"<{names.code('unit', unit)}>"
        elif predicate == _LABEL and subject == f"<{AREA}>":
            value = '"测试市"@zh'
        elif predicate == _LABEL and f"id/school/{key}-" in subject:
            value = value.replace('"', '"测试', 1)
        yield subject, predicate, value, graph


def nquads(*reports: tuple[str, int, Decimal], unit: str = "") -> bytes:
    """Return the graph of Xuchang and of such cities, each statement in its graph and in the default graph."""
    quads = [*tables.read(_DATA).quads]
    for key, year, factor in reports:
        quads += city(key, year, factor, unit=unit)
    lines = {f"{s} {p} {o} {g} ." for s, p, o, g in quads} | {f"{s} {p} {o} ." for s, p, o, _ in quads}
    return "\n".join(sorted(lines)).encode()
