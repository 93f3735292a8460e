"""One HTTP request and its response, in ASGI's terms."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from vetgraph.errors import Text
from vetgraph.web.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
    from pathlib import Path

    from vetgraph.web.service.cache import Header

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_CHUNK: Final = 1 << 18
_DRAINED: Final = 16 << 20


@dataclass(slots=True)
class Exchange:
    """A request, what is said of it, and the way to answer.

    Attributes:
        scope: ASGI's description of the request.
        receive: Gives the next part of the body, or tells that the client has left.
        send: Sends a part of the response.
        headers: The request's headers; names in lower case.
        path: The path below the service's own root.
        extra: Headers that every response to this request carries.
        status: Of the response, once it is sent.
    """

    scope: Scope
    receive: Receive
    send: Send
    headers: dict[bytes, bytes]
    path: str
    extra: list[Header] = field(default_factory=list)
    status: int = 0

    @classmethod
    def of(cls, scope: Scope, receive: Receive, send: Send) -> Exchange:
        """Begin.

        Args:
            scope: ASGI's description of the request.
            receive: As ASGI gives it.
            send: As ASGI gives it.

        Returns:
            The exchange.
        """
        path: str = scope["path"]
        root: str = scope.get("root_path", "")
        return cls(scope, receive, send, dict(scope["headers"]), path.removeprefix(root) if root else path)

    @property
    def method(self) -> str:
        """The method, in upper case."""
        return str(self.scope["method"])

    @property
    def query_string(self) -> bytes:
        """The raw query string."""
        return bytes(self.scope["query_string"])

    def header(self, name: bytes) -> str:
        """Return a header of the request; empty where there is none.

        Args:
            name: Its name in lower case.

        Returns:
            Its value.
        """
        return self.headers.get(name, b"").decode("latin-1")

    async def body(self, most: int) -> bytes:
        """Read the whole body.

        Args:
            most: Bytes that it may have.

        Returns:
            The bytes.

        Raises:
            Refusal: 413 where it is larger.
            ClientLeftError: The client has gone.
        """
        return b"".join([part async for part in self._parts(most)])

    async def save(self, path: Path, most: int) -> None:
        """Write the body to a file.

        Args:
            path: The file.
            most: Bytes that it may have.

        Raises:
            Refusal: 413 where it is larger.
            ClientLeftError: The client has gone.
        """
        with path.open("wb") as file:
            async for part in self._parts(most):
                await asyncio.to_thread(file.write, part)

    async def _parts(self, most: int) -> AsyncIterator[bytes]:
        if self.declared() > most:
            await self._drain()
            raise too_large(most)
        size = 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientLeftError
            part = message.get("body", b"")
            size += len(part)
            if size > most:
                await self._drain()
                raise too_large(most)
            if part:
                yield part
            if not message.get("more_body", False):
                return

    def declared(self) -> int:
        """Return the length that the request says its body has; 0 where it does not say."""
        length = self.header(b"content-length")
        return int(length) if length.isdigit() else 0

    async def _drain(self) -> None:
        """Let a client that only listens once it has sent all come to the end, if that is near."""
        size = 0
        while size < _DRAINED:
            message = await self.receive()
            size += len(message.get("body", b""))
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return

    async def left(self) -> None:
        """Return when the client has gone. To be awaited only after the body was read."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def respond(self, status: int, headers: Iterable[Header], body: bytes = b"") -> None:
        """Send a response.

        Args:
            status: Its status.
            headers: Its headers, without Content-Length.
            body: Its body; not sent where the method is HEAD.
        """
        self.status = status
        told = [*headers, *self.extra]
        if status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            told.append((b"content-length", str(len(body)).encode()))
        await self.send({"type": "http.response.start", "status": status, "headers": told})
        await self.send({"type": "http.response.body", "body": b"" if self.method == "HEAD" else body})

    async def respond_file(self, headers: Iterable[Header], path: Path, size: int) -> None:
        """Send a file and remove it.

        Args:
            headers: Headers of the response, without Content-Length.
            path: The file.
            size: Its size in bytes.
        """
        self.status = HTTPStatus.OK
        told = [*headers, *self.extra, (b"content-length", str(size).encode())]
        try:
            await self.send({"type": "http.response.start", "status": self.status, "headers": told})
            if self.method != "HEAD":
                with path.open("rb") as file:
                    while part := await asyncio.to_thread(file.read, _CHUNK):
                        await self.send({"type": "http.response.body", "body": part, "more_body": True})
            await self.send({"type": "http.response.body", "body": b""})
        finally:
            with contextlib.suppress(OSError):
                path.unlink()  # noqa: ASYNC240 - removing takes no time


class ClientLeftError(Exception):
    """The client has closed the connection before it was answered."""


def too_large(most: int) -> Refusal:
    """Return the refusal of a body that is too large.

    Args:
        most: Bytes that it may have.

    Returns:
        413.
    """
    return Refusal(
        413,
        Text("请求太大", "the request is too large"),
        Text(f"上限为 {most} 字节", f"send at most {most} bytes"),
    )
