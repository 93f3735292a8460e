"""The pages in a real browser: they open in both languages, wide and narrow, and complain of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from browsing import NARROW, WIDE, browsing, overflow

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from serving import Served

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/networks",
    "/networks/group-fellows",
    "/checks",
    "/sparql",
    "/id/school/xuchang-keji",
    "/tables",
    "/tables/schools",
    "/tables/awards?group=series&by=prize",
    "/page/report/xuchang-2025/s6-2",
    "/page/region/xuchang",
    "/page/code/ownership/private",
    "/compare",
    "/compare/figures",
]
"""A page of each kind."""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens(report: Served, browser: Browser, path: str, lang: str, size: tuple[int, int]) -> None:
    with browsing(browser, report.url, lang=lang, size=size) as page:
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == {"zh": "zh-CN", "en": "en"}[lang]
        assert overflow(page) <= 0
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
