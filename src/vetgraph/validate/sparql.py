"""The ``sh:sparql`` constraints, asked of a store that has the named graphs."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from vetgraph import querytext
from vetgraph.errors import QueryError
from vetgraph.names import shorten
from vetgraph.results import Row, Solutions
from vetgraph.substitution import substitute
from vetgraph.terms import parse_term
from vetgraph.validate.result import SPARQL_COMPONENT, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vetgraph.store import EmbeddedStore
    from vetgraph.validate.shapes import Constraint, Shapes

_COUNTING = frozenset({"group", "having", "count", "sum", "avg", "limit", "offset", "group_concat"})
_PLACE = re.compile(r"\{[?$](\w+)\}")


def joined(constraint: Constraint, pattern: str, only: Sequence[str] | None = None) -> Constraint | None:
    """Write the focus nodes into the query of a constraint that is asked once for all of them.

    Args:
        constraint: The constraint.
        pattern: Binds the focus nodes to ``?this``.
        only: The nodes to ask about, if not all: they are told within nested queries too, or these would look at all
            of the data.

    Returns:
        The constraint with the pattern at the beginning of its query; ``None`` where the query sets ``$this`` itself,
        or is none.
    """
    places = _places(constraint.select)
    if places is None:
        return None
    outer, *nested = places
    told = f" VALUES ?this {{ {' '.join(only)} }} " if only is not None else ""
    select = constraint.select
    for at in reversed(nested):
        select = f"{select[:at]}{told}{select[at:]}"
    return replace(constraint, select=f"{select[:outer]} {pattern} {select[outer:]}")


def counts(constraint: Constraint) -> bool:
    """Tell whether a query may answer otherwise where a focus node is given it twice: equal rows are one result."""
    words = {token.group().lower() for token in querytext.tokens(constraint.select) if token.lastgroup == "word"}
    return not words.isdisjoint(_COUNTING)


@cache
def _places(select: str) -> tuple[int, ...] | None:
    """Return where a query begins what it asks for, and where the nested ones that give its ``$this`` do."""
    tokens = [token for token in querytext.tokens(select) if token.lastgroup != "comment"]
    words = [token.group().lower() for token in tokens]
    if any(word == "as" and following[1:] == "this" for word, following in itertools.pairwise(words)):
        return None
    found: list[int] = []
    for start in (number for number, word in enumerate(words) if word == "select"):
        opening = _opening(words, start)
        if opening is None:
            return None
        if not found or ({"?this", "$this"} & set(words[start:opening]) and "limit" not in words):
            found.append(tokens[opening].end())
    return tuple(found) or None


def _opening(words: Sequence[str], start: int) -> int | None:
    """Return the place of the brace that opens what a SELECT asks for."""
    deep = 0
    for number in range(start, len(words)):
        deep += (words[number] == "(") - (words[number] == ")")
        if words[number] == "{" and deep == 0:
            return number
    return None


def check_all(store: EmbeddedStore, shapes: Shapes, constraint: Constraint) -> list[Result]:
    """Ask one constraint of all focus nodes.

    Args:
        store: The data with their graphs, and the code lists they use.
        shapes: The shapes, to say where a constraint stands that is none.
        constraint: The constraint, with its focus nodes in its query.

    Returns:
        The results, one for each solution.

    Raises:
        UsageError: The constraint makes no query.
    """
    return _results(shapes, constraint, ((row, _bound(row, "this")) for row in _ask(store, constraint, None)))


def check_each(store: EmbeddedStore, shapes: Shapes, constraint: Constraint, focus: Sequence[str]) -> list[Result]:
    """Ask one constraint of each focus node, with ``$this`` bound, as SHACL defines it.

    Args:
        store: The data with their graphs, and the code lists they use.
        shapes: The shapes, to say where a constraint stands that is none.
        constraint: The constraint.
        focus: The focus nodes.

    Returns:
        The results, one for each solution.

    Raises:
        UsageError: The constraint makes no query.
    """
    return _results(shapes, constraint, ((row, this) for this in focus for row in _ask(store, constraint, this)))


def _results(shapes: Shapes, constraint: Constraint, rows: Iterable[tuple[Row, Any]]) -> list[Result]:
    try:
        return list(dict.fromkeys(_result(constraint, str(this), row) for row, this in rows if this is not None))
    except QueryError as error:
        raise shapes.not_askable(constraint.iri, error) from None


def _ask(store: EmbeddedStore, constraint: Constraint, this: str | None) -> Iterable[Row]:
    if this is None:
        answer = store.query(constraint.select)
    elif this.startswith("_"):
        answer = store.query(constraint.select, {"this": parse_term(this)})
    else:  # in the text, for the engine's own substitutions do not reach into groups
        answer = store.query(substitute(constraint.select, {"this": parse_term(this)}))
    if not isinstance(answer, Solutions):
        raise TypeError(f"{constraint.iri}: sh:select must be a SELECT query")
    return answer


def _result(constraint: Constraint, this: str, row: Row) -> Result:
    path = _bound(row, "path")
    value = _bound(row, "value")
    return Result(
        focus=this,
        shape=constraint.shape,
        component=SPARQL_COMPONENT,
        severity=constraint.severity,
        path=str(path) if path is not None else constraint.path,
        # the standard: where a node shape's solution has no ?value, the focus node is the value
        value=str(value) if value is not None else (None if constraint.path else this),
        constraint=constraint.iri,
        messages={language: _fill(text, row) for language, text in constraint.messages.items()},
    )


def _bound(row: Row, name: str) -> Any:  # noqa: ANN401 - any of the engine's term classes
    return row.term(name) if name in row else None


def _fill(text: str, row: Row) -> str:
    def put(match: re.Match[str]) -> str:
        term = _bound(row, match[1])
        if term is None:
            return match[0]
        text = str(getattr(term, "value", term))
        return shorten(text) if str(term).startswith("<") else text

    return _PLACE.sub(put, text)
