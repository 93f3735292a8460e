"""A watched folder: what changes is read and checked again, and the answer is that of a full check."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vetgraph import checking
from vetgraph.build import build
from vetgraph.watching import Watch

ROOT = Path(__file__).parent.parent


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def figures(data: Path) -> Path:
    return data / "reports" / "xuchang-2025" / "figures.csv"


def same(watch: Watch, data: Path) -> checking.Check:
    found = watch.look()
    assert found is not None
    assert set(found.problems) == set(checking.check([data]).problems)
    return found


def test_a_saved_cell_is_answered_as_a_full_check_would(data: Path) -> None:
    watch = Watch(data)
    assert same(watch, data).conforms
    assert watch.look() is None
    edit(figures(data), ",20128,", ",20129,")
    assert [problem.column for problem in same(watch, data).problems] == ["value"]
    assert watch.read == (figures(data),)
    edit(figures(data), ",20129,", ",many,")
    assert [problem.row for problem in same(watch, data).problems] == [8]
    edit(figures(data), ",many,", ",20128,")
    assert same(watch, data).conforms
    edit(data / "registry" / "schools.csv", "\n", "\n\n\n\n")
    assert watch.look() is not None


def test_a_table_that_goes_and_comes_back(data: Path) -> None:
    watch = Watch(data)
    same(watch, data)
    shutil.move(figures(data), data / "figures.away")
    assert not same(watch, data).conforms
    shutil.move(data / "figures.away", figures(data))
    assert same(watch, data).conforms


def test_the_command_goes_on_until_it_is_ended(data: Path) -> None:
    command = [sys.executable, "-m", "vetgraph", "validate", "--watch", str(data), "--lang", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        assert "0 violations" in process.stdout.readline()
        edit(figures(data), ",20128,", ",20129,")
        saved = time.monotonic()
        assert "figures.csv:5:value" in process.stdout.readline()
        assert time.monotonic() - saved < 5
        process.terminate()


def test_a_build_reads_only_the_tables_that_have_changed(data: Path, tmp_path: Path) -> None:
    first = build(data, tmp_path / "store")
    assert set(first.read) == set(first.files)
    assert build(data, tmp_path / "store").read == ()
    edit(figures(data), "students-city,", "students-town,")
    third = build(data, tmp_path / "store")
    assert third.read == (figures(data),)
    fresh = build(data, tmp_path / "other")
    assert (third.triples, third.quads) == (fresh.triples, fresh.quads)


def test_a_problem_names_its_cell_in_a_table_that_was_not_read_again(data: Path, tmp_path: Path) -> None:
    from vetgraph.errors import DataError

    build(data, tmp_path / "store")
    edit(figures(data), ",20128,", ",20129,")
    with pytest.raises(DataError) as once:
        build(data, tmp_path / "store")
    with pytest.raises(DataError) as again:
        build(data, tmp_path / "other")
    assert once.value.problems == again.value.problems


def test_a_memory_that_cannot_be_read_is_no_problem(data: Path, tmp_path: Path) -> None:
    build(data, tmp_path / "store")
    (tmp_path / "store" / "READ").write_text("{", encoding="utf-8")
    assert build(data, tmp_path / "store").read
