"""The interactive view of networks, in a real Chromium: what people press, and what they take away."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from browsing import NARROW, WIDE, browsing, overflow
from vetgraph import export, networks
from vetgraph.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from serving import Served

pytestmark = pytest.mark.browser

GROUPS = "/networks/group-membership"
SLOW = ("GL Driver Message",)  # a browser without a graphics card says that reading pixels is slow
KEJI = "许昌科技学校"
BOTH = pytest.mark.parametrize("lang", ["zh", "en"])
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


def opened(page: Page, path: str) -> None:
    """Open a network's page and wait for its picture."""
    page.goto(path)
    page.wait_for_selector("#network[data-ready]")


def spot(page: Page, name: str) -> tuple[float, float]:
    """Where a node stands on the screen, as the view itself would be pointed at."""
    found: list[float] = page.evaluate(
        """name => {
          const view = window.vetgraphView;
          const node = String(view.data.search(name, 1)[0]);
          const at = view.renderer.framedGraphToViewport(view.renderer.getNodeDisplayData(node));
          const box = document.querySelector(".network-stage").getBoundingClientRect();
          return [box.x + at.x, box.y + at.y];
        }""",
        name,
    )
    return found[0], found[1]


def settled(page: Page) -> None:
    """Wait until the camera stands and the address holds it."""
    page.wait_for_function("() => !window.vetgraphView.renderer.getCamera().isAnimated()")
    page.wait_for_timeout(300)  # the address is written a moment later


@SIZES
@BOTH
def test_find_a_node_and_read_its_passages(report: Served, browser: Browser, lang: str, size: tuple[int, int]) -> None:
    with browsing(browser, report.url, lang=lang, size=size, allow=SLOW) as page:
        opened(page, GROUPS)
        assert not page.locator(".network-drawing").is_visible()
        assert overflow(page) <= 0
        box = page.get_by_role("combobox", name={"zh": "在图中找：名称", "en": "Find in the picture, by name"}[lang])
        box.fill("科技")
        options = page.locator("#network-found").get_by_role("option")
        assert KEJI in options.all_inner_texts()[0]
        box.press("ArrowDown")
        assert options.first.get_attribute("aria-selected") == "true"
        box.press("Enter")
        card = page.locator(".network-card")
        assert card.locator("h2").inner_text() == KEJI
        told = card.inner_text()
        assert {"zh": "中等职业学校", "en": "secondary vocational school"}[lang] in told
        assert {"zh": "公办", "en": "public"}[lang] in told
        assert {"zh": "成员", "en": "member"}[lang] in told
        proof = card.get_by_role("link", name="六.2 多措并举提高质量")
        assert proof.get_attribute("href") == "/report/xuchang-2025/s6-2"
        assert overflow(page) <= 0
        rows = page.locator("#network-ties tbody tr")
        assert rows.count() == 1  # the table follows: of 15 ties this one is its own
        card.get_by_role("button", name="“2+7”中高等职业教育集团").click()
        assert card.locator("h2").inner_text() == "“2+7”中高等职业教育集团"
        assert card.evaluate("card => card === document.activeElement")
        assert rows.count() == 9
        settled(page)
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
        proof = card.get_by_role("link", name="六.2 多措并举提高质量").first
        proof.click()
        page.wait_for_url("**/page/report/xuchang-2025/s6-2")


def test_pointing_lights_the_neighbourhood_and_a_click_opens_the_card(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, allow=SLOW) as page:
        opened(page, GROUPS)
        stage = page.locator(".network-stage")
        stage.scroll_into_view_if_needed()
        x, y = spot(page, "“1+5”中高等职业教育集团")
        page.mouse.move(x - 5, y - 5)
        page.mouse.move(x, y)
        page.wait_for_selector(".network-stage[data-lit='7']")  # itself and its six members
        page.mouse.click(x, y)
        assert page.locator(".network-card h2").inner_text() == "“1+5”中高等职业教育集团"
        page.keyboard.press("Escape")
        stage.focus()
        page.keyboard.press("Escape")
        assert not page.locator(".network-card").is_visible()


def test_the_keyboard_does_all(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, lang="en", allow=SLOW) as page:
        opened(page, GROUPS)
        page.locator(".network-stage").focus()
        camera = "JSON.stringify(window.vetgraphView.renderer.getCamera().getState())"
        before = page.evaluate(camera)
        page.keyboard.press("+")
        settled(page)
        near = page.evaluate(camera)
        assert json.loads(near)["ratio"] < json.loads(before)["ratio"]
        page.keyboard.press("ArrowRight")
        settled(page)
        assert json.loads(page.evaluate(camera))["x"] > json.loads(near)["x"]
        page.keyboard.press("Enter")
        page.wait_for_selector(".network-card:not([hidden])")
        assert page.locator(".network-card").evaluate("card => card === document.activeElement")
        page.keyboard.press("Escape")
        assert page.locator(".network-stage").evaluate("stage => stage === document.activeElement")
        page.keyboard.press("0")
        settled(page)
        assert json.loads(page.evaluate(camera))["ratio"] == pytest.approx(1)


@SIZES
def test_filters_change_picture_and_table(report: Served, browser: Browser, size: tuple[int, int]) -> None:
    with browsing(browser, report.url, size=size, allow=SLOW) as page:
        opened(page, GROUPS)
        rows = page.locator("#network-ties tbody tr")
        assert rows.count() == 15
        if size == NARROW:
            fold = page.get_by_role("button", name="选项")
            assert not page.locator(".network-controls").is_visible()
            fold.click()
            assert fold.get_attribute("aria-expanded") == "true"
        page.get_by_role("checkbox", name="成员").uncheck()
        assert rows.count() == 3
        assert all("牵头" in row or "龙头" in row for row in rows.all_inner_texts())
        assert "显示 5 个节点、3 条边 共 17 个节点、15 条边" in page.locator(".network-told").inner_text()
        page.get_by_label("颜色").select_option("ownership")
        assert "公办" in page.locator(".network-legend").inner_text()
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
        page.get_by_role("button", name="恢复原样").click()
        assert rows.count() == 15


def test_the_least_weight_filters_too(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, lang="en", allow=SLOW) as page:
        opened(page, "/networks/same-title")
        most = int(page.evaluate("window.vetgraphView.data.mostWeight"))
        expected = page.evaluate(f"window.vetgraphView.data.told.ties.weight.filter(each => each >= {most}).length")
        slider = page.get_by_label("Least weight")
        slider.focus()
        slider.press("End")
        assert page.locator("#network-ties tbody tr").count() == expected
        assert f"{expected} ties shown" in page.locator(".network-told").inner_text()


@BOTH
def test_a_permalink_restores_the_exact_view(report: Served, browser: Browser, lang: str) -> None:
    with browsing(browser, report.url, lang=lang, allow=SLOW) as page:
        opened(page, GROUPS)
        page.locator("[name=colour]").select_option("community")
        page.locator("[name=size]").select_option("betweenness")
        page.locator("fieldset input").nth(1).uncheck()
        page.locator("#network-find").fill("许昌职业技术学院")
        page.locator("#network-find").press("Enter")
        settled(page)
        page.locator("[data-do=in]").click()
        settled(page)
        camera = page.evaluate("window.vetgraphView.renderer.getCamera().getState()")
        told = page.locator(".network-told").inner_text()
        address = page.url
    with browsing(browser, report.url, lang=lang, allow=SLOW) as page:
        opened(page, address)
        settled(page)
        assert page.locator("[name=colour]").input_value() == "community"
        assert page.locator("[name=size]").input_value() == "betweenness"
        assert not page.locator("fieldset input").nth(1).is_checked()
        assert page.locator(".network-card h2").inner_text() == "许昌职业技术学院"
        assert page.locator(".network-told").inner_text() == told
        again = page.evaluate("window.vetgraphView.renderer.getCamera().getState()")
        assert again == pytest.approx(camera, abs=1e-3)
    with browsing(browser, report.url, lang=lang, allow=SLOW) as page:  # nonsense is left aside
        opened(page, f"{GROUPS}#colour=x&size=%3Cb%3E&weight=-1e999&without=nothing&node=nobody&at=1,NaN,0")
        assert page.locator("#network-ties tbody tr").count() == 15


def test_the_network_of_a_query_has_the_same_view(report: Served, browser: Browser) -> None:
    query = "SELECT ?source ?target { ?source vetg:within ?target }"
    with browsing(browser, report.url, allow=SLOW) as page:
        opened(page, f"/network?query={quote(query)}&directed=1")
        assert page.locator(".network-legend").inner_text()
        assert page.evaluate("window.vetgraphView.data.ties") == page.locator("#network-ties tbody tr").count()


@BOTH
def test_downloads_open(report: Served, browser: Browser, lang: str, tmp_path: Path) -> None:
    words = {
        "zh": ("图片（PNG）", "矢量图（SVG）", "离线网页（HTML）"),
        "en": ("Picture (PNG)", "Picture for print (SVG)", "Web page that works offline (HTML)"),
    }
    with browsing(browser, report.url, lang=lang, allow=SLOW) as page:
        page.goto(GROUPS)
        files = {}
        for name, word in zip(("png", "svg", "html"), words[lang], strict=True):
            link = page.get_by_role("link", name=word)
            with page.expect_download() as coming:
                link.click()
            files[name] = tmp_path / coming.value.suggested_filename
            coming.value.save_as(files[name])
        lite = page.get_by_role("link", name="Gephi Lite").get_attribute("href")
        assert lite is not None
        assert lite.startswith("https://gephi.org/gephi-lite/?file=http%3A%2F%2F127.0.0.1")
    kind, width, height = struct.unpack(">8s8xII", files["png"].read_bytes()[:24])
    assert kind == b"\x89PNG\r\n\x1a\n"
    with browsing(browser, "", lang=lang) as page:
        page.goto(files["svg"].as_uri())
        box = page.evaluate("document.documentElement.getAttribute('viewBox')").split()
        assert (width, height) == pytest.approx((2 * float(box[2]), 2 * float(box[3])), abs=2)
        fonts = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(font => font.status))")
        assert "loaded" in fonts
    the_file_works(browser, files["html"], lang)


def the_file_works(browser: Browser, file: Path, lang: str) -> None:
    """Open a page from a file: it asks nothing of any network, and its view works."""
    with browsing(browser, "", lang=lang, allow=SLOW) as page:
        opened(page, file.as_uri())
        assert page.locator("#network-ties tbody tr").count() == 15
        page.locator("#network-find").fill("科技")
        page.locator("#network-find").press("Enter")
        assert page.locator(".network-card h2").inner_text() == KEJI
        assert page.locator(".network-card").get_by_role("link", name="六.2").first.get_attribute("href") == (
            "https://w3id.org/vetgraph/report/xuchang-2025/s6-2"
        )
        fonts = page.evaluate("document.fonts.ready.then(() => [...document.fonts].map(font => font.status))")
        assert "loaded" in fonts
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()


def test_a_page_in_a_file_is_made_of_texts_and_not_of_markup(browser: Browser, tmp_path: Path) -> None:
    from test_networks import network

    made = network([("a", "b"), ("a", "b"), ("b", "b"), ("b", "c")], directed=True)
    evil = "</script><script>window.bad=1</script><img src=x onerror=window.bad=1>'\"&<!--"
    for text in (made.title, made.description, made.nodes["a"].label):
        object.__setattr__(text, "zh", evil)
        object.__setattr__(text, "en", evil)
    made.ties[0].relation = made.ties[1].shared[0] = evil
    file = tmp_path / "evil.html"
    file.write_bytes(export.write(made, "html", "en"))
    with browsing(browser, "", lang="en", allow=SLOW) as page:
        opened(page, file.as_uri())
        page.locator("#network-find").fill("script")
        page.locator("#network-find").press("Enter")
        assert page.locator(".network-card h2").inner_text() == evil
        assert page.evaluate("window.bad") is None
        assert page.locator("h1").inner_text() == evil


@SIZES
def test_without_scripts_there_are_a_drawing_and_tables(
    report: Served, browser: Browser, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        base_url=report.url, java_script_enabled=False, viewport={"width": size[0], "height": size[1]}
    )
    page = context.new_page()
    page.goto(GROUPS)
    assert page.locator(".network-drawing svg").is_visible()
    assert not page.locator("#network").is_visible()
    assert page.locator("#network-ties tbody tr").count() == 15
    context.close()


def test_without_webgl_the_drawing_stays(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, lang="en") as page:
        page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
        page.goto(GROUPS)
        page.wait_for_selector("text=This browser has no WebGL")
        assert page.locator(".network-drawing svg").is_visible()
        assert not page.locator("#network").is_visible()


def test_the_dark_view_is_accessible(report: Served, browser: Browser) -> None:
    with browsing(browser, report.url, allow=SLOW) as page:
        page.emulate_media(color_scheme="dark")
        opened(page, "/networks/collaboration")
        page.locator("#network-find").fill("教育厅")
        page.locator("#network-find").press("Enter")
        settled(page)
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()


def test_the_layout_is_stable_and_the_view_is_cached(report: Served) -> None:
    with report.client() as client:
        first = client.get(f"{GROUPS}.view.json")
        told: dict[str, Any] = first.json()
        assert len(told["nodes"]["id"]) == 17
        again = client.get(f"{GROUPS}.view.json", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    store = open_store(str(report.store))
    try:
        places = export.figure.Figure.of(networks.build(store, networks.get("group-membership"))).places
    finally:
        store.close()
    assert told["nodes"]["x"] == pytest.approx([places[each][0] for each in told["nodes"]["id"]], abs=1e-3)
