"""An answer as a chart: which column names the bars, which hold the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import charts
from vetgraph.charts import Chart, Series
from vetgraph.errors import Text
from vetgraph.results import Solutions
from vetgraph.terms import python_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import MultiDict

ARGUMENTS: Final = frozenset({"view", "chart.x", "chart.y"})
"""Fields of an address that say how an answer is shown, and nothing of what is asked."""

_SERIES: Final = 6
_SAMPLE: Final = 200


@dataclass(frozen=True)
class Charting:
    """How an answer can be drawn.

    Attributes:
        labels: Variables that can name the bars, with their headings.
        numbers: Variables that hold numbers, with their headings.
        x: The one that names them.
        y: Those that are drawn.
    """

    labels: dict[str, str]
    numbers: dict[str, str]
    x: str
    y: tuple[str, ...]


def charting(found: Any, headings: Mapping[str, str], arguments: MultiDict[str, str]) -> Charting | None:  # noqa: ANN401 - any answer
    """Say how an answer can be drawn.

    Args:
        found: The answer.
        headings: Heading by variable, of those that are shown.
        arguments: The address's; ``chart.x`` and ``chart.y`` are what the reader has chosen.

    Returns:
        What can be drawn; ``None`` where there is no column of numbers, or none of names.
    """
    if not isinstance(found, Solutions):
        return None
    rows = found.rows()[:_SAMPLE]
    kinds = {name: {_kind(row.term(name)) for row in rows} - {""} for name in headings}
    numbers = {name: headings[name] for name, kind in kinds.items() if kind == {"number"}}
    labels = {name: headings[name] for name, kind in kinds.items() if kind == {"text"}}
    if not numbers or not labels:
        return None
    x = arguments.get("chart.x", "")
    asked = [name for name in arguments.getlist("chart.y") if name in numbers]
    drawn = tuple(asked or list(numbers)[:1])[:_SERIES]
    return Charting(labels, numbers, x if x in labels else next(iter(labels)), drawn)


def _kind(term: Any) -> str:  # noqa: ANN401 - an RDF term
    if term is None:
        return ""
    value = python_value(term) if isinstance(term, ox.Literal) else None
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return "number"
    return "text" if isinstance(term, ox.Literal) else "thing"


def drawn(found: Solutions, how: Charting, title: str, lang: str, source: str = "vetgraph") -> Chart:
    """Make the chart of an answer.

    Args:
        found: The answer.
        how: What to draw.
        title: Its title.
        lang: The reader's language.
        source: Where the numbers come from.

    Returns:
        Bars; where a name comes several times its numbers are added, and a note says so.
    """
    names = [str(row[how.x] or "–") for row in found]
    added = Text("同名各行的数已相加。", "Numbers of rows of the same name are added.")
    note = added.get(lang) if len(set(names)) < len(names) else ""
    rows = [
        (name, how.numbers[column], None if row[column] is None else float(str(row[column])))
        for name, row in zip(names, found, strict=True)
        for column in how.y
    ]
    made = charts.chart(title, rows, source=source, note=note, lang=lang)
    one = len(how.y) == 1
    unit = how.numbers[how.y[0]] if one else ""
    series = (Series("", made.series[0].values),) if one else made.series
    return Chart(title, made.categories, series, unit=unit, source=made.source, note=made.note, lang=lang)
