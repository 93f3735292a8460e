"""The workbook to fill in for a new report, and the one with its bad cells marked."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from vetgraph import codelists, csvw, names, resources, tables, workbook
from vetgraph.errors import Cell, Problem, Text, UsageError
from vetgraph.template import new_report

MINI = Path(__file__).parent / "tables"
ROOT = Path(__file__).parent.parent
RED, ORANGE = "00FF9C8F", "00FFD9A0"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "data"
    shutil.copytree(ROOT / "data", folder)
    new_report(folder / "reports", "luoyang-2025")
    return folder


@pytest.fixture(scope="module")
def template(data: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(data / "reports" / "luoyang-2025" / "luoyang-2025.xlsx")


def rules(book: openpyxl.Workbook, sheet: str) -> dict[str, tuple[str, str]]:
    return {str(one.sqref): (one.type, one.formula1) for one in book[sheet].data_validations.dataValidation}


def test_a_new_report_is_a_group_and_a_workbook(data: Path) -> None:
    folder = data / "reports" / "luoyang-2025"
    assert sorted(file.name for file in folder.iterdir()) == ["luoyang-2025.xlsx", "report.json"]
    problems: list[Problem] = []
    group = csvw.read_group(folder / "report.json", problems)
    assert problems == []
    assert group is not None
    assert group.key == "luoyang-2025"
    xuchang = csvw.read_group(data / "reports" / "xuchang-2025" / "report.json", problems)
    assert xuchang is not None
    assert {table.url for table in group.tables} == {table.url for table in xuchang.tables}


def test_an_empty_report_has_no_problem_and_no_quad(data: Path) -> None:
    reading = tables.read(data)
    assert reading.problems == []
    assert not [quad for quad in reading.quads if "luoyang" in quad[3]]


def fill(book: openpyxl.Workbook, sheet: str, **cells: object) -> None:
    schema = csvw.read_schema(resources.folder("tables") / f"{sheet}.json", [])
    assert schema is not None
    place = {column.name: number for number, column in enumerate(schema.real, 1)}
    for name, value in cells.items():
        book[sheet].cell(2, place[name]).value = value  # type: ignore[assignment]


def test_a_filled_in_workbook_is_read(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    file = copy / "reports" / "luoyang-2025" / "luoyang-2025.xlsx"
    book = openpyxl.load_workbook(file)
    fill(book, "passages", id="s1", section="一", kind="paragraph", position=1, line_start=1, line_end=2)
    fill(book, "courses", passage="s1", id="luoyang-a", name="甲", provider="xuchang-keji")
    fill(book, "documents", passage="s1", id="luoyang-b", name="乙", kind="notice", issued="2025-03")
    fill(book, "report", passage="s1", issued=dt.date(2025, 12, 25))
    book.save(file)
    reading = tables.read(copy)
    assert reading.problems == []
    graph = f"<{names.passage('luoyang-2025', 's1')}>"
    assert {subject for subject, _, _, g in reading.quads if g == graph} == {
        f"<{names.BASE}report/luoyang-2025>",
        f"<{names.thing('course', 'luoyang-a')}>",
        f"<{names.thing('document', 'luoyang-b')}>",
    }
    dates = {o.partition("^^")[0] for _, _, o, g in reading.quads if g == graph and o.startswith('"2025-')}
    assert dates == {'"2025-03"', '"2025-12-25"'}


def test_a_bad_row_of_it_is_named(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    file = copy / "reports" / "luoyang-2025" / "luoyang-2025.xlsx"
    book = openpyxl.load_workbook(file)
    fill(book, "passages", id="s1", section="一", kind="paragraf", position=1, line_start=1, line_end=2)
    book.save(file)
    (problem,) = tables.read(copy).problems
    assert str(problem.cell) == f"{file}#passages:2:种类"


def test_every_table_has_a_sheet_with_its_headers(template: openpyxl.Workbook) -> None:
    assert template.sheetnames[0] == "说明 notes"
    assert template.sheetnames[-1] == "codes"
    assert {"passages", "report"} == set(template.sheetnames[1:3])
    for name in template.sheetnames[1:-1]:
        schema = csvw.read_schema(resources.folder("tables") / f"{name}.json", [])
        assert schema is not None
        header = list(template[name][1])
        assert [cell.value for cell in header] == [column.titles["zh"][0] for column in schema.real]
        assert all(cell.comment for cell in header)
        assert template[name].freeze_panes == "A2"


def test_the_notes_are_in_both_languages(template: openpyxl.Workbook) -> None:
    lines = [str(cell.value) for cell in template["说明 notes"]["A"]]
    assert "怎样填写" in lines
    assert "How to fill it in" in lines


def test_drop_downs_hold_the_codes(template: openpyxl.Workbook) -> None:
    found = rules(template, "schools")
    formulas = {formula for kind, formula in found.values() if kind == "list"}
    assert len(formulas) == 2
    lists = codelists.load()
    codes = []
    for formula in formulas:
        cells = template["codes"][formula.removeprefix("codes!").replace("$", "")]
        codes.append([row[0].value for row in cells])
    assert sorted(codes) == sorted([lists.keys("ownership"), lists.keys("admin-level")])


def test_numbers_and_years_are_checked_while_typing(template: openpyxl.Workbook) -> None:
    kinds = {kind for kind, _ in rules(template, "figures").values()}
    assert {"list", "decimal", "custom"} <= kinds
    assert "whole" in {kind for kind, _ in rules(template, "awards").values()}


def test_keys_are_text_lest_a_spreadsheet_makes_dates_of_them(template: openpyxl.Workbook) -> None:
    assert template["groups"].column_dimensions["A"].number_format == "@"
    titles = [cell.value for cell in template["figures"][1]]
    number = get_column_letter(titles.index("数值") + 1)
    assert template["figures"].column_dimensions[number].number_format == "General"


def test_the_headers_explain_themselves(template: openpyxl.Workbook) -> None:
    schema = csvw.read_schema(resources.folder("tables") / "schools.json", [])
    assert schema is not None
    for cell, column in zip(template["schools"][1], schema.real, strict=True):
        text = cell.comment.text if cell.comment else ""
        assert text.startswith(f"{column.name} · {column.titles['en'][0]}")
        assert ("必填 required" in text) == column.required
        assert ("public = 公办" in text) == (column.name == "ownership")
    assert template["codes"].sheet_state == "hidden"


def test_required_columns_look_different(template: openpyxl.Workbook) -> None:
    fills = {cell.value: cell.fill.fgColor.rgb for cell in template["report"][1]}
    assert len(set(fills.values())) == 2


def test_a_folder_elsewhere_finds_the_schemas(tmp_path: Path) -> None:
    made = new_report(tmp_path / "mine", "luoyang-2025")
    tables_ = json.loads((made / "report.json").read_text(encoding="utf-8"))["tables"]
    assert all((made / table["tableSchema"]).resolve().is_file() for table in tables_)


@pytest.mark.parametrize("key", ["", "Luoyang", "洛阳", "../x", "-a", "a b"])
def test_a_malformed_key(tmp_path: Path, key: str) -> None:
    with pytest.raises(UsageError, match="malformed"):
        new_report(tmp_path, key)


def test_a_folder_that_exists_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "luoyang-2025").mkdir()
    with pytest.raises(UsageError, match="exists"):
        new_report(tmp_path, "luoyang-2025")
    assert not list((tmp_path / "luoyang-2025").iterdir())


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot make the folder"):
        new_report(tmp_path / "file", "luoyang-2025")


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINI, tmp_path / "data"))


def marked(data: Path, tmp_path: Path) -> tuple[list[Problem], openpyxl.Workbook]:
    reading = tables.read(data)
    out = tmp_path / "out.xlsx"
    workbook.mark(reading.problems, reading.files, out)
    return reading.problems, openpyxl.load_workbook(out)


def test_bad_cells_of_csv_files_are_marked(mini: Path, tmp_path: Path) -> None:
    path = mini / "reports" / "mini-2025" / "schools.csv"
    path.write_text("段落,学校,性质\n\ns1,keji,=publc\ns1,keji\ns1,lixing,public\n", encoding="utf-8")
    problems, book = marked(mini, tmp_path)
    assert len(problems) == 2
    sheet = book["mini-2025 schools"]
    assert [(cell.value, cell.data_type) for cell in sheet[3]] == [("s1", "s"), ("keji", "s"), ("=publc", "s")]
    assert sheet["C3"].fill.fgColor.rgb == RED
    assert 'expected one of public, private; got "=publc"' in sheet["C3"].comment.text
    assert "应为 public, private 之一" in sheet["C3"].comment.text
    assert sheet["C4"].fill.fgColor.rgb == RED
    assert sheet["C5"].comment is None
    listed = book["problems"]
    assert book.sheetnames[0] == "problems"
    assert listed["A2"].hyperlink.target == "#'mini-2025 schools'!C3"
    assert listed["C2"].value == problems[0].message.en


def test_a_workbook_is_copied_with_its_bad_cells_marked(mini: Path, tmp_path: Path) -> None:
    folder = mini / "reports" / "mini-2025"
    (folder / "schools.csv").unlink()
    source = openpyxl.Workbook()
    sheet = source.worksheets[0]
    sheet.title = "schools"
    for row in (["段落", "学校 ", "性质"], ["s1", "keji", "public"], [], ["s1", "lixing", "x"]):
        sheet.append(row)
    sheet["C4"].comment = Comment("mine", "me")
    sheet["D4"] = "=1+1"
    sheet.column_dimensions["B"].width = 33
    for name in ("codes", "problems"):
        source.create_sheet(name)["A1"] = "old"
    source.save(folder / "mini.xlsx")
    before = (folder / "mini.xlsx").read_bytes()
    problems, book = marked(mini, tmp_path)
    assert book.sheetnames == ["problems", "schools", "codes"]
    assert [one.sheet_view.tabSelected for one in book.worksheets] == [None, False, False]
    copied = book["schools"]
    assert copied.column_dimensions["B"].width == 33
    assert copied["D4"].value == "=1+1"
    assert [one for one in problems if one.column == "性质"]
    assert copied["C4"].fill.fgColor.rgb == RED
    assert copied["C4"].comment.text.startswith("mine\n\n")
    assert book["problems"]["A1"].value == "单元格 cell"
    assert (folder / "mini.xlsx").read_bytes() == before


def test_bad_cells_of_a_workbook_and_of_a_csv_file(mini: Path, tmp_path: Path) -> None:
    folder = mini / "reports" / "mini-2025"
    (folder / "schools.csv").unlink()
    (folder / "passages.csv").write_text("id,section\ns1,\ns2,二\ns2,三\n", encoding="utf-8")
    source = openpyxl.Workbook()
    source.worksheets[0].title = "schools"
    for row in (["段落", "学校", "性质"], ["s1", "keji", "x"]):
        source.worksheets[0].append(row)
    source.save(folder / "mini.xlsx")
    _, book = marked(mini, tmp_path)
    assert book.sheetnames == ["problems", "schools", "mini-2025 passages"]
    assert book["schools"]["C2"].fill.fgColor.rgb == RED
    assert book["mini-2025 passages"]["A4"].fill.fgColor.rgb == RED


def test_merged_cells_are_marked_at_their_first(mini: Path, tmp_path: Path) -> None:
    folder = mini / "reports" / "mini-2025"
    (folder / "schools.csv").unlink()
    source = openpyxl.Workbook()
    sheet = source.worksheets[0]
    sheet.title = "schools"
    for row in (["段落", "学校", "性质"], ["s1", "keji", "public"], ["s1", "lixing", "private"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    file = folder / "mini.xlsx"
    source.save(file)
    _, book = marked(mini, tmp_path)
    assert book["schools"]["A2"].fill.fgColor.rgb == RED
    hidden = Problem(f"{file}#schools", 3, "段落", Text("甲", "a"), Text("乙", "b"))
    workbook.mark([hidden], [file], tmp_path / "out.xlsx")
    assert "甲" in openpyxl.load_workbook(tmp_path / "out.xlsx")["schools"]["A2"].comment.text


def test_other_cells_that_took_part_are_marked_otherwise(mini: Path, tmp_path: Path) -> None:
    path = mini / "registry" / "schools.csv"
    path.write_text("id,name\nkeji,甲\nlixing,乙\nkeji,丙\n", encoding="utf-8")
    _, book = marked(mini, tmp_path)
    sheet = book["registry schools"]
    assert (sheet["A4"].fill.fgColor.rgb, sheet["A2"].fill.fgColor.rgb) == (RED, ORANGE)


def test_a_problem_without_a_cell_is_listed(mini: Path, tmp_path: Path) -> None:
    (mini / "registry" / "schools.csv").write_bytes("id,name\nkeji,甲\n".encode("utf-16"))
    _, book = marked(mini, tmp_path)
    assert book.sheetnames == ["problems"]
    assert "wrong encoding" in book["problems"]["C2"].value


def test_what_a_workbook_cannot_hold_is_left_out(mini: Path, tmp_path: Path) -> None:
    path = mini / "registry" / "schools.csv"
    path.write_text("id,name\nk\x01,甲\x02乙\uffff\n", encoding="utf-8")
    _, book = marked(mini, tmp_path)
    assert [cell.value for cell in book["registry schools"][2]] == ["k", "甲乙"]


def test_two_problems_at_one_cell_share_a_comment(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id\nx\n", encoding="utf-8")
    problems = [Problem(str(file), 2, "id", Text(t, t), Text("", "")) for t in ("first", "second")]
    problems[1] = Problem(str(file), 2, "id", Text("second", "second"), Text("", ""), related=(Cell("gone.csv", 1),))
    workbook.mark(problems, [file], tmp_path / "out.xlsx")
    comment = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[1]["A2"].comment
    assert "first" in comment.text
    assert "second" in comment.text


def test_the_tables_themselves_are_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(b"mine")
    with pytest.raises(UsageError, match="is one of the tables"):
        workbook.mark([], [file], file)
    assert file.read_bytes() == b"mine"
    with pytest.raises(UsageError, match="there is no folder"):
        workbook.mark([], [file], tmp_path / "nowhere" / "out.xlsx")
