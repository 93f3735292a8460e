"""Networks: any SELECT with ``?source ?target`` as a graph to look at, to measure and to take away.

Further variables of the query are used where they are there: ``?weight`` (a number; else proofs are counted),
``?relation`` (what kind of tie), ``?label`` (what to call it), ``?shared`` (what both have part in; ties are counted
by it), ``?year``, ``?passage``, ``?passage2`` … (the graphs that say so), and ``?sourceX``, ``?targetX`` for what is to
be told of the nodes (``docs/networks.md``).
"""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from vetgraph import queries
from vetgraph.errors import Text, UsageError
from vetgraph.names import BASE
from vetgraph.networks.comparing import Comparison, compare, union
from vetgraph.networks.projecting import project
from vetgraph.networks.reading import network_of
from vetgraph.networks.saved import parse, read
from vetgraph.results import Solutions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from vetgraph.networks.building import Network
    from vetgraph.store import Store

__all__ = [
    "Comparison",
    "NetworkQuery",
    "build",
    "catalogue",
    "compare",
    "get",
    "of_query",
    "parse",
    "project",
    "read",
    "union",
]

_LISTED = 12
FOLDER = queries.FOLDER / "networks"
_OWN: Final = Text("查询得到的网络", "Network of a query")
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


def own(text: str, *, directed: bool = False) -> NetworkQuery:
    """Read a query of somebody's own, which may have a head like the named ones.

    Args:
        text: SPARQL.
        directed: Whether a tie leads from its source to its target; its head may say so too.

    Returns:
        The query of a network.
    """
    read = of_query(queries.parse(_OWN.en, text))
    query = read.query
    if query.title.zh == _OWN.en:
        query = replace(query, title=Text(_OWN.zh, query.title.en))
    return NetworkQuery(query, directed or read.directed, read.modes, read.affinity)


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
        close = ", ".join(difflib.get_close_matches(name, catalogue(), n=3))
        known = ", ".join(catalogue())
        raise UsageError(
            Text(f"没有名为 {name} 的网络", f"there is no network named {name}"),
            Text(f"是否指 {close}？可用：{known}", f"did you mean {close}? there are {known}")
            if close
            else Text(f"可用：{known}", f"use one of {known}"),
        )
    return catalogue()[name]


def build(
    store: Store,
    asked: NetworkQuery,
    params: Mapping[str, Any] | None = None,
    reports: Collection[str] = (),
    *,
    most: int | None = None,
) -> Network:
    """Ask a query and make its network.

    Args:
        store: What to ask.
        asked: The query.
        params: Values of its parameters.
        reports: Keys or IRIs of reports: only what their passages say is taken; all where there are none.
        most: How many ties it may have.

    Returns:
        The network.

    Raises:
        UsageError: The query is no SELECT with ``?source`` and ``?target``, or there is no such report.
        BudgetError: It has more ties.
    """
    wanted = {_report(store, each) for each in reports}
    answer = queries.ask(store, asked.query, params or {})
    variables = answer.variables if isinstance(answer, Solutions) else ()
    if not isinstance(answer, Solutions) or not {"source", "target"} <= set(variables):
        told = ", ".join(f"?{name}" for name in variables)
        raise UsageError(
            Text(
                "网络要有 ?source 和 ?target 的 SELECT 查询" + (f"；这个查询有 {told}" if told else ""),
                "a network is a SELECT with ?source and ?target" + (f"; this query has {told}" if told else ""),
            ),
            Text("SELECT ?source ?target WHERE { … }", "write SELECT ?source ?target WHERE { … }"),
        )
    if wanted and not any(name.startswith("passage") for name in variables):
        raise UsageError(
            Text("按报告取网络，查询要有 ?passage", "a network of a report needs a query with ?passage"),
            Text("GRAPH ?passage { … }", "write GRAPH ?passage { … }"),
        )
    query = asked.query
    return network_of(
        store,
        answer,
        query.title,
        query.description,
        directed=asked.directed,
        modes=asked.modes,
        reports=wanted,
        most=most,
    )


def _report(store: Store, report: str) -> str:
    """Return the IRI of a report that is in the store."""
    iri = report if "://" in report else f"{BASE}report/{report}"
    found = store.query(files(__package__).joinpath("reports.rq").read_text(encoding="utf-8"))
    known = {str(row["report"]) for row in found} if isinstance(found, Solutions) else set()
    if iri in known:
        return iri
    keys = sorted(each.rpartition("/")[2] for each in known)
    listed = ", ".join(difflib.get_close_matches(report, keys) or keys[:_LISTED]) or "–"
    raise UsageError(
        Text(f"图谱中没有报告 {report}", f"there is no report {report} in the graph"),
        Text(f"可用：{listed}", f"use one of {listed}"),
    )
