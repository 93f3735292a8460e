from __future__ import annotations

import csv
from pathlib import Path

import pytest

import vetgraph
from vetgraph.build import build
from vetgraph.linking import Entry, Matcher, entries_of

HERE = Path(__file__).parent
with (HERE / "linking" / "pairs.csv").open(encoding="utf-8", newline="") as _file:
    PAIRS = list(csv.DictReader(_file))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['name']} {pair['target']}")
def test_pairs(pair: dict[str, str]) -> None:
    matcher = Matcher([Entry.of(pair["target"], region=pair["target_region"])], kind=pair["kind"])  # type: ignore[arg-type]
    found = matcher.best(Entry.of(pair["name"], region=pair["region"]))
    assert (found[0].decision if found else "none") in pair["decision"].split(), found


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> vetgraph.VetGraph:
    store = tmp_path_factory.mktemp("linking") / "store"
    build(HERE.parent / "data", store, validate=False)
    return vetgraph.open(store)


def test_traditional_script_finds_a_school(graph: vetgraph.VetGraph) -> None:
    best = Matcher(entries_of(graph.store)).best("禹州市中等專業學校")[0]
    assert (best.label, best.decision) == ("禹州市中等专业学校", "match")


def test_misprint_of_a_programme_goes_to_review(graph: vetgraph.VetGraph) -> None:
    best = Matcher(entries_of(graph.store, "programme"), kind="programme").best("汽修运用与维修")[0]
    assert (best.label, best.decision) == ("汽车运用与维修", "review")
