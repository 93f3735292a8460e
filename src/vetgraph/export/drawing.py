"""A network as an SVG figure fit for a report: title, ties, names, legend, and what the source is.

A figure stands on white paper in light and dark. The file brings the part of the font that it needs, so that its
Chinese is read on a machine without Chinese fonts too; in a page the font of the reader is used.
"""

from __future__ import annotations

import base64
import io
from itertools import islice
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from vetgraph import lettering
from vetgraph.errors import Text
from vetgraph.export.labels import Box, Label, lines_of, placed
from vetgraph.export.strokes import Strokes, bent
from vetgraph.lettering import clean, width

if TYPE_CHECKING:
    from vetgraph.export.figure import Figure
    from vetgraph.networks.building import Tie

_UNIT: Final = 62.0
_MOST: Final = 2000.0
_LEAST: Final = 720.0
_EDGE: Final = 24.0
_ROOM: Final = 76.0
_INK: Final = "#1d2327"
_SOFT: Final = "#5a656d"
_LETTER: Final = 12.0
_MANY: Final = 150
_FEW: Final = 60
_MANY_LINES: Final = 2000
_LARGE: Final = 5000
_TOGETHER: Final = 250


def svg(figure: Figure, lang: str) -> bytes:
    """Draw a network as a file that needs nothing else.

    Args:
        figure: The network.
        lang: Language of title, names and legend.

    Returns:
        The SVG document, with the letters that it needs.
    """
    drawing = _drawn(figure, lang)
    style = ET.Element("style")
    style.text = "".join(
        f"@font-face{{font-family:'Noto Sans SC';src:url(data:font/woff2;base64,{each}) format('woff2')}}"
        for each in packed(frozenset("".join(drawing.root.itertext())))
    )
    drawing.root.insert(0, style)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + _written(drawing.root)


def inline(figure: Figure, lang: str) -> bytes:
    """Draw a network for a page.

    Args:
        figure: The network.
        lang: Language of title, names and legend.

    Returns:
        An ``svg`` element.
    """
    return _written(_drawn(figure, lang).root)


def png(figure: Figure, lang: str) -> bytes:
    """Draw a network as a picture of pixels, two for each pixel of the SVG; of a large one, one.

    Args:
        figure: The network.
        lang: Language of title, names and legend.

    Returns:
        The PNG file.
    """
    zoom = 1.0 if len(figure.network.ties) > _LARGE else 2.0
    return lettering.png(inline(figure, lang).decode(), zoom)


def _drawn(figure: Figure, lang: str) -> _Drawing:
    drawing = _Drawing(figure, lang)
    drawing.ties()
    drawing.nodes()
    drawing.words()
    return drawing


def _written(root: ET.Element) -> bytes:
    ET.indent(root, space=" ")
    written: bytes = ET.tostring(root, encoding="utf-8")
    return written + b"\n"


def packed(letters: frozenset[str]) -> list[str]:
    """Return the part of the font that some characters need, as a style sheet holds it.

    Args:
        letters: The characters.

    Returns:
        WOFF2 in Base64, the part that is to be asked first at the end.
    """
    from fontTools.ttLib import TTFont

    found = []
    for part in lettering.subset(letters):
        out = io.BytesIO()
        with TTFont(io.BytesIO(part)) as font:
            font.flavor = "woff2"
            font.save(out)
        found.append(base64.b64encode(out.getvalue()).decode())
    return found[::-1]  # of two faces the later is asked first


class _Drawing:
    def __init__(self, figure: Figure, lang: str) -> None:
        self.figure = figure
        self.lang = lang
        xs = [x for x, _ in figure.places.values()] or [0.0]
        ys = [y for _, y in figure.places.values()] or [0.0]
        self.large = len(figure.network.ties) > _LARGE
        self.left, self.top = min(xs), min(ys)
        wide, high = max(xs) - self.left, max(ys) - self.top
        self.unit = min(_UNIT, (_MOST - 2 * _ROOM) / max(wide, high, 1.0))
        self.width = max(round(wide * self.unit + 2 * (_EDGE + _ROOM)), _LEAST)
        self.shift = (self.width - wide * self.unit) / 2  # the drawing stands in the middle
        self.told = lines_of(clean(figure.network.description.get(lang)), _LETTER, (self.width - 2 * _EDGE) / _LETTER)
        self.head = 58.0 + 17.0 * len([line for line in self.told if line])
        self.bottom = self.head + high * self.unit + 2 * 40.0
        self.height = self.bottom
        title = figure.network.title.get(lang)
        told = {"role": "img", "aria-labelledby": "title description", "font-size": f"{_LETTER:g}"}
        self.root = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **told})
        self.root.set("font-family", lettering.FAMILIES)
        ET.SubElement(self.root, "title", {"id": "title"}).text = clean(title)
        ET.SubElement(self.root, "desc", {"id": "description"}).text = clean(figure.network.description.get(lang))
        ET.SubElement(self.root, "rect", {"width": "100%", "height": "100%", "fill": "#fff"})

    def _at(self, node: str) -> tuple[float, float]:
        x, y = self.figure.places[node]
        return self.shift + (x - self.left) * self.unit, self.head + 40.0 + (y - self.top) * self.unit

    def _radius(self, node: str) -> float:
        return max(self.figure.sizes[node] * self.unit, 1.5)

    def ties(self) -> None:
        """Draw the ties: wider for more weight, bent where a pair has several, pointed where directed."""
        network = self.figure.network
        strokes = Strokes(network, self.figure.relations)
        if network.directed:
            defined = ET.SubElement(self.root, "defs")
            for number, colour in enumerate(self.figure.relations.values()):
                shape = {"viewBox": "0 0 8 8", "refX": "7.2", "refY": "4", "markerWidth": "9", "markerHeight": "9"}
                shape |= {"id": f"point{number}", "orient": "auto", "markerUnits": "userSpaceOnUse"}
                ET.SubElement(
                    ET.SubElement(defined, "marker", shape), "path", {"d": "M0 .8L8 4L0 7.2z", "fill": colour}
                )
        if self.large:
            self._many_ties(strokes)
            return
        group = ET.SubElement(self.root, "g", {"fill": "none", "stroke-opacity": "0.6"})
        for tie, bend in strokes.bends():
            told = {"d": self._line(tie, bend), **strokes.style(tie)}
            if network.directed:
                told["marker-end"] = f"url(#point{list(self.figure.relations).index(tie.relation)})"
            path = ET.SubElement(group, "path", told)
            ET.SubElement(path, "title").text = clean(self._said(tie.source, tie.target, tie.relation, tie.shared))

    def _many_ties(self, strokes: Strokes) -> None:
        """Draw fine lines, some hundred to a path: one by one they take minutes, and points would be a blot."""
        group = ET.SubElement(self.root, "g", {"fill": "none", "stroke-opacity": "0.3", "stroke-width": "0.4"})
        for relation in self.figure.relations:
            lines = (self._line(tie, bend) for tie, bend in strokes.bends() if tie.relation == relation)
            while some := "".join(islice(lines, _TOGETHER)):
                ET.SubElement(group, "path", {"d": some, **strokes.look(relation)})

    def _line(self, tie: Tie, bend: float) -> str:
        gap = self._radius(tie.target) + 2 if self.figure.network.directed else 0.0
        return bent(self._at(tie.source), self._at(tie.target), bend, gap, self._radius(tie.source))

    def _said(self, source: str, target: str, relation: str, shared: list[str]) -> str:
        network = self.figure.network
        between = " → " if network.directed else " – "
        ends = between.join(network.nodes[each].label.get(self.lang) for each in (source, target))
        parts = [network.words.shared.get(part, Text(part, part)).get(self.lang) for part in shared]
        kind = self.figure.relation(relation).get(self.lang)
        return ends + "".join(f"\n{part}" for part in (kind, *parts) if part)

    def nodes(self) -> None:
        """Draw the nodes and their names; of many, the names of those with the most ties, where there is room."""
        nodes = self.figure.network.nodes
        ranked = sorted(nodes, key=lambda node: (-self.figure.sizes[node], node))
        named = set(ranked[:_MANY])
        shown = [
            (
                each,
                *self._at(each),
                self._radius(each),
                clean(nodes[each].label.get(self.lang)) if each in named else "",
            )
            for each in ranked
        ]
        frame = Box(4, self.head, self.width - 4, self.bottom + 8)
        ties = self.figure.network.ties
        lines = [(self._at(tie.source), self._at(tie.target)) for tie in ties] if len(ties) <= _MANY_LINES else []
        labels = placed(shown, lines, _LETTER, frame, all_of_them=len(nodes) <= _FEW)
        circles = ET.SubElement(self.root, "g", {"stroke": "#fff", "stroke-width": "0.3" if self.large else "1.5"})
        for each, x, y, radius, _ in reversed(shown):
            told = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{radius:.1f}", "fill": self.figure.colours[each]}
            circle = ET.SubElement(circles, "circle", told)
            ET.SubElement(circle, "title").text = clean(nodes[each].label.get(self.lang))
        halo = {"fill": _INK, "stroke": "#fff", "stroke-width": "3.5", "paint-order": "stroke"}
        texts = ET.SubElement(self.root, "g", {**halo, "stroke-linejoin": "round", "stroke-opacity": "0.9"})
        for label in labels.values():
            self._label(texts, label)

    @staticmethod
    def _label(parent: ET.Element, label: Label) -> None:
        text = ET.SubElement(parent, "text", {"text-anchor": label.anchor})
        for number, line in enumerate(label.lines):
            at = {"x": f"{label.x:.1f}", "y": f"{label.y + number * _LETTER * 1.25:.1f}"}
            ET.SubElement(text, "tspan", at).text = line

    def words(self) -> None:
        """Write title, what a tie means, legend and source; now the height is known."""
        network = self.figure.network
        self._text(network.title.get(self.lang), _EDGE, 36, {"font-size": "20", "fill": _INK})
        for number, line in enumerate(self.told):
            self._text(line, _EDGE, 60 + 17 * number, {"fill": _SOFT})
        y = self._legend(self.bottom + 26)
        for line in lines_of(clean(self._source()), 11, (self.width - 2 * _EDGE) / 11):
            y += 16
            self._text(line, _EDGE, y, {"font-size": "11", "fill": _SOFT})
        self.height = y + 18
        size = {"width": f"{self.width:g}", "height": f"{self.height:g}"}
        for name, value in {"viewBox": f"0 0 {self.width:g} {self.height:g}", **size}.items():
            self.root.set(name, value)

    def _legend(self, y: float) -> float:
        """Write the legend line by line and return where it ends."""
        x = _EDGE
        for kind, colour in self.figure.kinds.items():
            name = self.figure.kind(kind).get(self.lang)
            x, y = self._next(x, y, 18 + width(name, 13) + 22)
            ET.SubElement(self.root, "circle", {"cx": f"{x + 6:g}", "cy": f"{y - 4.5:g}", "r": "6", "fill": colour})
            self._text(name, x + 18, y, {"font-size": "13", "fill": _INK})
            x += 18 + width(name, 13) + 22
        if len(self.figure.relations) > 1:
            strokes = Strokes(self.figure.network, self.figure.relations)
            x, y = _EDGE, y + 24
            for relation in self.figure.relations:
                name = self.figure.relation(relation).get(self.lang) or Text("未注明", "not told").get(self.lang)
                x, y = self._next(x, y, 34 + width(name, 13) + 22)
                line = {"d": f"M{x:g} {y - 4.5:g}h26", "fill": "none", **strokes.look(relation), "stroke-width": "2.5"}
                ET.SubElement(self.root, "path", line)
                self._text(name, x + 34, y, {"font-size": "13", "fill": _INK})
                x += 34 + width(name, 13) + 22
        return y + 8

    def _next(self, x: float, y: float, room: float) -> tuple[float, float]:
        return (_EDGE, y + 24) if x > _EDGE and x + room > self.width - _EDGE else (x, y)

    def _source(self) -> str:
        whole, source = self.figure.measures.whole, self.figure.source()
        nodes, ties = whole["nodes"], whole["ties"]
        weights = len({tie.weight for tie in self.figure.network.ties}) > 1
        return Text(
            f"{nodes} 个节点，{ties} 条边。圆越大，相连的节点越多{'；线越粗，权重越大' if weights else ''}。"
            f"来源：{source.zh}。制图：vetgraph",
            f"{nodes} nodes, {ties} ties; a larger circle has more neighbours"
            f"{', a wider line more weight' if weights else ''}. Source: {source.en}. Drawn by vetgraph",
        ).get(self.lang)

    def _text(self, text: str, x: float, y: float, style: dict[str, str]) -> None:
        ET.SubElement(self.root, "text", {"x": f"{x:g}", "y": f"{y:g}", **style}).text = clean(text)
