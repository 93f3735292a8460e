"""Networks as Python holds them: nodes and ties, each tie with the passages that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vetgraph.errors import Text

if TYPE_CHECKING:
    import networkx as nx

Value = str | int | float
"""What a query says of a node in a column."""


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
        mode: Which end of ties it is: ``source`` or ``target``; empty where it is both.
        columns: What else the query says of it, by name.
    """

    id: str
    label: Text
    kind: str = ""
    ownership: str = ""
    level: str = ""
    groups: list[str] = field(default_factory=list)
    mode: str = ""
    columns: dict[str, Value] = field(default_factory=dict)


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
        label: What the query calls the tie; empty where it does not.
        years: The years that it is told for: the query's ``?year``, else those of the passages' reports.
    """

    source: str
    target: str
    relation: str = ""
    weight: float = 1.0
    passages: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    label: str = ""
    years: list[int] = field(default_factory=list)


@dataclass
class Passage:
    """What a reader is told of a passage.

    Attributes:
        section: Where it stands, as ``六.2``; the end of its IRI where nothing is said.
        heading: The heading of that section; empty where it has none.
        report: IRI of the report; empty where nothing is said.
        position: Its place in the report, from 1; 0 where nothing is said.
    """

    section: str
    heading: str = ""
    report: str = ""
    position: int = 0


@dataclass
class Report:
    """What a reader is told of a report.

    Attributes:
        title: Its title; both languages are the same where one is missing.
        issued: When it was issued, as ``2025-12-25``; empty where nothing is said.
        year: The year that it reports on, where it is said.
    """

    title: Text
    issued: str = ""
    year: int | None = None


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
        modes: ``two-mode`` where ties only lead from one kind of node to another; else ``one-mode`` or ``mixed``.
    """

    title: Text
    description: Text
    directed: bool
    nodes: dict[str, Node]
    ties: list[Tie]
    passages: dict[str, Passage] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    modes: str = "mixed"

    def columns(self) -> dict[str, type[Value]]:
        """Return what the query says of nodes beside what the store does.

        Returns:
            The type of each column by its name: ``int``, ``float`` or ``str``.
        """
        found: dict[str, set[type[Value]]] = {}
        for node in self.nodes.values():
            for name, told in node.columns.items():
                found.setdefault(name, set()).add(type(told))
        return {name: _common(found[name]) for name in sorted(found)}

    def group(self, node: Node) -> Text:
        """Return the names of the education groups that a node belongs to.

        Args:
            node: The node.

        Returns:
            The names; empty where it belongs to none.
        """
        told = [self.words.groups.get(group, Text(group, group)) for group in node.groups]
        return Text("；".join(name.zh for name in told), "; ".join(name.en for name in told))

    def graph(self) -> nx.MultiGraph[str] | nx.MultiDiGraph[str]:
        """Return it as a networkx graph, ready to analyse.

        Returns:
            A ``MultiDiGraph`` where ties have a direction, else a ``MultiGraph``. Nodes are named by their IRIs and
            have ``label_zh``, ``label_en``, ``kind``, ``ownership``, ``level``, ``group_zh``, ``group_en`` and the
            query's own columns; ties have ``relation``, ``label``, ``weight``, ``passages``, ``shared`` and ``years``;
            the graph has ``title_zh`` and ``title_en``. In a two-mode network ``bipartite`` is 0 for sources and 1 for
            targets, as networkx's own functions expect.
        """
        import networkx as nx

        made: nx.MultiGraph[str] = nx.MultiDiGraph() if self.directed else nx.MultiGraph()
        made.graph.update(title_zh=self.title.zh, title_en=self.title.en)
        for node in self.nodes.values():
            group = self.group(node)
            told = {
                **node.columns,
                "label_zh": node.label.zh,
                "label_en": node.label.en,
                "kind": node.kind,
                "ownership": node.ownership,
                "level": node.level,
                "group_zh": group.zh,
                "group_en": group.en,
            }
            if self.modes == "two-mode":
                told["bipartite"] = 0 if node.mode == "source" else 1
            made.add_nodes_from([(node.id, told)])
        for tie in self.ties:
            made.add_edge(
                tie.source,
                tie.target,
                relation=tie.relation,
                label=tie.label,
                weight=tie.weight,
                passages=tuple(tie.passages),
                shared=tuple(tie.shared),
                years=tuple(tie.years),
            )
        return made


def _common(types: set[type[Value]]) -> type[Value]:
    return str if str in types else float if float in types else int
