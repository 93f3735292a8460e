"""Networks of queries: columns, labels, years, passages, reports; projected, and compared."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from vetgraph import export, networks, queries, tables
from vetgraph.build import build_graph
from vetgraph.errors import BudgetError, UsageError
from vetgraph.export import differences
from vetgraph.graph import VetGraph
from vetgraph.store import EmbeddedStore, write_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from vetgraph.networks.building import Network

ROOT = Path(__file__).parent.parent
ID = "https://w3id.org/vetgraph/id/"
NEW_SCHOOL = f"{ID}school/xuchang-fengchu"


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(ROOT / "data", validate=False)


@pytest.fixture(scope="module")
def nquads() -> bytes:
    """The report, and the same of the year before: one school was not in its group, and one led that did not later."""
    report = tables.read(ROOT / "data").quads
    before = []
    for quad in report:
        if "report/xuchang-2025" not in quad[3] or any("fengchu-member" in term for term in quad):
            continue
        terms = [term.replace("report/xuchang-2025", "report/xuchang-2024") for term in quad]
        terms = [term.replace("membership/xuchang-2025-", "membership/xuchang-2024-") for term in terms]
        if "#refPeriod" in quad[1] and "report/" in quad[0]:
            terms[2] = terms[2].replace("2025", "2024")
        if "keji-member" in quad[0] and "#role" in quad[1]:
            terms[2] = terms[2].replace("/member", "/lead")
        before.append(tuple(terms))
    named = [" ".join(quad) for quad in (*report, *before)]
    once = dict.fromkeys(line.rpartition(" ")[0] for line in named)
    return "".join(f"{line} .\n" for line in (*named, *once)).encode()


@pytest.fixture(scope="module")
def years(nquads: bytes) -> VetGraph:
    return VetGraph(EmbeddedStore.of(nquads))


def ask(graph: VetGraph, text: str, *reports: str) -> Network:
    return networks.build(graph.store, networks.of_query(queries.parse("own", text)), {}, reports)


COLUMNS = """SELECT ?source ?target ?sourceStudents ?sourceLabel ?targetLabel ?targetType ?sourceDegree ?sourceNote
                    ?label ?weight ?year ?sourceless {
  VALUES (?source ?target ?sourceStudents ?sourceLabel ?targetLabel ?targetType ?sourceDegree ?sourceNote ?label ?weight
          ?year ?sourceless) {
    (<x:a> <x:b> 10 "甲"@zh "B"@en <http://example.org/Town> 7 "one" "works with" 2.5 "2024"^^xsd:gYear 1)
    (<x:a> <x:b> 10 "Alpha"@en "B"@en <http://example.org/Town> 7 "two" "works with" 2.5 "2025"^^xsd:gYear 1)
    (<x:c> <x:d> 2.5 UNDEF UNDEF UNDEF UNDEF UNDEF UNDEF "NaN"^^xsd:double UNDEF UNDEF)
  }
}"""


def test_a_query_says_what_its_nodes_and_ties_are(graph: VetGraph) -> None:
    found = ask(graph, COLUMNS)
    first = found.nodes["x:a"]
    assert (first.label.zh, first.label.en) == ("甲", "Alpha")
    assert found.nodes["x:b"].kind == "Town"
    # a name that figures have already gets an underscore; ?sourceless is no column
    assert first.columns == {"students": 10, "degree_": 7, "note": "one；two"}
    assert found.nodes["x:c"].columns == {"students": 2.5}
    assert found.columns() == {"degree_": int, "note": str, "students": float}
    tie, other = found.ties
    assert (tie.label, tie.weight, tie.years) == ("works with", 2.5, [2024, 2025])
    assert (other.label, other.weight, other.years) == ("", 1.0, [])
    assert found.graph().nodes["x:a"]["students"] == 10


@pytest.mark.parametrize("form", ["gexf", "graphml", "json", "cyjs", "jgf", "nodes.csv"])
def test_columns_are_in_every_file(graph: VetGraph, form: str) -> None:
    text = export.write(ask(graph, COLUMNS), form).decode("utf-8-sig")
    assert "students" in text
    assert "one；two" in text


def test_ties_have_the_years_of_their_reports(years: VetGraph) -> None:
    found = networks.build(years.store, networks.get("group-membership"))
    told = {(tie.source, tie.relation): tie.years for tie in found.ties}
    assert told[f"{ID}school/xuchang-youshi", "member"] == [2024, 2025]
    assert told[NEW_SCHOOL, "member"] == [2025]
    assert told[f"{ID}school/xuchang-keji", "lead"] == [2024]


def test_a_network_of_one_report(years: VetGraph) -> None:
    for name in networks.catalogue():
        found = networks.build(years.store, networks.get(name), {}, ["xuchang-2024"])
        assert found.ties
        assert all("/xuchang-2024/" in passage for tie in found.ties for passage in tie.passages)
    before = networks.build(years.store, networks.get("group-fellows"), {}, ["xuchang-2024"])
    after = networks.build(years.store, networks.get("group-fellows"), {}, ["xuchang-2025"])
    assert NEW_SCHOOL not in before.nodes
    assert len(after.ties) - len(before.ties) == 8
    both = networks.build(years.store, networks.get("group-fellows"), {}, ["xuchang-2024", "xuchang-2025"])
    assert len(both.ties) == len(after.ties)
    with pytest.raises(UsageError, match="no report xuchang-2023") as told:
        networks.build(years.store, networks.get("group-fellows"), {}, ["xuchang-2023"])
    assert told.value.fix is not None
    assert "xuchang-2024" in told.value.fix.en
    with pytest.raises(UsageError, match="passage"):
        ask(years, "SELECT ?source ?target { ?source vetg:within ?target }", "xuchang-2024")


def test_affinities_are_proved_on_both_sides(graph: VetGraph) -> None:
    """Each tie names a passage that says so of its source, and one that says so of its target."""
    for name, path in (("same-programme", "vetg:offers"), ("same-title", "^vetg:holder/vetg:title")):
        for tie in networks.build(graph.store, networks.get(name)).ties:
            for end in (tie.source, tie.target):
                passages = " ".join(f"<{passage}>" for passage in tie.passages)
                assert graph.query(f"ASK {{ VALUES ?p {{ {passages} }} GRAPH ?p {{ <{end}> {path} ?o }} }}")


def test_titles_that_are_only_proposed_do_not_count(graph: VetGraph) -> None:
    found = networks.build(graph.store, networks.get("same-title"))
    # 安阳市中等职业技术学校 is only in the list of proposed schools
    assert f"{ID}school/anyang-zhongzhi" not in found.nodes
    proposed = networks.build(graph.store, networks.get("same-title"), {"status": "proposed"})
    assert f"{ID}school/anyang-zhongzhi" in proposed.nodes


def test_bodies_named_together_in_a_measure_are_not_tied(graph: VetGraph) -> None:
    found = networks.build(graph.store, networks.get("joint-work"))
    assert f"{ID}body/xuchang-industry" not in found.nodes
    pairs = {(tie.source.rpartition("/")[2], tie.target.rpartition("/")[2], tie.relation) for tie in found.ties}
    assert ("xuchang-finance", "xuchang-hrss", "issuedBy") in pairs
    assert ("xuchang-hrss", "xuchang-women", "organizer") in pairs


def test_a_projection_is_what_sparql_finds(graph: VetGraph) -> None:
    members = networks.build(graph.store, networks.get("group-membership"))
    fellows = networks.build(graph.store, networks.get("group-fellows"))
    projected = networks.project(members)
    assert [(tie.source, tie.target, tie.weight, tie.passages, tie.shared) for tie in projected.ties] == [
        (tie.source, tie.target, tie.weight, tie.passages, tie.shared) for tie in fellows.ties
    ]
    assert list(projected.nodes) == list(fellows.nodes)
    groups = networks.project(members, "target")
    assert (len(groups.nodes), groups.ties) == (2, [])
    assert export.write(projected, "gexf")


def test_what_cannot_be_projected_is_told(graph: VetGraph) -> None:
    with pytest.raises(UsageError, match="two-mode"):
        networks.project(networks.build(graph.store, networks.get("group-leadership")))
    members = networks.build(graph.store, networks.get("group-membership"))
    with pytest.raises(UsageError, match="sideways"):
        networks.project(members, "sideways")
    with pytest.raises(BudgetError):
        networks.project(members, most=10)


def test_two_years_are_compared(years: VetGraph) -> None:
    before, after = (
        networks.build(years.store, networks.get("group-membership"), {}, [f"xuchang-{year}"]) for year in (2024, 2025)
    )
    found = networks.compare(before, after)
    assert [node.id for node in found.joined] == [NEW_SCHOOL]
    assert found.left == []
    keji = f"{ID}school/xuchang-keji"
    assert {(tie.source, tie.relation) for tie in found.new} == {(NEW_SCHOOL, "member"), (keji, "member")}
    assert [(tie.source, tie.relation) for tie in found.gone] == [(keji, "lead")]
    assert (found.stayed, found.kept) == (16, 13)
    assert found.figures["nodes"] == (16, 17)
    back = networks.compare(after, before)
    assert (back.left, back.gone, back.new) == (found.joined, found.new, found.gone)
    document = json.loads(differences.write(found, "json", "zh"))
    assert [node["source_label"] for node in document["joined"]] == ["许昌凤雏机电工程学校"]
    rows = list(csv.DictReader(io.StringIO(differences.write(found, "csv", "zh").decode("utf-8-sig"), newline="")))
    assert [row["change"] for row in rows] == ["joined", "new", "new", "gone"]
    book = openpyxl.load_workbook(io.BytesIO(differences.write(found, "xlsx", "en")))
    assert book["changes"].max_row == 5


def test_a_change_of_weight_is_told(graph: VetGraph) -> None:
    text = 'SELECT ?source ?target ?weight {{ VALUES (?source ?target ?weight) {{ ("b" "a" {}) }} }}'
    found = networks.compare(ask(graph, text.format(1)), ask(graph, text.format(3)))
    assert [(was.weight, now.weight) for was, now in found.changed] == [(1, 3)]
    assert not found.new


def test_the_nearest_name_is_offered(graph: VetGraph) -> None:
    with pytest.raises(UsageError) as told:
        graph.network("groups-membership")
    assert told.value.fix is not None
    assert "did you mean group-membership" in told.value.fix.en
    with pytest.raises(UsageError, match=r"this query has \?s, \?target"):
        graph.network("SELECT ?s ?target { ?s ?p ?target }")


@pytest.fixture(scope="module")
def run(nquads: bytes, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    store = str(tmp_path_factory.mktemp("years") / "store")
    write_store(store, nquads)

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "vetgraph", *arguments, "--store", store, "--lang", "en"]
        return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")

    return ran


def test_the_command_line(run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    told = run("network", "group-membership", "--report", "xuchang-2025", "--against-report", "xuchang-2024").stdout
    assert "joined" in told
    assert "许昌凤雏机电工程学校" in told
    saved = str(tmp_path / "before.json")
    assert run("export", "network", "group-membership", "--report", "xuchang-2024", "-o", saved).returncode == 0
    against = run("network", "group-membership", "--report", "xuchang-2025", "--against", saved, "--format", "json")
    assert len(json.loads(against.stdout)["new"]) == 2
    projected = run("network", "group-membership", "--project", "source", "--format", "csv").stdout
    assert len(list(csv.reader(io.StringIO(projected, newline="")))) == 16
    assert "betweenness" in run("network", "--list").stdout
    refused = run("network", "group-membership", "-o", str(tmp_path / "x.gexf"))
    assert refused.returncode == 2
    assert "vetgraph export network" in refused.stderr


def test_the_worked_example_of_the_docs_runs(graph: VetGraph, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "networks.md").read_text(encoding="utf-8")
    code = text.partition("## From Python")[2].partition("```python\n")[2].partition("```")[0]
    write_store(tmp_path / "store", b"".join(f"{quad} .\n".encode() for quad in graph.store.native))  # type: ignore[union-attr]
    (tmp_path / "before.json").write_bytes(
        export.write(networks.build(graph.store, networks.get("group-membership")), "json")
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert not done.stderr
    assert "betweenness" in done.stdout
    assert done.stdout.splitlines()[0] == "0.5"
    assert (tmp_path / "fellows.gexf").stat().st_size > 1000
