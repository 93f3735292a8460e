"""The ``sh:sparql`` constraints, asked of an in-memory store that has the named graphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vetgraph.validate.result import SPARQL_COMPONENT, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.validate.facts import Facts
    from vetgraph.validate.shapes import Constraint, Shapes

_PLACE = re.compile(r"\{[?$](\w+)\}")


def check(facts: Facts, shapes: Shapes) -> list[Result]:
    """Ask every constraint that has something to check.

    A constraint marked ``vetg:setBased`` is asked once for all its focus nodes; any other once for each, with
    ``$this`` bound, as SHACL defines it. Constraints that need named graphs are left out where there are none.

    Args:
        facts: The data, with the code lists they use.
        shapes: The shapes.

    Returns:
        The results, one for each solution.
    """
    from vetgraph.store import EmbeddedStore

    store = EmbeddedStore.in_memory(facts.nquads())
    graphs = facts.has_graphs
    results: dict[Result, None] = {}
    for constraint in shapes.constraints:
        focus = shapes.focus(constraint.shape, facts)
        if not focus or (constraint.needs_graphs and not graphs):
            continue
        for this, row in _solutions(store, constraint, focus):
            results[_result(constraint, this, row)] = None
    return list(results)


def _solutions(
    store: Any,  # noqa: ANN401
    constraint: Constraint,
    focus: dict[str, None],
) -> Iterator[tuple[str, dict[str, Any]]]:
    if constraint.set_based:
        for row in store.select(constraint.select):
            this = str(row["this"])
            if this in focus:
                yield this, row
        return
    for this in focus:
        for row in store.select(constraint.select, {"this": this}):
            yield this, row


def _result(constraint: Constraint, this: str, row: dict[str, Any]) -> Result:
    path = row.get("path")
    value = row.get("value")
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


def _fill(text: str, row: dict[str, Any]) -> str:
    def put(match: re.Match[str]) -> str:
        term = row.get(match[1])
        return match[0] if term is None else str(getattr(term, "value", term))

    return _PLACE.sub(put, text)
