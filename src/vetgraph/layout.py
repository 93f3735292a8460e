"""What the templates of a schema tell of its columns: which draw from a code list, name a thing, or give the key."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import uritemplate

from vetgraph import names
from vetgraph.errors import Problem, Text
from vetgraph.mapping import expand, items

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vetgraph.csvw import Column, Schema
    from vetgraph.sheets import Sheet

_CODE_COLUMN = re.compile(re.escape(f"{names.BASE}code/") + r"([a-z-]+)/\{\w+\}")
_OURS = tuple(f"<{names.BASE}{part}/" for part in ("id", "code", "report"))


@dataclass(frozen=True)
class Layout:
    """The roles of a schema's columns.

    Attributes:
        schemes: The code list of each column that draws from one.
        defines: Whether a row makes the thing it is about, or only adds to one made elsewhere.
        key_column: The column that gives the thing its key, where a row makes it.
        subject_column: The column that names the thing, where a row only adds.
        passage_column: The column that names the passage whose graph holds the row.
    """

    schemes: Mapping[str, str]
    defines: bool
    key_column: str
    subject_column: str | None
    passage_column: str | None

    def references(self, column: Column, values: Mapping[str, str]) -> Iterator[str]:
        """Give the things and passages of ours that a cell refers to.

        Args:
            column: The column.
            values: The variables of the row.

        Yields:
            The terms.
        """
        if column.value_url is None or column.name in self.schemes:
            return
        for item in items(column, values.get(column.name, "")):
            term = expand(column.value_url, {**values, column.name: item})
            if term is not None and term.startswith(_OURS):
                yield term


@lru_cache(maxsize=256)
def _layout(about: str | None, graph: str | None, columns: tuple[tuple[str, str | None], ...]) -> Layout:
    schemes = {}
    for name, value_url in columns:
        match = _CODE_COLUMN.fullmatch(value_url or "")
        if match:
            schemes[name] = match[1]
    own = uritemplate.variables(about) if about else ()
    variables = [str(name) for name in own if not str(name).startswith("_")]
    graphs = [str(name) for name in (uritemplate.variables(graph) if graph else ()) if not str(name).startswith("_")]
    defines = "id" in variables or (about or "").startswith(names.ENTRIES)
    return Layout(
        schemes=schemes,
        defines=defines,
        key_column="id" if "id" in variables or not variables else variables[-1],
        subject_column=variables[0] if variables and not defines else None,
        passage_column=graphs[0] if graphs else None,
    )


def find_layout(schema: Schema) -> Layout:
    """Work out the roles of a schema's columns.

    Args:
        schema: The schema.

    Returns:
        The roles.
    """
    return _layout(schema.about_url, schema.graph_url, tuple((column.name, column.value_url) for column in schema.real))


def match_header(sheet: Sheet, schema: Schema, problems: list[Problem]) -> dict[str, int] | None:
    """Find the columns of a schema in the header of a sheet, by name or by any title.

    Args:
        sheet: The sheet.
        schema: The schema.
        problems: Takes missing, unknown and repeated columns.

    Returns:
        The position of each column that is there, or nothing if the header is wrong.
    """
    by_header = {header: column.name for column in schema.real for header in reversed(column.headers())}
    place: dict[str, int] = {}
    before = len(problems)
    meant: set[str] = set()
    for at, header in enumerate(sheet.header):
        name = by_header.get(header)
        if name is None:
            close = difflib.get_close_matches(header, by_header, n=1)
            # A misspelt header is one fault, not an unknown column and a missing one.
            meant.update(by_header[one] for one in close)
            problems.append(_unknown_column(sheet, header or f"#{at + 1}", close))
        elif name in place:
            problems.append(
                _at_header(
                    sheet,
                    header,
                    Text(f"列“{header}”重复", f'the column "{header}" stands twice'),
                    Text("删去一列", "delete one of them"),
                )
            )
        else:
            place[name] = at
    problems += [
        _at_header(
            sheet,
            column.name,
            Text(f"缺少列“{column.name}”", f'the column "{column.name}" is missing'),
            Text(
                f"加上列“{column.name}”（{'，'.join(column.headers()[1:])}）",
                f'add a column "{column.name}"',
            ),
        )
        for column in schema.real
        if column.name not in {*place, *meant} and (column.required or column.name in schema.primary_key)
    ]
    return place if len(problems) == before else None


def _at_header(sheet: Sheet, column: str, message: Text, fix: Text) -> Problem:
    return Problem(sheet.file, 1, column, message, fix, line=1)


def _unknown_column(sheet: Sheet, shown: str, close: list[str]) -> Problem:
    return _at_header(
        sheet,
        shown,
        Text(f"未知的列“{shown}”", f'unknown column "{shown}"'),
        Text(f"改为“{close[0]}”或删去", f'rename it to "{close[0]}" or delete it')
        if close
        else Text("删去该列", "delete the column"),
    )
