"""Put a dataset into a SPARQL 1.1 service, graph by graph."""

from __future__ import annotations

import itertools
import secrets
import time
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from vetgraph.names import BASE, PREFIXES
from vetgraph.remote import BUILD, STATEMENTS, RemoteStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.remote.endpoint import Endpoint

UNSOURCED = f"{BASE}graph/unsourced"
"""Graph of the statements that stand in no named graph, in a service whose default graph is the union of the others."""

_PROBES = (f"{BASE}graph/probe-1", f"{BASE}graph/probe-2")
_PROBE = f"{BASE}graph/probe"
_CHUNK = 500
_Graphs = dict[str | None, list[ox.Triple]]


def write_remote(endpoint: Endpoint, nquads: bytes) -> str:
    """Replace this project's graphs in a service. Readers see the old and the new side by side until it is done.

    Args:
        endpoint: The service, with an address to update or to put graphs at.
        nquads: All of the content, as N-Quads.

    Returns:
        The name of the new content.

    Raises:
        StoreError: The service cannot be reached, or refuses.
        UsageError: There is no address to write to.
    """
    store = RemoteStore(endpoint, plain=True)
    try:
        writer = _Writer(store)
        graphs = _arranged(_by_graph(nquads), writer.repeats())
        stale = set(store.graphs()) - graphs.keys()
        for name, triples in graphs.items():
            writer.replace(name, triples)
        for name in sorted(stale | ({STATEMENTS} - graphs.keys())):
            writer.remove(name)
        version = writer.named()
    finally:
        store.close()
    return version


def replace_graph(endpoint: Endpoint, name: str, triples: list[ox.Triple]) -> tuple[bool, str]:
    """Replace one named graph in a service, and what its default graph holds of it. A service may show steps of it.

    Args:
        endpoint: The service, with an address to update.
        name: IRI of the graph.
        triples: What it is to hold; no blank nodes.

    Returns:
        Whether it was there before, and the name of the new content.

    Raises:
        StoreError: The service cannot be reached, or refuses.
        UsageError: There is no address to write to.
    """
    store = RemoteStore(endpoint, plain=True)
    try:
        writer = _Writer(store)
        graphs = store.graphs()
        repeats = writer.repeats()
        # Where the default graph is the union of the others and says nothing twice, it follows by itself.
        default = "" if repeats == 1 else f"GRAPH <{STATEMENTS}>" if repeats > 1 else "DEFAULT"
        if default:
            writer.forget(name, default)
        writer.replace(name, triples)
        if default:
            writer.remember(name, default)
        return name in graphs, writer.named()
    finally:
        store.close()


def _by_graph(nquads: bytes) -> _Graphs:
    graphs: _Graphs = defaultdict(list)
    for quad in ox.parse(input=nquads, format=ox.RdfFormat.N_QUADS):
        graphs[quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else None].append(quad.triple)
    return graphs


def _arranged(graphs: _Graphs, repeats: int) -> _Graphs:
    """Arrange the default graph's statements as a service needs them that gives one of two graphs so many times."""
    default = graphs.get(None, [])
    named: _Graphs = {name: triples for name, triples in graphs.items() if name is not None}
    if repeats == 0:
        return {**named, None: default}
    if repeats > 1:
        return {**named, STATEMENTS: default}
    sourced = set(itertools.chain.from_iterable(named.values()))
    unsourced = [triple for triple in default if triple not in sourced]
    return {**named, UNSOURCED: unsourced} if unsourced else named


class _Writer:
    """Replaces graphs by the one or the other protocol."""

    def __init__(self, store: RemoteStore) -> None:
        self._store = store
        self._connection = store.connection
        self._whole = self._connection.endpoint.gsp_url is not None

    def repeats(self) -> int:
        """Put a statement into two graphs, and count how often the default graph gives it; nothing of it stays."""
        subject = {"subject": ox.NamedNode(_PROBE)}
        try:
            for name in _PROBES:
                self.replace(name, [ox.Triple(ox.NamedNode(_PROBE), ox.NamedNode(_PROBE), ox.NamedNode(_PROBE))])
            repeats = len(self._store.rows("seen", subject))
        finally:
            for name in _PROBES:
                self.remove(name)
        return repeats

    def replace(self, name: str | None, triples: list[ox.Triple]) -> None:
        """Make a graph hold these statements and no other."""
        if self._whole:
            self._connection.graph("PUT", name, ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
            return
        self.remove(name)
        for chunk in _chunks(triples):
            data = " .\n".join(map(str, chunk))
            placed = data if name is None else f"GRAPH <{name}> {{ {data} }}"
            # Virtuoso takes no blank node in INSERT DATA.
            self._connection.update(
                f"INSERT {{ {placed} }} WHERE {{ }}" if _has_blank(chunk[0]) else f"INSERT DATA {{ {placed} }}"
            )

    def named(self) -> str:
        """Give the content a new name."""
        version = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(3)}"
        told = ox.Triple(ox.NamedNode(BASE), ox.NamedNode(PREFIXES["owl"] + "versionInfo"), ox.Literal(version))
        self.replace(BUILD, [told])
        return version

    def forget(self, name: str, default: str) -> None:
        """Take out of the default graph what only this graph states."""
        gone = "?s ?p ?o" if default == "DEFAULT" else f"{default} {{ ?s ?p ?o }}"
        apart = "" if default == "DEFAULT" else f" && ?other != <{STATEMENTS}>"
        self._connection.update(
            f"DELETE {{ {gone} }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} "
            f"FILTER NOT EXISTS {{ GRAPH ?other {{ ?s ?p ?o }} FILTER(?other != <{name}>{apart}) }} }}"
        )

    def remember(self, name: str, default: str) -> None:
        """Put into the default graph what this graph states."""
        come = "?s ?p ?o" if default == "DEFAULT" else f"{default} {{ ?s ?p ?o }}"
        self._connection.update(f"INSERT {{ {come} }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")

    def remove(self, name: str | None) -> None:
        """Remove a graph, if it is there."""
        if self._whole:
            self._connection.graph("DELETE", name)
        else:
            self._connection.update("CLEAR SILENT DEFAULT" if name is None else f"CLEAR SILENT GRAPH <{name}>")


def _has_blank(triple: ox.Triple) -> bool:
    return ox.BlankNode in {type(triple.subject), type(triple.object)}


def _chunks(triples: list[ox.Triple]) -> Iterator[list[ox.Triple]]:
    """Give statements in parts; a blank node is one only within one request, so all that have any go together."""
    blank = list(filter(_has_blank, triples))
    if blank:
        yield blank
    rest = itertools.filterfalse(_has_blank, triples)
    while chunk := list(itertools.islice(rest, _CHUNK)):
        yield chunk
