"""A folder of tables to quads and problems: each bad input gives exactly one problem, at the right cell."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetgraph import names, tables
from vetgraph.errors import Cell, Problem

MINI = Path(__file__).parent / "tables"
REPORT = "reports/mini-2025"
VETG = names.PREFIXES["vetg"]
FIGURES = "passage,id,value,year,issued,about,remark\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINI, tmp_path / "data"))


def told(data: Path, problems: list[Problem]) -> list[tuple[str, str]]:
    return [(str(one.cell).removeprefix(f"{data}/"), one.message.en) for one in problems]


def test_what_is_read() -> None:
    reading = tables.read(MINI)
    assert reading.problems == []
    keji, graph = f"<{names.thing('school', 'keji')}>", f"<{names.passage('mini-2025', 's1')}>"
    assert (keji, f"<{VETG}ownership>", f"<{names.code('ownership', 'public')}>", graph) in reading.quads
    figure = f"<{names.thing('observation', 'mini-2025-staff')}>"
    assert [(p.rpartition("/")[2].rpartition("#")[2], o) for s, p, o, _ in reading.quads if s == figure] == [
        ("obsValue>", '"7.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("year>", '"2025"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ("dataSet>", f"<{names.BASE}report/mini-2025>"),
        ("position>", f"<{names.BASE}report/mini-2025#row=4>"),
    ]
    assert MINI / REPORT / "figures.csv" in reading.files


def test_the_document_has_each_quad_and_each_triple_once(data: Path) -> None:
    file = data / REPORT / "schools.csv"
    file.write_text(file.read_text(encoding="utf-8") + "s2,keji,public\n", encoding="utf-8")
    reading = tables.read(data)
    graph = ox.Dataset(ox.parse(reading.nquads(), format=ox.RdfFormat.N_QUADS))
    ownership = ox.NamedNode(f"{VETG}ownership")
    keji = [quad for quad in graph if quad.predicate == ownership and quad.subject.value.endswith("keji")]
    assert len(keji) == 3
    assert len(reading.nquads().splitlines()) == len(graph)
    assert len(reading.nquads(default_graph=False).splitlines()) == len(reading.quads)


@pytest.mark.parametrize(
    ("file", "old", "new", "cell", "message"),
    [
        ("schools.csv", ",public", ",publc", "2:性质", 'expected one of public, private; got "publc"'),
        ("schools.csv", "性质", "性 质", "1:性 质", 'unknown column "性 质"'),
        ("figures.csv", "issued", "published", "1:published", 'unknown column "published"'),
        ("schools.csv", "s1,keji,public", "s1,keji", "2:性质", "expected 3 cells, got 2"),
        ("schools.csv", "s1,keji", "s1,kejii", "2:学校", 'there is no school with the key "kejii"'),
        ("schools.csv", "s1,keji", "s9,keji", "2:段落", 'there is no passage with the key "s9"'),
        (
            "schools.csv",
            "s1,keji",
            "s1,Ke Ji",
            "2:学校",
            'expected a text of the form [a-z0-9][a-z0-9.-]*; got "Ke Ji"',
        ),
        ("schools.csv", "s1,lixing", "s1,keji", "3:学校", 'duplicate key "s1, keji", first in row 2'),
        ("schools.csv", ",private", ",", "3:性质", "expected a value; the cell is empty"),
        ("figures.csv", "36672", "36,672", "2:remark", "expected 7 cells, got 8"),
        ("figures.csv", "36672", "36672人", "2:value", 'expected a number; got "36672人"'),
        ("figures.csv", "36672", "-1", "2:value", 'expected a number not below 0; got "-1"'),
        ("figures.csv", "+07.50", "100001", "4:value", 'expected a number not above 100000; got "100001"'),
        ("figures.csv", "2025-12-25", "2025-12-32", "2:issued", 'expected a date as 2025-10-21; got "2025-12-32"'),
        ("figures.csv", "2025-12-25", "2025/12/25", "2:issued", 'expected a date as 2025-10-21; got "2025/12/25"'),
        ("figures.csv", ",2025,", ",25,", "2:year", 'expected a year of four digits as 2025; got "25"'),
        ("figures.csv", "keji;lixing", "keji;nope", "2:about", 'there is no school with the key "nope"'),
        ("figures.csv", "在校生", "生" * 21, "2:remark", f'expected at most 20 characters; got "{"生" * 21}"'),
        ("figures.csv", "s2,staff", "s2,students", "4:id", 'duplicate key "students", first in row 2'),
        ("figures.csv", "year,issued", "issued,issued", "1:issued", 'the column "issued" stands twice'),
        ("passages.csv", "s1,一", "s1", "2:section", "expected 2 cells, got 1"),
    ],
)
def test_one_bad_cell(data: Path, file: str, old: str, new: str, cell: str, message: str) -> None:  # noqa: PLR0913, PLR0917
    path = data / REPORT / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    reading = tables.read(data)
    assert told(data, reading.problems) == [(f"{REPORT}/{file}:{cell}", message)]
    for one in reading.problems:
        assert all((one.message.zh, one.fix.zh, one.fix.en, one.line))


@pytest.mark.parametrize(
    ("file", "text", "column"),
    [("schools.csv", "段落,学校\ns1,keji\n", "ownership"), ("passages.csv", "section\n一\n二\n", "id")],
)
def test_a_missing_column(data: Path, file: str, text: str, column: str) -> None:
    (data / REPORT / file).write_text(text, encoding="utf-8")
    found = told(data, tables.read(data).problems)
    assert found == [(f"{REPORT}/{file}:1:{column}", f'the column "{column}" is missing')]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the file is empty; the header is missing"),
        ("编号".encode("utf-16"), "wrong encoding (UTF-16); expected UTF-8 or GB18030"),
        (b"id,section\n\xff\xff,\n", "wrong encoding (?); expected UTF-8 or GB18030"),
        (None, "there is no such file"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_problem(data: Path, raw: bytes | None, message: str) -> None:
    path = data / REPORT / "passages.csv"
    path.unlink()
    if raw is not None:
        path.write_bytes(raw)
    assert [text for _, text in told(data, tables.read(data).problems)] == [message]


def test_the_fix_tells_what_to_write(data: Path) -> None:
    path = data / REPORT / "schools.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("lixing,private", "lixin,pirvat"), encoding="utf-8")
    (unknown,) = tables.read(data).problems
    assert (unknown.fix.zh, unknown.fix.en) == ("写 private", "write private")
    path.write_text(path.read_text(encoding="utf-8").replace("pirvat", "private"), encoding="utf-8")
    (dangling,) = tables.read(data).problems
    assert dangling.fix.en == "did you mean lixing? If not, add it first"
    path.write_text(path.read_text(encoding="utf-8").replace("lixin,private", "lixing,民办"), encoding="utf-8")
    (unknown,) = tables.read(data).problems
    assert unknown.fix.en == "write public or private"


def test_a_duplicate_names_the_first(data: Path) -> None:
    path = data / "registry" / "schools.csv"
    path.write_text("id,name\na,甲\nkeji,乙\nlixing,丙\na,丁\n", encoding="utf-8")
    (problem,) = tables.read(data).problems
    assert problem.related == (Cell(str(path), 2, "id", 2),)
    assert problem.cell == Cell(str(path), 5, "id", 5)


def test_a_key_that_two_tables_define(data: Path) -> None:
    schema = data / "tables" / "passages.json"
    text = schema.read_text(encoding="utf-8").replace("{+_group}/{id}", f"{names.BASE}id/school/{{id}}")
    schema.write_text(text, encoding="utf-8")
    (data / REPORT / "passages.csv").write_text("id,section\nkeji,一\n", encoding="utf-8")
    (data / REPORT / "schools.csv").write_text("段落,学校,性质\n", encoding="utf-8")
    (data / REPORT / "figures.csv").write_text(FIGURES, encoding="utf-8")
    (problem,) = tables.read(data).problems
    first = Cell(str(data / "registry" / "schools.csv"), 2, "id", 2)
    assert problem.related == (first,)
    assert problem.message.en == f'the key "keji" is taken at {first}'


def test_all_problems_are_told_at_once(data: Path) -> None:
    path = data / REPORT / "figures.csv"
    path.write_text(f"{FIGURES}s1,a,x,y,z,w,\ns9,b,1,,,,\n", encoding="utf-8")
    assert [cell.partition("figures.csv:")[2] for cell, _ in told(data, tables.read(data).problems)] == [
        "2:value",
        "2:year",
        "2:issued",
        "3:passage",
    ]


def test_a_key_that_makes_no_iri(data: Path) -> None:
    schema = data / "tables" / "figures.json"
    text = schema.read_text(encoding="utf-8").replace("id/school/{about}", "{+about}").replace(f"{names.BASE}{{", "{")
    schema.write_text(text, encoding="utf-8")
    found = told(data, tables.read(data).problems)
    assert found == [(f"{REPORT}/figures.csv:2:about", "this makes no IRI: keji")]


def test_without_a_registry_and_without_anything(data: Path, tmp_path: Path) -> None:
    shutil.rmtree(data / "registry")
    reading = tables.read(data)
    assert {message for _, message in told(data, reading.problems)} == {
        'there is no school with the key "keji"',
        'there is no school with the key "lixing"',
    }
    (tmp_path / "empty").mkdir()
    (problem,) = tables.read(tmp_path / "empty").problems
    assert problem.file == str(tmp_path / "empty")


def workbook(data: Path, *, keep: bool = False, **rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "说明 notes"
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    path = data / REPORT / "mini-2025.xlsx"
    book.save(path)
    for name in rows if not keep else ():
        (data / REPORT / f"{name}.csv").unlink(missing_ok=True)
    return path


def test_sheets_of_a_workbook_give_the_same_quads(data: Path) -> None:
    before = tables.read(data).quads
    workbook(
        data,
        schools=[["性质", "学校", "passage"], ["public", "keji", "s1"], ["private", "lixing", "s1"]],
        passages=[["编号", "章节"], ["s1", "一"], ["s2", "二"]],
    )
    reading = tables.read(data)
    assert reading.problems == []
    assert sorted(reading.quads) == sorted(before)


@pytest.mark.parametrize(
    ("rows", "cell", "message"),
    [
        (
            {"schools": [["段落", "学校", "性质"], ["s1", "keji", "x"]]},
            "#schools:2:性质",
            "expected one of public, private*",
        ),
        ({"scools": [["a"]]}, "#scools", 'the sheet "scools" is no table of the group'),
        ({"schools": [[]]}, "#schools:1", "the file is empty; the header is missing"),
    ],
)
def test_one_bad_sheet(data: Path, rows: dict[str, Any], cell: str, message: str) -> None:
    path = workbook(data, **rows)
    ((where, text),) = told(data, tables.read(data).problems)
    assert where == f"{REPORT}/{path.name}{cell}"
    assert text.startswith(message.rstrip("*"))


def test_merged_cells_are_one_problem(data: Path) -> None:
    path = workbook(data, passages=[["编号", "章节"], ["s1", "一"], ["s2", "一"]])
    book = openpyxl.load_workbook(path)
    book["passages"].merge_cells("B2:B3")
    book.save(path)
    found = told(data, tables.read(data).problems)
    assert found == [(f"{REPORT}/mini-2025.xlsx#passages:2:章节", "merged cells B2:B3")]


def test_a_table_in_two_places(data: Path) -> None:
    path = workbook(data, keep=True, passages=[["编号", "章节"], ["s1", "一"]])
    found = told(data, tables.read(data).problems)
    assert found == [(f"{REPORT}/passages.csv", f"the same table stands in {path}#passages, too")]


def test_a_workbook_that_is_no_workbook_is_one_problem(data: Path) -> None:
    for file in (data / REPORT).glob("*.csv"):
        file.unlink()
    (data / REPORT / "a.xlsx").write_bytes(b"no zip")
    found = told(data, tables.read(data).problems)
    assert found == [(f"{REPORT}/a.xlsx", "not an XLSX workbook")]


def test_a_line_is_not_a_row_where_cells_hold_line_breaks(data: Path) -> None:
    path = data / REPORT / "figures.csv"
    path.write_text(f'{FIGURES}s1,a,1,,,,"x\ny"\ns1,b,x,,,,\n', encoding="utf-8")
    (problem,) = tables.read(data).problems
    assert (problem.row, problem.line) == (3, 4)


def test_bad_metadata_stop_only_what_they_describe(data: Path) -> None:
    (data / REPORT / "report.json").write_text("{", encoding="utf-8")
    reading = tables.read(data)
    assert [message for _, message in told(data, reading.problems)] == [
        "no valid JSON: Expecting property name enclosed in double quotes"
    ]
    assert len(reading.quads) == 3


def test_an_unknown_key_of_the_metadata_is_one_problem(data: Path) -> None:
    file = data / REPORT / "report.json"
    group = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**group, "notes": []}), encoding="utf-8")
    assert told(data, tables.read(data).problems) == [(f"{REPORT}/report.json:/notes", 'unknown key "notes"')]


def test_a_code_list_that_is_not_there_is_told(data: Path) -> None:
    schema = data / "tables" / "schools.json"
    schema.write_text(schema.read_text(encoding="utf-8").replace("code/ownership/", "code/owner/"), encoding="utf-8")
    assert told(data, tables.read(data).problems) == [
        (f"{REPORT}/schools.csv:{row}:性质", 'there is no code list "owner"') for row in (2, 3)
    ]


def test_a_formula_without_a_value_is_one_problem(data: Path) -> None:
    path = workbook(data, passages=[["编号", "章节"], ["s1", "一"], ["s2", '="二"']])
    found = told(data, tables.read(data).problems)
    assert found == [(f"{REPORT}/{path.name}#passages:3:章节", "the formula has no value that can be used")]


@pytest.mark.parametrize("codec", ["utf-8-sig", "gb18030"])
def test_encodings_give_the_same_quads(data: Path, codec: str) -> None:
    before = tables.read(data).quads
    for file in data.glob("*/**/*.csv"):
        file.write_bytes(file.read_text(encoding="utf-8").encode(codec))
    reading = tables.read(data)
    assert reading.problems == []
    assert reading.quads == before


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=20)))
@settings(max_examples=25, deadline=None)
def test_every_text_survives_from_the_folder_to_the_graph(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(shutil.copytree(MINI, Path(folder) / "data"))
        with (data / REPORT / "figures.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = [["s1", f"r{n}", "1", text] for n, text in enumerate(texts)]
            csv.writer(stream).writerows([["passage", "id", "value", "remark"], *rows])
        reading = tables.read(data)
    assert reading.problems == []
    graph = ox.parse(reading.nquads(default_graph=False), format=ox.RdfFormat.N_QUADS)
    comment = names.expand("rdfs:comment")
    found = [quad.object.value for quad in graph if quad.predicate.value == comment]
    assert sorted(found) == sorted(text.strip() for text in texts if text.strip())
