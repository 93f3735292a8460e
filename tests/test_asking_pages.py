"""Asking in a real browser: a question put together without SPARQL, a chart, the editor and its completion."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe

from browsing import NARROW, WIDE, browsing, overflow

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from serving import Served

pytestmark = pytest.mark.browser

PAGES = [
    "/queries",
    "/queries/title-holders",
    "/queries/prizes-by-competition?view=chart",
    "/build",
    "/build?kind=School&show=prefLabel&is.ownership=private",
    "/build?kind=AwardResult&by=recipient&total=count&view=chart",
    "/sparql?query=SELECT%20%3Fsource%20%3Ftarget%20%7B%3Fsource%20vetg%3Aoffers%20%3Ftarget%7D",
]


def saved(page: Page, name: str) -> Path:
    with page.expect_download() as got:
        page.get_by_role("link", name=name, exact=True).first.click()
    return got.value.path()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens(report: Served, browser: Browser, path: str, lang: str, size: tuple[int, int]) -> None:
    with browsing(browser, report.url, lang=lang, size=size) as page:
        page.goto(path)
        assert overflow(page) <= 0
        if (lang, size) in {("zh", WIDE), ("en", NARROW)}:  # what is told to a screen reader is the same in all four
            found = Axe().run(page)
            assert not found.response["violations"], found.generate_report()


def test_an_analyst_asks_for_private_schools_and_takes_the_table_to_excel(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url) as page:
        page.goto("/queries")
        page.get_by_role("link", name="自己组合问题").click()
        page.get_by_role("link", name="中等职业学校").click()
        page.get_by_role("combobox", name="办学性质", exact=True).select_option(label="民办")
        page.get_by_role("button", name="运行").click()
        assert "is.ownership=private" in page.url
        names = page.locator("#answer tbody tr td:first-child").all_inner_texts()
        assert "长葛立兴职业高中" in names
        rows = list(csv.reader(io.StringIO(saved(page, "CSV").read_text(encoding="utf-8-sig"))))
        assert rows[0][:2] == ["名称", "办学性质"]
        assert [row[0] for row in rows[1:]] == names
        sheet = openpyxl.load_workbook(io.BytesIO(saved(page, "XLSX").read_bytes())).active
        assert sheet is not None
        assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == names
        page.get_by_text("这个问题的 SPARQL").click()
        page.get_by_role("link", name="在编辑器里打开").click()
        assert page.locator("#answer tbody tr").count() == len(names)


def test_a_parameter_is_suggested_by_its_initials(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url) as page:
        page.goto("/queries/fellow-members")
        box = page.get_by_label("学校（任一名称）")
        box.fill("")
        with page.expect_response("**/suggest*"):
            box.press_sequentially("xckj")
        page.locator("datalist option").first.wait_for(state="attached")
        assert page.locator("datalist option").first.get_attribute("value") == "许昌科技学校"


def test_a_wrong_value_is_told_beside_the_form(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, lang="en", allow=("400",)) as page:
        page.goto("/build?kind=AwardResult&min.count=many")
        assert "a number" in page.get_by_role("alert").inner_text()
        assert page.locator('input[name="min.count"]').input_value() == "many"


def test_a_chart_is_drawn_and_saved(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, lang="en") as page:
        page.goto("/queries/prizes-by-competition")
        page.get_by_role("link", name="Chart", exact=True).click()
        assert page.locator("figure svg rect").count() > 3
        page.get_by_role("checkbox", name="second").check()
        page.get_by_role("button", name="Show").click()
        assert "chart.y=second" in page.url
        assert saved(page, "PNG").read_bytes().startswith(b"\x89PNG")
        assert b"<svg" in saved(page, "SVG").read_bytes()


def test_the_editor_completes_from_the_service_and_runs(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, lang="en") as page:
        page.goto("/sparql")
        editor = page.locator(".CodeMirror")
        editor.wait_for()
        assert page.locator(".parseErrorIcon").count() == 0  # the prefixes of the service need no declaration
        editor.click()
        page.keyboard.press("Control+A")
        page.keyboard.type("SELECT ?school { ?school vetg:adminL")
        page.keyboard.press("Control+Space")
        hint = page.locator(".CodeMirror-hints li, .CodeMirror-line:has-text('vetg:adminLevel')").first
        hint.wait_for()
        if page.locator(".CodeMirror-hints li").count():
            page.keyboard.press("Enter")
        page.keyboard.type(" ?level }")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile("query="))
        assert page.locator("#answer tbody tr").count() > 10
        assert page.locator("#answer a.iri").first.get_attribute("href")
        page.reload()
        assert "adminLevel" in page.locator(".CodeMirror").inner_text()


def test_an_example_and_an_error_in_the_editor(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, allow=("400",)) as page:
        page.goto("/sparql")
        page.get_by_label("示例").select_option(label="民办学校")
        page.get_by_role("button", name="载入").click()
        assert "private" in page.locator(".CodeMirror").inner_text()
        page.goto("/sparql?query=SELECT%20%2A%20%7B%20%3Fs")
        assert page.get_by_role("alert").is_visible()


def test_without_scripts(report: Served, browser: Browser) -> None:
    context = browser.new_context(base_url=report.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto("/sparql")
    page.locator("textarea").fill("SELECT ?s { ?s a vetg:SecondarySchool }")
    page.locator("#editor button").click()
    assert page.locator("#answer tbody tr").count() == 20
    context.close()
