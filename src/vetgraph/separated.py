"""Text with separated values (CSV, RFC 4180; TSV) as records that know the line where they begin."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from vetgraph.errors import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMED = {",": "CSV", "\t": "TSV"}


def records(
    file: str, lines: Iterable[str], problems: list[Problem], *, first: int = 1, separator: str = ","
) -> list[tuple[int, list[str]]] | None:
    """Read records.

    Args:
        file: Name of the file, for problems.
        lines: Its lines with their ends.
        problems: Takes what is wrong: quotes that are not closed and the like.
        first: The number of the first of the lines.
        separator: What stands between two values.

    Returns:
        Each record with its line; nothing where the text is malformed.
    """
    reader = csv.reader(lines, delimiter=separator, strict=True)
    found: list[tuple[int, list[str]]] = []
    line = first
    try:
        for record in reader:
            found.append((line, record))
            line = first + reader.line_num
    except csv.Error as error:
        form = _NAMED[separator]
        said = Text(f"不是合法的 {form}：{error}", f"no valid {form}: {error}")
        fix = Text("检查引号是否成对", "check that the quotes are balanced")
        problems.append(Problem(file, line, None, said, fix, line=line))
        return None
    return found
