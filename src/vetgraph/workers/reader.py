"""The worker that answers queries from a store that it holds open read-only."""

from __future__ import annotations

import itertools
from typing import IO, TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox

from vetgraph.errors import MissingError, Text
from vetgraph.names import PREFIXES
from vetgraph.results import GRAPH_FORMATS, RESULT_FORMATS, Answer, Triples
from vetgraph.store import open_store
from vetgraph.terms import parse_term
from vetgraph.workers import analysis
from vetgraph.workers.messages import Job, Reply
from vetgraph.workers.sink import Sink

if TYPE_CHECKING:
    from pathlib import Path

_NEAT: Final = 20_000
"""Graphs of at most so many triples are written without repetitions, with only the prefixes that they use."""


class Reader:
    """Answers jobs from the current generation of a store, whichever that is when the job comes."""

    def __init__(self, store: str, folder: Path | str, *, in_memory: bool = False) -> None:
        """Open the store.

        Args:
            store: Its folder.
            folder: Where large answers are written.
            in_memory: Whether to copy the store into memory, which is faster and takes the room.
        """
        self._path = store
        self._folder = folder
        self._in_memory = in_memory
        self._analysis = analysis.Analysis(folder)
        self._store = open_store(store)
        if in_memory:
            self._store = self._store.copied()

    def __call__(self, job: Job) -> Reply:
        """Do a job.

        Args:
            job: The job.

        Returns:
            Its answer.

        Raises:
            VetgraphError: The query is malformed, or exceeds its budget.
        """
        if job.version and job.version != self._store.version:
            self._refresh()
        if job.op in analysis.JOBS:
            return self._analysis.answer(job, self._store)
        sink = Sink(self._folder, job.size, job.rows, job.results[1] if job.results else "")
        try:
            media, kind = self._graph(job, sink) if job.op == "graph" else self._query(job, sink)
            body, file = sink.taken()
        except BaseException:
            sink.drop()
            raise
        return Reply(media=media, body=body, file=file, size=sink.size, version=self._store.version, kind=kind)

    def _refresh(self) -> None:
        fresh = open_store(self._path)
        old, self._store = self._store, fresh.copied() if self._in_memory else fresh
        old.close()

    def _query(self, job: Job, sink: Sink) -> tuple[str, str]:
        found = self._store.evaluate(
            job.text,
            {name: parse_term(term) for name, term in job.values.items()},
            default_graphs=job.default_graphs,
            named_graphs=job.named_graphs,
            base=job.base,
            prefixes=job.prefixes,
        )
        if isinstance(found, ox.QueryTriples):
            media, form = analysis.acceptable(job.graphs, "graph")
            write_triples(found, form, sink)
            return media, "triples"
        media, form = analysis.acceptable(job.results, "table")
        if isinstance(found, ox.QueryBoolean):
            sink.write(Answer(bool(found)).serialize(form))
            return media, "boolean"
        found.serialize(sink, RESULT_FORMATS[form])
        return media, "solutions"

    def _graph(self, job: Job, sink: Sink) -> tuple[str, str]:
        media, form = analysis.acceptable(job.graphs, "graph")
        native = self._store.native
        graph = ox.NamedNode(job.graph) if job.graph else ox.DefaultGraph()
        if job.graph and not native.contains_named_graph(graph):
            raise MissingError(
                Text(f"没有图 {job.graph}", f"there is no graph {job.graph}"),
                Text("SELECT DISTINCT ?g { GRAPH ?g {} } 列出全部", "SELECT DISTINCT ?g { GRAPH ?g {} } lists them"),
            )
        native.dump(cast("IO[bytes]", sink), GRAPH_FORMATS[form], from_graph=graph, prefixes=dict(PREFIXES))
        return media, "triples"


def write_triples(found: Any, form: str, sink: Sink) -> None:  # noqa: ANN401 - an iterator of the engine's
    """Write triples: few neatly, many as they come.

    Args:
        found: An iterator over the engine's triples.
        form: Name of the format.
        sink: Where to.
    """
    first = list(itertools.islice(found, _NEAT))
    if len(first) < _NEAT:
        sink.write(Triples(first, PREFIXES).serialize(form))
    else:
        ox.serialize(
            itertools.chain(first, found), cast("IO[bytes]", sink), GRAPH_FORMATS[form], prefixes=dict(PREFIXES)
        )
