"""Where the nodes of a picture stand: the same from run to run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from vetgraph.networks.measures import SEED, simple_graph

if TYPE_CHECKING:
    import networkx as nx

    from vetgraph.networks.building import Network

_FEW: Final = 400


def layout(network: Network) -> dict[str, tuple[float, float]]:
    """Place the nodes: each component by itself, the larger ones first, in rows.

    Args:
        network: The network.

    Returns:
        Coordinates by node, in units of about the distance between tied nodes.
    """
    import networkx as nx

    graph = simple_graph(network)
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    placed: dict[str, tuple[float, float]] = {}
    width = math.sqrt(sum(_room(len(part)) ** 2 for part in parts)) * 1.7
    left = top = height = 0.0
    for part in parts:
        room = _room(len(part))
        if left and left + room > width:
            left, top, height = 0.0, top + height, 0.0
        for node, (x, y) in _place(_sorted(graph, part), room * 0.36).items():
            placed[node] = (left + room / 2 + x, top + room / 2 + y)
        left, height = left + room, max(height, room)
    return placed


def _sorted(graph: nx.Graph[str], part: set[str]) -> nx.Graph[str]:
    """Return a part with its nodes in order: networkx's own subgraphs have another order in each process."""
    import networkx as nx

    made: nx.Graph[str] = nx.Graph()
    made.add_nodes_from(sorted(part))
    made.add_edges_from(sorted((min(edge), max(edge)) for edge in graph.subgraph(part).edges))
    return made


def _room(count: int) -> float:
    """Return the side of the square that so many nodes need."""
    return 2.2 + 1.9 * math.sqrt(count)


def _place(part: object, radius: float) -> dict[str, tuple[float, float]]:
    import networkx as nx
    import numpy as np

    graph: nx.Graph[str] = part  # type: ignore[assignment]
    if len(graph) == 1:
        return {next(iter(graph)): (0.0, 0.0)}
    if len(graph) <= _FEW:
        found = nx.kamada_kawai_layout(graph, weight=None)
    else:
        found = nx.spring_layout(graph, seed=SEED, iterations=60)
    points = np.array([found[node] for node in graph])
    points -= points.mean(axis=0)
    points *= radius / max(float(np.abs(points).max()), 1e-9)
    return {node: (float(x), float(y)) for node, (x, y) in zip(graph, points, strict=True)}
