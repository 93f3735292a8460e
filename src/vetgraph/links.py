"""Reviewed mappings as links of the graph: what a person accepted becomes ``skos:exactMatch``, or whatever it says.

``data/links/{key}.sssom.tsv`` is read as any table is, by the schema ``links.json``, into ``…/graph/link/{key}``, once
its CURIEs are written out. What nobody has decided, and what was rejected, is checked and makes no link.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vetgraph import csvw, names, sheets, sssom
from vetgraph.errors import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.sssom import MappingSet, Row
    from vetgraph.tableschema import Schema

MATCHES: Final = tuple(f"skos:{name}Match" for name in ("exact", "close", "broad", "narrow", "related"))
"""The predicates that a link may have."""

_IRIS: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")


@functools.cache
def schema() -> Schema:
    """Return the schema by which mappings are read."""
    problems: list[Problem] = []
    found = csvw.read_schema(Path(__file__).with_suffix(".json"), problems)
    if found is None or problems:
        raise ValueError(problems)
    return found


def key_of(file: Path) -> str:
    """Return the key of a file of mappings, which is that of the list they are about.

    Args:
        file: The file.

    Returns:
        Its name without the ending.
    """
    return file.name.removesuffix(sssom.SUFFIX)


def sheet(file: Path, problems: list[Problem]) -> sheets.Sheet | None:
    """Read a file of mappings as a sheet of the links that it makes.

    Args:
        file: The file.
        problems: Takes what is wrong with any row.

    Returns:
        The accepted rows with their IRIs written out, or nothing if the file cannot be read.
    """
    found = sssom.read(file, problems)
    if found is None:
        return None
    header = tuple(column.name for column in schema().real)
    before = len(problems)
    problems += [problem for row in found.rows for problem in _problems(found, row)]
    bad = {problem.row for problem in problems[before:]}
    rows = (_sheet_row(found, row, header) for row in found.rows if row.accepted and row.line not in bad)
    return sheets.Sheet(str(file), header, tuple(rows))


def _sheet_row(found: MappingSet, row: Row, header: tuple[str, ...]) -> sheets.Row:
    values = {**row.values, **{name: found.expand(row.get(name)) or "" for name in _IRIS}}
    told = "\n".join(values[name] for name in _IRIS[:3])
    values["mapping"] = hashlib.sha256(told.encode()).hexdigest()[:16]
    return sheets.Row(row.line, row.line, tuple(values.get(name, "") for name in header))


def _problems(found: MappingSet, row: Row) -> Iterator[Problem]:
    def wrong(column: str, message: Text, fix: Text) -> Problem:
        return Problem(found.file, row.line, column, message, fix, line=row.line)

    for column in _IRIS:
        if row.get(column) and found.expand(row.get(column)) is None:
            told = row.get(column)
            yield wrong(
                column,
                Text(f"“{told}”的前缀不在 curie_map 中", f'the prefix of "{told}" is not in the curie_map'),
                Text("在文件头的 curie_map 中加上它", "add it to the curie_map at the head of the file"),
            )
        elif not row.get(column):
            yield wrong(
                column, Text("此格必填", "expected a value; the cell is empty"), Text("填上值", "fill in the cell")
            )
    if row.get("predicate_modifier") not in {"", sssom.NOT}:
        told = row.get("predicate_modifier")
        yield wrong(
            "predicate_modifier",
            Text(f"应为 Not 或空，实为“{told}”", f'expected Not or nothing; got "{told}"'),
            Text("拒绝的写 Not", "write Not where the pair is rejected"),
        )
    if row.accepted:
        yield from _of_link(found, row)


def _of_link(found: MappingSet, row: Row) -> Iterator[Problem]:
    """Check what only a link must have: a predicate that is one, who decided, and when."""

    def wrong(column: str, message: Text, fix: Text) -> Problem:
        return Problem(found.file, row.line, column, message, fix, line=row.line)

    predicate = found.expand(row.get("predicate_id"))
    if predicate is not None and names.shorten(predicate) not in MATCHES:
        told, choice = row.get("predicate_id"), ", ".join(MATCHES)
        yield wrong(
            "predicate_id",
            Text(f"应为 {choice} 之一，实为“{told}”", f'expected one of {choice}; got "{told}"'),
            Text("写 skos:exactMatch 或 skos:closeMatch", "write skos:exactMatch or skos:closeMatch"),
        )
    if not any(row.get(name) for name in ("author_label", "author_id", "reviewer_label", "reviewer_id")):
        yield wrong(
            "author_label",
            Text("没有写明谁决定的", "it is not told who decided"),
            Text("填上 author_label", "fill in author_label"),
        )
    if not row.get("mapping_date"):
        yield wrong(
            "mapping_date",
            Text("没有写明何时决定的", "it is not told when it was decided"),
            Text("填上 mapping_date，如 2025-12-25", "fill in mapping_date, as 2025-12-25"),
        )
