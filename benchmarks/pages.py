"""How long pages take over HTTP: the report of Xuchang, and a graph of many cities' copies of it.

    python benchmarks/pages.py            # Xuchang and a million statements
    python benchmarks/pages.py 100000     # Xuchang and another size

For each page: the first request after the service has read its content, the median of those that follow and ask for
another page (names, passages and tables are kept by then), and the median where the same page is asked again.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from copies import copies

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from serving import serving
from vetgraph import vocabulary
from vetgraph.store import write_store

if TYPE_CHECKING:
    import httpx

PAGES: Final = {
    "school": "/page/school/xuchang-jishu-0?fresh={}",
    "region of all cities": "/page/region/xuchang?fresh={}",
    "code": "/page/code/status/granted?fresh={}",
    "passage": "/page/report/xuchang-2025-0/s6-2?fresh={}",
    "report": "/page/report/xuchang-2025-0?fresh={}",
    "table of schools": "/tables/schools?page={}",
    "prizes, filtered and sorted": "/tables/awards?prize=code:prize/first&sort=-count&page={}",
    "prizes, grouped twice": "/tables/awards?group=series&by=prize&page={}",
    "initiatives, searched": "/tables/initiatives?q=培训&page={}",
    "two schools compared": "/compare?of=id:school/xuchang-jishu-0&of=id:school/xuchang-keji-0&fresh={}",
    "figures compared": "/compare/figures?fresh={}",
}
"""Paths with a place for a number that makes each request another; the copies of Xuchang count from 0."""

_ROUNDS: Final = 7
_HTML: Final = {"Accept": "text/html"}


def _store(folder: Path, statements: int) -> Path:
    """Write the copies as a store: each statement in its graph and once in the default graph."""
    target = folder / f"store-{statements}"
    with (folder / "graph.nq").open("w", encoding="utf-8") as out:
        for quads in (vocabulary.ontology(), vocabulary.codes(), copies(statements)):
            for s, p, o, g in quads:
                out.write(f"{s} {p} {o} {g} .\n{s} {p} {o} .\n")
    write_store(target, (folder / "graph.nq").read_bytes())
    (folder / "graph.nq").unlink()
    return target


def _measured(client: httpx.Client, path: str) -> tuple[float, float, float]:
    """Return milliseconds: the first answer, the median of fresh ones, the median of the same again."""

    def once(number: int) -> float:
        start = time.perf_counter()
        client.get(path.format(number), headers=_HTML).raise_for_status()
        return (time.perf_counter() - start) * 1000

    first = once(1)
    fresh = statistics.median(once(2 + number) for number in range(_ROUNDS))
    return first, fresh, statistics.median(once(1) for _ in range(_ROUNDS))


def main() -> None:
    """Measure and print a table for ``docs/performance.md``."""
    large = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in PAGES}
    with tempfile.TemporaryDirectory() as temporary:
        for statements in (1, large):
            store = _store(Path(temporary), statements)
            with serving(store) as served, served.client() as client:
                for name, path in PAGES.items():
                    found[name].append(_measured(client, path))
    print(f"| page | Xuchang: first | fresh | again | {large:,} statements: first | fresh | again |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in found.items():
        print(f"| {name} | {' | '.join(f'{value:.0f}' for row in rows for value in row)} |")


if __name__ == "__main__":
    main()
