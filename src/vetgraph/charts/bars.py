"""Bars that lie: long names have room beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vetgraph.charts.frame import INK, WIDTH, Frame, number, ticks
from vetgraph.lettering import clipped, width

if TYPE_CHECKING:
    from vetgraph.charts import Chart

_BAR: Final = 18
_THIN: Final = 12
_GAP: Final = 10
_NAMES: Final = 230
_PAPER: Final = "#fff"


class _Bars:
    """A frame with a scale from left to right."""

    def __init__(self, chart: Chart, most: float) -> None:
        self.frame = Frame(chart)
        longest = max((width(name, 12) for name in chart.categories), default=0)
        self.left = min(longest, _NAMES) + 16
        self.right = WIDTH - 64
        values = [value for series in chart.series for value in series.values if value is not None]
        self.ticks = ticks(most, whole=all(value == int(value) for value in values))
        self.scale = (self.right - self.left) / self.ticks[-1]
        self.y = float(self.frame.top + 4)

    def grid(self, rows: float) -> None:
        """Draw the ticks behind the bars."""
        top, bottom = self.y - 4, self.y + rows
        for tick in self.ticks:
            x = self.left + tick * self.scale
            self.frame.line(x, top, x, bottom, strong=tick == 0)
            self.frame.text(number(tick), x, bottom + 14, size="11", anchor="middle", soft=True)

    def name(self, text: str, high: float) -> None:
        shown = clipped(text, 12, self.left - 14)
        self.frame.text(shown, self.left - 8, self.y + high / 2 + 4.5, anchor="end")


def grouped(chart: Chart) -> str:
    """Draw bars; those of several series stand below each other.

    Args:
        chart: What is shown.

    Returns:
        The picture.
    """
    many = max(len(chart.series), 1)
    thick = _BAR if many == 1 else max(_THIN, 26 // many)
    made = _Bars(chart, max((value or 0 for series in chart.series for value in series.values), default=0))
    high = thick * many
    made.grid(len(chart.categories) * (high + _GAP))
    for place, category in enumerate(chart.categories):
        made.name(category, high)
        for index, series in enumerate(chart.series):
            value = series.values[place]
            y = made.y + index * thick
            if value is not None:
                tip = f"{category} {series.name}: {number(value)} {chart.unit}"
                made.frame.rect(made.left, y, value * made.scale, thick - 1, Frame.colour(index), tip)
            x = made.left + (value or 0) * made.scale + 5
            made.frame.text(number(value), x, y + thick / 2 + 4, size="11", soft=value is None)
        made.y += high + _GAP
    return made.frame.written(made.y + 14)


def stacked(chart: Chart) -> str:
    """Draw bars of parts, with the sum at their end.

    Args:
        chart: What is shown.

    Returns:
        The picture.
    """
    sums = [sum(series.values[place] or 0 for series in chart.series) for place in range(len(chart.categories))]
    made = _Bars(chart, max(sums, default=0))
    made.grid(len(chart.categories) * (_BAR + _GAP))
    for place, category in enumerate(chart.categories):
        made.name(category, _BAR)
        x = made.left
        for index, series in enumerate(chart.series):
            value = series.values[place]
            if not value:
                continue
            wide, shown = value * made.scale, number(value)
            tip = f"{category} {series.name}: {shown} {chart.unit}"
            made.frame.rect(x, made.y, wide - 1, _BAR, Frame.colour(index), tip)
            if width(shown, 11) + 6 < wide:
                _inside(made.frame, shown, x + wide / 2, made.y + _BAR / 2 + 4)
            x += wide
        made.frame.text(number(sums[place]), x + 5, made.y + _BAR / 2 + 4, size="11", weight="600")
        made.y += _BAR + _GAP
    return made.frame.written(made.y + 14)


def _inside(frame: Frame, shown: str, x: float, y: float) -> None:
    """Write a number on a bar, on a plate of paper so that it can be read on any colour."""
    wide = width(shown, 11) + 5
    frame.rect(x - wide / 2, y - 10.5, wide, 13, {"class": "c-paper c-plate", "fill": _PAPER, "rx": "2"})
    frame.text(shown, x, y, size="11", anchor="middle")


def targets(chart: Chart) -> str:
    """Draw results as bars and their targets as strokes across them.

    Args:
        chart: What is shown: first the results, then the targets.

    Returns:
        The picture; plain bars where there is no target.
    """
    if len(chart.series) < 2:  # noqa: PLR2004 - results and targets
        return grouped(chart)
    made = _Bars(chart, max((value or 0 for series in chart.series for value in series.values), default=0))
    made.grid(len(chart.categories) * (_BAR + _GAP + 4))
    results, aims = chart.series[0].values, chart.series[1].values
    for place, category in enumerate(chart.categories):
        made.name(category, _BAR)
        result, aim = results[place], aims[place]
        if result is not None:
            tip = f"{category} {chart.series[0].name}: {number(result)}"
            made.frame.rect(made.left, made.y + 2, result * made.scale, _BAR - 4, Frame.colour(0), tip)
        if aim is not None:
            tip = f"{category} {chart.series[1].name}: {number(aim)}"
            mark = {"class": "c-ink", "fill": INK}
            made.frame.rect(made.left + aim * made.scale - 1.5, made.y - 3, 3, _BAR + 6, mark, tip)
        share = f" ({result / aim:.0%})" if result is not None and aim else ""
        x = made.left + max(result or 0, aim or 0) * made.scale + 6
        shown = number(result) + share
        if x + width(shown, 11) > WIDTH:
            _inside(made.frame, shown, made.left + width(shown, 11) / 2 + 6, made.y + _BAR / 2 + 4)
        else:
            made.frame.text(shown, x, made.y + _BAR / 2 + 4, size="11")
        made.y += _BAR + _GAP + 4
    return made.frame.written(made.y + 14)
