"""Questions without SPARQL give the same answers as hand-written queries over the real report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vetgraph import builder, kinds
from vetgraph.build import build_graph
from vetgraph.errors import UsageError
from vetgraph.results import Solutions

if TYPE_CHECKING:
    from vetgraph.graph import VetGraph

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(ROOT / "data", validate=False)


def answer(graph: VetGraph, kind: str, lang: str = "zh", **asked: list[str] | str) -> Solutions:
    given = {name.replace("__", "."): [value] if isinstance(value, str) else value for name, value in asked.items()}
    found = graph.query(builder.question(kind, given, lang).sparql())
    assert isinstance(found, Solutions)
    return found


def test_private_schools_with_their_passages(graph: VetGraph) -> None:
    found = answer(graph, "School", show=["prefLabel", "ownership"], is__ownership="private")
    assert found.variables == ("名称", "办学性质", "出处", "thing")
    by_hand = graph.run("private-schools")
    assert isinstance(by_hand, Solutions)
    assert [row["名称"] for row in found] == [row[by_hand.variables[0]] for row in by_hand]
    assert {row["办学性质"] for row in found} == {"民办"}
    assert all("一.1" in str(row["出处"]) for row in found)


def test_a_step_further(graph: VetGraph) -> None:
    shown = ["recipient", "recipient.ownership", "count"]
    found = answer(graph, "AwardResult", "en", show=shown, is__recipient__ownership="public")
    assert found.variables[:3] == ("recipient", "ownership_of_recipient", "count")
    public = "<https://w3id.org/vetgraph/code/ownership/public>"
    by_hand = graph.query(f"SELECT ?a {{ ?a a vetg:AwardResult ; vetg:recipient/vetg:ownership {public} }}")
    assert len(found) == len(by_hand)  # type: ignore[arg-type]
    assert {row["ownership_of_recipient"] for row in found} == {"public"}


def test_counting_and_adding_up(graph: VetGraph) -> None:
    found = answer(graph, "AwardResult", by="prize", total="count", has__recipient="许昌科技学校")
    by_hand = graph.query(
        """SELECT ?prize (COUNT(?a) AS ?n) (SUM(?c) AS ?s) {
             ?a vetg:recipient <https://w3id.org/vetgraph/id/school/xuchang-keji> ; vetg:prize/skos:prefLabel ?prize ;
                vetg:count ?c FILTER(LANG(?prize) = "zh") } GROUP BY ?prize"""
    )
    assert isinstance(by_hand, Solutions)
    told = {row["奖项"]: (row["数量"], row["合计"]) for row in found if row["奖项"]}
    assert told == {row["prize"]: (row["n"], row["s"]) for row in by_hand}
    assert told


def test_a_name_is_found_by_its_alias(graph: VetGraph) -> None:
    found = answer(graph, "Membership", show=["member", "role"], has__member="长葛市立兴职业高中")
    assert [row["成员"] for row in found] == ["长葛立兴职业高中"]


def test_bounds_and_what_is_not_said(graph: VetGraph) -> None:
    figures = answer(graph, "Observation", show=["obsValue"], min__obsValue="10000", min__refPeriod="2025")
    assert figures
    assert all(row["数值"] >= 10000 for row in figures)  # type: ignore[operator]
    schools = len(answer(graph, "School"))
    known = len(answer(graph, "School", known__memberOf="yes"))
    assert known + len(answer(graph, "School", known__memberOf="no")) == schools
    assert 0 < known < schools


@pytest.mark.parametrize("kind", kinds.load().by_key)
def test_every_kind_can_be_asked_with_every_column(graph: VetGraph, kind: str) -> None:
    columns = list(builder.columns(kinds.load().by_key[kind]))
    for number in range(0, len(columns), 3):
        some = columns[number : number + 3]
        found = answer(graph, kind, "zh" if number % 2 else "en", show=some)
        assert len(found.variables) == len(some) + 2
        assert len(found) < 800  # the entries of the lists are 764; a cross product would be far more


@pytest.mark.parametrize(
    ("kind", "asked", "told"),
    [
        ("Nothing", {}, "no kind"),
        ("School", {"show": ["colour"]}, "no column"),
        ("School", {"is.ownership": ["blue"]}, "cannot be"),
        ("School", {"min.ownership": ["1"]}, "no condition"),
        ("School", {"like.ownership": ["1"]}, "no condition"),
        ("AwardResult", {"min.count": ["many"]}, "cannot be"),
        ("Observation", {"min.refPeriod": ["25"]}, "cannot be"),
        ("School", {"known.region": ["maybe"]}, "cannot be"),
        ("School", {"total": ["ownership"], "by": ["region"]}, "no number"),
    ],
)
def test_what_makes_no_question_is_told(kind: str, asked: dict[str, list[str]], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        builder.question(kind, asked, "en").sparql()


def test_a_value_cannot_leave_its_quotes(graph: VetGraph) -> None:
    odd = '")) } SELECT * { ?s ?p ?o #\\'
    assert len(answer(graph, "School", has__prefLabel=odd)) == 0
