"""Figures that both engines leave to numpy and scipy: they are cheap for any size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.networks.arrays import Arrays, Floats, Ints

_DENSE: Final = 256


def eigenvector(arrays: Arrays) -> Floats:
    """Return the eigenvector centrality of each node (Bonacich 1972) within its component, by weight.

    Args:
        arrays: The network.

    Returns:
        Scores, the greatest of each component 1; not a number for a node without ties.
    """
    found = np.full(arrays.count, np.nan)
    matrix = arrays.matrix(arrays.pulls)
    order = np.argsort(arrays.components, kind="stable")
    for part in np.split(order, np.cumsum(np.bincount(arrays.components))[:-1]) if arrays.count else []:
        if len(part) > 1:
            scores = np.abs(_leading(matrix[part][:, part]))
            if scores.max() > 0:
                found[part] = scores / scores.max()
    return found


def _leading(matrix: object) -> Floats:
    from scipy.sparse import csr_array, linalg

    weights = csr_array(matrix)
    if weights.shape[0] <= _DENSE:
        return np.asarray(np.linalg.eigh(weights.toarray())[1][:, -1])
    start = np.ones(weights.shape[0])
    try:
        return np.asarray(linalg.eigsh(weights, k=1, which="LA", v0=start, tol=1e-12, maxiter=200)[1][:, 0])
    except linalg.ArpackNoConvergence:  # a long chain has many eigenvectors that hardly differ
        return np.full(weights.shape[0], np.nan)


def transitivity(arrays: Arrays, clustering: Floats) -> float | None:
    """Return the share of connected triples that are triangles.

    Args:
        arrays: The network.
        clustering: Clustering of each node.

    Returns:
        The share, or nothing where no node has two ties.
    """
    triples = arrays.degrees * (arrays.degrees - 1) / 2
    return float((triples * clustering).sum() / triples.sum()) if triples.any() else None


def modularity(arrays: Arrays, place: Ints) -> float | None:
    """Return the modularity of communities (Newman 2004), by weight.

    Args:
        arrays: The network.
        place: The number of the community of each node, from 0.

    Returns:
        The modularity, or nothing where there are no ties.
    """
    if not arrays.ends.shape[1]:
        return None
    low, high = arrays.ends
    total = float(arrays.pulls.sum())
    within = float(arrays.pulls[place[low] == place[high]].sum())
    ends = np.bincount(place[arrays.ends.ravel()], weights=np.r_[arrays.pulls, arrays.pulls])
    return within / total - float(((ends / (2 * total)) ** 2).sum())


def assortativity(arrays: Arrays, kinds: Sequence[str]) -> float | None:
    """Return how much more like is tied to like than by chance (Newman 2003), among the nodes of known kind.

    Args:
        arrays: The network.
        kinds: The kind of each node; empty where it is unknown.

    Returns:
        From -1 to 1, or nothing where there are no ties between known ones, or all are of one kind.
    """
    names = {name: number for number, name in enumerate(sorted({kind for kind in kinds if kind}))}
    number = np.array([names.get(kind, -1) for kind in kinds], dtype=np.int64)
    low, high = number[arrays.ends[0]], number[arrays.ends[1]]
    known = (low >= 0) & (high >= 0)
    if not known.any():
        return None
    mixing = np.zeros((len(names), len(names)))
    np.add.at(mixing, (np.r_[low[known], high[known]], np.r_[high[known], low[known]]), 1)
    mixing /= mixing.sum()
    chance = float((mixing.sum(axis=0) * mixing.sum(axis=1)).sum())
    return None if chance > 1 - 1e-12 else (float(np.trace(mixing)) - chance) / (1 - chance)


def reciprocity(arrays: Arrays) -> float | None:
    """Return the share of arcs between two nodes that have one back.

    Args:
        arrays: The network, with directions.

    Returns:
        The share, or nothing where there are no arcs.
    """
    here, there = arrays.arcs
    apart = here != there
    told = set(zip(here[apart].tolist(), there[apart].tolist(), strict=True))
    return sum((there, here) in told for here, there in told) / len(told) if told else None
