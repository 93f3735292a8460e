"""Queries for a service that mixes up narrow and wide text (Virtuoso 7).

Virtuoso keeps its data in UTF-8 and the literals of a query in wide characters, and spoils whatever a function makes of
both. A literal with a language it keeps as it keeps its data, so such a literal is written as ``STR("…"@zh)`` where an
expression allows it. The separator of ``GROUP_CONCAT`` must be a plain literal: a control character stands for it until
the answer has come.
"""

from __future__ import annotations

import itertools

from vetgraph import querytext

_MARKS = "\x1f\x1e\x1d\x1c"
_KEPT = frozenset({"regex", "values"})
"""Where a literal stays: patterns are read in wide characters, and data blocks hold no expressions."""


def narrowed(text: str) -> tuple[str, dict[str, str]]:
    """Write the literals of a query so that no wide text meets narrow text.

    Args:
        text: A SPARQL query.

    Returns:
        The query, and what to put into its answer in place of which character.
    """
    written: list[str] = []
    marks: dict[str, str] = {}
    opened: list[str] = []
    before, table, done = "", False, 0
    for token in querytext.tokens(text):
        kind, said = token.lastgroup, token.group()
        table = (table or said.lower() == "values") and said != "{"
        if kind == "open":
            opened.append(_opener(said, before, opened))
        elif kind == "close" and opened:
            opened.pop()
        elif kind == "string" and not said.isascii():
            new = _mark(said, marks) if before == "separator" else said
            if before != "separator" and opened and opened[-1] == "(" and text[token.end() :][:1] not in {"@", "^"}:
                new = f"STR({said}@zh)"
            written += [text[done : token.start()], new]
            done = token.end()
        if kind != "comment":
            before = "values" if table else said.lower()
    return "".join([*written, text[done:]]), marks


def _opener(sign: str, before: str, opened: list[str]) -> str:
    """Name what a bracket opens: by its sign, or by the word that keeps literals as they are within."""
    if opened and opened[-1] in _KEPT:
        return opened[-1]
    return before if before in _KEPT else sign


def _mark(literal: str, marks: dict[str, str]) -> str:
    """Return the literal that stands for a separator."""
    said = literal.strip("\"'")
    known = next((mark for mark, text in marks.items() if text == said), None)
    free = next(itertools.filterfalse(marks.__contains__, _MARKS), None)
    mark = known or free
    if mark is None or "\\" in said:
        return literal
    marks[mark] = said
    return f'"\\u{ord(mark):04X}"'
