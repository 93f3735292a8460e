"""CSV files and workbooks as rows of text, with true row numbers and lines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from vetgraph import sheets

if TYPE_CHECKING:
    from pathlib import Path

    from vetgraph.errors import Problem

TEXT = "编号,名称\na,科技学校\n"


def read(tmp_path: Path, raw: bytes | str) -> tuple[sheets.Sheet | None, list[Problem]]:
    file = tmp_path / "t.csv"
    file.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    problems: list[Problem] = []
    return sheets.read_csv(file, problems), problems


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path: Path, codec: str, end: str) -> None:
    sheet, problems = read(tmp_path, TEXT.replace("\n", end).encode(codec))
    assert problems == []
    assert sheet is not None
    assert sheet.header == ("编号", "名称")
    assert [row.cells for row in sheet.rows] == [("a", "科技学校")]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (TEXT.encode("utf-16"), "wrong encoding (UTF-16); expected UTF-8 or GB18030"),
        (b"a,b\n\xff\xff,1\n", "wrong encoding (?); expected UTF-8 or GB18030"),
        (b"a,b\n\0,1\n", "wrong encoding (?); expected UTF-8 or GB18030"),
    ],
)
def test_a_wrong_encoding(tmp_path: Path, raw: bytes, message: str) -> None:
    sheet, problems = read(tmp_path, raw)
    assert sheet is None
    assert [(str(one.cell), one.message.en) for one in problems] == [(str(tmp_path / "t.csv"), message)]


@pytest.mark.parametrize("raw", ["", "\n", " , ,\n1,2,3\n", "\ufeff"])
def test_an_empty_file(tmp_path: Path, raw: str) -> None:
    sheet, problems = read(tmp_path, raw)
    assert sheet is None
    assert [one.message.en for one in problems] == ["the file is empty; the header is missing"]


def test_cells_are_stripped_and_blank_rows_keep_their_number(tmp_path: Path) -> None:
    sheet, problems = read(tmp_path, ' a ,b\u3000\n\n , \n"x\ny",\u3000z \u3000\n1,2,,\n')
    assert problems == []
    assert sheet is not None
    assert sheet.header == ("a", "b")
    assert [(row.number, row.line, row.cells) for row in sheet.rows] == [(4, 4, ("x\ny", "z")), (5, 6, ("1", "2"))]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [("x", "b", "expected 3 cells, got 1"), ("x,y,z,w", "c", "expected 3 cells, got 4")],
)
def test_a_ragged_row(tmp_path: Path, line: str, column: str, message: str) -> None:
    sheet, problems = read(tmp_path, f"a,b,c\n1,2,3\n{line}\n4,5,6\n")
    assert [(one.row, one.column, one.message.en) for one in problems] == [(3, column, message)]
    assert sheet is not None
    assert [row.sound for row in sheet.rows] == [True, False, True]


def test_unbalanced_quotes(tmp_path: Path) -> None:
    sheet, problems = read(tmp_path, 'a,b\n1,2\n"x,y\n')
    assert sheet is None
    assert [(one.line, one.message.en.partition(":")[0]) for one in problems] == [(3, "no valid CSV")]


def book(tmp_path: Path, *rows: list[Any], merge: str | None = None) -> Path:
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = "t"
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    for name in sheets.HELP_SHEETS:
        made.create_sheet(name)
    path = tmp_path / "t.xlsx"
    made.save(path)
    return path


def test_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    path = book(tmp_path, ["a", "b"], [" x\u3000", 2025.0], [None, None], ["y", dt.datetime(2025, 12, 25)])  # noqa: DTZ001
    problems: list[Problem] = []
    opened = sheets.Workbook(path, problems)
    assert opened.names == ("t",)
    sheet = opened.sheet("t", problems)
    assert problems == []
    assert sheet is not None
    assert sheet.file == f"{path}#t"
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("x", "2025")), (4, ("y", "2025-12-25"))]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1, "1"),
        (2025.0, "2025"),
        (0.1 + 0.2, "0.3"),
        (9313.6, "9313.6"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
        (-0.5, "-0.5"),
        (dt.date(2025, 1, 2), "2025-01-02"),
        (dt.datetime(2025, 1, 2, 3, 4), "2025-01-02T03:04:00"),  # noqa: DTZ001
        ("1.0", "1.0"),
    ],
)
def test_the_text_of_a_value(value: object, text: str) -> None:
    assert sheets.text_of(value) == text


@pytest.mark.parametrize(
    ("merge", "row", "column", "sound"),
    [("A2:A3", 2, "a", [False, False, True]), ("B3:C3", 3, "b", [True, False, True]), ("A1:B1", 1, "a", [True] * 3)],
)
def test_merged_cells(tmp_path: Path, merge: str, row: int, column: str, sound: list[bool]) -> None:
    path = book(tmp_path, ["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"], merge=merge)
    problems: list[Problem] = []
    sheet = sheets.Workbook(path, problems).sheet("t", problems)
    assert [(one.file, one.row, one.column, one.message.en) for one in problems] == [
        (f"{path}#t", row, column, f"merged cells {merge}")
    ]
    assert sheet is not None
    assert [one.sound for one in sheet.rows] == sound


def test_a_formula_without_a_value_and_an_error(tmp_path: Path) -> None:
    path = book(tmp_path, ["a", "b"], ["=1+1", "x"], ["y", "#REF!"], ["", "z"])
    problems: list[Problem] = []
    sheets.Workbook(path, problems).sheet("t", problems)
    assert [(one.row, one.column, one.message.en) for one in problems] == [
        (2, "a", "the formula has no value that can be used"),
        (3, "b", "the formula has no value that can be used"),
    ]


@pytest.mark.parametrize("raw", [b"", b"a,b\n1,2\n", b"PK\x03\x04 broken"])
def test_a_workbook_that_is_no_workbook(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(raw)
    problems: list[Problem] = []
    opened = sheets.Workbook(path, problems)
    assert not opened.opened
    assert opened.names == ()
    assert [(str(one.cell), one.message.en) for one in problems] == [(str(path), "not an XLSX workbook")]


def test_tables_as_they_stand(tmp_path: Path) -> None:
    path = book(tmp_path, ["a", "b"], ["1"], [], ["2", "3"])
    assert [row.number for row in sheets.Workbook(path, []).raw("t").rows] == [2, 3, 4]
    file = tmp_path / "t.csv"
    file.write_text("a,b\n1\n\n2,3,4\n", encoding="utf-8")
    raw = sheets.read_raw_csv(file, [])
    assert raw is not None
    assert [row.cells for row in raw.rows] == [("1",), (), ("2", "3", "4")]
