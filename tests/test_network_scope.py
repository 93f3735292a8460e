"""Networks of a report, projected, and compared: over HTTP, as files, and in a real Chromium."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe

import years
from browsing import NARROW, browsing, overflow
from serving import serving
from vetgraph import networks
from vetgraph.errors import Text
from vetgraph.networks.building import Network, Node, Tie, Words
from vetgraph.store import write_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from playwright.sync_api import Browser

    from serving import Served

PATH = "/networks/group-membership"
BOTH = f"report={years.SECOND}&against={years.FIRST}"
SLOW = ("GL Driver Message",)


def made(nodes: str, ties: list[Tie]) -> Network:
    called = {node: Node(node, Text(node, node), kind="School") for node in nodes}
    words = Words(relations={"lead": Text("牵头", "lead")})
    return Network(Text("网", "net"), Text("", ""), directed=True, nodes=called, ties=ties, words=words)


def test_both_networks_in_one() -> None:
    before = made("abc", [Tie("a", "b", "lead", 1.0, ["p"]), Tie("b", "c", "lead", 2.0), Tie("a", "c", "", 1.0)])
    after = made("abd", [Tie("a", "b", "lead", 3.0, ["q"]), Tie("a", "d", "lead", 1.0)])
    found = networks.union(networks.compare(before, after))
    assert {node.id: node.kind for node in found.nodes.values()} == {
        "a": "stayed",
        "b": "stayed",
        "c": "left",
        "d": "joined",
    }
    assert [(tie.source, tie.target, tie.relation, tie.shared, tie.passages) for tie in found.ties] == [
        ("a", "b", "changed", ["牵头", "权重 1 → 3"], ["p", "q"]),
        ("a", "c", "gone", [], []),
        ("a", "d", "new", ["牵头"], []),
        ("b", "c", "gone", ["牵头"], []),
    ]
    assert found.words.shared["权重 1 → 3"].en == "weight 1 → 3"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service over two reports, one of them made up."""
    store = tmp_path_factory.mktemp("years") / "store"
    write_store(store, years.nquads())
    with serving(store) as running:
        yield running


@pytest.fixture(scope="module")
def asking(two: Served) -> Iterator[httpx.Client]:
    with two.client(**{"Accept-Language": "en"}) as client:
        yield client


def nodes(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {node["iri"] for node in answer.json()["nodes"]}


def test_a_report_and_a_projection(asking: httpx.Client) -> None:
    whole, first = (nodes(asking.get(f"{PATH}.json{cut}")) for cut in ("", f"?report={years.FIRST}"))
    assert whole - first == {years.JOINED}
    fellows = asking.get(f"{PATH}.json?report={years.FIRST}&project=source").json()
    assert not any("/group/" in node["iri"] for node in fellows["nodes"])
    assert {edge["weight"] for edge in fellows["edges"]} == {1.0}
    told = asking.get("/networks/group-fellows.json").json()
    assert len(fellows["edges"]) <= len(told["edges"])
    text = "SELECT ?source ?target ?passage { GRAPH ?passage { ?source vetg:offers ?target } }"
    own = asking.get("/network", params={"query": text, "project": "target", "format": "json"})
    assert nodes(own)
    assert all("/programme/" in node for node in nodes(own))


def test_two_reports_as_files(asking: httpx.Client) -> None:
    told = asking.get(f"{PATH}.json?{BOTH}").json()
    assert [node["source"] for node in told["joined"]] == [years.JOINED]
    assert [node["source"] for node in told["left"]] == [years.LEFT]
    assert [tie["source"] for tie in told["new"]] == [years.JOINED]
    assert (told["unchanged"], told["changed"], told["relations"]["member"]) == (
        {"nodes": 16, "ties": 14},
        [],
        "member",
    )
    rows = list(csv.DictReader(io.StringIO(asking.get(f"{PATH}.csv?{BOTH}").content.decode("utf-8-sig"))))
    assert [row["change"] for row in rows] == ["joined", "left", "new", "gone"]
    book = openpyxl.load_workbook(io.BytesIO(asking.get(f"{PATH}.xlsx?{BOTH}").content))
    assert book["changes"].max_row == 5
    gexf = asking.get(f"{PATH}.gexf?{BOTH}")
    assert 'filename="group-membership-changes.gexf"' in gexf.headers["Content-Disposition"]
    values = [each.get("value") for each in ET.fromstring(gexf.content).iter() if each.tag.endswith("attvalue")]  # noqa: S314 - our own
    assert [values.count(change) for change in ("joined", "left", "new", "gone", "kept")] == [1, 1, 1, 1, 14]
    assert asking.get(f"{PATH}.html?{BOTH}").status_code == 404


@pytest.mark.parametrize("form", ["gexf", "graphml", "json", "cyjs", "jgf", "view.json", "nodes.csv"])
def test_files_are_packed_for_who_accepts_it(asking: httpx.Client, form: str) -> None:
    packed = asking.get(f"{PATH}.{form}", headers={"Accept-Encoding": "gzip"})
    plain = asking.get(f"{PATH}.{form}", headers={"Accept-Encoding": "identity"})
    assert (packed.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == ("gzip", False)
    assert packed.content == plain.content
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 2


def test_a_saved_network_is_sent(asking: httpx.Client) -> None:
    saved = asking.get(f"{PATH}.json?report={years.FIRST}").content
    sent = asking.post(PATH, files={"before": ("before.json", saved)}, data={"report": years.SECOND})
    assert sent.status_code == 303
    page = asking.get(sent.headers["Location"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "a network saved before" in page.text
    query = sent.headers["Location"].partition("?")[2]
    assert f"report={years.SECOND}&saved=" in query
    told = asking.get(f"{PATH}.json?{query}").json()
    assert [len(told[change]) for change in ("joined", "left", "new", "gone")] == [1, 1, 1, 1]
    fellows = asking.get(f"{PATH}.json?{query}&project=source").json()
    assert [len(fellows[change]) for change in ("joined", "left")] == [1, 1]  # the saved one is projected, too


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        (f"{PATH}?report=nowhere-1999", 400, years.SECOND),
        (f"{PATH}?against=nowhere-1999", 400, years.SECOND),
        (f"{PATH}?project=middle", 400, "source"),
        ("/networks/group-fellows?project=source", 400, "two-mode"),
        (f"{PATH}?saved=0123456789abcdef0123456789abcdef", 404, "send it again"),
        (f"{PATH}?saved=../../etc/passwd", 404, "send it again"),
        (f"{PATH}.pdf?{BOTH}", 404, "gexf"),
    ],
)
def test_what_cannot_be_had(asking: httpx.Client, address: str, status: int, said: str) -> None:
    answer = asking.get(address)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", "no file was chosen"), (b"no JSON", "it is no JSON"), (b"[" * 100_000, "it is no JSON"), (b"{}", '"graph')],
)
def test_what_is_no_saved_network(asking: httpx.Client, body: bytes, said: str) -> None:
    answer = asking.post(PATH, files={"before": ("x.json", body)}, follow_redirects=True)
    assert (answer.status_code, said in answer.json()["error"]["detail"]) == (400, True), answer.text


def test_passages_of_a_saved_network_are_no_sparql(asking: httpx.Client) -> None:
    saved = asking.get(f"{PATH}.json").json()
    saved["edges"][0]["passages"] = ["http://x> } SELECT", "javascript://x", "no IRI"]
    sent = asking.post(PATH, files={"before": ("x.json", json.dumps(saved))})
    page = asking.get(sent.headers["Location"], headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert 'href="javascript' not in page.text


@pytest.mark.browser
def test_without_scripts_and_with(two: Served, browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(base_url=two.url, locale="zh-CN", java_script_enabled=False)
    plain = context.new_page()
    plain.goto(PATH)
    plain.locator("details.network-scope summary").click()
    plain.locator("select[name=report]").select_option(years.SECOND)
    plain.locator("select[name=against]").select_option(years.FIRST)
    plain.get_by_role("button", name="显示").click()
    assert plain.locator("h1").inner_text() == "集团与成员：变化"
    assert plain.locator(".network-counts dd").all_inner_texts()[:4] == ["1", "1", "1", "1"]
    assert plain.locator(".network-drawing svg").is_visible()
    address = plain.url
    with plain.expect_download() as download:
        plain.get_by_role("link", name="JSON", exact=True).click()
    download.value.save_as(tmp_path / "changes.json")
    assert (
        json.loads((tmp_path / "changes.json").read_text(encoding="utf-8"))["joined"][0]["source_label"] == "测试学校"
    )
    context.close()
    with browsing(browser, two.url, lang="en", size=NARROW, allow=SLOW) as page:
        page.goto(address.removeprefix(two.url))
        page.wait_for_selector("#network[data-ready]")
        assert overflow(page) <= 0
        assert page.locator(".network-legend li").all_inner_texts() == ["in both (16)", "joined (1)", "left (1)"]
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
