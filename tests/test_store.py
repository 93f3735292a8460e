import datetime as dt
import threading
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

import samples
from vetgraph import generations, querytext
from vetgraph.errors import ForbiddenError, QueryError, StoreError, UsageError
from vetgraph.results import Answer, Solutions, Triples
from vetgraph.store import EmbeddedStore, open_store, write_store
from vetgraph.terms import python_value, to_term

NAMES = "SELECT ?name { ?s a vetg:SecondarySchool ; skos:prefLabel ?name } ORDER BY ?name"


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore.of(samples.nquads())


def solutions(store: EmbeddedStore, text: str, **values: object) -> Solutions:
    found = store.query(text, values)
    assert isinstance(found, Solutions)
    return found


def test_rows_are_mappings_of_python_values(store: EmbeddedStore) -> None:
    found = solutions(store, "SELECT ?s ?n ?none { ?s vetg:count ?n } ORDER BY ?s")
    assert found.variables == ("s", "n", "none")
    assert len(found) == 3
    assert dict(found[0]) == {"s": "https://w3id.org/vetgraph/id/school/a", "n": 3, "none": None}
    assert found[0].term("n") == ox.Literal(3)


def test_solutions_can_be_used_twice_and_from_another_thread(store: EmbeddedStore) -> None:
    found = solutions(store, NAMES)
    seen: list[bytes] = []
    thread = threading.Thread(target=lambda: seen.append(found.serialize("csv")))
    thread.start()
    thread.join()
    assert seen == [found.serialize("csv")] == [found.serialize("csv")]
    assert len(found.rows()) == 3


def test_formats(store: EmbeddedStore, tmp_path: Path) -> None:
    found = solutions(store, NAMES)
    assert found.serialize("tsv").startswith(b"?name\n")
    assert b"<sparql" in found.serialize("xml")
    assert found.to_csv(tmp_path / "a.csv") == "name\n丙学校\n乙学校\n甲学校\n"
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbfname")
    assert list(found.to_pandas()["name"]) == ["丙学校", "乙学校", "甲学校"]
    with pytest.raises(UsageError, match="turtle"):
        found.serialize("turtle")


def test_ask_and_construct(store: EmbeddedStore) -> None:
    assert store.query("ASK { ?s vetg:count 3 }") == Answer(value=True)
    assert not store.query("ASK { ?s vetg:count 4 }")
    assert Answer(value=False).serialize("json") == b'{"head":{},"boolean":false}'
    triples = store.query("CONSTRUCT { ?s vetg:count 1 } { ?s vetg:count ?n . ?s ?p ?o }")
    assert isinstance(triples, Triples)
    assert len(triples) == 3
    assert b"vetg:count" in triples.serialize("ttl")
    assert b"application" not in triples.serialize("nt")
    assert triples.serialize("jsonld").startswith(b"[") or triples.serialize("jsonld").startswith(b"{")
    assert b"rdf:RDF" in triples.serialize("rdf")


def test_substitution(store: EmbeddedStore) -> None:
    text = "SELECT ?name ?s { ?s skos:prefLabel ?label FILTER(STR(?label) = ?name) }"
    assert len(solutions(store, text, name="甲学校")) == 1
    assert len(solutions(store, text, name="不存在")) == 0
    with pytest.raises(QueryError, match="does not select it"):
        store.query("SELECT ?s { ?s skos:prefLabel ?label FILTER(STR(?label) = ?name) }", {"name": "甲学校"})


def test_named_and_default_graphs(store: EmbeddedStore) -> None:
    text = "SELECT ?s { ?s vetg:ownership ?o }"
    assert len(solutions(store, text)) == 3
    found = store.query(text, default_graphs=[samples.PASSAGE])
    assert isinstance(found, Solutions)
    assert len(found) == 3
    found = store.query(text, named_graphs=[samples.PASSAGE])
    assert isinstance(found, Solutions)
    assert len(found) == 0
    with pytest.raises(QueryError, match="no IRI"):
        store.query(text, default_graphs=["no iri"])


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("SELECT * {\n ?s ?p }", 2, 9, "syntax error"),
        ("SELECT * { ?s skso:a ?o }", 1, 21, "prefix skso: is not declared"),
        ("SELECT ?z (SUM(?x) AS ?y) {}", 1, 29, "unbound"),
        ("INSERT DATA {}", 1, 10, "not INSERT"),
        ("", None, None, "empty"),
    ],
)
def test_bad_sparql_says_where(
    store: EmbeddedStore, text: str, line: int | None, column: int | None, message: str
) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        store.query(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_caret_stands_below_wide_characters() -> None:
    excerpt = querytext.excerpt("SELECT * { ?s ?p '中文' 'x' }", 1, 22)
    text, mark = excerpt.split("\n")
    assert querytext.width(mark) - 1 == querytext.width(text[:21])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> { } }",
        "SELECT * { service silent ?x { } }",
        "SELECT * { ?s ?p true.SERVICE ex:a { } }",
        "SELECT * { FILTER(?a<?b)SERVICE#>\n SILENT <http://x/> {} }",
        "SELECT * { FILTER(?a<'>')SERVICE<http://x/>{} FILTER(?a<'>') }",
        "SELECT * { ?s ?p 1SERVICE<http://x/>{} }",
        r"SELECT * { \u0053ERVICE <http://x/> {} }",
        "SELECT * { SERVICE # c\n <http://x/> # {\n { } }",
    ],
)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(ForbiddenError, match="SERVICE"):
        querytext.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?service a ex:Service OPTIONAL { ?service ?p ?o } }",
        "SELECT * { GRAPH <http://x/service> { ?s ?p 'SERVICE' } }",
        "# service\nSELECT * { ?s <http://x/service#a> ?o }",
    ],
)
def test_the_word_service_elsewhere_is_no_clause(text: str) -> None:
    querytext.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{" * 3000 + "}" * 3000,
        "SELECT * { FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
        "SELECT * { FILTER(" + "!" * 3000 + "1) }",
        "SELECT * { FILTER(" + "||".join(["1"] * 3000) + ") }",
        "SELECT * { FILTER(1" + "+1" * 3000 + ") }",
        "SELECT * { FILTER(1" + "-1" * 3000 + ") }",
        "SELECT * {" + "OPTIONAL { ?s ?p ?o }" * 1000 + "}",
        "SELECT * {" + "".join(f"BIND(1 AS ?a{i})" for i in range(1000)) + "}",
        "SELECT " + " ".join(f"(1 AS ?v{i})" for i in range(3000)) + " {}",
        "SELECT * { ?s " + "/".join(["<a:a>"] * 1000) + " ?o }",
        "SELECT * { ?s ?p '" + "x" * 100_000 + "' }",
    ],
)
def test_what_would_end_the_process_is_refused(store: EmbeddedStore, text: str) -> None:
    with pytest.raises(QueryError, match=r"complex|longer"):
        store.query(text)


def test_long_lists_of_values_are_allowed(store: EmbeddedStore) -> None:
    rows = " ".join(f"(<a:{i}> '(({i}')" for i in range(2000))
    assert len(solutions(store, f"SELECT * {{ VALUES (?a ?b) {{ {rows} }} }}")) == 2000


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own calls
def test_rdflib_sees_the_same_store(store: EmbeddedStore) -> None:
    dataset = store.rdflib()
    rows = dataset.query(NAMES).bindings
    assert {str(value) for row in rows for value in row.values()} == {"甲学校", "乙学校", "丙学校"}


def test_values() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"

    def literal(text: str, datatype: str) -> ox.Literal:
        return ox.Literal(text, datatype=ox.NamedNode(xsd + datatype))

    assert python_value(literal("1.50", "decimal")) == Decimal("1.50")
    assert python_value(literal("2025", "gYear")) == 2025
    assert python_value(literal("2025-11-01", "date")) == dt.date(2025, 11, 1)
    assert python_value(literal("31.11.", "date")) == "31.11."
    assert python_value(literal("true", "boolean")) is True
    assert to_term(Decimal("1E+2")) == literal("100", "decimal")
    assert to_term("<x>") == ox.Literal("<x>")
    rdflib = pytest.importorskip("rdflib")
    assert to_term(rdflib.URIRef("http://a/")) == ox.NamedNode("http://a/")


def test_disk(tmp_path: Path) -> None:
    path = tmp_path / "store"
    first = write_store(path, samples.nquads())
    store = open_store(path)
    assert store.version == first == generations.current(path)
    assert len(store) == len(samples.nquads().splitlines())
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.query("ASK {}")


def test_a_reader_keeps_its_generation(tmp_path: Path) -> None:
    path = tmp_path / "store"
    write_store(path, samples.nquads())
    reader = open_store(path)
    second = write_store(path, b"<a:a> <a:b> <a:c> .\n")
    assert len(reader) > 1
    assert len(list((path / "generations").iterdir())) == 2
    assert len(open_store(path)) == 1
    reader.close()
    third = write_store(path, b"<a:a> <a:b> <a:c> .\n")
    assert third != second
    assert {folder.name for folder in (path / "generations").iterdir()} <= {second, third}


def test_missing_foreign_and_damaged_stores(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no store") as caught:
        open_store(tmp_path / "none")
    assert caught.value.fix is not None
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("x")
    with pytest.raises(StoreError, match="is not a store"):
        open_store(tmp_path / "mine")
    with pytest.raises(StoreError, match="something else"):
        write_store(tmp_path / "mine", b"")
    name = write_store(tmp_path / "store", samples.nquads())
    (tmp_path / "store" / "generations" / name / "CURRENT").unlink()
    with pytest.raises(StoreError, match="damaged"):
        open_store(tmp_path / "store")


def test_two_builds_at_once_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with generations.writing(path), pytest.raises(StoreError, match="another process"):
        write_store(path, b"")
    write_store(path, b"")


def test_a_malformed_load_leaves_the_old_store(tmp_path: Path) -> None:
    path = tmp_path / "store"
    name = write_store(path, samples.nquads())
    with pytest.raises(SyntaxError):
        write_store(path, b"<a:a> <a:b> .\n")
    assert generations.current(path) == name
