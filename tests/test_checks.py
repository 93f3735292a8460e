"""Files that are sent to be checked: what is said of them, and that nothing is stored."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from serving import serving
from vetgraph.build import build
from vetgraph.store import open_store
from vetgraph.template import new_report
from vetgraph.validate import validate_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from serving import Served

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "data" / "reports" / "xuchang-2025"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The report's tables in a workbook as ``vetgraph new`` makes it, with one wrong and one odd cell."""
    import csv

    folder = new_report(tmp_path_factory.mktemp("new"), "xuchang-2025")
    book = openpyxl.load_workbook(folder / "xuchang-2025.xlsx")
    for sheet in book.worksheets:
        table = REPORT / f"{sheet.title}.csv"
        if not table.is_file():
            continue
        with table.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        places = {name: number for number, name in enumerate(column_names(sheet.title), 1)}
        for number, row in enumerate(rows, 2):
            for name, text in zip(header, row, strict=True):
                sheet.cell(number, places[name], text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column_names(table: str) -> list[str]:
    from vetgraph import csvw, resources

    schema = csvw.read_schema(resources.folder("tables") / f"{table}.json", [])
    assert schema is not None
    return [column.name for column in schema.real]


def changed(filled: bytes, sheet: str, cell: tuple[int, str], value: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(filled))
    book[sheet].cell(cell[0], column_names(sheet).index(cell[1]) + 1, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    store = tmp_path_factory.mktemp("checks") / "store"
    build(ROOT / "data", store)
    with serving(store, "--timeout", "60") as running, running.client() as asking:
        yield asking


def send(client: httpx.Client, body: bytes, name: str, accept: str = "application/json") -> httpx.Response:
    return client.post("/validate", files={"file": (name, body)}, headers={"Accept": accept})


def test_a_good_workbook_conforms(client: httpx.Client, filled: bytes) -> None:
    answer = send(client, filled, "xuchang-2025.xlsx")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"conforms": True, "problems": [], "notes": []}


def test_a_wrong_cell_is_named_as_the_sender_names_it(client: httpx.Client, filled: bytes) -> None:
    answer = send(client, changed(filled, "figures", (8, "value"), "x"), "许昌 2025.xlsx").json()
    (problem,) = answer["problems"]
    assert (problem["file"], problem["row"], answer["conforms"]) == ("许昌 2025.xlsx#figures", 8, False)


def test_a_broken_sum_points_at_all_its_cells(client: httpx.Client, filled: bytes) -> None:
    answer = send(client, changed(filled, "figures", (8, "value"), "20129"), "xuchang-2025.xlsx").json()
    (problem,) = answer["problems"]
    assert problem["shape"].endswith("figure-all-parts")
    assert [cell["row"] for cell in (problem, *problem["related"])] == [5, 8, 11]


def test_the_marked_workbook_opens_and_shows_the_cell(client: httpx.Client, filled: bytes) -> None:
    answer = send(client, changed(filled, "figures", (8, "value"), "20129"), "xuchang-2025.xlsx", XLSX)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book["problems"].max_row >= 2
    comments = [cell.comment.text for row in book["figures"].iter_rows() for cell in row if cell.comment]
    assert any("20129" in text or "36673" in text for text in comments)


def test_tables_as_csv_files(client: httpx.Client) -> None:
    names = ("report", "passages", "figures")
    files = [("file", (f"{name}.csv", (REPORT / f"{name}.csv").read_bytes())) for name in names]
    assert client.post("/validate", files=files).json()["conforms"]
    files[2] = ("file", ("numbers.csv", b"a,b\n1,2\n"))
    (problem,) = client.post("/validate", files=files).json()["problems"]
    assert "figures" in problem["fix"]["en"]


@pytest.mark.parametrize("suffix", ["ttl", "trig"])
def test_a_graph_is_checked_with_what_the_store_knows(client: httpx.Client, suffix: str) -> None:
    school = "<https://w3id.org/vetgraph/id/school/changge-lixing>"
    body = (
        f"<http://example.org/m> a <http://www.w3.org/ns/org#Membership> ; <http://www.w3.org/ns/org#member> {school} ."
    )
    found = send(client, body.encode(), f"one.{suffix}").json()
    assert {problem["shape"] for problem in found["problems"]}
    assert not any("sh:class" in problem["message"]["en"] for problem in found["problems"])
    report = send(client, body.encode(), f"one.{suffix}", "text/turtle").text
    assert "ValidationReport" in report
    assert client.post("/sparql", data={"query": "ASK { <http://example.org/m> ?p ?o }"}).json()["boolean"] is False


@pytest.mark.parametrize(
    ("name", "body", "status", "said"),
    [
        ("a.ttl", b"<a", 400, "malformed"),
        ("a.doc", b"x", 400, "cannot be checked"),
        ("a.xlsx", b"no workbook", 200, "not an XLSX workbook"),
        ("figures.csv", b"", 200, "empty"),
    ],
)
def test_what_cannot_be_read(client: httpx.Client, name: str, body: bytes, status: int, said: str) -> None:
    answer = send(client, body, name)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_what_was_not_checked_is_said(client: httpx.Client) -> None:
    body = "<http://example.org/m> a <http://www.w3.org/ns/org#Membership> ."
    (note,) = send(client, body.encode(), "one.ttl").json()["notes"]
    assert note["en"].startswith("not checked (the data have no named graphs): fact-cited")
    browser = {"Accept": "text/html", "Accept-Language": "en"}
    page = client.post("/checks", files={"file": ("one.ttl", body)}, headers=browser)
    assert "not checked (the data have no named graphs): fact-cited" in page.text


def test_more_problems_than_a_page_lists(client: httpx.Client) -> None:
    body = "".join(f"<http://example.org/{n}> a <https://w3id.org/vetgraph/def#LearningBrand> .\n" for n in range(501))
    page = client.post("/checks", files={"file": ("many.ttl", body)}, headers={"Accept-Language": "en"})
    assert re.search(r"Problems: \d{3,}; the first are listed: 500", page.text), page.text[:3000]


def test_a_store_that_takes_too_long_leaves_the_page_its_form(tmp_path: Path) -> None:
    build(ROOT / "data", tmp_path / "store")
    with serving(tmp_path / "store", "--timeout", "0.1") as running, running.client() as asking:
        page = asking.get("/checks", headers={"Accept": "text/html", "Accept-Language": "en"})
        assert page.status_code == 200
        assert "stopped after 0.1 seconds" in page.text
        assert 'type="file"' in page.text
        sent = asking.post("/validate", files={"file": ("one.ttl", b"<x:a> a <x:b> ." * 1000)})
        assert sent.status_code == 503
        assert "vetgraph validate" in sent.json()["error"]["fix"]


def test_without_a_form(client: httpx.Client) -> None:
    answer = client.post("/validate", content=b"", headers={"Content-Type": "text/turtle"})
    assert answer.json() == {"conforms": True, "problems": [], "notes": []}
    assert client.post("/validate", content=b"x", headers={"Content-Type": "image/png"}).status_code == 400
    assert client.post("/validate", files={"other": "x"}).status_code == 400
    assert client.get("/validate").status_code == 405
    assert client.post("/validate?format=pdf", content=b"").status_code == 400
    assert client.options("/validate").headers["Access-Control-Allow-Origin"] == "*"


def test_the_page_shows_the_stores_own_check_and_that_of_a_file(client: httpx.Client, filled: bytes) -> None:
    browser = {"Accept": "text/html", "Accept-Language": "zh"}
    page = client.get("/checks", headers=browser)
    assert page.status_code == 200
    assert "全部事实都合乎形状" in page.text
    assert "Content-Security-Policy" in page.headers
    bad = changed(filled, "figures", (8, "value"), "20129")
    page = client.post("/checks", files={"file": ("许昌.xlsx", bad)}, headers=browser)
    assert "有要改的地方" in page.text
    assert 'title="许昌.xlsx#figures">许昌.xlsx#figures:5:<wbr>' in page.text
    assert "/page/report/sent" not in page.text  # what is only sent has no page
    known = client.post("/checks", files={"file": ("xuchang-2025.xlsx", bad)}, headers=browser)
    assert '<a href="/page/report/xuchang-2025/s1-1">一.1 规模和结构</a> <small>第 11–13 行</small>' in known.text
    assert client.post("/checks", files={"file": ("许昌.doc", b"x")}, headers=browser).status_code == 400


def test_a_store_is_checked_where_it_lies(tmp_path: Path) -> None:
    build(ROOT / "data", tmp_path / "store")
    assert validate_store(open_store(tmp_path / "store")).results == ()


def test_the_page_tells_the_doubts_with_their_passages_and_cells(report: Served) -> None:
    with report.client(Accept="text/html", **{"Accept-Language": "zh"}) as browser:
        page = browser.get("/checks").text
    table = page.partition('id="doubts"')[2]
    rows = table.split("<tr>")[2:]
    assert len(rows) == 25
    assert all('href="/page/report/xuchang-2025/' in row for row in rows)
    assert all('title="reports/xuchang-2025/notes.csv"' in row for row in rows)
    (status,) = (row for row in rows if "拟通过验收" in row and "涉及 9 项" in row)
    assert "现代学徒制示范点 · 许昌科技学校 · 机电技术应用</a>" in status
    assert "第 63–72 行" in status
    assert "xuchang-2025/<wbr>designations.csv:19:<wbr>id" in status


def test_programs_get_the_checks_as_json(report: Served) -> None:
    with report.client(Accept="application/json") as program:
        told = program.get("/checks").json()
        assert program.get("/checks?format=pdf").status_code == 400
        assert "<h1>校验</h1>" in program.get("/checks?format=html&lang=zh").text
    assert (told["conforms"], told["problems"], told["cells"], len(told["doubts"])) == (True, [], True, 25)
    (units,) = (doubt for doubt in told["doubts"] if doubt["iri"].endswith("training-units"))
    assert units["cell"] == {"file": "reports/xuchang-2025/notes.csv", "row": 5, "column": "comment_zh", "line": 5}
    assert [place["first"] for place in units["passages"]] == [100]
    labels = [(target["label"]["en"].split(" · ")[0], target["cell"]["row"]) for target in units["targets"]]
    assert labels == [("people trained", 29), ("people trained", 31)]


def test_in_front_of_another_service_doubts_name_passages_only(report: Served) -> None:
    with serving(f"{report.url}/sparql") as front, front.client(**{"Accept-Language": "en"}) as client:
        page = client.get("/checks", headers={"Accept": "text/html"}).text
        told = client.get("/checks?format=json").json()
        sent = client.post("/validate", files={"file": ("one.ttl", b"<x:a> a <x:b> .")})
    assert "so only passages are named" in page
    assert (told["conforms"], told["cells"], len(told["doubts"])) == (True, False, 25)
    assert all(doubt["cell"] is None and doubt["passages"] for doubt in told["doubts"])
    assert sent.json()["conforms"]
