"""Every IRI of ours in the graph of Xuchang resolves, and every link of a page."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from werkzeug.test import TestResponse
from werkzeug.urls import iri_to_uri

from vetgraph import names
from vetgraph.build import build_graph
from vetgraph.graph import VetGraph
from vetgraph.store import EmbeddedStore
from vetgraph.web.app import create_app
from vetgraph.web.things import documents

DATA = Path(__file__).parent.parent / "data"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDF_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
}


@pytest.fixture(scope="module")
def xuchang() -> VetGraph:
    return build_graph(DATA, validate=False)


def parsed(response: TestResponse, form: str) -> list[ox.Quad]:
    return list(ox.parse(input=response.data, format=RDF_FORMATS[form]))


def ours(graph: VetGraph) -> set[str]:
    """Return every IRI of ours in a store, wherever it stands."""
    nodes: set[str] = set()
    assert isinstance(graph.store, EmbeddedStore)
    for quad in graph.store.native:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            node = term.datatype if isinstance(term, ox.Literal) else term
            if isinstance(node, ox.NamedNode) and node.value.startswith(names.BASE):
                nodes.add(node.value)
    return nodes


def without_most_entries(iris: set[str]) -> set[str]:
    """Leave out most entries of lists, since there are hundreds that differ in nothing but their code."""
    entries = sorted(iri for iri in iris if iri.startswith(names.ENTRIES))
    return iris - {*entries} | {*entries[::20]}


def test_every_iri_of_ours_resolves(xuchang: VetGraph) -> None:
    client = create_app(xuchang.store).test_client()
    iris = without_most_entries(ours(xuchang))
    families = {iri.removeprefix(names.BASE).partition("/")[0].partition("#")[0] for iri in iris}
    assert families == {"id", "code", "report", "graph", "def"}
    pages: dict[str, TestResponse] = {}
    ontology = parsed(client.get("/def.nt"), "nt")
    defined = {quad.subject.value for quad in ontology if isinstance(quad.subject, ox.NamedNode)}
    for iri in sorted(iris):
        path, _, anchor = iri_to_uri(iri).removeprefix(names.BASE[:-1]).partition("#")
        if anchor:
            assert iri in defined
        for accept in ("text/html", "text/turtle") if path not in pages else ():
            response = client.get(path, headers={"Accept": accept}, follow_redirects=True)
            assert (response.status_code, response.mimetype) == (200, accept), iri
            assert response.history or path == "/def", iri
            pages.setdefault(path, response)
        assert not anchor or f'id="{anchor}"' in pages[path].text


def test_every_link_of_a_page_leads_somewhere(xuchang: VetGraph) -> None:
    client = create_app(xuchang.store).test_client()
    seen: set[str] = set()
    for page in (
        "/page/school/xuchang-keji",
        "/page/report/xuchang-2025",
        "/page/report/xuchang-2025/s3-1",
        "/def",
        "/void",
    ):
        html = client.get(page, headers={"Accept": BROWSER}).text
        hrefs = [unescape(href) for href in re.findall(r'href="(/[^"]*)"', html)]
        seen |= {href if href.startswith(("/cite?", "/panels/")) else urlsplit(href).path for href in hrefs}
    assert len(seen) > 100
    seen.remove("/checks")  # the service in front answers it (tests/test_checks.py)
    for path in sorted(seen):
        with client.get(path, headers={"Accept": BROWSER}) as response:
            assert response.status_code == 200, path


def test_the_ontology_is_one_document(xuchang: VetGraph) -> None:
    assert isinstance(xuchang.store, EmbeddedStore)
    client = create_app(xuchang.store).test_client()
    triples = {
        quad.triple for quad in xuchang.store.native.quads_for_pattern(None, None, None, ox.NamedNode(names.ONTOLOGY))
    }
    for form, media in documents.FORMS.items():
        response = client.get("/def", headers={"Accept": media})
        assert response.headers["Content-Location"] == f"/def.{form}"
        assert {quad.triple for quad in parsed(response, form)} == triples
        assert client.get(f"/def.{form}").data == response.data
    version = client.get("/def/0.1.0", headers={"Accept": "text/turtle"})
    assert (version.status_code, version.headers["Location"]) == (303, "/def.ttl")
    assert client.get("/def/9.9.9").status_code == 404
    english = client.get("/def?lang=en", headers={"Accept": BROWSER}).text
    assert "secondary vocational school" in english
    assert "中等职业学校" in client.get("/def?lang=zh", headers={"Accept": BROWSER}).text
