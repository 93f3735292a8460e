"""From the rows of a query to nodes and ties, each tie with the passages that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from itertools import islice
from string import Template
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph.errors import Text
from vetgraph.results import Solutions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx

    from vetgraph.results import Row
    from vetgraph.store import Store

_MANY: Final = 500
_PLAIN_CLASSES: Final = frozenset({"Institution", "Concept", "Organization", "OrganizationalUnit"})


@dataclass
class Node:
    """A node.

    Attributes:
        id: Its IRI, or its text where it is no thing.
        label: What it is called; both languages are the same where one is missing.
        kind: The local name of its class, as ``SecondarySchool``; empty where it has none.
        ownership: Key of the code, as ``public``; empty where nothing is said.
        level: Key of the code, as ``city``; empty where nothing is said.
    """

    id: str
    label: Text
    kind: str = ""
    ownership: str = ""
    level: str = ""


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
class Network:
    """Nodes and ties.

    Attributes:
        title: What the network is called.
        description: What a tie means, and what it does not.
        directed: Whether a tie leads from its source to its target.
        nodes: The nodes by ``id``, sorted.
        ties: The ties, sorted; there may be several of different relation between two nodes.
    """

    title: Text
    description: Text
    directed: bool
    nodes: dict[str, Node]
    ties: list[Tie]

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


def network_of(store: Store, rows: Solutions, title: Text, description: Text, *, directed: bool) -> Network:
    """Make a network of a query's answer.

    Args:
        store: What the query was asked of; it says what the nodes are called.
        rows: The answer, with ``?source`` and ``?target``.
        title: What to call the network.
        description: What its ties mean.
        directed: Whether a tie leads from its source to its target.

    Returns:
        The network. A row without source or target is left out; a tie from a node to itself is kept.
    """
    ties: dict[tuple[str, str, str], Tie] = {}
    proofs: dict[tuple[str, str, str], set[str]] = {}
    shared: dict[tuple[str, str, str], set[str]] = {}
    for row in rows:
        source, target = _id(row, "source"), _id(row, "target")
        if not source or not target:
            continue
        if not directed and source > target:
            source, target = target, source
        key = (source, target, _local(_id(row, "relation")))
        tie = ties.setdefault(key, Tie(*key))
        proofs.setdefault(key, set()).update([passage] if (passage := _id(row, "passage")) else [])
        shared.setdefault(key, set()).update([part] if (part := _id(row, "shared")) else [])
        if (weight := _number(row, "weight")) is not None:
            tie.weight = weight
    parts = {part for some in shared.values() for part in some}
    nodes = _described(store, {end for source, target, _ in ties for end in (source, target)} | parts)
    for key, tie in ties.items():
        tie.passages = sorted(proofs[key])
        tie.shared = sorted(nodes[part].label.zh for part in shared[key])
        if shared[key]:
            tie.weight = float(len(shared[key]))
    ends = sorted({end for source, target, _ in ties for end in (source, target)})
    return Network(title, description, directed, {end: nodes[end] for end in ends}, [ties[key] for key in sorted(ties)])


def _described(store: Store, ids: set[str]) -> dict[str, Node]:
    """Say what nodes are."""
    nodes = {each: Node(each, Text(_local(each), _local(each))) for each in ids}
    classes: dict[str, set[str]] = {}
    for row in _asked(store, (each for each in ids if "://" in each)):
        node = nodes[_id(row, "node")]
        zh, en = _id(row, "zh"), _id(row, "en")
        if zh or en:
            node.label = Text(zh or en, en or zh)
        classes.setdefault(node.id, set()).add(_local(_id(row, "class")))
        node.ownership = _local(_id(row, "ownership"))
        node.level = _local(_id(row, "level"))
    for each, found in classes.items():
        own = sorted(found - {""} - _PLAIN_CLASSES) or sorted(found - {""})
        nodes[each].kind = own[0] if own else ""
    return nodes


def _asked(store: Store, ids: Iterable[str]) -> Iterator[Row]:
    text = Template(files(__package__).joinpath("nodes.rq").read_text(encoding="utf-8"))
    rest = iter(sorted(ids))
    while some := list(islice(rest, _MANY)):
        answer = store.query(text.substitute(NODES=" ".join(str(ox.NamedNode(each)) for each in some)))
        if isinstance(answer, Solutions):
            yield from answer


def _id(row: Row, name: str) -> str:
    term: Any = row.term(name) if name in row else None
    return "" if term is None else str(getattr(term, "value", term))


def _number(row: Row, name: str) -> float | None:
    try:
        return float(_id(row, name))
    except ValueError:
        return None


def _local(iri: str) -> str:
    """Return the last part of an IRI; a text as it is."""
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2] if "://" in iri else iri
