"""The dataset in the words of VoID and DCAT."""

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, VOID

import samples
from vetgraph import names
from vetgraph.build import build_graph
from vetgraph.errors import BudgetError
from vetgraph.graph import VetGraph
from vetgraph.store import EmbeddedStore
from vetgraph.web.app import create_app
from vetgraph.web.describing import dataset
from vetgraph.web.things import documents

DATA = Path(__file__).parent.parent / "data"
ROOT = "http://localhost/"
HERE = rdflib.URIRef(f"{ROOT}void#dataset")
REPORT = rdflib.URIRef(f"{names.BASE}report/xuchang-2025")


@pytest.fixture(scope="module")
def xuchang() -> VetGraph:
    return build_graph(DATA, validate=False)


@pytest.fixture
def client(xuchang: VetGraph) -> FlaskClient:
    return create_app(xuchang.store).test_client()


def read(client: FlaskClient, path: str = "/void.nt") -> rdflib.Graph:
    return rdflib.Graph().parse(data=client.get(path).data, format="nt")


@pytest.mark.parametrize(("form", "media"), documents.FORMS.items())
def test_the_well_known_address_leads_by_accept(client: FlaskClient, form: str, media: str) -> None:
    response = client.get("/.well-known/void", headers={"Accept": media})
    assert (response.status_code, response.headers["Location"]) == (303, f"/void.{form}")
    written = client.get("/void", headers={"Accept": media})
    assert written.headers["Content-Location"] == f"/void.{form}"
    assert written.headers["Content-Type"] == f"{media}; charset=utf-8"
    assert client.head(f"/void.{form}").headers["Content-Length"] == str(len(client.get(f"/void.{form}").data))
    browser = client.get("/.well-known/void", headers={"Accept": "text/html"}, follow_redirects=True)
    assert (browser.status_code, browser.request.path) == (200, "/void")


def test_counts_are_those_of_the_graph(client: FlaskClient, xuchang: VetGraph) -> None:
    graph = read(client)
    assert isinstance(xuchang.store, EmbeddedStore)
    default = {quad.triple for quad in xuchang.store.native.quads_for_pattern(None, None, None, ox.DefaultGraph())}
    assert graph.value(HERE, VOID.triples) == rdflib.Literal(len(default))
    space = names.PREFIXES["id"]
    typed = {
        t.subject for t in default if t.predicate.value == str(RDF.type) and str(t.subject).startswith(f"<{space}")
    }
    assert graph.value(HERE, VOID.entities) == rdflib.Literal(len(typed))
    properties = {}
    for part in graph.objects(HERE, VOID.propertyPartition):
        properties[str(graph.value(part, VOID.property))] = graph.value(part, VOID.triples)
    for prop in {triple.predicate.value for triple in default}:
        count = sum(triple.predicate.value == prop for triple in default)
        assert properties.pop(prop) == rdflib.Literal(count)
    assert not properties
    classes = list(graph.objects(HERE, VOID.classPartition))
    assert graph.value(HERE, VOID.classes) == rdflib.Literal(len(classes))
    school = rdflib.URIRef(names.expand("vetg:SecondarySchool"))
    (part,) = [part for part in classes if graph.value(part, VOID["class"]) == school]
    assert graph.value(part, VOID.entities) == rdflib.Literal(20)


def test_ways_in_and_rights(client: FlaskClient) -> None:
    graph = read(client)
    assert graph.value(HERE, VOID.sparqlEndpoint) == rdflib.URIRef(f"{ROOT}sparql")
    assert set(graph.objects(HERE, VOID.dataDump)) == {rdflib.URIRef(f"{ROOT}dump.{form}") for form in ("nq", "trig")}
    assert graph.value(HERE, DCTERMS.license) == rdflib.URIRef(dataset.LICENCE)
    assert {getattr(title, "language", "") for title in graph.objects(HERE, DCTERMS.title)} == {"zh", "en"}
    for distribution in graph.objects(HERE, DCAT.distribution):
        address = graph.value(distribution, DCAT.downloadURL)
        with client.get(str(address).removeprefix(ROOT[:-1])) as served:
            assert str(graph.value(distribution, DCAT.mediaType)).endswith(served.mimetype or "none")
    (described,) = graph.subjects(RDF.type, VOID.DatasetDescription)
    assert graph.value(described, FOAF.primaryTopic) == HERE
    (service,) = graph.subjects(RDF.type, DCAT.DataService)
    assert graph.value(service, DCAT.servesDataset) == HERE


def test_a_report_has_only_what_the_graph_says(client: FlaskClient, xuchang: VetGraph) -> None:
    graph = read(client)
    assert isinstance(xuchang.store, EmbeddedStore)
    assert (HERE, VOID.subset, REPORT) in graph
    facts = {prop: value for prop, value in graph.predicate_objects(REPORT) if str(prop) != str(RDF.type)}
    statements = {
        (quad.triple, quad.graph_name)
        for quad in xuchang.store.native
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(f"{REPORT}/")
    }
    assert facts == {
        DCTERMS.title: rdflib.Literal("许昌市中等职业教育质量年度报告", lang="zh"),
        DCTERMS.issued: rdflib.Literal("2025-12-25", datatype=rdflib.XSD.date),
        DCTERMS.spatial: rdflib.URIRef(names.thing("region", "xuchang")),
        VOID.triples: rdflib.Literal(len(statements)),
    }


@pytest.mark.parametrize(("lang", "word"), [("zh", "数据集"), ("en", "The dataset")])
def test_page(client: FlaskClient, lang: str, word: str) -> None:
    page = client.get(f"/void?lang={lang}", headers={"Accept": "text/html"}).text
    assert word in page
    assert "许昌市中等职业教育质量年度报告" in page
    assert 'href="/dump.nq"' in page
    assert "http://localhost/sparql" in page
    assert "<script>" not in page


def test_addresses_are_those_of_the_request(client: FlaskClient) -> None:
    options = {"base_url": "https://data.example.org/vet/"}
    graph = rdflib.Graph().parse(data=client.get("/void.nt", **options).data, format="nt")
    here = rdflib.URIRef("https://data.example.org/vet/void#dataset")
    assert graph.value(here, VOID.sparqlEndpoint) == rdflib.URIRef("https://data.example.org/vet/sparql")


def test_a_fixed_address_wins(xuchang: VetGraph) -> None:
    app = create_app(xuchang.store)
    app.config["BASE_URL"] = "https://fixed.example.org/vet"
    graph = read(app.test_client())
    here = rdflib.URIRef("https://fixed.example.org/vet/void#dataset")
    assert graph.value(here, VOID.sparqlEndpoint) == rdflib.URIRef("https://fixed.example.org/vet/sparql")


class Poor(EmbeddedStore):
    """A store whose budget is spent by aggregates of the first description."""

    spent = True

    def query(self, text: str, *arguments: object, **options: object) -> object:  # type: ignore[override]
        """Answer, or say that the budget is spent."""
        if self.spent and "GROUP BY ?property" in text:
            raise BudgetError("too slow")
        return super().query(text, *arguments, **options)  # type: ignore[arg-type]


def test_what_takes_too_long_is_left_out_and_tried_again() -> None:
    native = ox.Store()
    native.bulk_load(samples.nquads(), ox.RdfFormat.N_QUADS)
    store = Poor(native)
    client = create_app(store).test_client()  # type: ignore[arg-type]
    graph = read(client)
    assert graph.value(HERE, VOID.triples) is not None
    assert graph.value(HERE, VOID.properties) is None
    store.spent = False
    assert read(client).value(HERE, VOID.properties) is not None
