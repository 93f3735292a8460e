"""What can be counted of a network, of each node and of the whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from vetgraph.errors import Text, UsageError
from vetgraph.networks.meanings import GRAPH_MEASURES, NODE_MEASURES
from vetgraph.networks.progress import report

if TYPE_CHECKING:
    import networkx as nx

    from vetgraph.networks.arrays import Arrays, Floats, Ints
    from vetgraph.networks.building import Network

__all__ = ["ENGINES", "GRAPH_MEASURES", "NODE_MEASURES", "SEED", "SMALL", "Measures", "measure", "simple_graph"]

SEED: Final = 20250101
"""Communities, samples and layouts are the same from run to run."""

SMALL: Final = 200_000
"""Up to so many nodes times ties networkx measures, above networkit (``benchmarks/networks.py``)."""

ENGINES: Final = ("auto", "networkx", "networkit")

_WHOLE_NUMBERS: Final = frozenset({"degree", "core", "community", "articulation", "in_degree", "out_degree"})


@dataclass(frozen=True)
class Measures:
    """The figures of a network.

    Attributes:
        whole: Figures of the whole, by name; ``None`` where one has no meaning.
        nodes: Figures of each node, by its ``id`` and name: numbers, ``None`` where one has no meaning.
        articulation: The nodes without which a component falls apart.
        bridges: The pairs of tied nodes without whose tie a component falls apart.
        engine: Which engine counted: ``networkx`` or ``networkit``.
        sampled: From how many nodes the paths of betweenness were followed; 0 where from all, which is exact.
    """

    whole: dict[str, float | int | None]
    nodes: dict[str, dict[str, Any]]
    articulation: list[str] = field(default_factory=list)
    bridges: list[tuple[str, str]] = field(default_factory=list)
    engine: str = "networkx"
    sampled: int = 0


class Engine(Protocol):
    """What counts; nodes are numbers, and results are arrays with a place for each."""

    sampled: int

    def betweenness(self) -> Floats:
        """Return the betweenness of each node."""

    def closeness(self) -> tuple[Floats, int | None, float | None]:
        """Return the closeness of each node, and diameter and average path length of the largest component."""

    def pagerank(self) -> Floats:
        """Return the PageRank of each node."""

    def core(self) -> Ints:
        """Return the core number of each node."""

    def clustering(self) -> Floats:
        """Return the clustering of each node."""

    def communities(self) -> Ints:
        """Return the number of the community of each node."""

    def cuts(self) -> tuple[list[int], list[tuple[int, int]]]:
        """Return articulation points and bridges."""


def measure(network: Network, engine: str = "auto") -> Measures:
    """Measure a network: directions are left aside where a figure does not say otherwise, several ties are one.

    Long work can be followed and stopped: ``vetgraph.networks.progress.reporting``.

    Args:
        network: The network.
        engine: ``networkx``, ``networkit`` (for large networks), or ``auto``: by the size.

    Returns:
        The figures.

    Raises:
        UsageError: There is no such engine.
    """
    from vetgraph.networks.arrays import Arrays

    arrays = Arrays.of(network)
    name, found = _engine(arrays, engine)
    counted = _Counted(network, arrays, found)
    columns = counted.columns()
    names = list(network.nodes)
    listed = {each: _plain(columns[each], whole=each in _WHOLE_NUMBERS) for each in NODE_MEASURES}
    nodes = {node: {each: listed[each][at] for each in NODE_MEASURES} for at, node in enumerate(names)}
    points, bridges = counted.cuts
    return Measures(
        counted.whole(columns),
        nodes,
        [names[point] for point in points],
        [(names[one], names[other]) for one, other in bridges],
        name,
        found.sampled,
    )


def _engine(arrays: Arrays, asked: str) -> tuple[str, Engine]:
    if asked not in ENGINES:
        known = ", ".join(ENGINES)
        raise UsageError(
            Text(f"没有计算引擎 {asked}", f"there is no engine {asked}"),
            Text(f"可用：{known}", f"use one of {known}"),
        )
    small = arrays.count * arrays.ends.shape[1] <= SMALL
    if asked == "networkx" or (asked == "auto" and small):
        from vetgraph.networks.exact import NAME, Exact

        return NAME, Exact(arrays, SEED)
    from vetgraph.networks import fast

    return fast.NAME, fast.Fast(arrays, SEED)


class _Counted:
    """One network, being measured."""

    def __init__(self, network: Network, arrays: Arrays, engine: Engine) -> None:
        import numpy as np

        self.network, self.arrays, self.engine = network, arrays, engine
        self.cuts: tuple[list[int], list[tuple[int, int]]] = ([], [])
        self.diameter: int | None = None
        self.path: float | None = None
        self.first = (
            np.array([node.mode == "source" for node in network.nodes.values()], dtype=bool)
            if network.modes == "two-mode"
            else None
        )

    def columns(self) -> dict[str, Floats | Ints]:
        """Count what is counted of each node."""
        import numpy as np

        from vetgraph.networks import common, modes

        arrays, engine = self.arrays, self.engine
        empty = np.full(arrays.count, np.nan)
        found: dict[str, Floats | Ints] = {"degree": arrays.degrees, "strength": arrays.strengths}

        def step(name: str) -> None:
            report(NODE_MEASURES[name][0], len(found), len(NODE_MEASURES))

        step("betweenness")
        found["betweenness"] = engine.betweenness()
        step("closeness")
        found["closeness"], self.diameter, self.path = engine.closeness()
        step("eigenvector")
        found["eigenvector"] = common.eigenvector(arrays)
        step("pagerank")
        found["pagerank"] = engine.pagerank()
        step("core")
        found["core"] = engine.core()
        step("clustering")
        found["clustering"] = engine.clustering()
        step("community")
        found["community"] = _ranked(engine.communities())
        step("articulation")
        self.cuts = engine.cuts()
        found["articulation"] = np.zeros(arrays.count, dtype=np.int64)
        found["articulation"][self.cuts[0]] = 1
        here, there = arrays.arcs[:, arrays.arcs[0] != arrays.arcs[1]]
        for name, ends in (("in_degree", there), ("out_degree", here)):
            found[name] = np.bincount(ends, minlength=arrays.count) if self.network.directed else empty
        step("degree_two_mode")
        two = {} if self.first is None else modes.of_nodes(arrays, self.first)
        return found | {name: two.get(name, empty) for name in ("degree_two_mode", "clustering_two_mode")}

    def whole(self, columns: dict[str, Floats | Ints]) -> dict[str, float | int | None]:
        """Count what is counted of the whole."""
        import numpy as np

        from vetgraph.networks import common, modes

        arrays, nodes = self.arrays, self.network.nodes.values()
        place = columns["community"].astype(np.int64) - 1
        sizes, pairs = np.bincount(arrays.components), arrays.ends.shape[1]
        two = dict.fromkeys(("first_mode", "second_mode", "density_two_mode", "clustering_two_mode"))
        return {
            "nodes": arrays.count,
            "ties": len(self.network.ties),
            "density": 2 * pairs / (arrays.count * (arrays.count - 1)) if arrays.count > 1 else None,
            "components": len(sizes),
            "largest": int(sizes.max(initial=0)),
            "diameter": self.diameter,
            "average_path": self.path,
            "communities": int(columns["community"].max(initial=0)),
            "modularity": common.modularity(arrays, place),
            "transitivity": common.transitivity(arrays, columns["clustering"].astype(np.float64)),
            "degeneracy": int(columns["core"].max(initial=0)),
            "bridges": len(self.cuts[1]),
            "articulation_points": len(self.cuts[0]),
            "reciprocity": common.reciprocity(arrays) if self.network.directed and self.first is None else None,
            "assortativity_ownership": common.assortativity(arrays, [node.ownership for node in nodes]),
            "assortativity_group": common.assortativity(
                arrays, ["" if node.kind == "EducationGroup" else " ".join(node.groups) for node in nodes]
            ),
            **(two if self.first is None else modes.of_whole(arrays, self.first)),
        }


def _ranked(place: Ints) -> Ints:
    """Number communities from 1: the largest first, of equal ones that with the first node."""
    import numpy as np

    if not len(place):
        return place
    _, first, number, sizes = np.unique(place, return_index=True, return_inverse=True, return_counts=True)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(1, len(sizes) + 1)
    return np.asarray(rank[number], dtype=np.int64)


def _plain(column: Floats | Ints, *, whole: bool) -> list[float | int | None]:
    """Return Python numbers; nothing where there is no number."""
    return [None if value != value else int(value) if whole else value for value in column.tolist()]  # noqa: PLR0124 - not a number


def simple_graph(network: Network) -> nx.Graph[str]:
    """Return a network without directions and loops, with one tie for each pair.

    Args:
        network: The network.

    Returns:
        The graph; the weights of ties that became one are added.
    """
    import networkx as nx

    from vetgraph.networks.arrays import Arrays

    arrays, names = Arrays.of(network), list(network.nodes)
    made: nx.Graph[str] = nx.Graph()
    made.add_nodes_from(names)
    (low, high), weights = arrays.ends.tolist(), arrays.weights.tolist()
    made.add_weighted_edges_from(
        (names[one], names[two], weight) for one, two, weight in zip(low, high, weights, strict=True)
    )
    return made
