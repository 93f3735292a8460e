"""Views: the heads of their queries, what a reader chooses, facets and groups counted by hand."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pyoxigraph as ox
import pytest

from vetgraph import queries, views
from vetgraph.build import build_graph
from vetgraph.errors import UsageError
from vetgraph.views import choosing, files, grouping, rows
from vetgraph.views.table import Table
from vetgraph.web import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from vetgraph.graph import VetGraph

ROOT = Path(__file__).parent.parent
SCHOOL = "https://w3id.org/vetgraph/id/school/"


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(ROOT / "data", validate=False)


@pytest.fixture(scope="module")
def web(graph: VetGraph) -> FlaskClient:
    return create_app(graph.store).test_client()


def table(graph: VetGraph, name: str) -> Table:
    view = views.get(name)

    def named(value: object) -> str:
        return value.value.rpartition("/")[2] if isinstance(value, (ox.NamedNode, ox.Literal)) else str(value)

    return Table(view, rows.read(graph.store, view), named, "zh")


def test_every_table_has_the_things_of_its_class_once(graph: VetGraph) -> None:
    for view in views.catalogue().values():
        found = [line.thing for line in rows.read(graph.store, view)]
        asked = graph.query("SELECT ?class ?thing { ?thing a ?class }", {"class": ox.NamedNode(view.type)})
        assert sorted(found) == sorted(str(row["thing"]) for row in asked), view.name  # type: ignore[union-attr]


def test_every_row_of_what_a_report_states_has_its_passage(graph: VetGraph) -> None:
    for name in (
        "schools",
        "awards",
        "figures",
        "titles",
        "activities",
        "initiatives",
        "courses",
        "documents",
        "events",
    ):
        assert all(line.passages for line in rows.read(graph.store, views.get(name))), name


def test_every_column_is_selected_and_named_in_both_languages() -> None:
    for view in views.catalogue().values():
        selected = view.query.text.partition("SELECT")[2].partition("WHERE")[0]
        for column in view.columns:
            assert f"?{column.name} " in selected, (view.name, column.name)
            assert column.label.zh
            assert column.label.en


def test_a_panel_shows_what_points_at_a_thing(graph: VetGraph) -> None:
    panel = views.panels()["awards-recipient"]
    found = rows.read(graph.store, views.get("awards"), panel, f"{SCHOOL}xuchang-jishu")
    assert len(found) == 13
    assert sum(line.number("count") or 0 for line in found) == 22
    fellows = rows.read(
        graph.store, views.get("schools"), views.panels()["schools-memberOf-memberOf"], f"{SCHOOL}xuchang-keji"
    )
    assert len(fellows) == 6  # the seven schools of 2+7 without itself
    with pytest.raises(ValueError, match="IRI"):
        rows.text(views.get("awards"), panel, "x> } DROP ALL #")


def test_facets_count_rows_that_fit_the_other_facets(graph: VetGraph) -> None:
    made = table(graph, "schools")
    choice = choosing.read(made.view, [("ownership", "code:ownership/private"), ("level", "code:admin-level/city")])
    lines, bins = made.chosen(choice)
    assert len(lines) == 3
    assert {each.text: each.count for each in bins["ownership"]} == {"private": 3, "public": 3}
    assert {each.text: each.count for each in bins["level"]} == {"city": 3, "county": 1}
    assert [each.chosen for each in bins["ownership"] if each.text == "private"] == [True]
    none, _ = made.chosen(choosing.read(made.view, [("ownership", "-")]))
    assert len(none) == 8


def test_rows_are_found_by_words_and_bounds_and_sorted(graph: VetGraph) -> None:
    made = table(graph, "awards")
    lines, _ = made.chosen(choosing.read(made.view, [("count.min", "30"), ("q", "FIRST")]))
    assert sorted(line.number("count") or 0 for line in lines) == [32, 33]
    ranked = made.sorted(made.lines, choosing.read(made.view, [("sort", "-count")]))
    assert [line.number("count") for line in ranked[:3]] == [69, 69, 55]
    assert made.sorted(made.lines, choosing.read(made.view, [("sort", "stage")]))[-1].cells.get("stage") is None


def test_groups_add_up(graph: VetGraph) -> None:
    made = table(graph, "awards")
    choice = choosing.read(made.view, [("group", "recipient"), ("by", "prize")])
    groups = grouping.grouped(made, made.lines, choice)
    city = {group.part_text: group.sums["count"] for group in groups if group.text == "xuchang"}
    assert city == {
        "first": 32 + 33 + 6 + 3 + 3 + 24,
        "second": 69 + 55 + 6 + 1 + 16 + 18,
        "third": 69 + 26 + 6 + 6 + 14,
    }
    assert [group.part_text for group in groups if group.text == "xuchang"] == ["first", "second", "third"]
    crossed = grouping.crossed(made, groups, choice)
    assert [text for _, text in crossed.parts] == ["first", "second", "third", "bronze"]
    row = next(row for row in crossed.rows if row[1] == "xuchang")
    assert row[2:] == ([*city.values(), None], sum(city.values()))


@pytest.mark.parametrize(
    "given",
    [
        ("colour", "red"),
        ("sort", "colour"),
        ("count.min", "many"),
        ("count.max", "inf"),
        ("page", "0"),
        ("prize.min", "1"),
        ("page", "²"),
    ],
)
def test_a_wrong_choice_is_refused(given: tuple[str, str]) -> None:
    with pytest.raises(UsageError):
        choosing.read(views.get("awards"), [given])


def test_a_choice_is_its_address() -> None:
    pairs = [("q", "甲"), ("prize", "code:prize/first"), ("count.min", "2"), ("sort", "-count"), ("group", "series")]
    pairs += [("by", "prize"), ("col", "event"), ("page", "3")]
    assert choosing.read(views.get("awards"), pairs).pairs() == pairs


def test_a_head_that_cannot_be_read_is_refused() -> None:
    for line in ("# column: a vetg:within facet", "# panel: ^vetg:x", "# class: x y"):
        with pytest.raises(UsageError):
            views.read(queries.parse("odd", f"# class: vetg:AwardResult\n{line}\nSELECT ?thing {{}}"))


def test_files_hold_what_is_seen() -> None:
    sheet = files.Sheet(
        "表/一", ["名", "数"], [["=1+1", 2], ["乙\x07", None]], ["name", "n"], [("查询", "SELECT")], "来源"
    )
    assert list(csv.reader(io.StringIO(files.written(sheet, "csv").decode("utf-8-sig")))) == [
        ["名", "数"],
        ["'=1+1", "2"],
        ["乙\x07", ""],
    ]
    assert json.loads(files.written(sheet, "json"))["rows"][0] == {"name": "=1+1", "n": 2}
    book = openpyxl.load_workbook(io.BytesIO(files.written(sheet, "xlsx")))
    assert [tuple(row) for row in book.worksheets[0].values] == [("名", "数"), ("=1+1", 2), ("乙 ", None)]
    assert book.worksheets[0]["A2"].data_type == "s"
    assert list(book.worksheets[1].values) == [("查询", "SELECT")]


def test_pages_and_files_of_every_table(web: FlaskClient) -> None:
    assert web.get("/tables").status_code == 200
    for name, view in views.catalogue().items():
        for lang in ("zh", "en"):
            assert web.get(f"/tables/{name}?lang={lang}").status_code == 200, name
        for column in view.columns:
            assert web.get(f"/tables/{name}?sort=-{column.name}&group={column.name}").status_code == 200, (
                name,
                column.name,
            )
    assert web.get("/tables/nothing").status_code == 404
    assert web.get("/tables/schools.doc").status_code == 404
    assert web.get("/tables/schools.svg").status_code == 404
    assert web.get("/tables/schools?colour=red").status_code == 400
    assert web.get("/tables/schools?q=%3Cscript%3E").text.count("<script>") == 0


def test_a_file_has_the_rows_columns_and_order_of_the_page(web: FlaskClient) -> None:
    address = "prize=code:prize/first&sort=-count&col=recipient&col=count&lang=zh"
    found = list(csv.reader(io.StringIO(web.get(f"/tables/awards.csv?{address}").data.decode("utf-8-sig"))))
    assert found[0] == ["获奖者", "数量", "出处", "IRI"]
    assert found[1][:2] == ["许昌市", "33"]
    assert len(found) == 13
    assert "许昌市中等职业教育质量年度报告" in found[1][2]
    book = openpyxl.load_workbook(io.BytesIO(web.get(f"/tables/awards.xlsx?{address}").data))
    assert [str(row[1]) for row in book.worksheets[0].values][1:] == [row[1] for row in found[1:]]
    told = {str(row[0]): str(row[1]) for row in book.worksheets[1].values}
    assert "SELECT" in told["查询"]
    assert "2025-12-25" in told["报告"]
    assert told["筛选条件"] == "奖项: 一等奖"
    crossed = list(
        csv.reader(io.StringIO(web.get("/tables/awards.csv?group=series&by=prize&lang=zh").data.decode("utf-8-sig")))
    )
    assert crossed[0] == ["大赛", "一等奖", "二等奖", "三等奖", "铜奖", "合计"]
    assert crossed[1][1:] == ["32", "69", "69", "", "170"]
    picture = web.get("/tables/awards.svg?group=series&by=prize&lang=en")
    assert picture.data.startswith(b"<svg")


def test_the_sum_that_is_crossed_is_chosen(graph: VetGraph) -> None:
    made = table(graph, "schools")
    pairs = [("group", "level"), ("by", "ownership")]
    totals = {}
    for name in ("titles", "prizes", choosing.ROWS):
        choice = choosing.read(made.view, [*pairs, ("sum", name)])
        assert choosing.read(made.view, choice.pairs()) == choice
        crossed = grouping.crossed(made, grouping.grouped(made, made.lines, choice), choice)
        totals[name] = sum(row[3] for row in crossed.rows)
        assert (crossed.summed.name if crossed.summed else choosing.ROWS) == name
    assert totals == {
        "titles": sum(line.number("titles") or 0 for line in made.lines),
        "prizes": sum(line.number("prizes") or 0 for line in made.lines),
        "rows": len(made.lines),
    }
    with pytest.raises(UsageError, match="cannot be added up"):
        choosing.read(made.view, [("sum", "level")])
