"""How long pages take over HTTP and in a browser: the report of Xuchang, and a graph of many cities' copies of it.

    python benchmarks/pages.py            # Xuchang and a million statements
    python benchmarks/pages.py 100000     # Xuchang and another size

For each page: the first request since the service has started; where that page leaves a part for later, or says that it
is being read, the first request for all of it; the median of requests for other such pages after that (names, passages
and tables are kept by then); and the median where the same page is asked again. Then the first paint in Chromium, each
time with nothing cached and another address. A page that fails says so in its place.
"""

from __future__ import annotations

import html
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
from copies import copies

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from browsing import chromium
from serving import serving
from vetgraph import vocabulary
from vetgraph.search import keeping, writing
from vetgraph.store import write_store

if TYPE_CHECKING:
    from serving import Served

PAGES: Final = {
    "home": "/?fresh={}",
    "school": "/page/school/xuchang-jishu-0?fresh={}",
    "group": "/page/group/xuchang-2-7-0?fresh={}",
    "competition of all cities": "/page/competition/henan-skills?fresh={}",
    "figure": "/page/observation/xuchang-2025-students-0?fresh={}",
    "region of all cities": "/page/region/xuchang?fresh={}",
    "code": "/page/code/status/granted?fresh={}",
    "passage": "/page/report/xuchang-2025-0/s6-2?fresh={}",
    "report": "/page/report/xuchang-2025-0?fresh={}",
    "tables": "/tables?fresh={}",
    "table of schools": "/tables/schools?page={}",
    "prizes, filtered and sorted": "/tables/awards?prize=code:prize/first&sort=-count&page={}",
    "prizes, grouped twice": "/tables/awards?group=series&by=prize&page={}",
    "initiatives, searched": "/tables/initiatives?q=培训&page={}",
    "two schools compared": "/compare?of=id:school/xuchang-jishu-0&of=id:school/xuchang-keji-0&fresh={}",
    "figures compared": "/compare/figures?fresh={}",
    "network of schools": "/networks/group-fellows?fresh={}",
    "questions": "/queries?fresh={}",
    "a question": "/queries/private-schools",
    "put together": "/build?fresh={}",
    "search": "/search?q=许昌&page={}",
    "checks": "/checks?fresh={}",
    "cite": "/cite?of=id:school/xuchang-jishu-0&fresh={}",
}
"""Paths, most with a place for a number that makes each request another; the copies of Xuchang count from 0."""

PAINTED: Final = ("home", "school", "region of all cities", "report", "table of schools", "figures compared", "search")

_ROUNDS: Final = 7
_PAINTS: Final = 5
_PATIENCE: Final = 90
"""Seconds after which a page is given up."""

_REST: Final = 3
"""Seconds that a service has to prepare itself."""

_LATER: Final = re.compile(r'data-(?:later|reload)="([^"]+)"')
_PAINT: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_HTML: Final = {"Accept": "text/html"}


def _store(folder: Path, statements: int) -> Path:
    """Write the copies as a store, each statement in its graph and in the default graph, with its index of names."""
    target = folder / f"store-{statements}"
    with (folder / "graph.nq").open("w", encoding="utf-8") as out:
        for quads in (vocabulary.ontology(), vocabulary.codes(), copies(statements)):
            for s, p, o, g in quads:
                out.write(f"{s} {p} {o} {g} .\n{s} {p} {o} .\n")
    nquads = folder / "graph.nq"
    write_store(target, nquads, lambda store, beside: writing.write_file(store, beside / keeping.FILE))
    nquads.unlink()
    return target


def _once(client: httpx.Client, path: str) -> tuple[float | str, str]:
    """Return the milliseconds of a request, or what went wrong, and the page."""
    start = time.perf_counter()
    try:
        answer = client.get(path, headers=_HTML, timeout=_PATIENCE)
    except httpx.TimeoutException:
        return f"> {_PATIENCE} s", ""
    took = (time.perf_counter() - start) * 1000
    return (took, answer.text) if answer.is_success else (f"{answer.status_code} after {took / 1000:.1f} s", "")


def _median(found: list[float | str]) -> float | str:
    """Return the median, or what went wrong where something did."""
    numbers = [value for value in found if not isinstance(value, str)]
    return statistics.median(numbers) if len(numbers) == len(found) else next(v for v in found if isinstance(v, str))


def measured(client: httpx.Client, path: str) -> tuple[float | str, ...]:
    """Measure a page.

    Args:
        client: Asks the service.
        path: One of ``PAGES``.

    Returns:
        Milliseconds, or what went wrong: the first answer; all of the page, empty where the first answer was that; the
        median of other such pages; the median of the same again.
    """
    first, text = _once(client, path.format(1))
    if isinstance(first, str):
        return first, "", "", ""
    later = _LATER.search(text)
    whole = _once(client, html.unescape(later[1]))[0] if later else ""
    fresh = _median([_once(client, path.format(2 + number))[0] for number in range(_ROUNDS)]) if "{" in path else ""
    return first, whole, fresh, _median([_once(client, path.format(1))[0] for _ in range(_ROUNDS)])


def painted(served: Served) -> dict[str, float]:
    """Measure when a page is first seen.

    Args:
        served: The service.

    Returns:
        Milliseconds from the request to the first contentful paint, the median, by page.
    """
    found = {}
    with chromium() as browser:
        for name in PAINTED:
            times = []
            for number in range(_PAINTS):
                context = browser.new_context(base_url=served.url, locale="zh-CN")
                page = context.new_page()
                page.goto(PAGES[name].format(100 + number if "fresh" in PAGES[name] else 1 + number))
                while (paint := page.evaluate(_PAINT)) is None:  # a policy of the pages forbids to wait in them
                    time.sleep(0.05)
                times.append(float(paint))
                context.close()
            found[name] = statistics.median(times)
    return found


def _cell(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.0f}"


def main() -> None:
    """Measure and print tables for ``docs/performance.md``."""
    large = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    found: dict[str, list[tuple[float | str, ...]]] = {name: [] for name in PAGES}
    paints = []
    with tempfile.TemporaryDirectory() as temporary:
        for statements in (1, large):
            store = _store(Path(temporary), statements)
            with serving(store) as served, served.client() as client:
                time.sleep(_REST)
                for name, path in PAGES.items():
                    found[name].append(measured(client, path))
                paints.append(painted(served))
    print(f"| page | Xuchang: first | fresh | again | {large:,} statements: first | all of it | fresh | again |")
    print("|---|---|---|---|---|---|---|---|")
    for name, (small, big) in found.items():
        print(f"| {name} | {' | '.join(_cell(value) for value in (small[0], *small[2:], *big))} |")
    print(f"\n| first paint | Xuchang | {large:,} statements |\n|---|---|---|")
    for name in PAINTED:
        print(f"| {name} | {' | '.join(_cell(each[name]) for each in paints)} |")


if __name__ == "__main__":
    main()
