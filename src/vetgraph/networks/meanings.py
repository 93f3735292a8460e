"""What each figure of a network is called and what it means, in both languages."""

from __future__ import annotations

from typing import Final

from vetgraph.errors import Text

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
    "eigenvector": (
        Text("特征向量中心性", "eigenvector centrality"),
        Text(
            "邻居越重要，它越重要；在各自的连通部分内算，每部分最大者为 1；没有边的不算",
            "the more important its neighbours, the more it is; within its component, where the greatest is 1; "
            "not told without ties",
        ),
    ),
    "pagerank": (
        Text("PageRank", "PageRank"),
        Text("被重要的节点指向得越多越大，总和为 1", "the more it is pointed at by important nodes; all sum to 1"),
    ),
    "core": (
        Text("核数", "core number"),
        Text(
            "它属于 k 核的最大 k：在 k 核里每个节点至少与 k 个节点相连",
            "the largest k of a k-core that it is in: in a k-core each node is tied to at least k others",
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
        Text("去掉它，所在的部分会断开（1 是，0 否）", "without it, its component falls apart (1 yes, 0 no)"),
    ),
    "in_degree": (
        Text("入度", "in-degree"),
        Text("有多少个节点指向它；只用于有方向的网络", "how many nodes point at it; only where ties have a direction"),
    ),
    "out_degree": (
        Text("出度", "out-degree"),
        Text("它指向多少个节点；只用于有方向的网络", "how many nodes it points at; only where ties have a direction"),
    ),
    "degree_two_mode": (
        Text("二模度中心性", "two-mode degree"),
        Text(
            "与另一类节点的多大比例相连（0 到 1）；只用于二模网络",
            "the share of the nodes of the other mode that it is tied to (0 to 1); only two-mode networks",
        ),
    ),
    "clustering_two_mode": (
        Text("二模聚集系数", "two-mode clustering"),
        Text(
            "它与同类节点共同的邻居占两者全部邻居的比例，取平均（Latapy 等 2008）；只用于二模网络",
            "how much of their neighbours it and the nodes that share one with it have in common, on average "
            "(Latapy and others 2008); only two-mode networks",
        ),
    ),
}
"""What each measure of a node is called, and what it means."""

GRAPH_MEASURES: Final[dict[str, tuple[Text, Text]]] = {
    "nodes": (Text("节点数", "nodes"), Text("节点的个数", "number of nodes")),
    "ties": (Text("边数", "ties"), Text("边的条数", "number of ties")),
    "density": (
        Text("密度", "density"),
        Text("有边的节点对占全部节点对的比例", "the share of pairs of nodes that are tied"),
    ),
    "components": (
        Text("连通部分", "components"),
        Text("互不相连的部分的个数", "number of parts with no tie between them"),
    ),
    "largest": (Text("最大部分", "largest component"), Text("最大的部分有多少个节点", "nodes of the largest part")),
    "diameter": (
        Text("直径", "diameter"),
        Text(
            "最大部分里相距最远的两个节点隔几条边",
            "ties between the two nodes of the largest component that are furthest apart",
        ),
    ),
    "average_path": (
        Text("平均路径长度", "average path length"),
        Text(
            "最大部分里两个节点之间平均隔几条边",
            "ties between two nodes of the largest component, on average",
        ),
    ),
    "communities": (
        Text("社区数", "communities"),
        Text("Louvain 法分出的社区个数", "number of communities by the Louvain method"),
    ),
    "modularity": (
        Text("模块度", "modularity"),
        Text(
            "社区内部的边（按权重）比随机时多多少",
            "how many more ties, by weight, are within communities than by chance",
        ),
    ),
    "transitivity": (
        Text("传递性", "transitivity"),
        Text("相邻两边构成三角形的比例", "the share of connected triples that are triangles"),
    ),
    "degeneracy": (
        Text("最大核数", "degeneracy"),
        Text("最密的 k 核的 k", "the k of the densest k-core"),
    ),
    "bridges": (
        Text("桥数", "bridges"),
        Text("去掉就会断开的边的条数", "number of ties without which a component falls apart"),
    ),
    "articulation_points": (
        Text("割点数", "articulation points"),
        Text("去掉就会断开的节点的个数", "number of nodes without which a component falls apart"),
    ),
    "reciprocity": (
        Text("互惠性", "reciprocity"),
        Text(
            "有回指的边的比例；只用于有方向的网络",
            "the share of ties that are answered by one back; only where ties have a direction",
        ),
    ),
    "assortativity_ownership": (
        Text("办学性质的同配性", "assortativity by ownership"),
        Text(
            "办学性质相同的是否更常相连（-1 到 1）；只看性质已知的节点，无可比较时不算",
            "whether like ownership is tied to like (-1 to 1), among nodes whose ownership is known; not told where "
            "there is nothing to compare",
        ),
    ),
    "assortativity_group": (
        Text("所属集团的同配性", "assortativity by group"),
        Text(
            "同一集团的是否更常相连（-1 到 1）；只看有集团的节点，无可比较时不算",
            "whether members of a group are tied to each other (-1 to 1), among nodes that are in one; not told where "
            "there is nothing to compare",
        ),
    ),
    "first_mode": (
        Text("第一类节点数", "nodes of the first mode"),
        Text("作为 ?source 的节点的个数；只用于二模网络", "number of nodes that are ?source; only two-mode networks"),
    ),
    "second_mode": (
        Text("第二类节点数", "nodes of the second mode"),
        Text("作为 ?target 的节点的个数；只用于二模网络", "number of nodes that are ?target; only two-mode networks"),
    ),
    "density_two_mode": (
        Text("二模密度", "two-mode density"),
        Text(
            "有边的节点对占两类之间全部节点对的比例；只用于二模网络",
            "the share of pairs of a node of each mode that are tied; only two-mode networks",
        ),
    ),
    "clustering_two_mode": (
        Text("二模聚集度", "two-mode clustering of the whole"),
        Text(
            "三条边的路径闭合成四边形的比例（Robins 与 Alexander 2004）；只用于二模网络",
            "the share of paths of three ties that close to a square (Robins and Alexander 2004); "
            "only two-mode networks",
        ),
    ),
}
"""What each measure of the whole is called, and what it means."""
