"""The ontology and code lists: complete, readable by OWL tools, free of contradiction with the data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import owlrl
import pyhornedowl
import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef

from vetgraph import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
VETG = Namespace("https://w3id.org/vetgraph/def#")
THINGS = "https://w3id.org/vetgraph/id/"
FILES = [ROOT / "ontology/vetgraph.ttl", ROOT / "ontology/alignments.ttl", *sorted(ROOT.glob("ontology/codes/*.ttl"))]


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for file in FILES:
        graph.parse(file)
    return graph


def terms(graph: Graph) -> Iterator[URIRef]:
    for subject in set(graph.subjects(RDFS.isDefinedBy, None)):
        assert isinstance(subject, URIRef)
        yield subject


def contradictions(graph: Graph) -> list[str]:
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return [str(value) for _, predicate, value in graph if str(predicate).endswith("#error")]


@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition])
def test_every_term_speaks_both_languages(ontology: Graph, predicate: URIRef) -> None:
    for term in terms(ontology):
        languages = sorted(
            str(value.language) for value in ontology.objects(term, predicate) if isinstance(value, Literal)
        )
        assert languages == ["en", "zh"], term


def test_every_term_has_an_example_and_is_defined_by_the_ontology(ontology: Graph) -> None:
    used = {subject for subject in ontology.subjects() if str(subject).startswith(str(VETG))}
    assert used == {term for term in terms(ontology) if str(term).startswith(str(VETG))} | {VETG.figures}
    assert not [term for term in used if ontology.value(term, SKOS.example) is None]


def test_every_code_speaks_both_languages_and_has_its_place(ontology: Graph) -> None:
    for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme):
        codes = set(ontology.subjects(SKOS.inScheme, scheme))
        assert codes == set(ontology.objects(scheme, SKOS.hasTopConcept)), scheme
        assert sorted(int(str(ontology.value(code, VETG.position))) for code in codes) == [*range(1, len(codes) + 1)]
        for concept in [scheme, *codes]:
            labels = [value for value in ontology.objects(concept, SKOS.prefLabel) if isinstance(value, Literal)]
            assert sorted(str(value.language) for value in labels) == ["en", "zh"], concept


def test_there_are_no_blank_nodes(ontology: Graph) -> None:
    assert not [node for triple in ontology for node in triple if isinstance(node, BNode)]


def test_the_header_says_version_licence_and_prefix(ontology: Graph) -> None:
    header = URIRef("https://w3id.org/vetgraph/def")
    text = {str(predicate) for predicate in ontology.predicates(header)}
    assert str(OWL.versionIRI) in text
    assert {"http://purl.org/dc/terms/license", "http://purl.org/vocab/vann/preferredNamespacePrefix"} <= text


def test_an_owl_tool_reads_it(tmp_path: Path) -> None:
    graph = Graph()
    for file in FILES[:2]:
        graph.parse(file)
    path = tmp_path / "vetgraph.owx.rdf"
    graph.serialize(path, format="xml")
    read = pyhornedowl.open_ontology(str(path), serialization="rdf")
    for found, kind in (
        (read.get_classes(), OWL.Class),
        (read.get_object_properties(), OWL.ObjectProperty),
        (read.get_data_properties(), OWL.DatatypeProperty),
        (read.get_annotation_properties(), OWL.AnnotationProperty),
    ):
        assert {str(one) for one in graph.subjects(RDF.type, kind)} == {str(one) for one in found}, kind


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_both_parsers_read_the_same(file: Path) -> None:
    assert len(Graph().parse(file)) == sum(1 for _ in pyoxigraph.parse(path=file))


def test_schemas_use_only_terms_and_codes_that_exist(ontology: Graph) -> None:
    defined = {str(term) for term in terms(ontology)}
    schemes = {str(scheme) for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme)}
    for file in sorted(ROOT.glob("data/tables/*.json")):
        text = json.dumps(json.loads(file.read_text(encoding="utf-8")))
        used = set(re.findall(rf'"({re.escape(str(VETG))}\w+)"', text))
        assert used <= defined, file.name
        assert set(re.findall(r"(https://w3id\.org/vetgraph/code/[a-z-]+)/", text)) <= schemes, file.name


def test_every_code_in_the_data_is_in_a_scheme(ontology: Graph) -> None:
    known = {str(code) for code in ontology.subjects(SKOS.inScheme, None)}
    used = set(re.findall(r"<(https://w3id\.org/vetgraph/code/[^>]+)>", data()))
    assert used
    assert used <= known


def with_ontology(lines: str) -> Graph:
    graph = Graph()
    for file in FILES[:2]:
        graph.parse(file)
    return graph.parse(data=lines, format="nt")


def data() -> str:
    return "".join({f"{s} {p} {o} .\n" for s, p, o, _ in tables.read(ROOT / "data").quads})


def test_the_closure_with_the_data_has_no_contradiction() -> None:
    assert contradictions(with_ontology(data())) == []


def test_the_closure_makes_nothing_one_of_ours_that_the_data_do_not() -> None:
    graph = with_ontology(data())
    told = {(thing, kind) for thing, kind in graph.subject_objects(RDF.type) if str(thing).startswith(THINGS)}
    assert told
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    ours = {
        (thing, kind)
        for thing, kind in graph.subject_objects(RDF.type)
        if str(thing).startswith(THINGS) and str(kind).startswith(str(VETG))
    }
    assert ours <= told


@pytest.mark.parametrize(
    ("first", "second"),
    [("SecondarySchool", "HigherCollege"), ("AwardResult", "Designation"), ("Region", "PublicBody")],
)
def test_a_contradiction_would_be_found(first: str, second: str) -> None:
    lines = [f"<{THINGS}x/both> <{RDF.type}> <{VETG[kind]}> .\n" for kind in (first, second)]
    assert contradictions(with_ontology(lines[0])) == []
    assert contradictions(with_ontology("".join(lines)))


def test_every_term_and_code_is_documented(ontology: Graph) -> None:
    text = (ROOT / "docs/ontology.md").read_text(encoding="utf-8")
    for term in terms(ontology):
        if str(term).startswith(str(VETG)):
            assert f"`vetg:{str(term).removeprefix(str(VETG))}`" in text
        for value in ontology.objects(term, RDFS.label):
            assert str(value) in text
    for code in ontology.subjects(SKOS.inScheme, None):
        assert f"| `{str(code).rpartition('/')[2]}` |" in text
