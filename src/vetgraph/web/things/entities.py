"""What the graph says of one thing: its statements, those that name it, those it holds as a graph, and their graphs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names, queries
from vetgraph.errors import UsageError
from vetgraph.labels import Labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.store import Store

LIMITS: Final = {"statements": 10_000, "mentions": 1_000, "contents": 10_000}
"""How much of each part a description holds, at most; the queries stop one row later."""


@dataclass(frozen=True)
class Standing:
    """How an IRI stands in the graph.

    Attributes:
        known: Whether it occurs.
        gone: Whether the graph says that it is withdrawn.
        replacements: IRIs of what replaced it.
    """

    known: bool
    gone: bool = False
    replacements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A triple and the graphs that state it."""

    subject: Any
    property: ox.NamedNode
    value: Any
    graphs: tuple[str, ...] = ()

    def quads(self) -> Iterator[ox.Quad]:
        """Give the triple in each of its graphs; in the default graph where no other states it."""
        for graph in self.graphs:
            yield ox.Quad(self.subject, self.property, self.value, ox.NamedNode(graph))
        if not self.graphs:
            yield ox.Quad(self.subject, self.property, self.value)


@dataclass
class Entity:
    """The description of a thing.

    Attributes:
        iri: The thing.
        statements: Statements about it.
        mentions: Statements that have it as object.
        contents: Statements that it holds, where it is a graph.
        labels: The names of all that occurs in them.
        cut: The parts that are not whole.
    """

    iri: str
    statements: list[Statement]
    mentions: list[Statement]
    contents: list[Statement]
    labels: Labels = field(default_factory=Labels)
    cut: tuple[str, ...] = ()

    def quads(self) -> Iterator[ox.Quad]:
        """Give every quad of the description, and the names of the things in it."""
        nodes = {self.iri: None}
        for statement in (*self.statements, *self.mentions, *self.contents):
            yield from statement.quads()
            for node in (statement.subject, statement.value, *map(ox.NamedNode, statement.graphs)):
                if isinstance(node, ox.NamedNode):
                    nodes[node.value] = None
        stated = {(str(s.subject), s.property.value) for s in (*self.statements, *self.contents)}
        for iri in nodes:
            for prop, label in self.labels.of(iri):
                if (f"<{iri}>", prop) not in stated:
                    yield ox.Quad(ox.NamedNode(iri), ox.NamedNode(prop), label)


def standing(store: Store, iri: str) -> Standing:
    """Say how an IRI stands in the graph.

    Args:
        store: What to ask.
        iri: The IRI, which need not be valid.

    Returns:
        Its standing.
    """
    try:
        rows = queries.page(store, "standing", {"thing": iri}).rows()
        if not rows:
            return Standing(bool(queries.page(store, "standing-named", {"thing": iri}).rows()))
    except UsageError:  # no IRI
        return Standing(known=False)
    replaced = [row.term("other") for row in rows if row["standing"] == "replaced"]
    replacements = dict.fromkeys(node.value for node in replaced if isinstance(node, (ox.NamedNode, ox.Literal)))
    deprecated = any(row["other"] is True for row in rows if row["standing"] == "deprecated")
    return Standing(known=True, gone=deprecated or bool(replacements), replacements=tuple(replacements))


def describe(store: Store, iri: str, known: Labels) -> Entity:
    """Describe a thing.

    Args:
        store: What to ask.
        iri: Its IRI.
        known: Names that need not be read; those of passages are added.

    Returns:
        Its description.
    """
    thing = ox.NamedNode(iri)
    statements, contents = said(store, iri), held(store, iri)
    rows = queries.page(store, "mentions", {"thing": iri}).rows()
    rows = rows or queries.page(store, "mentions-named", {"thing": iri}).rows()
    mentions = gathered((row.term("subject"), row.term("property"), thing, row.term("graph")) for row in rows)
    parts = {"statements": statements, "mentions": mentions, "contents": contents}
    cut = tuple(name for name, part in parts.items() if len(part) > LIMITS[name])
    for name, part in parts.items():
        del part[LIMITS[name] :]
    entity = Entity(iri, statements, mentions, contents, Labels(known), cut)
    _name(store, entity, known)
    return entity


def said(store: Store, iri: str) -> list[Statement]:
    """Return the statements about a thing.

    Args:
        store: What to ask.
        iri: Its IRI.

    Returns:
        Statements, one more than the limit where there are more.
    """
    thing = ox.NamedNode(iri)
    rows = queries.page(store, "statements", {"thing": iri}).rows()
    return gathered((thing, row.term("property"), row.term("value"), row.term("graph")) for row in rows)


def held(store: Store, iri: str) -> list[Statement]:
    """Return the statements that a graph holds.

    Args:
        store: What to ask.
        iri: Its IRI.

    Returns:
        Statements, one more than the limit where there are more.
    """
    graph = ox.NamedNode(iri)
    rows = queries.page(store, "contents", {"graph": iri}).rows()
    return gathered((row.term("subject"), row.term("property"), row.term("value"), graph) for row in rows)


def gathered(rows: Iterable[tuple[Any, Any, Any, Any]]) -> list[Statement]:
    """Put the graphs of the same triple together; a row of the default graph adds none.

    Args:
        rows: Subject, property, value and graph.

    Returns:
        Statements.
    """
    found: dict[tuple[Any, Any, Any], list[str]] = {}
    for subject, prop, value, graph in rows:
        graphs = found.setdefault((subject, prop, value), [])
        if graph is not None and graph.value not in graphs:
            graphs.append(graph.value)
    return [Statement(*triple, tuple(sorted(graphs))) for triple, graphs in found.items()]


def _name(store: Store, entity: Entity, passages: Labels) -> None:
    labels = entity.labels
    labels.read(queries.page(store, "labels", {"thing": entity.iri}), "thing")
    labels.read(queries.page(store, "near-labels", {"thing": entity.iri}))
    if entity.contents:
        labels.read(queries.page(store, "contents-labels", {"graph": entity.iri}))
    graphs = {graph: None for part in (entity.statements, entity.mentions) for s in part for graph in s.graphs}
    passages.look_up(store, [graph for graph in graphs if graph.startswith(names.PREFIXES["report"])])
