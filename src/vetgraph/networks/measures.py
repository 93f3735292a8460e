"""What can be counted of a network, of each node and of the whole, by networkx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from vetgraph.errors import Text

if TYPE_CHECKING:
    import networkx as nx

    from vetgraph.networks.building import Network

SEED: Final = 20250101
"""Communities and layouts are the same from run to run."""

NODE_MEASURES: Final[dict[str, tuple[Text, Text]]] = {
    "degree": (
        Text("度", "degree"),
        Text("与多少个节点相连", "how many nodes it is tied to"),
    ),
    "strength": (
        Text("加权度", "weighted degree"),
        Text("各条边的权重之和", "the sum of the weights of its ties"),
    ),
    "betweenness": (
        Text("中介中心性", "betweenness"),
        Text(
            "其他节点之间的最短路径有多大比例经过它（0 到 1）",
            "the share of shortest paths between others that go through it (0 to 1)",
        ),
    ),
    "closeness": (
        Text("接近中心性", "closeness"),
        Text(
            "到其他节点的平均距离的倒数，按所及节点数折算",
            "how near it is to the others, scaled by how many it reaches",
        ),
    ),
    "pagerank": (
        Text("PageRank", "PageRank"),
        Text("被重要的节点指向得越多越大，总和为 1", "the more it is pointed at by important nodes; all sum to 1"),
    ),
    "core": (
        Text("核数", "core number"),
        Text(
            "它所在的最密一层：层内每个节点至少有这么多条边",
            "the densest layer it is in: there each node has at least so many ties",
        ),
    ),
    "clustering": (
        Text("聚集系数", "clustering"),
        Text("它的邻居之间有边的比例（0 到 1）", "the share of its neighbours that are tied to each other (0 to 1)"),
    ),
    "community": (
        Text("社区", "community"),
        Text("Louvain 法分出的社区编号，最大的为 1", "number of the community by the Louvain method, the largest is 1"),
    ),
    "articulation": (
        Text("割点", "articulation point"),
        Text("去掉它，所在的部分会断开", "without it, its part of the network falls apart"),
    ),
}
"""What each measure of a node is called, and what it means."""

GRAPH_MEASURES: Final[dict[str, tuple[Text, Text]]] = {
    "nodes": (Text("节点", "nodes"), Text("节点的个数", "number of nodes")),
    "ties": (Text("边", "ties"), Text("边的条数", "number of ties")),
    "density": (
        Text("密度", "density"),
        Text("有边的节点对占全部节点对的比例", "the share of pairs of nodes that are tied"),
    ),
    "components": (
        Text("连通部分", "components"),
        Text("互不相连的部分的个数", "number of parts with no tie between them"),
    ),
    "largest": (Text("最大部分", "largest component"), Text("最大的部分有多少个节点", "nodes of the largest part")),
    "communities": (
        Text("社区", "communities"),
        Text("Louvain 法分出的社区个数", "number of communities by the Louvain method"),
    ),
    "modularity": (
        Text("模块度", "modularity"),
        Text("社区内部的边比随机时多多少", "how many more ties are within communities than by chance"),
    ),
    "transitivity": (
        Text("传递性", "transitivity"),
        Text("相邻两边构成三角形的比例", "the share of connected triples that are triangles"),
    ),
    "bridges": (
        Text("桥", "bridges"),
        Text("去掉就会断开的边的条数", "number of ties without which a part falls apart"),
    ),
    "assortativity_ownership": (
        Text("公办民办的同配性", "assortativity by ownership"),
        Text(
            "相同办学性质的是否更常相连（-1 到 1）；性质不全知时不算",
            "whether like is tied to like (-1 to 1); not told where there is nothing to compare",
        ),
    ),
}
"""What each measure of the whole is called, and what it means."""


@dataclass(frozen=True)
class Measures:
    """The figures of a network.

    Attributes:
        whole: Figures of the whole, by name; ``None`` where one has no meaning.
        nodes: Figures of each node, by its ``id`` and name.
    """

    whole: dict[str, float | int | None]
    nodes: dict[str, dict[str, float | int]]


def measure(network: Network) -> Measures:
    """Measure a network: directions are left aside but for PageRank, and several ties of a pair are one, weights added.

    Args:
        network: The network.

    Returns:
        The figures.
    """
    import networkx as nx

    simple = simple_graph(network)
    groups = communities(simple)
    place = {node: number for number, group in enumerate(groups, 1) for node in group}
    cut = set(nx.articulation_points(simple))
    columns: dict[str, Any] = {
        "degree": dict(simple.degree()),
        "strength": dict(simple.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(simple),
        "closeness": nx.closeness_centrality(simple),
        "pagerank": nx.pagerank(_directed(network), weight="weight") if len(simple) else {},
        "core": nx.core_number(simple),
        "clustering": nx.clustering(simple),
        "community": place,
        "articulation": {node: int(node in cut) for node in simple},
    }
    nodes = {node: {name: values[node] for name, values in columns.items()} for node in simple}
    return Measures(_whole(network, simple, groups), nodes)


def simple_graph(network: Network) -> nx.Graph[str]:
    """Return a network without directions and loops, with one tie for each pair.

    Args:
        network: The network.

    Returns:
        The graph; the weights of ties that became one are added.
    """
    import networkx as nx

    made: nx.Graph[str] = nx.Graph()
    made.add_nodes_from(network.nodes)
    for tie in network.ties:
        if tie.source == tie.target:
            continue
        before = made.edges[tie.source, tie.target]["weight"] if made.has_edge(tie.source, tie.target) else 0.0
        made.add_edge(tie.source, tie.target, weight=before + tie.weight)
    return made


def communities(graph: nx.Graph[str]) -> list[set[str]]:
    """Find communities by the Louvain method (Blondel et al. 2008), always the same ones.

    Args:
        graph: The graph.

    Returns:
        The communities, the largest first.
    """
    import networkx as nx

    if not graph.number_of_edges():
        return [{node} for node in sorted(graph)]
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    return sorted((set(group) for group in found), key=lambda group: (-len(group), min(group)))


def _directed(network: Network) -> nx.Graph[str]:
    import networkx as nx

    made: nx.Graph[str] = nx.DiGraph() if network.directed else nx.Graph()
    made.add_nodes_from(network.nodes)
    for tie in network.ties:
        before = made.edges[tie.source, tie.target]["weight"] if made.has_edge(tie.source, tie.target) else 0.0
        made.add_edge(tie.source, tie.target, weight=before + tie.weight)
    return made


def _whole(network: Network, simple: nx.Graph[str], groups: list[set[str]]) -> dict[str, float | int | None]:
    import networkx as nx

    parts = [len(part) for part in nx.connected_components(simple)]
    tied = simple.number_of_edges() > 0
    return {
        "nodes": simple.number_of_nodes(),
        "ties": len(network.ties),
        "density": nx.density(simple) if len(simple) > 1 else None,
        "components": len(parts),
        "largest": max(parts, default=0),
        "communities": len(groups),
        "modularity": nx.community.modularity(simple, groups, weight="weight") if tied else None,
        "transitivity": nx.transitivity(simple) if tied else None,
        "bridges": sum(1 for _ in nx.bridges(simple)),
        "assortativity_ownership": _assortativity(network, simple),
    }


def _assortativity(network: Network, simple: nx.Graph[str]) -> float | None:
    """Return the assortativity by ownership (Newman 2003) of the nodes whose ownership is known."""
    import networkx as nx

    known = {node: network.nodes[node].ownership for node in simple if network.nodes[node].ownership}
    part = simple.subgraph(known).copy()
    if len(set(known.values())) < 2 or not part.number_of_edges():  # noqa: PLR2004 - two kinds to compare
        return None
    nx.set_node_attributes(part, known, "ownership")
    found = nx.attribute_assortativity_coefficient(part, "ownership")
    return None if found != found else float(found)  # noqa: PLR0124 - not a number where all ties are within one kind
