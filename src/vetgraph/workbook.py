"""Workbooks for people: one to fill in for a new report, and one with its bad cells marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vetgraph import sheets
from vetgraph.errors import Cell, Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl import Workbook

    from vetgraph.errors import Problem

_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ROWS: Final = 2000
_RED: Final = "FF9C8F"
_ORANGE: Final = "FFD9A0"
_NUMBERS: Final = frozenset({"decimal", "number", "integer", "positiveInteger", "nonNegativeInteger"})


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
