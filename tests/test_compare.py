"""Comparisons: of schools by hand, of places and years over reports of cities that do not exist."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

import cities
from vetgraph import names, views
from vetgraph.build import build_graph
from vetgraph.store import EmbeddedStore
from vetgraph.views import comparing, rows
from vetgraph.views.comparing import Place
from vetgraph.web import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

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


@pytest.mark.parametrize(
    ("path", "status"),
    [
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
    assert table[0][3:5] == ["测试市 2024", "测试市 2025"]
    assert many.get(f"/compare/figures?format=svg&picture=targets&{address}").status_code == 200
