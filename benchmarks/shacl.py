"""Check the report, copied as for many cities, against the project's shapes: as SPARQL queries, and with pySHACL.

    python benchmarks/shacl.py --sizes 3000 100000 1000000 --pyshacl 3000 --write docs/performance.md

Each line is one run in a fresh process: seconds of the load into the engine, seconds of the check, the memory that the
check adds, and what the check of a changed row takes. Where both engines run, their results are compared.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from copies import copies

from vetgraph import changes, vocabulary
from vetgraph.store import EmbeddedStore
from vetgraph.validate import core, shapes
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import Facts, Quad
from vetgraph.validate.standing import Standing


def measure(size: int, engine: str) -> dict[str, Any]:
    """Check a graph of a size in this process."""
    facts, asked = Facts(copies(size), vocabulary.codes()), shapes.load()
    start = time.perf_counter()
    if engine == "pyshacl":
        results, loaded = core.check(facts, asked, sparql=True), start
    else:
        store = EmbeddedStore.of(facts.nquads())
        loaded, before = time.perf_counter(), _memory()
        by_question, _ = Checker(store, asked).all()
        results = [result for found in by_question.values() for result in found]
    end = time.perf_counter()
    return {
        "triples": len(facts.triples),
        "load": loaded - start,
        "seconds": end - loaded,
        "results": sorted(str(result.key) for result in results),
        "count": len(results),
        "memory": _memory() - (before if engine == "queries" else 0),
        "changed": changed(store, asked, facts.quads) if engine == "queries" else [],
    }


def changed(store: EmbeddedStore, asked: shapes.Shapes, quads: list[Quad]) -> list[float]:
    """Change a figure, a prize, a name and a membership, one row at a time; return the milliseconds of each."""
    kept = Standing(Checker(store, asked))
    kept.reach.prepare()
    taken = []
    for ending in ("obsValue>", "/def#count>", "#prefLabel>", "org#member>"):
        stated = [quad for quad in quads if quad[1].endswith(ending) and "id/" in quad[0]][::-1][:400]
        for old, like in zip(stated[10:14], stated[200:204], strict=False):
            new = (*old[:2], like[2], old[3])
            for gone, come in ((old, new), (new, old)):
                start = time.perf_counter()
                kept.change([gone], [come], partial(changes.apply, store.native, [gone], [come]))
                taken.append((time.perf_counter() - start) * 1000)
    return taken


def _spread(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ms (at most {max(times):.0f})" if times else ""


def _memory() -> float:
    """Return the memory of this process in MiB."""
    with Path("/proc/self/statm").open(encoding="ascii") as sizes:
        return int(sizes.read().split()[1]) * resource.getpagesize() / 2**20


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 10_000, 100_000])
    parser.add_argument("--pyshacl", type=int, nargs="*", default=[3_000], help="sizes that pySHACL checks too")
    parser.add_argument("--write", type=Path, help="replace what stands between <!-- shacl --> and <!-- /shacl -->")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(int(asked.one[0]), asked.one[1])))
        return
    lines = ["| statements | engine | load | check | memory | results | a changed row |", "|---" * 7 + "|"]
    for size in asked.sizes:
        engines = ["queries", "pyshacl"] if size in asked.pyshacl else ["queries"]
        found = {}
        for engine in engines:
            command = [sys.executable, __file__, "--one", str(size), engine]
            found[engine] = got = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            lines.append(
                f"| {got['triples']:,} | {engine} | {got['load']:.2f} s | {got['seconds']:.2f} s "
                f"| {got['memory']:,.0f} MiB | {got['count']:,} | {_spread(got['changed'])} |"
            )
        if len(found) > 1:
            ratio = found["pyshacl"]["seconds"] / (found["queries"]["load"] + found["queries"]["seconds"])
            same = found["pyshacl"]["results"] == found["queries"]["results"]
            lines.append(f"| | ratio {ratio:.1f}, {'the same results' if same else 'other results'} | | | | | |")
        print("\n".join(lines), flush=True)
    if asked.write:
        text = asked.write.read_text(encoding="utf-8")
        block = "<!-- shacl -->\n" + "\n".join(lines) + "\n<!-- /shacl -->"
        text = re.sub(r"<!-- shacl -->.*<!-- /shacl -->", lambda _: block, text, flags=re.DOTALL)
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
