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
    gone = _parsed(removed)
    for quad in gone:
        store.remove(quad)
    store.extend(_parsed(added))
    mirror(store, gone, ())
    mirror(store, (), _parsed(added))


def mirror(store: ox.Store, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
    """Have the default graph follow what has changed in named graphs.

    Args:
        store: The engine's store, after the change.
        removed: Statements that are gone from a named graph.
        added: Statements that have come to one.
    """
    for quad in removed:
        elsewhere = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(isinstance(each.graph_name, ox.DefaultGraph) for each in elsewhere):
            store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in added)


def _parsed(quads: Iterable[Quad]) -> list[ox.Quad]:
    lines = "".join(f"{s} {p} {o} {g} .\n" for s, p, o, g in quads)
    return list(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS))
