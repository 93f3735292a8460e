"""What can be told of a SPARQL text before an engine parses it.

The engine parses by recursion and has no switch for federation: a query of a few thousand braces ends the process,
and ``SERVICE`` reaches any host. So a text is looked over first.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from vetgraph.errors import ForbiddenError, QueryError, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH = 100_000
"""Longest query text, in bytes of UTF-8."""

MAX_UPDATE = 16_000_000
"""Longest update text, in bytes of UTF-8; data come in it."""

MAX_DEPTH = 100
"""Deepest nesting of braces, brackets and parentheses."""

MAX_JOINTS = 500
"""Most groups, operators and clauses; in a thread of 2 MB the engine was seen to end the process at 700."""

_CLAUSES = frozenset({"bind", "filter", "optional", "minus", "union", "graph", "values", "as"})

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                 | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<iri><[^<>"{}|^`\s]*>)
    | (?P<variable>[?$]\w+)
    | (?P<open>[{(\[])
    | (?P<close>[})\]])
    | (?P<number>\d[\d.]*)
    | (?P<name>(?:[^\W\d][\w.-]*)?:[\w:.%\\-]*)
    | (?P<word>[^\W\d]\w*)
    | (?P<operator>\|\|?|&&|[!/+*^-])
    | (?P<end>;)
    """,
    re.VERBOSE | re.DOTALL,
)

# Told without a lexer on purpose: "?a<?b)SERVICE#>" is an IRI to a lexer and "less than" to the parser. Whatever comes
# before, a clause is the word, perhaps SILENT, a variable or IRI or prefixed name, and a brace.
_BLANK = r"(?:\s|\#[^\n\r]*[\n\r])*+"
_SERVICE = re.compile(
    rf"service{_BLANK}(?:silent{_BLANK})?(?:<[^<>]*+>|[?$]\w++|[^\s<>{{}}\"'()\#]*+){_BLANK}\{{", re.IGNORECASE
)
_MAX_MENTIONS = 20
_LARGE_BOOLEAN = re.compile(r"\b(?!true\b|false\b)(?i:true|false)\b")
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def check(text: str) -> None:
    """Refuse a query text that could hurt the process that parses it, or reach another host.

    Args:
        text: The SPARQL query.

    Raises:
        QueryError: It is too long, too deep, or has too many parts.
        ForbiddenError: It contains a ``SERVICE`` clause.
    """
    _check_length(text, MAX_LENGTH)
    _check_size(text)
    _refuse_service(text)


def check_update(text: str) -> None:
    """Refuse an update text that could hurt the process that parses it, or reach another host by ``SERVICE``.

    Args:
        text: The SPARQL update.

    Raises:
        QueryError: It is too long or too deep.
        ForbiddenError: It contains a ``SERVICE`` clause.
    """
    _check_length(text, MAX_UPDATE)
    _check_size(text, joints_allowed=len(text))
    _refuse_service(text)


def _check_length(text: str, most: int) -> None:
    if len(text.encode("utf-8", "surrogatepass")) > most:
        raise QueryError(
            Text(f"查询太长，上限为 {most} 字节", f"the query is longer than {most} bytes"),
            Text("把查询分成几个", "split it into several queries"),
        )


def _refuse_service(text: str) -> None:
    if _has_service(text) or ("\\" in text and _has_service(unescape(text))):
        raise ForbiddenError(
            Text("不支持 SERVICE（联合查询）", "SERVICE (a federated query) is not offered"),
            Text("去掉 SERVICE，分别查询两个端点", "leave SERVICE out and ask each endpoint by itself"),
        )


def _check_size(text: str, joints_allowed: int = MAX_JOINTS) -> None:
    # Braces are counted in the raw text too, since no lexer without a parser knows where every string ends.
    too_many = text.count("{") > joints_allowed
    depth = joints = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
            joints += token.group() == "{"
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "operator" or (kind == "word" and token.group().lower() in _CLAUSES):
            joints += 1
        if depth > MAX_DEPTH or joints > joints_allowed or too_many:
            line, column = position(text, token.start())
            raise QueryError(
                Text(
                    f"查询过于复杂（嵌套最多 {MAX_DEPTH} 层，子句和运算符最多 {MAX_JOINTS} 个）",
                    f"the query is too complex: at most {MAX_DEPTH} levels and {MAX_JOINTS} clauses and operators",
                ),
                Text("用 VALUES 或 IN 代替重复的部分", "use VALUES or IN in place of repeated parts"),
                line=line,
                column=column,
            )


def _has_service(text: str) -> bool:
    if text.lower().count("service") > _MAX_MENTIONS:
        return True
    return any(_names_endpoint(match.group()) for match in _SERVICE.finditer(text))


def _names_endpoint(clause: str) -> bool:
    """Tell ``SERVICE ex:endpoint {`` from ``ex:Service OPTIONAL {``."""
    return any(mark in clause for mark in "<?$:")


def unescape(text: str) -> str:
    r"""Return a text with SPARQL's code point escapes resolved, as the engine's parser sees it.

    Args:
        text: The SPARQL text.

    Returns:
        The text without ``\\uXXXX`` and ``\\UXXXXXXXX``.
    """

    def char(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return chr(code) if code <= 0x10FFFF else match.group()  # noqa: PLR2004 - the last code point

    return _ESCAPE.sub(char, text)


def with_small_booleans(text: str) -> str:
    """Write ``TRUE`` and ``False`` as the engine reads them (SPARQL's keywords may have any case).

    Args:
        text: The SPARQL text.

    Returns:
        A text of the same length.
    """
    if _LARGE_BOOLEAN.search(text) is None:
        return text
    pieces = list(text)
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "word" and token.group().lower() in {"true", "false"}:
            pieces[token.start() : token.end()] = token.group().lower()
    return "".join(pieces)


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Return the tokens of a SPARQL text; ``lastgroup`` of each names its kind.

    Args:
        text: The SPARQL text.

    Returns:
        An iterator of matches: ``comment``, ``string``, ``iri``, ``variable``, ``open``, ``close``, ``number``,
        ``name``, ``word``, ``operator`` or ``end`` (a semicolon).
    """
    return _TOKEN.finditer(text)


def words(text: str) -> list[str]:
    """Return the bare words of a query in lower case, in order, without strings, comments, IRIs and names.

    Args:
        text: The SPARQL text.

    Returns:
        For example ``["prefix", "select", "where"]``.
    """
    return [t.group().lower() for t in _TOKEN.finditer(text) if t.lastgroup == "word" and ":" not in t.group()]


def variable(label: str, taken: set[str]) -> str:
    """Name a variable by what a column is called, so that a table has headings that its reader understands.

    Args:
        label: What the column is called.
        taken: Names of variables that are there already; the new one is added.

    Returns:
        A name without ``?``.
    """
    head = re.sub(r"\W+", "_", label).strip("_") or "column"
    head = head if not head[0].isdigit() else f"_{head}"
    name, number = head, 1
    while name in taken:
        number += 1
        name = f"{head}_{number}"
    taken.add(name)
    return name


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column (both from 1) of an offset.

    Args:
        text: The whole text.
        offset: Index of a character in it.

    Returns:
        Line and column.
    """
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def width(text: str) -> int:
    """Return the number of terminal cells that a text takes (a Chinese character takes two).

    Args:
        text: One line.

    Returns:
        Its width.
    """
    cells = 0
    for char in text:
        if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Mn"}:
            continue
        cells += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return cells


def excerpt(text: str, line: int, column: int) -> str:
    """Return a line of a query with a caret under a column.

    Args:
        text: The whole query.
        line: Line, from 1.
        column: Column, from 1.

    Returns:
        Two lines of text, the second with the caret; empty where there is no such line.
    """
    lines = text.splitlines()
    if not 1 <= line <= len(lines):
        return ""
    shown = lines[line - 1].replace("\t", " ")
    start = max(0, column - 60)
    shown, column = shown[start : start + 100], column - start
    return f"{shown}\n{' ' * width(shown[: column - 1])}^"
