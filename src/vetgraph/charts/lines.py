"""Lines over years, with a dot for each number that there is: nothing is drawn between years that are not told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from vetgraph.charts.frame import COLOURS, WIDTH, Frame, number, ticks
from vetgraph.lettering import clipped, width

if TYPE_CHECKING:
    from vetgraph.charts import Chart

_HIGH: Final = 240


def drawn(chart: Chart) -> str:
    """Draw lines.

    Args:
        chart: What is shown; its categories are years in their order.

    Returns:
        The picture.
    """
    frame = Frame(chart)
    values = [value for series in chart.series for value in series.values if value is not None]
    marks = ticks(max(values, default=0), whole=all(value == int(value) for value in values))
    left = max(width(number(mark), 11) for mark in marks) + 20
    right = WIDTH - 90
    bottom = frame.top + 14 + _HIGH
    for mark in marks:
        y = bottom - mark / marks[-1] * _HIGH
        frame.line(left, y, right, y, strong=mark == 0)
        frame.text(number(mark), left - 8, y + 4, size="11", anchor="end", soft=True)
    many = len(chart.categories)
    xs = [left + (right - left) * ((place + 0.5) / many) for place in range(many)]
    for x, category in zip(xs, chart.categories, strict=True):
        frame.text(clipped(category, 12, (right - left) / many), x, bottom + 18, anchor="middle")
    for index, series in enumerate(chart.series):
        points = [
            (x, bottom - value / marks[-1] * _HIGH, value, category)
            for x, value, category in zip(xs, series.values, chart.categories, strict=True)
            if value is not None
        ]
        _line(frame, index, series.values, xs, [point[1] for point in points])
        for x, y, value, category in points:
            frame.mark(index, (x, y), f"{category} {series.name}: {number(value)} {chart.unit}")
            if len(chart.series) == 1:
                frame.text(number(value), x, y - 9, size="11", anchor="middle")
    return frame.written(bottom + 22)


def _line(frame: Frame, index: int, values: tuple[float | None, ...], xs: list[float], ys: list[float]) -> None:
    """Draw the strokes between neighbours that both have a number."""
    place = index % len(COLOURS)
    style = {"class": f"c-line c-line-{place}", "stroke": COLOURS[place], "stroke-width": "2", "fill": "none"}
    heights = iter(ys)
    path, before = "", False
    for x, value in zip(xs, values, strict=True):
        if value is None:
            before = False
            continue
        path += f"{'L' if before else 'M'}{x:.1f} {next(heights):.1f}"
        before = True
    if path:
        ET.SubElement(frame.root, "path", {"d": path, **style})
