"""What every chart has: a title, a legend, ticks that people count by, and a line that names the source."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from vetgraph.errors import Text
from vetgraph.lettering import FAMILIES, clean, clipped, width

if TYPE_CHECKING:
    from vetgraph.charts import Chart

WIDTH: Final = 720
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#767676")
"""Colours that the colour-blind can tell apart (Okabe and Ito 2008, without the yellow, which paper swallows)."""

INK: Final = "#1d2327"
SOFT: Final = "#5a656d"
_GRID: Final = "#dcd9d0"
_EDGE: Final = 8
_CORNERS: Final[tuple[tuple[tuple[float, float], ...], ...]] = (
    (),
    ((-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)),
    ((0, -6), (6, 0), (0, 6), (-6, 0)),
    ((0, -6), (5.5, 4), (-5.5, 4)),
)
"""Forms of dots: a circle, a square, a diamond, a triangle."""

_STEPS: Final = (1, 2, 2.5, 5, 10)
_TICKS: Final = 5
_SMALL: Final = 0.001


def number(value: float | None) -> str:
    """Write a number as people read it.

    Args:
        value: The number.

    Returns:
        With commas at the thousands, at most two decimals, ``–`` for none.
    """
    if value is None:
        return "–"
    rounded = round(value, 2)
    return f"{int(rounded):,}" if rounded == int(rounded) else f"{rounded:,.2f}".rstrip("0")


def ticks(most: float, *, whole: bool) -> list[float]:
    """Return round numbers from nought to what is at least the largest number.

    Args:
        most: The largest number.
        whole: Whether all numbers are whole.

    Returns:
        Ticks.
    """
    if most <= 0:
        return [0, 1]
    power = 10.0 ** math.floor(math.log10(most / _TICKS))
    step = next(step * power for step in _STEPS if step * power * _TICKS >= most - _SMALL * most)
    if whole:
        step = max(1.0, math.ceil(step))
    return [step * index for index in range(math.ceil(most / step - _SMALL) + 1)]


class Frame:
    """The picture that a chart is drawn into."""

    def __init__(self, chart: Chart) -> None:
        """Write title and legend.

        Args:
            chart: What is drawn.
        """
        self.chart = chart
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": "chart",
                "role": "img",
                "aria-labelledby": f"{chart.key}-title {chart.key}-told",
                "font-family": FAMILIES,
                "font-size": "13",
            },
        )
        ET.SubElement(self.root, "title", {"id": f"{chart.key}-title"}).text = clean(chart.title)
        ET.SubElement(self.root, "desc", {"id": f"{chart.key}-told"}).text = clean(self._told())
        ET.SubElement(self.root, "rect", {"class": "c-paper", "width": "100%", "height": "100%", "fill": "#fff"})
        title = f"{chart.title}（{chart.unit}）" if chart.lang == "zh" else f"{chart.title} ({chart.unit})"
        shown = clipped(title if chart.unit else chart.title, 16, WIDTH - 2 * _EDGE)
        self.text(shown, _EDGE, 24, size="16", weight="600")
        self.top = 40
        named = [series.name for series in chart.series if series.name]
        if len(named) > 1:
            self._legend(named)

    def _told(self) -> str:
        """Describe the numbers for who cannot see the picture."""
        parts = []
        for position, category in enumerate(self.chart.categories):
            for series in self.chart.series:
                value = series.values[position]
                if value is not None:
                    name = f"{category} {series.name}".strip()
                    parts.append(f"{name} {number(value)}")
        most = 30
        return "；".join(parts[:most]) + ("…" if len(parts) > most else "")

    def _legend(self, names: list[str]) -> None:
        x, y = float(_EDGE), self.top + 8
        for index, name in enumerate(names):
            shown = clipped(name, 12, 240)
            room = 16 + width(shown, 12) + 18
            if x + room > WIDTH and x > _EDGE:
                x, y = float(_EDGE), y + 20
            if self.chart.kind == "targets" and index == 1:
                self.rect(x + 4, y - 9, 3, 12, {"class": "c-ink", "fill": INK})
            elif self.chart.kind == "lines":
                self.mark(index, (x + 6, y - 3))
            else:
                self.rect(x, y - 9, 11, 11, self.colour(index))
            self.text(shown, x + 16, y + 1, size="12")
            x += room
        self.top = y + 14

    @staticmethod
    def colour(index: int) -> dict[str, str]:
        """Return how the marks of a series are filled.

        Args:
            index: Its place.

        Returns:
            Attributes.
        """
        place = index % len(COLOURS)
        return {"class": f"c-{place}", "fill": COLOURS[place]}

    def text(  # noqa: PLR0913 - where and how
        self, text: str, x: float, y: float, *, size: str = "12", anchor: str = "", weight: str = "", soft: bool = False
    ) -> None:
        """Write a text.

        Args:
            text: The text.
            x: Pixels from the left.
            y: Pixels from the top to its foot.
            size: Of its letters.
            anchor: ``middle`` or ``end``.
            weight: As of CSS.
            soft: Whether it is of second rank.
        """
        told = {"x": f"{x:.1f}", "y": f"{y:.1f}", "font-size": size}
        told |= {"class": "c-soft", "fill": SOFT} if soft else {"class": "c-ink", "fill": INK}
        told |= ({"text-anchor": anchor} if anchor else {}) | ({"font-weight": weight} if weight else {})
        ET.SubElement(self.root, "text", told).text = clean(text)

    def rect(  # noqa: PLR0913, PLR0917 - where, how large, what
        self, x: float, y: float, wide: float, high: float, style: dict[str, str], tip: str = ""
    ) -> None:
        """Draw a bar.

        Args:
            x: Pixels from the left.
            y: Pixels from the top.
            wide: Its width.
            high: Its height.
            style: Attributes.
            tip: What is said when a reader points at it.
        """
        place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{max(wide, 0):.1f}", "height": f"{high:.1f}"}
        made = ET.SubElement(self.root, "rect", {**place, **style})
        if tip:
            ET.SubElement(made, "title").text = clean(tip)

    def mark(self, index: int, at: tuple[float, float], tip: str = "") -> None:
        """Draw a dot whose form, too, tells its series.

        Args:
            index: The place of the series.
            at: Pixels from the left and from the top.
            tip: What is said when a reader points at it.
        """
        x, y = at
        style = {**self.colour(index), "stroke": "#fff", "stroke-width": "1"}
        style["class"] += " c-dot"
        corners = _CORNERS[index % len(_CORNERS)]
        if corners:
            points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
            made = ET.SubElement(self.root, "polygon", {"points": points, **style})
        else:
            made = ET.SubElement(self.root, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "5", **style})
        if tip:
            ET.SubElement(made, "title").text = clean(tip)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, strong: bool = False) -> None:
        """Draw a line of the grid.

        Args:
            x1: Where it begins, from the left.
            y1: Where it begins, from the top.
            x2: Where it ends.
            y2: Where it ends.
            strong: Whether it is an axis.
        """
        ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
        style = {"class": "c-axis", "stroke": SOFT} if strong else {"class": "c-grid", "stroke": _GRID}
        ET.SubElement(self.root, "line", {**ends, **style})

    def written(self, bottom: float) -> str:
        """Write note and source below, and return the picture.

        Args:
            bottom: Where the drawing ends.

        Returns:
            The ``svg`` element.
        """
        y = bottom + 20
        source = self.chart.source
        if source:
            source = Text(f"来源：{source}", f"Source: {source}").get(self.chart.lang)
        for told in (self.chart.note, source):
            for part in _broken(told):
                self.text(part, _EDGE, y, size="11", soft=True)
                y += 16
        height = f"{y - 4:.0f}"
        self.root.set("viewBox", f"0 0 {WIDTH} {height}")
        self.root.set("width", str(WIDTH))
        self.root.set("height", height)
        return ET.tostring(self.root, encoding="unicode")


def _broken(text: str) -> list[str]:
    """Break a text into lines."""
    lines: list[str] = []
    rest = clean(text).strip()
    while rest:
        shown = clipped(rest, 11, WIDTH - 2 * _EDGE)
        if shown == rest:
            return [*lines, rest]
        cut = len(shown) - 1
        space = rest.rfind(" ", 0, cut)
        cut = space if space > cut // 2 else cut
        lines.append(rest[:cut])
        rest = rest[cut:].lstrip()
    return lines
