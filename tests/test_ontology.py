"""The ontology and code lists: complete, readable by OWL tools, free of contradiction with the data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import owlrl
import pyhornedowl
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef

from vetgraph import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
VETG = Namespace("https://w3id.org/vetgraph/def#")
ERRORS = Namespace("http://www.daml.org/2002/03/agents/agent-ont#")
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
    return [str(value) for _, predicate, value in graph if predicate.endswith("#error")]


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
    classes = {str(one) for one in read.get_classes()}
    assert {str(one) for one in graph.subjects(RDF.type, OWL.Class)} <= classes
    properties = {str(one) for one in read.get_object_properties()}
    assert {str(one) for one in graph.subjects(RDF.type, OWL.ObjectProperty)} <= properties


def test_schemas_use_only_terms_and_codes_that_exist(ontology: Graph) -> None:
    defined = {str(term) for term in terms(ontology)}
    schemes = {str(scheme) for scheme in ontology.subjects(RDF.type, SKOS.ConceptScheme)}
    for file in sorted(ROOT.glob("data/tables/*.json")):
        text = json.dumps(json.loads(file.read_text(encoding="utf-8")))
        used = set(re.findall(rf'"({re.escape(str(VETG))}\w+)"', text))
        assert used <= defined, file.name
        assert set(re.findall(r"(https://w3id\.org/vetgraph/code/[a-z-]+)/", text)) - schemes <= {
            "https://w3id.org/vetgraph/code/programme-category"
        }


def test_the_closure_with_the_data_has_no_contradiction() -> None:
    graph = Graph()
    for file in FILES[:2]:
        graph.parse(file)
    lines = {f"{s} {p} {o} .\n" for s, p, o, _ in tables.read(ROOT / "data").quads}
    graph.parse(data="".join(lines), format="nt")
    assert contradictions(graph) == []


def test_a_contradiction_would_be_found() -> None:
    graph = Graph()
    for file in FILES[:2]:
        graph.parse(file)
    both = URIRef("https://w3id.org/vetgraph/id/school/both")
    graph.add((both, RDF.type, VETG.SecondarySchool))
    graph.add((both, RDF.type, VETG.HigherCollege))
    assert contradictions(graph)


def test_every_term_and_code_is_documented(ontology: Graph) -> None:
    text = (ROOT / "docs/ontology.md").read_text(encoding="utf-8")
    for term in terms(ontology):
        if str(term).startswith(str(VETG)):
            assert f"`vetg:{str(term).removeprefix(str(VETG))}`" in text
        for value in ontology.objects(term, RDFS.label):
            assert str(value) in text
    for code in ontology.subjects(SKOS.inScheme, None):
        assert f"| `{str(code).rpartition('/')[2]}` |" in text
