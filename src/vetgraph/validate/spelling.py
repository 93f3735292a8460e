"""Literals as the data write them: the engine keeps ``4.0`` as ``4``, and people look for what stands in the cell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from vetgraph.terms import parse_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vetgraph.validate.facts import Triple
    from vetgraph.validate.result import Result
    from vetgraph.validate.shapes import Shapes


def as_written(results: Sequence[Result], triples: Iterable[Triple], shapes: Shapes) -> list[Result]:
    """Give results the literals that the data and the shapes have.

    Args:
        results: The results, with literals as the engine has them.
        triples: The data, at least what they say of the focus nodes.
        shapes: The shapes, for literals that they name as focus nodes.

    Returns:
        The results in the same order.
    """
    focus = {result.focus for result in results if result.value is not None and result.value.startswith('"')}
    of: dict[str, set[str]] = defaultdict(set)
    for subject, _, value in triples:
        if value.startswith('"') and subject in focus:
            of[subject].add(value)
    named = {str(triple.object) for triple in shapes.triples if triple.predicate.value.endswith("#targetNode")}
    anywhere = _written(term for term in named if term.startswith('"'))
    written = {subject: _written(terms) for subject, terms in of.items()}
    return [_restored(result, written.get(result.focus, {}), anywhere) for result in results]


def _restored(result: Result, own: dict[str, str], anywhere: dict[str, str]) -> Result:
    value = result.value or ""
    focus = anywhere.get(result.focus, result.focus)
    told = own.get(value) or anywhere.get(value) or result.value
    return result if (focus, told) == (result.focus, result.value) else replace(result, focus=focus, value=told)


def _written(terms: Iterable[str]) -> dict[str, str]:
    """Return how each literal was written, by how the engine keeps it."""
    import pyoxigraph as ox

    store = ox.Store()
    node = ox.NamedNode("urn:x-vetgraph:value")
    found: dict[str, str] = {}
    for term in sorted(terms):
        store.add(ox.Quad(node, node, parse_term(term)))
        (kept,) = store
        found[str(kept.object)] = (
            term if str(kept.object) not in found or str(kept.object) == term else found[str(kept.object)]
        )
        store.clear()
    return found
