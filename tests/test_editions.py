"""What a new edition of a list changes; links written for others."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from vetgraph import linkage, names
from vetgraph.build import build_graph
from vetgraph.editions import Item, compare, of_store
from vetgraph.errors import MissingError, Problem, UsageError
from vetgraph.sssom import parse

if TYPE_CHECKING:
    from vetgraph.graph import VetGraph

ROOT = Path(__file__).parent.parent
KEY = "moe-colleges-2017-henan"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editions") / "data"
    for name in ("registry", "tables"):
        shutil.copytree(ROOT / "data" / name, folder / name)
    for name in ("lists", "links"):
        (folder / name).mkdir()
    for name in (f"lists/{KEY}.csv", f"lists/{KEY}.json", f"links/{KEY}.sssom.tsv"):
        shutil.copy(ROOT / "data" / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def graph(data: Path) -> VetGraph:
    return build_graph(data, validate=False)


def items(*rows: str) -> list[Item]:
    return [Item(str(number), *row.split(",")) for number, row in enumerate(rows, 2)]


def told(old: list[Item], new: list[Item]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.old.name if one.old else "", one.new.name if one.new else "") for one in compare(old, new)]


def test_an_edition_that_is_the_same_has_no_differences() -> None:
    rows = items("甲学校,1", "乙学校,2", "丙学校")
    assert compare(rows, rows) == []


def test_a_code_says_that_a_name_has_changed() -> None:
    assert told(items("甲学校,1", "乙学校,2"), items("甲职业学校,1", "乙学校,2")) == [
        ("renamed", "甲学校", "甲职业学校")
    ]


def test_a_name_says_that_a_code_has_changed() -> None:
    (found,) = compare(items("甲学校,1"), items("甲学校,2"))
    assert (found.kind, found.by) == ("recoded", "name")


def test_two_codes_are_two_things_however_alike_their_names_are() -> None:
    old, new = items("许昌科技学校,1"), items("许昌市科技学校,2")
    assert told(old, new) == [("dropped", "许昌科技学校", ""), ("added", "", "许昌市科技学校")]


def test_without_codes_the_matcher_finds_other_spellings_and_keeps_strangers_apart() -> None:
    old = items("建安区职业中专", "长葛市职业技术教育中心", "许昌科技学校")
    new = items("建安区职业中等专业学校", "襄城县职业技术教育中心", "许昌科技学校")
    assert told(old, new) == [
        ("renamed", "建安区职业中专", "建安区职业中等专业学校"),
        ("dropped", "长葛市职业技术教育中心", ""),
        ("added", "", "襄城县职业技术教育中心"),
    ]


def test_a_name_that_stands_twice_is_not_taken_for_either() -> None:
    assert len(compare(items("甲学校", "甲学校"), items("甲学校"))) >= 1


def test_the_rows_of_both_editions_are_told() -> None:
    (found,) = compare(items("甲学校,1"), items("乙学校,9", "甲职业学校,1")[1:])
    assert found.old is not None
    assert found.new is not None
    assert (found.old.place, found.new.place) == ("2", "3")


def test_a_list_of_the_store_is_an_old_edition(graph: VetGraph) -> None:
    old = of_store(graph.store, KEY)
    assert len(old) == 134
    assert Item("4141012067", "许昌职业技术学院", "4141012067") in old
    with pytest.raises(MissingError):
        of_store(graph.store, "none")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vetgraph", *arguments, "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_the_command_writes_what_has_changed(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("学校名称,学校代码\n甲学校,1\n乙学校,2\n", encoding="utf-8")
    new.write_text("学校名称,学校代码\n甲职业学校,1\n丙学校,3\n", encoding="utf-8")
    done = run("diff", str(new), str(old))
    assert done.returncode == 0, done.stderr
    assert list(csv.reader(io.StringIO(done.stdout)))[1:] == [
        ["renamed", "1", "甲学校", "2", "甲职业学校", "2", "code", ""],
        ["dropped", "2", "乙学校", "3", "", "", "", ""],
        ["added", "3", "", "", "丙学校", "3", "", ""],
    ]
    assert done.stderr.strip() == "1 added, 1 dropped, 1 renamed"
    found = json.loads(run("diff", str(new), str(old), "--format", "json").stdout)
    assert [one["kind"] for one in found] == ["renamed", "dropped", "added"]
    table = run("diff", str(new), str(old), "--format", "table", "-o", str(tmp_path / "table.txt"))
    assert table.returncode == 0
    assert "甲职业学校" in (tmp_path / "table.txt").read_text(encoding="utf-8")


def test_links_are_rdf_for_others(graph: VetGraph) -> None:
    found = linkage.links(graph.store)
    assert len(found) == 6
    exact, same = ox.NamedNode(names.expand("skos:exactMatch")), ox.NamedNode(names.expand("owl:sameAs"))
    for ending, form in (("ttl", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES)):
        plain = list(ox.parse(linkage.written(found, f"a.{ending}"), format=form))
        both = list(ox.parse(linkage.written(found, f"a.{ending}", same_as=True), format=form))
        assert {quad.predicate for quad in plain} == {exact}
        assert len(plain) == 6
        assert {(quad.subject, quad.object) for quad in both if quad.predicate == same} == {
            (quad.subject, quad.object) for quad in plain
        }


def test_links_are_sssom_again(graph: VetGraph, data: Path) -> None:
    text = linkage.written(linkage.links(graph.store, KEY), "a.sssom.tsv").decode()
    problems: list[Problem] = []
    found = parse("a", text, problems)
    committed = parse("b", (data / "links" / f"{KEY}.sssom.tsv").read_text(encoding="utf-8"), problems)
    assert found is not None
    assert committed is not None
    assert problems == []
    assert {row.pair for row in found.rows} == {row.pair for row in committed.rows}
    assert all(row.accepted and row.get("author_label") for row in found.rows)


def test_no_links_and_no_format_are_told(graph: VetGraph) -> None:
    with pytest.raises(MissingError):
        linkage.links(graph.store, "none")
    with pytest.raises(UsageError):
        linkage.links(graph.store, "No Key")
    found = linkage.links(graph.store)
    for name, same_as in (("a.csv", False), ("a.sssom.tsv", True)):
        with pytest.raises(UsageError):
            linkage.written(found, name, same_as=same_as)
