"""Pages of what very much points at: the facts at once, the rest by a request of its own, with and without scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import vetgraph
from browsing import browsing
from serving import serving
from vetgraph import names
from vetgraph.store import EmbeddedStore, write_store
from vetgraph.web import create_app
from vetgraph.web.finding import home, pictures
from vetgraph.web.networking import networks
from vetgraph.web.tabular import tabling

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent
MANY = 2_100
PASSAGES = 40


def graph() -> bytes:
    """Return a region with very many schools, of which the first is told of in many passages."""
    region, vetg = f"<{names.BASE}id/region/a>", names.PREFIXES["vetg"]
    is_a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    label = f"<{names.PREFIXES['skos']}prefLabel>"
    lines = [f"{region} {is_a} <{vetg}Region> .", f'{region} {label} "甲市"@zh .']
    for number in range(MANY):
        school = f"<{names.BASE}id/school/s{number}>"
        lines.append(f'{school} {label} "第{number}学校"@zh .')
        lines.append(f"{school} {is_a} <{vetg}SecondarySchool> .")
        lines.append(f"{school} <{vetg}region> {region} .")
    college = f"<{names.BASE}id/college/c>"
    lines += [f"{college} {is_a} <{vetg}HigherCollege> .", f"{college} <{vetg}region> {region} ."]
    for number in range(PASSAGES):
        passage = f"<{names.BASE}report/a/p{number}>"
        lines.append(f"<{names.BASE}id/school/s0> {is_a} <{vetg}SecondarySchool> {passage} .")
        lines.append(f"{passage} <{vetg}inReport> <{names.BASE}report/a> .")
        lines.append(f'{passage} <{vetg}section> "{number}" .')
    return "\n".join([*lines, ""]).encode()


def test_what_points_at_a_thing_comes_later_where_it_is_very_much() -> None:
    app = create_app(EmbeddedStore.of(graph()))
    app.testing = True
    client = app.test_client()
    first = client.get("/page/region/a?lang=zh").text
    assert "甲市" in first
    assert "第7学校" not in first
    (address,) = set(re.findall(r'data-later="([^"]*)"', first))
    whole = client.get(address.replace("&amp;", "&")).text
    assert "data-later" not in whole
    assert 'id="told-of"' in whole
    assert 'id="jump"' in whole
    assert f"{MANY:,}" in whole
    assert len(re.findall(r">第\d+学校<", whole)) == 50


def test_of_very_many_passages_some_are_marked_and_the_others_counted() -> None:
    app = create_app(EmbeddedStore.of(graph()))
    app.testing = True
    page = app.test_client().get("/page/school/s0?lang=en").text
    assert page.count('class="mark"') == 12
    assert f"and {PASSAGES - 12} more" in page


def test_while_a_large_table_is_read_its_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabling, "_LARGE", MANY - 1)
    app = create_app(EmbeddedStore.of(graph()))
    app.testing = True
    client = app.test_client()
    for path in ("/tables/schools?ownership=-&lang=en", "/compare?lang=en"):
        first = client.get(path)
        assert f"{MANY:,} rows are being read" in first.text
        assert first.headers["Cache-Control"] == "no-store"
    assert len(client.get("/tables/schools.csv").text.splitlines()) == MANY + 1  # a file waits, and reads it
    page = client.get("/tables/schools?ownership=-&lang=en").text
    assert "being read" not in page
    assert f"{MANY:,}" in page
    other = create_app(EmbeddedStore.of(graph()))
    (address,) = re.findall(r'data-reload="([^"]*)"', other.test_client().get("/tables/schools?q=第7学校").text)
    whole = other.test_client().get(address.replace("&amp;", "&")).text
    assert "第7学校" in whole


def test_while_the_network_of_a_large_graph_is_measured_its_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "_MANY", MANY - 1)
    app = create_app(EmbeddedStore.of(graph()))
    client = app.test_client()
    first = client.get("/networks/collaboration?lang=en").text
    assert "is being measured" in first
    (address,) = re.findall(r'data-reload="([^"]*)"', first)
    assert client.get(address.replace("&amp;", "&")).status_code == 200
    assert "is being measured" not in client.get("/networks/collaboration?lang=en").text


def test_the_first_page_of_a_large_graph_has_its_charts_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_MANY", 10)
    with vetgraph.build(ROOT / "data", validate=False) as built:
        client = create_app(built.store).test_client()
        first = client.get("/?lang=en").text
        (address,) = set(re.findall(r'data-later="([^"]*)"', first))
        assert "<svg" not in first
        whole = client.get(address.replace("&amp;", "&")).text
        assert set(re.findall(r'<figure[^>]* id="([\w-]+)"', whole)) == set(pictures.KINDS)
        assert whole.count("<svg") >= len(pictures.KINDS)  # a chart of several units has several drawings
        assert 'id="charts"' in whole
        assert "<svg" in client.get("/?lang=en").text  # they are kept


@pytest.mark.browser
def test_a_browser_puts_it_in_its_place(tmp_path: Path, browser: Browser) -> None:
    write_store(tmp_path / "store", graph())
    with serving(tmp_path / "store") as served:
        with browsing(browser, served.url) as page:
            page.goto("/page/region/a")
            panel = page.locator("section.panel", has=page.get_by_role("heading", name="区域内的中等职业学校"))
            expect(panel.locator("tbody tr").first).to_contain_text("学校")
            expect(page.locator("[data-later]")).to_have_count(0)
            expect(page.locator("nav.jump a").first).to_be_visible()
            assert not Axe().run(page).response["violations"]
        context = browser.new_context(base_url=served.url, locale="en-US", java_script_enabled=False)
        page = context.new_page()
        page.goto("/page/region/a")
        page.get_by_role("link", name="Show it all").click()
        expect(page.get_by_role("heading", name="Secondary schools here")).to_be_visible()
        context.close()


@pytest.mark.browser
def test_while_a_large_graph_is_checked_the_page_of_checks_says_so(tmp_path: Path, browser: Browser) -> None:
    kind = f"<{names.PREFIXES['vetg']}Thing>"
    is_a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    things = (f"<{names.BASE}id/thing/t{number}> {is_a} {kind} .\n" for number in range(50_001))
    write_store(tmp_path / "store", "".join(things).encode() + graph())
    with serving(tmp_path / "store") as served, browsing(browser, served.url, lang="en") as page:
        page.goto("/checks")
        expect(page.locator("[data-reload]")).to_contain_text("The graph is being checked")
        expect(page.locator("input[type=file]")).to_be_visible(timeout=60_000)
        assert page.url.endswith("/checks")
