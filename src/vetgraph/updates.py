"""What the service does to the text of a SPARQL update before the engine sees it.

The engine fetches what ``LOAD`` names from any host, without a switch, and has no argument for the protocol's
``using-graph-uri``. So a ``LOAD`` is replaced by the statements that it loads, and a ``USING`` clause is put in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph import querytext
from vetgraph.errors import QueryError, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PROLOGUE: Final = frozenset({"prefix", "base", "version"})
_BLANK: Final = r"(?:\s|\#[^\n\r]*[\n\r])*+"
_LOAD: Final = re.compile(rf"\bload{_BLANK}(?:silent{_BLANK})?(?:<|[\w.-]*:)", re.IGNORECASE)


@dataclass(frozen=True)
class Operation:
    """One operation of an update request.

    Attributes:
        verb: Its first word, in lower case; empty where there is only a prologue.
        start: Offset of the verb.
        end: Offset behind the last token.
        tokens: Kind, text and offset of each token outside braces, from the verb on; a group is its opening brace and
            its closing brace.
    """

    verb: str
    start: int
    end: int
    tokens: tuple[tuple[str, str, int], ...]


def operations(text: str) -> list[Operation]:
    """Split an update request.

    Args:
        text: The update.

    Returns:
        Its operations in order.
    """
    found: list[Operation] = []
    tokens: list[tuple[str, str, int]] = []
    depth = 0
    for token in querytext.tokens(text):
        kind = token.lastgroup or ""
        depth -= kind == "close"
        if kind == "end" and depth <= 0:
            found.append(_operation(tokens))
            tokens = []
        elif depth <= 0 and kind != "comment":
            tokens.append((kind, token.group(), token.start()))
        depth += kind == "open"
    found.append(_operation(tokens))
    return [operation for operation in found if operation.verb]


def _operation(tokens: list[tuple[str, str, int]]) -> Operation:
    for index, (kind, text, start) in enumerate(tokens):
        if kind == "word" and text.lower() not in _PROLOGUE:
            _, last, offset = tokens[-1]
            return Operation(text.lower(), start, offset + len(last), tuple(tokens[index:]))
    return Operation("", 0, 0, ())


def with_dataset(text: str, using: Sequence[str], using_named: Sequence[str]) -> str:
    """Apply the protocol's ``using-graph-uri`` and ``using-named-graph-uri`` (SPARQL 1.1 Protocol, 2.2.3).

    Args:
        text: The update.
        using: IRIs of the default graph.
        using_named: IRIs of named graphs.

    Returns:
        The update with ``USING`` clauses.

    Raises:
        QueryError: The update itself has ``USING`` or ``WITH``, or a name is no IRI.
    """
    clause = "".join([*(f"USING {_iri(iri)} " for iri in using), *(f"USING NAMED {_iri(iri)} " for iri in using_named)])
    pieces: list[str] = []
    at = 0
    for operation in operations(text):
        if operation.verb not in {"insert", "delete", "with"}:
            continue
        places = {word.lower(): start for kind, word, start in operation.tokens if kind == "word"}
        if places.keys() & {"with", "using"}:
            raise QueryError(
                Text("请求和更新语句都指定了数据集", "both the request and the update name a dataset"),
                Text("去掉 using-graph-uri，或去掉 USING 和 WITH", "leave out using-graph-uri, or USING and WITH"),
            )
        if "data" in places or "where" not in places:
            continue
        where = places["where"]
        pieces.append(text[at:where])
        if operation.verb == "delete" and [word.lower() for _, word, _ in operation.tokens][1:2] == ["where"]:
            pieces.append(text[where + len("where") : operation.end] + " ")  # DELETE WHERE takes no USING
        pieces.append(clause)
        at = where
    return "".join([*pieces, text[at:]])


def _iri(iri: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*", iri):
        raise QueryError(
            Text(f"图的名称不是 IRI：{iri}", f"the name of a graph is no IRI: {iri}"),
            Text("写完整的 IRI", "write a full IRI"),
        )
    return f"<{iri}>"


def with_loads_done(text: str, fetch: Callable[[str, bool], str | None]) -> str:
    """Replace each ``LOAD`` by the statements that it loads.

    Args:
        text: The update.
        fetch: From the IRI of a document, and whether the ``LOAD`` is ``SILENT``, to its statements as N-Triples;
            ``None`` where nothing is to be done.

    Returns:
        The update without ``LOAD``.

    Raises:
        QueryError: A ``LOAD`` is written in a way that cannot be checked.
    """
    found = [operation for operation in operations(text) if operation.verb == "load"]
    if max(_mentions(text), _mentions(querytext.unescape(text))) != len(found):
        raise QueryError(
            Text("看不清这里的 LOAD", "LOAD cannot be told apart here"),
            Text(
                "单独发送 LOAD <完整 IRI> INTO GRAPH <…>，注释和字符串里不写 LOAD <",
                "send LOAD <full IRI> INTO GRAPH <…> by itself, with no LOAD < in comments or strings",
            ),
        )
    pieces: list[str] = []
    at = 0
    for operation in found:
        pieces += [text[at : operation.start], _loaded(operation, fetch)]
        at = operation.end
    return "".join([*pieces, text[at:]])


def _mentions(text: str) -> int:
    return sum(1 for _ in _LOAD.finditer(text))


def _loaded(operation: Operation, fetch: Callable[[str, bool], str | None]) -> str:
    parts = [(kind, word) for kind, word, _ in operation.tokens[1:]]
    silent = bool(parts) and parts[0][1].lower() == "silent"
    parts = parts[silent:]
    shape = [word.lower() if kind == "word" else kind for kind, word in parts]
    if shape not in (["iri"], ["iri", "into", "graph", "iri"]):
        raise QueryError(
            Text("LOAD 写法不对", "this LOAD is not understood"),
            Text("写 LOAD <完整 IRI> INTO GRAPH <完整 IRI>", "write LOAD <full IRI> INTO GRAPH <full IRI>"),
        )
    statements = fetch(parts[0][1][1:-1], silent)
    if statements is None:
        return "INSERT DATA { }"
    into = parts[-1][1] if len(parts) > 1 else ""
    return f"INSERT DATA {{ GRAPH {into} {{\n{statements}}} }}" if into else f"INSERT DATA {{\n{statements}}}"
