"""Cytoscape.js JSON, node-link JSON, JSON Graph Format, Pajek and DOT.

Nodes are called ``n0``, ``n1`` … and have their IRI as an attribute.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from vetgraph.export.attributes import SCALE, clean, numbered, of_node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.export.figure import Figure


def _plain(figure: Figure, lang: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return nodes and ties as JSON holds them."""
    network, ids = figure.network, numbered(figure.network)
    nodes = [
        {**of_node(figure, node), "id": ids[node.id], "label": node.label.get(lang)} for node in network.nodes.values()
    ]
    ties = [
        {
            "id": f"e{number}",
            "source": ids[tie.source],
            "target": ids[tie.target],
            "weight": tie.weight,
            "relation": tie.relation,
            "tie_label": tie.label,
            "years": tie.years,
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
        {"data": {**told, "name": told["label"], "value": told["id"]}, "position": {"x": x * SCALE, "y": y * SCALE}}
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
        told["x"], told["y"] = (round(at * SCALE, 3) for at in figure.places[node])
    about = {"title": network.title.get(lang), "description": network.description.get(lang), "modes": network.modes}
    for language in ("zh", "en"):
        about[f"title_{language}"] = network.title.get(language)
        about[f"description_{language}"] = network.description.get(language)
    return _json(
        {
            "directed": network.directed,
            "multigraph": True,
            "graph": {**about, "measures": figure.measures.whole, **_cuts(figure)},
            "nodes": nodes,
            "edges": [{**tie, "key": tie["id"]} for tie in ties],
        }
    )


def _cuts(figure: Figure) -> dict[str, Any]:
    ids, measures = numbered(figure.network), figure.measures
    return {
        "articulation": [ids[node] for node in measures.articulation],
        "bridges": [[ids[one], ids[other]] for one, other in measures.bridges],
        "engine": measures.engine,
        "sampled": measures.sampled,
    }


def json_graph(figure: Figure, lang: str) -> bytes:
    """Write the JSON Graph Format, version 2.

    Args:
        figure: The network.
        lang: Language of labels.

    Returns:
        The document.
    """
    network = figure.network
    nodes, ties = _plain(figure, lang)
    told = {
        each.pop("id"): {"label": each.pop("label"), "metadata": {**each, "x": x * SCALE, "y": y * SCALE}}
        for each, (x, y) in zip(nodes, (figure.places[node] for node in network.nodes), strict=True)
    }
    edges = [
        {
            "id": tie["id"],
            "source": tie["source"],
            "target": tie["target"],
            "relation": tie["relation"],
            "label": tie["tie_label"] or tie["relation"],
            "directed": network.directed,
            "metadata": {name: tie[name] for name in ("weight", "years", "shared", "passages")},
        }
        for tie in ties
    ]
    about = {"description": network.description.get(lang), "measures": figure.measures.whole, **_cuts(figure)}
    graph = {"label": network.title.get(lang), "directed": network.directed, "metadata": about}
    return _json({"graph": {**graph, "nodes": told, "edges": edges}})


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
        label = _pajek_text(node.label.get(lang))
        x, y = figure.places[node.id]
        yield f'{number[node.id]} "{label}" {x:.4f} {y:.4f} 0.5'
    yield "*Arcs" if network.directed else "*Edges"
    for tie in network.ties:
        name = f' l "{_pajek_text(tie.label or tie.relation)}"' if tie.label or tie.relation else ""
        yield f"{number[tie.source]} {number[tie.target]} {tie.weight:.9g}{name}"


def _pajek_text(text: str) -> str:
    return re.sub(r"\s+", " ", clean(text).replace('"', "'").replace("\\", "/"))


def dot(figure: Figure, lang: str) -> bytes:
    """Write DOT for Graphviz, with places and colours.

    Args:
        figure: The network.
        lang: Language of labels.

    Returns:
        The file.
    """
    network, ids = figure.network, numbered(figure.network)
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
        told = {"label": tie.label or tie.relation, "weight": f"{max(1, round(tie.weight))}"}
        shown = ", ".join(f"{name}={_quoted(value)}" for name, value in told.items() if value)
        lines.append(f"  {ids[tie.source]} {arrow} {ids[tie.target]} [{shown}];")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _quoted(text: str) -> str:
    return '"' + clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "") + '"'
