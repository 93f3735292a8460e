"""The figures of a network by networkx: exact, and fast enough for some hundreds of nodes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vetgraph.networks.arrays import Arrays, Floats, Ints

NAME: Final = "networkx"


class Exact:
    """What networkx says of a network."""

    sampled = 0
    """From how many nodes paths were followed, where not from all."""

    def __init__(self, arrays: Arrays, seed: int) -> None:
        """Take a network.

        Args:
            arrays: The network.
            seed: What communities are found with.
        """
        self.arrays = arrays
        self._seed = seed

    @cached_property
    def _graph(self) -> nx.Graph[int]:
        made: nx.Graph[int] = nx.Graph()
        made.add_nodes_from(range(self.arrays.count))
        (low, high), weights = self.arrays.ends.tolist(), self.arrays.pulls.tolist()
        made.add_weighted_edges_from(zip(low, high, weights, strict=True))
        return made

    def _column(self, values: Mapping[int, float]) -> Floats:
        return np.array([values[node] for node in range(self.arrays.count)], dtype=np.float64)

    def betweenness(self) -> Floats:
        """Return the betweenness of each node (Brandes 2001), paths counted in ties."""
        return self._column(nx.betweenness_centrality(self._graph))

    def closeness(self) -> tuple[Floats, int | None, float | None]:
        """Return the closeness of each node, and diameter and average path length of the largest component."""
        found = self._column(nx.closeness_centrality(self._graph))
        largest = max(nx.connected_components(self._graph), key=lambda part: (len(part), -min(part)), default=set())
        if len(largest) <= 1:
            return found, None, None
        part = self._graph.subgraph(largest)
        return found, nx.diameter(part), float(nx.average_shortest_path_length(part))

    def pagerank(self) -> Floats:
        """Return the PageRank of each node, by weight."""
        made: nx.DiGraph[int] = nx.DiGraph()
        made.add_nodes_from(range(self.arrays.count))
        (here, there), flows = self.arrays.arcs.tolist(), self.arrays.flows.tolist()
        made.add_weighted_edges_from(zip(here, there, flows, strict=True))
        return self._column(nx.pagerank(made, weight="weight", tol=1e-10, max_iter=1000) if made else {})

    def core(self) -> Ints:
        """Return the core number of each node (Batagelj and Zaveršnik 2003)."""
        return self._column(nx.core_number(self._graph)).astype(np.int64)

    def clustering(self) -> Floats:
        """Return the clustering of each node, ties counted without weights."""
        found = nx.clustering(self._graph)
        return self._column(found if isinstance(found, dict) else {})

    def communities(self) -> Ints:
        """Return the number of the community of each node, by the Louvain method (Blondel and others 2008)."""
        found = nx.community.louvain_communities(self._graph, weight="weight", seed=self._seed)
        place = np.zeros(self.arrays.count, dtype=np.int64)
        for number, group in enumerate(found):
            place[list(group)] = number
        return place

    def cuts(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Return articulation points and bridges."""
        ends: list[tuple[int, int]] = list(nx.bridges(self._graph))  # type: ignore[arg-type,unused-ignore]
        return sorted(nx.articulation_points(self._graph)), sorted((min(pair), max(pair)) for pair in ends)
