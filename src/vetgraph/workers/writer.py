"""The worker that changes the store: the only one, one job at a time, each all or nothing."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from vetgraph import changes, querytext, refused, updates
from vetgraph.errors import ConflictError, MissingError, QueryError, Text
from vetgraph.names import PREFIXES
from vetgraph.store import EmbeddedStore, open_store
from vetgraph.workers.documents import documents
from vetgraph.workers.messages import Job, Reply
from vetgraph.working import WorkingCopy

if TYPE_CHECKING:
    from collections.abc import Callable

    from vetgraph.fetching import Fetching

_PLACE: Final = re.compile(r"line (\d+)(?: column (\d+))?")
UPLOADED: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/n3": ox.RdfFormat.N3,
}
"""Media types of documents that a graph can be made of."""


class Writer:
    """Does updates and the writing half of the Graph Store Protocol."""

    def __init__(self, store: str, fetching: Fetching, limit: int, *, guarded: bool = False) -> None:
        """Remember the store.

        Args:
            store: Its folder.
            fetching: What ``LOAD`` may fetch.
            limit: Most bytes of an uploaded document once it is unpacked.
            guarded: Whether a change that breaks the shapes is refused.
        """
        self._store = store
        self._guarded = guarded
        self._copy = WorkingCopy(store)
        self._fetching = fetching
        self._limit = limit
        if guarded:
            from vetgraph.validate.guard import prepare

            prepare()

    def __call__(self, job: Job) -> Reply:
        """Do a job.

        Args:
            job: Its ``op`` is ``update``, ``put``, ``post`` or ``delete``.

        Returns:
            Whether a graph was made, and the version that has the change.

        Raises:
            VetgraphError: Nothing was changed, and why.
        """
        if job.op == "update":
            created, version = self._change(self._update(job), None)
        elif job.op == "delete":
            created, version = self._change(lambda store: _delete(store, job.graph), job.graph)
        else:
            quads = self._quads(job)
            created, version = self._change(lambda store: _put(store, job, quads), job.graph)
        return Reply(created=created, version=version)

    def _change(self, apply: Callable[[ox.Store], bool], graph: str | None) -> tuple[bool, str]:
        """Make a change; ``graph`` is the only graph that it changes, ``None`` where that cannot be told."""
        if not self._guarded:
            return self._copy.change(apply)
        from vetgraph.validate.guard import guard

        def apply_guarded(store: ox.Store) -> bool:
            before, after = open_store(self._store), EmbeddedStore(store)
            try:
                made = apply(store)
                removed, added = changes.difference(before.native, store, graph)
                changes.follow(store, removed, added)
                guard(before, after, removed, added)
            finally:
                before.close()
                after.close()  # whoever still holds it must not hold the engine's files
            return made

        return self._copy.change(apply_guarded)

    def _update(self, job: Job) -> Callable[[ox.Store], bool]:
        querytext.check_update(job.text)
        text = updates.with_loads_done(job.text, lambda iri, silent: self._fetching.statements(iri, silent=silent))
        if job.default_graphs or job.named_graphs:
            text = updates.with_dataset(text, job.default_graphs, job.named_graphs)

        def apply(store: ox.Store) -> bool:
            try:
                store.update(querytext.with_small_booleans(text), base_iri=job.base, prefixes=dict(PREFIXES))
            except SyntaxError as error:
                raise refused.malformed(job.text, error, updating=True) from None
            except (RuntimeError, ValueError) as error:
                raise ConflictError(
                    Text(f"更新失败：{error}", f"the update failed: {error}"),
                    Text("加 SILENT，或先建图", "add SILENT, or make the graph first"),
                ) from None
            return False

        return apply

    def _quads(self, job: Job) -> list[ox.Quad]:
        graph = ox.NamedNode(job.graph) if job.graph else ox.DefaultGraph()
        found: list[ox.Quad] = []
        for _, media, data in documents(job, self._limit):
            form = UPLOADED.get(media)
            if form is None:
                raise QueryError(
                    Text(f"不支持的内容类型“{media}”", f'the content type "{media}" is not read'),
                    Text(f"可用：{', '.join(UPLOADED)}", f"use one of {', '.join(UPLOADED)}"),
                )
            try:
                parsed = ox.parse(
                    input=data, format=form, base_iri=job.base, rename_blank_nodes=True, without_named_graphs=True
                )
                found += [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed]
            except (SyntaxError, ValueError) as error:
                raise _no_document(error) from None
            except (OSError, EOFError, zlib.error) as error:  # gzip that ends early, or is none
                raise QueryError(Text(f"读不出内容：{error}", f"the document cannot be read: {error}"), None) from None
        return found


def _put(store: ox.Store, job: Job, quads: list[ox.Quad]) -> bool:
    """Add to a graph, or replace it; tell whether it is new."""
    if not job.graph:
        if job.op == "put":
            store.clear_graph(ox.DefaultGraph())
        store.extend(quads)
        return False
    graph = ox.NamedNode(job.graph)
    created = not store.contains_named_graph(graph)
    if job.op == "put" and not created:
        store.clear_graph(graph)
    store.add_graph(graph)
    store.extend(quads)
    return created


def _delete(store: ox.Store, iri: str) -> bool:
    if not iri:
        store.clear_graph(ox.DefaultGraph())
        return False
    graph = ox.NamedNode(iri)
    if not store.contains_named_graph(graph):
        raise MissingError(Text(f"没有图 {iri}", f"there is no graph {iri}"), None)
    store.remove_graph(graph)
    return False


def _no_document(error: Exception) -> QueryError:
    line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
    where = (f"第 {line} 行第 {column} 列：", f"line {line}, column {column}: ") if line else ("", "")
    reason = getattr(error, "msg", str(error))
    return QueryError(
        Text(f"不是合法的 RDF：{where[0]}{reason}", f"no valid RDF: {where[1]}{reason}"),
        Text("改正该处；没有任何内容被写入", "correct it there; nothing was stored"),
        line=line,
        column=column,
    )
