"""Networks: any SELECT with ``?source ?target`` as a graph to look at, to measure and to take away.

Further variables of the query are used where they are there: ``?weight`` (a number; else proofs are counted),
``?relation`` (what kind of tie), ``?shared`` (what both have part in; ties are counted by it), ``?label`` and
``?passage`` (the graph that says so).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vetgraph import queries
from vetgraph.errors import Text, UsageError
from vetgraph.networks.reading import network_of
from vetgraph.results import Solutions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vetgraph.networks.building import Network
    from vetgraph.store import Store

FOLDER = queries.FOLDER / "networks"
_HEAD = re.compile(r"^# network:\s*(?P<words>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class NetworkQuery:
    """A query whose answer is a network.

    Attributes:
        query: The query, with title and description.
        directed: Whether a tie leads from its source to its target.
        modes: ``one-mode`` (all nodes of a kind), ``two-mode`` (ties only between kinds) or ``mixed``.
        affinity: Whether a tie tells of likeness and not of collaboration.
    """

    query: queries.Query
    directed: bool
    modes: str
    affinity: bool


@functools.cache
def catalogue() -> dict[str, NetworkQuery]:
    """Return the named networks.

    Returns:
        Their queries by name, collaboration first.
    """
    found = [of_query(query) for query in queries.catalogue(FOLDER).values()]
    return {each.query.name: each for each in sorted(found, key=lambda each: (each.affinity, each.query.name))}


def of_query(query: queries.Query) -> NetworkQuery:
    """Read the head of a query: ``# network: directed two-mode collaboration``.

    Args:
        query: The query; without that line it is an undirected network.

    Returns:
        The query of a network.
    """
    head = _HEAD.search(query.text)
    words = set(head["words"].split()) if head else set()
    modes = next((word for word in ("one-mode", "two-mode") if word in words), "mixed")
    return NetworkQuery(query, "directed" in words, modes, "affinity" in words)


def get(name: str) -> NetworkQuery:
    """Return a named network's query.

    Args:
        name: Its name.

    Returns:
        The query.

    Raises:
        UsageError: There is no such network.
    """
    if name not in catalogue():
        known = ", ".join(catalogue())
        raise UsageError(
            Text(f"没有名为 {name} 的网络", f"there is no network named {name}"),
            Text(f"可用：{known}", f"use one of {known}"),
        )
    return catalogue()[name]


def build(
    store: Store, asked: NetworkQuery, params: Mapping[str, Any] | None = None, *, most: int | None = None
) -> Network:
    """Ask a query and make its network.

    Args:
        store: What to ask.
        asked: The query.
        params: Values of its parameters.
        most: How many ties it may have.

    Returns:
        The network.

    Raises:
        UsageError: The query is no SELECT with ``?source`` and ``?target``.
        BudgetError: It has more ties.
    """
    answer = queries.ask(store, asked.query, params or {})
    if not isinstance(answer, Solutions) or not {"source", "target"} <= set(answer.variables):
        raise UsageError(
            Text("网络要有 ?source 和 ?target 的 SELECT 查询", "a network is a SELECT with ?source and ?target"),
            Text("SELECT ?source ?target WHERE { … }", "write SELECT ?source ?target WHERE { … }"),
        )
    title, description = asked.query.title, asked.query.description
    return network_of(store, answer, title, description, directed=asked.directed, most=most)
