"""The first page: its counts are those of the tables they lead to, its charts those of their queries and files."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest

import vetgraph
from vetgraph import names
from vetgraph.search import index
from vetgraph.store import EmbeddedStore
from vetgraph.web.app import create_app
from vetgraph.web.describing import sitemap
from vetgraph.web.finding import pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

ROOT = Path(__file__).parent.parent
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def graph() -> Iterator[vetgraph.VetGraph]:
    with vetgraph.build(ROOT / "data", validate=False) as built:
        yield built


@pytest.fixture(scope="module")
def client(graph: vetgraph.VetGraph) -> FlaskClient:
    app = create_app(graph.store)
    app.testing = True
    return app.test_client()


def read(client: FlaskClient, address: str) -> ET.Element:
    return ET.fromstring(client.get(address.removeprefix("http://localhost")).data)  # noqa: S314 - our own document


def test_the_counts_are_those_of_the_tables(client: FlaskClient) -> None:
    page = client.get("/?lang=en").text
    sizes = re.findall(r'<a[^>]* href="(/tables/[\w-]+)"[^>]*>\s*(?:<strong>|[^<]+<span class="many">)([\d,]+)<', page)
    assert len(sizes) > 15
    for path, size in sizes:
        rows = csv.reader(io.StringIO(client.get(f"{path}.csv").data.decode("utf-8-sig")))
        assert len(list(rows)) - 1 == int(size.replace(",", "")), path


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    for lang in ("zh", "en"):
        page = client.get(f"/?lang={lang}").text
        for target in set(re.findall(r'(?:href|action|data-suggest)="(/[^"]*)"', page)):
            if target != "/checks":  # the service answers it, not the application
                found = client.get(target.replace("&amp;", "&"), headers={"Accept": "text/html"})
                found.close()
                assert found.status_code == 200, target


@pytest.mark.parametrize("name", pictures.KINDS)
def test_a_chart_and_its_files(client: FlaskClient, graph: vetgraph.VetGraph, name: str) -> None:
    query = (ROOT / f"src/vetgraph/queries/charts/{name}.rq").read_text(encoding="utf-8")
    answer = graph.query(query)
    assert isinstance(answer, vetgraph.Solutions)
    told = [float(str(row["value"])) for row in answer]
    assert told
    rows = list(csv.DictReader(io.StringIO(client.get(f"/charts/{name}.csv?lang=en").data.decode("utf-8-sig"))))
    assert [float(row["Number"]) for row in rows] == told
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/charts/{name}.xlsx?lang=zh").data)).worksheets[0]
    assert any(cell.value == told[0] for row in sheet.iter_rows() for cell in row)
    parts = [
        read(client, f"/charts/{name}.svg?lang=zh&part={part}") for part in ((1, 2) if name == "targets" else (1,))
    ]
    texts = " ".join(text for drawn in parts for text in drawn.itertext())
    assert "许昌市中等职业教育质量年度报告" in texts
    assert all(str(row["categoryZh"])[:6] in texts for row in answer)
    assert client.get(f"/charts/{name}.png").data.startswith(b"\x89PNG")
    assert client.get(f"/charts/{name}").headers["Location"].endswith(f"#{name}")


def test_targets_of_different_units_are_drawn_apart(client: FlaskClient) -> None:
    first, second = (" ".join(read(client, f"/charts/targets.svg?lang=zh&part={part}").itertext()) for part in (1, 2))
    mixed, persons = (first, second) if "人次" in first else (second, first)
    assert "职业技能培训人数" in mixed
    assert "取证人数" in persons
    assert "人次" not in persons
    assert client.get("/charts/targets.svg?part=3").status_code == 404
    assert "/charts/targets.svg?part=2" in client.get("/?lang=zh").text


def test_the_chart_of_schools_counts_them(graph: vetgraph.VetGraph, client: FlaskClient) -> None:
    asked = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a vetg:SecondarySchool ; vetg:adminLevel ?l ; vetg:ownership ?o }"
    answer = graph.query(asked)
    assert isinstance(answer, vetgraph.Solutions)
    rows = csv.DictReader(io.StringIO(client.get("/charts/schools.csv?lang=en").data.decode("utf-8-sig")))
    assert sum(int(row["Number"]) for row in rows) == answer[0]["n"]


@pytest.mark.parametrize(
    "path", ["/charts/none.svg", "/charts/schools.exe", "/charts/..%2F", "/sitemap/9.xml", f"/sitemap/{10**30}.xml"]
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_store_with_nothing_in_it_has_a_page() -> None:
    app = create_app(EmbeddedStore.of(b""))
    app.testing = True
    page = app.test_client().get("/?lang=zh")
    assert page.status_code == 200
    assert "职业教育" in page.text


def test_the_sitemap_has_every_named_thing_and_no_dead_address(
    client: FlaskClient, graph: vetgraph.VetGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 100)
    parts = [each.text or "" for each in read(client, "/sitemap.xml").iter(f"{SPACE}loc")]
    listed = [each.text or "" for part in parts for each in read(client, part).iter(f"{SPACE}loc")]
    assert len(listed) == len(set(listed))
    things = graph.search("", limit=index.MOST)
    assert "http://localhost/page/school/xuchang-keji" in listed
    pages = [each for each in listed if "/page/" in each]
    assert len(pages) == sum("/def#" not in hit.iri and hit.iri != f"{names.BASE}def" for hit in things.hits)
    for address in [*(each for each in listed if "/page/" not in each), *pages[::40]]:
        path = address.removeprefix("http://localhost")
        if path != "/checks":
            assert client.get(path, headers={"Accept": "text/html"}).status_code == 200, path


def test_crawlers_are_told_where_the_sitemap_is(client: FlaskClient) -> None:
    text = client.get("/robots.txt", base_url="https://data.example.org/vet/").text
    assert "Sitemap: https://data.example.org/vet/sitemap.xml" in text
    assert "Disallow: /vet/search" in text
