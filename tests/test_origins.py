"""The cells that a store was built from: kept beside it, through incremental builds, updates, backup and restore."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from vetgraph import checking, names, origins, tables
from vetgraph.backup import backup, restore
from vetgraph.build import build
from vetgraph.cells import CellIndex
from vetgraph.store import EmbeddedStore, open_store, write_store
from vetgraph.validate import validate_store
from vetgraph.working import WorkingCopy

DATA = Path(__file__).parent.parent / "data"
NOTES = "reports/xuchang-2025/notes.csv"
NOTE = names.thing("note", "xuchang-2025-training-units")
REMARK = names.expand("rdfs:comment")


def found(store: Path, thing: str, prop: str | None = None, value: str | None = None) -> list[str]:
    opened = open_store(store)
    try:
        with origins.opened(opened) as cells:
            assert cells is not None
            return [str(cell) for cell in cells.find(thing, prop, value)]
    finally:
        opened.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("origins")
    shutil.copytree(DATA, folder / "data")
    build(folder / "data", folder / "store", validate=False)
    return folder


def test_what_is_kept_agrees_with_the_tables(built: Path) -> None:
    reading = tables.read(built / "data")
    opened = open_store(built / "store")
    with origins.opened(opened) as cells:
        assert cells is not None
        for subject, predicate, term, _ in reading.quads[::3]:
            want = {str(cell).removeprefix(f"{built}/data/") for cell in reading.cells.find(subject, predicate, term)}
            have = {str(cell) for cell in cells.find(subject, predicate, term)}
            assert want <= have, (subject, predicate, term)
            assert {one.rpartition(":")[0] for one in want} <= {one.rpartition(":")[0] for one in have}
    opened.close()


def test_the_language_of_a_text_tells_its_column(built: Path) -> None:
    row = "reports/xuchang-2025/notes.csv:5:"
    assert found(built / "store", NOTE) == [f"{row}id"]
    assert found(built / "store", NOTE, REMARK) == [f"{row}comment_zh", f"{row}comment_en"]
    assert found(built / "store", NOTE, REMARK, '"x"@en') == [f"{row}comment_en"]
    assert found(built / "store", "https://example.org/none") == []


def test_it_lives_through_builds_updates_and_backups(built: Path, tmp_path: Path) -> None:
    store, table = tmp_path / "store", built / "data" / "reports" / "xuchang-2025" / "notes.csv"
    assert build(built / "data", store, validate=False).read
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join([lines[0], *lines[:0:-1]]), encoding="utf-8")  # the rows turned round
    again = build(built / "data", store, validate=False)
    assert [file.name for file in again.read] == ["notes.csv"]
    row = f"reports/xuchang-2025/notes.csv:{len(lines) + 2 - 5}:"
    figure = names.thing("observation", "xuchang-2025-students")
    figures = found(store, figure)
    assert found(store, NOTE) == [f"{row}id"]
    assert figures == [f"reports/xuchang-2025/figures.csv:{figures[0].split(':')[1]}:id"]
    copy = WorkingCopy(store)
    for number in (1, 2):
        copy.change(lambda native, number=number: native.update(f"INSERT DATA {{ <x:{number}> <x:p> <x:o> }}"))  # type: ignore[misc]
        assert found(store, NOTE) == [f"{row}id"]
    backup(store, tmp_path / "store.tar")
    restore(tmp_path / "store.tar", tmp_path / "restored")
    assert found(tmp_path / "restored", NOTE) == [f"{row}id"]


def test_a_problem_of_a_store_names_its_cells_and_passage(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built / "data", tmp_path / "data")
    table = tmp_path / "data" / "reports" / "xuchang-2025" / "figures.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",20128,", ",20129,"), encoding="utf-8")
    build(tmp_path / "data", tmp_path / "store", validate=False)
    opened = open_store(tmp_path / "store")
    with origins.opened(opened) as cells:
        (problem,) = validate_store(opened, cells=cells).problems
    opened.close()
    assert [cell.row for cell in problem.cells] == [5, 8, 11]
    assert str(problem.cell) == "reports/xuchang-2025/figures.csv:5:value"
    assert problem.passages == (names.passage("xuchang-2025", "s1-1"),)


def test_doubts_as_data_and_as_notices(built: Path) -> None:
    told = checking.check_store(str(built / "store"), doubts=True)
    assert {doubt["cell"]["file"] for doubt in json.loads(checking.written(told, "json", "zh"))["doubts"]} == {NOTES}
    notices = checking.written(told, "github", "zh").splitlines()
    assert [line.partition(",")[0] for line in notices] == [f"::notice file={NOTES}"] * 25
    assert isinstance(json.loads(checking.written(checking.check_store(str(built / "store")), "json", "zh")), list)


def test_where_nothing_is_known(tmp_path: Path) -> None:
    with origins.opened(EmbeddedStore.of(b"")) as cells:
        assert cells is None
    write_store(tmp_path / "store", b"")
    opened = open_store(tmp_path / "store")
    file = tmp_path / "store" / "generations" / opened.version / origins.FILE
    with origins.opened(opened) as cells:
        assert cells is None
    file.write_bytes(b"no database at all")
    with origins.opened(opened) as cells:
        assert cells is None
    file.unlink()
    origins.write(CellIndex(), file, tmp_path)
    with origins.opened(opened) as cells:
        assert cells is not None
        assert cells.find(NOTE) == ()
    with sqlite3.connect(file) as database:
        database.execute("DROP TABLE cells")
    with origins.opened(opened) as cells:
        assert cells is not None
        assert cells.find(NOTE) == ()  # damaged
    opened.close()
