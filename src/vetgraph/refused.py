"""What the engine refuses, said to the one who asked: what is wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
import re

from vetgraph import querytext
from vetgraph.errors import QueryError, StoreError, Text, UnsupportedError
from vetgraph.names import PREFIXES

_PLACE = re.compile(r"^error at (\d+):(\d+): (.*)$", re.DOTALL)
_UPDATE = frozenset({"insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with"})
_FORMS = frozenset({"select", "ask", "construct", "describe"})
_SHOWN = 6
_ACCIDENTAL = frozenset({"ENCODE_FOR_URI", "OPTIONAL", "LATERAL", "SERVICE", "CONSTRUCT", ""})
_FUNCTION = re.compile(r"custom function <([^>]+)> is not supported")


def malformed(text: str, error: SyntaxError, *, updating: bool = False) -> QueryError:
    """Say what is wrong with a query or an update in one line, and where.

    Args:
        text: The query or update.
        error: What the engine's parser says.
        updating: Whether it is an update.

    Returns:
        The error to raise.
    """
    match = _PLACE.match(str(error))
    if match is None:
        return QueryError(Text(f"查询有误：{error}", f"the query is malformed: {error}"), None)
    if not text.strip():
        return QueryError(
            Text("查询是空的", "the query is empty"),
            Text("写一个 SELECT 查询", "write a query, such as SELECT * { ?s ?p ?o }"),
        )
    line, column, reason = int(match[1]), int(match[2]), match[3]
    words = querytext.words(text)
    verb = next((word for word in words if word in _UPDATE | _FORMS), "")
    if verb in _UPDATE and not updating:
        message = Text(
            f"这里只能查询，不能更新（{verb.upper()}）", f"only queries are answered here, not {verb.upper()}"
        )
        fix = Text("用 SELECT、ASK、CONSTRUCT 或 DESCRIBE", "write a SELECT, ASK, CONSTRUCT or DESCRIBE query")
    elif "Prefix not found" in reason:
        message, fix = _unknown_prefix(text, line, column)
    else:
        message, fix = _syntax(reason, line, column)
    return QueryError(message, fix, line=line, column=column, excerpt=querytext.excerpt(text, line, column))


def _unknown_prefix(text: str, line: int, column: int) -> tuple[Text, Text]:
    before = text.splitlines()[line - 1][: column - 1]
    found = re.search(r"([\w.-]*):[\w.%-]*$", before)
    name = found[1] if found else ""
    close = difflib.get_close_matches(name, PREFIXES, n=1)
    known = ", ".join(f"{prefix}:" for prefix in close or ("vetg", "skos", "org"))
    return (
        Text(f"没有声明前缀 {name}:", f"the prefix {name}: is not declared"),
        Text(f"加上 PREFIX {name}: <…>，或用已知的 {known}", f"add PREFIX {name}: <…>, or use a known one: {known}"),
    )


def _syntax(reason: str, line: int, column: int) -> tuple[Text, Text]:
    """Say what the parser expected; drop its character classes and the keywords that it names by accident."""
    listed = re.sub(r"\['(?:[^\]\\]|\\.)*\](?:\s*\|[^,]*)?|\[_\]", "", reason.removeprefix("expected "))
    items = [item.strip(" ,") for item in listed.removeprefix("one of ").replace("\n", " ").split(", ")]
    items = [item for item in items if item not in _ACCIDENTAL and not item.startswith(("|", "'\\u", "\\u"))]
    told = next((item for item in items if re.match(r"[A-Z][\w']* \w+ ", item)), None)
    if told is not None:  # the parser's own sentence
        return (
            Text(f"第 {line} 行第 {column} 列：{told}", f"line {line}, column {column}: {told}"),
            Text("改正标记处之前的部分", "mend what stands before the mark"),
        )
    shown = ", ".join(items[:_SHOWN]) + (" …" if len(items) > _SHOWN else "")
    return (
        Text(f"第 {line} 行第 {column} 列有语法错误", f"syntax error at line {line}, column {column}"),
        Text(
            f"看标记处之前；此处可以是 {shown}" if shown else "看标记处之前",
            f"look just before the mark; here could stand {shown}" if shown else "look just before the mark",
        ),
    )


def failure(error: RuntimeError) -> QueryError | StoreError | UnsupportedError:
    """Say why the engine could not answer a well-formed query.

    Args:
        error: What the engine says.

    Returns:
        The error to raise.
    """
    function = _FUNCTION.search(str(error))
    if function is not None:
        return UnsupportedError(
            Text(f"没有函数 <{function[1]}>", f"there is no function <{function[1]}>"),
            Text("用 SPARQL 1.1 自带的函数", "use the functions of SPARQL 1.1"),
        )
    found = re.search(r"variable \?(\w+) in its SELECT", str(error))
    if found is None:
        return StoreError(Text(f"查询失败：{error}", f"the query failed: {error}"), None)
    name = found[1]
    return QueryError(
        Text(
            f"给了 ?{name} 的值，但查询的 SELECT 里没有它",
            f"a value is given for ?{name}, but the query does not select it",
        ),
        Text(f"在 SELECT 后加上 ?{name}", f"add ?{name} after SELECT"),
    )
