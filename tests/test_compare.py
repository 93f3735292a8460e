"""Comparisons: of schools by hand, of places and years over reports of cities that do not exist."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import lxml.html
import openpyxl
import pytest

import cities
from browsing import browsing
from vetgraph import names, views
from vetgraph.build import build_graph
from vetgraph.store import EmbeddedStore
from vetgraph.views import comparing, rows
from vetgraph.views.comparing import Place
from vetgraph.web import create_app
from vetgraph.web.comparing import figures

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

    from serving import Served

ROOT = Path(__file__).parent.parent
XUCHANG = Place(names.thing("region", "xuchang"), "2025")
OLD, NEW = Place(cities.AREA, "2024"), Place(cities.AREA, "2025")


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return create_app(build_graph(ROOT / "data", validate=False).store).test_client()


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore.of(cities.nquads(("test-2024", 2024, Decimal("0.9")), ("test-2025", 2025, Decimal("1.1"))))


@pytest.fixture(scope="module")
def many(store: EmbeddedStore) -> FlaskClient:
    return create_app(store).test_client()


def compared(store: EmbeddedStore, *places: Place) -> dict[tuple[str, str, bool], comparing.Comparison]:
    told = comparing.figures(rows.read(store, views.get("figures")))
    found = comparing.compare(told, places)
    return {(r.indicator.rpartition("/")[2], r.coverage.rpartition("/")[2], r.target): r for r in found}


def test_years_differ_by_what_the_reports_tell(store: EmbeddedStore) -> None:
    students = compared(store, OLD, NEW)["students", "all", False]
    assert students.value(OLD) == pytest.approx(36672 * 0.9)
    difference = students.difference(OLD, NEW)
    assert difference is not None
    assert difference[0] == pytest.approx(36672 * 0.2)
    assert difference[1] == pytest.approx(100 * 0.2 / 0.9)


def test_rates_are_of_people_and_exact_figures_only(store: EmbeddedStore) -> None:
    found = compared(store, XUCHANG, OLD)
    of = comparing.students(found.values())
    assert comparing.rate(found["full-time-teachers", "all", False], XUCHANG, of) == pytest.approx(2135 / 36672 * 100)
    assert comparing.rate(found["secondary-schools", "all", False], XUCHANG, of) is None
    assert comparing.rate(found["people-trained", "all", True], XUCHANG, of) is None
    assert comparing.rate(found["students", "city-run", False], XUCHANG, of) is None


def test_targets_stand_against_their_results(store: EmbeddedStore) -> None:
    found = list(compared(store, XUCHANG).values())
    pairs = {
        r.indicator.rpartition("/")[2]: (r.value(XUCHANG), t.value(XUCHANG))
        for r, t in comparing.against(found, XUCHANG)
    }
    assert pairs == {"people-trained": (34000, 22500), "certificates": (17000, 15000)}


def test_another_definition_is_told(many: FlaskClient) -> None:
    other = EmbeddedStore.of(cities.nquads(("test-2025", 2025, Decimal(1)), unit="household"))
    row = compared(other, XUCHANG, NEW)["students", "all", False]
    assert row.differs == ["unit"]
    assert row.difference(XUCHANG, NEW) is None
    page = (
        create_app(other)
        .test_client()
        .get("/compare/figures?lang=zh&of=id:region/xuchang@2025&of=id:region/test-city@2025")
    )
    assert "单位不同" in page.text
    china = many.get("/compare/figures?lang=zh&of=id:region/xuchang@2025&of=id:region/henan@2025")
    assert china.status_code == 200


def test_only_another_coverage_is_told(store: EmbeddedStore) -> None:
    told = [f for f in comparing.figures(rows.read(store, views.get("figures"))) if f.indicator == comparing.STUDENTS]
    whole = names.code("coverage", "all")
    part = [f for f in told if (f.place == XUCHANG) == (f.coverage == whole)]
    found = comparing.compare(part, [XUCHANG, NEW])
    assert any(NEW in row.elsewhere for row in found if row.coverage == whole)


def test_places_are_those_that_reports_tell_most_of(store: EmbeddedStore) -> None:
    told = comparing.figures(rows.read(store, views.get("figures")))
    assert set(comparing.usual(told, 4)) == {XUCHANG, NEW, OLD}
    assert comparing.usual(told, 4)[-1] == OLD


def test_a_page_of_very_many_figures_leaves_the_rest_to_the_files(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "SHOWN", 5)
    client = create_app(store).test_client()
    page = lxml.html.fromstring(client.get("/compare/figures?lang=en").text)
    told = json.loads(client.get("/compare/figures?format=json").data)
    assert len(page.xpath("//table[contains(@class, 'figures')]/tbody/tr")) == 5
    (note, *_) = [text for text in page.xpath("//p[@class='note']/text()") if "the first 5" in text]
    assert f"5 of {len(told['rows'])} rows" in note
    assert len(told["rows"]) > 20


def test_schools_side_by_side(web: FlaskClient) -> None:
    address = "of=id:school/xuchang-keji&of=id:school/xuchang-jishu"
    page = web.get(f"/compare?lang=zh&{address}").text
    assert page.count("<svg") >= 2
    table = list(csv.reader(io.StringIO(web.get(f"/compare?lang=zh&format=csv&{address}").data.decode("utf-8-sig"))))
    assert table[0] == ["", "许昌科技学校", "许昌技术经济学校"]
    assert ["市属或县属", "市属", "县属"] in table
    assert ["获奖数", "4", "22"] in table
    book = openpyxl.load_workbook(io.BytesIO(web.get(f"/compare?lang=zh&format=xlsx&{address}").data))
    assert book.worksheets[0].max_column == 3
    assert web.get(f"/compare?format=svg&{address}").data.startswith(b"<svg")
    assert web.get("/compare?kind=groups&of=id:group/xuchang-1-5&of=id:group/xuchang-2-7&lang=zh").status_code == 200


def test_a_name_adds_a_school(web: FlaskClient) -> None:
    found = web.get("/compare", query_string={"of": "id:school/xuchang-keji", "add": "许昌市凤雏机电工程学校"})
    assert found.status_code == 303  # by its alias
    assert found.location.endswith("of=id%3Aschool%2Fxuchang-keji&of=id%3Aschool%2Fxuchang-fengchu")
    many = web.get("/compare", query_string={"add": "许昌", "lang": "zh"}).text
    assert "是哪一个" in many
    assert "没有找到" in web.get("/compare", query_string={"add": "<没有>", "lang": "zh"}).text


@pytest.mark.parametrize("typed", ["xckj", "xuchangkeji", "许昌科技学较", "许昌科技"])
def test_a_school_is_found_as_the_search_finds_it(web: FlaskClient, typed: str) -> None:
    found = web.get("/compare", query_string={"of": "id:school/xuchang-jishu", "add": typed})
    page = found.location if found.status_code == 303 else found.text
    assert "school%2Fxuchang-keji" in page
    assert "college%2F" not in page
    told = web.get("/suggest", query_string={"q": typed, "kind": "schools"}).get_json()["results"]
    assert told[0]["id"] == "id:school/xuchang-keji"
    assert {each["kind"] for each in told} <= {"secondary vocational school", "中等职业学校"}


@pytest.mark.browser
def test_typing_initials_adds_a_school(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url) as page:
        page.goto("/compare?of=id:school/xuchang-jishu")
        page.locator("form.adding input[type=search]").press_sequentially("xckj")
        option = page.locator("form.adding [role=option]").first
        option.wait_for()
        assert "许昌科技学校" in option.inner_text()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/compare?*xuchang-keji*")
        assert page.locator("table.compared thead th").count() == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/suggest?kind=nothing", 400),
        ("/compare?kind=nothing", 400),
        ("/compare?of=id:school/none", 404),
        ("/compare?of=x:y z", 404),
        ("/compare?format=doc&of=id:school/xuchang-keji", 400),
        ("/compare?format=svg", 404),
        ("/compare/figures?of=id:region/xuchang@1999", 404),
        ("/compare/figures?indicator=code:indicator/none", 404),
        ("/compare/figures?format=doc", 400),
        ("/compare?" + "&".join(f"of=id:school/s{n}" for n in range(13)), 404),
    ],
)
def test_what_cannot_be_compared_is_refused(web: FlaskClient, path: str, status: int) -> None:
    assert web.get(path).status_code == status


def test_years_are_drawn_as_lines(many: FlaskClient) -> None:
    address = "of=id:region/test-city@2024&of=id:region/test-city@2025&indicator=code:indicator/students&lang=zh"
    assert 'class="c-line' in many.get(f"/compare/figures?{address}").text
    table = list(csv.reader(io.StringIO(many.get(f"/compare/figures?format=csv&{address}").data.decode("utf-8-sig"))))
    assert table[0][7:11] == ["测试市 2024", "测试市 2025", "差（右减左）", "变化率 %"]
    assert many.get(f"/compare/figures?format=svg&picture=targets&{address}").status_code == 200


def test_years_stand_in_order_however_they_are_chosen(many: FlaskClient) -> None:
    table = rows_of(many, "of=id:region/test-city@2025&of=id:region/test-city@2024&lang=zh")
    students = next(
        row for row in table if row["指标"].endswith("indicator/students") and "coverage/all" in row["范围"]
    )
    assert list(students)[7:9] == ["测试市 2024", "测试市 2025"]
    assert float(students["差（右减左）"]) == pytest.approx(36672 * 0.2)


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    text = client.get(f"/compare/figures?format=csv&{address}").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_figure_shows_definition_and_doubts_with_their_passages(web: FlaskClient) -> None:
    page = web.get("/compare/figures?lang=zh").text
    assert page.count('class="cite doubt"') >= 5
    doubt = page[page.index('class="cite doubt"') :]
    assert 'href="/page/note/xuchang-2025-' in doubt.partition("</span>")[0]
    assert "技能河南建设任务下的全年培训" in page
    assert "人次：同一人每次计一次" in page
    assert "面向农村青年" in page  # of a figure that is about one training, which is told too
    table = rows_of(web, "lang=zh")
    target = next(row for row in table if row["指标"] == "职业技能培训人数" and row["实际或目标"] == "目标")
    assert target["定义"] == "技能河南建设任务下的全年培训；人次：同一人每次计一次"
    assert (target["单位"], target["界"], target["许昌市 2025"]) == ("人次", "至少（以上）", "22500")
    assert target["存疑"].startswith("目标以“人次”计，完成数以“人”计")
    assert target["出处"].startswith("许昌市")


def test_a_file_tells_definitions_that_differ() -> None:
    other = create_app(EmbeddedStore.of(cities.nquads(("test-2025", 2025, Decimal(1)), unit="household"))).test_client()
    address = "of=id:region/xuchang@2025&of=id:region/test-city@2025&lang=zh"
    row = next(r for r in rows_of(other, address) if "indicator/students" in r["指标"] and "all" in r["范围"])
    assert row["口径差异"].startswith("单位不同，不能直接比较：许昌市 2025：")
    assert row["单位"].endswith("unit/household")
    assert row["差（右减左）"] == ""
    book = openpyxl.load_workbook(io.BytesIO(other.get(f"/compare/figures?format=xlsx&{address}").data))
    assert len(book.worksheets) == 4
    assert any("单位不同" in str(cell.value) for cells in book.worksheets[0].iter_rows() for cell in cells)


def test_targets_of_different_units_are_drawn_apart(web: FlaskClient) -> None:
    page = web.get("/compare/figures?lang=zh").text
    assert "目标（人次）" in page
    assert "目标与完成（人）" in page
    persons = web.get("/compare/figures?lang=zh&format=svg&picture=targets-2").text
    assert "取证人数" in persons
    assert "职业技能培训人数" not in persons
    assert web.get("/compare/figures?format=svg&picture=targets-9").status_code == 404
    pairs = rows_of(web, "part=targets&lang=en")
    assert [row["Note"] for row in pairs] == [
        "the target counts person-time, the result person: the rate is only a hint",
        "",
    ]
    rates = rows_of(web, "part=rates&lang=en")
    assert rates[-1]["Divided by"].startswith("a full-time teacher")
    assert float(rates[-1]["许昌市 2025"]) == pytest.approx(36672 / 2135, abs=0.005)
    assert web.get("/compare/figures?format=csv&part=none").status_code == 400


def test_a_row_about_the_whole_says_who_tells_only_of_a_part(store: EmbeddedStore) -> None:
    told = comparing.figures(rows.read(store, views.get("figures")))
    trained = names.code("indicator", "farmers-trained")
    found = [f for f in told if f.indicator == trained and f.place in {XUCHANG, NEW}]
    whole = [dataclasses.replace(f, about="") if f.place == XUCHANG else f for f in found]
    row = next(r for r in comparing.compare(whole, [XUCHANG, NEW]) if not r.about)
    assert [about.rpartition("/")[2] for about in row.apart[NEW]] == ["test-2025-farmer-training"]
