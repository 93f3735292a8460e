"""What templates tell of the columns, and columns found in the header of a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vetgraph import csvw, names, resources, sheets
from vetgraph.layout import find_layout, match_header

if TYPE_CHECKING:
    from vetgraph.errors import Problem

BASE = names.BASE
COLUMNS = (
    csvw.Column("id", titles={"zh": ("编号",)}, required=True, suppress=True),
    csvw.Column(
        "ownership", titles={"zh": ("性质", "公办民办")}, required=True, value_url=f"{BASE}code/ownership/{{ownership}}"
    ),
    csvw.Column("region", titles={"en": ("Region",)}, separator=";", value_url=f"{BASE}id/region/{{region}}"),
    csvw.Column("page", value_url="https://example.org/{page}"),
)
SCHEMA = csvw.Schema("s.json", COLUMNS, ("id",), f"{BASE}id/school/{{id}}", f"{BASE}report/r/{{passage}}")


@pytest.mark.parametrize(
    ("about", "graph", "roles"),
    [
        (f"{BASE}id/school/{{id}}", f"{BASE}graph/registry", (True, None, None)),
        (f"{BASE}id/award/{{_report}}-{{id}}", "{+_group}/{passage}", (True, None, "passage")),
        (f"{BASE}id/school/{{school}}", "{+_group}/{passage}", (False, "school", "passage")),
        (f"{BASE}id/{{+subject}}", "{+_group}", (False, "subject", None)),
        ("{+_group}", "{+_group}", (False, None, None)),
        (None, None, (False, None, None)),
    ],
)
def test_the_roles_of_columns(about: str | None, graph: str | None, roles: tuple[object, ...]) -> None:
    found = find_layout(csvw.Schema("s.json", COLUMNS, (), about, graph))
    assert (found.defines, found.subject_column, found.passage_column) == roles
    assert found.schemes == {"ownership": "ownership"}


@pytest.mark.parametrize(
    ("number", "values", "terms"),
    [
        (1, {"ownership": "public"}, []),
        (2, {"region": "a;b"}, [f"<{BASE}id/region/a>", f"<{BASE}id/region/b>"]),
        (2, {}, []),
        (3, {"page": "a"}, []),
        (0, {"id": "a"}, []),
    ],
)
def test_what_a_cell_refers_to(number: int, values: dict[str, str], terms: list[str]) -> None:
    assert list(find_layout(SCHEMA).references(COLUMNS[number], values)) == terms


def match(*header: str) -> tuple[dict[str, int] | None, list[Problem]]:
    problems: list[Problem] = []
    return match_header(sheets.Sheet("t.csv", header, ()), SCHEMA, problems), problems


@pytest.mark.parametrize(
    ("header", "place"),
    [
        (("id", "ownership"), {"id": 0, "ownership": 1}),
        (("公办民办", "编号"), {"ownership": 0, "id": 1}),
        (("性质", "Region", "id", "page"), {"ownership": 0, "region": 1, "id": 2, "page": 3}),
    ],
)
def test_headers_by_name_and_title_in_any_order(header: tuple[str, ...], place: dict[str, int]) -> None:
    assert match(*header) == (place, [])


@pytest.mark.parametrize(
    ("header", "column", "message", "fix"),
    [
        (("id",), "ownership", 'the column "ownership" is missing', 'add a column "ownership"'),
        (("ownership",), "id", 'the column "id" is missing', 'add a column "id"'),
        (("id", "owner_ship"), "owner_ship", 'unknown column "owner_ship"', 'rename it to "ownership" or delete it'),
        (("id", "性质", "学生"), "学生", 'unknown column "学生"', "delete the column"),
        (("id", "性质", ""), "#3", 'unknown column "#3"', "delete the column"),
        (("id", "性质", "公办民办"), "公办民办", 'the column "公办民办" stands twice', "delete one of them"),
    ],
)
def test_a_wrong_header_is_one_problem(header: tuple[str, ...], column: str, message: str, fix: str) -> None:
    place, (problem,) = match(*header)
    assert place is None
    assert (problem.file, problem.row, problem.column) == ("t.csv", 1, column)
    assert (problem.message.en, problem.fix.en) == (message, fix)
    assert problem.message.zh
    assert problem.fix.zh


def test_our_own_tables_have_the_roles_they_need() -> None:
    for file in resources.folder("tables").glob("*.json"):
        schema = csvw.read_schema(file, [])
        assert schema is not None
        layout = find_layout(schema)
        columns = {column.name for column in schema.real}
        assert ("passage" in columns) == (layout.passage_column == "passage"), file.name
        assert layout.defines == ("id" in columns), file.name
