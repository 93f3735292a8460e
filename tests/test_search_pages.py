"""Search in a real browser: typing finds, the keyboard chooses, results say why, facets narrow, scripts or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browsing import NARROW, WIDE, browsing, overflow
from serving import serving
from vetgraph import names
from vetgraph.store import write_store

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from serving import Served

pytestmark = pytest.mark.browser

BOX = "form.find input"
OPTION = "[role=option]"


@pytest.mark.parametrize(("lang", "kind"), [("zh", "中等职业学校"), ("en", "secondary vocational school")])
def test_typing_and_the_keyboard_lead_to_a_page(report: Served, browser: Browser, lang: str, kind: str) -> None:
    with browsing(browser, report.url, lang=lang) as page:
        page.goto("/networks")
        page.keyboard.press("/")
        expect(page.locator(BOX)).to_be_focused()
        height = page.evaluate("document.documentElement.scrollHeight")
        page.keyboard.type("xckj")
        first = page.locator(OPTION).first
        expect(first).to_contain_text("许昌科技学校")
        expect(first).to_contain_text(kind)
        expect(first.locator("mark")).to_have_text("许昌科技")
        assert page.evaluate("document.documentElement.scrollHeight") == height, "the page moves"
        expect(page.locator(BOX)).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        assert page.locator(BOX).get_attribute("aria-activedescendant") == first.get_attribute("id")
        expect(first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        page.wait_for_url("**/page/school/xuchang-keji")
        expect(page.locator("h1")).to_contain_text("许昌科技学校")


def test_escape_closes_and_enter_searches(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url) as page:
        page.goto("/networks")
        page.locator(BOX).press_sequentially("changge")
        expect(page.locator(OPTION).first).to_contain_text("长葛市")
        page.keyboard.press("ArrowUp")  # the last one: all results
        expect(page.locator(OPTION).last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(page.locator("[role=listbox]")).to_be_hidden()
        expect(page.locator(BOX)).to_have_value("changge")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=changge")
        expect(page.locator(".hits li a").nth(1)).to_have_text("长葛立兴职业高中")
        expect(page.locator(".hits .way").first).to_have_text("拼音")


def test_a_click_chooses_and_nothing_found_is_said(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url) as page:
        page.goto("/sparql")
        page.locator(BOX).press_sequentially("qqqq")
        expect(page.locator(".suggestions .none")).to_be_visible()
        page.locator(BOX).fill("2+7")
        page.locator(OPTION).first.click()
        page.wait_for_url("**/page/group/xuchang-2-7")


def test_facets_narrow_and_can_be_taken_back(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url) as page:
        page.goto("/search?q=许昌")
        whole = page.locator("[role=status] strong").first.inner_text()
        page.get_by_role("link", name="中等职业学校").click()
        page.get_by_role("link", name="民办").click()
        expect(page.locator(".chips .on")).to_have_count(2)
        expect(page.locator(".hits li")).to_have_count(3)
        with page.expect_download() as file:
            page.get_by_role("link", name="CSV", exact=True).click()
        lines = file.value.path().read_text(encoding="utf-8-sig").splitlines()
        assert lines[0] == "名称,类别,匹配的名称,匹配方式,IRI"
        assert len(lines) == 4
        for _ in range(2):
            page.locator(".chips .on").first.click()
        expect(page.locator("[role=status] strong").first).to_have_text(whole)


def test_without_scripts_the_form_leads_to_results(report: Served, browser: Browser) -> None:
    context = browser.new_context(base_url=report.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto("/networks")
    page.fill(BOX, "许昌科级学校")
    page.press(BOX, "Enter")
    page.wait_for_url("**/search?q=*")
    expect(page.locator(".hits a").first).to_have_text("许昌科技学校")
    expect(page.locator(".why").first).to_contain_text("同音字")
    context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", ["/search?q=xuchang", "/search?q=nothing-of-the-kind&kind=SecondarySchool", "/search"])
def test_a_page_of_results_opens(report: Served, browser: Browser, path: str, lang: str, size: tuple[int, int]) -> None:
    with browsing(browser, report.url, lang=lang, size=size) as page:
        page.emulate_media(color_scheme="dark" if size == NARROW else "light")
        page.goto(path)
        page.locator(BOX).fill("xuchang")
        expect(page.locator(OPTION).first).to_be_visible()
        assert overflow(page) <= 0
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()


@pytest.mark.parametrize("typed", ["%00", "<script>alert(1)</script>", '"*', "😀", "x" * 300])
def test_odd_input_gets_a_page(report: Served, browser: Browser, typed: str) -> None:
    with browsing(browser, report.url, allow=("400",)) as page:
        answer = page.goto(f"/search?q={typed}")
        assert answer is not None
        assert answer.status == (400 if len(typed) > 200 else 200)
        expect(page.locator("h1")).to_be_visible()


def test_while_the_index_is_made_a_page_says_so_and_shows_the_results_later(tmp_path: Path, browser: Browser) -> None:
    def numbered(number: int) -> str:
        return f'<{names.BASE}id/school/s{number}> <{names.PREFIXES["skos"]}prefLabel> "第{number}学校"@zh .\n'

    write_store(tmp_path / "store", "".join(map(numbered, range(20_000))).encode())
    with serving(tmp_path / "store") as large, browsing(browser, large.url, allow=("503",)) as page:
        answer = page.goto("/search?q=第3999学校")
        assert answer is not None
        assert (answer.status, answer.header_value("retry-after")) == (503, "5")
        expect(page.locator("[data-again]")).to_contain_text("正在建立名称索引")
        assert not Axe().run(page).response["violations"]
        told = page.request.get("/search?q=x&format=json", headers={"Accept": "application/json"})
        assert (told.status, bool(told.headers.get("retry-after"))) in {(503, True), (200, False)}
        expect(page.locator(".hits a").first).to_have_text("第3999学校", timeout=60_000)
