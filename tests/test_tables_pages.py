"""Tables and comparisons in a real browser: facets, files, addresses, with and without a script."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe

import cities
from browsing import NARROW, WIDE, browsing, overflow
from serving import serving
from vetgraph.store import write_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from serving import Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over Xuchang's report and two of a city that does not exist."""
    store = tmp_path_factory.mktemp("years") / "store"
    write_store(store, cities.nquads(("test-2024", 2024, Decimal("0.9")), ("test-2025", 2025, Decimal("1.1"))))
    with serving(store) as running:
        yield running


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_an_analyst_filters_sorts_and_takes_away(report: Served, browser: Browser, scripts: bool) -> None:  # noqa: FBT001
    context = browser.new_context(
        base_url=report.url, locale="zh-CN", java_script_enabled=scripts, accept_downloads=True
    )
    page = context.new_page()
    page.goto("/tables")
    page.get_by_role("link", name="获奖", exact=True).click()
    page.locator(".facets a", has_text="一等奖").click()
    assert page.locator(".chip.on").inner_text().startswith("奖项：一等奖")
    page.get_by_role("columnheader", name="数量").get_by_role("link").click()
    numbers = [int(text) for text in page.locator("tbody tr td.number").all_inner_texts()]
    assert len(numbers) == 12
    assert numbers == sorted(numbers, reverse=True)
    with page.expect_download() as coming:
        page.locator(".tools a", has_text="CSV").click()
    rows = list(csv.DictReader(io.StringIO(coming.value.path().read_bytes().decode("utf-8-sig"))))
    assert [int(row["数量"]) for row in rows] == numbers
    with page.expect_download() as coming:
        page.locator(".tools a", has_text="XLSX").click()
    book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    head = [cell.value for cell in book.worksheets[0][1]]
    assert [row[head.index("数量")] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == numbers
    page.locator("select[name=group]").select_option("recipient")
    page.get_by_role("button", name="应用").click()
    assert page.locator("figure svg").is_visible()
    assert "许昌市" in page.locator("tbody tr").first.inner_text()
    shared = page.url
    context.close()
    again = browser.new_context(locale="zh-CN")
    page = again.new_page()
    page.goto(shared)
    assert page.locator("figure svg").is_visible()
    again.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "path",
    [
        "/tables",
        "/tables/awards?group=series&by=prize&q=1&sort=-count",
        "/tables/figures?value.min=100",
        "/tables/schools?q=nothing-like-it",
        "/compare/figures",
        "/compare?of=id:school/xuchang-keji&of=id:school/xuchang-jishu",
        "/compare?add=许昌",
        "/cite?of=id:school/xuchang-keji",
    ],
)
def test_each_view_opens(report: Served, browser: Browser, path: str, lang: str, size: tuple[int, int]) -> None:
    with browsing(browser, report.url, lang=lang, size=size) as page:
        page.goto(path)
        assert overflow(page) <= 0
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()


def test_schools_are_chosen_by_name(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url) as page:
        page.goto("/compare")
        for name in ("许昌科技学校", "许昌技术经济学校"):
            page.locator("input[name=add]").fill(name)
            page.get_by_role("button", name="添加").click()
        assert page.locator("thead th").all_inner_texts() == ["许昌科技学校", "许昌技术经济学校"]
        page.get_by_role("link", name="去掉: 许昌科技学校").click()
        assert page.locator("thead th").all_inner_texts() == ["许昌技术经济学校"]


def test_years_of_a_city(years: Served, browser: Browser) -> None:
    with browsing(browser, years.url) as page:
        page.goto(
            "/compare/figures?of=id:region/test-city@2024&of=id:region/test-city@2025&indicator=code:indicator/students"
        )
        assert page.locator("figure .c-line").count() == 1
        row = page.locator("tbody tr", has=page.locator('a[href="/page/code/indicator/students"]')).first
        assert "+22.2%" in row.inner_text()
