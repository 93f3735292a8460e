"""Problems, cells and the error tree."""

from __future__ import annotations

import pytest

from vetgraph.errors import Cell, DataError, Problem, QueryError, StoreError, Text, UsageError, VetgraphError


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell("a.csv", 17, "ownership"), "a.csv:17:ownership"),
        (Cell("a.csv", 17), "a.csv:17"),
        (Cell("a.csv"), "a.csv"),
        (Cell("a.json", None, None, 3), "a.json:3"),
        (Cell("a.json", None, "/tables/0"), "a.json:/tables/0"),
        (Cell("a.csv", 4, "id", 9), "a.csv:4:id"),
    ],
)
def test_a_cell_names_its_place(cell: Cell, text: str) -> None:
    assert str(cell) == text


def test_a_text_has_two_languages() -> None:
    text = Text("错", "wrong")
    assert (text.get("zh"), text.get("zh-CN"), text.get("ZH"), text.get("en"), text.get("fr")) == (
        "错",
        "错",
        "错",
        "wrong",
        "wrong",
    )
    assert str(text) == "wrong"


def test_a_problem_lists_all_its_cells() -> None:
    other = Cell("b.csv", 3, "count")
    problem = Problem("a.csv", 2, "id", Text("错", "wrong"), Text("改", "mend"), related=(other,), line=5)
    assert problem.cells == (Cell("a.csv", 2, "id", 5), other)
    assert problem.severity == "violation"


def test_errors_carry_a_message_a_fix_and_an_exit_code() -> None:
    error = UsageError("wrong", Text("改", "mend"))
    assert (error.message, error.fix, error.exit_code) == (Text("wrong", "wrong"), Text("改", "mend"), 2)
    assert [kind.exit_code for kind in (VetgraphError, StoreError, QueryError, DataError)] == [1, 1, 1, 1]
    assert QueryError("x", line=2, column=3, excerpt="^").line == 2


@pytest.mark.parametrize(("count", "text"), [(1, "1 problem in the data"), (2, "2 problems in the data")])
def test_a_data_error_counts_its_problems(count: int, text: str) -> None:
    error = DataError([Problem("a", None, None, Text("", ""), Text("", ""))] * count)
    assert str(error) == text
    assert len(error.problems) == count
