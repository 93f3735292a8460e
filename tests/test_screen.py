"""The cheap questions that come first leave out no result, and spare the exact ones where nothing is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from vetgraph import names, tables, vocabulary
from vetgraph.store import EmbeddedStore
from vetgraph.validate import screen, shapes, sparql
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.validate.facts import Quad
    from vetgraph.validate.result import Result

ROOT = Path(__file__).parent.parent
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <https://example.org/> .
e:Shape sh:targetClass e:T ;
  sh:property [ sh:path e:p ; sh:datatype xsd:integer ; sh:maxCount 1 ] ,
    [ sh:path e:p ; sh:minInclusive 5 ; sh:minCount 1 ] ,
    [ sh:path e:q ; sh:maxCount 0 ] ,
    [ sh:path e:r ; sh:uniqueLang true ; sh:qualifiedValueShape [ sh:languageIn ( "zh" ) ] ;
      sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2 ] ,
    [ sh:path e:s ; sh:hasValue "x" ; sh:maxCount 2 ] .
"""
GOOD = "a e:T ; e:p 7 ; e:r '甲'@zh , 'a'@en ; e:s 'x' ."
BAD = (
    "e:p 'no' , 1 ; e:s 'x' , 'y' , 'z' ; e:r '甲'@zh , '乙'@zh , '丙'@zh .",
    "e:q 1 ; e:p 3 .",
    "e:r 'a'@en , 'b'@en ; e:p 9 .",
)


def asked(tmp_path: Path) -> shapes.Shapes:
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    return shapes.load(tmp_path)


def facts(text: str) -> Facts:
    parsed = ox.parse(f"@prefix e: <https://example.org/> . {text}", format=ox.RdfFormat.TURTLE)
    return Facts([(str(q.subject), str(q.predicate), str(q.object), "") for q in parsed])


def found(results: Sequence[Result]) -> Counter[tuple[str | None, ...]]:
    return Counter(result.key for result in results)


@pytest.mark.parametrize(("good", "bad"), [(3, 0), (3, 1), (0, 5), (2, 600)])
@pytest.mark.parametrize("name", ["e:n{}", "_:n{}"])
def test_screening_leaves_out_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, good: int, bad: int, name: str
) -> None:
    lines = [f"{name.format(number)} {GOOD}" for number in range(good)]
    lines += [f"{name.format(good + number)} a e:T ; {BAD[number % 3]}" for number in range(bad)]
    checker = Checker(EmbeddedStore.of(facts("\n".join(lines)).nquads()), asked(tmp_path))
    (shape,) = checker.shapes.targeted()
    screened = found(checker.compiled.check(shape))
    monkeypatch.setattr(screen, "suspects", lambda *_: {})
    assert screened == found(checker.compiled.check(shape))
    assert bool(screened) == bool(bad)


def test_shapes_that_are_asked_at_once_keep_their_questions_apart(tmp_path: Path) -> None:
    """Threads write the queries: what one collects of its shape is not another's."""
    named = "".join(f"e:S{number} sh:targetNode e:n ; sh:path e:p ; sh:class e:C{number} .\n" for number in range(40))
    (tmp_path / "many.ttl").write_text(
        f"@prefix sh: <{names.PREFIXES['sh']}> . @prefix e: <https://example.org/> . {named}"
    )
    store = EmbeddedStore.of(facts("e:n e:p 1 .").nquads())
    for _ in range(5):
        answers, other = Checker(store, shapes.load(tmp_path)).all()
        assert other == []
        assert [len(answer) for answer in answers.values()] == [1] * 40


def test_where_nothing_is_wrong_only_the_cheap_questions_are_asked(tmp_path: Path) -> None:
    class Counting(EmbeddedStore):
        asked = 0

        def query(self, *args: object, **options: object):  # type: ignore[no-untyped-def]  # noqa: ANN202
            self.asked += 1
            return super().query(*args, **options)  # type: ignore[arg-type]

    store = Counting(EmbeddedStore.of(facts(f"e:n {GOOD}".replace(" , 'a'@en", "")).nquads()).native)
    checker = Checker(store, asked(tmp_path))
    (shape,) = checker.shapes.targeted()
    assert checker.compiled.check(shape) == []
    assert store.asked == 4  # the classes below, what is wrong, what is too many, what is missing


def test_focus_nodes_in_the_query_find_what_each_by_itself_finds() -> None:
    """Some nodes at once, in nested queries too, against one after the other with ``$this`` bound."""
    value = "<http://purl.org/linked-data/sdmx/2009/measure#obsValue>"
    number = '"3"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    quads: list[Quad] = [(s, p, number if p == value else o, g) for s, p, o, g in tables.read(ROOT / "data").quads]
    ours = shapes.load()
    store = EmbeddedStore.of(Facts(quads, vocabulary.codes()).nquads())
    checker = Checker(store, ours)
    broken = 0
    for question in checker.questions:
        if question.constraint is None or "/figure-" not in question.constraint.iri:
            continue
        nodes = checker.compiled.focus(question.shape)[::2]
        at_once = checker.some(question, nodes)
        single = replace(question.constraint, set_based=False)
        assert set(at_once) == set(sparql.check_each(store, ours, single, nodes)), question.constraint.iri
        broken += len(at_once)
    assert broken


def test_a_query_that_sets_its_node_itself_is_not_joined() -> None:
    constraint = next(one for one in shapes.load().constraints if one.set_based)
    for select in ("SELECT $this { { SELECT (?s AS ?this) { ?s ?p ?o } } }", "SELECT", "ASK { ?s ?p ?o }"):
        assert sparql.joined(replace(constraint, select=select), "?this a ?c .") is None
    told = sparql.joined(
        replace(constraint, select="SELECT $this (MAX(?n) AS ?m) { { SELECT $this ?n { $this ?p ?n } } }"),
        "?this a ?c .",
        ["<x:a>"],
    )
    assert told is not None
    assert " ".join(told.select.split()) == (
        "SELECT $this (MAX(?n) AS ?m) { ?this a ?c . { SELECT $this ?n { VALUES ?this { <x:a> } $this ?p ?n } } }"
    )
