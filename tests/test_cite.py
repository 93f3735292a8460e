"""Citations: three styles, of things and of pages; what a page's head says to programs."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from vetgraph.build import build_graph
from vetgraph.web import create_app
from vetgraph.web.describing import references

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from vetgraph.graph import VetGraph

ROOT = Path(__file__).parent.parent
KEJI = "https://w3id.org/vetgraph/id/school/xuchang-keji"
ODD = references.Reference(
    "k", "a {b} & 50% \\x\n#", "vetgraph", "http://h/t?a=1&b=2", "e1", "某报告（2025-12-25）", "2026-01-02", "zh"
)


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(ROOT / "data", validate=False)


@pytest.fixture(scope="module")
def web(graph: VetGraph) -> FlaskClient:
    return create_app(graph.store).test_client()


def test_bibtex_survives_what_tex_reads() -> None:
    written = references.bibtex(ODD)
    assert r"title = {{a \{b\} \& 50\% \textbackslash{}x \#}}" in written
    assert "url = {http://h/t?a=1&b=2}" in written
    assert written.count("\n}\n") == 1


def test_ris_is_one_record() -> None:
    lines = references.ris(ODD).split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[-2] == "ER  - "
    assert "UR  - http://h/t?a=1&b=2" in lines
    assert "Y2  - 2026/01/02" in lines
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


def test_gbt_names_dataset_date_and_address() -> None:
    assert references.gbt(ODD) == "a {b} & 50% \\x #[DS/OL]//vetgraph. e1[2026-01-02]. http://h/t?a=1&b=2.\n"


@pytest.mark.parametrize(
    "of",
    [KEJI, "id:school/xuchang-keji", "/page/school/xuchang-keji", "http://localhost/page/school/xuchang-keji"],
)
def test_a_thing_is_cited_by_its_iri(web: FlaskClient, of: str) -> None:
    found = web.get("/cite", query_string={"of": of, "style": "gbt", "lang": "zh"}).text
    assert found.startswith("许昌科技学校[DS/OL]//vetgraph")
    assert found.rstrip().endswith(f"{KEJI}.")
    assert "许昌市中等职业教育质量年度报告" in web.get("/cite", query_string={"of": of, "style": "bibtex"}).text


@pytest.mark.parametrize(
    ("of", "title"),
    [
        ("/tables/awards?prize=code:prize/first&lang=zh", "获奖"),
        ("/queries/private-schools", "民办"),
        ("/networks/group-fellows", "同一集团的院校"),
        ("/compare/figures?of=id:region/xuchang@2025", "区划与年度的数字对比"),
    ],
)
def test_a_page_is_cited_by_its_address(web: FlaskClient, of: str, title: str) -> None:
    found = web.get("/cite", query_string={"of": of, "style": "ris", "lang": "zh"})
    assert found.status_code == 200
    assert title in found.text
    assert "lang=" not in found.text
    page = web.get("/cite", query_string={"of": of, "lang": "en"})
    assert page.status_code == 200


@pytest.mark.parametrize(
    "of",
    [
        "/",
        "/tables/none",
        "/nothing",
        "//evil.example/x",
        "javascript:alert(1)",
        "http://example.org/x",
        "x" * 9000,
        "<b>",
        "id:school/none",
    ],
)
def test_what_cannot_be_cited_is_refused(web: FlaskClient, of: str) -> None:
    assert web.get("/cite", query_string={"of": of}).status_code == 404
    assert web.get("/cite", query_string={"of": KEJI, "style": "apa"}).status_code == 400


def test_the_head_tells_programs_what_the_page_is(web: FlaskClient) -> None:
    page = web.get("/page/school/xuchang-keji?lang=zh").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert block is not None
    about, thing = json.loads(block[1])
    assert about["mainEntity"]["@id"] == KEJI
    assert about["name"] == "许昌科技学校"
    quads = list(ox.parse(input=json.dumps(thing), format=ox.RdfFormat.JSON_LD))
    assert any(str(quad.object) == '"许昌科技学校"@zh' for quad in quads)
    assert f'rel="cite-as" href="{KEJI}"' in page
    description = re.search(r'property="og:description" content="([^"]*)"', page)
    assert description is not None
    assert "办学性质：公办" in html.unescape(description[1])
    assert 'type="text/turtle"' in page


def test_the_dataset_as_a_whole_is_cited(web: FlaskClient) -> None:
    page = web.get("/cite?lang=zh").text
    assert "职业教育质量年报图谱[DS/OL]. " in page
    assert "style=ris" in page
    assert "T2  -" not in web.get("/cite?style=ris").text
    assert ">引用方式</a>" in web.get("/tables?lang=zh").text.partition("<footer")[2]
