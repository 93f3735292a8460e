"""A worker process as the web process sees it: send a job, await its reply, or kill it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, TypeAlias

from vetgraph.errors import StoreError, Text
from vetgraph.workers import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from vetgraph.workers.messages import Job, Reply


Frame: TypeAlias = "asyncio.Future[tuple[dict[str, Any], bytes]]"


class Gone(Exception):  # noqa: N818 - no error of ours: whoever waits decides what it means
    """The process has ended before it answered."""


class Process(asyncio.Protocol):
    """One child process and the socket to it; at most one job at a time."""

    def __init__(self, kind: str, settings: dict[str, Any], free: Callable[[Process], None]) -> None:
        """Start the process.

        Args:
            kind: ``read``, ``write`` or ``analyse``.
            settings: What it is told, as JSON can hold it.
            free: Called when it has answered, and when it has ended.
        """
        self._free = free
        self._loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003 - the library's own signature
        command = [sys.executable, "-m", "vetgraph.workers", kind, json.dumps(settings), str(theirs.fileno())]
        self._child = subprocess.Popen(  # noqa: S603 - our own command; starting it takes a millisecond
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        self._socket = ours
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._waiting: Frame | None = None
        self._born = time.monotonic()
        self.cost = 0.0
        """Seconds that it took to start."""
        self.alive = True

    async def start(self) -> None:
        """Wait until it is ready.

        Raises:
            VetgraphError: It cannot open the store.
        """
        ready = self._waiting = self._loop.create_future()
        transport, _ = await self._loop.create_connection(lambda: self, sock=self._socket)
        self._transport = transport
        try:
            head, _ = await ready
        except Gone:
            raise StoreError(Text("工作进程没有启动", "a worker process did not start"), None) from None
        messages.check(head)
        self.cost = time.monotonic() - self._born

    def works_for(self, reply: Frame) -> bool:
        """Tell whether this is the job that it has.

        Args:
            reply: What gets the frame of the job's reply.

        Returns:
            Whether it works on it now.
        """
        return self._waiting is reply

    def send(self, frame: bytes, reply: Frame) -> None:
        """Send a job.

        Args:
            frame: The job, packed.
            reply: Gets the frame of its reply; ``Gone`` when the process ends.
        """
        self._waiting = reply
        if self._transport is None or not self.alive:
            self._waiting.set_exception(Gone())
        else:
            self._transport.write(frame)

    async def ask(self, job: Job) -> Reply:
        """Send a job and await its reply.

        Args:
            job: The job.

        Returns:
            The reply.

        Raises:
            Gone: The process has ended.
            VetgraphError: What the reply says.
        """
        reply: Frame = self._loop.create_future()
        self.send(job.pack(), reply)
        head, body = await reply
        return messages.Reply.of(head, body)

    def kill(self) -> None:
        """End the process now."""
        self.alive = False
        self._child.kill()
        if self._transport is not None:
            self._transport.abort()
        self._loop.run_in_executor(None, self._child.wait)

    def close(self) -> None:
        """Let the process end by itself, at once if it is idle."""
        self.alive = False
        if self._transport is not None:
            self._transport.close()

    def wait(self) -> None:
        """Wait for the end of the process; blocks."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(1)
            return
        self._child.kill()
        self._child.wait()

    def data_received(self, data: bytes) -> None:
        """Collect a frame (asyncio calls this)."""
        self._buffer += data
        if len(self._buffer) < messages.HEAD:
            return
        first, second = messages.lengths(bytes(self._buffer[: messages.HEAD]))
        end = messages.HEAD + first + second
        if len(self._buffer) < end:
            return
        head = json.loads(self._buffer[messages.HEAD : messages.HEAD + first])
        body = bytes(self._buffer[messages.HEAD + first : end])
        self._buffer.clear()
        waiting, self._waiting = self._waiting, None
        self._free(self)  # first, so that it has its next job before this reply is looked at
        if waiting is not None and not waiting.done():
            waiting.set_result((head, body))

    def connection_lost(self, _error: Exception | None) -> None:
        """Tell whoever waits that the process has gone (asyncio calls this)."""
        self.alive = False
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(Gone())
        self._free(self)
        self._loop.run_in_executor(None, self._child.wait)
