"""Where a ``sh:sparql`` constraint looks, read from the algebra of its query (SPARQL 1.1, section 18).

Each statement pattern of the query is a place: a changed statement matters there only together with the patterns that
must match beside it and in the groups around it. Patterns that may be missing (``OPTIONAL``, ``UNION``, ``EXISTS``)
are not required of others. Filters are left out, so more nodes may be found than are concerned, never fewer.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from vetgraph.validate.paths import Path
from vetgraph.validate.reach import THIS, BoundlessError, Touch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vetgraph.validate.shapes import Constraint

_PASSED: Final = frozenset({"Extend", "Filter", "Distinct", "Reduced", "OrderBy", "Group", "AggregateJoin", "Project"})


@dataclass(frozen=True)
class _Pattern:
    """A statement pattern: terms as SPARQL writes them, the predicate as a path; the graph is empty for the default."""

    subject: str
    path: Path
    object: str
    graph: str = ""

    def __str__(self) -> str:
        text = f"{self.subject} {self.path} {self.object} ."
        return f"GRAPH {self.graph} {{ {text} }}" if self.graph else text

    @property
    def variables(self) -> set[str]:
        names = (self.subject, self.object, self.graph, self.path.iri)
        return {name for name in names if name.startswith("?")}

    def renamed(self, name: Callable[[str], str]) -> _Pattern:
        path = replace(self.path, iri=name(self.path.iri)) if self.path.operator == "iri" else self.path
        return _Pattern(name(self.subject), path, name(self.object), name(self.graph))


@dataclass
class _Found:
    """What stands in a part of a query.

    Attributes:
        required: Patterns that match wherever the part does.
        beside: Patterns that need not, each with those that must match with it.
    """

    required: list[_Pattern] = field(default_factory=list)
    beside: list[tuple[_Pattern, list[_Pattern]]] = field(default_factory=list)

    def closed(self) -> list[tuple[_Pattern, list[_Pattern]]]:
        """Give every pattern with those that must match with it in this part."""
        own = [(one, [other for other in self.required if other is not one]) for one in self.required]
        return own + [(one, [*needed, *self.required]) for one, needed in self.beside]

    def renamed(self, name: Callable[[str], str]) -> _Found:
        return _Found(
            [one.renamed(name) for one in self.required],
            [(one.renamed(name), [other.renamed(name) for other in needed]) for one, needed in self.beside],
        )


@cache
def of_constraint(constraint: Constraint) -> tuple[Touch, ...]:
    """Return where a constraint looks.

    Args:
        constraint: The constraint.

    Returns:
        The places.

    Raises:
        BoundlessError: The query has what is not understood here.
    """
    from pyparsing import ParseException, ParserElement
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        algebra = translateQuery(parseQuery(constraint.select)).algebra
    except (ParseException, ValueError, TypeError, AttributeError, KeyError):  # the parser's own failures
        raise BoundlessError from None
    finally:
        ParserElement.reset_cache()  # it holds exceptions, and they every frame and object that was there
    found = _Reader().read(algebra.p.p if algebra.p.name == "Project" else algebra.p, "")
    touches: list[Touch] = []
    for pattern, needed in found.closed():
        touches += _touches(pattern, needed)
    return tuple(dict.fromkeys(touches))


def _touches(pattern: _Pattern, needed: list[_Pattern]) -> Iterator[Touch]:
    path = pattern.path
    if path.operator == "iri":
        yield _touch((pattern.subject, path.iri, pattern.object), pattern.graph, needed)
    elif path.operator == "^":
        turned = _Pattern(pattern.object, path.parts[0], pattern.subject, pattern.graph)
        yield from _touches(turned, needed)
    elif path.operator == "|":
        for part in path.parts:
            yield from _touches(replace(pattern, path=part), needed)
    elif path.operator == "/":
        stops = [pattern.subject, *(f"?stop{n}" for n, _ in enumerate(path.parts[1:])), pattern.object]
        steps = [_Pattern(*each, pattern.graph) for each in zip(stops, path.parts, stops[1:], strict=True)]
        for step in steps:
            yield from _touches(step, [*needed, *(other for other in steps if other is not step)])
    else:
        yield from _along(pattern, needed)


def _along(pattern: _Pattern, needed: list[_Pattern]) -> Iterator[Touch]:
    """A path of any length: whichever statement of it changes, its beginning leads there."""
    for number, (before, predicate, backwards) in enumerate(pattern.path.steps()):
        node, other = f"?at{number}", f"?to{number}"
        lead = [_Pattern(pattern.subject, before, node, pattern.graph)] if before is not None else []
        node = node if lead else pattern.subject
        statement = (other, predicate, node) if backwards else (node, predicate, other)
        yield _touch(statement, pattern.graph, [*needed, *lead])


def _touch(statement: tuple[str, str, str], graph: str, needed: list[_Pattern]) -> Touch:
    known = {name for name in (*statement, graph) if name.startswith("?")}
    kept = [] if THIS in known else _leading(known, needed)
    lines = [*map(str, kept), *(f"FILTER EXISTS {{ {one} }}" for one in _describing(known, kept, needed))]
    return Touch(statement, "\n".join(dict.fromkeys(lines)), graph)


def _describing(known: set[str], kept: list[_Pattern], needed: list[_Pattern]) -> list[_Pattern]:
    """Return what is asked of one thing alone, as that a figure is of this or that kind: it leaves most of them out."""
    there = known | {name for one in kept for name in one.variables}
    return [
        one
        for one in needed
        if one not in kept and one.path.operator == "iri" and len(one.variables) == 1 and one.variables <= there
    ]


def _leading(known: set[str], needed: list[_Pattern]) -> list[_Pattern]:
    """Return the patterns between some variables and ``?this``; what hangs beside only makes work."""
    kept = _reached(known, needed)
    if not any(THIS in one.variables for one in kept):
        raise BoundlessError
    for thing in sorted({one.subject for one in kept if one.subject.startswith("?")} - known - {THIS}):
        fewer = _reached(known, [one for one in kept if thing not in one.variables])
        if any(THIS in one.variables for one in fewer):
            kept = fewer
    ends = known | {THIS}
    while True:
        uses = Counter(name for one in kept for name in one.variables)
        fewer = [one for one in kept if sum(name in ends or uses[name] > 1 for name in one.variables) > 1]
        if fewer == kept:
            return kept
        kept = fewer


def _reached(known: set[str], needed: list[_Pattern]) -> list[_Pattern]:
    """Return the patterns that some variables lead to, not going through ``?this``."""
    reached, before = set(known), set[str]()
    while reached != before:
        before = set(reached)
        for one in needed:
            if one.variables & reached:
                reached |= one.variables - {THIS}
    return [one for one in needed if one.variables & reached]


class _Reader:
    """Walks the algebra of one query."""

    def __init__(self) -> None:
        self._number = itertools.count()

    def read(self, node: Any, graph: str) -> _Found:  # noqa: ANN401, PLR0911 - untyped nodes; one return for each kind
        name = getattr(node, "name", "")
        if name == "BGP":
            return _Found([_pattern(triple, graph) for triple in node.triples])
        if name == "Join":
            one, other = self.read(node.p1, graph), self.read(node.p2, graph)
            return _Found(one.required + other.required, one.beside + other.beside)
        if name in {"LeftJoin", "Minus"}:
            one, other = self.read(node.p1, graph), self.read(node.p2, graph)
            return _Found(one.required, one.beside + other.closed() + self._in_expressions(node, graph))
        if name == "Union":
            return _Found([], self.read(node.p1, graph).closed() + self.read(node.p2, graph).closed())
        if name == "Graph":
            return self.read(node.p, _term(node.term))
        if name == "ToMultiSet":
            return self._nested(node, graph)
        if name in _PASSED:
            inner = self.read(node.p, graph)
            return _Found(inner.required, inner.beside + self._in_expressions(node, graph))
        raise BoundlessError

    def _nested(self, node: Any, graph: str) -> _Found:  # noqa: ANN401
        """A nested SELECT: what it does not select has names of its own. ``VALUES`` looks at nothing."""
        inner = node.get("p")
        if inner is None:
            return _Found()
        while inner.name in {"Distinct", "Reduced"}:
            inner = inner.p
        if inner.name != "Project":
            raise BoundlessError
        selected = {_term(variable) for variable in inner.PV}
        mark = f"_{next(self._number)}"
        return self.read(inner.p, graph).renamed(
            lambda term: f"{term}{mark}" if term.startswith("?") and term not in selected else term
        )

    def _in_expressions(self, node: Any, graph: str) -> list[tuple[_Pattern, list[_Pattern]]]:  # noqa: ANN401
        """Read what ``EXISTS`` asks for in the expressions of a node."""
        found: list[tuple[_Pattern, list[_Pattern]]] = []
        for key in ("expr", "A"):
            for exists in _exists(node.get(key)):
                found += self.read(exists.graph, graph).closed()
        return found


def _exists(part: Any) -> Iterator[Any]:  # noqa: ANN401
    if isinstance(part, list):
        for each in part:
            yield from _exists(each)
    elif getattr(part, "name", "") in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
        yield part
    elif isinstance(part, dict):
        for key, each in part.items():
            if key != "_vars":
                yield from _exists(each)


def _pattern(triple: tuple[Any, Any, Any], graph: str) -> _Pattern:
    subject, predicate, value = triple
    return _Pattern(_term(subject), _path(predicate), _term(value), graph)


def _path(node: Any) -> Path:  # noqa: ANN401 - a term or one of rdflib's paths
    from rdflib import paths

    if isinstance(node, paths.InvPath):
        return Path("^", (_path(node.arg),))
    if isinstance(node, paths.SequencePath):
        return Path("/", tuple(_path(part) for part in node.args))
    if isinstance(node, paths.AlternativePath):
        return Path("|", tuple(_path(part) for part in node.args))
    if isinstance(node, paths.MulPath):
        return Path(str(node.mod), (_path(node.path),))
    if isinstance(node, paths.Path):
        raise BoundlessError
    return Path("iri", iri=_term(node))


def _term(node: Any) -> str:  # noqa: ANN401
    from rdflib import BNode

    return f"?blank_{node}" if isinstance(node, BNode) else str(node.n3())
