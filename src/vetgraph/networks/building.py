"""Networks as Python holds them: nodes and ties, each tie with the passages that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

    from vetgraph.errors import Text


@dataclass
class Node:
    """A node.

    Attributes:
        id: Its IRI, or its text where it is no thing.
        label: What it is called; both languages are the same where one is missing.
        kind: The local name of its class, as ``SecondarySchool``; empty where it has none.
        ownership: Key of the code, as ``public``; empty where nothing is said.
        level: Key of the code, as ``city``; empty where nothing is said.
        groups: IRIs of the education groups that it belongs to.
    """

    id: str
    label: Text
    kind: str = ""
    ownership: str = ""
    level: str = ""
    groups: list[str] = field(default_factory=list)


@dataclass
class Tie:
    """A tie.

    Attributes:
        source: The ``id`` of a node.
        target: The ``id`` of a node.
        relation: What kind of tie: a local name, as ``lead`` or ``hasUnit``; empty where the query tells none.
        weight: What the query counts or gives; 1 where it does neither.
        passages: IRIs of the passages that say so.
        shared: Labels of what both have part in.
    """

    source: str
    target: str
    relation: str = ""
    weight: float = 1.0
    passages: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)


@dataclass
class Passage:
    """What a reader is told of a passage.

    Attributes:
        section: Where it stands, as ``六.2``; the end of its IRI where nothing is said.
        heading: The heading of that section; empty where it has none.
        report: IRI of the report; empty where nothing is said.
    """

    section: str
    heading: str = ""
    report: str = ""


@dataclass
class Report:
    """What a reader is told of a report.

    Attributes:
        title: Its title; both languages are the same where one is missing.
        issued: When it was issued, as ``2025-12-25``; empty where nothing is said.
    """

    title: Text
    issued: str = ""


@dataclass
class Words:
    """The names of what is not a node, by local name or key.

    Attributes:
        kinds: Names of classes.
        ownerships: Names of codes.
        levels: Names of codes.
        relations: Names of relations.
        groups: Names of education groups, by IRI.
        shared: Names of what two nodes have part in, by the Chinese one.
    """

    kinds: dict[str, Text] = field(default_factory=dict)
    ownerships: dict[str, Text] = field(default_factory=dict)
    levels: dict[str, Text] = field(default_factory=dict)
    relations: dict[str, Text] = field(default_factory=dict)
    groups: dict[str, Text] = field(default_factory=dict)
    shared: dict[str, Text] = field(default_factory=dict)


@dataclass
class Network:
    """Nodes and ties.

    Attributes:
        title: What the network is called.
        description: What a tie means, and what it does not.
        directed: Whether a tie leads from its source to its target.
        nodes: The nodes by ``id``, sorted.
        ties: The ties, sorted; there may be several of different relation between two nodes.
        passages: What is known of the passages of the ties, by IRI.
        reports: What is known of the reports of the passages, by IRI.
        words: The names of classes, codes, relations and groups, as far as the store knows them.
    """

    title: Text
    description: Text
    directed: bool
    nodes: dict[str, Node]
    ties: list[Tie]
    passages: dict[str, Passage] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    words: Words = field(default_factory=Words)

    def graph(self) -> nx.MultiGraph[str] | nx.MultiDiGraph[str]:
        """Return it as a networkx graph, ready to analyse.

        Returns:
            A ``MultiDiGraph`` where ties have a direction, else a ``MultiGraph``. Nodes are named by their IRIs and
            have ``label_zh``, ``label_en``, ``kind``, ``ownership`` and ``level``; ties have ``relation``, ``weight``,
            ``passages`` and ``shared``; the graph has ``title_zh`` and ``title_en``.
        """
        import networkx as nx

        made: nx.MultiGraph[str] = nx.MultiDiGraph() if self.directed else nx.MultiGraph()
        made.graph.update(title_zh=self.title.zh, title_en=self.title.en)
        for node in self.nodes.values():
            made.add_node(
                node.id,
                label_zh=node.label.zh,
                label_en=node.label.en,
                kind=node.kind,
                ownership=node.ownership,
                level=node.level,
            )
        for tie in self.ties:
            made.add_edge(
                tie.source,
                tie.target,
                relation=tie.relation,
                weight=tie.weight,
                passages=tuple(tie.passages),
                shared=tuple(tie.shared),
            )
        return made
