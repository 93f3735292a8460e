"""The ``sh:sparql`` constraints, asked of a store that has the named graphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vetgraph.errors import QueryError
from vetgraph.names import shorten
from vetgraph.results import Row, Solutions
from vetgraph.substitution import substitute
from vetgraph.terms import parse_term
from vetgraph.validate.result import SPARQL_COMPONENT, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.store import EmbeddedStore
    from vetgraph.validate.shapes import Constraint, Shapes

_PLACE = re.compile(r"\{[?$](\w+)\}")


def check(
    store: EmbeddedStore, shapes: Shapes, constraint: Constraint, focus: dict[str, None], *, at_once: bool
) -> list[Result]:
    """Ask one constraint.

    Args:
        store: The data with their graphs, and the code lists they use.
        shapes: The shapes, to say where a constraint stands that is none.
        constraint: The constraint.
        focus: The focus nodes.
        at_once: Whether one marked ``vetg:setBased`` is asked once for all of the store; any other, and else, it is
            asked once for each focus node, with ``$this`` bound, as SHACL defines it.

    Returns:
        The results, one for each solution.

    Raises:
        UsageError: The constraint makes no query.
    """
    ask = _for_all if at_once and constraint.set_based else _for_each
    try:
        return list(dict.fromkeys(_result(constraint, this, row) for this, row in ask(store, constraint, focus)))
    except QueryError as error:
        raise shapes.not_askable(constraint.iri, error) from None


def _for_all(store: EmbeddedStore, constraint: Constraint, focus: dict[str, None]) -> Iterator[tuple[str, Row]]:
    for row in _ask(store, constraint, None) if focus else ():
        this = str(row.term("this"))
        if this in focus:
            yield this, row


def _for_each(store: EmbeddedStore, constraint: Constraint, focus: dict[str, None]) -> Iterator[tuple[str, Row]]:
    for this in focus:
        for row in _ask(store, constraint, this):
            yield this, row


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
