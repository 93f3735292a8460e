"""A folder of tables to quads and problems: finds the files, checks every cell, keeps the way back to the cell."""

from __future__ import annotations

import difflib
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from vetgraph import codelists, csvw, datasets, links, names, sheets, sssom
from vetgraph.errors import Problem, Text
from vetgraph.mapping import RowMapping
from vetgraph.reading import Memory, Part, Reading, References, Stamp, stamp_of
from vetgraph.rows import TableReader, check_references

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from vetgraph.codelists import CodeLists
    from vetgraph.csvw import Group, Table


def read(
    data: Path,
    *,
    codes: CodeLists | None = None,
    memory: Memory | None = None,
    known: Callable[[Iterable[str]], Container[str]] | None = None,
) -> Reading:
    """Read the registry, every report, every list and the links of a data folder.

    Args:
        data: The folder; it holds ``registry/registry.json``, ``reports/*/report.json``, ``lists/*.json`` and
            ``links/*.sssom.tsv``.
        codes: The code lists; the ontology's own if not given.
        known: Tells which things exist that no table here defines, given their IRIs as N-Quads terms.
        memory: What an earlier reading of this folder read; tables that are as they were are not read again.

    Returns:
        The quads of all rows that can be mapped, and the problems of all cells.
    """
    reading = Reading()
    memory = memory or Memory()
    memory.read.clear()
    references = References(codes or codelists.load())
    found = [data / "registry" / "registry.json", *sorted(data.glob("reports/*/report.json"))]
    present = [file for file in found if file.is_file()]
    if not present:
        reading.problems.append(
            Problem(
                str(data),
                None,
                None,
                Text(
                    "没有 registry/registry.json，也没有 reports/*/report.json",
                    "there is neither registry/registry.json nor reports/*/report.json",
                ),
                Text("给出数据文件夹，如 data", "name the data folder, as data"),
            )
        )
    for file in present:
        group = csvw.read_group(file, reading.problems)
        reading.files.append(file)
        if group is not None:
            _read_group(group, _books_of(group), reading, references, memory)
    for file in sorted(data.glob("lists/*.json")):
        reading.files.append(file)
        group = datasets.read_list(file, reading.problems)
        if group is not None:
            _read_list(group, reading, references, memory)
    for file in sorted(data.glob(f"links/*{sssom.SUFFIX}")):
        stamp = stamp_of([file])
        part = memory.part((file, ""), stamp, partial(_read_links, file, stamp, references.codes))
        reading.files += part.reading.files
        part.join(reading, references)
    if known is not None:
        references.allow(known(references.missing()))
    check_references(references, reading.problems)
    files = {file: number for number, file in enumerate(dict.fromkeys(one.file for one in reading.problems))}
    reading.problems.sort(key=lambda one: (files[one.file], one.row or 0))
    return reading


def _books_of(group: Group) -> list[Path]:
    """Return the workbooks of a group: any in its folder."""
    return [path for path in sorted(group.file.parent.glob("*.xlsx")) if not path.name.startswith("~$")]


def _read_list(group: Group, reading: Reading, references: References, memory: Memory) -> None:
    """Read a list: its one workbook has its name, since the folder holds other lists, too."""
    book = group.file.with_suffix(".xlsx")
    paths = [book] if book.is_file() else []
    _read_group(group, paths, reading, references, memory)
    sources = [*paths, *(group.file.parent / table.url for table in group.tables)]
    stamp = stamp_of([group.file, *sources])
    part = memory.part((group.file, "#"), stamp, partial(datasets.read_part, group, sources, stamp, references.codes))
    part.join(reading, references)


def _read_group(group: Group, paths: list[Path], reading: Reading, references: References, memory: Memory) -> None:
    folder = group.file.parent
    reading.files += paths

    @cache
    def books() -> tuple[list[sheets.Workbook], list[Problem]]:
        problems: list[Problem] = []
        return [sheets.Workbook(path, problems) for path in paths], problems

    def read_books(stamp: Stamp) -> Part:
        known = {Path(table.url).stem for table in group.tables}
        opened, problems = books()
        unknown = [_unknown_sheet(book, name, known) for book in opened for name in book.names if name not in known]
        return Part(stamp, Reading(problems=[*problems, *unknown]), References(references.codes))

    def read_table(table: Table, stamp: Stamp) -> Part:
        return _read_table(group, table, books()[0], references.codes, stamp)

    readers: dict[str, Callable[[Stamp], Part]] = {
        **{table.url: partial(read_table, table) for table in group.tables},
        "": read_books,
    }
    for name, read_part in readers.items():
        schema = [Path(table.schema.file) for table in group.tables if table.url == name]
        stamp = stamp_of([group.file, *schema, *([folder / name] if name else []), *paths])
        part = memory.part((group.file, name), stamp, partial(read_part, stamp))
        reading.files += part.reading.files
        part.join(reading, references)


def _read_table(group: Group, table: Table, books: list[sheets.Workbook], codes: CodeLists, stamp: Stamp) -> Part:
    part = Part(stamp, Reading(), References(codes))
    sheet = _find_sheet(group.file.parent, table, books, part.reading)
    mapping = RowMapping(table.schema, group.id, group.key)
    if (sheet is None or not TableReader(mapping, sheet, part.reading, part.references).read()) and mapping.start:
        part.references.unread.append(mapping.start)
    return part


def _read_links(file: Path, stamp: Stamp, codes: CodeLists) -> Part:
    key = links.key_of(file)
    part = Part(stamp, Reading(files=[file]), References(codes))
    sheet = links.sheet(file, part.reading.problems)
    if sheet is not None:
        mapping = RowMapping(links.schema(), names.links(key), key)
        TableReader(mapping, sheet, part.reading, part.references).read()
    return part


def _unknown_sheet(book: sheets.Workbook, name: str, known: Iterable[str]) -> Problem:
    close = difflib.get_close_matches(name, known, n=1)
    return Problem(
        f"{book.path}#{name}",
        None,
        None,
        Text(f"工作表“{name}”不是任何一张表", f'the sheet "{name}" is no table of the group'),
        Text(f"改名为 {close[0]}", f"rename it to {close[0]}")
        if close
        else Text("删去或列入 report.json", "delete it, or list it in report.json"),
    )


def _find_sheet(folder: Path, table: Table, books: list[sheets.Workbook], reading: Reading) -> sheets.Sheet | None:
    """Find a table as a CSV file or as a sheet of a workbook; rows in both are a problem."""
    path = folder / table.url
    found = []
    if path.is_file():
        reading.files.append(path)
        found.append(sheets.read_csv(path, reading.problems))
    found += [book.sheet(path.stem, reading.problems) for book in books if path.stem in book.names]
    # What stands in a workbook that cannot be opened is not known to be missing.
    if not found and all(book.opened for book in books):
        reading.problems.append(
            Problem(
                str(path),
                None,
                None,
                Text("文件不存在", "there is no such file"),
                Text(f"加上此文件或工作表“{path.stem}”", f'add this file, or a sheet "{path.stem}"'),
            )
        )
    filled = [sheet for sheet in found if sheet is not None and sheet.rows]
    if len(filled) > 1:
        reading.problems.append(
            Problem(
                filled[0].file,
                None,
                None,
                Text(f"同一张表也在 {filled[1].file}", f"the same table stands in {filled[1].file}, too"),
                Text("留一处，删另一处", "keep one and delete the other"),
            )
        )
    return filled[0] if filled else next((sheet for sheet in found if sheet is not None), None)
