"""The ``sh:sparql`` constraints, asked of an in-memory store that has the named graphs."""

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
    from vetgraph.validate.facts import Facts
    from vetgraph.validate.shapes import Constraint, Shapes

_PLACE = re.compile(r"\{[?$](\w+)\}")


def check(store: EmbeddedStore, facts: Facts, shapes: Shapes) -> list[Result]:
    """Ask every constraint that has something to check.

    A constraint marked ``vetg:setBased`` is asked once for all its focus nodes; any other once for each, with
    ``$this`` bound, as SHACL defines it. Constraints that need named graphs are left out where there are none.

    Args:
        store: The data with their graphs, and the code lists they use.
        facts: The same.
        shapes: The shapes.

    Returns:
        The results, one for each solution.
    """
    graphs = facts.has_graphs
    results: dict[Result, None] = {}
    for constraint in shapes.constraints:
        focus = shapes.focus(constraint.shape, facts)
        if not focus or (constraint.needs_graphs and not graphs):
            continue
        try:
            for this, row in _solutions(store, constraint, focus):
                results[_result(constraint, this, row)] = None
        except QueryError as error:
            raise shapes.not_askable(constraint.iri, error) from None
    return list(results)


def _solutions(store: EmbeddedStore, constraint: Constraint, focus: dict[str, None]) -> Iterator[tuple[str, Row]]:
    """Give the solutions of a constraint, each with its focus node."""
    if constraint.set_based:
        for row in _ask(store, constraint, None):
            this = str(row.term("this"))
            if this in focus:
                yield this, row
        return
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
