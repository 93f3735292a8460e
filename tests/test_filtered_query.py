"""What is seen of a table as SPARQL: the query gives the same rows, columns, order and groups as the table."""

from __future__ import annotations

import io
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pyoxigraph as ox
import pytest

from vetgraph import views
from vetgraph.build import build_graph
from vetgraph.labels import Labels
from vetgraph.results import Solutions
from vetgraph.terms import python_value
from vetgraph.views import choosing, grouping, rows, sparql
from vetgraph.views.table import Table
from vetgraph.web import create_app
from vetgraph.web.tabular import tabling

if TYPE_CHECKING:
    from vetgraph.store import Store

ROOT = Path(__file__).parent.parent


@cache
def store() -> Store:
    return build_graph(ROOT / "data", validate=False).store


@cache
def table(name: str, lang: str = "zh") -> Table:
    view, labels = views.get(name), Labels()
    lines = rows.read(store(), view)
    tabling.name_all(store(), labels, view, lines)

    def called(value: Any) -> str:  # noqa: ANN401 - an RDF term, or a number
        if isinstance(value, ox.NamedNode):  # what has no name is its IRI in a query
            return labels.text(value.value, lang) if labels.of(value.value) else value.value
        return value.value if isinstance(value, ox.Literal) else str(value)

    return Table(view, lines, called, lang)


def asked(made: Table, *pairs: tuple[str, str]) -> tuple[choosing.Choice, Solutions]:
    choice = choosing.read(made.view, pairs)
    found = store().query(sparql.written(made, choice, sparql.Words()))
    assert isinstance(found, Solutions)
    return choice, found


def parts(value: Any) -> list[str]:  # noqa: ANN401 - a cell
    """Return a cell as text; what it joins has no order, a number no form."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return [f"{float(value):g}"]
    return sorted(str(value).split("；")) if value not in {None, ""} else []


def expected(made: Table, line: rows.Line, column: views.Column) -> list[str]:
    values = tabling.own_language(made.values(line, column.name), made.lang)
    if len(values) == 1 and not isinstance(values[0], ox.NamedNode):
        return parts(python_value(values[0]) if isinstance(values[0], ox.Literal) else values[0])
    return parts("；".join(made.text(value) for value in values))


def same(made: Table, choice: choosing.Choice, found: Solutions) -> None:
    lines = {line.thing: line for line in made.chosen(choice)[0]}
    assert {str(row["thing"]) for row in found} == set(lines)
    assert len(found) == len(lines)
    columns = made.columns(choice)
    for row in found:
        cells = [parts(row[name]) for name in found.variables[: len(columns)]]
        assert cells == [expected(made, lines[str(row["thing"])], column) for column in columns]


@pytest.mark.parametrize(
    ("name", "lang"),
    [*((name, "zh") for name in views.catalogue()), *((n, "en") for n in ("codes", "notes", "awards"))],
)
def test_the_query_of_a_table_gives_its_rows(name: str, lang: str) -> None:
    made = table(name, lang)
    same(made, *asked(made, *(("col", column.name) for column in made.view.columns)))


@pytest.mark.parametrize("name", views.catalogue())
def test_facets_and_bounds_filter_as_in_the_table(name: str) -> None:
    made = table(name)
    for column, bins in made.chosen(choosing.Choice())[1].items():
        same(made, *asked(made, *((column, each.value) for each in bins[:2] if each.value)))
        if any(each.value == choosing.NOTHING for each in bins):
            same(made, *asked(made, (column, choosing.NOTHING)))
    for each in made.view.columns:
        numbers = sorted(number for line in made.lines if (number := made.number(line, each.name)) is not None)
        if each.kind in {"number", "count", "total", "time"} and numbers:
            same(made, *asked(made, (f"{each.name}.min", f"{numbers[len(numbers) // 2]:g}")))
            same(made, *asked(made, (f"{each.name}.max", f"{numbers[len(numbers) // 2]:g}")))


@pytest.mark.parametrize(
    ("name", "text"),
    [("schools", "许昌 民办"), ("awards", "技能 一等奖"), ("documents", "意见"), ("schools", '"$x" } #')],
)
def test_words_filter_as_in_the_table(name: str, text: str) -> None:
    made = table(name)
    same(made, *asked(made, ("q", text)))


def test_rows_are_in_the_order_of_numbers_and_codes() -> None:
    made = table("awards")
    choice, found = asked(made, ("sort", "-count"), ("prize", "code:prize/first"))
    assert [row["数量"] for row in found] == [
        line.number("count") for line in made.sorted(made.chosen(choice)[0], choice)
    ]
    choice, found = asked(made, ("sort", "prize"), ("col", "prize"))
    ordered = [[made.text(v) for v in made.values(li, "prize")] for li in made.sorted(made.chosen(choice)[0], choice)]
    assert [parts(row["奖项"]) for row in found] == ordered


@pytest.mark.parametrize("name", views.catalogue())
def test_groups_are_those_of_the_table(name: str) -> None:
    made = table(name)
    facets = [column.name for column in made.view.columns if column.facet]
    for group, by in [(name, "") for name in facets] + list(pairwise(facets)):
        choice, found = asked(made, ("group", group), *([("by", by)] if by else []))
        groups = grouping.grouped(made, made.chosen(choice)[0], choice)
        sums = [column.name for column in made.view.columns if column.sum]
        wanted = sorted(
            [g.text or "–", *([g.part_text or "–"] if by else []), f"{g.count:g}", *(f"{g.sums[s]:g}" for s in sums)]
            for g in groups
        )
        told = sorted(["；".join(parts(row[variable])) for variable in found.variables] for row in found)
        assert told == wanted


def test_a_workbook_tells_the_query_of_its_rows() -> None:
    web = create_app(store()).test_client()
    address = "/tables/schools.xlsx?ownership=code:ownership/private&col=thing&col=prizes&sort=-prizes&lang=zh"
    rows_, source = openpyxl.load_workbook(io.BytesIO(web.get(address).data)).worksheets
    told = {str(row[0].value): str(row[1].value) for row in source.iter_rows()}
    found = store().query(told["查询"])
    assert isinstance(found, Solutions)
    assert {str(row["thing"]) for row in found} == {row[-1] for row in rows_.iter_rows(min_row=2, values_only=True)}
    assert "办学性质：民办" in told["查询"]
    page = web.get("/tables/schools?group=id:group/xuchang-2-7&lang=zh")  # a column that is called as a parameter
    assert page.status_code == 200
    assert "所属集团：“2+7”中高等职业教育集团" in page.text
    beside = web.get("/compare?of=id:school/xuchang-keji&of=id:school/xuchang-jishu&format=json&lang=zh").get_json()
    compared = store().query(beside["about"]["查询"])
    assert isinstance(compared, Solutions)
    assert len(compared) == 2
