"""Statements that go and come: put into a store, and found by comparing two of them.

Every statement of a named graph also stands once in the default graph, as a build leaves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

Quad = tuple[str, str, str, str]
"""Subject, predicate, object and graph as N-Quads terms; no graph is the default graph."""


def apply(store: ox.Store, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
    """Change named graphs, and the default graph with them.

    Args:
        store: The engine's store.
        removed: Statements that go.
        added: Statements that come.
    """
    gone, come = _parsed(removed), _parsed(added)
    for quad in gone:
        store.remove(quad)
    store.extend(come)
    _mirror(store, gone, come)


def difference(before: ox.Store, after: ox.Store, graph: str | None = None) -> tuple[list[Quad], list[Quad]]:
    """Compare two stores.

    Args:
        before: The engine's store before a change.
        after: The one after it.
        graph: IRI of the only graph that has changed, empty for the default graph; ``None`` where any may have.

    Returns:
        The statements that went, and those that came.
    """
    old, new = _quads(before, graph), _quads(after, graph)
    return sorted(old - new), sorted(new - old)


def _quads(store: ox.Store, graph: str | None) -> set[Quad]:
    name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    found = store if graph is None else store.quads_for_pattern(None, None, None, name)
    return {
        (
            str(quad.subject),
            str(quad.predicate),
            str(quad.object),
            "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name),
        )
        for quad in found
    }


def follow(store: ox.Store, removed: Iterable[Quad], added: Iterable[Quad]) -> None:
    """Have the default graph follow a change of named graphs.

    Args:
        store: The engine's store, after the change.
        removed: Statements that are gone.
        added: Statements that have come.
    """
    _mirror(store, _parsed(quad for quad in removed if quad[3]), _parsed(quad for quad in added if quad[3]))


def _mirror(store: ox.Store, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
    for quad in removed:
        elsewhere = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(isinstance(each.graph_name, ox.DefaultGraph) for each in elsewhere):
            store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in added)


def _parsed(quads: Iterable[Quad]) -> list[ox.Quad]:
    lines = "".join(f"{s} {p} {o} {g} .\n" for s, p, o, g in quads)
    return list(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS))
