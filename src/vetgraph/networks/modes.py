"""Figures of a two-mode network, in which ties only lead from one kind of node to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from vetgraph.networks.arrays import Arrays, Floats

_MOST: Final = 30_000_000
"""How many pairs of a node and a neighbour's neighbour are looked at; with more, no clustering is told."""


def of_nodes(arrays: Arrays, first: Any) -> dict[str, Floats]:  # noqa: ANN401 - an array of bool
    """Measure each node.

    Args:
        arrays: The network.
        first: Whether a node is of the first mode, for each.

    Returns:
        Degree as a share of the other mode, and clustering (Latapy, Magnien and Del Vecchio 2008, ``cc•``); empty
        where it has no meaning.
    """
    others = np.where(first, (~first).sum(), first.sum())
    share = np.divide(arrays.degrees, others, out=np.full(arrays.count, np.nan), where=others > 0)
    shared = _shared(arrays)
    if shared is None:
        return {"degree_two_mode": share, "clustering_two_mode": np.full(arrays.count, np.nan)}
    one, other = shared.coords
    union = arrays.degrees[one] + arrays.degrees[other] - shared.data
    added = np.bincount(one, weights=shared.data / union, minlength=arrays.count)
    met = np.bincount(one, minlength=arrays.count)
    return {
        "degree_two_mode": share,
        "clustering_two_mode": np.divide(added, met, out=np.full(arrays.count, np.nan), where=met > 0),
    }


def of_whole(arrays: Arrays, first: Any) -> dict[str, float | int | None]:  # noqa: ANN401 - an array of bool
    """Measure the whole.

    Args:
        arrays: The network.
        first: Whether a node is of the first mode, for each.

    Returns:
        The nodes of each mode, the density between them, and how many paths of three ties close to a square
        (Robins and Alexander 2004).
    """
    one, two = int(first.sum()), int((~first).sum())
    pairs = arrays.ends.shape[1]
    closed: float | None = None
    shared = _shared(arrays)
    low, high = arrays.ends
    paths = float(((arrays.degrees[low] - 1) * (arrays.degrees[high] - 1)).sum())
    if shared is not None and paths:
        # each square is counted at four of its pairs of opposite nodes: two pairs, both ways
        squares = float((shared.data * (shared.data - 1) / 2).sum()) / 4
        closed = 4 * squares / paths
    return {
        "first_mode": one,
        "second_mode": two,
        "density_two_mode": pairs / (one * two) if one and two else None,
        "clustering_two_mode": closed,
    }


def _shared(arrays: Arrays) -> Any:  # noqa: ANN401 - scipy has no types
    """Return how many neighbours two nodes share, for each such pair, both ways; nothing where they are too many."""
    if float((arrays.degrees.astype(np.float64) ** 2).sum()) > _MOST:
        return None
    matrix = arrays.matrix()
    found = (matrix @ matrix).tocoo()
    apart = found.coords[0] != found.coords[1]
    from scipy.sparse import coo_array

    ends = (found.coords[0][apart], found.coords[1][apart])
    return coo_array((found.data[apart], ends), shape=found.shape)
