"""Shapes: what each finds in its valid and invalid file, and that both engines find the same."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from vetgraph import tables, vocabulary
from vetgraph.errors import DataError, UsageError
from vetgraph.names import PREFIXES
from vetgraph.store import EmbeddedStore
from vetgraph.validate import core, prebinding, shapes, validate, validate_files, validate_quads
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import RDF_TYPE, Facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.reading import Reading
    from vetgraph.validate.facts import Quad
    from vetgraph.validate.result import Result

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "shapes"
VALID = sorted(FOLDER.glob("*/valid.*"))
INVALID = sorted(FOLDER.glob("*/invalid.*"))
SHAPES = shapes.load()
CODES = vocabulary.codes()
SH = PREFIXES["sh"]


def short(term: str) -> str:
    return term.strip("<>").rpartition("/")[2]


def ours(facts: Facts, asked: shapes.Shapes = SHAPES) -> list[Result]:
    """Return what our engine finds; all shapes of the project are queries to it."""
    by_question, left = Checker(EmbeddedStore.of(facts.nquads()), asked, graphs=facts.has_graphs).all()
    assert left == []
    return [result for results in by_question.values() for result in results]


def constraints(facts: Facts, asked: shapes.Shapes = SHAPES) -> list[Result]:
    return [result for result in ours(facts, asked) if result.constraint]


def found_by(results: Iterable[Result]) -> set[str]:
    return {short(result.constraint or result.shape) for result in results}


def expected(path: Path) -> str:
    """Read the first line of an invalid file: the one shape or constraint that it breaks."""
    match = re.match(r"# expected: shape:(\S+)", path.read_text(encoding="utf-8"))
    assert match is not None, path
    return match[1]


def quads(path: Path) -> list[Quad]:
    parsed = ox.parse(path=str(path))
    return [
        (str(q.subject), str(q.predicate), str(q.object), "" if str(q.graph_name) == "DEFAULT" else str(q.graph_name))
        for q in parsed
    ]


def name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return tables.read(ROOT / "data")


@pytest.mark.parametrize("path", VALID, ids=name)
def test_a_valid_file_conforms(path: Path) -> None:
    report = validate_files([path], shapes=SHAPES)
    assert report.conforms
    assert not report.results


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_an_invalid_file_breaks_just_what_it_names(path: Path) -> None:
    report = validate_files([path], shapes=SHAPES)
    assert found_by(report.results) == {expected(path)}
    assert {problem.file for problem in report.problems} == {str(path)}


def test_every_shape_and_constraint_has_its_files() -> None:
    nodes = {short(str(t.subject)) for t in SHAPES.triples if str(t.object) == f"<{SH}NodeShape>"}
    # a code list's shape is tested through Code; the warnings of a shape through their constraints
    wanted = {one for one in nodes if not one.startswith("Code-") and not one.endswith("-doubtful")}
    wanted |= {short(constraint.iri) for constraint in SHAPES.constraints}
    for files in (VALID, INVALID):
        assert wanted - {path.parent.name for path in files} == set()


def test_every_property_shape_finds_a_wrong_value() -> None:
    """Each value of the valid files is replaced by one that no shape allows, and each property shape must say so."""
    wrong = '"wrong"^^<https://example.org/nothing>'
    changed = [(s, p, o if p == RDF_TYPE else wrong, g) for path in VALID for s, p, o, g in quads(path)]
    kept = [q for q in changed if q[2] != "<http://purl.org/linked-data/cube#DataSet>"]
    kept += [(s, RDF_TYPE, "<https://example.org/Other>", g) for s, p, o, g in changed if p == RDF_TYPE]
    institution = "<https://w3id.org/vetgraph/def#Institution>"
    # one more run without the class that schools and colleges must also have
    results = [
        *ours(Facts(kept, CODES)),
        *ours(Facts([q for q in changed if q[2] != institution], CODES)),
    ]
    properties = {short(str(t.subject)) for t in SHAPES.triples if str(t.object) == f"<{SH}PropertyShape>"}
    # the scheme of a code is reported by the property that takes the code
    assert {one for one in properties if not one.startswith("Code-")} - found_by(results) == set()


def test_the_report_conforms(reading: Reading) -> None:
    report = validate(reading)
    assert report.conforms
    assert not report.problems
    assert not report.notes


def askable(results: Iterable[Result]) -> set[tuple[str, str, str, str | None, str | None]]:
    """Return what both engines can find.

    pySHACL sees no named graphs, and does not know what months there are.
    """
    graphs = {constraint.iri for constraint in SHAPES.constraints if constraint.needs_graphs}
    return {
        result.key
        for result in results
        if result.constraint not in graphs and result.value != f'"2025-13"^^<{PREFIXES["xsd"]}gYearMonth>'
    }


@pytest.mark.referee
@pytest.mark.parametrize("path", INVALID, ids=name)
def test_both_engines_find_the_same(path: Path) -> None:
    own = validate_files([path], shapes=SHAPES).results
    theirs = validate_files([path], engine="pyshacl", shapes=SHAPES).results
    assert askable(own) == askable(theirs)


@pytest.mark.referee
def test_both_engines_find_the_same_in_the_report(reading: Reading) -> None:
    students = "<https://w3id.org/vetgraph/id/observation/xuchang-2025-students>"
    value = "<http://purl.org/linked-data/sdmx/2009/measure#obsValue>"
    ownership = "<https://w3id.org/vetgraph/def#ownership>"
    broken = [
        (s, p, '"3"^^<http://www.w3.org/2001/XMLSchema#decimal>' if (s, p) == (students, value) else o, g)
        for s, p, o, g in reading.quads
        if p != "<http://www.w3.org/ns/org#memberOf>"
    ]
    broken = [(s, p, '"public"' if p == ownership else o, g) for s, p, o, g in broken]
    facts = Facts(broken, CODES)
    own = askable(validate_quads(broken, "here", shapes=SHAPES).results)
    assert own == askable(core.check(facts, SHAPES, sparql=True))
    assert {"figure-all-parts", "membership-stated", "School-ownership"} <= {short(key[2]) for key in own}


@pytest.mark.referee
def test_a_question_for_all_finds_what_a_question_for_each_finds(reading: Reading) -> None:
    single = shapes.load()
    single.constraints = tuple(replace(one, set_based=False) for one in single.constraints)
    assert any(one.set_based for one in SHAPES.constraints)
    assert constraints(Facts(reading.quads, CODES), single) == []
    for path in INVALID:
        facts = Facts(quads(path), CODES)
        assert set(constraints(facts, single)) == set(constraints(facts)), path


def test_the_report_in_turtle_is_the_standard_one() -> None:
    path = FOLDER / "figure-all-parts" / "invalid.ttl"
    graph = rdflib.Graph().parse(data=validate_files([path]).turtle(), format="turtle")
    sh = rdflib.Namespace(SH)
    (report,) = graph.subjects(rdflib.RDF.type, sh.ValidationReport)
    assert graph.value(report, sh.conforms) == rdflib.Literal(False)  # noqa: FBT003 - it is the value
    found = list(graph.objects(report, sh.result))
    assert len(found) == 2
    shape = rdflib.Namespace("https://w3id.org/vetgraph/shape/")
    for result in found:
        assert graph.value(result, sh.sourceShape) == shape.Observation
        assert graph.value(result, sh.sourceConstraint) == shape["figure-all-parts"]
        assert graph.value(result, sh.sourceConstraintComponent) == sh.SPARQLConstraintComponent
        assert graph.value(result, sh.resultPath) == rdflib.URIRef(PREFIXES["sdmx-measure"] + "obsValue")
        assert graph.value(result, sh.resultSeverity) == sh.Violation
        assert {getattr(text, "language", None) for text in graph.objects(result, sh.resultMessage)} == {"zh", "en"}
    clean = validate_files([FOLDER / "figure-all-parts" / "valid.ttl"]).turtle()
    assert "sh:conforms true" in clean


def test_a_warning_does_not_break_conformance() -> None:
    report = validate_files([FOLDER / "name-alias-differs" / "invalid.ttl"])
    assert [problem.severity for problem in report.problems] == ["warning"]
    assert report.conforms
    assert "sh:conforms false" in report.turtle()


def test_what_was_not_checked_is_said() -> None:
    (note,) = validate_files([FOLDER / "AwardResult" / "valid.ttl"], shapes=SHAPES).notes
    assert note.en.startswith("not checked (the data have no named graphs): fact-cited, event-year")
    (note,) = validate_files([FOLDER / "fact-cited" / "valid.trig"], engine="pyshacl", shapes=SHAPES).notes
    assert note.en.startswith("not checked (pySHACL sees no named graphs): ")
    assert note.zh.startswith("未检查（pySHACL 看不到命名图）：")


def test_files_are_checked_together(tmp_path: Path) -> None:
    text = (FOLDER / "name-one-bearer" / "valid.ttl").read_text(encoding="utf-8")
    first, second = tmp_path / "first.ttl", tmp_path / "second.ttl"
    first.write_text(text, encoding="utf-8")
    second.write_text((FOLDER / "name-one-bearer" / "invalid.ttl").read_text(encoding="utf-8"), encoding="utf-8")
    assert found_by(validate_files([first, second], shapes=SHAPES).results) == {"name-one-bearer"}


def test_wrong_files_and_engines_are_told_in_one_line(tmp_path: Path, reading: Reading) -> None:
    bad = tmp_path / "bad.ttl"
    bad.write_text("<x:a> <x:b>\n", encoding="utf-8")
    with pytest.raises(DataError) as malformed:
        validate_files([bad])
    (problem,) = malformed.value.problems
    assert problem.file == str(bad)
    assert problem.line is not None
    with pytest.raises(UsageError, match="tells no format"):
        validate_files([tmp_path / "data.docx"])
    with pytest.raises(UsageError, match="no engine"):
        validate(reading, engine="guess")


def test_messages_are_in_both_languages() -> None:
    for constraint in SHAPES.constraints:
        assert set(constraint.messages) == {"zh", "en"}, constraint.iri
        assert set(SHAPES.texts(constraint.iri, "vetg:fix")) == {"zh", "en"}, constraint.iri
    for kind in ("NodeShape", "PropertyShape"):
        for triple in SHAPES.triples:
            if str(triple.object) == f"<{SH}{kind}>" and not short(str(triple.subject)).startswith("Code-"):
                assert set(SHAPES.message(str(triple.subject))) == {"zh", "en"}, triple.subject
                assert SHAPES.iris(str(triple.subject), "sh:severity"), triple.subject


def test_a_fix_names_the_file_of_the_shape() -> None:
    (problem,) = validate_files([FOLDER / "School" / "invalid.ttl"], shapes=SHAPES).problems
    assert "shapes/school.ttl" in problem.fix.en


def test_the_reference_is_made_from_the_shapes() -> None:
    spec = importlib.util.spec_from_file_location("make", ROOT / "docs" / "reference" / "make.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    text = made.shapes_page(SHAPES)
    assert (ROOT / "docs" / "reference" / "shapes.md").read_text(encoding="utf-8") == text, "run: make reference"
    for constraint in SHAPES.constraints:
        assert f"`shape:{short(constraint.iri)}`" in text


def test_every_property_of_the_ontology_has_a_shape() -> None:
    ours = ox.parse(path=ROOT / "ontology" / "vetgraph.ttl", format=ox.RdfFormat.TURTLE)
    properties = {str(quad.subject) for quad in ours if str(quad.object).endswith("Property>")}
    shaped = {str(triple.object) for triple in SHAPES.triples if triple.predicate.value == f"{SH}path"}
    about_shapes_and_tables = {"fix", "graphUrl", "needsGraphs", "setBased", "valuePath"}
    assert {one.rpartition("#")[2].rstrip(">") for one in properties - shaped} == about_shapes_and_tables


def test_the_shapes_are_well_formed_shacl() -> None:
    from pyshacl import validate as check

    graph = rdflib.Graph()
    for file in sorted((ROOT / "shapes").glob("*.ttl")):
        graph.parse(file)
    conforms, _, text = check(rdflib.Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ("SELECT $this { $this ?p ?o MINUS { $this a ?o } }", True),
        ("SELECT $this { VALUES ?x { 1 } $this ?p ?x }", True),
        ("SELECT $this { BIND(1 AS $this) }", True),
        ("SELECT $this { { SELECT ?o { ?s ?p ?o } } }", True),
        ("SELECT $this { { SELECT $this { $this ?p ?o } } FILTER NOT EXISTS { $this a ?c } # MINUS\n}", False),
        ("SELECT $this { $this ?p 'MINUS' }", False),
    ],
)
def test_a_query_that_cannot_have_its_node_bound_is_refused(query: str, refused: bool) -> None:  # noqa: FBT001 - a case
    constraint = replace(SHAPES.constraints[0], select=query)
    if refused:
        with pytest.raises(UsageError, match="may not use"):
            prebinding.check(constraint)
    else:
        prebinding.check(constraint)


OTHER_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <https://example.org/> .
e:Path sh:targetSubjectsOf e:p ; sh:property [ sh:path ( e:p [ sh:inversePath e:q ] ) ; sh:maxCount 0 ] .
e:Own sh:targetClass e:T ; sh:node e:Own ; sh:property [ sh:path e:p ; sh:maxCount 2 ] .
"""


def test_what_is_no_query_goes_to_pyshacl_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text(OTHER_SHAPES)
    e = "https://example.org/"
    data = [(f"<{e}a>", f"<{e}p>", f"<{e}b>", ""), (f"<{e}c>", f"<{e}q>", f"<{e}b>", "")]
    asked = shapes.load(tmp_path)
    report = validate_quads(data, "here", shapes=asked)
    (result,) = report.results
    assert result.path == f"<{e}p>/(^<{e}q>)"
    assert [note.en for note in report.notes] == ["checked by pySHACL: Own"]
    written = rdflib.Graph().parse(data=report.turtle(), format="turtle")
    (path,) = written.objects(None, rdflib.URIRef(f"{SH}resultPath"))
    first, second = rdflib.collection.Collection(written, path)
    assert first == rdflib.URIRef(f"{e}p")
    assert written.value(second, rdflib.URIRef(f"{SH}inversePath")) == rdflib.URIRef(f"{e}q")


@pytest.mark.filterwarnings("ignore")  # rdflib warns of the values that are wrong on purpose
def _without_labels(result: Result) -> tuple[str, ...]:
    """What engines must agree on, but for the labels of blank nodes in the data, which each run makes anew."""
    shape = result.key[2]
    told = [str(term) for term in (*result.key, result.severity)]
    return tuple("_" if term.startswith("_:") and term != shape else term for term in told)


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "components").glob("*.ttl")), ids=lambda path: path.stem)
def test_each_component_finds_what_pyshacl_finds(path: Path) -> None:
    asked = shapes.Shapes([path])
    data = [(str(t.subject), str(t.predicate), str(t.object), "") for t in asked.triples]
    own = validate_quads(data, path.name, shapes=asked)
    theirs = validate_quads(data, path.name, shapes=asked, engine="pyshacl")
    assert own.notes == ()
    assert Counter(map(_without_labels, own.results)) == Counter(map(_without_labels, theirs.results))
    assert own.results


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ('sh:property [ sh:path e:p ; sh:minCount "x" ]', "is no whole number: x"),
        ("sh:class []", "cannot be asked"),
        ("sh:property [ sh:path e:p ; sh:equals [] ]", "cannot be asked"),
        ('sh:sparql [ sh:select "SELEC" ]', "cannot be asked"),
        ('sh:property [ sh:path "no" ]', "no property path"),
        ("sh:and ( e:S e:S )", "pySHACL could not check"),
    ],
)
def test_a_wrong_shape_is_told_in_one_line(tmp_path: Path, shape: str, told: str) -> None:
    head = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <https://example.org/> .\n"
    (tmp_path / "odd.ttl").write_text(f"{head}e:S sh:targetNode e:a ; {shape} .")
    with pytest.raises(UsageError, match=told):
        validate_quads(
            [("<https://example.org/a>", RDF_TYPE, "<https://example.org/T>", "")], "x", shapes=shapes.load(tmp_path)
        )
