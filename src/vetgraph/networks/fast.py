"""The figures of a large network by networkit and scipy: those of networkx, some ten to some hundred times as fast."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vetgraph.networks.forests import Forest, is_forest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.networks.arrays import Arrays, Floats, Ints

NAME: Final = "networkit"
EXACT_PATHS: Final = 100_000_000
"""Betweenness follows paths from all nodes where nodes times pairs are not more than this (some seconds)."""

SAMPLES: Final = 256
"""Else from so many, drawn with a fixed seed."""

LONGEST: Final = 100_000_000
"""Where a network is a long chain, distances are followed if nodes times nodes and pairs are not more than this."""

_BLOCK: Final = 16
_DEEPEST: Final = 64
_DAMPING: Final = 0.85
_ONE: Final = Lock()
"""networkit keeps its seed and its number of threads for the whole process."""


@contextmanager
def _alone(seed: int | None = None) -> Iterator[Any]:
    """Give networkit to one thread at a time; with a seed, in a single thread, so that results are always the same."""
    import networkit as nk

    with _ONE:
        before = nk.getMaxNumberOfThreads()
        if seed is not None:
            nk.setSeed(seed, False)  # noqa: FBT003 - networkit takes no keyword here
            nk.setNumberOfThreads(1)
        try:
            yield nk
        except RuntimeError as error:
            if "SIGINT" in str(error):  # networkit's own handler has taken the Ctrl-C
                raise KeyboardInterrupt from None
            raise
        finally:
            nk.setNumberOfThreads(before)


class Fast:
    """What networkit and scipy say of a network."""

    def __init__(self, arrays: Arrays, seed: int) -> None:
        """Take a network.

        Args:
            arrays: The network.
            seed: What communities and samples are found with.
        """
        self.arrays = arrays
        self._seed = seed
        self._forest = Forest(arrays) if is_forest(arrays) else None
        pairs = arrays.ends.shape[1]
        large = arrays.count * pairs > EXACT_PATHS and arrays.count > SAMPLES
        self.sampled = SAMPLES if large and self._forest is None else 0
        """From how many nodes paths are followed, where not from all."""

    def _graph(self, nk: Any, *, weighted: bool = False) -> Any:  # noqa: ANN401 - networkit has no types
        ends = tuple(self.arrays.ends.astype(np.uint64))
        weights = self.arrays.pulls if weighted else np.ones(self.arrays.ends.shape[1])
        made = nk.Graph(self.arrays.count, weighted=weighted)
        if len(weights):
            made = nk.graph.GraphFromCoo((weights, ends), n=self.arrays.count, weighted=weighted)
        return made

    def betweenness(self) -> Floats:
        """Return the betweenness of each node, estimated (Geisberger and others 2008) where the network is large."""
        if self.arrays.count <= 2:  # noqa: PLR2004 - nothing lies between two
            return np.zeros(self.arrays.count)
        if self._forest is not None:
            return self._forest.betweenness().round(12)
        with _alone(self._seed if self.sampled else None) as nk:
            graph = self._graph(nk)
            if self.sampled:
                asked = nk.centrality.EstimateBetweenness(graph, self.sampled, normalized=True)
            else:
                asked = nk.centrality.Betweenness(graph, normalized=True)
            return np.array(asked.run().scores()).round(12)  # threads add in any order

    def closeness(self) -> tuple[Floats, int | None, float | None]:
        """Return the closeness of each node, and diameter and average path length of the largest component."""
        count = self.arrays.count
        told = _distances(self.arrays) if self._forest is None else self._forest.distances()
        if told is None and count * (count + self.arrays.ends.shape[1]) > LONGEST:
            return np.full(count, np.nan), None, None
        far, reached, furthest = told or self._searched()
        scale = reached * reached / max(count - 1, 1)
        found = np.divide(scale, far, out=np.zeros(count), where=far > 0)
        sizes = np.bincount(self.arrays.components)
        if not len(sizes) or sizes.max() <= 1:
            return found, None, None
        part = self.arrays.components == int(sizes.argmax())
        pairs = int(sizes.max()) * (int(sizes.max()) - 1)
        return found, int(furthest[part].max()), float(far[part].sum() / pairs)

    def _searched(self) -> tuple[Floats, Floats, Ints]:
        """Follow the ties from each node in turn, which long chains need."""
        from scipy.sparse import csgraph

        matrix, count = self.arrays.matrix(), self.arrays.count
        far, reached, furthest = np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.int64)
        for first in range(0, count, 64):
            some = np.arange(first, min(first + 64, count))
            steps = csgraph.shortest_path(matrix, unweighted=True, indices=some)
            steps[np.isinf(steps)] = 0
            far[some], reached[some], furthest[some] = steps.sum(axis=1), (steps > 0).sum(axis=1), steps.max(axis=1)
        return far, reached, furthest

    def pagerank(self) -> Floats:
        """Return the PageRank of each node, by weight; where no arc leads on, to any node alike, as networkx does."""
        from scipy.sparse import csr_array

        count = self.arrays.count
        if not count:
            return np.zeros(0)
        here, there = self.arrays.arcs
        out = np.bincount(here, weights=self.arrays.flows, minlength=count)
        share = self.arrays.flows / np.where(out > 0, out, 1)[here]
        step = csr_array((share, (there, here)), shape=(count, count))
        rank = np.full(count, 1 / count)
        for _ in range(1000):
            before = rank
            rank = _DAMPING * (step @ rank + rank[out == 0].sum() / count) + (1 - _DAMPING) / count
            if np.abs(rank - before).sum() < count * 1e-10:
                break
        return np.asarray(rank)

    def core(self) -> Ints:
        """Return the core number of each node."""
        with _alone() as nk:
            graph = self._graph(nk)  # kept, since networkit does not
            return np.array(nk.centrality.CoreDecomposition(graph).run().scores()).astype(np.int64)

    def clustering(self) -> Floats:
        """Return the clustering of each node."""
        with _alone() as nk:
            graph = self._graph(nk)
            found = nk.centrality.LocalClusteringCoefficient(graph, turbo=True).run().scores()
        return np.where(self.arrays.degrees > 1, np.nan_to_num(np.array(found)), 0.0)

    def communities(self) -> Ints:
        """Return the number of the community of each node, by the Louvain method with refinement, in one thread."""
        with _alone(self._seed) as nk:
            graph = self._graph(nk, weighted=True)
            found = nk.community.PLM(graph, refine=True, gamma=1.0, par="none").run()
            return np.array(found.getPartition().getVector(), dtype=np.int64)

    def cuts(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Return articulation points and bridges (Tarjan 1972); networkit's own search for them crashes at times."""
        points: set[int] = set()
        bridges: list[tuple[int, int]] = []
        matrix = self.arrays.matrix()
        starts, around = matrix.indptr.tolist(), matrix.indices.tolist()
        found, low = [0] * self.arrays.count, [0] * self.arrays.count
        for root in range(self.arrays.count):
            if not found[root]:
                _search(root, starts, around, found, low, points, bridges)
        return sorted(points), sorted(bridges)


def _search(  # noqa: PLR0913, PLR0917 - the state of one search over all components
    root: int,
    starts: list[int],
    around: list[int],
    found: list[int],
    low: list[int],
    points: set[int],
    bridges: list[tuple[int, int]],
) -> None:
    """Search a component in depth: ``found`` counts nodes as met, ``low`` is the first that a branch leads back to."""
    count = found[root] = low[root] = 1
    next_at = {root: starts[root]}
    path, branches = [root], 0
    while path:
        node = path[-1]
        at = next_at[node]
        if at < starts[node + 1]:
            next_at[node] = at + 1
            other = around[at]
            if not found[other]:
                count += 1
                found[other] = low[other] = count
                next_at[other] = starts[other]
                path.append(other)
            elif len(path) == 1 or other != path[-2]:
                low[node] = min(low[node], found[other])
            continue
        path.pop()
        if not path:
            break
        above = path[-1]
        low[above] = min(low[above], low[node])
        if low[node] > found[above]:
            bridges.append((min(above, node), max(above, node)))
        if above == root:
            branches += 1
        elif low[node] >= found[above]:
            points.add(above)
    if branches > 1:
        points.add(root)


def _distances(arrays: Arrays) -> tuple[Floats, Floats, Ints] | None:
    """Search from all nodes at once, a bit for each (Then and others 2014: "The More the Merrier").

    Returns:
        Of each node: the distances to all that it reaches, added; how many these are; the largest distance. Or nothing
        where the network is so long that this does not pay.
    """
    count, matrix = arrays.count, arrays.matrix()
    rows = np.flatnonzero(np.diff(matrix.indptr))
    starts = matrix.indptr[:-1][rows]
    far, reached, furthest = np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.int64)
    for first in range(0, count, 64 * _BLOCK):
        some = np.arange(first, min(first + 64 * _BLOCK, count))
        seen = np.zeros((count, _BLOCK), dtype=np.uint64)
        seen[some, (some - first) // 64] = np.uint64(1) << ((some - first) % 64).astype(np.uint64)
        front = seen
        for step in range(1, _DEEPEST + 2):
            if step > _DEEPEST:
                return None
            reach = np.zeros_like(seen)
            if len(rows):
                reach[rows] = np.bitwise_or.reduceat(front[matrix.indices], starts, axis=0)
            reach &= ~seen
            found = np.bitwise_count(reach).sum(axis=1)
            if not found.any():
                break
            far += step * found
            reached += found
            furthest[found > 0] = np.maximum(furthest[found > 0], step)
            seen, front = seen | reach, reach
    return far, reached, furthest
