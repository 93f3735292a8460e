"""Workbooks for people: one to fill in for a new report, and one with its bad cells marked."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vetgraph import codelists, csvw, names, resources, sheets
from vetgraph.errors import Cell, Text, UsageError
from vetgraph.layout import find_layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from vetgraph.codelists import CodeLists
    from vetgraph.csvw import Column, Schema
    from vetgraph.errors import Problem

_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_ROWS: Final = 2000
_NOTES: Final = (
    "怎样填写",
    "1. 每张表一页；表头是中文列名，鼠标停在表头上有说明。不用的表留空。",
    "2. “段落”一列写明报告的哪一段说了这件事；先填 passages 表。",
    "3. 下拉列表只能选代码；代码的中文名在 codes 页。",
    "4. 报告怎么写就怎么填。前后不一的两处都填，各写各的段落，并在 notes 表记下疑点。",
    "5. 学校、机构、专业、大赛、区划先在 data/registry 里有编号；没有的先加上。",
    "6. 填好后运行 vetgraph validate，它会指出哪一格不对、怎样改。",
    "",
    "How to fill it in",
    "1. One sheet a table; point at a header for its explanation. Leave a sheet empty if you do not need it.",
    "2. The column 段落 (passage) says which passage of the report states the row; fill in the sheet passages first.",
    "3. Drop-downs take codes; the sheet codes has their names.",
    "4. Write what the report says. Where it contradicts itself, enter both, each with its passage, and add a note.",
    "5. Schools, bodies, programmes, competitions, regions have keys in data/registry; add missing ones there first.",
    "6. Then run vetgraph validate: it names each cell that is wrong, and how to mend it.",
)


def _report_schemas() -> dict[str, Schema]:
    """Return the schemas of a report's tables, by name; those of the registry have a fixed graph."""
    found = {file.stem: csvw.read_schema(file, []) for file in sorted(resources.folder("tables").glob("*.json"))}
    return {name: one for name, one in found.items() if one is not None and "_group" in (one.graph_url or "")}


def new_report(folder: Path, key: str) -> Path:
    """Make a folder for a report: its table group and a workbook to fill in.

    Args:
        folder: Where reports are, as ``data/reports``.
        key: The key of the report, as ``luoyang-2025``.

    Returns:
        The new folder.

    Raises:
        UsageError: The key is malformed, or the folder exists.
    """
    if not _KEY.fullmatch(key):
        raise UsageError(
            Text(f"报告编号“{key}”不合要求", f'the key "{key}" is malformed'),
            Text("只用小写字母、数字、连字符，如 luoyang-2025", "use a-z, 0-9 and hyphens, as luoyang-2025"),
        )
    target = folder / key
    if target.exists():
        raise UsageError(Text(f"{target} 已存在", f"{target} exists"), Text("换一个编号", "choose another key"))
    schemas = _report_schemas()
    target.mkdir(parents=True)
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": f"{names.BASE}report/{key}",
        "@type": "TableGroup",
        "tables": [
            {"url": f"{name}.csv", "tableSchema": Path(os.path.relpath(_schema_file(folder, name), target)).as_posix()}
            for name in schemas
        ],
    }
    text = json.dumps(group, ensure_ascii=False, indent=2) + "\n"
    (target / "report.json").write_text(text, encoding="utf-8")
    _template(schemas).save(target / f"{key}.xlsx")
    return target


def _schema_file(folder: Path, name: str) -> Path:
    """Prefer the schemas that stand beside the reports, so that the folder can be moved as a whole."""
    beside = folder.parent / "tables" / f"{name}.json"
    return (beside if beside.is_file() else resources.folder("tables") / f"{name}.json").resolve()


def _template(schemas: dict[str, Schema]) -> Workbook:
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    notes: Any = book.active
    notes.title = "说明 notes"
    notes.column_dimensions["A"].width = 110
    for row, line in enumerate(_NOTES, 1):
        cell = notes.cell(row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if line in {"怎样填写", "How to fill it in"}:
            cell.font = Font(bold=True, size=14)
    lists = codelists.load()
    ranges = _codes_sheet(book, lists)
    for name, schema in schemas.items():
        _table_sheet(book.create_sheet(name), schema, ranges)
    book.move_sheet("codes", offset=len(schemas))
    return book


def _codes_sheet(book: Workbook, lists: CodeLists) -> dict[str, str]:
    """Write every code list, and return the range of the codes of each."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet("codes")
    ranges = {}
    for number, scheme in enumerate(lists.schemes):
        first = number * 4 + 1
        title = sheet.cell(1, first, scheme)
        title.font = Font(bold=True)
        sheet.cell(1, first + 1, lists.titles[scheme].zh)
        keys = lists.keys(scheme)
        for row, key in enumerate(keys, 2):
            label = lists.label(scheme, key)
            for offset, text in enumerate((key, label.zh, label.en)):
                sheet.cell(row, first + offset, text)
        letter = get_column_letter(first)
        ranges[scheme] = f"codes!${letter}$2:${letter}${len(keys) + 1}"
    return ranges


def _table_sheet(sheet: Worksheet, schema: Schema, ranges: dict[str, str]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    layout = find_layout(schema)
    for number, column in enumerate(schema.real, 1):
        letter = get_column_letter(number)
        title = (column.titles.get("zh") or (column.name,))[0]
        cell = sheet.cell(1, number, title)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F4D9C6" if column.required else "E8E8E8")
        cell.comment = Comment(_explanation(column), "vetgraph", width=320, height=140)
        sheet.column_dimensions[letter].width = max(12, 2 * len(title) + 6)
        if column.datatype.base not in {"decimal", "integer", "positiveInteger", "nonNegativeInteger"}:
            # As text, so that a spreadsheet program does not turn keys and dates into something else.
            for row in range(2, 202):
                sheet.cell(row, number).number_format = "@"
        rule = _rule(column, ranges.get(layout.schemes.get(column.name, "")))
        if rule is not None:
            rule.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"


def _explanation(column: Column) -> str:
    english = ", ".join(column.titles.get("en", ()))
    lines = [f"{column.name} · {english}", column.description.get("zh", ""), column.description.get("en", "")]
    if column.required:
        lines.append("必填 required")
    if column.separator:
        lines.append(f"几个值之间用 {column.separator} 隔开 · several values, parted by {column.separator}")
    return "\n".join(line for line in lines if line)


def _rule(column: Column, codes: str | None) -> Any:  # noqa: ANN401 - openpyxl's class is imported where it is used
    """Return what the spreadsheet program should check while typing; several codes in a cell it cannot."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if codes is not None:
        if column.separator:
            return None
        return DataValidation(type="list", formula1=codes, allow_blank=True, showErrorMessage=True)
    if column.datatype.base in {"positiveInteger", "nonNegativeInteger"}:
        low = "1" if column.datatype.base == "positiveInteger" else "0"
        return DataValidation(type="whole", operator="greaterThanOrEqual", formula1=low, showErrorMessage=True)
    if column.datatype.base == "decimal":
        low = str(column.datatype.minimum if column.datatype.minimum is not None else -1e15)
        return DataValidation(type="decimal", operator="greaterThanOrEqual", formula1=low, showErrorMessage=True)
    return None


@dataclass(frozen=True)
class _Mark:
    sheet: str
    row: int
    column: int
    text: str
    own: bool


def mark(problems: Sequence[Problem], files: Iterable[Path], out: Path) -> None:
    """Write a copy of the tables with the bad cells marked, and a first sheet that lists the problems.

    Args:
        problems: The problems.
        files: The CSV files and workbooks that were read.
        out: The workbook to write.
    """
    import openpyxl

    book = openpyxl.Workbook()
    listed: Any = book.active
    listed.title = "problems"
    named = {cell.file for problem in problems for cell in problem.cells}
    placed: dict[str, str] = {}
    for file in dict.fromkeys(files):
        for source, sheet in _tables_of(file, named):
            placed[source] = _copy(book, sheet, source)
    marks = [one for problem in problems for one in _marks(problem, book, placed)]
    for one in marks:
        _paint(book[one.sheet], one)
    _list(listed, problems, book, placed)
    book.save(out)


def _tables_of(file: Path, named: set[str]) -> Iterable[tuple[str, sheets.Sheet]]:
    """Give the tables of a file that a problem names; a file too broken to read has none."""
    quiet: list[Problem] = []
    if file.suffix == ".csv" and str(file) in named:
        sheet = sheets.read_raw_csv(file, quiet)
        if sheet is not None:
            yield str(file), sheet
    elif file.suffix == ".xlsx":
        book = sheets.Workbook(file, quiet)
        for name in book.names:
            source = f"{file}#{name}"
            if source in named:
                yield source, book.raw(name)


def _copy(book: Workbook, sheet: sheets.Sheet, source: str) -> str:
    stem = source.rpartition("#")[2] if "#" in source else f"{Path(source).parent.name} {Path(source).stem}"
    title = re.sub(r"[\\/*?:\[\]]", " ", stem)[:28]
    target: Any = book.create_sheet(title)
    target.append(list(sheet.header))
    for row in sheet.rows:
        for number, text in enumerate(row.cells, 1):
            if text:
                target.cell(row.number, number, text)
    target.freeze_panes = "A2"
    return str(target.title)


def _marks(problem: Problem, book: Workbook, placed: dict[str, str]) -> Iterable[_Mark]:
    text = f"{problem.message.zh}\n{problem.message.en}\n{problem.fix.zh}\n{problem.fix.en}"
    for cell in problem.cells:
        sheet = placed.get(cell.file)
        if sheet is not None and cell.row is not None:
            yield _Mark(sheet, cell.row, _number(book[sheet], cell), text, cell == problem.cell)


def _number(sheet: Any, cell: Cell) -> int:  # noqa: ANN401 - openpyxl's sheets
    headers = [one.value for one in sheet[1]]
    return headers.index(cell.column) + 1 if cell.column in headers else 1


def _paint(sheet: Any, one: _Mark) -> None:  # noqa: ANN401 - openpyxl's sheets
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(one.row, one.column)
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    cell.comment = Comment(before + one.text, "vetgraph", width=360, height=160)
    if one.own or not before:
        cell.fill = PatternFill("solid", fgColor="FF9C8F" if one.own else "FFD9A0")


def _list(sheet: Any, problems: Sequence[Problem], book: Workbook, placed: dict[str, str]) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append(["单元格 cell", "问题", "problem", "改法", "fix", "severity"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row, problem in enumerate(problems, 2):
        values = (str(problem.cell), problem.message.zh, problem.message.en, problem.fix.zh, problem.fix.en)
        for column, text in enumerate((*values, problem.severity), 1):
            target = sheet.cell(row, column, text)
            target.alignment = Alignment(wrap_text=True, vertical="top")
        where = placed.get(problem.file)
        if where is not None and problem.row is not None:
            letter = get_column_letter(_number(book[where], problem.cell))
            sheet.cell(row, 1).hyperlink = f"#'{where}'!{letter}{problem.row}"
            sheet.cell(row, 1).font = Font(color="0563C1", underline="single")
    for letter, width in zip("ABCDEF", (44, 44, 44, 30, 30, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
