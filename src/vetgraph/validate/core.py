"""The constraints of SHACL Core, checked by pySHACL; on demand those in SPARQL too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vetgraph.errors import Text, UsageError
from vetgraph.names import PREFIXES
from vetgraph.validate import paths
from vetgraph.validate.result import Result

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyoxigraph as ox
    import rdflib
    from rdflib.term import Node

    from vetgraph.validate.facts import Facts
    from vetgraph.validate.shapes import Shapes

SH = "http://www.w3.org/ns/shacl#"
# pySHACL compares every statement of a shape with all parameters it knows, at every focus node: what only people
# read doubles its time. Messages of shapes are put back from the shapes themselves.
_FOR_PEOPLE = frozenset(
    {*(f"{SH}{name}" for name in ("name", "description", "order", "group")), f"{PREFIXES['rdfs']}label"}
)


class _Terms:
    """N-Quads terms to rdflib's and back; each is made once, for most of the cost is in making them."""

    def __init__(self) -> None:
        self._made: dict[str, Node] = {}
        self._back: dict[Node, str] = {}

    def of(self, text: str) -> Node:
        node = self._made.get(text)
        if node is None:
            node = self._made[text] = self._make(text)
            self._back[node] = text
        return node

    def text(self, node: Any) -> str | None:  # noqa: ANN401  rdflib's value() is untyped
        if node is None:
            return None
        known = self._back.get(node)
        return known if known is not None else str(node.n3())

    @staticmethod
    def _make(text: str) -> Node:
        from rdflib import BNode, Literal, URIRef
        from rdflib.plugins.parsers.ntriples import unquote

        if text[0] == "<":
            return URIRef(text[1:-1])
        if text[0] == "_":
            return BNode(text[2:])
        end = text.rindex('"')
        lexical, rest = text[1:end], text[end + 1 :]
        if "\\" in lexical:
            lexical = unquote(lexical)
        if rest.startswith("@"):
            return Literal(lexical, lang=rest[1:])
        datatype = URIRef(rest[3:-1]) if rest else None
        return Literal(lexical, datatype=datatype, normalize=False)


def check(facts: Facts, shapes: Shapes, *, sparql: bool = False, only: Collection[str] | None = None) -> list[Result]:
    """Check the data with pySHACL.

    Args:
        facts: The data, with the code lists they use.
        shapes: The shapes.
        sparql: Also check the ``sh:sparql`` constraints, except those that need named graphs.
        only: The shapes whose own targets are checked; all when left out.

    Returns:
        The results.
    """
    import rdflib
    from pyshacl import validate
    from pyshacl.errors import ReportableRuntimeError

    terms = _Terms()
    data = _graph([tuple(terms.of(term) for term in triple) for triple in facts.triples])
    asked = _graph(_asked(shapes, terms, sparql=sparql, only=only))
    try:
        _, found, _ = validate(data, shacl_graph=asked, inplace=True, allow_warnings=False)
    except ReportableRuntimeError as error:
        raise _stopped(str(error)) from None
    if not isinstance(found, rdflib.Graph):
        raise _stopped(str(found))
    return _results(found, terms, shapes)


def asked_graph(shapes: Shapes) -> rdflib.Graph:
    """Return the shapes as an engine without named graphs gets them.

    Args:
        shapes: The shapes.

    Returns:
        Their graph, without what only people read and without the constraints that look into named graphs.
    """
    return _graph(_asked(shapes, _Terms(), sparql=True, only=None))


def _stopped(why: str) -> UsageError:
    reason = why.strip().partition("\n")[0]
    return UsageError(
        Text(f"pySHACL 无法检查这些形状：{reason}", f"pySHACL could not check the shapes: {reason}"),
        Text("改正形状文件", "correct the shapes"),
    )


def _graph(triples: list[tuple[Node, ...]]) -> rdflib.Graph:
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    add = graph.store.add
    for subject, predicate, value in triples:
        add((subject, predicate, value), graph, quoted=False)
    return graph


def _asked(shapes: Shapes, terms: _Terms, *, sparql: bool, only: Collection[str] | None) -> list[tuple[Node, ...]]:
    """Return the shapes graph that pySHACL gets: nothing that it cannot or need not ask."""
    left_out = {c.iri for c in shapes.constraints if c.needs_graphs or not sparql}
    asked = {c.iri for c in shapes.constraints} - left_out
    return [
        tuple(terms.of(str(term)) for term in (triple.subject, triple.predicate, triple.object))
        for triple in shapes.triples
        if triple.predicate.value not in _FOR_PEOPLE
        and not (triple.predicate.value == f"{SH}message" and str(triple.subject) not in asked)
        and not (triple.predicate.value == f"{SH}sparql" and str(triple.object) in left_out)
        and not (only is not None and str(triple.subject) not in only and _is_target(triple))
    ]


def _is_target(triple: ox.Triple) -> bool:
    predicate, value = triple.predicate.value, getattr(triple.object, "value", "")
    return predicate.startswith(f"{SH}target") or (
        predicate == f"{PREFIXES['rdf']}type" and value in {f"{PREFIXES['rdfs']}Class", f"{PREFIXES['owl']}Class"}
    )


def _results(report: rdflib.Graph, terms: _Terms, shapes: Shapes) -> list[Result]:
    from rdflib import URIRef

    def one(node: Node, name: str) -> str | None:
        return terms.text(report.value(node, URIRef(SH + name)))

    results = []
    for node in report.objects(None, URIRef(f"{SH}result")):
        shape = one(node, "sourceShape") or ""
        path, described = one(node, "resultPath"), None
        if path is not None and path.startswith("_"):
            described = paths.read(shapes.iris(shape, "sh:path")[0], shapes.by_iri)
            path = str(described)
        constraint = one(node, "sourceConstraint")
        said = {
            str(getattr(text, "language", None) or ""): str(text)
            for text in report.objects(node, URIRef(f"{SH}resultMessage"))
        }
        results.append(
            Result(
                focus=one(node, "focusNode") or "",
                shape=shape,
                component=one(node, "sourceConstraintComponent") or "",
                severity=one(node, "resultSeverity") or f"<{SH}Violation>",
                path=path,
                described=described,
                value=one(node, "value"),
                constraint=constraint,
                messages=said if constraint else shapes.message(shape) or said,
            )
        )
    return results
