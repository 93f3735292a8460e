"""A network as an SVG figure fit for a report: title, ties, names, legend, and what the source is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from vetgraph.errors import Text

if TYPE_CHECKING:
    from vetgraph.export.figure import Figure

_UNIT: Final = 64
_EDGE: Final = 48
_HEAD: Final = 64
_FONT: Final = "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', sans-serif"
_INK: Final = "#1d2327"
_SOFT: Final = "#5a656d"
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MANY: Final = 120
KINDS: Final[dict[str, Text]] = {
    "SecondarySchool": Text("中等职业学校", "secondary school"),
    "HigherCollege": Text("高等学校", "college"),
    "EducationGroup": Text("职业教育集团", "education group"),
    "IndustryCollege": Text("产业学院", "industry college"),
    "PublicBody": Text("公共机构", "public body"),
    "Programme": Text("专业", "programme"),
    "": Text("其他", "other"),
}
"""What a legend calls a class; another is shown by the name of the class."""


def svg(figure: Figure, lang: str) -> bytes:
    """Draw a network.

    Args:
        figure: The network.
        lang: Language of title, names and legend.

    Returns:
        The SVG document; it needs nothing else.
    """
    drawing = _Drawing(figure, lang)
    drawing.ties()
    drawing.nodes()
    drawing.words()
    ET.indent(drawing.root)
    written: bytes = ET.tostring(drawing.root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"


class _Drawing:
    def __init__(self, figure: Figure, lang: str) -> None:
        self.figure = figure
        self.lang = lang
        xs = [x for x, _ in figure.places.values()] or [0.0]
        ys = [y for _, y in figure.places.values()] or [0.0]
        self.left, self.top = min(xs), min(ys)
        self.width = max(round((max(xs) - self.left) * _UNIT) + 2 * _EDGE + 80, 640)
        self.bottom = round((max(ys) - self.top) * _UNIT) + 2 * _EDGE + _HEAD + 40
        self.height = self.bottom + 28 * (len(figure.kinds) // 4 + 1) + 40
        title = figure.network.title.get(lang)
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {self.width} {self.height}",
                "width": str(self.width),
                "height": str(self.height),
                "role": "img",
                "aria-labelledby": "title description",
                "font-family": _FONT,
                "font-size": "13",
            },
        )
        ET.SubElement(self.root, "title", {"id": "title"}).text = _clean(title)
        ET.SubElement(self.root, "desc", {"id": "description"}).text = _clean(figure.network.description.get(lang))
        ET.SubElement(self.root, "rect", {"width": "100%", "height": "100%", "fill": "#fff"})

    def _at(self, node: str) -> tuple[float, float]:
        x, y = self.figure.places[node]
        return _EDGE + 40 + (x - self.left) * _UNIT, _HEAD + _EDGE + (y - self.top) * _UNIT

    def ties(self) -> None:
        """Draw the ties: wider where the weight is larger, with a point where they have a direction."""
        network = self.figure.network
        if network.directed:
            arrow = {"id": "point", "viewBox": "0 0 8 8", "refX": "7", "refY": "4", "markerWidth": "7"}
            marker = {**arrow, "markerHeight": "7", "orient": "auto-start-reverse", "markerUnits": "userSpaceOnUse"}
            defined = ET.SubElement(ET.SubElement(self.root, "defs"), "marker", marker)
            ET.SubElement(defined, "path", {"d": "M0 0L8 4L0 8z", "fill": "#8b9299"})
        group = ET.SubElement(self.root, "g", {"stroke": "#8b9299", "stroke-opacity": "0.55"})
        most = max((tie.weight for tie in network.ties), default=1.0) or 1.0
        for tie in network.ties:
            (x1, y1), (x2, y2) = self._at(tie.source), self._at(tie.target)
            length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 1e-6)
            short = (self.figure.sizes[tie.target] * _UNIT + 2) / length if network.directed else 0.0
            ends = (x1, y1, x2 - (x2 - x1) * short, y2 - (y2 - y1) * short)
            told = {name: f"{value:.1f}" for name, value in zip(("x1", "y1", "x2", "y2"), ends, strict=True)}
            told["stroke-width"] = f"{1 + 3 * max(tie.weight, 0) / most:.1f}"
            line = ET.SubElement(group, "line", told | ({"marker-end": "url(#point)"} if network.directed else {}))
            ET.SubElement(line, "title").text = _clean(self._said(tie.source, tie.target, tie.relation, tie.shared))

    def _said(self, source: str, target: str, relation: str, shared: list[str]) -> str:
        nodes = self.figure.network.nodes
        ends = f"{nodes[source].label.get(self.lang)} – {nodes[target].label.get(self.lang)}"
        return ends + "".join(f"\n{part}" for part in (relation, *shared) if part)

    def nodes(self) -> None:
        """Draw the nodes and their names; of many, only the names of those with the most ties."""
        nodes, sizes = self.figure.network.nodes, self.figure.sizes
        named = set(sorted(nodes, key=lambda node: (-sizes[node], node))[:_MANY])
        circles = ET.SubElement(self.root, "g", {"stroke": "#fff", "stroke-width": "1.5"})
        halo = {"text-anchor": "middle", "fill": _INK, "stroke": "#fff", "stroke-width": "3.5", "paint-order": "stroke"}
        texts = ET.SubElement(self.root, "g", {**halo, "stroke-linejoin": "round"})
        for node in nodes.values():
            x, y = self._at(node.id)
            radius = sizes[node.id] * _UNIT
            told = {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{radius:.1f}", "fill": self.figure.colours[node.id]}
            circle = ET.SubElement(circles, "circle", told)
            ET.SubElement(circle, "title").text = _clean(node.label.get(self.lang))
            if node.id in named:
                where = {"x": f"{x:.1f}", "y": f"{y + radius + 14:.1f}"}
                ET.SubElement(texts, "text", where).text = _clean(node.label.get(self.lang))

    def words(self) -> None:
        """Write title, legend and source."""
        network, whole = self.figure.network, self.figure.measures.whole
        self._text(network.title.get(self.lang), _EDGE, 40, {"font-size": "20", "font-weight": "600", "fill": _INK})
        for number, (kind, colour) in enumerate(self.figure.kinds.items()):
            x, y = _EDGE + number % 4 * 150, self.bottom + 28 * (number // 4)
            ET.SubElement(self.root, "circle", {"cx": str(x + 6), "cy": str(y - 4), "r": "6", "fill": colour})
            self._text(KINDS.get(kind, Text(kind, kind)).get(self.lang), x + 18, y, {"fill": _INK})
        nodes, ties, source = whole["nodes"], whole["ties"], _reports(self.figure)
        told = Text(
            f"{nodes} 个节点，{ties} 条边。圆越大，相连的节点越多。来源：vetgraph，{source}",
            f"{nodes} nodes, {ties} ties; a larger circle has more neighbours. Source: vetgraph, {source}",
        )
        self._text(told.get(self.lang), _EDGE, self.height - 16, {"font-size": "11", "fill": _SOFT})

    def _text(self, text: str, x: float, y: float, style: dict[str, str]) -> None:
        ET.SubElement(self.root, "text", {"x": f"{x:g}", "y": f"{y:g}", **style}).text = _clean(text)


def _reports(figure: Figure) -> str:
    """Return the keys of the reports whose passages prove the ties."""
    passages = (passage for tie in figure.network.ties for passage in tie.passages)
    found = {match[1] for passage in passages if (match := re.search(r"/report/([^/]+)/", passage))}
    return ", ".join(sorted(found)) or "–"


def _clean(text: str) -> str:
    return _NO_XML.sub(" ", text)
