"""SPARQL 1.1 Graph Store HTTP Protocol: which graph a request means."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote

from vetgraph.errors import Text
from vetgraph.web.refusal import Refusal

PATH: Final = "/store"
METHODS: Final = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")


def graph_of(base: str, path: str, query_string: bytes, *, new: str | None = None) -> str:
    """Return the graph that a request means.

    Args:
        base: Address of the service, without a slash at its end.
        path: Path of the request, below the service's own root.
        query_string: Query string of the request.
        new: IRI for a graph that is to be made, where the request names none (POST to the store itself).

    Returns:
        The graph's IRI; empty for the default graph.

    Raises:
        Refusal: 400 where the request names no graph, or two.
    """
    try:
        pairs = parse_qsl(query_string.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise _malformed() from None
    named = [value for key, value in pairs if key == "graph"]
    default = any(key == "default" for key, _ in pairs)
    if path.rstrip("/") != PATH:
        if named or default:
            raise _malformed()
        return base + quote(path, safe="/:@!$&'()*+,;=~-._")
    if len(named) + default > 1:
        raise _malformed()
    if named:
        if not _IRI.fullmatch(named[0]):
            raise Refusal(
                400,
                Text(f"graph 不是完整的 IRI：{named[0]}", f"graph is no full IRI: {named[0]}"),
                Text("写 ?graph=https://…", "write ?graph=https://…"),
            )
        return named[0]
    if default:
        return ""
    if new is None:
        raise _malformed()
    return new


def _malformed() -> Refusal:
    return Refusal(
        400,
        Text("要指明一个图", "name one graph"),
        Text(
            "用 /store?graph=<IRI>、/store?default，或图自己的地址 /store/…",
            "ask /store?graph=<IRI>, /store?default, or a graph by its own address /store/…",
        ),
    )
