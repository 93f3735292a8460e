"""Paths in a network without cycles, as a chain or a star: two nodes have one between them, so all are told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from vetgraph.networks.arrays import Arrays, Floats, Ints


class Forest:
    """A network whose components are trees: each has one tie less than it has nodes."""

    def __init__(self, arrays: Arrays) -> None:
        """Take a network.

        Args:
            arrays: The network; ``is_forest`` says yes of it.
        """
        self._count = arrays.count
        self._sizes = np.bincount(arrays.components)[arrays.components]
        """The size of each node's component."""
        self._order, self._parents = _hung(arrays)
        below = [1] * arrays.count
        for node in reversed(self._order):
            if self._parents[node] >= 0:
                below[self._parents[node]] += below[node]
        self._below = np.array(below, dtype=np.int64)
        """How many nodes hang on each, itself among them."""

    def betweenness(self) -> Floats:
        """Return the betweenness of each node: of two nodes in different branches the path goes through it."""
        squares = np.square((self._sizes - self._below).astype(np.float64))  # the branch above
        child = np.array(self._parents) >= 0
        np.add.at(squares, np.array(self._parents)[child], np.square(self._below[child].astype(np.float64)))
        between = (np.square(self._sizes - 1.0) - squares) / 2
        return np.asarray(between / max((self._count - 1) * (self._count - 2) / 2, 1), dtype=np.float64)

    def distances(self) -> tuple[Floats, Floats, Ints]:
        """Return of each node: the distances to all that it reaches, added; how many these are; the largest of them."""
        deep, far = [0] * self._count, [0] * self._count
        below, sizes = self._below.tolist(), self._sizes.tolist()
        first, second = [0] * self._count, [0] * self._count  # the longest ways down, by two different branches
        for node in reversed(self._order):
            above = self._parents[node]
            if above >= 0:
                deep[above] += deep[node] + below[node]
                way = first[node] + 1
                first[above], second[above] = (
                    (way, first[above]) if way > first[above] else (first[above], max(second[above], way))
                )
        longest = list(first)
        up = [0] * self._count
        for node in self._order:
            above = self._parents[node]
            if above < 0:
                far[node] = deep[node]
                continue
            far[node] = far[above] + sizes[node] - 2 * below[node]
            other = second[above] if first[above] == first[node] + 1 else first[above]
            up[node] = 1 + max(up[above], other)
            longest[node] = max(first[node], up[node])
        reached = (self._sizes - 1).astype(np.float64)
        return np.array(far, dtype=np.float64), reached, np.array(longest, dtype=np.int64)


def _hung(arrays: Arrays) -> tuple[list[int], list[int]]:
    """Hang each tree on one of its nodes: the nodes, each after what it hangs on, and what that is, -1 for none."""
    matrix = arrays.matrix()
    starts, around = matrix.indptr.tolist(), matrix.indices.tolist()
    parents, order = [-1] * arrays.count, np.unique(arrays.components, return_index=True)[1].tolist()
    for node in order:  # it grows while it is read
        for other in around[starts[node] : starts[node + 1]]:
            if other != parents[node]:
                parents[other] = node
                order.append(other)
    return order, parents


def is_forest(arrays: Arrays) -> bool:
    """Tell whether a network has no cycles.

    Args:
        arrays: The network.

    Returns:
        Whether each component has one tie less than it has nodes.
    """
    return arrays.count > 0 and arrays.ends.shape[1] == arrays.count - len(np.unique(arrays.components))
