"""How answers and problems look on a terminal, in a file and to a machine. Makes text and bytes, prints nothing."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, cast

from vetgraph.querytext import width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vetgraph.errors import Problem, Text
    from vetgraph.results import Solutions

_GITHUB = {"violation": "error", "warning": "warning", "info": "notice"}


def table(header: Sequence[str], rows: Iterable[Sequence[Any]], room: int = 0) -> str:
    """Lay rows out for a terminal; a Chinese character takes two cells.

    Args:
        header: Names of the columns.
        rows: Cells; numbers stand to the right.
        room: Width of the terminal; 0 cuts nothing.

    Returns:
        Lines of text, with a rule under the header.
    """
    kept = list(rows)
    cells = [["" if cell is None else str(cell).replace("\n", " ") for cell in row] for row in kept]
    numeric = [bool(kept) and all(_is_number(row[i]) for row in kept) for i in range(len(header))]
    widths = [max([width(name), *(width(row[i]) for row in cells)]) for i, name in enumerate(header)]
    widths = _fit(widths, room)
    lines = [_line(header, widths, numeric), "  ".join("-" * size for size in widths)]
    lines += [_line(row, widths, numeric) for row in cells]
    return "\n".join(lines)


def _is_number(value: Any) -> bool:  # noqa: ANN401 - any cell
    from decimal import Decimal

    return value is None or (isinstance(value, (int, float, Decimal)) and not isinstance(value, bool))


def _fit(widths: list[int], room: int) -> list[int]:
    """Narrow the widest columns until the line fits."""
    least = 12
    while room and sum(widths) + 2 * (len(widths) - 1) > room and max(widths) > least:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    padded = []
    for cell, size, right in zip(row, widths, numeric, strict=True):
        shown = _cut(cell, size)
        blank = " " * (size - width(shown))
        padded.append(blank + shown if right else shown + blank)
    return "  ".join(padded).rstrip()


def _cut(text: str, size: int) -> str:
    if width(text) <= size:
        return text
    kept, used = "", 0
    for char in text:
        used += width(char)
        if used > size - 1:
            break
        kept += char
    return kept + "…"


def workbook(found: Solutions) -> bytes:
    """Write rows as an Excel workbook; text that begins with ``=`` stays text.

    Args:
        found: The rows.

    Returns:
        The .xlsx file.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook(write_only=True)
    sheet = book.create_sheet("results")
    sheet.append(list(found.variables))
    for row in found:
        cells = []
        for value in row.values():
            try:
                cell = WriteOnlyCell(sheet, value=cast("Any", value))
            except IllegalCharacterError:
                cell = WriteOnlyCell(sheet, value="".join(c for c in str(value) if c.isprintable()))
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def problems_text(problems: Iterable[Problem], lang: str) -> str:
    """Write problems for people: the cell, what is wrong, how to put it right, the other cells that took part.

    Args:
        problems: The problems.
        lang: ``zh`` or ``en``.

    Returns:
        Lines of text.
    """
    words = {"zh": ("改法", "相关"), "en": ("fix", "see also")}[lang]
    severities = {"warning": {"zh": "警告：", "en": "warning: "}, "info": {"zh": "提示：", "en": "note: "}}
    lines = []
    for problem in problems:
        severity = severities.get(problem.severity, {}).get(lang, "")
        lines.append(f"{problem.cell}: {severity}{problem.message.get(lang)}")
        if problem.fix.get(lang):
            lines.append(f"  {words[0]}: {problem.fix.get(lang)}")
        if problem.related:
            lines.append(f"  {words[1]}: {', '.join(str(cell) for cell in problem.related)}")
    return "\n".join(lines)


def problems_json(problems: Iterable[Problem]) -> str:
    """Write problems as a JSON array, messages in both languages.

    Args:
        problems: The problems.

    Returns:
        JSON.
    """
    return json.dumps(problems_plain(problems), ensure_ascii=False, indent=2)


def problems_plain(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems as JSON holds them, messages in both languages.

    Args:
        problems: The problems.

    Returns:
        An object for each.
    """

    def cell(found: Any) -> dict[str, Any]:  # noqa: ANN401 - a Problem or a Cell
        return {"file": found.file, "row": found.row, "column": found.column, "line": found.line}

    def text(words: Text) -> dict[str, str]:
        return {"zh": words.zh, "en": words.en}

    return [
        {
            **cell(problem),
            "severity": problem.severity,
            "message": text(problem.message),
            "fix": text(problem.fix),
            "related": [cell(other) for other in problem.related],
            "shape": problem.shape,
            "passages": list(problem.passages),
        }
        for problem in problems
    ]


def problems_github(problems: Iterable[Problem], lang: str) -> str:
    """Write problems as GitHub workflow commands, which annotate the lines of a pull request.

    Args:
        problems: The problems.
        lang: ``zh`` or ``en``.

    Returns:
        One command a line.
    """
    lines = []
    for problem in problems:
        place = {"file": problem.file, "line": problem.line or problem.row, "title": problem.column}
        listed = ",".join(f"{key}={_property(str(value))}" for key, value in place.items() if value is not None)
        message = _escape(f"{problem.message.get(lang)}\n{problem.fix.get(lang)}".strip())
        lines.append(f"::{_GITHUB.get(problem.severity, 'error')} {listed}::{message}")
    return "\n".join(lines)


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
