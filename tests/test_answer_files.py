"""Answers of named queries as files: headings for people, typed cells, where they come from."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from vetgraph import queries
from vetgraph.build import build_graph
from vetgraph.errors import UsageError
from vetgraph.results import Solutions
from vetgraph.views import files
from vetgraph.web import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from vetgraph.store import Store

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def store() -> Store:
    return build_graph(ROOT / "data", validate=False).store


@pytest.fixture(scope="module")
def web(store: Store) -> FlaskClient:
    return create_app(store).test_client()


def lines(client: FlaskClient, address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(address).data.decode("utf-8-sig"))))


def told(found: Solutions) -> list[list[tuple[str, ...]]]:
    """Return rows as text; what a cell joins has no order of its own."""
    return sorted([tuple(sorted(str(value).split("；"))) for value in row.values()] for row in found)


def test_headings_are_in_the_readers_language_where_asked_for(web: FlaskClient) -> None:
    variables = lines(web, "/queries/school-prizes?format=csv&lang=zh")[0]
    assert variables[:2] == ["school", "prizes"]
    labels = lines(web, "/queries/school-prizes?format=csv&headings=labels&lang=zh")
    assert labels[0][:2] == ["学校", "获奖数"]
    assert len(labels) == len(lines(web, "/queries/school-prizes?format=csv"))
    english = lines(web, "/queries/titles-by-kind?format=csv&headings=labels&lang=en")[0]
    assert len(english) < len(lines(web, "/queries/titles-by-kind?format=csv")[0])  # one name of each pair
    page = web.get("/queries/school-prizes?lang=zh", headers={"Accept": "text/html"}).text
    assert "format=csv&amp;headings=labels&amp;lang=zh" in page
    assert "format=json&amp;headings" not in page


def test_a_workbook_has_types_and_says_where_it_comes_from(web: FlaskClient, store: Store) -> None:
    answer = web.get("/queries/students?format=xlsx&year=2025&lang=zh")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows, source = book.worksheets
    assert rows.title == queries.get("students").title.zh
    assert any(isinstance(cell.value, (int, float)) for row in rows.iter_rows(min_row=2) for cell in row)
    told = {str(row[0].value): str(row[1].value) for row in source.iter_rows()}
    assert told["年份"] == "2025"
    assert told["报告"].startswith("许昌市")
    assert "/queries/students?year=2025" in told["网址"]
    again = store.query(told["查询"])
    assert isinstance(again, Solutions)
    assert len(again) == rows.max_row - 1
    plain = openpyxl.load_workbook(io.BytesIO(web.get("/queries/students?format=xlsx&headings=variables&lang=zh").data))
    assert plain.worksheets[0]["A1"].value in again.variables


@pytest.mark.parametrize("name", queries.catalogue())
def test_the_query_that_a_file_tells_gives_the_same_rows(store: Store, name: str) -> None:
    query = queries.get(name)
    try:
        answer = queries.ask(store, query, {})
    except UsageError:  # it needs a value that has no default
        return
    again = store.query(queries.written(store, query, {}))
    assert isinstance(answer, Solutions)
    assert isinstance(again, Solutions)
    assert told(again) == told(answer)


def test_a_question_put_together_is_a_file_of_the_same_kind(web: FlaskClient) -> None:
    address = "/build?kind=School&show=prefLabel&is.ownership=private&lang=zh&format=xlsx"
    book = openpyxl.load_workbook(io.BytesIO(web.get(address).data))
    assert len(book.worksheets) == 2
    assert "SELECT" in str(book.worksheets[1].cell(row=book.worksheets[1].max_row, column=2).value)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/queries/students?format=csv&headings=none", 400),
        ("/queries/students?format=json&headings=labels", 400),
        ("/queries/students?format=docx", 400),
        ("/queries/students?format=xlsx&headings=<b>", 400),
    ],
)
def test_what_cannot_be_is_refused(web: FlaskClient, path: str, status: int) -> None:
    assert web.get(path).status_code == status


def test_what_a_workbook_cannot_hold_is_text() -> None:
    moment = dt.datetime(2025, 1, 2, 3, 4, tzinfo=dt.UTC)
    sheet = files.Sheet("a/b", ["t"], [[moment], [float("nan")], ["=1+1"]], ["t"], [("q", "x")], "a b")
    book = openpyxl.load_workbook(io.BytesIO(files.written(sheet, "xlsx")))
    assert [row[0] for row in book.worksheets[0].iter_rows(values_only=True)] == [
        "t",
        moment.isoformat(),
        "nan",
        "=1+1",
    ]
    assert book.sheetnames == ["a b", "a b 2"]
