"""Charts as SVG, made on the server: bars, stacked bars, lines over years, results against targets.

A chart is data (``Chart``); ``svg`` and ``png`` draw it, ``Chart.table`` gives the same numbers as rows. Every text
stands in the picture: title, unit, legend, values, and the line that says where the numbers come from. In a page the
colours follow the style sheet (``charts.css``), also in the dark; a file stands on white paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST: Final = 40
"""Bars, groups of bars or points that a picture shows; its table has all."""


@dataclass(frozen=True)
class Series:
    """Numbers that belong together and have one colour.

    Attributes:
        name: What the legend calls them.
        values: A number for each category, ``None`` where there is none.
    """

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Chart:
    """What a chart shows, in one language.

    Attributes:
        title: What it is.
        categories: What the numbers are of: names of bars, or years.
        series: The numbers; of a chart of targets first the results, then the targets.
        kind: ``bars`` (grouped where there are several series), ``stacked``, ``lines`` or ``targets``.
        unit: Unit of the numbers.
        source: Where the numbers come from.
        note: What a reader must know.
        lang: ``zh`` or ``en``.
        key: Sets the ids of this picture apart from those of others on a page.
    """

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    kind: str = "bars"
    unit: str = ""
    source: str = ""
    note: str = ""
    lang: str = "zh"
    key: str = "chart"

    def table(self) -> list[list[str | float | None]]:
        """Return the numbers as rows, the first being the head."""
        head: list[str | float | None] = ["", *(series.name for series in self.series)]
        rows = [
            [name, *(series.values[number] for series in self.series)] for number, name in enumerate(self.categories)
        ]
        return [head, *rows]

    def shown(self) -> Chart:
        """Return the part that a picture can hold, with a note of what is left out."""
        if len(self.categories) <= MOST:
            return self
        left = Text(
            f"图中为前 {MOST} 项，共 {len(self.categories)} 项；全部见表。",
            f"The first {MOST} of {len(self.categories)} are drawn; the table has all.",
        ).get(self.lang)
        cut = tuple(Series(series.name, series.values[:MOST]) for series in self.series)
        told = f"{self.note} {left}".strip()
        return Chart(
            self.title, self.categories[:MOST], cut, self.kind, self.unit, self.source, told, self.lang, self.key
        )


def chart(  # noqa: PLR0913 - the columns of a chart
    title: str,
    rows: Sequence[tuple[str, str, float | None]],
    *,
    kind: str = "bars",
    unit: str = "",
    source: str = "",
    note: str = "",
    lang: str = "zh",
    key: str = "chart",
) -> Chart:
    """Make a chart of rows of category, series and number, in their order; numbers of the same place are added.

    Args:
        title: What it is.
        rows: Category, series (empty where there is one) and number.
        kind: As of ``Chart``.
        unit: Unit of the numbers.
        source: Where the numbers come from.
        note: What a reader must know.
        lang: ``zh`` or ``en``.
        key: Sets its ids apart.

    Returns:
        The chart.
    """
    categories = tuple(dict.fromkeys(row[0] for row in rows))
    if kind == "lines":
        categories = tuple(sorted(categories))
    found: dict[tuple[str, str], float] = {}
    for category, series, number in rows:
        if number is not None:
            found[series, category] = found.get((series, category), 0.0) + float(number)
    made = tuple(
        Series(series, tuple(found.get((series, category)) for category in categories))
        for series in dict.fromkeys(row[1] for row in rows)
    )
    return Chart(title, categories, made, kind, unit, source, note, lang, key)


def svg(chart: Chart) -> str:
    """Draw a chart.

    Args:
        chart: What it shows.

    Returns:
        An ``svg`` element, which is also a document.

    Raises:
        UsageError: There is no such kind of chart.
    """
    from vetgraph.charts import bars, lines

    kinds: dict[str, Callable[[Chart], str]] = {
        "bars": bars.grouped,
        "stacked": bars.stacked,
        "targets": bars.targets,
        "lines": lines.drawn,
    }
    if chart.kind not in kinds:
        known = ", ".join(kinds)
        raise UsageError(
            Text(f"没有“{chart.kind}”这种图", f'there is no chart of the kind "{chart.kind}"'),
            Text(f"可用：{known}", f"use one of {known}"),
        )
    return kinds[chart.kind](chart.shown())


def png(chart: Chart) -> bytes:
    """Draw a chart as a picture of pixels.

    Args:
        chart: What it shows.

    Returns:
        The PNG file.
    """
    from vetgraph import lettering

    return lettering.png(svg(chart))
