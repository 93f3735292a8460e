"""How long a search takes: in the graph of the repository's data, and among many schools with made-up names.

The names put the divisions of Henan (data/lists), a field and a kind of school together, so that each part is shared by
thousands of names, which is harder for a search than names that have nothing in common.

Run: python benchmarks/search.py [ENTITIES]
"""

from __future__ import annotations

import csv
import itertools
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vetgraph import names
from vetgraph.build import build_graph
from vetgraph.search import Index
from vetgraph.search.writing import write
from vetgraph.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).parent.parent
_FIELDS: Final = (
    "科技 机电 电子 财经 旅游 汽车 幼儿 农业 医药 建筑 信息 工商 技术 经济 艺术 体育 卫生 商贸 工程 交通 "
    "航空 服装 食品 化工 纺织 冶金 水利 林业 畜牧 司法 外语 传媒 烹饪 园林 物流 电力 铁路 轻工 环保 师范"
)
_KINDS: Final = "学校 职业学校 中等专业学校 职业教育中心 技工学校 职业高中 职业技术学院 职业中等专业学校"
TYPED: Final = {
    "whole name": "许昌市科技学校",
    "beginning": "许昌",
    "within": "科技学校",
    "one sign": "许",
    "in most names": "学校",
    "traditional": "許昌市科技學校",
    "words": "许昌 科技 学校",
    "pinyin": "xuchangshikeji",
    "pinyin within": "kejixuexiao",
    "one letter": "x",
    "two letters": "xu",
    "initials": "xcskj",
    "short pinyin": "xucskj",
    "same sound": "许昌市科级学校",
    "wrong sign": "许昌市科大学校",
    "abbreviation": "许昌科校",
    "wrong letter": "xuchangshikejj",
    "letters exchanged": "xuchangshikeij",
    "nothing like it": "qqqqwwwweeee",
    "nothing Chinese": "龘靐齉爩鱻",
}
BOUND: Final = {"the report of Xuchang": 50, "made-up schools": 200}
"""Milliseconds that no search may take."""


def quads(count: int) -> Iterator[str]:
    """Write made-up schools as N-Quads.

    Args:
        count: How many.

    Yields:
        Lines.
    """
    with (ROOT / "data/lists/gb2260-names-henan.csv").open(encoding="utf-8-sig") as file:
        places = sorted({row["name"] for row in csv.DictReader(file)})
    kind = f"<{names.expand('rdf:type')}> <{names.expand('vetg:SecondarySchool')}>"
    made = itertools.product(_KINDS.split(), _FIELDS.split(), places)
    for number, (sort, field, place) in enumerate(itertools.islice(made, count)):
        school = f"<{names.thing('school', f'n{number}')}>"
        ownership = names.code("ownership", "public" if number % 5 else "private")
        yield f"{school} {kind} .\n"
        yield f'{school} <{names.expand("skos:prefLabel")}> "{place}{field}{sort}"@zh .\n'
        yield f"{school} <{names.expand('vetg:ownership')}> <{ownership}> .\n"


def milliseconds(ask: Callable[[], object], runs: int = 5) -> float:
    """Return the median time of asking, as the processor counts it: other programs do not lengthen it.

    Args:
        ask: What is timed.
        runs: How often.

    Returns:
        Milliseconds.
    """
    taken = []
    for _ in range(runs):
        started = time.process_time()
        ask()
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


def report(title: str, store: EmbeddedStore) -> bool:
    """Print how long each kind of search takes in a store.

    Args:
        title: What the store is.
        store: The store.

    Returns:
        Whether none took longer than it may.
    """
    started = time.process_time()
    index = Index(write(store))
    took = time.process_time() - started
    things = index.search("").total
    print(f"\n{title}: {things}{'+' if index.search('').more else ''} things, index made in {took:.1f} s")
    print(f"{'typed':20} {'suggest ms':>10} {'search ms':>10} {'narrowed ms':>11} {'results':>8}")
    index.search("许昌市科级学校")  # the dictionaries of pinyin and script are read once
    worst = 0.0
    for name, typed in TYPED.items():
        found = index.search(typed)
        asked = (
            partial(index.suggest, typed),
            partial(index.search, typed),
            partial(index.search, typed, {"ownership": ["private"]}),
        )
        times = [milliseconds(ask) for ask in asked]
        worst = max(worst, *times)
        print(
            f"{name:20} {times[0]:10.1f} {times[1]:10.1f} {times[2]:11.1f} {found.total:7}{'+' if found.more else ''}"
        )
    print(f"slowest {worst:.1f} ms, may take {BOUND[title]} ms")
    return worst < BOUND[title]


def main() -> None:
    """Print the times; end with 1 where a search took longer than it may."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    graph = build_graph(ROOT / "data", validate=False)
    good = report("the report of Xuchang", graph.store)  # type: ignore[arg-type] # in memory
    good = report("made-up schools", EmbeddedStore.of("".join(quads(count)).encode())) and good
    sys.exit(not good)


if __name__ == "__main__":
    main()
