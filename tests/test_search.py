"""Search: what is typed finds what is meant, says why, and nothing typed does harm."""

from __future__ import annotations

import csv
import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vetgraph
from vetgraph import names, opening
from vetgraph.backup import backup, restore
from vetgraph.errors import BudgetError
from vetgraph.search import Index, Indexes, index, keeping, naming, pinyin, writing
from vetgraph.search.folding import fold, grams
from vetgraph.store import EmbeddedStore, write_store

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
CASES = list(csv.DictReader((ROOT / "tests/search/first-hits.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def graph() -> Iterator[vetgraph.VetGraph]:
    with vetgraph.build(ROOT / "data", validate=False) as built:
        yield built


@pytest.fixture(scope="module")
def made(graph: vetgraph.VetGraph) -> Index:
    return Index(writing.write(graph.store))


@pytest.mark.parametrize("case", CASES, ids=[case["typed"] for case in CASES])
def test_the_first_result(made: Index, case: dict[str, str]) -> None:
    hits = made.search(case["typed"]).hits
    assert hits, "nothing was found"
    first = hits[0]
    if case["first"]:
        assert first.iri.removeprefix(names.BASE).removeprefix("id/") == case["first"], first
    if case["way"]:
        assert first.way == case["way"]
        assert "".join(first.name[start:end] for start, end in first.marks) == case["matched"]
    assert made.suggest(case["typed"])[0].iri == first.iri


def test_every_name_finds_what_bears_it(graph: vetgraph.VetGraph, made: Index) -> None:
    found = graph.query(
        "SELECT DISTINCT ?thing ?name { ?thing skos:prefLabel|skos:altLabel ?name FILTER(LANG(?name) = 'zh') }"
    )
    assert isinstance(found, vetgraph.Solutions)
    for row in found:
        hits = made.search(str(row["name"]), limit=60).hits
        named = [hit.iri for hit in hits]
        assert str(row["thing"]) in named, (row["name"], named)
        before = hits[: named.index(str(row["thing"]))][5:]
        assert all(hit.name == row["name"] for hit in before), "only what has the very name may crowd it out"


def test_results_can_be_narrowed(graph: vetgraph.VetGraph, made: Index) -> None:
    schools = made.search("", {"kind": ["SecondarySchool"]}, limit=100)
    found = graph.query("SELECT ?s { ?s a vetg:SecondarySchool }")
    assert isinstance(found, vetgraph.Solutions)
    assert {hit.iri for hit in schools.hits} == {str(row["s"]) for row in found}
    counted = {value.key: value.count for value in schools.facets["ownership"]}
    for ownership, count in counted.items():
        narrowed = made.search("", {"kind": ["SecondarySchool"], "ownership": [ownership]})
        assert narrowed.total == count
        assert {value.key: value.count for value in narrowed.facets["ownership"]} == counted, (
            "one of a facet's values hides the others"
        )
    both = made.search("许昌", {"ownership": ["public", names.code("ownership", "private")], "level": ["city"]})
    assert both.total == sum(
        made.search("许昌", {"ownership": [each], "level": ["city"]}).total for each in ("public", "private")
    )


def test_entries_of_lists_are_told_apart(made: Index) -> None:
    found = made.search("许昌市")
    assert naming.LISTED not in found.hits[0].iri
    entry = next(hit for hit in made.search("郑州").hits if naming.LISTED in hit.iri)
    assert (entry.kind_label.zh, entry.kind_label.en) == ("名单条目", "entry of a list")
    lists = {value.key: value.count for value in found.facets["dataset"]}
    assert lists["henan-divisions-2022"] >= 1
    own = made.search("许昌市", {"dataset": ["-"]})
    assert own.total == lists["-"]
    assert not any(naming.LISTED in hit.iri for hit in own.hits)
    both = made.search("许昌市", {"dataset": ["-", "henan-divisions-2022"]})
    assert both.total == lists["-"] + lists["henan-divisions-2022"]
    assert own.total + sum(count for key, count in lists.items() if key != "-") == found.total


def test_pages_of_results_follow_one_another(made: Index) -> None:
    whole = made.search("学校", limit=30).hits
    assert made.search("学校", limit=10).hits + made.search("学校", limit=20, offset=10).hits == whole
    assert len({hit.iri for hit in whole}) == len(whole)


ODD = [
    "",
    " ",
    "\0",
    "😀",
    "*",
    '"',
    "'",
    "' OR 1=1 --",
    'a" OR "b',
    "NEAR(a b)",
    "{gram}:许",
    "^许",
    "许*",
    "a AND",
    "NOT",
    "-",
    "(",
    "\ue000",
    "\ue001许",
    "\ud7ff",
    "\U0010ffff",
    "ß",
    "İ",
    "Σς",
    "﷽",
    "½",
    "x" * 200,
    "许" * 200,
    "\u202e昌许",
]


@pytest.mark.parametrize("typed", ODD, ids=[ascii(typed)[:30] for typed in ODD])
def test_odd_input_gets_an_answer(made: Index, typed: str) -> None:
    made.search(typed)
    made.suggest(typed)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_gets_an_answer(typed: str) -> None:
    for hit in _SMALL.search(typed).hits:
        assert all(0 <= start < end <= len(hit.name) for start, end in hit.marks)


def test_wrong_use_is_told(made: Index) -> None:
    with pytest.raises(vetgraph.UsageError, match="200"):
        made.search("x" * 201)
    with pytest.raises(vetgraph.UsageError) as wrong:
        made.search("", {"kind": ["School"]})
    assert "SecondarySchool" in str(wrong.value.fix)
    with pytest.raises(vetgraph.UsageError, match="colour"):
        made.search("", {"colour": ["red"]})


def test_folding_keeps_places() -> None:
    folded = fold("“２＋７”中高等職業 É㈱")
    assert folded.text == "27中高等职业e株"
    assert folded.span(2, 7) == (5, 10)
    assert grams("许昌", 2, start=True) == ["\ue000许", "许昌"]
    assert grams("许", 2) == ["许"]


def test_readings() -> None:
    assert pinyin.readings("长葛")[1] == ("chang", "ge")
    assert pinyin.readings("2025年") == [("2", "0", "2", "5", "nian")]
    assert pinyin.readings("abc") == []
    assert len(pinyin.readings("长" * 30)) == 8


def small(name: str) -> bytes:
    school = f"<{names.thing('school', 'a')}>"
    return f'{school} <http://www.w3.org/2004/02/skos/core#prefLabel> "{name}"@zh .\n'.encode()


_SMALL = Index(writing.write(EmbeddedStore.of(small("甲2乙"))))


def test_a_built_store_brings_its_index(tmp_path: Path) -> None:
    vetgraph.build(ROOT / "data", tmp_path / "store", validate=False).close()
    store = opening.open_store(tmp_path / "store")
    file = tmp_path / "store" / "generations" / store.version / keeping.FILE
    assert index.open_file(file).version == store.version
    backup(tmp_path / "store", tmp_path / "copy.tar")
    restore(tmp_path / "copy.tar", tmp_path / "again")
    with vetgraph.open(tmp_path / "again") as graph:
        assert graph.store.version != store.version
        file = tmp_path / "again" / "generations" / graph.store.version / keeping.FILE
        with sqlite3.connect(file) as database:  # that this very file is asked shows in what is changed there
            database.execute("UPDATE things SET zh = 'changed' WHERE iri LIKE '%xuchang-keji'")
        assert graph.search("xckj").hits[0].label.zh == "changed"
    store.close()


def test_an_index_of_another_format_is_made_anew(tmp_path: Path) -> None:
    def beside(written: EmbeddedStore, folder: Path) -> None:
        writing.write_file(written, folder / keeping.FILE)
        with sqlite3.connect(folder / keeping.FILE) as database:
            database.execute("UPDATE about SET format = format + 1")

    write_store(tmp_path / "store", small("许昌甲学校"), beside)
    with vetgraph.open(tmp_path / "store") as graph:
        assert graph.search("xcj").hits[0].iri == names.thing("school", "a")


def test_new_content_gets_a_new_index_while_the_old_one_answers(tmp_path: Path) -> None:
    write_store(tmp_path / "store", small("许昌甲学校"))

    class Now:
        """A store that follows its folder, as the service's does."""

        @property
        def version(self) -> str:
            return opening.open_store(tmp_path / "store").version

    indexes = Indexes(Now(), tmp_path / "store", apart=True)  # type: ignore[arg-type] # only its version is asked here
    first = indexes.current()
    assert first.search("xcj").total == 1
    write_store(tmp_path / "store", small("许昌乙学校"))
    assert indexes.current() is first
    deadline = time.monotonic() + 20
    while indexes.current() is first and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [hit.name for hit in indexes.current().search("许昌").hits] == ["许昌乙学校"]
    shutil.rmtree(tmp_path / "store")
    assert indexes.current is not None
    indexes.close()


def test_few_wait_for_the_first_index_and_the_others_are_told_at_once(tmp_path: Path) -> None:
    write_store(tmp_path / "store", b"".join(small(f"第{number}学校") for number in range(3_000)))
    indexes = Indexes(opening.open_store(tmp_path / "store"), tmp_path / "store", apart=True)
    with ThreadPoolExecutor(8) as threads:

        def ask(_: int) -> tuple[str, float]:
            start = time.monotonic()
            try:
                return indexes.current(30).version, time.monotonic() - start
            except BudgetError as error:
                return error.resource, time.monotonic() - start

        told = list(threads.map(ask, range(8)))
    refused = [took for said, took in told if said == "workers"]
    assert len(refused) == 5
    assert max(refused) < min(took for said, took in told if said != "workers")
    indexes.close()


def test_an_index_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    class Gone:
        version = "gone"

    indexes = Indexes(Gone(), tmp_path / "nothing", apart=True)  # type: ignore[arg-type] # only its version is asked here
    with pytest.raises(vetgraph.StoreError, match="nothing"):
        indexes.current()
