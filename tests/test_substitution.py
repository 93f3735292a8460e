"""A query with its values in the text answers as the engine does with the values beside it."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from vetgraph import queries
from vetgraph.build import build_graph
from vetgraph.errors import QueryError
from vetgraph.results import Answer, Solutions, Triples
from vetgraph.store import EmbeddedStore
from vetgraph.substitution import compare_graphs, substitute

ROOT = Path(__file__).parents[1]
EXPECTED = ROOT / "tests" / "queries"
CASES = sorted(path.stem for path in EXPECTED.glob("*.csv") if queries.get(path.stem.partition(".")[0]).params)
A = ox.NamedNode("x:a")
DATA = b"""
<x:a> <x:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<x:b> <x:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> .
<x:a> <x:q> "n" .
<x:a> <x:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <x:g> .
<x:b> <x:p> "2"^^<http://www.w3.org/2001/XMLSchema#integer> <x:h> .
"""


class Rewritten:
    """The store protocol over an embedded store that is given no values beside the query."""

    version = "rewritten"

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    def query(  # noqa: D102 - as every store does
        self,
        text: str,
        substitutions: Mapping[str, Any] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Solutions | Answer | Triples:
        return self._store.query(substitute(text, substitutions or {}), **options)

    def close(self) -> None:
        """Do nothing."""


@pytest.fixture(scope="module")
def whole() -> EmbeddedStore:
    store = build_graph(ROOT / "data", validate=False).store
    assert isinstance(store, EmbeddedStore)
    return store


@pytest.fixture(scope="module")
def small() -> EmbeddedStore:
    return EmbeddedStore.of(DATA)


def listed(value: object) -> list[str]:
    """Return what a cell lists, sorted: SPARQL leaves the order open."""
    return sorted(str(value).split("；"))


def content(found: Solutions | Answer | Triples) -> object:
    """Return an answer so that equal answers are equal, whatever the order of their rows."""
    if isinstance(found, Answer):
        return bool(found)
    if isinstance(found, Triples):
        return set(found)
    return Counter(frozenset((name, row.term(name)) for name in found.variables) for row in found)


@pytest.mark.parametrize("case", CASES)
def test_every_named_query_answers_the_same(whole: EmbeddedStore, case: str) -> None:
    file = EXPECTED / f"{case}.json"
    params = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    name = case.partition(".")[0]
    beside, within = queries.run(whole, name, params), queries.run(Rewritten(whole), name, params)
    assert isinstance(beside, Solutions)
    assert isinstance(within, Solutions)
    assert [[listed(value) for value in row.values()] for row in within] == [
        [listed(value) for value in row.values()] for row in beside
    ]
    with (EXPECTED / f"{case}.csv").open(encoding="utf-8", newline="") as expected:
        assert len(within) == len(list(csv.reader(expected))) - 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s ?o { ?s <x:p> ?o }",
        "SELECT * { $s <x:p> ?o }",
        "ASK { ?s <x:p> 2 }",
        "ASK { ?s <x:p> 1 }",
        "CONSTRUCT { ?s <x:z> ?o } { ?s <x:p> ?o }",
        "CONSTRUCT WHERE { ?s <x:p> ?o }",
        "CONSTRUCT { ?s <x:z> ?o } FROM <x:g> WHERE { ?s <x:p> ?o }",
        "DESCRIBE ?s { ?s <x:p> ?o }",
        "DESCRIBE ?s",
        "SELECT ?s ?o { VALUES ?s { <x:a> <x:b> } ?s <x:p> ?o }",
        "SELECT ?s ?o { VALUES (?s ?o) { (<x:b> 2) } ?s <x:p> ?o }",
        "SELECT ?s ?o { VALUES (?s ?o) { (UNDEF 1) } ?s <x:p> ?o }",
        "SELECT ?s ?o { BIND(<x:b> AS ?s) ?s <x:p> ?o }",
        "SELECT ?s ?o { ?z <x:p> ?o . BIND(?z AS ?s) }",
        "SELECT ?s ?s_1 ?o { ?s_1 <x:p> ?o . BIND(?s_1 AS ?s) }",
        "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s",
        "SELECT ?s (COUNT(*) AS ?n) { ?s <x:none> ?o } GROUP BY ?s",
        "SELECT ?s ?p (COUNT(*) AS ?n) { ?x ?p ?o FILTER(?x = ?s) } GROUP BY ?s ?p HAVING(?s = <x:a>) ORDER BY ?s",
        "SELECT ?s ?n { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }",
        "SELECT ?s ?n { { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s } }",
        "SELECT ?s { SELECT ?s { ?s <x:p> ?o } LIMIT 1 }",
        "SELECT ?s ?n { { SELECT * { ?s ?p ?n } LIMIT 1 } }",
        "SELECT ?s ?z { ?z <x:p> ?o MINUS { ?s <x:q> ?k } }",
        "SELECT ?s ?z { ?z <x:p> ?o OPTIONAL { ?z <x:q> ?k FILTER(?z = ?s) } FILTER(BOUND(?k)) }",
        "SELECT ?s ?o { ?s <x:p> ?o FILTER(BOUND(?s)) }",
        "SELECT ?s ?z { ?z <x:p> ?o FILTER EXISTS { ?s <x:q> ?m } }",
        "SELECT ?s ?z { { ?z <x:p> ?o } UNION { ?z <x:q> ?s } }",
        "SELECT (EXISTS { ?s <x:q> 1 } AS ?x) ?s { ?s <x:p> ?o }",
        "SELECT (STR(?s) AS ?x) ?s { ?s <x:p> ?o }",
        "SELECT DISTINCT ?s { ?s <x:p> ?o } ORDER BY ?s LIMIT 2",
        "SELECT ?s { }",
        "SELECT ?s ?t { ?s <x:q> ?t FILTER(?t = '?s' || ?t = \"n\") } # ?s",
    ],
)
def test_wherever_a_variable_stands(small: EmbeddedStore, text: str) -> None:
    assert content(small.query(substitute(text, {"s": A}))) == content(small.query(text, {"s": A}))


def test_graphs_can_be_given(small: EmbeddedStore) -> None:
    text = "SELECT ?g ?s { GRAPH ?g { ?s <x:p> ?o } }"
    found = small.query(substitute(text, {"g": ox.NamedNode("x:g")}))
    assert isinstance(found, Solutions)
    assert [dict(row) for row in found] == [{"g": "x:g", "s": "x:a"}]


@pytest.mark.parametrize("said", ['"} . DROP ALL #', "a\\", "line\nend\r", "'''", '"""', "甲", "} UNION { ?a ?b ?c"])
def test_no_text_leaves_its_literal(small: EmbeddedStore, said: str) -> None:
    found = small.query(substitute("SELECT ?t { FILTER(?t != 'none') }", {"t": ox.Literal(said)}))
    assert isinstance(found, Solutions)
    assert [dict(row) for row in found] == [{"t": said}]


def test_what_cannot_be_given() -> None:
    with pytest.raises(QueryError, match=r"for \?t, but the query does not select"):
        substitute("SELECT ?s { ?s ?p ?t }", {"t": A})
    with pytest.raises(QueryError, match="no IRI or literal"):
        substitute("SELECT ?s { ?s ?p ?t }", {"s": ox.BlankNode("b")})
    with pytest.raises(QueryError, match="IRI or a comparison") as caught:
        substitute("SELECT * {\n ?a <x:p> ?b FILTER(?a<?b&&?b>?a) }", {"b": A})
    assert (caught.value.line, caught.value.column) == (2, 23)


def test_what_is_no_query_stays() -> None:
    assert substitute("nonsense ?s", {"s": A}) == "nonsense ?s"
    assert substitute("SELECT * { ?s ?p", {"s": A}).startswith("SELECT * { VALUES ?s { <x:a> }")
    assert substitute("SELECT ?s { ?s ?p ?o }", {}) == "SELECT ?s { ?s ?p ?o }"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { GRAPH <x:g> { ?s <x:p> ?o } }",
        "PREFIX x: <x:> SELECT * { GRAPH x:h { ?s <x:p> ?o } GRAPH ?graph_1 { ?s <x:p> ?o } }",
        "SELECT * { GRAPH <x:g> { { ?s <x:p> ?o } UNION { ?s <x:q> ?o } } }",
    ],
)
def test_graphs_by_comparison(small: EmbeddedStore, text: str) -> None:
    rewritten, made = compare_graphs(text)
    compared = small.query(rewritten)
    asked = small.query(text)
    assert isinstance(compared, Solutions)
    assert isinstance(asked, Solutions)
    assert "GRAPH <x:g>" not in rewritten
    assert made.isdisjoint(asked.variables)
    assert [[row.term(name) for name in asked.variables] for row in compared] == [
        [row.term(name) for name in asked.variables] for row in asked
    ]
    assert len(asked) == 1
