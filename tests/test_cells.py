"""The way back from a triple to its cell: the very cell, else the property's cells, else the row's."""

from __future__ import annotations

from pathlib import Path

import pytest

from vetgraph import names, tables

MINI = Path(__file__).parent / "tables"
REPORT = "reports/mini-2025"
VETG = names.PREFIXES["vetg"]


@pytest.mark.parametrize(
    ("subject", "predicate", "term", "cells"),
    [
        ("school/keji", f"{VETG}ownership", f"<{names.code('ownership', 'public')}>", ["schools.csv:2:性质"]),
        ("school/keji", f"{VETG}ownership", f"<{names.code('ownership', 'private')}>", ["schools.csv:2:性质"]),
        ("school/keji", None, None, ["registry/schools.csv:2:id", "schools.csv:2:学校"]),
        ("school/keji", f"{VETG}nothing", None, ["registry/schools.csv:2:id", "schools.csv:2:学校"]),
        (
            "observation/mini-2025-students",
            f"{VETG}about",
            f"<{names.thing('school', 'lixing')}>",
            ["figures.csv:2:about"],
        ),
        ("observation/mini-2025-students", names.expand("qb:dataSet"), None, ["figures.csv:2:id"]),
        ("observation/mini-2025-staff", None, None, ["figures.csv:4:id"]),
        ("observation/none", None, None, []),
    ],
)
def test_the_way_back_to_the_cell(subject: str, predicate: str | None, term: str | None, cells: list[str]) -> None:
    found = tables.read(MINI).cells.find(f"{names.BASE}id/{subject}", predicate, term)
    assert [str(cell).replace(f"{MINI}/{REPORT}/", "").replace(f"{MINI}/", "") for cell in found] == cells


def test_every_triple_of_the_real_data_leads_to_a_cell() -> None:
    reading = tables.read(Path(__file__).parent.parent / "data")
    for subject, predicate, term, _ in reading.quads[::7]:
        cells = reading.cells.find(subject, predicate, term)
        assert cells, (subject, predicate)
        in_metadata = all(cell.file.endswith(".json") and cell.column == "/" for cell in cells)
        assert in_metadata or all(cell.row and cell.row > 1 and cell.column and cell.line for cell in cells)
