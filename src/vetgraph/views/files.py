"""What a reader sees of a table, as files: CSV and JSON, and a workbook with types and a sheet of sources."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from vetgraph.results import BOM

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
"""Media types by the ending of the file."""

_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FORMULA: Final = ("=", "+", "@", "\t", "\r")
_WIDEST: Final = 60
_LONGEST: Final = 32_000


@dataclass(frozen=True)
class Sheet:
    """Rows as a reader sees them.

    Attributes:
        title: What they are.
        head: What the columns are called.
        rows: Texts, numbers, dates, or none.
        keys: Names of the columns for programs.
        about: Where the rows come from: what is told, and how it is called.
        sources: What the sheet of sources is called.
        more: Other rows that a workbook has on sheets of their own, between these and the sources.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    keys: Sequence[str]
    about: Sequence[tuple[str, str]] = field(default=())
    sources: str = "sources"
    more: list[Sheet] = field(default_factory=list)


def written(sheet: Sheet, form: str) -> bytes:
    """Write rows as a file.

    Args:
        sheet: The rows.
        form: A name of ``FORMS``.

    Returns:
        The file.
    """
    return {"csv": _csv, "xlsx": _workbook, "json": _json}[form](sheet)


def _csv(sheet: Sheet) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_plain(text) for text in sheet.head])
    writer.writerows([[_plain(value) for value in row] for row in sheet.rows])
    return (BOM + out.getvalue()).encode("utf-8", "replace")


def _plain(value: Any) -> Any:  # noqa: ANN401 - text, number, date or none
    """Return a value as a cell of a CSV file; a text that a spreadsheet would take for a formula is quoted."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _json(sheet: Sheet) -> bytes:
    rows = [{key: _told(value) for key, value in zip(sheet.keys, row, strict=True)} for row in sheet.rows]
    columns = [{"name": key, "label": label} for key, label in zip(sheet.keys, sheet.head, strict=True)]
    told = {"title": sheet.title, "about": dict(sheet.about), "columns": columns, "rows": rows}
    return json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _told(value: Any) -> Any:  # noqa: ANN401 - text, number, date or none
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _workbook(sheet: Sheet) -> bytes:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)

    def fill(title: str, rows: Sequence[Sequence[Any]], widths: Sequence[int], *, bold: bool) -> None:
        made = book.create_sheet(title)
        if bold:
            made.freeze_panes = "A2"
        for number, width in enumerate(widths, 1):
            made.column_dimensions[get_column_letter(number)].width = width
        for place, row in enumerate(rows):
            cells = [WriteOnlyCell(made, value=_cell(value)) for value in row]
            for cell in cells:
                cell.data_type = "s" if cell.data_type == "f" else cell.data_type  # a name may begin with "="
                if not bold:
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
                elif place == 0:
                    cell.font = Font(bold=True)
            made.append(cells)

    taken: set[str] = set()
    for each in (sheet, *sheet.more):
        fill(_free(each.title, taken), [each.head, *each.rows], _widths(each), bold=True)
    fill(_free(sheet.sources, taken), sheet.about, (18, 100), bold=False)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _free(title: str, taken: set[str]) -> str:
    """Return a name for a sheet as spreadsheets allow it, another than those taken, and take it."""
    name = re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip() or "table"
    number = 1
    found = name
    while found.casefold() in taken:
        number += 1
        found = f"{name[:28]} {number}"
    taken.add(found.casefold())
    return found


def _widths(sheet: Sheet) -> list[int]:
    return [
        min(_WIDEST, max([_width(sheet.head[number]), *(_width(row[number]) for row in sheet.rows[:200])]) + 2)
        for number in range(len(sheet.head))
    ]


def _cell(value: Any) -> Any:  # noqa: ANN401 - text, number, date or none
    """Return a value as a cell of a workbook: a time with a zone and a number without end are text there."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return _NO_XML.sub(" ", value)[:_LONGEST] if isinstance(value, str) else value


def _width(value: Any) -> int:  # noqa: ANN401 - text, number, date or none
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in str(value or "")[:_WIDEST])  # noqa: PLR2004 - CJK
