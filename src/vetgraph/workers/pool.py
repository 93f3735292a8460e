"""The pool: a few workers that answer queries, a spare one, and the writer."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
import weakref
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetgraph import generations
from vetgraph.errors import BudgetError, ForbiddenError, StoreError, Text, VetgraphError
from vetgraph.workers import child
from vetgraph.workers.budget import MEBIBYTE, Budget
from vetgraph.workers.messages import Reply
from vetgraph.workers.process import Gone, Process

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from vetgraph.workers.messages import Job
    from vetgraph.workers.process import Frame

_WRITER_MEMORY = 8192 * MEBIBYTE
_LOOK = 0.02
"""Seconds for which the pointer to the current generation is not looked at again."""

_WATCHED_AFTER = 0.05
"""Seconds after which it is worth knowing whether the client is still there."""


@dataclass(frozen=True)
class PoolSettings:
    """How many workers there are, and what each may use.

    Attributes:
        store: Folder of the store.
        size: Number of workers that answer at the same time.
        budget: What a query may use.
        queue: Requests that may wait for a worker; more are refused.
        patience: Seconds that a request waits for a worker.
        in_memory: Whether each worker holds the store in memory.
        spare: Whether a further worker stands by for one that is ended.
        writable: Whether there is a writer.
        write_seconds: Time that an update may take.
        upload: Most bytes of an uploaded document, unpacked.
        hosts: Hosts that ``LOAD`` may read.
        guard: Whether a change that breaks the shapes is refused.
        address: Address of a SPARQL service that takes the place of store and workers.
    """

    store: Path
    size: int = 2
    budget: Budget = field(default_factory=Budget)
    queue: int = 256
    patience: float = 10.0
    in_memory: bool = False
    spare: bool = True
    writable: bool = False
    write_seconds: float = 60.0
    upload: int = 256 * MEBIBYTE
    hosts: tuple[str, ...] = ()
    guard: bool = False
    address: str = ""


@dataclass(eq=False, slots=True)
class _Turn:
    """A job that waits for a worker or is with one."""

    frame: bytes
    reply: Frame
    seconds: float
    left: Callable[[], Awaitable[Any]] | None
    process: Process | None = None
    since: float = 0.0
    timers: list[asyncio.TimerHandle] = field(default_factory=list)
    watcher: asyncio.Task[None] | None = None
    reason: str = ""

    def stop(self, reason: str) -> None:
        """End the worker that has the job."""
        if self.process is not None and self.process.works_for(self.reply):
            self.reason = reason
            self.process.kill()

    def leave(self) -> None:
        """End the worker when nobody waits, but let it finish what takes less than starting another."""
        if self.process is not None:
            worked = time.monotonic() - self.since
            asyncio.get_running_loop().call_later(max(0.0, self.process.cost - worked), self.stop, "left")

    def watch(self) -> None:
        """End the worker when the client goes."""
        if self.left is not None:
            self.watcher = asyncio.ensure_future(_watch(self.left, self.leave))

    def finish(self) -> None:
        """Forget timers and watcher."""
        for timer in self.timers:
            timer.cancel()
        if self.watcher is not None:
            self.watcher.cancel()


class Pool:
    """Workers of one store. Used inside one event loop."""

    reads = "read"
    """The kind of its workers."""

    def __init__(self, settings: PoolSettings) -> None:
        """Remember the settings; ``start`` starts the processes.

        Args:
            settings: How many, and what each may use.
        """
        self.settings = settings
        self.loop: asyncio.AbstractEventLoop | None = None
        self.ended: Counter[str] = Counter()
        """How many workers were ended, by reason: ``time``, ``gone``, ``left``."""
        self._folder = Path(tempfile.mkdtemp(prefix="vetgraph-"))
        self._idle: deque[Process] = deque()
        self._spare: Process | None = None
        self._starting: set[asyncio.Task[None]] = set()
        self._all: set[Process] = set()
        self._born: weakref.WeakSet[Process] = weakref.WeakSet()
        self._queue: deque[_Turn] = deque()
        self._missing = 0
        self._writer: Process | None = None
        self._writing = asyncio.Lock()
        self._pointer = settings.store / generations.CURRENT
        self._seen: tuple[int, int] = (0, 0)
        self._version = ""
        self._looked = 0.0
        self._closed = False

    @property
    def folder(self) -> Path:
        """Where large answers and uploads are kept while they are used."""
        return self._folder

    @property
    def waiting(self) -> int:
        """Number of requests that wait for a worker."""
        return len(self._queue)

    def version(self) -> str:
        """Return the name of the current generation, as it is or was a moment ago; after a write of ours, as it is."""
        now = time.monotonic()
        if now < self._looked + _LOOK:
            return self._version
        self._looked = now
        try:
            found = self._pointer.stat()
        except OSError:
            return self._version
        seen = (found.st_ino, found.st_mtime_ns)
        if seen != self._seen:
            self._version = generations.current(self.settings.store)
            self._seen = seen
        return self._version

    async def start(self) -> None:
        """Start the workers.

        Raises:
            VetgraphError: The store cannot be opened.
        """
        self.loop = asyncio.get_running_loop()
        started = [self._new(self.reads) for _ in range(self.settings.size)]
        await asyncio.gather(*(process.start() for process in started))
        self._all.update(started)
        self._idle.extend(started)
        self._refill()

    def _new(self, kind: str) -> Process:
        memory = _WRITER_MEMORY if kind == "write" else self.settings.budget.memory
        process = Process(
            kind,
            {
                "store": self.settings.address or str(self.settings.store),
                "folder": str(self._folder),
                "memory": memory,
                "in_memory": self.settings.in_memory,
                "hosts": self.settings.hosts,
                "upload": self.settings.upload,
                "guard": self.settings.guard,
            },
            self._freed,
        )
        self._born.add(process)
        return process

    async def ask(self, job: Job, budget: Budget, left: Callable[[], Awaitable[Any]] | None = None) -> Reply:
        """Have a job done within a budget.

        Args:
            job: A job for a reader.
            budget: What it may use; time counts from when a worker has it.
            left: Returns when the client has gone, if that can be known.

        Returns:
            The reply.

        Raises:
            BudgetError: It took too much, or no worker was free in time.
            VetgraphError: What the worker says.
        """
        if len(self._queue) >= self.settings.queue and not self._idle:
            raise _busy()
        loop = asyncio.get_running_loop()
        frame = job.pack(rows=budget.rows, size=budget.bytes, version=self.version())
        turn = _Turn(frame, loop.create_future(), budget.seconds, left)
        if self._idle:
            self._dispatch(turn, self._idle.popleft())
        else:
            self._queue.append(turn)
            turn.timers = [loop.call_later(self.settings.patience, self._give_up, turn)]
        try:
            head, body = await turn.reply
        except Gone:
            self.ended[turn.reason or "gone"] += 1
            raise _too_long(budget.seconds) if turn.reason else _crashed() from None
        except asyncio.CancelledError:
            turn.leave()
            raise
        finally:
            turn.finish()
        return Reply.of(head, body)

    def _dispatch(self, turn: _Turn, process: Process) -> None:
        turn.finish()
        turn.process = process
        turn.since = time.monotonic()
        loop = asyncio.get_running_loop()
        turn.timers = [loop.call_later(turn.seconds, turn.stop, "time")]
        if turn.left is not None:
            turn.timers.append(loop.call_later(_WATCHED_AFTER, turn.watch))
        process.send(turn.frame, turn.reply)

    def _give_up(self, turn: _Turn) -> None:
        with suppress(ValueError):
            self._queue.remove(turn)
        if not turn.reply.done():
            turn.reply.set_exception(_busy())

    def _freed(self, process: Process) -> None:
        """Give a worker its next job, first come, first served; or replace it, if it has ended."""
        if process not in self._all:  # the writer, or one that has not started yet
            return
        if not process.alive:
            self._lost(process)
            return
        while self._queue:
            turn = self._queue.popleft()
            if not turn.reply.done():
                self._dispatch(turn, process)
                return
        self._idle.append(process)

    def _lost(self, process: Process) -> None:
        self._all.discard(process)
        with suppress(ValueError):
            self._idle.remove(process)
        if self._spare is process:
            self._spare = None
        elif self._spare is not None:
            spare, self._spare = self._spare, None
            self._freed(spare)
        else:
            self._missing += 1
        self._refill()

    def _refill(self) -> None:
        """Start what is missing, and a spare, in the background."""
        wanted = self._missing + (self.settings.spare and self._spare is None)
        for _ in range(wanted - len(self._starting)):
            task = asyncio.ensure_future(self._begin())
            self._starting.add(task)
            task.add_done_callback(self._begun)

    async def _begin(self) -> None:
        process = self._new(self.reads)
        try:
            await process.start()
        except VetgraphError:
            await asyncio.sleep(1)  # a store that is being restored comes back
            return
        self._all.add(process)
        if self._missing:
            self._missing -= 1
            self._freed(process)
        elif self._spare is None:
            self._spare = process
        else:
            process.close()

    def _begun(self, task: asyncio.Task[None]) -> None:
        self._starting.discard(task)
        if not task.cancelled() and self.loop is not None and not self.loop.is_closed() and not self._closed:
            self._refill()

    async def write(self, job: Job) -> Reply:
        """Have the store changed; returns when readers see the change.

        Args:
            job: A job for the writer.

        Returns:
            The reply.

        Raises:
            ForbiddenError: The service does not write.
            VetgraphError: Nothing was changed, and why.
        """
        if not self.settings.writable:
            raise ForbiddenError(
                Text("这里只读", "this service is read-only"),
                Text("运行者用 --tokens 开启写入", "the operator turns writing on with --tokens"),
            )
        async with self._writing:
            if self._writer is None or not self._writer.alive:
                self._writer = self._new("write")
                await self._writer.start()
            try:
                reply = await asyncio.wait_for(self._writer.ask(job), self.settings.write_seconds)
                self._looked = 0.0
            except Gone:
                raise _crashed() from None
            except (TimeoutError, asyncio.CancelledError) as error:
                self._writer.kill()
                if isinstance(error, TimeoutError):
                    raise _too_long(self.settings.write_seconds) from None
                raise
            return reply

    async def close(self) -> None:
        """End all processes and remove their files."""
        self._closed = True
        for task in self._starting:
            task.cancel()
        self._all.clear()
        processes = list(self._born)
        for process in processes:
            process.close()
        await asyncio.gather(*(asyncio.to_thread(process.wait) for process in processes))
        shutil.rmtree(self._folder, ignore_errors=True)


async def _watch(left: Callable[[], Awaitable[Any]], stop: Callable[[], None]) -> None:
    await left()
    stop()


def _too_long(seconds: float) -> BudgetError:
    return BudgetError(
        Text(f"超过 {seconds:g} 秒，已停止", f"stopped after {seconds:g} seconds"),
        Text("缩小范围，或加 LIMIT；没有部分结果", "narrow it, or add a LIMIT; there is no partial result"),
        resource="time",
    )


def _crashed() -> StoreError | BudgetError:
    error = child.too_large()
    return BudgetError(
        Text(f"{error.message.zh}，或嵌套太深", f"{error.message.en}, or is nested too deep for the engine"),
        error.fix,
        resource="memory",
    )


def _busy() -> BudgetError:
    return BudgetError(
        Text("服务正忙", "all workers are busy"), Text("稍后再试", "try again in a moment"), resource="workers"
    )
