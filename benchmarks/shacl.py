"""Check a synthetic vocational graph against the project's shapes: as SPARQL queries, and with pySHACL.

    python benchmarks/shacl.py --sizes 10000 100000 1000000 --pyshacl 10000 --write docs/performance.md

Each figure is that of one run in a fresh process: seconds of the check, the load into the engine included, and the
memory of that process at its highest. Where both engines run, their results are compared.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from synthetic import write

from vetgraph import vocabulary
from vetgraph.store import EmbeddedStore
from vetgraph.validate import core, shapes
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import Facts


def measure(size: int, engine: str) -> dict[str, Any]:
    """Check a graph of a size in this process."""
    out = io.StringIO()
    write(out, size)
    parsed = ox.parse(out.getvalue().encode(), format=ox.RdfFormat.N_QUADS)
    quads = [(str(q.subject), str(q.predicate), str(q.object), "") for q in parsed]
    facts, asked = Facts(quads, vocabulary.codes()), shapes.load()
    start = time.perf_counter()
    if engine == "pyshacl":
        results, loaded = core.check(facts, asked, sparql=True), start
    else:
        store = EmbeddedStore.of(facts.nquads())
        loaded = time.perf_counter()
        by_question, _ = Checker(store, asked, graphs=facts.has_graphs).all()
        results = [result for found in by_question.values() for result in found]
    end = time.perf_counter()
    keys = sorted(str(result.key) for result in results)
    return {
        "triples": len(facts.triples),
        "load": loaded - start,
        "seconds": end - loaded,
        "results": keys if len(keys) < 100_000 else [],  # noqa: PLR2004 - too many to hand over
        "count": len(keys),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--pyshacl", type=int, nargs="*", default=[10_000], help="sizes that pySHACL checks too")
    parser.add_argument("--write", type=Path, help="replace what stands between <!-- shacl --> and <!-- /shacl -->")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(int(asked.one[0]), asked.one[1])))
        return
    lines = ["| statements | engine | load | check | memory | results |", "|---" * 6 + "|"]
    for size in asked.sizes:
        engines = ["queries", "pyshacl"] if size in asked.pyshacl else ["queries"]
        found = {}
        for engine in engines:
            command = [sys.executable, __file__, "--one", str(size), engine]
            found[engine] = got = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            lines.append(
                f"| {got['triples']:,} | {engine} | {got['load']:.2f} s | {got['seconds']:.2f} s "
                f"| {got['memory']:,.0f} MiB | {got['count']:,} |"
            )
        if len(found) > 1:
            ratio = found["pyshacl"]["seconds"] / (found["queries"]["load"] + found["queries"]["seconds"])
            same = found["pyshacl"]["results"] == found["queries"]["results"]
            lines.append(f"| | ratio {ratio:.1f}, {'the same results' if same else 'other results'} | | | | |")
        print("\n".join(lines), flush=True)
    if asked.write:
        text = asked.write.read_text(encoding="utf-8")
        block = "<!-- shacl -->\n" + "\n".join(lines) + "\n<!-- /shacl -->"
        text = re.sub(r"<!-- shacl -->.*<!-- /shacl -->", lambda _: block, text, flags=re.DOTALL)
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
