"""Random shapes over random graphs: our engine and pySHACL report the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetgraph.store import EmbeddedStore
from vetgraph.validate import core
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import Facts
from vetgraph.validate.shapes import Shapes
from vetgraph.validate.spelling import as_written

if TYPE_CHECKING:
    import pytest

    from vetgraph.validate.result import Result

NODES = [f"e:n{number}" for number in range(5)]
CLASSES = ["e:A", "e:B", "e:C"]
PROPERTIES = ["e:p", "e:q", "e:r"]
# No dates and no truth values: pySHACL puts them in an order with numbers, which SPARQL, and so the standard, does not.
LITERALS = ['"a"', '"abc"', '"甲"@zh', '"b"@en', '"乙"@zh-CN', "1", "2", "-1", "2.5"]
PREFIXES = (
    "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix e: <https://example.org/> .\n"
)

node = st.sampled_from(NODES)
prop = st.sampled_from(PROPERTIES)
value = st.one_of(node, st.sampled_from(LITERALS))
number = st.integers(0, 3)

statement = st.one_of(
    st.builds("{} a {} .".format, node, st.sampled_from(CLASSES)),
    st.builds("{} {} {} .".format, node, prop, value),
)
graph = st.lists(statement, min_size=1, max_size=14).map("\n".join)

path = st.recursive(
    prop,
    lambda inner: st.one_of(
        st.builds("[ sh:inversePath {} ]".format, inner),
        st.builds("( {} {} )".format, inner, inner),
        st.builds("[ sh:alternativePath ( {} {} ) ]".format, inner, inner),
        st.builds("[ sh:zeroOrMorePath {} ]".format, inner),
        st.builds("[ sh:oneOrMorePath {} ]".format, inner),
        st.builds("[ sh:zeroOrOnePath {} ]".format, inner),
    ),
    max_leaves=2,
)

of_value = st.one_of(
    st.sampled_from(CLASSES).map("sh:class {}".format),
    st.sampled_from(["xsd:string", "xsd:integer", "xsd:decimal", "xsd:boolean", "xsd:date"]).map(
        "sh:datatype {}".format
    ),
    st.sampled_from(["sh:IRI", "sh:Literal", "sh:BlankNodeOrIRI", "sh:IRIOrLiteral"]).map("sh:nodeKind {}".format),
    st.builds(
        "sh:{} {}".format, st.sampled_from(["minInclusive", "maxInclusive", "minExclusive", "maxExclusive"]), number
    ),
    st.builds("sh:{} {}".format, st.sampled_from(["minLength", "maxLength"]), number),
    st.sampled_from(['sh:pattern "^[ab]"', 'sh:pattern "n[12]$"', 'sh:languageIn ( "zh" "en" )']),
    st.lists(value, min_size=1, max_size=3).map(lambda values: f"sh:in ( {' '.join(values)} )"),
)
# sh:lessThan is compared by files (tests/components): pySHACL puts IRIs in an order, which the standard does not.
of_property = st.one_of(
    st.builds("sh:minCount {}".format, number),
    st.builds("sh:maxCount {}".format, number),
    value.map("sh:hasValue {}".format),
    st.just("sh:uniqueLang true"),
    st.builds("sh:{} {}".format, st.sampled_from(["equals", "disjoint"]), prop),
)


def _property_shape(where: str, parts: list[str]) -> str:
    return f"[ sh:path {where} ; {' ; '.join(parts)} ]"


def _within(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Shapes within shapes."""
    shape = inner.map("[ {} ]".format)
    some = st.lists(shape, min_size=1, max_size=2).map(" ".join)
    return st.one_of(
        shape.map("sh:not {}".format),
        shape.map("sh:node {}".format),
        st.builds("sh:{} ( {} )".format, st.sampled_from(["and", "or", "xone"]), some),
        st.builds(
            "sh:property [ sh:path {} ; {} ]".format,
            prop,
            st.one_of(inner, st.sampled_from(["sh:minCount 1", "sh:maxCount 1"])),
        ),
    )


logical = st.recursive(of_value, _within, max_leaves=3)
property_shape = st.builds(
    _property_shape,
    path,
    st.lists(
        st.one_of(of_value, of_property, logical), min_size=1, max_size=3, unique_by=lambda part: part.split(" ")[0]
    ),
)
qualified = st.builds(
    "[ sh:path {} ; sh:qualifiedValueShape [ {} ] ; sh:qualifiedM{}Count {} ]".format,
    prop,
    logical,
    st.sampled_from(["in", "ax"]),
    number,
)
target = st.one_of(
    st.sampled_from(CLASSES).map("sh:targetClass {}".format),
    node.map("sh:targetNode {}".format),
    prop.map("sh:targetSubjectsOf {}".format),
    prop.map("sh:targetObjectsOf {}".format),
)
severity = st.sampled_from(["sh:Violation", "sh:Warning", "sh:Info"])
part = st.one_of(logical, property_shape.map("sh:property {}".format), qualified.map("sh:property {}".format))


def _only_once(text: str) -> str:
    """A shape may have several of these, and one of anything else."""
    several = text.startswith(("sh:property", "sh:not", "sh:node ", "sh:and", "sh:or", "sh:xone", "sh:class"))
    return text if several else text.split(" ", maxsplit=1)[0]


def _shape(name: str, focus: str, parts: list[str], level: str) -> str:
    return f"{name} {focus} ; sh:severity {level} ; {' ; '.join(parts)} ."


shape = st.builds(
    _shape,
    st.sampled_from(["e:S1", "e:S2"]),
    target,
    st.lists(part, min_size=1, max_size=3, unique_by=_only_once),
    severity,
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(shape=shape, graph=graph)
def test_random_shapes_over_random_graphs(tmp_path_factory: pytest.TempPathFactory, shape: str, graph: str) -> None:
    file = tmp_path_factory.mktemp("random") / "shapes.ttl"
    file.write_text(PREFIXES + shape, encoding="utf-8")
    asked = Shapes([file])
    parsed = ox.parse(f"{PREFIXES}{graph}".encode(), format=ox.RdfFormat.TURTLE)
    facts = Facts([(str(quad.subject), str(quad.predicate), str(quad.object), "") for quad in parsed])
    found, left = Checker(EmbeddedStore.of(facts.nquads()), asked).all()
    if left:
        return
    own = as_written([result for each in found.values() for result in each], facts.triples, asked)
    theirs = core.check(facts, asked, sparql=True)
    assert Counter(map(_told, own)) == Counter(map(_told, theirs)), PREFIXES + shape + "\n" + graph


def _told(result: Result) -> tuple[str | None, ...]:
    return *result.key, result.severity
