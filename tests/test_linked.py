"""Linked data: every IRI of ours leads somewhere, by what the client accepts."""

import json
import re
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import samples
from vetgraph import names
from vetgraph.store import EmbeddedStore
from vetgraph.web.app import create_app
from vetgraph.web.things import documents, locations

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DC, OWL, XSD, RDF = (names.PREFIXES[prefix] for prefix in ("dcterms", "owl", "xsd", "rdf"))
RDF_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
}
INLINE = r"""<script(?! src="/static/[\w./-]+" defer></script>| type="application/ld\+json">[^<]*</script>)"""
"""A script that is not a file of ours."""
EVIL = '<script>alert("1")</script>'
SCHOOL_A = names.thing("school", "a")


def extra() -> list[tuple[str, str, str, str]]:
    """Return odd things: withdrawn, replaced, with Chinese and percent signs in the IRI, with markup in a name."""
    passage = f"<{samples.PASSAGE}>"
    kind, school = f"<{RDF}type>", f"<{samples.VETG}SecondarySchool>"
    label = f"<{samples.SKOS}prefLabel>"

    def of(key: str) -> str:
        return f"<{names.thing('school', key)}>"

    return [
        (of("old"), kind, school, passage),
        (of("old"), f"<{OWL}deprecated>", f'"true"^^<{XSD}boolean>', passage),
        (of("merged"), f"<{DC}isReplacedBy>", of("a"), passage),
        (of("kept"), f"<{OWL}deprecated>", f'"false"^^<{XSD}boolean>', passage),
        (of("丁学校"), label, '"丁学校"@zh', passage),
        (of("%E6%88%8A"), label, '"戊学校"@zh', passage),
        (of("x%2Fy"), label, '"己学校"@zh', passage),
        (of("evil"), label, f"{ox.Literal(EVIL, language='en')}", passage),
        (of("evil"), f"<{DC}source>", "<javascript:alert(1)>", passage),
        (f"<{names.thing('code', 'a')}>", label, '"名为 code 的一类"@zh', passage),
        (f"<{names.code('ownership', 'private')}>", label, '"民办"@zh', f"<{names.CODES}>"),
    ]


@pytest.fixture(scope="module")
def app() -> Flask:
    lines = [f"{s} {p} {o} {g} .\n{s} {p} {o} .\n" for s, p, o, g in extra()]
    only_named = (
        f"<{names.thing('school', 'named')}> <{RDF}type> <{samples.VETG}SecondarySchool> <{samples.PASSAGE}> .\n"
    )
    return create_app(EmbeddedStore.of(samples.nquads() + "".join(lines).encode() + only_named.encode()))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def links(response: TestResponse) -> dict[tuple[str, str], str]:
    """Return the targets of a response's links by relation and media type."""
    found = [
        re.fullmatch(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', v) for v in response.headers.getlist("Link")
    ]
    return {(match[2], match[3] or ""): match[1] for match in found if match}


def parsed(response: TestResponse, form: str) -> list[ox.Quad]:
    return list(ox.parse(input=response.data, format=RDF_FORMATS[form]))


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        (BROWSER, "/page/school/a"),
        ("text/html", "/page/school/a"),
        ("application/xhtml+xml", "/page/school/a"),
        ("", "/data/school/a.ttl"),
        ("*/*", "/data/school/a.ttl"),
        ("text/turtle", "/data/school/a.ttl"),
        ("text/html;q=0.5, text/turtle", "/data/school/a.ttl"),
        ("text/html;q=0.2, text/turtle;q=0.1, application/ld+json;q=0.9", "/data/school/a.jsonld"),
        ("application/n-triples", "/data/school/a.nt"),
        ("application/rdf+xml", "/data/school/a.rdf"),
        ("application/trig, text/turtle;q=0.9", "/data/school/a.trig"),
    ],
)
def test_an_iri_leads_by_accept(client: FlaskClient, accept: str, location: str) -> None:
    response = client.get("/id/school/a", headers={"Accept": accept})
    assert response.status_code == 303
    assert response.headers["Location"] == location
    assert "Accept" in response.headers["Vary"]
    assert client.head("/id/school/a", headers={"Accept": accept}).headers["Location"] == location


def test_nothing_acceptable(client: FlaskClient) -> None:
    for path in ("/id/school/a", "/code/ownership/private", "/.well-known/void"):
        response = client.get(path, headers={"Accept": "image/png"})
        assert response.status_code == 406
        assert "text/turtle" in json.loads(response.data)["error"]["fix"]


@pytest.mark.parametrize("form", RDF_FORMATS)
def test_data_in_every_format(client: FlaskClient, form: str) -> None:
    response = client.get(f"/data/school/a.{form}")
    assert response.headers["Content-Type"] == f"{documents.FORMS[form]}; charset=utf-8"
    triples = {quad.triple for quad in parsed(response, form)}
    thing = ox.NamedNode(SCHOOL_A)
    assert ox.Triple(thing, ox.NamedNode(f"{samples.SKOS}prefLabel"), ox.Literal("甲学校", language="zh")) in triples
    code = ox.NamedNode(names.code("ownership", "private"))
    assert ox.Triple(thing, ox.NamedNode(f"{samples.VETG}ownership"), code) in triples
    assert ox.Triple(code, ox.NamedNode(f"{samples.SKOS}prefLabel"), ox.Literal("民办", language="zh")) in triples
    assert ox.Triple(ox.NamedNode(names.thing("school", "merged")), ox.NamedNode(f"{DC}isReplacedBy"), thing) in triples
    again = client.get(f"/data/school/a.{form}", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    head = client.head(f"/data/school/a.{form}")
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(response.data)))


def test_the_named_graph_is_the_citation(client: FlaskClient) -> None:
    quads = parsed(client.get("/data/school/a.trig"), "trig")
    thing, passage = ox.NamedNode(SCHOOL_A), ox.NamedNode(samples.PASSAGE)
    graphs = {quad.predicate.value: quad.graph_name for quad in quads if quad.subject == thing}
    assert graphs[f"{samples.VETG}ownership"] == passage
    assert graphs[f"{samples.SKOS}altLabel"] == passage
    assert graphs[f"{samples.SKOS}prefLabel"] == ox.NamedNode(names.REGISTRY)


def test_a_passage_gives_all_that_it_states(client: FlaskClient) -> None:
    quads = parsed(client.get("/data/report/sample-2025/p1.trig"), "trig")
    held = {str(quad.triple) for quad in quads if quad.graph_name == ox.NamedNode(samples.PASSAGE)}
    stated = [quad for quad in (*samples.triples(), *extra()) if samples.PASSAGE in quad[3]]
    assert len(held) == len(stated) + 1  # one stands in the named graph only
    page = client.get("/page/report/sample-2025/p1?lang=zh").text
    for name in ("甲学校", "乙学校", "丙学校", "丁学校"):
        assert name in page


def test_a_page_cites_its_passages(client: FlaskClient) -> None:
    page = client.get("/page/school/a?lang=zh").text
    row = re.search(r'民办</a></span>\s*<span class="cites">(.*?)</details>', page, re.DOTALL)
    assert row is not None
    assert 'href="/page/report/sample-2025/p1"' in row[1]
    assert 'href="/page/code/ownership/private"' in page
    assert 'href="/def#SecondarySchool"' in page
    assert "中等职业学校" in page
    assert "Secondary school" in client.get("/page/school/a?lang=en").text
    assert not re.search(INLINE, page)


def test_a_report_lists_its_passages(client: FlaskClient) -> None:
    page = client.get("/page/report/sample-2025?lang=zh").text
    assert '<a href="/page/report/sample-2025/p1"' in page


def test_what_stands_in_a_named_graph_only(client: FlaskClient) -> None:
    assert client.get("/id/school/named").status_code == 303
    assert "/page/report/sample-2025/p1" in client.get("/page/school/named").text


def test_links_from_form_to_form(client: FlaskClient) -> None:
    for path in ("/id/school/a", "/page/school/a", "/data/school/a.nt"):
        found = links(client.get(path))
        assert found["describedby", "text/turtle"] == "/data/school/a.ttl"
        assert found["alternate", "text/html"] == "/page/school/a"
        assert found["describes", ""] == SCHOOL_A
        for form, media in documents.FORMS.items():
            assert found["alternate", media] == f"/data/school/a.{form}"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/id/school/丁学校", "丁学校"),
        ("/id/school/%E4%B8%81%E5%AD%A6%E6%A0%A1", "丁学校"),
        ("/id/school/%E6%88%8A", "戊学校"),
        ("/id/school/x%2Fy", "己学校"),
        ("/id/code/a", "名为 code 的一类"),
    ],
)
def test_iris_with_odd_characters(client: FlaskClient, path: str, name: str) -> None:
    for accept in ("text/html", "application/n-triples", "application/rdf+xml"):
        response = client.get(path, headers={"Accept": accept}, follow_redirects=True)
        assert response.status_code == 200
        assert name in response.text
        response.headers["Link"].encode("ascii")


@pytest.mark.parametrize(
    "path",
    [
        "/id/school/none",
        "/id/school",
        "/id/school/",
        "/id/../school/a",
        "/id/school/../../etc/passwd",
        "/id/school/%2e%2e%2f%2e%2e",
        "/id/school/a%0A",
        "/id/school/a%00b",
        "/id/school/%FF%FE",
        "/id/school/%22%3E%3Cscript%3E",
        "/id/school/a%20b%7B%7D",
        "/id/school/a%7C%5E%60%5C",
        "/id/school/" + "x" * 3000,
        "/id/school/'%20OR%201=1",
        "/page/school/none",
        "/page/a",
        "/page/id",
        "/page/%3Cb%3E/x",
        "/data/school/none.ttl",
        "/data/school/a",
        "/data/school/a.exe",
        "/data/.ttl",
        "/data/x.ttl",
        "/code/none",
        "/report/none/p1",
        "/def/none",
        "/def.exe",
        "/void.exe",
        "/dump.exe",
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert set(json.loads(response.data)["error"]) == {"status", "title", "detail", "fix"}
    page = client.get(path, headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert not re.search(INLINE, page.text)


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/id/school/甲学校", "/id/school/a"),
        ("/id/school/甲校", "/id/school/a"),
        ("/id/school/A", "/id/school/a"),
        ("/id/school/a/", "/id/school/a"),
        ("/id/school/a.ttl", "/data/school/a.ttl"),
        ("/id/school/none", "/sparql"),
    ],
)
def test_an_unknown_iri_says_what_may_be_meant(client: FlaskClient, path: str, meant: str) -> None:
    fix = json.loads(client.get(path).data)["error"]["fix"]
    assert re.search(rf"(?<![\w/]){re.escape(meant)}(?![\w/])", fix), fix


@pytest.mark.parametrize("path", ["/id/school/{}", "/page/school/{}", "/data/school/{}.ttl"])
def test_what_is_withdrawn(client: FlaskClient, path: str) -> None:
    gone = client.get(path.format("old"))
    assert gone.status_code == 410
    replaced = client.get(path.format("merged"))
    assert replaced.status_code == 410
    assert SCHOOL_A in json.loads(replaced.data)["error"]["fix"]
    assert SCHOOL_A in client.get(path.format("merged"), headers={"Accept": BROWSER}).text
    assert client.get(path.format("kept")).status_code < 400


def test_nothing_becomes_markup(client: FlaskClient) -> None:
    for path in ("/page/school/evil", "/page/report/sample-2025/p1"):
        page = client.get(path, headers={"Accept": BROWSER}).text
        assert "&lt;script&gt;" in page
        assert not re.search(INLINE, page)
        assert 'href="javascript:' not in page
        assert "javascript:alert(1)" in page


def test_nodes_without_name_and_triples_as_values() -> None:
    thing = names.thing("school", "odd")
    lines = [
        f"<{thing}> <https://example.org/1> _:b .",
        f"_:b <https://example.org/p> <{thing}> .",
        f"<{thing}> <https://example.org/q> <<( <x:s> <x:p> <x:o> )>> .",
    ]
    client = create_app(EmbeddedStore.of("\n".join(lines).encode())).test_client()
    for form in ("ttl", "rdf", "trig"):
        assert len(parsed(client.get(f"/data/school/odd.{form}"), form)) == 3
    page = client.get("/page/school/odd").text
    assert "https://example.org/1" in page
    assert "x:s" in page
    refused = client.get("/data/school/odd.jsonld")
    assert refused.status_code == 406
    assert "ttl" in json.loads(refused.data)["error"]["fix"]


def test_below_a_prefix(app: Flask) -> None:
    client = app.test_client()
    options: dict[str, Any] = {"environ_overrides": {"SCRIPT_NAME": "/vet"}, "base_url": "https://data.example.org/"}
    response = client.get("/id/school/a", headers={"Accept": "text/html"}, **options)
    assert response.headers["Location"] == "/vet/page/school/a"
    page = client.get("/page/school/a", **options)
    assert 'href="/vet/page/report/sample-2025/p1"' in page.text
    assert links(page)["alternate", "text/turtle"] == "/vet/data/school/a.ttl"
    assert links(page)["describes", ""] == SCHOOL_A


def test_a_store_without_ontology() -> None:
    empty = create_app(EmbeddedStore.of(b"")).test_client()
    assert empty.get("/def").status_code == 404
    assert empty.get("/id/school/a").status_code == 404


def test_a_large_description_is_cut_and_says_so() -> None:
    lines = [
        f"<{names.thing('school', str(index))}> <{samples.VETG}region> <{names.thing('region', 'r')}> ."
        for index in range(1200)
    ]
    client = create_app(EmbeddedStore.of("\n".join(lines).encode())).test_client()
    response = client.get("/data/region/r.nt")
    assert response.headers["Vetgraph-Cut"] == "mentions"
    assert len(parsed(response, "nt")) == 1000
    assert "Only a part is shown" in client.get("/page/region/r?lang=en").text
    assert "Vetgraph-Cut" not in client.get("/data/school/1.nt").headers


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("id/school/a", "school/a"),
        ("id/code/a", "id/code/a"),
        ("id/id/a", "id/id/a"),
        ("code/stage/b", "code/stage/b"),
        ("report/r/p", "report/r/p"),
        ("elsewhere/a", None),
        ("id", None),
    ],
)
def test_paths_and_iris_are_one_to_one(key: str, path: str | None) -> None:
    assert locations.path_of(names.BASE + key) == path
    if path is not None:
        assert next(locations.page_iris(quote(path))) == names.BASE + key
