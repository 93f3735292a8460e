"""Where the nodes of a picture stand: the same from run to run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from vetgraph.networks.measures import SEED

if TYPE_CHECKING:
    from vetgraph.networks.arrays import Arrays, Floats, Ints
    from vetgraph.networks.building import Network

_FEW: Final = 120
"""Up to so many nodes Kamada and Kawai's method places them best; for more it takes too long."""

_SHAPE: Final = 1.5
"""How much wider than high a picture usually is."""

_ROW: Final = 12

_LARGE: Final = 2000
_PART: Final = 1000
"""In a network of more nodes than the one, parts smaller than the other are only sketched: there may be many."""


def layout(network: Network) -> dict[str, tuple[float, float]]:
    """Place the nodes: each component by itself, the larger ones first, in rows.

    Args:
        network: The network.

    Returns:
        Coordinates by node, in units of about the distance between tied nodes.
    """
    from vetgraph.networks.arrays import Arrays

    arrays, names = Arrays.of(network), list(network.nodes)
    if not names:
        return {}
    sizes = np.bincount(arrays.components)
    members = np.split(np.argsort(arrays.components, kind="stable"), np.cumsum(sizes)[:-1])
    parts = sorted(members, key=lambda part: (-len(part), int(part[0])))
    ties = _ties(arrays)
    placed: dict[str, tuple[float, float]] = {}
    for part, (left, top, room) in zip(parts, _squares([_room(len(part)) for part in parts]), strict=True):
        quick = arrays.count > _LARGE and len(part) < _PART
        points = _place(part, ties.get(int(arrays.components[part[0]])), room * 0.36, quick=quick)
        for node, (x, y) in zip(part.tolist(), points.tolist(), strict=True):
            placed[names[node]] = (left + room / 2 + x, top + room / 2 + y)
    return placed


def _squares(rooms: list[float]) -> list[tuple[float, float, float]]:
    """Put squares, the largest first, in rows of the width that leaves them largest in a picture of usual shape."""
    whole = math.sqrt(sum(room**2 for room in rooms))
    widths = {max(sum(rooms[:count]), rooms[0]) for count in range(1, min(len(rooms), _ROW) + 1)}
    widths |= {whole * factor for factor in (1.2, 1.4, 1.6, 1.8) if whole * factor >= rooms[0]}

    def needs(width: float) -> float:
        found = _rows(rooms, width)
        across = max(left + room for left, _, room in found)
        down = max(top + room for _, top, room in found)
        return max(across / _SHAPE, down)

    return _rows(rooms, min(sorted(widths), key=needs))


def _rows(rooms: list[float], width: float) -> list[tuple[float, float, float]]:
    """Put squares in rows; of each its left side, its upper side and its length, the smaller ones in mid-height."""
    found: list[tuple[float, float, float]] = []
    left = top = height = 0.0
    for room in rooms:
        if left and left + room > width * 1.0001:
            left, top, height = 0.0, top + height, 0.0
        height = max(height, room)
        found.append((left, top + (height - room) / 2, room))
        left += room
    return found


def _room(count: int) -> float:
    """Return the side of the square that so many nodes need."""
    return 2.2 + 1.9 * math.sqrt(count)


def _ties(arrays: Arrays) -> dict[int, Ints]:
    """Return the tied pairs of each component that has some."""
    of = arrays.components[arrays.ends[0]]
    order = np.argsort(of, kind="stable")
    numbers, starts = np.unique(of[order], return_index=True)
    parts = np.split(arrays.ends[:, order], starts[1:], axis=1)
    return dict(zip(numbers.tolist(), parts, strict=False))  # without ties there is one part and no number


def _place(part: Ints, ties: Ints | None, radius: float, *, quick: bool) -> Floats:
    """Place the nodes of a component around the origin."""
    if ties is None:
        return np.zeros((len(part), 2))
    ends = np.searchsorted(part, ties)
    if len(part) <= _FEW and not quick:
        import networkx as nx

        graph: nx.Graph[int] = nx.Graph()
        graph.add_nodes_from(range(len(part)))
        graph.add_edges_from(ends.T.tolist())
        found = nx.kamada_kawai_layout(graph, weight=None)
        points = np.array([found[node] for node in range(len(part))])
    else:
        from vetgraph.networks.arrays import Arrays
        from vetgraph.networks.forces import place, sketch

        ones = np.ones(ends.shape[1])
        points = (sketch if quick else place)(Arrays(len(part), ends, ones, ends, ones), SEED)
    points = points - (points.max(axis=0) + points.min(axis=0)) / 2
    return np.asarray(points * (radius / max(float(np.abs(points).max()), 1e-9)))
