"""A network as arrays of numbers, which is what both engines measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vetgraph.networks.building import Network

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Arrays:
    """Nodes by number; directions and loops left aside, and one tie for each pair.

    Attributes:
        count: Number of nodes.
        ends: Two rows: the smaller and the larger number of each tied pair.
        weights: Weight of each pair: the weights of its ties, added.
        arcs: Two rows: from and to, loops too; both ways where the network has no direction.
        flows: Weight of each arc; a negative one counts as 0.
    """

    count: int
    ends: Ints
    weights: Floats
    arcs: Ints
    flows: Floats

    @classmethod
    def of(cls, network: Network) -> Self:
        """Number the nodes of a network in their order.

        Args:
            network: The network.

        Returns:
            The arrays.
        """
        number = {node: at for at, node in enumerate(network.nodes)}
        count, ties = len(number), network.ties
        sources = np.array([number[tie.source] for tie in ties], dtype=np.int64)
        targets = np.array([number[tie.target] for tie in ties], dtype=np.int64)
        weights = np.array([tie.weight for tie in ties], dtype=np.float64)
        apart = sources != targets
        low, high = np.minimum(sources, targets)[apart], np.maximum(sources, targets)[apart]
        ends, added = _merged(low, high, weights[apart], count)
        if network.directed:
            arcs, flows = _merged(sources, targets, weights, count)
        else:
            here, there = np.r_[sources, targets[apart]], np.r_[targets, sources[apart]]
            arcs, flows = _merged(here, there, np.r_[weights, weights[apart]], count)
        return cls(count, ends, added, arcs, np.maximum(flows, 0))

    @cached_property
    def degrees(self) -> Ints:
        """How many nodes each node is tied to."""
        return np.bincount(self.ends.ravel(), minlength=self.count).astype(np.int64)

    @cached_property
    def strengths(self) -> Floats:
        """The weights of each node's ties, added."""
        both = np.r_[self.weights, self.weights]
        return np.bincount(self.ends.ravel(), weights=both, minlength=self.count).astype(np.float64)

    @cached_property
    def pulls(self) -> Floats:
        """The weights of the pairs, none negative; all 1 where none is positive."""
        kept = np.maximum(self.weights, 0)
        return kept if kept.any() else np.ones_like(kept)

    @cached_property
    def components(self) -> Ints:
        """The number of the component of each node."""
        from scipy.sparse import csgraph

        return np.asarray(csgraph.connected_components(self.matrix(), directed=False)[1], dtype=np.int64)

    def matrix(self, weights: Floats | None = None) -> Any:  # noqa: ANN401 - scipy has no types
        """Return the symmetric matrix of the tied pairs.

        Args:
            weights: What to put in it; 1 for each pair by default.

        Returns:
            A sparse array in rows.
        """
        from scipy.sparse import csr_array

        (low, high), told = self.ends, np.ones(self.ends.shape[1]) if weights is None else weights
        return csr_array((np.r_[told, told], (np.r_[low, high], np.r_[high, low])), shape=(self.count, self.count))


def _merged(here: Ints, there: Ints, weights: Floats, count: int) -> tuple[Ints, Floats]:
    """Make one of the ties between the same two nodes, weights added."""
    keys, place = np.unique(here * max(count, 1) + there, return_inverse=True)
    added = np.bincount(place, weights=weights, minlength=len(keys)).astype(np.float64)
    return np.vstack([keys // max(count, 1), keys % max(count, 1)]), added
