"""One changed cell of the real data gives exactly the expected problems, each with its cells (tests/cells.csv)."""

from __future__ import annotations

import csv
import shutil
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vetgraph import tables
from vetgraph.validate import shapes, validate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.errors import Cell

ROOT = Path(__file__).parent.parent
REPORT = "reports/xuchang-2025/"

# Constraints that no single cell of this report can break, and why; their files in tests/shapes break them.
OUT_OF_REACH = {
    "award-prize-and-count": "the table layer requires both columns",
    "award-parts": "the report does not say which prizes are counted in which",
    "fact-cited": "a row always has the passage that the table layer requires",
    "institution-facts-cited": "the same",
    "industry-college-stated": "one column makes both triples",
    "institution-memberships-agree": "one row makes both triples",
    "institution-leads-agree": "one row makes both triples",
    "membership-stated": "one row makes both triples",
    "membership-lead-stated": "the role follows from the table",
    "figure-city-run-parts": "the report gives no students by ownership",
    "figure-county-run-parts": "the same",
    "note-target-known": "the table layer finds a dangling key first",
    "entry-one-match": "a link stands in no CSV file: tests/test_links.py",
    "entry-match-kind": "the same",
    "entry-codes-agree": "the same",
}

with (Path(__file__).parent / "cells.csv").open(encoding="utf-8", newline="") as _stream:
    LINES = list(csv.DictReader(_stream))
CHANGES = {
    change: [(line["found_by"], line["problem"], line["related"]) for line in lines]
    for change, lines in groupby(LINES, key=lambda line: (line["file"], line["row"], line["column"], line["value"]))
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changed") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("lists", "links"))
    return folder


def change(file: Path, row: int, column: str, value: str) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        records = list(csv.reader(stream))
    records[row - 1][records[0].index(column)] = value
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(records)


def short(data: Path, cell: Cell) -> str:
    return str(cell).removeprefix(f"{data}/").removeprefix(REPORT)


def problems(data: Path) -> Iterator[tuple[str, str, str]]:
    reading = tables.read(data)
    found = reading.problems or validate(reading).problems
    for problem in found:
        by = problem.shape.rpartition("/")[2] if problem.shape else "cell"
        yield by, short(data, problem.cell), ";".join(short(data, cell) for cell in problem.related)


@pytest.mark.parametrize("changed", CHANGES, ids=lambda changed: f"{Path(changed[0]).stem}-{changed[1]}-{changed[2]}")
def test_a_changed_cell_is_found(data: Path, changed: tuple[str, str, str, str]) -> None:
    name, row, column, value = changed
    file = data / name
    before = file.read_bytes()
    change(file, int(row), column, value)
    try:
        assert sorted(problems(data)) == sorted(CHANGES[changed])
    finally:
        file.write_bytes(before)


def test_every_constraint_is_broken_by_a_cell_or_out_of_reach() -> None:
    constraints = {constraint.iri.strip("<>").rpartition("/")[2] for constraint in shapes.load().constraints}
    broken = {line["found_by"] for line in LINES}
    assert constraints - broken == set(OUT_OF_REACH)
