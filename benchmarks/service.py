"""Compare the service with others over HTTP, in one run on one machine.

    python benchmarks/service.py --sizes 10000 100000 1000000 --oxigraph .bench/bin/oxigraph --write docs/performance.md

Needs wrk (Debian's package of that name). ``--oxigraph`` is the native server of PyPI's package ``oxigraph``;
``--rdflib-endpoint`` the command of that package; ``--virtuoso`` the address of a running Virtuoso that has the graph.
Servers take turns cell by cell, each cell is the median of several rounds, and every figure stands beside the ratio to
``oxigraph serve``.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from mix import GRAPHS, NAMES, texts
from synthetic import write

from vetgraph.store import write_store

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS: Final = 3
SLOW: Final = 0.4
"""Seconds beyond which a query is timed one by one, with one client."""

LUA: Final = """
local paths, at = {}, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
local first = math.random(#paths)
request = function() at = at + 1; return wrk.format("GET", paths[(first + at) %% #paths + 1]) end
wrk.headers["Accept"] = "%s"
"""
JSON: Final = "application/sparql-results+json"
RDF: Final = "application/n-triples"


@dataclass(frozen=True)
class Server:
    """A server that is measured."""

    name: str
    url: str
    path: str


@dataclass
class Cell:
    """What was measured of one query on one server with some clients."""

    rates: list[float] = field(default_factory=list)
    medians: list[float] = field(default_factory=list)
    worst: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second, median of the rounds."""
        return statistics.median(self.rates)

    @property
    def median(self) -> float:
        """Milliseconds, median of the rounds."""
        return statistics.median(self.medians)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(name: str, command: list[str], port: int, path: str) -> Iterator[Server]:
    """Run a server until it is no longer needed."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            server = Server(name, f"http://127.0.0.1:{port}", path)
            for _ in range(600):
                time.sleep(0.1)
                with contextlib.suppress(OSError):
                    one(server, "ASK {}", JSON)
                    break
            yield server
        finally:
            process.terminate()
            process.wait(20)


def one(server: Server, text: str, accept: str) -> float:
    """Ask once; returns seconds."""
    url = f"{server.url}{server.path}?query={quote(text, safe='')}"
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - our own servers
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310 - our own servers
        answer.read()
    return time.perf_counter() - start


def wrk(server: Server, asked: list[str], accept: str, clients: int, seconds: float) -> tuple[float, float, float]:
    """Load a server; returns requests a second, median and 99th percentile in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "paths")
        paths.write_text("".join(f"{server.path}?query={quote(text, safe='')}\n" for text in asked), encoding="utf-8")
        script = Path(folder, "script.lua")
        script.write_text(LUA % (paths, accept), encoding="utf-8")
        command = ["wrk", "-t1", f"-c{clients}", f"-d{max(1, round(seconds))}s", "--latency", "--timeout", "60s"]
        command += ["-s", str(script)]
        done = subprocess.run([*command, server.url], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout:
        raise RuntimeError(f"{server.name}: {done.stdout}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(rate[1]) if rate else 0.0, _milliseconds(done.stdout, "50%"), _milliseconds(done.stdout, "99%")


def _milliseconds(text: str, percentile: str) -> float:
    found = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s|m)\b", text)
    if found is None:
        return float("nan")
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found[2]]


def measure(servers: list[Server], asked: list[str], accept: str, clients: int, seconds: float) -> dict[str, Cell]:
    """Measure a query on all servers, which take turns."""
    cells = {server.name: Cell() for server in servers}
    slow = {server.name: min(one(server, asked[0], accept) for _ in range(2)) > SLOW for server in servers}
    for _ in range(ROUNDS):
        for server in servers:
            cell = cells[server.name]
            if slow[server.name]:
                took = one(server, asked[0], accept) * 1000
                rate, median, worst = 1000 / took, took, took
            else:
                rate, median, worst = wrk(server, asked, accept, clients, seconds)
            cell.rates.append(rate)
            cell.medians.append(median)
            cell.worst.append(worst)
    return cells


@contextlib.contextmanager
def servers_of(
    asked: argparse.Namespace, folder: Path, nquads: Path, size: int, *, cached: bool
) -> Iterator[list[Server]]:
    """Load the graph into the servers and run them."""
    with contextlib.ExitStack() as stack:
        port = free_port()
        store = folder / f"ours-{size}"
        if not store.exists():
            write_store(store, nquads)
        options = ["--workers", str(asked.workers), "--cache", "64" if cached else "0"]
        command = [sys.executable, "-m", "vetgraph", "serve", str(store), "--port", str(port), "--timeout", "120"]
        started = [stack.enter_context(running("vetgraph", [*command, *options], port, "/sparql"))]
        if asked.in_memory:
            port = free_port()
            command = [*command[:6], str(port), "--timeout", "120", "--in-memory"]
            started.append(stack.enter_context(running("in memory", [*command, *options], port, "/sparql")))
        if asked.oxigraph:
            port, location = free_port(), folder / f"oxigraph-{size}"
            if not location.exists():
                load = [asked.oxigraph, "load", "--location", str(location), "--file", str(nquads)]
                subprocess.run(load, check=True, capture_output=True)
            command = [asked.oxigraph, "serve-read-only", "--location", str(location), "--bind", f"127.0.0.1:{port}"]
            started.append(stack.enter_context(running("oxigraph serve", command, port, "/query")))
        if asked.rdflib_endpoint and size <= 100_000:  # noqa: PLR2004 - beyond, loading alone takes minutes
            port = free_port()
            command = [asked.rdflib_endpoint, "serve", str(nquads), "--port", str(port)]
            started.append(stack.enter_context(running("rdflib-endpoint", command, port, "/")))
        if asked.virtuoso:
            started.append(Server("virtuoso", asked.virtuoso, "/sparql"))
        yield started


def table(title: str, results: dict[str, dict[str, Cell]]) -> list[str]:
    """Write results as Markdown: requests a second and median for each server, with the ratio to the native server."""
    names = list(next(iter(results.values())))
    base = "oxigraph serve" if "oxigraph serve" in names else names[0]
    lines = [f"**{title}**", "", f"| query | {' | '.join(names)} | ratio to {base} |", "|---" * (len(names) + 2) + "|"]
    ratios: dict[str, list[float]] = {name: [] for name in names}
    for query, cells in results.items():
        shown = [f"{cells[name].rate:,.0f}/s, {cells[name].median:.2f} ms" for name in names]
        for name in names:
            ratios[name].append(cells[name].rate / cells[base].rate)
        told = ", ".join(f"{name} {ratios[name][-1]:.2f}" for name in names if name != base)
        lines.append(f"| {query} | {' | '.join(shown)} | {told} |")
    means = ", ".join(f"{name} {statistics.geometric_mean(ratios[name]):.2f}" for name in names if name != base)
    return [*lines, "", f"Geometric mean of the ratios of requests/s: {means}.", ""]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--queries", nargs="+", default=list(NAMES))
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeat", action="store_true", help="ask the same text again and again, with the cache")
    parser.add_argument("--in-memory", action="store_true")
    parser.add_argument("--oxigraph")
    parser.add_argument("--rdflib-endpoint")
    parser.add_argument("--virtuoso", help="its address, as http://127.0.0.1:8890")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir(), "vetgraph-bench"))
    parser.add_argument("--write", type=Path, help="replace what stands between <!-- http --> and <!-- /http -->")
    asked = parser.parse_args()
    asked.folder.mkdir(exist_ok=True)
    lines: list[str] = []
    for size in asked.sizes:
        nquads = asked.folder / f"{size}.nq"
        if not nquads.exists():
            with nquads.open("w", encoding="utf-8") as out:
                write(out, size)
        with servers_of(asked, asked.folder, nquads, size, cached=asked.repeat) as servers:
            for clients in asked.clients:
                results = {}
                for name in asked.queries:
                    prepared = texts(name, size)[: 1 if asked.repeat else None]
                    accept = RDF if name in GRAPHS else JSON
                    results[name] = measure(servers, prepared, accept, clients, asked.seconds)
                    shown = {k: (round(c.rate), round(c.median, 2)) for k, c in results[name].items()}
                    print(size, clients, name, shown, flush=True)
                again = ", the same text again and again" if asked.repeat else ""
                lines += table(f"{size:,} statements, {clients} client{'s' * (clients > 1)}{again}", results)
    print("\n".join(lines))
    if asked.write:
        text = asked.write.read_text(encoding="utf-8")
        block = "<!-- http -->\n" + "\n".join(lines) + "<!-- /http -->"
        text = re.sub(r"<!-- http -->.*<!-- /http -->", lambda _: block, text, flags=re.DOTALL)
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
