"""Check the report, copied as for many cities, against the project's shapes: as SPARQL queries, and with other engines.

    python benchmarks/shacl.py --sizes 10000 100000 1000000 10000000 --pyshacl 10000 --write docs/performance.md
    python benchmarks/shacl.py --profile 100000

Each line is one run in a fresh process: seconds of the load into the engine, seconds of the check, the memory that the
check adds, and what the check of a changed row takes. Some figures, names, kinds and roles are made wrong, the same
ones each time, so that there are results; where several engines run, theirs are compared, but for the constraints that
look into named graphs. pyrudof is asked where it is installed; no part of the project needs it.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from copies import copies

from vetgraph import changes, vocabulary
from vetgraph.results import Solutions
from vetgraph.store import EmbeddedStore
from vetgraph.validate import core, shapes
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import Facts, Quad
from vetgraph.validate.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.validate.result import Result

_WRONG = {"obsValue>": (31, '"7"^^<http://www.w3.org/2001/XMLSchema#decimal>'), "#prefLabel>": (211, '" x "@zh')}
_WRONG |= {"/def#kind>": (151, '"kind"'), "org#role>": (17, "<urn:x-benchmark:no-code>")}


def broken(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Give a graph with some figures, names, kinds and roles made wrong, the same ones each time."""
    seen: Counter[str] = Counter()
    for subject, predicate, value, graph in quads:
        ending = next((each for each in _WRONG if predicate.endswith(each)), "")
        seen[ending] += 1
        if ending and seen[ending] % _WRONG[ending][0] == 0:
            yield subject, predicate, _WRONG[ending][1], graph
        else:
            yield subject, predicate, value, graph


def measure(size: int, engine: str) -> dict[str, Any]:
    """Check a graph of a size in this process."""
    asked = shapes.load()
    if engine == "queries":
        return _by_queries(size, asked)
    facts = Facts(broken(copies(size)), vocabulary.codes())
    before, start = _memory(), time.perf_counter()
    if engine == "pyshacl":
        loaded, keys = start, _keys(core.check(facts, asked, sparql=True), asked)
    else:
        loaded, keys = _by_pyrudof(facts, asked)
    return {
        "triples": len(facts.triples),
        "load": loaded - start,
        "seconds": time.perf_counter() - loaded,
        "results": keys,
        "memory": _memory() - before,
        "changed": [],
    }


def _by_queries(size: int, asked: shapes.Shapes) -> dict[str, Any]:
    """Check a store in memory, as a build does; the graph is made in one stream, so that any size will do."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "graph.nq"
        _stream(file, size)
        start = time.perf_counter()
        native = ox.Store()
        native.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
        store = EmbeddedStore(native)
        loaded, before = time.perf_counter(), _memory()
        by_question, _ = Checker(store, asked).all()
        keys = _keys((result for found in by_question.values() for result in found), asked)
        end, memory = time.perf_counter(), _memory() - before
        triples = sum(1 for _ in native.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        return {
            "triples": triples,
            "load": loaded - start,
            "seconds": end - loaded,
            "results": keys,
            "memory": memory,
            "changed": changed(store, asked, _some(size)),
        }


def _stream(file: Path, size: int) -> None:
    """Write a graph: each statement in its graph and in the default graph."""
    with file.open("w", encoding="utf-8") as out:
        for subject, predicate, value, graph in chain(broken(copies(size)), vocabulary.codes()):
            out.write(f"{subject} {predicate} {value} {graph} .\n{subject} {predicate} {value} .\n")


def _some(size: int) -> list[Quad]:
    """Return the statements whose rows are changed: of the first copies, or all of a small graph."""
    return list(islice(broken(copies(size)), 200_000))


def _keys(results: Iterable[Result], asked: shapes.Shapes) -> list[tuple[str, str, str, str]]:
    """Return what every engine tells of the results that need no named graphs: focus, component, path and value."""
    graphs = {constraint.iri for constraint in asked.constraints if constraint.needs_graphs}
    kept = (result for result in results if result.constraint not in graphs)
    return sorted((_plain(r.focus), _plain(r.component), _plain(r.path), _plain(r.value)) for r in kept)


def _plain(term: str | None) -> str:
    return re.sub(r'^"(.*)"(@[\w-]+|\^\^<.*>)?$', r"\1", (term or "").strip("<>"), flags=re.DOTALL)


def _by_pyrudof(facts: Facts, asked: shapes.Shapes) -> tuple[float, list[tuple[str, str, str, str]]]:
    pyrudof: Any = importlib.import_module("pyrudof")

    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    triples = "".join(f"{s} {p} {o} .\n" for s, p, o in facts.triples)
    engine.read_data(triples, format=pyrudof.RDFFormat.NTriples)
    engine.read_shacl(core.asked_graph(asked).serialize(format="turtle"))
    loaded = time.perf_counter()
    entries = list(engine.validate_shacl())
    return loaded, sorted(
        (_plain(e.focus_node), _plain(e.constraint_component), _plain(e.path), _plain(e.value)) for e in entries
    )


def changed(store: EmbeddedStore, asked: shapes.Shapes, quads: list[Quad]) -> list[float]:
    """Change a figure, a prize, a name and a membership, one row at a time; return the milliseconds of each."""
    kept = Standing(Checker(store, asked))
    kept.reach.prepare()
    taken = []
    for ending in ("obsValue>", "/def#count>", "#prefLabel>", "org#member>"):
        stated = [quad for quad in quads if quad[1].endswith(ending) and "id/" in quad[0]][::-1][:400]
        for old, like in zip(stated[10:20], stated[200:210], strict=False):
            new = (*old[:2], like[2], old[3])
            for gone, come in ((old, new), (new, old)):
                start = time.perf_counter()
                kept.change([gone], [come], partial(changes.apply, store.native, [gone], [come]))
                taken.append((time.perf_counter() - start) * 1000)
    return taken


class _Timed(EmbeddedStore):
    """A store that notes what each query takes."""

    taken: list[tuple[float, int, str]]

    def query(self, text: str, *asked: Any, **options: Any) -> Any:  # noqa: ANN401 - handed on
        start = time.perf_counter()
        answer = super().query(text, *asked, **options)
        rows = len(answer) if isinstance(answer, Solutions) else 1
        self.taken.append((time.perf_counter() - start, rows, text))
        return answer


def profile(size: int, most: int = 40) -> None:
    """Print which queries take the time, the slowest first."""
    facts, asked = Facts(copies(size), vocabulary.codes()), shapes.load()
    store = _Timed(EmbeddedStore.of(facts.nquads()).native)
    store.taken = []
    checker = Checker(store, asked)
    total = 0.0
    lines = []
    for question in checker.questions:
        before = len(store.taken)
        checker.some(question, None)
        name = (question.constraint.iri if question.constraint else question.shape).strip("<>").rpartition("/")[2]
        for seconds, rows, text in store.taken[before:]:
            total += seconds
            first = text.lstrip().partition("\n")[0] if text.startswith("#") else "sh:sparql"
            lines.append((seconds, f"| {name} | {first.lstrip('# ')} | {seconds * 1000:,.1f} ms | {rows:,} |"))
    print(f"{len(facts.triples):,} statements, {len(lines)} queries, {total:.2f} s\n")
    print("| shape or constraint | query | time | rows |\n|---|---|---|---|")
    print("\n".join(line for _, line in sorted(lines, reverse=True)[:most]))


def _spread(times: list[float]) -> str:
    if not times:
        return ""
    high = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times):.0f} ms (95 %: {high:.0f}, at most {max(times):.0f})"


def _memory() -> float:
    """Return the memory of this process in MiB."""
    with Path("/proc/self/statm").open(encoding="ascii") as sizes:
        return int(sizes.read().split()[1]) * resource.getpagesize() / 2**20


def _compared(own: dict[str, Any], other: dict[str, Any]) -> str:
    ratio = other["seconds"] / own["seconds"]
    whole = (other["load"] + other["seconds"]) / (own["load"] + own["seconds"])
    ours = Counter(map(tuple, own["results"]))
    theirs = Counter(map(tuple, other["results"]))
    missing, more = (ours - theirs).total(), (theirs - ours).total()
    same = "the same results" if ours == theirs else f"{missing:,} results missing there, {more:,} more"
    return f"| | {ratio:,.0f} times the check, {whole:,.0f} times with the load; {same} | | | | | |"


def _lines(size: int, engines: list[str]) -> Iterator[str]:
    found = {}
    for engine in engines:
        command = [sys.executable, __file__, "--one", str(size), engine]
        run = subprocess.run(command, check=False, capture_output=True, text=True)
        if run.returncode:
            yield f"| | {engine} | failed: {run.stderr.strip().splitlines()[-1][:120]} | | | | |"
            continue
        found[engine] = got = json.loads(run.stdout)
        yield (
            f"| {got['triples']:,} | {engine} | {got['load']:.2f} s | {got['seconds']:.2f} s "
            f"| {got['memory']:,.0f} MiB | {len(got['results']):,} | {_spread(got['changed'])} |"
        )
        if engine != "queries" and "queries" in found:
            yield _compared(found["queries"], got)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 10_000, 100_000])
    parser.add_argument("--pyshacl", type=int, nargs="*", default=[3_000], help="sizes that pySHACL checks too")
    parser.add_argument("--pyrudof", type=int, nargs="*", default=[3_000], help="sizes that pyrudof checks too")
    parser.add_argument("--profile", type=int, help="print which queries take the time at this size, and no more")
    parser.add_argument("--write", type=Path, help="replace what stands between <!-- shacl --> and <!-- /shacl -->")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(int(asked.one[0]), asked.one[1])))
        return
    if asked.profile:
        profile(asked.profile)
        return
    rudof = asked.pyrudof if importlib.util.find_spec("pyrudof") else []
    lines = ["| statements | engine | load | check | memory | results | a changed row |", "|---" * 7 + "|"]
    print("\n".join(lines), flush=True)
    for size in asked.sizes:
        others = [name for name, sizes in (("pyshacl", asked.pyshacl), ("pyrudof", rudof)) if size in sizes]
        for line in _lines(size, ["queries", *others]):
            print(line, flush=True)
            lines.append(line)
    if asked.write:
        text = asked.write.read_text(encoding="utf-8")
        block = "<!-- shacl -->\n" + "\n".join(lines) + "\n<!-- /shacl -->"
        text = re.sub(r"<!-- shacl -->.*<!-- /shacl -->", lambda _: block, text, flags=re.DOTALL)
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
