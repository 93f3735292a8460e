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
    from collections.abc import Container, Iterable, Mapping, Sequence

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from vetgraph.codelists import CodeLists
    from vetgraph.csvw import Column, Schema
    from vetgraph.errors import Problem

_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ROWS: Final = 2000
_RED: Final = "FF9C8F"
_ORANGE: Final = "FFD9A0"
_NUMBERS: Final = frozenset({"decimal", "number", "integer", "positiveInteger", "nonNegativeInteger"})
#: Dates stand as texts, so a formula checks them.
_FORMULAS: Final = {
    "date": "AND(LEN({0})=10,ISNUMBER(DATEVALUE({0})))",
    "gYear": "AND(LEN({0})=4,ISNUMBER(VALUE({0})))",
    "gYearMonth": 'AND(LEN({0})=7,ISNUMBER(DATEVALUE({0}&"-01")))',
}
_NOTES: Final = (
    "怎样填写",
    "1. 每张表一页；表头是中文列名，鼠标停在表头上有说明。不用的表留空。",
    "2. “段落”一列写明报告的哪一段说了这件事；先填 passages 表。",
    "3. 下拉列表只能选代码；代码的中文名在表头的说明里，隐藏的 codes 页也有。",
    "4. 报告怎么写就怎么填。前后不一的两处都填，各写各的段落，并在 notes 表记下疑点。",
    "5. 学校、机构、专业、大赛、区划先在 data/registry 里有编号；没有的先加上。",
    "6. 填好后运行 vetgraph validate，它会指出哪一格不对、怎样改。",
    "",
    "How to fill it in",
    "1. One sheet a table; point at a header for its explanation. Leave a sheet empty if you do not need it.",
    "2. The column 段落 (passage) says which passage of the report states the row; fill in the sheet passages first.",
    "3. Drop-downs take codes; the note at the header has their names, and so has the hidden sheet codes.",
    "4. Write what the report says. Where it contradicts itself, enter both, each with its passage, and add a note.",
    "5. Schools, bodies, programmes, competitions, regions have keys in data/registry; add missing ones there first.",
    "6. Then run vetgraph validate: it names each cell that is wrong, and how to mend it.",
)


def _report_schemas() -> dict[str, Schema]:
    """Return the schemas of a report's tables, by name; those of the registry have a fixed graph."""
    found = {file.stem: csvw.read_schema(file, []) for file in sorted(resources.folder("tables").glob("*.json"))}
    used = {name: one for name, one in found.items() if one is not None and "_group" in (one.graph_url or "")}
    # The report and its passages come first: the rows of the others name a passage.
    return dict(sorted(used.items(), key=lambda item: not (item[1].about_url or "").startswith("{+_group}")))


def table_names() -> tuple[str, ...]:
    """Return the names of the tables that a report can have."""
    return tuple(_report_schemas())


def new_report(folder: Path, key: str) -> Path:
    """Make a folder for a report: its table group and a workbook to fill in.

    Args:
        folder: Where reports are, as ``data/reports``.
        key: The key of the report, as ``luoyang-2025``.

    Returns:
        The new folder.

    Raises:
        UsageError: The key is malformed, or the folder exists or cannot be made.
    """
    target = report_folder(folder, key)
    _template(_report_schemas()).save(target / f"{key}.xlsx")
    return target


def report_folder(folder: Path, key: str, only: Container[str] | None = None) -> Path:
    """Make a folder for a report with nothing but its table group.

    Args:
        folder: Where reports are.
        key: The key of the report.
        only: The tables that it has; all that a report can have where left out.

    Returns:
        The new folder.

    Raises:
        UsageError: The key is malformed, or the folder exists or cannot be made.
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
    try:
        target.mkdir(parents=True)
    except OSError as error:
        raise UsageError(
            Text(f"无法建立文件夹 {target}", f"cannot make the folder {target}: {error.strerror}"),
            Text("换一个位置", "choose another place"),
        ) from error
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": f"{names.BASE}report/{key}",
        "@type": "TableGroup",
        "tables": [
            {"url": f"{name}.csv", "tableSchema": Path(os.path.relpath(_schema_file(folder, name), target)).as_posix()}
            for name in schemas
            if only is None or name in only
        ],
    }
    text = json.dumps(group, ensure_ascii=False, indent=2) + "\n"
    (target / "report.json").write_text(text, encoding="utf-8")
    return target


def _schema_file(folder: Path, name: str) -> Path:
    """Prefer the schemas that stand beside the reports, so that the folder can be moved as a whole."""
    beside = folder.parent / "tables" / f"{name}.json"
    return (beside if beside.is_file() else resources.folder("tables") / f"{name}.json").absolute()


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
        _table_sheet(book.create_sheet(name), schema, ranges, lists)
    book.move_sheet("codes", offset=len(schemas))
    return book


def _codes_sheet(book: Workbook, lists: CodeLists) -> dict[str, str]:
    """Write every code list, and return the range of the codes of each."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet("codes")
    sheet.sheet_state = "hidden"
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


def _table_sheet(sheet: Worksheet, schema: Schema, ranges: Mapping[str, str], lists: CodeLists) -> None:
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
        scheme = layout.schemes.get(column.name, "")
        lines = _explanation(column, lists.labels.get(scheme, {}))
        cell.comment = Comment("\n".join(lines), "vetgraph", width=360, height=max(140, 20 * len(lines)))
        sheet.column_dimensions[letter].width = max(12, 2 * len(title) + 6)
        if column.datatype.base not in _NUMBERS:
            # As text, so that a spreadsheet program does not turn keys and dates into something else.
            sheet.column_dimensions[letter].number_format = "@"
        rule = _rule(column, f"{letter}2", ranges.get(scheme))
        if rule is not None:
            rule.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"


def _explanation(column: Column, labels: Mapping[str, Text]) -> list[str]:
    english = ", ".join(column.titles.get("en", ()))
    lines = [f"{column.name} · {english}", column.description.get("zh", ""), column.description.get("en", "")]
    if column.required:
        lines.append("必填 required")
    if column.separator:
        lines.append(f"几个值之间用 {column.separator} 隔开 · several values, parted by {column.separator}")
    lines += [f"{key} = {label.zh}" for key, label in labels.items()]
    return [line for line in lines if line]


def _rule(column: Column, first: str, codes: str | None) -> Any:  # noqa: ANN401 - openpyxl's class is imported where it is used
    """Return what the spreadsheet program should check while typing; several codes in a cell it cannot."""
    from openpyxl.worksheet.datavalidation import DataValidation

    # Blank cells pass here: most columns may be empty, and the check of the tables names those that may not.
    shared: dict[str, Any] = {"allow_blank": True, "showErrorMessage": True}
    if codes is not None:
        if column.separator:
            return None
        return DataValidation(type="list", formula1=codes, **shared)
    if column.datatype.base in {"positiveInteger", "nonNegativeInteger"}:
        low = "1" if column.datatype.base == "positiveInteger" else "0"
        return DataValidation(type="whole", operator="greaterThanOrEqual", formula1=low, **shared)
    if column.datatype.base == "decimal":
        low = str(column.datatype.minimum if column.datatype.minimum is not None else -1e15)
        return DataValidation(type="decimal", operator="greaterThanOrEqual", formula1=low, **shared)
    if column.datatype.base in _FORMULAS and not column.separator:
        formula = _FORMULAS[column.datatype.base].format(first)
        return DataValidation(type="custom", formula1=formula, **shared)
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

    A workbook with bad cells is copied as it is; CSV files, and further workbooks, become a sheet for each bad table.

    Args:
        problems: The problems.
        files: The CSV files and workbooks that were read.
        out: The workbook to write.

    Raises:
        UsageError: The workbook to write is one of the files, or its folder is missing.
    """
    files = tuple(dict.fromkeys(files))
    if out.resolve() in {file.resolve() for file in files}:
        raise UsageError(
            Text(f"{out} 是原表", f"{out} is one of the tables"), Text("换一个文件名", "choose another name")
        )
    if not out.absolute().parent.is_dir():
        raise UsageError(
            Text(f"没有文件夹 {out.parent}", f"there is no folder {out.parent}"), Text("先建文件夹", "make it first")
        )
    named = {cell.file for problem in problems for cell in problem.cells}
    book, placed = _start(files, named)
    listed = book["problems"]
    for file in files:
        for source, sheet in _tables_of(file, named - placed.keys()):
            placed[source] = _copy(book, sheet, source)
    marks = [one for problem in problems for one in _marks(problem, book, placed)]
    for one in marks:
        _paint(book[one.sheet], one)
    _list(listed, problems, book, placed)
    book.save(out)


def _start(files: Sequence[Path], named: set[str]) -> tuple[Workbook, dict[str, str]]:
    """Copy the first workbook with bad cells, or make a new one; return it and the sheets of its tables."""
    import openpyxl

    for file in files:
        book = sheets.open_book(file) if any(one.startswith(f"{file}#") for one in named) else None
        if book is None:
            continue
        if "problems" in book.sheetnames:
            del book["problems"]
        placed = {f"{file}#{sheet.title}": sheet.title for sheet in book.worksheets}
        for sheet in book.worksheets:
            # Two selected sheets would be edited together.
            sheet.sheet_view.tabSelected = False
        book.create_sheet("problems", 0)
        book.active = 0
        return book, placed
    book = openpyxl.Workbook()
    book.worksheets[0].title = "problems"
    return book, {}


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
    for number, cells in ((1, sheet.header), *((row.number, row.cells) for row in sheet.rows)):
        for column, text in enumerate(cells, 1):
            if text:
                _write(target.cell(number, column), text)
    target.freeze_panes = "A2"
    return str(target.title)


def _write(cell: Any, text: str) -> None:  # noqa: ANN401 - openpyxl's cells
    """Write a text as a text: not as the formula that it may look like, without what XML cannot hold."""
    cell.value = _NO_XML.sub("", text)
    cell.data_type = "s"


def _marks(problem: Problem, book: Workbook, placed: dict[str, str]) -> Iterable[_Mark]:
    text = f"{problem.message.zh}\n{problem.message.en}\n{problem.fix.zh}\n{problem.fix.en}"
    for cell in problem.cells:
        sheet = placed.get(cell.file)
        if sheet is not None and cell.row is not None:
            yield _Mark(sheet, cell.row, _number(book[sheet], cell), text, cell == problem.cell)


def _number(sheet: Any, cell: Cell) -> int:  # noqa: ANN401 - openpyxl's sheets
    headers = [sheets.text_of(one.value).strip() for one in sheet[1]]
    return headers.index(cell.column) + 1 if cell.column in headers else 1


def _paint(sheet: Any, one: _Mark) -> None:  # noqa: ANN401 - openpyxl's sheets
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(one.row, one.column)
    for area in sheet.merged_cells.ranges:
        if cell.coordinate in area:
            # The other cells of the area cannot be seen, nor have a comment.
            cell = sheet.cell(area.min_row, area.min_col)
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    cell.comment = Comment(before + _NO_XML.sub("", one.text), "vetgraph", width=360, height=160)
    if one.own or not str(cell.fill.fgColor.rgb).endswith(_RED):
        cell.fill = PatternFill("solid", fgColor=_RED if one.own else _ORANGE)


def _list(sheet: Any, problems: Sequence[Problem], book: Workbook, placed: dict[str, str]) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet.append(["单元格 cell", "问题", "problem", "改法", "fix", "severity"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row, problem in enumerate(problems, 2):
        values = (str(problem.cell), problem.message.zh, problem.message.en, problem.fix.zh, problem.fix.en)
        for column, text in enumerate((*values, problem.severity), 1):
            target = sheet.cell(row, column)
            _write(target, text)
            target.alignment = Alignment(wrap_text=True, vertical="top")
        where = placed.get(problem.file)
        if where is not None and problem.row is not None:
            letter = get_column_letter(_number(book[where], problem.cell))
            quoted = where.replace("'", "''")
            sheet.cell(row, 1).hyperlink = f"#'{quoted}'!{letter}{problem.row}"
            sheet.cell(row, 1).font = Font(color="0563C1", underline="single")
    for letter, width in zip("ABCDEF", (44, 44, 44, 30, 30, 12), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
