"""GEXF 1.3 and GraphML, valid against their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from vetgraph.export.attributes import SCALE, TIE_TEXTS, clean, numbered, of_node, of_tie, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.export.figure import Figure
    from vetgraph.networks.building import Tie

_GEXF: Final = "http://gexf.net/1.3"
_GRAPHML: Final = "http://graphml.graphdrawing.org/xmlns"


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"


def gexf(figure: Figure, lang: str) -> bytes:
    """Write GEXF 1.3, with places, sizes and colours, and with dates where ties have years.

    The schema has places and colours in its own namespace; the prefix ``viz`` is kept for programs that look for it.

    Args:
        figure: The network.
        lang: Language of labels.

    Returns:
        The document.
    """
    network, ids = figure.network, numbered(figure.network)
    root = ET.Element("gexf", {"xmlns": _GEXF, "xmlns:viz": _GEXF, "version": "1.3"})
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = "vetgraph"
    ET.SubElement(meta, "description").text = clean(f"{network.title.get(lang)}. {network.description.get(lang)}")
    dated = any(tie.years for tie in network.ties)
    kind = {"defaultedgetype": "directed" if network.directed else "undirected"}
    timed = {"mode": "dynamic", "timeformat": "date"} if dated else {"mode": "static"}
    graph = ET.SubElement(root, "graph", {**kind, **timed})
    _gexf_attributes(graph, "node", types(figure))
    _gexf_attributes(graph, "edge", dict.fromkeys(TIE_TEXTS, "string"))
    nodes = ET.SubElement(graph, "nodes")
    for node in network.nodes.values():
        made = ET.SubElement(nodes, "node", {"id": ids[node.id], "label": clean(node.label.get(lang))})
        _gexf_values(made, of_node(figure, node))
        red, green, blue = (str(int(figure.colours[node.id][at : at + 2], 16)) for at in (1, 3, 5))
        ET.SubElement(made, "viz:color", {"r": red, "g": green, "b": blue})
        x, y = figure.places[node.id]
        ET.SubElement(made, "viz:position", {"x": f"{x * SCALE:.3f}", "y": f"{-y * SCALE:.3f}", "z": "0"})
        ET.SubElement(made, "viz:size", {"value": f"{figure.sizes[node.id] * SCALE:.2f}"})
    edges = ET.SubElement(graph, "edges")
    for number, tie in enumerate(network.ties):
        _gexf_edge(edges, tie, {"id": f"e{number}", "source": ids[tie.source], "target": ids[tie.target]})
    return _written(root)


def _gexf_edge(edges: ET.Element, tie: Tie, told: dict[str, str]) -> None:
    told["weight"] = f"{tie.weight:.9g}"
    if name := clean(tie.label or tie.relation):
        told["label"] = name
    if tie.relation:
        told["kind"] = clean(tie.relation)
    spells = [(f"{first:04}-01-01", f"{last:04}-12-31") for first, last in _runs(tie.years)]
    if len(spells) == 1:
        told["start"], told["end"] = spells[0]
    made = ET.SubElement(edges, "edge", told)
    _gexf_values(made, of_tie(tie))
    if len(spells) > 1:
        listed = ET.SubElement(made, "spells")
        for start, end in spells:
            ET.SubElement(listed, "spell", {"start": start, "end": end})


def _runs(years: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of years that follow one another."""
    runs: list[tuple[int, int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    return runs


def _gexf_attributes(graph: ET.Element, of: str, told: dict[str, str]) -> None:
    listed = ET.SubElement(graph, "attributes", {"class": of})
    for name, kind in told.items():
        ET.SubElement(listed, "attribute", {"id": name, "title": name, "type": kind})


def _gexf_values(parent: ET.Element, values: dict[str, Any]) -> None:
    listed = ET.SubElement(parent, "attvalues")
    for name, value in values.items():
        ET.SubElement(listed, "attvalue", {"for": name, "value": clean(str(value))})


def graphml(figure: Figure, lang: str) -> bytes:
    """Write GraphML, valid against its schema also where two nodes have several ties.

    Args:
        figure: The network.
        lang: Language of the labels under ``label``.

    Returns:
        The document.
    """
    network, ids = figure.network, numbered(figure.network)
    location = f"{_GRAPHML} http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"
    xsi = {"xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "xsi:schemaLocation": location}
    root = ET.Element("graphml", {"xmlns": _GRAPHML, **xsi})
    for name, kind in {"label": "string", **types(figure), "x": "double", "y": "double"}.items():
        _graphml_key(root, f"n_{name}", "node", name, kind)
    for name in TIE_TEXTS:
        _graphml_key(root, f"e_{name}", "edge", name, "string")
    _graphml_key(root, "e_weight", "edge", "weight", "double")
    kind = "directed" if network.directed else "undirected"
    graph = ET.SubElement(root, "graph", {"id": "network", "edgedefault": kind})
    for node in network.nodes.values():
        made = ET.SubElement(graph, "node", {"id": ids[node.id]})
        x, y = figure.places[node.id]
        told = {"label": node.label.get(lang), **of_node(figure, node)}
        _graphml_data(made, "n_", {**told, "x": f"{x * SCALE:.3f}", "y": f"{y * SCALE:.3f}"})
    for number, tie in enumerate(network.ties):
        ends = {"id": f"e{number}", "source": ids[tie.source], "target": ids[tie.target]}
        _graphml_data(ET.SubElement(graph, "edge", ends), "e_", {**of_tie(tie), "weight": f"{tie.weight:.9g}"})
    return _written(root)


def _graphml_key(root: ET.Element, key: str, of: str, name: str, kind: str) -> None:
    kind = {"integer": "int"}.get(kind, kind)
    ET.SubElement(root, "key", {"id": key, "for": of, "attr.name": name, "attr.type": kind})


def _graphml_data(parent: ET.Element, start: str, values: dict[str, Any]) -> None:
    for name, value in values.items():
        ET.SubElement(parent, "data", {"key": start + name}).text = clean(str(value))
