"""CSV files and XLSX sheets to rows of text, with the row and line that each came from."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from vetgraph.errors import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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
    """

    number: int
    line: int
    cells: tuple[str, ...]


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
        The sheet without its ragged rows, or nothing if it cannot be read.
    """
    records = _records(path, problems)
    return None if records is None else _sheet(str(path), records, problems)


def _records(path: Path, problems: list[Problem]) -> list[tuple[int, list[str]]] | None:
    """Read the records of a CSV file, each with the line where it begins."""
    file = str(path)
    text = _decode(path.read_bytes(), file, problems)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(
            _problem(
                file,
                line,
                None,
                Text(f"不是合法的 CSV：{error}", f"no valid CSV: {error}"),
                Text("检查引号是否成对", "check that the quotes are balanced"),
            )
        )
        return None
    return records


def _sheet(file: str, records: Sequence[tuple[int, Sequence[str]]], problems: list[Problem]) -> Sheet | None:
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
        extra = cells[len(header) :]
        if any(extra) or len(cells) < len(header):
            problems.append(_ragged(file, number, line, len(cells), header))
            continue
        rows.append(Row(number, line, cells[: len(header)]))
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
    """

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        import openpyxl

        self.path = path
        self._book: Any = None
        try:
            # Formulas give the value that the spreadsheet program saved with them.
            self._book = openpyxl.load_workbook(path, data_only=True)
        except Exception:  # noqa: BLE001 - openpyxl raises KeyError, BadZipFile, ValueError… for what is no workbook
            problems.append(
                _problem(
                    str(path),
                    None,
                    None,
                    Text("不是 XLSX 工作簿", "not an XLSX workbook"),
                    Text("在 Excel 中另存为 .xlsx", "save it in Excel as .xlsx"),
                )
            )
        titles: Iterable[str] = self._book.sheetnames if self._book is not None else ()
        self.names = tuple(name for name in titles if name not in HELP_SHEETS)

    def sheet(self, name: str, problems: list[Problem]) -> Sheet | None:
        """Read a sheet.

        Args:
            name: Its name.
            problems: Takes what is wrong: merged cells, an empty sheet.

        Returns:
            The sheet, or nothing if it cannot be read.
        """
        sheet = self._book[name]
        file = f"{self.path}#{name}"
        merged = [str(area) for area in sheet.merged_cells.ranges]
        for area in merged:
            first = sheet[area.split(":")[0]]
            header = sheet.cell(1, first.column).value
            problems.append(
                Problem(
                    file,
                    first.row,
                    text_of(header) or first.column_letter,
                    Text(f"合并单元格 {area}", f"merged cells {area}"),
                    Text("取消合并，每格都写上值", "unmerge them and write the value in each cell"),
                    line=first.row,
                )
            )
        if merged:
            return None
        return _sheet(file, self._records(name), problems)

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


@lru_cache(maxsize=1024)
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
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
