"""In front of another SPARQL service: the same interface as the pool, with that service in place of the workers."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from vetgraph.errors import BudgetError, ForbiddenError, MissingError, NotAcceptableError, Text
from vetgraph.opening import open_store
from vetgraph.remote import text_of
from vetgraph.results import Answer, Triples
from vetgraph.terms import parse_term
from vetgraph.workers.analysis import JOBS
from vetgraph.workers.messages import Reply
from vetgraph.workers.pool import Pool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from vetgraph.workers.budget import Budget
    from vetgraph.workers.messages import Job
    from vetgraph.workers.pool import PoolSettings

_LOOK: Final = 5.0
"""Seconds between two looks at which content the service has; kept answers may be as old as that."""


class Relay(Pool):
    """Asks a service. Its own limits hold too; what it sends is checked against the budget when it is here."""

    def __init__(self, settings: PoolSettings) -> None:
        """Remember the settings.

        Args:
            settings: Where the service is, how many requests it gets at a time, and what an answer may take.
        """
        super().__init__(replace(settings, size=1, spare=False))
        self._turns = asyncio.Semaphore(settings.size * 4)
        self._started = asyncio.Lock()

    reads = "analyse"

    async def start(self) -> None:
        """Reach the service.

        Raises:
            StoreError: It cannot be reached.
        """
        self.loop = asyncio.get_running_loop()
        self._store = await asyncio.to_thread(open_store, self.settings.address)
        self._version = await asyncio.to_thread(lambda: self._store.version)
        self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            with contextlib.suppress(Exception):  # it will be back, and the next query says what is wrong
                self._version = await asyncio.to_thread(lambda: self._store.version)

    def version(self) -> str:
        """Return the name of the service's content, as it was a moment ago."""
        return self._version

    async def ask(self, job: Job, budget: Budget, left: Callable[[], Awaitable[Any]] | None = None) -> Reply:
        """Have the service do a job.

        Args:
            job: A query, a graph to read, a network to measure, or something to validate.
            budget: What it may use.
            left: Returns when the client has gone; a request to the service ends by its own time-out all the same.

        Returns:
            The reply.

        Raises:
            BudgetError: It took too much.
            VetgraphError: What the service says.
        """
        if job.op in JOBS:  # in a worker, which can be ended
            async with self._started:
                if not self._born:
                    await super().start()
            return await super().ask(job, budget, left)
        if self._turns.locked() and self.waiting >= self.settings.queue:
            raise _busy()
        async with self._turns:
            try:
                return await asyncio.wait_for(asyncio.to_thread(self._answer, job, budget), budget.seconds)
            except TimeoutError:
                self.ended["time"] += 1
                raise BudgetError(
                    Text(f"超过 {budget.seconds:g} 秒", f"no answer in {budget.seconds:g} seconds"),
                    Text("缩小范围，或加 LIMIT", "narrow it, or add a LIMIT"),
                ) from None

    def _answer(self, job: Job, budget: Budget) -> Reply:
        if job.op == "graph":
            graphs = [job.graph] if job.graph else []
            found = self._store.query(text_of("graph"), default_graphs=graphs)
            if job.graph and isinstance(found, Triples) and not len(found):
                raise MissingError(Text(f"没有图 {job.graph}", f"there is no graph {job.graph}"), None)
        else:
            found = self._store.query(
                job.text,
                {name: parse_term(term) for name, term in job.values.items()},
                default_graphs=job.default_graphs,
                named_graphs=job.named_graphs,
                base=job.base,
                prefixes=job.prefixes,
            )
        choice = job.graphs if isinstance(found, Triples) else job.results
        kind = "triples" if isinstance(found, Triples) else "boolean" if isinstance(found, Answer) else "solutions"
        if choice is None:
            raise NotAcceptableError(Text(*["graph" if kind == "triples" else "table"] * 2))
        body = found.serialize(choice[1])
        rows = 0 if isinstance(found, (Answer, Triples)) else len(found)
        if rows > budget.rows or len(body) > budget.bytes:
            raise BudgetError(
                Text("答案超过上限", "the answer is larger than it may be"),
                Text("加 LIMIT，或分几次查询", "add a LIMIT, or ask in parts"),
                resource="rows",
            )
        return Reply(choice[0], body, None, len(body), version=self._version, kind=kind)

    async def write(self, job: Job) -> Reply:
        """Refuse: the service behind takes updates itself.

        Args:
            job: Not used.

        Raises:
            ForbiddenError: Always.
        """
        del job
        raise ForbiddenError(
            Text("这里只读；写入请直接用后面的服务", "this service is read-only; write to the service behind it"), None
        )

    async def close(self) -> None:
        """Let the service go."""
        self._looking.cancel()
        self._store.close()
        await super().close()


def _busy() -> BudgetError:
    return BudgetError(
        Text("服务正忙", "the service behind is busy"), Text("稍后再试", "try again in a moment"), resource="workers"
    )
