"""A store whose queries are answered by the pool: what pages ask, from their threads."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vetgraph.errors import StoreError, Text
from vetgraph.names import PREFIXES
from vetgraph.results import answer_of, triples_of
from vetgraph.terms import to_term
from vetgraph.workers.messages import Job

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from vetgraph.export.kept import Cut
    from vetgraph.results import Answer, Solutions, Triples
    from vetgraph.workers.budget import Budget
    from vetgraph.workers.messages import Reply
    from vetgraph.workers.pool import Pool

_NT = "application/n-triples"
_NETWORK = 3
"""How many times as long as a query a network may take, since it is measured and laid out too."""


class PooledStore:
    """The ``Store`` protocol in front of a pool."""

    def __init__(self, pool: Pool) -> None:
        """Stand in front of a pool.

        Args:
            pool: A pool that has started; its event loop runs in another thread.
        """
        self._pool = pool

    @property
    def version(self) -> str:
        """Name of the current content."""
        return self._pool.version()

    @property
    def path(self) -> Path | None:
        """Folder of the store; ``None`` where it is a service elsewhere."""
        return None if self._pool.settings.address else self._pool.settings.store

    @property
    def where(self) -> Path | str:
        """Folder of the store, or address of the service elsewhere."""
        return self._pool.settings.address or self._pool.settings.store

    def query(  # noqa: PLR0913 - the parts of a SPARQL request
        self,
        text: str,
        substitutions: Mapping[str, Any] | None = None,
        *,
        default_graphs: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        base: str | None = None,
        prefixes: bool = True,
    ) -> Solutions | Answer | Triples:
        """Answer a SPARQL query within the pool's budget.

        Args:
            text: The query.
            substitutions: Values of variables.
            default_graphs: IRIs of graphs that replace the default graph.
            named_graphs: IRIs of the only graphs that ``GRAPH`` can see.
            base: Base of relative IRIs.
            prefixes: Whether the project's prefixes are known.

        Returns:
            ``Solutions``, ``Answer`` or ``Triples``.

        Raises:
            VetgraphError: As the worker says.
        """
        job = Job(
            "query",
            text,
            default_graphs=tuple(default_graphs or ()),
            named_graphs=tuple(named_graphs or ()),
            results=("application/sparql-results+json", "json"),
            graphs=(_NT, "nt"),
            values={name: str(to_term(value)) for name, value in (substitutions or {}).items()},
            base=base,
            prefixes=prefixes,
        )
        reply = self._ask(job)
        body = content(reply)
        return triples_of(body, _NT, PREFIXES) if reply.kind == "triples" else answer_of(body)

    def network(self, text: str, form: str, lang: str, cut: Cut, *, directed: bool) -> bytes:
        """Have a network measured, laid out and written, which may take longer than a query.

        Args:
            text: A SELECT with ``?source`` and ``?target``.
            form: As of ``vetgraph.export.kept.Figures``.
            lang: Language of names.
            cut: What of the network is wanted, and what it is compared with.
            directed: Whether ties have a direction.

        Returns:
            The file.

        Raises:
            VetgraphError: As the worker says.
        """
        budget = self._pool.settings.budget
        job = Job(
            "network",
            text,
            results=("application/octet-stream", form),
            lang=lang,
            directed=directed,
            reports=cut.reports,
            project=cut.project,
            against=cut.against,
            file=cut.saved or None,
        )
        return content(self._ask(job, replace(budget, seconds=budget.seconds * _NETWORK)))

    def _ask(self, job: Job, budget: Budget | None = None) -> Reply:
        if self._pool.loop is None:
            raise StoreError(Text("服务还没有启动", "the service has not started"), None)
        asked = self._pool.ask(job, budget or self._pool.settings.budget)
        return asyncio.run_coroutine_threadsafe(asked, self._pool.loop).result()

    def close(self) -> None:
        """Do nothing: the pool is closed by who started it."""


def content(reply: Reply) -> bytes:
    """Return the bytes of a reply; its file, if it has one, is removed.

    Args:
        reply: A worker's reply.

    Returns:
        The body.
    """
    if reply.file is None:
        return reply.body
    from pathlib import Path

    file = Path(reply.file)
    try:
        return file.read_bytes()
    finally:
        file.unlink(missing_ok=True)
