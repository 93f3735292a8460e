"""Pages of things: facts as the shapes order them, marks, panels, and files compared with their queries."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from browsing import NARROW, WIDE, browsing, overflow
from vetgraph import views
from vetgraph.build import build_graph
from vetgraph.store import EmbeddedStore
from vetgraph.web import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

    from serving import Served
    from vetgraph.graph import VetGraph

ROOT = Path(__file__).parent.parent
KEJI = "/page/school/xuchang-keji"
OF = "of=id:school/xuchang-keji"
EACH = [
    KEJI,
    "/page/college/xuchang-zhiye",
    "/page/group/xuchang-1-5",
    "/page/programme/e-commerce",
    "/page/competition/henan-skills",
    "/page/event/henan-skills-2025",
    "/page/body/henan-education",
    "/page/region/xuchang",
    "/page/award/xuchang-2025-xuchang-skills-first",
    "/page/observation/xuchang-2025-students",
    "/page/designation/xuchang-2025-quality-xuchang-keji",
    "/page/course/hard-pen",
    "/page/brand/leho-community",
    "/page/person/bie-ronghai",
    "/page/document/teaching-standards",
    "/page/difficulty/xuchang-2025-integration",
    "/page/activity/xuchang-2025-vocational-week",
    "/page/code/ownership/private",
    "/page/code/title",
    "/page/report/xuchang-2025",
    "/page/report/xuchang-2025/s6-2",
]
"""A page of each kind of thing."""


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(ROOT / "data", validate=False)


@pytest.fixture(scope="module")
def web(graph: VetGraph) -> FlaskClient:
    return create_app(graph.store).test_client()


def text(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


def section(page: str, anchor: str) -> str:
    found = re.search(rf'<section class="panel" id="{anchor}">.*?</section>', page, re.DOTALL)
    assert found is not None, anchor
    return found[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_thing_has_a_page_with_a_name(graph: VetGraph, web: FlaskClient, lang: str) -> None:
    base = "https://w3id.org/vetgraph/"
    found = graph.query("SELECT ?class (MIN(STR(?thing)) AS ?one) { ?thing a ?class } GROUP BY ?class")
    things = {str(row["one"]) for row in found if re.match(rf"{base}(?:id|code|report)/", str(row["one"]))}  # type: ignore[union-attr]
    assert len(things) > 15
    for iri in sorted(things):
        path = iri.removeprefix(base).removeprefix("id/")
        page = web.get(f"/page/{path}?lang={lang}").text
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
        assert heading is not None, path
        assert not re.match(r"(?:id|report|code):", text(heading[1]).strip()), path


def test_facts_stand_under_the_groups_of_the_shapes_in_their_order(web: FlaskClient) -> None:
    facts = section(web.get(f"{KEJI}?lang=zh").text, "facts")
    labels = re.findall(r"<dt>\s*<a[^>]*>([^<]*)</a>", facts.partition("<details>")[0])
    assert [each for each in labels if each in {"名称", "办学性质", "市属或县属", "所在区划", "开设专业"}] == [
        "名称",
        "办学性质",
        "市属或县属",
        "所在区划",
        "开设专业",
    ]
    assert re.findall(r"<h3>([^<]*)</h3>", facts) == ["名称", "事实", "关系"]


def test_a_value_is_cited_with_report_section_and_lines(web: FlaskClient) -> None:
    facts = section(web.get(f"{KEJI}?lang=zh").text, "facts")
    row = re.search(r"公办</a>.*?</dd>", facts, re.DOTALL)
    assert row is not None
    assert 'href="/page/report/xuchang-2025/t1-1"' in row[0]
    told = text(row[0])
    assert "许昌市中等职业教育质量年度报告" in told
    assert re.search(r"第 \d+–\d+ 行", told)


def test_panels_show_what_points_at_a_school(web: FlaskClient) -> None:
    page = web.get(f"{KEJI}?lang=zh").text
    for anchor, title, count in (
        ("titles-holder", "称号", 6),
        ("awards-recipient", "获奖", 4),
        ("schools-memberOf-memberOf", "同集团的学校", 6),
    ):
        panel = section(page, anchor)
        assert title in panel
        assert len(re.findall(r"<tr>", panel.partition("<tbody>")[2].partition("</tbody>")[0])) == count
    assert "<svg" in section(page, "awards-recipient")
    assert "neighbourhood.svg" in section(page, "neighbourhood")


def test_no_fact_is_lost(graph: VetGraph, web: FlaskClient) -> None:
    """Whatever points at a thing stands in a panel or below."""
    for path, iri in (
        ("group/xuchang-1-5", "id/group/xuchang-1-5"),
        ("code/ownership/private", "code/ownership/private"),
    ):
        page = web.get(f"/page/{path}?lang=zh").text
        found = graph.query(f"SELECT DISTINCT ?near {{ ?near ?property <https://w3id.org/vetgraph/{iri}> }}")
        for row in found:  # type: ignore[union-attr]
            address = str(row["near"]).removeprefix("https://w3id.org/vetgraph/").removeprefix("id/")
            assert f'href="/page/{address}"' in page, address


def test_a_file_of_a_panel_is_what_its_query_finds(graph: VetGraph, web: FlaskClient) -> None:
    page = web.get("/page/school/xuchang-jishu?lang=zh").text
    query = re.search(r"<pre[^>]*>(.*?)</pre>", section(page, "awards-recipient"), re.DOTALL)
    assert query is not None
    asked = {(str(row["thing"]), row["count"]) for row in graph.query(html.unescape(query[1])) if row["count"]}  # type: ignore[union-attr]
    of = "of=id:school/xuchang-jishu&lang=zh"
    rows = list(csv.DictReader(io.StringIO(web.get(f"/panels/awards-recipient.csv?{of}").data.decode("utf-8-sig"))))
    assert {(row["IRI"], int(row["数量"])) for row in rows} == asked
    assert len(rows) == 13
    book = openpyxl.load_workbook(io.BytesIO(web.get(f"/panels/awards-recipient.xlsx?{of}").data))
    assert book.worksheets[0].max_row == 14
    assert any("许昌技术经济学校：获奖" in str(value) for row in book.worksheets[1].values for value in row)
    assert web.get(f"/panels/awards-recipient.svg?{of}").data.startswith(b"<svg")
    assert web.get(f"/panels/neighbourhood.svg?{of}").status_code == 200
    assert web.get(f"/panels/awards-recipient?{of}").location == "/page/school/xuchang-jishu#awards-recipient"


def test_a_panel_of_two_steps_leads_to_its_table(web: FlaskClient) -> None:
    keji = section(web.get("/page/school/xuchang-keji?lang=zh").text, "schools-memberOf-memberOf")
    address = re.search(r'href="(/tables/schools[^"]+)"', keji)
    assert address is not None
    told = web.get(f"{html.unescape(address[1])}&lang=zh", headers={"Accept": "text/html"}).text
    assert "许昌科技学校" in told
    series = web.get("/page/competition/brics?lang=zh").text
    assert "/tables/awards?series=id%3Acompetition%2Fbrics" in section(series, "awards-series-event")


def test_a_panel_says_how_many_there_are_and_leads_to_all() -> None:
    iri = "<https://w3id.org/vetgraph/id/{}>".format
    vetg = "<https://w3id.org/vetgraph/def#{}>".format
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    lines = [
        f"{iri('competition/c')} {kind} {vetg('Competition')} .",
        f"{iri('event/e')} {kind} {vetg('CompetitionEvent')} .",
    ]
    lines.append(f"{iri('event/e')} {vetg('series')} {iri('competition/c')} .")
    for number in range(57):
        award = iri(f"award/a{number}")
        lines += [f"{award} {kind} {vetg('AwardResult')} .", f"{award} {vetg('event')} {iri('event/e')} ."]
    client = create_app(EmbeddedStore.of("\n".join(lines).encode())).test_client()
    panel = section(client.get("/page/competition/c?lang=zh").text, "awards-series-event")
    assert "前 50 项，共 57 项" in panel
    assert panel.count("/tables/awards?series=id%3Acompetition%2Fc") == 2
    assert len(client.get("/tables/awards.json?series=id:competition/c").get_json()["rows"]) == 57
    own = section(client.get("/page/event/e?lang=zh").text, "awards-event")
    assert "前 50 项，共 57 项" in own


def test_doors_to_panels_refuse_what_is_not_there(web: FlaskClient) -> None:
    for path in (
        "nothing.csv",
        "awards-recipient.doc",
        "courses-provider.svg",
        "awards-nothing.csv",
        "neighbourhood.csv",
    ):
        assert web.get(f"/panels/{path}?{OF}").status_code == 404, path
    for of in ("", "id:school/none", "x> } #", "https://example.org/", "javascript:alert(1)"):
        assert web.get("/panels/awards-recipient.csv", query_string={"of": of}).status_code == 404, of
    for name in views.panels():
        assert web.get(f"/panels/{name}.csv?{OF}").status_code == 200, name


def test_a_passage_tells_all_and_leads_on(web: FlaskClient) -> None:
    page = web.get("/page/report/xuchang-2025/s6-2?lang=zh").text
    assert "原文 第 100–102 行" in page
    assert 'rel="prev" href="/page/report/xuchang-2025/s6-1"' in page
    assert "34000" in section(page, "contents")
    first = web.get("/page/report/xuchang-2025/title?lang=zh").text
    assert 'rel="prev"' not in first


@pytest.mark.parametrize("path", EACH)
def test_a_page_of_each_kind(web: FlaskClient, path: str) -> None:
    for lang in ("zh", "en"):
        page = web.get(f"{path}?lang={lang}")
        assert page.status_code == 200
        assert "<section" in page.text


@pytest.mark.parametrize(
    ("lang", "read", "other"),
    [("zh", "另一处说全年培训", "One passage gives"), ("en", "One passage gives", "另一处说全年培训")],
)
def test_a_report_begins_with_its_facts_and_tells_doubts_in_one_language(
    web: FlaskClient, lang: str, read: str, other: str
) -> None:
    page = web.get(f"/page/report/xuchang-2025?lang={lang}").text
    assert page.index('id="facts"') < page.index('id="told-of"') < page.index('id="contents"')
    held = page[page.index('id="contents"') :]
    assert (read in held, other in held) == (True, False)


def test_a_name_in_the_other_language_is_marked(web: FlaskClient) -> None:
    page = web.get(f"{KEJI}?lang=en").text
    assert re.search(r'<h1 lang="zh">许昌科技学校<small class="tongue"', page)
    assert 'class="tongue"' not in web.get(f"{KEJI}?lang=zh").text


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_mark_tells_its_passage(report: Served, browser: Browser, lang: str) -> None:
    with browsing(browser, report.url, lang=lang) as page:
        page.goto(KEJI)
        mark = page.locator("#facts .cite").first
        card = mark.locator(".told")
        assert not card.is_visible()
        mark.hover()
        assert card.is_visible()
        page.keyboard.press("Escape")
        assert not card.is_visible()
        page.mouse.move(0, 0)
        mark.locator(".mark").focus()
        assert card.is_visible()
        mark.locator(".mark").click()
        page.wait_for_url("**/page/report/xuchang-2025/**")
        assert page.locator("#contents").is_visible()
        page.locator('a[rel="next"]').click()
        page.wait_for_load_state()
        assert "/page/report/xuchang-2025/" in page.url


@pytest.mark.browser
def test_a_tap_shows_the_passage_without_a_script(report: Served, browser: Browser) -> None:
    context = browser.new_context(
        base_url=report.url,
        viewport={"width": NARROW[0], "height": NARROW[1]},
        has_touch=True,
        is_mobile=True,
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(KEJI)
    mark = page.locator("#facts .cite").first
    mark.locator("summary").tap()
    assert mark.locator(".told").is_visible()
    mark.locator(".told a").tap()
    page.wait_for_url("**/page/report/xuchang-2025/**")
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_of_each_kind_fit_the_window(report: Served, browser: Browser, size: tuple[int, int]) -> None:
    with browsing(browser, report.url, size=size) as page:
        for path in EACH:
            page.goto(path)
            assert overflow(page) <= 0, path


@pytest.mark.browser
def test_files_come_from_the_page(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url) as page:
        page.goto("/page/school/xuchang-jishu")
        with page.expect_download() as coming:
            page.locator("#awards-recipient .tools a", has_text="XLSX").click()
        book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))
        assert book.worksheets[0].max_row == 14
        with page.expect_download() as coming:
            page.locator("#awards-recipient .tools a", has_text="PNG").click()
        assert coming.value.path().read_bytes().startswith(b"\x89PNG")
