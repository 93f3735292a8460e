"""The SPARQL 1.1 Protocol: what a request asks for. Reads requests; parses no SPARQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote_to_bytes

from vetgraph.errors import Text
from vetgraph.web.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

QUERY_METHODS: Final = "GET, HEAD, POST, OPTIONS"
UPDATE_METHODS: Final = "POST, OPTIONS"
FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_MOST_FIELDS: Final = 1000
_SHORTEST: Final = 0.1


@dataclass(frozen=True)
class Incoming:
    """The parts of an HTTP request that the protocol looks at."""

    method: str
    query_string: bytes
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Asked:
    """A query or an update, and its dataset."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    seconds: float | None = None


def read_query(incoming: Incoming) -> Asked | None:
    """Read a request to the query endpoint.

    Args:
        incoming: The request.

    Returns:
        What it asks; ``None`` where it names no query at all, which asks for the service's description.

    Raises:
        Refusal: 400, 405 or 415.
    """
    parameters = _form(incoming.query_string)
    if incoming.method in {"GET", "HEAD"}:
        if "query" not in parameters and "update" not in parameters:
            return None
        return _query(parameters)
    if incoming.method != "POST":
        raise not_allowed(incoming.method, QUERY_METHODS)
    kind = _kind(incoming, (FORM, QUERY))
    if kind == FORM:
        return _query(_merged(parameters, _form(incoming.body)))
    if kind == QUERY:
        if "query" in parameters:
            raise _malformed("请求里有两个查询", "there is a query both in the address and in the body")
        return _query({**parameters, "query": [_utf8(incoming.body)]})
    if kind == UPDATE:
        raise _no_update()
    raise unsupported(kind, (FORM, QUERY))


def read_update(incoming: Incoming) -> Asked:
    """Read a request to the update endpoint.

    Args:
        incoming: The request.

    Returns:
        What it asks.

    Raises:
        Refusal: 400, 405 or 415.
    """
    if incoming.method != "POST":
        raise not_allowed(incoming.method, UPDATE_METHODS)
    parameters = _form(incoming.query_string)
    kind = _kind(incoming, (FORM, UPDATE))
    if kind == FORM:
        parameters = _merged(parameters, _form(incoming.body))
    elif kind == UPDATE:
        if "update" in parameters:
            raise _malformed("请求里有两个更新", "there is an update both in the address and in the body")
        parameters = {**parameters, "update": [_utf8(incoming.body)]}
    else:
        raise unsupported(kind, (FORM, UPDATE))
    if "query" in parameters:
        raise _malformed("这里只接受更新，查询用 /sparql", "only updates are answered here; ask queries at /sparql")
    return Asked(
        _only(parameters, "update"),
        tuple(parameters.get("using-graph-uri", ())),
        tuple(parameters.get("using-named-graph-uri", ())),
    )


def _query(parameters: Mapping[str, list[str]]) -> Asked:
    if "update" in parameters:
        raise _no_update()
    return Asked(
        _only(parameters, "query"),
        tuple(parameters.get("default-graph-uri", ())),
        tuple(parameters.get("named-graph-uri", ())),
        (parameters.get("format") or [""])[-1] or None,
        _seconds(parameters.get("timeout")),
    )


def parameter(query_string: bytes, name: str) -> str | None:
    """Return a parameter of the address.

    Args:
        query_string: The raw query string.
        name: Its name.

    Returns:
        Its first value.
    """
    return next(iter(_form(query_string).get(name, [])), None)


def _seconds(values: list[str] | None) -> float | None:
    if not values:
        return None
    try:
        seconds = float(values[-1])
    except ValueError:
        seconds = 0.0
    if not _SHORTEST <= seconds < float("inf"):
        raise _malformed("timeout 应是秒数，至少 0.1", "timeout must be a number of seconds, at least 0.1")
    return seconds


def _only(parameters: Mapping[str, list[str]], name: str) -> str:
    values = parameters.get(name, [])
    if len(values) != 1:
        raise _malformed(
            f"没有 {name} 参数" if not values else f"有多个 {name} 参数",
            f"there is no {name}" if not values else f"there is more than one {name}",
        )
    return values[0]


def _merged(address: Mapping[str, list[str]], body: dict[str, list[str]]) -> dict[str, list[str]]:
    """Read ``format`` and ``timeout`` of the address too, where a program cannot change the form."""
    return {**{name: address[name] for name in ("format", "timeout") if name in address}, **body}


def _kind(incoming: Incoming, known: tuple[str, ...]) -> str:
    kind, _, options = incoming.content_type.partition(";")
    if "charset=" in options.lower() and "utf-8" not in options.lower() and "utf8" not in options.lower():
        raise unsupported(incoming.content_type, known)
    return kind.strip().lower()


def unsupported(kind: str, known: tuple[str, ...]) -> Refusal:
    """Return the refusal of a body whose type is not read.

    Args:
        kind: Its media type.
        known: Those that are.

    Returns:
        415.
    """
    return Refusal(
        415,
        Text(f"不支持的内容类型“{kind}”", f'the content type "{kind}" is not read'),
        Text(f"用 {' 或 '.join(known)}，UTF-8", f"send {' or '.join(known)}, in UTF-8"),
    )


def not_allowed(method: str, allowed: str) -> Refusal:
    """Return the refusal of a method.

    Args:
        method: The method.
        allowed: Those that are answered.

    Returns:
        405 with ``Allow``.
    """
    return Refusal(
        405,
        Text(f"这里不接受 {method}", f"{method} is not answered here"),
        Text(f"用 {allowed}", f"use one of {allowed}"),
        (("Allow", allowed),),
    )


def _malformed(zh: str, en: str) -> Refusal:
    return Refusal(
        400,
        Text(zh, en),
        Text("用 GET /sparql?query=… 或 POST 一个 query", "ask GET /sparql?query=…, or POST one query"),
    )


def _no_update() -> Refusal:
    return Refusal(
        400,
        Text("这里只能查询，不能更新", "only queries are answered here, not updates"),
        Text("更新用 POST /update", "send updates to POST /update"),
    )


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("请求不是 UTF-8", "the request is not in UTF-8") from None


def _form(data: bytes) -> dict[str, list[str]]:
    if data.startswith(b"query=") and b"&" not in data:  # nearly every request
        return {"query": [_utf8(unquote_to_bytes(data[6:].replace(b"+", b" ")))]}
    try:
        return parse_qs(_utf8(data), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise _malformed("请求不是 UTF-8", "the request is not in UTF-8") from None
    except ValueError:
        raise _malformed("参数太多", "there are too many parameters") from None
