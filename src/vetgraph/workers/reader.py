"""The worker that answers queries from a store that it holds open read-only."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox

from vetgraph.errors import MissingError, NotAcceptableError, Text
from vetgraph.names import PREFIXES
from vetgraph.results import GRAPH_FORMATS, RESULT_FORMATS, Answer, Triples
from vetgraph.sent import File, check, check_store, written
from vetgraph.store import open_store
from vetgraph.terms import parse_term
from vetgraph.workers.documents import documents
from vetgraph.workers.messages import Job, Reply
from vetgraph.workers.sink import Sink

if TYPE_CHECKING:
    from vetgraph.export.kept import Figures

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
        self._figures: Figures | None = None
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
        if job.op == "validate":
            return self._validate(job)
        if job.op == "network":
            return self._network(job)
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
            media, form = _acceptable(job.graphs, "graph")
            write_triples(found, form, sink)
            return media, "triples"
        media, form = _acceptable(job.results, "table")
        if isinstance(found, ox.QueryBoolean):
            sink.write(Answer(bool(found)).serialize(form))
            return media, "boolean"
        found.serialize(sink, RESULT_FORMATS[form])
        return media, "solutions"

    def _validate(self, job: Job) -> Reply:
        """Check what was sent, or the store itself where nothing was."""
        media, form = _acceptable(job.results, "report")
        if not job.file:
            return Reply(media=media, body=written(check_store(self._store), form), version=self._store.version)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            files = []
            for number, (name, kind, content) in enumerate(documents(job, job.upload)):
                path = Path(folder) / str(number)
                with path.open("wb") as file:
                    shutil.copyfileobj(content, file)
                files.append(File(name, kind, path))
            found = check(files, self._store)
        return Reply(media=media, body=written(found, form), version=self._store.version)

    def _network(self, job: Job) -> Reply:
        """Measure, lay out and write a network; what was made last is kept."""
        from vetgraph import networks
        from vetgraph.export.kept import Figures

        media, form = _acceptable(job.results, "network")
        self._figures = self._figures or Figures()
        body = self._figures.write(self._store, networks.own(job.text, directed=job.directed), form, job.lang)
        return Reply(media=media, body=body, size=len(body), version=self._store.version)

    def _graph(self, job: Job, sink: Sink) -> tuple[str, str]:
        media, form = _acceptable(job.graphs, "graph")
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


def _acceptable(choice: tuple[str, str] | None, kind: str) -> tuple[str, str]:
    """Return the format, or refuse: only the engine knows whether an answer is a table or a graph."""
    if choice is None:
        raise NotAcceptableError(kind)
    return choice
