"""SPARQL 1.1 Protocol, Graph Store HTTP Protocol and Service Description over HTTP, in cases of our own."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import rdflib
from rdflib.namespace import RDF, Namespace

from serving import Served

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
ONE, TWO, THREE = (f"http://example.org/g/{n}" for n in (1, 2, 3))
DATA = " ".join(f"GRAPH <{g}> {{ <{g}> <http://e/in> <{g}> }}" for g in (ONE, TWO, THREE))
TURTLE = {"Content-Type": "text/turtle; charset=utf-8"}
TRIPLE = "<http://e/a> <http://e/p> <b> ."
ALL = "SELECT ?s { ?s ?p ?o } ORDER BY ?s"
NAMED = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
DIRECT = "application/sparql-query"


@pytest.fixture
def client(writable_server: Served) -> Iterator[httpx.Client]:
    with writable_server.writer() as writing:
        sent = writing.post(
            "/update", data={"update": f"DROP ALL ; INSERT DATA {{ <{ONE}> <http://e/in> 'default' . {DATA} }}"}
        )
        assert sent.status_code == 204
        yield writing


def values(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [next(iter(row.values()))["value"] for row in answer.json()["results"]["bindings"]]


@pytest.mark.parametrize(
    ("query", "parameters", "expected"),
    [
        (ALL, [], [ONE]),
        (ALL, [("default-graph-uri", TWO)], [TWO]),
        (ALL, [("default-graph-uri", TWO), ("default-graph-uri", THREE)], [TWO, THREE]),
        (ALL, [("named-graph-uri", TWO)], []),
        (NAMED, [], [ONE, TWO, THREE]),
        (NAMED, [("named-graph-uri", TWO), ("named-graph-uri", THREE)], [TWO, THREE]),
        (NAMED, [("default-graph-uri", TWO)], []),
        (ALL.replace("{", f"FROM <{THREE}> {{", 1), [("default-graph-uri", TWO)], [TWO]),
        (ALL.replace("{", f"FROM <{THREE}> {{", 1), [], [THREE]),
    ],
)
def test_the_dataset_of_a_query(
    client: httpx.Client, query: str, parameters: list[tuple[str, str]], expected: list[str]
) -> None:
    pairs = [("query", query), *parameters]
    form = "&".join(f"{key}={quote(value)}" for key, value in pairs)
    rest = "&".join(f"{key}={quote(value)}" for key, value in parameters)
    assert values(client.get(f"/sparql?{form}")) == expected
    assert (
        values(client.post("/sparql", content=form, headers={"Content-Type": "application/x-www-form-urlencoded"}))
        == expected
    )
    assert values(client.post(f"/sparql?{rest}", content=query, headers={"Content-Type": DIRECT})) == expected


@pytest.mark.parametrize(
    ("text", "parameters", "expected"),
    [
        ("INSERT { GRAPH <http://e/new> { ?s <http://e/p> 1 } } WHERE { ?s ?p ?o }", {"using-graph-uri": [TWO, THREE]}, [TWO, THREE]),  # noqa: E501 - one case a line
        ("INSERT { GRAPH <http://e/new> { ?g <http://e/p> 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }", {"using-named-graph-uri": [TWO]}, [TWO]),  # noqa: E501 - one case a line
        ("INSERT { GRAPH <http://e/new> { ?s <http://e/p> 1 } } WHERE { ?s ?p ?o }", {}, [ONE]),
        ("INSERT DATA { GRAPH <http://e/new> { <x:s> <http://e/p> 'WHERE' } }", {"using-graph-uri": [TWO]}, ["x:s"]),
        ("PREFIX e: <http://e/> INSERT { GRAPH e:new { ?s e:p ';' } } # WHERE ;\nWHERE { ?s ?p ?o } ; CLEAR SILENT GRAPH e:x", {"using-graph-uri": [TWO]}, [TWO]),  # noqa: E501 - one case a line
    ],
)  # fmt: skip
def test_the_dataset_of_an_update(
    client: httpx.Client, text: str, parameters: dict[str, list[str]], expected: list[str]
) -> None:
    made = "SELECT ?s { GRAPH <http://e/new> { ?s ?p ?o } } ORDER BY ?s"
    for options in (
        {"data": {"update": text, **parameters}},
        {"content": text, "params": parameters, "headers": {"Content-Type": "application/sparql-update"}},
    ):
        client.post("/update", data={"update": "DROP SILENT GRAPH <http://e/new>"})
        answer = client.post("/update", **options)
        assert answer.status_code == 204, answer.text
        assert values(client.post("/sparql", data={"query": made})) == expected


def test_delete_where_keeps_to_its_dataset(client: httpx.Client) -> None:
    client.post("/update", data={"update": "DELETE WHERE { ?s ?p ?o }", "using-graph-uri": TWO})
    assert values(client.post("/sparql", data={"query": ALL})) == [ONE]
    assert values(client.post("/sparql", data={"query": NAMED})) == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("POST", "/update", {"data": {"update": f"WITH <{ONE}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", "using-graph-uri": TWO}}, 400),  # noqa: E501 - one case a line
        ("POST", "/update", {"data": {"update": f"INSERT {{ ?s ?p 1 }} USING <{ONE}> WHERE {{ ?s ?p ?o }}", "using-named-graph-uri": TWO}}, 400),  # noqa: E501 - one case a line
        ("POST", "/update", {"data": {"update": ["CLEAR ALL", "CLEAR ALL"]}}, 400),
        ("POST", "/update", {"data": {"query": "ASK {}"}}, 400),
        ("POST", "/update", {"data": {"update": "CLEAR"}}, 400),
        ("POST", "/update", {"data": {"update": "ASK {}"}}, 400),
        ("POST", "/update", {"content": b"CLEAR ALL", "headers": {"Content-Type": "text/plain"}}, 415),
        ("POST", "/update", {"content": b"CLEAR ALL"}, 415),
        ("POST", "/update", {"content": b"\xff\xfe", "headers": {"Content-Type": "application/sparql-update"}}, 400),
        ("GET", "/update?update=CLEAR%20ALL", {}, 405),
        ("PUT", "/update", {}, 405),
        ("PATCH", "/sparql", {}, 405),
        ("POST", "/sparql", {"data": {"update": "CLEAR ALL"}}, 400),
        ("POST", "/sparql", {"content": b"ASK {}"}, 415),
        ("PUT", "/store?default", {"content": b"<a> <b>", "headers": TURTLE}, 400),
        ("PUT", "/store?default", {"content": b"<a> <b> <c> .", "headers": {"Content-Type": "image/png"}}, 415),
        ("PUT", "/store", {"content": b"", "headers": TURTLE}, 400),
        ("PUT", "/store?default&graph=http://e/g", {"content": b"", "headers": TURTLE}, 400),
        ("PUT", "/store?graph=relative", {"content": b"", "headers": TURTLE}, 400),
        ("GET", "/store", {}, 400),
        ("GET", "/store?graph=http://e/nowhere", {}, 404),
        ("HEAD", "/store?graph=http://e/nowhere", {}, 404),
        ("DELETE", "/store?graph=http://e/nowhere", {}, 404),
        ("GET", "/store/nowhere", {}, 404),
        ("PATCH", "/store?default", {}, 405),
        ("GET", "/store?default", {"headers": {"Accept": "image/png"}}, 406),
    ],
)  # fmt: skip
def test_refusals(client: httpx.Client, method: str, path: str, options: dict[str, Any], status: int) -> None:
    answer = client.request(method, path, **options)
    assert answer.status_code == status, answer.text
    if method != "HEAD":
        assert answer.json()["error"]["status"] == status
    if status == 405:
        assert answer.headers["Allow"]
    assert values(client.post("/sparql", data={"query": NAMED})) == [ONE, TWO, THREE]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "text/turtle"),
        ("text/turtle;q=0.2, application/ld+json;q=0.8", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/*", "application/n-triples"),
    ],
)
def test_graphs_are_negotiated(client: httpx.Client, accept: str, media: str) -> None:
    for path in (f"/store?graph={quote(ONE)}", "/store?default", "/sparql"):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.headers["Content-Type"] == f"{media}; charset=utf-8"
        assert "Accept" in answer.headers["Vary"]
        head = client.head(path, headers={"Accept": accept})
        assert head.content == b""
        assert head.headers["Content-Length"] == str(len(answer.content))


@pytest.mark.parametrize("direct", [True, False])
def test_a_graph_lives(client: httpx.Client, writable_server: Served, *, direct: bool) -> None:
    iri = f"{writable_server.url}/store/people/%E7%94%B2"
    path = "/store/people/%E7%94%B2" if direct else f"/store?graph={quote(iri, safe='')}"
    nt = {"Accept": "application/n-triples"}
    made = client.put(path, content=TRIPLE, headers=TURTLE)
    assert (made.status_code, made.headers["Location"]) == (201, iri)
    assert client.get(path, headers=nt).text == f"<http://e/a> <http://e/p> <{iri.rpartition('/')[0]}/b> .\n"
    assert client.put(path, content="<http://e/c> <http://e/p> 1 .", headers=TURTLE).status_code == 204
    assert "http://e/a" not in client.get(path, headers=nt).text
    assert client.post(path, content=TRIPLE, headers=TURTLE).status_code == 204
    assert len(client.get(path, headers=nt).text.splitlines()) == 2
    files = [("file", (f"{n}.ttl", f"<http://e/{n}> <http://e/p> {n} .", "text/turtle")) for n in range(2)]
    assert client.post(path, files=files).status_code == 204
    assert len(client.get(path, headers=nt).text.splitlines()) == 4
    assert client.put(path, content="", headers=TURTLE).status_code == 204
    empty = client.get(path, headers=nt)
    assert (empty.status_code, empty.text) == (200, "")
    assert client.head(path).status_code == 200
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_the_default_graph(client: httpx.Client) -> None:
    assert client.put("/store?default", content=TRIPLE, headers=TURTLE).status_code in {200, 204}
    assert values(client.post("/sparql", data={"query": ALL})) == ["http://e/a"]
    assert client.delete("/store?default").status_code == 204
    assert client.get("/store?default").text.strip() == ""


def test_a_new_graph_gets_a_name(client: httpx.Client) -> None:
    made = client.post("/store", content=TRIPLE, headers=TURTLE)
    assert made.status_code == 201
    again = client.get("/store", params={"graph": made.headers["Location"]})
    assert "http://e/a" in again.text
    assert client.get(made.headers["Location"]).status_code == 200


def test_the_service_describes_itself(client: httpx.Client, writable_server: Served) -> None:
    for accept, form in [("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("application/n-triples", "nt")]:
        graph = rdflib.Graph().parse(data=client.get("/sparql", headers={"Accept": accept}).text, format=form)
        query, update = (rdflib.URIRef(writable_server.url + path) for path in ("/sparql", "/update"))
        assert (query, RDF.type, SD.Service) in graph
        assert (query, SD.endpoint, query) in graph
        assert (query, SD.supportedLanguage, SD.SPARQL11Query) in graph
        assert (update, SD.supportedLanguage, SD.SPARQL11Update) in graph
        assert len(set(graph.objects(query, SD.resultFormat))) == 8
        assert graph.value(query, SD.defaultDataset) is not None


def test_a_read_only_service_describes_no_update(served: Served) -> None:
    with served.client() as reader:
        assert "SPARQL11Update" not in reader.get("/sparql").text


def test_options(client: httpx.Client) -> None:
    for path, methods in [("/sparql", "GET"), ("/update", "POST"), ("/store", "PUT")]:
        answer = client.options(path)
        assert answer.status_code == 204
        assert methods in answer.headers["Allow"]
