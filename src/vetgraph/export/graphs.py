"""GEXF 1.3, GraphML, Cytoscape.js JSON, node-link JSON, Pajek and DOT.

IRIs are no NMTOKEN and no Pajek name, so nodes are called ``n0``, ``n1`` … and have their IRI as an attribute. What no
XML can hold (control characters) becomes a space.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.export.figure import Figure
    from vetgraph.networks.building import Node, Tie

_GEXF: Final = "http://gexf.net/1.3"
_GRAPHML: Final = "http://graphml.graphdrawing.org/xmlns"
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NODE_TEXTS: Final = ("iri", "label_zh", "label_en", "kind", "ownership", "level")
_WHOLE: Final = frozenset({"degree", "core", "community", "articulation"})
_TIE_TEXTS: Final = ("relation", "passages", "shared")
_SCALE: Final = 60


def _node_texts(node: Node) -> dict[str, str]:
    values = (node.id, node.label.zh, node.label.en, node.kind, node.ownership, node.level)
    return {name: value for name, value in zip(_NODE_TEXTS, values, strict=True) if value}


def _tie_texts(tie: Tie) -> dict[str, str]:
    values = (tie.relation, " ".join(tie.passages), "；".join(tie.shared))
    return {name: value for name, value in zip(_TIE_TEXTS, values, strict=True) if value}


def _numbered(figure: Figure) -> dict[str, str]:
    return {node: f"n{number}" for number, node in enumerate(figure.network.nodes)}


def _clean(text: str) -> str:
    return _NO_XML.sub(" ", text)


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written + b"\n"


def gexf(figure: Figure, lang: str) -> bytes:
    """Write GEXF 1.3, with places, sizes and colours.

    The schema has these in its own namespace; the prefix ``viz`` is kept for programs that look for it.

    Args:
        figure: The network.
        lang: Language of labels.

    Returns:
        The document.
    """
    network, ids = figure.network, _numbered(figure)
    root = ET.Element("gexf", {"xmlns": _GEXF, "xmlns:viz": _GEXF, "version": "1.3"})
    meta = ET.SubElement(root, "meta")
    ET.SubElement(meta, "creator").text = "vetgraph"
    ET.SubElement(meta, "description").text = _clean(f"{network.title.get(lang)}. {network.description.get(lang)}")
    kind = "directed" if network.directed else "undirected"
    graph = ET.SubElement(root, "graph", {"defaultedgetype": kind, "mode": "static"})
    of_nodes = {**dict.fromkeys(_NODE_TEXTS, "string"), **_types(figure)}
    _gexf_attributes(graph, "node", of_nodes)
    _gexf_attributes(graph, "edge", dict.fromkeys(_TIE_TEXTS, "string"))
    nodes = ET.SubElement(graph, "nodes")
    for node in network.nodes.values():
        made = ET.SubElement(nodes, "node", {"id": ids[node.id], "label": _clean(node.label.get(lang))})
        _gexf_values(made, {**_node_texts(node), **figure.measures.nodes[node.id]})
        red, green, blue = (str(int(figure.colours[node.id][at : at + 2], 16)) for at in (1, 3, 5))
        ET.SubElement(made, "viz:color", {"r": red, "g": green, "b": blue})
        x, y = figure.places[node.id]
        ET.SubElement(made, "viz:position", {"x": f"{x * _SCALE:.3f}", "y": f"{-y * _SCALE:.3f}", "z": "0"})
        ET.SubElement(made, "viz:size", {"value": f"{figure.sizes[node.id] * _SCALE:.2f}"})
    edges = ET.SubElement(graph, "edges")
    for number, tie in enumerate(network.ties):
        told = {"id": f"e{number}", "source": ids[tie.source], "target": ids[tie.target], "weight": f"{tie.weight:g}"}
        label = {"label": _clean(tie.relation), "kind": _clean(tie.relation)} if tie.relation else {}
        _gexf_values(ET.SubElement(edges, "edge", {**told, **label}), _tie_texts(tie))
    return _xml(root)


def _types(figure: Figure) -> dict[str, str]:
    names = next(iter(figure.measures.nodes.values()), {})
    return {name: "integer" if name in _WHOLE else "double" for name in names}


def _gexf_attributes(graph: ET.Element, of: str, types: dict[str, str]) -> None:
    listed = ET.SubElement(graph, "attributes", {"class": of})
    for name, kind in types.items():
        ET.SubElement(listed, "attribute", {"id": name, "title": name, "type": kind})


def _gexf_values(parent: ET.Element, values: dict[str, Any]) -> None:
    listed = ET.SubElement(parent, "attvalues")
    for name, value in values.items():
        ET.SubElement(listed, "attvalue", {"for": name, "value": _clean(str(value))})


def graphml(figure: Figure, lang: str) -> bytes:
    """Write GraphML, valid against its schema also where two nodes have several ties.

    Args:
        figure: The network.
        lang: Language of the labels under ``label``.

    Returns:
        The document.
    """
    network, ids = figure.network, _numbered(figure)
    location = f"{_GRAPHML} http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd"
    root = ET.Element(
        "graphml",
        {
            "xmlns": _GRAPHML,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": location,
        },
    )
    types = {"label": "string", **dict.fromkeys(_NODE_TEXTS, "string"), **_types(figure), "x": "double", "y": "double"}
    for name, kind in types.items():
        _graphml_key(root, f"n_{name}", "node", name, kind)
    for name in _TIE_TEXTS:
        _graphml_key(root, f"e_{name}", "edge", name, "string")
    _graphml_key(root, "e_weight", "edge", "weight", "double")
    kind = "directed" if network.directed else "undirected"
    graph = ET.SubElement(root, "graph", {"id": "network", "edgedefault": kind})
    for node in network.nodes.values():
        made = ET.SubElement(graph, "node", {"id": ids[node.id]})
        x, y = figure.places[node.id]
        told = {"label": node.label.get(lang), **_node_texts(node), **figure.measures.nodes[node.id]}
        _graphml_data(made, "n_", {**told, "x": f"{x * _SCALE:.3f}", "y": f"{y * _SCALE:.3f}"})
    for number, tie in enumerate(network.ties):
        ends = {"id": f"e{number}", "source": ids[tie.source], "target": ids[tie.target]}
        _graphml_data(ET.SubElement(graph, "edge", ends), "e_", {**_tie_texts(tie), "weight": f"{tie.weight:g}"})
    return _xml(root)


def _graphml_key(root: ET.Element, key: str, of: str, name: str, kind: str) -> None:
    kind = {"integer": "int"}.get(kind, kind)
    ET.SubElement(root, "key", {"id": key, "for": of, "attr.name": name, "attr.type": kind})


def _graphml_data(parent: ET.Element, start: str, values: dict[str, Any]) -> None:
    for name, value in values.items():
        ET.SubElement(parent, "data", {"key": start + name}).text = _clean(str(value))


def _plain(figure: Figure, lang: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return nodes and ties as JSON holds them."""
    network, ids = figure.network, _numbered(figure)
    nodes = [
        {"id": ids[node.id], "label": node.label.get(lang), **_node_texts(node), **figure.measures.nodes[node.id]}
        for node in network.nodes.values()
    ]
    ties = [
        {
            "id": f"e{number}",
            "source": ids[tie.source],
            "target": ids[tie.target],
            "weight": tie.weight,
            "relation": tie.relation,
            "passages": tie.passages,
            "shared": tie.shared,
        }
        for number, tie in enumerate(network.ties)
    ]
    return nodes, ties


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def cytoscape(figure: Figure, lang: str) -> bytes:
    """Write the JSON of Cytoscape.js, which Cytoscape opens too.

    Args:
        figure: The network.
        lang: Language of labels.

    Returns:
        The document.
    """
    network = figure.network
    nodes, ties = _plain(figure, lang)
    placed = [
        {"data": {**told, "name": told["label"], "value": told["id"]}, "position": {"x": x * _SCALE, "y": y * _SCALE}}
        for told, (x, y) in zip(nodes, (figure.places[node] for node in network.nodes), strict=True)
    ]
    data = {"name": network.title.get(lang), "description": network.description.get(lang)}
    elements = {"nodes": placed, "edges": [{"data": tie} for tie in ties]}
    return _json({"data": data, "directed": network.directed, "multigraph": True, "elements": elements})


def node_link(figure: Figure, lang: str) -> bytes:
    """Write node-link JSON, as networkx and d3 read it, with the figures of the whole.

    Args:
        figure: The network.
        lang: Language of labels.

    Returns:
        The document.
    """
    network = figure.network
    nodes, ties = _plain(figure, lang)
    for told, node in zip(nodes, network.nodes, strict=True):
        told["x"], told["y"] = (round(at * _SCALE, 3) for at in figure.places[node])
    about = {"title": network.title.get(lang), "description": network.description.get(lang)}
    return _json(
        {
            "directed": network.directed,
            "multigraph": True,
            "graph": {**about, "measures": figure.measures.whole},
            "nodes": nodes,
            "edges": [{**tie, "key": tie["id"]} for tie in ties],
        }
    )


def pajek(figure: Figure, lang: str) -> bytes:
    """Write a Pajek network; its labels hold no quotes and no line breaks.

    Args:
        figure: The network.
        lang: Language of labels.

    Returns:
        The file, in UTF-8 with a byte order mark, by which Pajek knows it.
    """
    return b"\xef\xbb\xbf" + "\r\n".join(_pajek(figure, lang)).encode() + b"\r\n"


def _pajek(figure: Figure, lang: str) -> Iterator[str]:
    network = figure.network
    yield f"*Vertices {len(network.nodes)}"
    number = {node: at for at, node in enumerate(network.nodes, 1)}
    for node in network.nodes.values():
        label = re.sub(r"\s+", " ", _clean(node.label.get(lang)).replace('"', "'"))
        x, y = figure.places[node.id]
        yield f'{number[node.id]} "{label}" {x:.4f} {y:.4f} 0.5'
    yield "*Arcs" if network.directed else "*Edges"
    for tie in network.ties:
        yield f"{number[tie.source]} {number[tie.target]} {tie.weight:g}"


def dot(figure: Figure, lang: str) -> bytes:
    """Write DOT for Graphviz, with places and colours.

    Args:
        figure: The network.
        lang: Language of labels.

    Returns:
        The file.
    """
    network, ids = figure.network, _numbered(figure)
    arrow = "->" if network.directed else "--"
    lines = [
        f"{'digraph' if network.directed else 'graph'} network {{",
        f"  graph [label={_quoted(network.title.get(lang))}, overlap=false, outputorder=edgesfirst];",
        '  node [style=filled, fontcolor="#1d2327", shape=ellipse];',
    ]
    for node in network.nodes.values():
        x, y = figure.places[node.id]
        told = {"label": node.label.get(lang), "URL": node.id, "fillcolor": f"{figure.colours[node.id]}55"}
        shown = ", ".join(f"{name}={_quoted(value)}" for name, value in told.items())
        lines.append(f'  {ids[node.id]} [{shown}, pos="{x:.3f},{-y:.3f}"];')
    for tie in network.ties:
        told = {"label": tie.relation, "weight": f"{max(1, round(tie.weight))}"}
        shown = ", ".join(f"{name}={_quoted(value)}" for name, value in told.items() if value)
        lines.append(f"  {ids[tie.source]} {arrow} {ids[tie.target]} [{shown}];")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _quoted(text: str) -> str:
    return '"' + _clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "") + '"'
