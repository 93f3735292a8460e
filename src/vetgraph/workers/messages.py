"""What web process and workers say to each other: a JSON head and a body of bytes, each with its length before it."""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from vetgraph.errors import (
    BudgetError,
    ConflictError,
    DataError,
    ForbiddenError,
    MissingError,
    NotAcceptableError,
    QueryError,
    StoreError,
    Text,
    UnsupportedError,
    UsageError,
    problem_of,
)
from vetgraph.errors import VetgraphError as Error

if TYPE_CHECKING:
    import socket

_ENCODE: Final = json.JSONEncoder(separators=(",", ":")).encode  # made once: this is asked for at every request
_LENGTHS: Final = struct.Struct(">II")
HEAD: Final = _LENGTHS.size
_KINDS: Final[dict[str, type[Error]]] = {
    kind.__name__: kind
    for kind in (
        UsageError,
        StoreError,
        ForbiddenError,
        ConflictError,
        UnsupportedError,
        MissingError,
        NotAcceptableError,
    )
}


@dataclass(frozen=True)
class Job:
    """What a worker is asked to do.

    Attributes:
        op: ``query``, ``graph``, ``network``, ``validate``, ``update``, ``put``, ``post`` or ``delete``.
        text: A query or an update.
        default_graphs: The protocol's ``default-graph-uri`` or ``using-graph-uri``.
        named_graphs: The protocol's ``named-graph-uri`` or ``using-named-graph-uri``.
        results: Media type and format for rows and yes/no answers, ``None`` where none is acceptable.
        graphs: The same for triples.
        values: Values of variables, as N-Triples terms.
        prefixes: Whether the project's prefixes are known.
        base: Base IRI of relative ones.
        graph: IRI of a named graph; empty for the default graph.
        file: Path of an uploaded document.
        media: Its Content-Type.
        encoding: Its Content-Encoding.
        upload: Most bytes of an uploaded document, unpacked.
        rows: Most rows of the answer.
        size: Most bytes of the answer.
        version: The content that must answer, or a newer one.
        directed: Whether the ties of a network lead from their sources to their targets.
        lang: Language of a network's names.
        reports: Reports that a network is cut to.
        project: Mode that it is projected on.
        against: Reports whose network it is compared with; a saved one is in ``file``.
    """

    op: str
    text: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    results: tuple[str, str] | None = None
    graphs: tuple[str, str] | None = None
    values: dict[str, str] = field(default_factory=dict)
    prefixes: bool = True
    base: str | None = None
    graph: str = ""
    file: str | None = None
    media: str = ""
    encoding: str = ""
    upload: int = 0
    rows: int = 0
    size: int = 0
    version: str = ""
    directed: bool = False
    lang: str = ""
    reports: tuple[str, ...] = ()
    project: str = ""
    against: tuple[str, ...] = ()

    def pack(self, **more: str | int) -> bytes:
        """Return the frame that asks for it.

        Args:
            **more: Fields that get another value.

        Returns:
            The frame.
        """
        return pack({**{key: value for key, value in vars(self).items() if value}, **more})

    @classmethod
    def of(cls, head: dict[str, Any]) -> Job:
        """Read the job from a frame's head.

        Args:
            head: What ``pack`` wrote.

        Returns:
            The job.
        """
        for key in ("results", "graphs", "default_graphs", "named_graphs", "reports", "against"):
            if key in head:
                head[key] = tuple(head[key])
        head.setdefault("prefixes", False)  # only what is set is sent
        return cls(**head)


@dataclass(frozen=True)
class Reply:
    """What a worker answers.

    Attributes:
        media: Media type of the body; empty where there is none.
        body: The body, unless it is in a file.
        file: Path of a large body, to be removed by who reads it.
        size: Length of the body in bytes.
        created: Whether a write made a new graph.
        version: Name of the store's content that answered, or that a write made.
        kind: ``solutions``, ``boolean`` or ``triples``.
    """

    media: str = ""
    body: bytes = b""
    file: str | None = None
    size: int = 0
    created: bool = False
    version: str = ""
    kind: str = ""

    def pack(self) -> bytes:
        """Return the frame that says it."""
        head = {
            "media": self.media,
            "file": self.file,
            "size": self.size,
            "created": self.created,
            "version": self.version,
            "kind": self.kind,
        }
        return pack(head, self.body)

    @classmethod
    def of(cls, head: dict[str, Any], body: bytes) -> Reply:
        """Read the reply from a frame.

        Args:
            head: Its head.
            body: Its body.

        Returns:
            The reply.

        Raises:
            VetgraphError: The frame tells of an error.
        """
        check(head)
        return cls(body=body, **head)


def check(head: dict[str, Any]) -> None:
    """Raise the error that a frame tells of, if it tells of one.

    Args:
        head: Head of the frame.

    Raises:
        VetgraphError: What went wrong in the worker.
    """
    if "error" in head:
        raise _error(head["error"])


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return a frame.

    Args:
        head: What JSON can hold.
        body: Bytes that follow it.

    Returns:
        The frame.
    """
    text = _ENCODE(head).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def lengths(head: bytes) -> tuple[int, int]:
    """Return the lengths of a frame's head and body.

    Args:
        head: Its first ``HEAD`` bytes.

    Returns:
        Both lengths in bytes.
    """
    first, second = _LENGTHS.unpack(head)
    return first, second


def pack_error(error: Error) -> bytes:
    """Return the frame that tells of an error.

    Args:
        error: The error.

    Returns:
        The frame.
    """
    fix = error.fix or Text("", "")
    told: dict[str, Any] = {
        "kind": type(error).__name__,
        "message": [error.message.zh, error.message.en],
        "fix": [fix.zh, fix.en],
    }
    if isinstance(error, QueryError):
        told |= {"line": error.line, "column": error.column, "excerpt": error.excerpt}
    if isinstance(error, BudgetError):
        told["resource"] = error.resource
    if isinstance(error, DataError):
        told["problems"] = [asdict(problem) for problem in error.problems]
    return pack({"error": told})


def _error(told: dict[str, Any]) -> Error:
    message, fix = Text(*told["message"]), Text(*told["fix"])
    if told["kind"] == QueryError.__name__:
        return QueryError(message, fix, line=told["line"], column=told["column"], excerpt=told["excerpt"])
    if told["kind"] == BudgetError.__name__:
        return BudgetError(message, fix, resource=told["resource"])
    if told["kind"] == DataError.__name__:
        return DataError(problem_of(problem) for problem in told["problems"])
    return _KINDS.get(told["kind"], StoreError)(message, fix)


def receive(connection: socket.socket) -> tuple[dict[str, Any], bytes] | None:
    """Wait for a frame on a blocking socket.

    Args:
        connection: The socket.

    Returns:
        Head and body, or ``None`` when the other side has gone.
    """
    start = _exactly(connection, HEAD)
    if start is None:
        return None
    first, second = lengths(start)
    rest = _exactly(connection, first + second)
    return None if rest is None else (json.loads(rest[:first]), rest[first:])


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(min(count - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)
