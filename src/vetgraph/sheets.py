"""CSV files and XLSX sheets to rows of text, with the row and line that each came from."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from vetgraph import separated
from vetgraph.errors import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from pathlib import Path

#: Sheets of a workbook that are for people: how to fill it in, the lists behind the drop-downs, the problems found.
HELP_SHEETS = frozenset({"说明 notes", "codes", "problems"})
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet.

    Attributes:
        number: The spreadsheet's row number; the header is row 1.
        line: The physical line where the row begins.
        cells: The texts, one for each header.
        sound: Whether the row may be read on; a ragged row and one with merged cells have had their problem already.
    """

    number: int
    line: int
    cells: tuple[str, ...]
    sound: bool = True


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in a file.

    Attributes:
        file: The file, with ``#sheet`` for a sheet of a workbook.
        header: The texts of the first row.
        rows: The rows that are not blank.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def _problem(file: str, row: int | None, column: str | None, message: Text, fix: Text) -> Problem:
    return Problem(file, row, column, message, fix, line=row)


def _decode(raw: bytes, file: str, problems: list[Problem]) -> str | None:
    if raw.startswith(_UTF16):
        encoding = "UTF-16"
    else:
        for codec in ("utf-8-sig", "gb18030"):
            try:
                text = raw.decode(codec)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
        encoding = "?"
    problems.append(
        _problem(
            file,
            None,
            None,
            Text(
                f"编码不对（{encoding}），应为 UTF-8 或 GB18030",
                f"wrong encoding ({encoding}); expected UTF-8 or GB18030",
            ),
            Text("在 Excel 中另存为“CSV UTF-8”", 'save it in Excel as "CSV UTF-8"'),
        )
    )
    return None


def read_raw_csv(path: Path, problems: list[Problem]) -> Sheet | None:
    """Read a CSV file as it stands, with its ragged rows.

    Args:
        path: The file.
        problems: Takes what is wrong, if it cannot be read at all.

    Returns:
        The sheet, or nothing if it cannot be read.
    """
    records = _records(path, problems)
    return None if not records else _raw(str(path), records)


def _raw(file: str, records: Sequence[tuple[int, Sequence[str]]]) -> Sheet:
    rows = (Row(number, line, tuple(record)) for number, (line, record) in enumerate(records[1:], 2))
    return Sheet(file, tuple(text.strip() for text in records[0][1]), tuple(rows))


def read_csv(path: Path, problems: list[Problem]) -> Sheet | None:
    """Read a CSV file: UTF-8 with or without BOM, or GB18030 as Excel in China saves it.

    Args:
        path: The file.
        problems: Takes what is wrong: a wrong encoding, an empty file, ragged rows.

    Returns:
        The sheet, or nothing if it cannot be read.
    """
    records = _records(path, problems)
    return None if records is None else _sheet(str(path), records, problems)


def _records(path: Path, problems: list[Problem]) -> list[tuple[int, list[str]]] | None:
    """Read the records of a CSV file, each with the line where it begins."""
    file = str(path)
    text = _decode(path.read_bytes(), file, problems)
    return None if text is None else separated.records(file, io.StringIO(text, newline=""), problems)


def _sheet(
    file: str, records: Sequence[tuple[int, Sequence[str]]], problems: list[Problem], bad: Container[int] = ()
) -> Sheet | None:
    """Make a sheet of raw records; strip the cells, leave blank rows out, report ragged rows."""
    header = tuple(text.strip() for text in records[0][1]) if records else ()
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        problems.append(
            _problem(
                file,
                1,
                None,
                Text("文件是空的，缺少表头", "the file is empty; the header is missing"),
                Text("第一行写列名", "write the names of the columns in the first row"),
            )
        )
        return None
    rows = []
    for number, (line, record) in enumerate(records[1:], 2):
        cells = tuple(text.strip() for text in record)
        if not any(cells):
            continue
        ragged = len(cells) < len(header) or any(cells[len(header) :])
        if ragged:
            problems.append(_ragged(file, number, line, len(cells), header))
        cells = (cells + ("",) * len(header))[: len(header)]
        rows.append(Row(number, line, cells, sound=not ragged and number not in bad))
    return Sheet(file, header, tuple(rows))


def _ragged(file: str, number: int, line: int, found: int, header: Sequence[str]) -> Problem:
    column = header[found] if found < len(header) else header[-1]
    return Problem(
        file,
        number,
        column,
        Text(f"应有 {len(header)} 格，实有 {found} 格", f"expected {len(header)} cells, got {found}"),
        Text("检查该行的逗号和引号", "check the commas and quotes of this row"),
        line=line,
    )


class Workbook:
    """An XLSX workbook whose sheets are tables, opened once.

    Attributes:
        path: The file.
        names: The names of its sheets that are tables.
        opened: Whether the file is a workbook at all.
    """

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        # Formulas give the value that the spreadsheet program saved with them.
        self._book = open_book(path, values=True)
        self._formulas: Any = None
        self.opened = self._book is not None
        if not self.opened:
            problems.append(
                _problem(
                    str(path),
                    None,
                    None,
                    Text("不是 XLSX 工作簿", "not an XLSX workbook"),
                    Text("在 Excel 中另存为 .xlsx", "save it in Excel as .xlsx"),
                )
            )
        listed = self._book.worksheets if self.opened else ()
        self.names = tuple(sheet.title for sheet in listed if sheet.title not in HELP_SHEETS)

    def sheet(self, name: str, problems: list[Problem]) -> Sheet | None:
        """Read a sheet.

        Args:
            name: Its name.
            problems: Takes what is wrong: merged cells, formulas without a value, an empty sheet.

        Returns:
            The sheet, or nothing if it cannot be read.
        """
        sheet = self._book[name]
        file = f"{self.path}#{name}"
        merged = list(sheet.merged_cells.ranges)
        problems += [_merged(file, sheet, area) for area in merged]
        bad = {number for area in merged for number in range(area.min_row, area.max_row + 1)}
        records = self._records(name)
        for area in merged:
            # What a merged cell shows, all its rows mean: others may refer to a key that stands in one of them.
            for number in range(area.min_row, area.max_row + 1):
                for at in range(area.min_col - 1, area.max_col):
                    records[number - 1][1][at] = records[area.min_row - 1][1][area.min_col - 1]
        found = _sheet(file, records, problems, bad)
        return found and replace(found, rows=tuple(self._checked(name, found, problems)))

    def raw(self, name: str) -> Sheet:
        """Read a sheet as it stands.

        Args:
            name: Its name.

        Returns:
            The sheet, its blank rows and merged cells included.
        """
        return _raw(f"{self.path}#{name}", self._records(name) or [(1, [])])

    def _records(self, name: str) -> list[tuple[int, list[str]]]:
        rows = self._book[name].iter_rows(values_only=True)
        return [(number, [text_of(value) for value in values]) for number, values in enumerate(rows, 1)]

    def _checked(self, name: str, found: Sheet, problems: list[Problem]) -> Iterator[Row]:
        """Report the cells that show an error of the spreadsheet program or hold a formula that was never computed."""
        for row in found.rows:
            faults = [at for at in range(len(found.header)) if self._is_fault(name, row.number, at + 1)]
            problems += [
                Problem(
                    found.file,
                    row.number,
                    found.header[at],
                    Text("公式没有可用的值", "the formula has no value that can be used"),
                    Text("改写成值", "write the value instead of the formula"),
                    line=row.line,
                )
                for at in faults
            ]
            yield replace(row, sound=row.sound and not faults)

    def _is_fault(self, name: str, row: int, column: int) -> bool:
        cell = self._book[name].cell(row, column)
        if cell.data_type == "e":
            return True
        return cell.value is None and self._formula(name, row, column)

    def _formula(self, name: str, row: int, column: int) -> bool:
        """Tell whether an empty cell is a formula; the workbook is opened again only where it has formulas at all."""
        if self._formulas is None:
            self._formulas = open_book(self.path) if _has_formulas(self.path) else False
        return bool(self._formulas) and self._formulas[name].cell(row, column).data_type == "f"


def open_book(path: Path, *, values: bool = False) -> Any:  # noqa: ANN401 - openpyxl is imported only when needed
    """Open an XLSX workbook.

    Args:
        path: The file.
        values: Whether formulas give their saved values, not their texts.

    Returns:
        The workbook of openpyxl, or nothing if the file is no workbook.
    """
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it cannot keep, such as pictures; none of it is data.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, data_only=values)
    except Exception:  # noqa: BLE001 - openpyxl raises KeyError, BadZipFile, ValueError… for what is no workbook
        return None


def _has_formulas(path: Path) -> bool:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f" in archive.read(name) for name in sheets)


def _merged(file: str, sheet: Any, area: Any) -> Problem:  # noqa: ANN401 - openpyxl's classes
    header = text_of(sheet.cell(1, area.min_col).value).strip()
    return Problem(
        file,
        area.min_row,
        header or sheet.cell(area.min_row, area.min_col).column_letter,
        Text(f"合并单元格 {area.coord}", f"merged cells {area.coord}"),
        Text("取消合并，每格都写上值", "unmerge them and write the value in each cell"),
        line=area.min_row,
    )


@lru_cache(maxsize=1024, typed=True)  # typed: 1 and True are equal, their texts are not
def text_of(value: object) -> str:
    """Return the lexical form of a spreadsheet's value: ``2025`` for 2025.0, an ISO date for a date.

    Args:
        value: The value of the cell.

    Returns:
        The text; empty for an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # 15 digits, as Excel shows them: 0.1 + 0.2 is 0.3 there; never with an exponent.
        text = format(Decimal(format(value, ".15g")), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
