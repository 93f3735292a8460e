"""Measure and lay out synthetic networks: networkx against networkit and scipy, in one run.

    python benchmarks/networks.py --sizes 300:900 600:2400 10000:100000 --write docs/performance.md

Each step is timed once for each engine on the same network, one after the other, in seconds of the processor; where
networkx would take longer than --longest, it is left out. The network has communities and hubs, and is the same each
time.
"""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from vetgraph import networks
from vetgraph.errors import Text
from vetgraph.networks import exact, fast
from vetgraph.networks.arrays import Arrays
from vetgraph.networks.building import Network, Node, Tie
from vetgraph.networks.layout import layout
from vetgraph.networks.measures import SEED, measure

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = ("betweenness", "closeness", "pagerank", "core", "clustering", "communities", "cuts")
QUADRATIC = frozenset({"betweenness", "closeness"})
"""Steps that follow paths from all nodes."""


def network(nodes: int, ties: int, seed: int = 1) -> Network:
    """Make a network of twenty communities with hubs.

    Args:
        nodes: How many nodes.
        ties: How many ties, a few of them between the same two nodes.
        seed: What it is drawn with.

    Returns:
        The network.
    """
    drawn = np.random.default_rng(seed)
    size = max(nodes // 20, 1)
    source = drawn.integers(0, nodes, ties)
    near = source // size * size + (size * drawn.random(ties) ** 2).astype(np.int64)
    far = (nodes * drawn.random(ties) ** 2).astype(np.int64)
    target = np.minimum(np.where(drawn.random(ties) < 0.8, near, far), nodes - 1)  # noqa: PLR2004 - four of five are near
    names = [f"n{number:06}" for number in range(nodes)]
    made = {name: Node(name, Text(name, name)) for name in names}
    weights = drawn.integers(1, 5, ties).tolist()
    pairs = zip(source.tolist(), target.tolist(), weights, strict=True)
    listed = [Tie(names[one], names[two], weight=float(weight)) for one, two, weight in pairs if one != two]
    return Network(Text("", ""), Text("", ""), directed=False, nodes=made, ties=listed)


def members(count: int, groups: int, each: int) -> Network:
    """Make a two-mode network.

    Args:
        count: How many members.
        groups: How many groups.
        each: In how many groups a member is.

    Returns:
        The network.
    """
    drawn = np.random.default_rng(1)
    nodes = {f"m{number:06}": Node(f"m{number:06}", Text("", ""), mode="source") for number in range(count)}
    nodes |= {f"z{number:06}": Node(f"z{number:06}", Text(str(number), ""), mode="target") for number in range(groups)}
    ties = [
        Tie(f"m{member:06}", f"z{group:06}")
        for member in range(count)
        for group in sorted(set(drawn.integers(0, groups, each).tolist()))
    ]
    return Network(Text("", ""), Text("", ""), directed=True, nodes=nodes, ties=ties, modes="two-mode")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds of the processor a piece of work takes, in all threads, and what it gives."""
    start = time.process_time()
    found = work()
    return max(time.process_time() - start, 1e-4), found


def steps(made: Network, longest: float) -> list[str]:
    """Time each step with both engines."""
    arrays = Arrays.of(made)
    size = f"{arrays.count:,} nodes, {arrays.ends.shape[1]:,} pairs"
    slow, quick = exact.Exact(arrays, SEED), fast.Fast(arrays, SEED)
    timed(lambda: (slow.core(), quick.core()))  # imports and graphs are made before
    lines = []
    for name in STEPS:
        seconds, found = timed(getattr(quick, name))
        sampled = f" (from {quick.sampled} nodes)" if name == "betweenness" and quick.sampled else ""
        # Brandes in Python: about half a microsecond for each node and tie, times the constant of this machine
        guess = arrays.count * arrays.ends.shape[1] * 1.5e-6 if name in QUADRATIC else 0.0
        if guess > longest:
            lines.append(f"| {size} | {name}{sampled} | | {seconds:.2f} s | | |")
            continue
        slowly, wanted = timed(getattr(slow, name))
        lines.append(
            f"| {size} | {name}{sampled} | {slowly:.2f} s | {seconds:.2f} s | {slowly / seconds:.1f} "
            f"| {_difference(name, found, wanted, arrays)} |"
        )
        size = ""
    whole, _ = timed(lambda: measure(made, "networkit"))
    placed, _ = timed(lambda: layout(made))
    return [*lines, f"| | all figures | | {whole:.2f} s | | |", f"| | layout | | {placed:.2f} s | | |"]


def _difference(name: str, found: Any, wanted: Any, arrays: Arrays) -> str:  # noqa: ANN401 - arrays or tuples of them
    if name == "communities":
        from vetgraph.networks.common import modularity

        return f"modularity {modularity(arrays, found):.3f}, networkx {modularity(arrays, wanted):.3f}"
    if name == "cuts":
        return "the same" if found == wanted else "other ones"
    one, other = (each[0] if isinstance(each, tuple) else each for each in (found, wanted))
    return f"≤ {max(float(np.abs(one - other).max()), 1e-16):.0e}"


def projection(count: int, groups: int, each: int) -> str:
    """Time a projection with its passages and labels, and networkx's, which has neither."""
    made = members(count, groups, each)
    seconds, found = timed(lambda: networks.project(made))
    graph = nx.Graph((tie.source, tie.target) for tie in made.ties)
    sources = [node for node in graph if node.startswith("m")]
    slowly, wanted = timed(lambda: nx.bipartite.weighted_projected_graph(graph, sources))
    same = "the same pairs" if len(found.ties) == wanted.number_of_edges() else "other pairs"
    size = f"{count:,} members of {groups:,} groups, {len(found.ties):,} pairs"
    return f"| {size} | projection | {slowly:.2f} s | {seconds:.2f} s | {slowly / seconds:.1f} | {same} |"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=["300:900", "600:2400", "10000:100000"], help="NODES:TIES")
    parser.add_argument("--longest", type=float, default=30.0, help="seconds that a step of networkx may take")
    parser.add_argument(
        "--write", type=Path, help="replace what stands between <!-- networks --> and <!-- /networks -->"
    )
    asked = parser.parse_args()
    lines = ["| network | step | networkx | networkit, scipy | ratio | difference |", "|---" * 6 + "|"]
    for size in asked.sizes:
        nodes, _, ties = size.partition(":")
        lines += steps(network(int(nodes), int(ties)), asked.longest)
        print("\n".join(lines), flush=True)
    lines.append(projection(3000, 600, 6))
    print(lines[-1], flush=True)
    if asked.write:
        text = asked.write.read_text(encoding="utf-8")
        block = "<!-- networks -->\n" + "\n".join(lines) + "\n<!-- /networks -->"
        text = re.sub(r"<!-- networks -->.*<!-- /networks -->", lambda _: block, text, flags=re.DOTALL)
        asked.write.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
