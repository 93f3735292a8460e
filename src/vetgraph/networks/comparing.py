"""Two networks, as of two years or two cities: who joined, who left, which ties are new, gone or of another weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetgraph.networks.measures import GRAPH_MEASURES, measure
from vetgraph.networks.progress import reporting

if TYPE_CHECKING:
    from vetgraph.networks.building import Network, Node, Tie


@dataclass(frozen=True)
class Comparison:
    """What differs between two networks.

    Attributes:
        before: The one.
        after: The other.
        joined: Nodes that are only in ``after``.
        left: Nodes that are only in ``before``.
        stayed: How many nodes are in both.
        new: Ties that are only in ``after``.
        gone: Ties that are only in ``before``.
        changed: Ties of both whose weight differs, as they were and as they are.
        kept: How many ties are in both with the same weight.
        figures: The figures of the whole, before and after, by name.
    """

    before: Network
    after: Network
    joined: list[Node]
    left: list[Node]
    stayed: int
    new: list[Tie]
    gone: list[Tie]
    changed: list[tuple[Tie, Tie]]
    kept: int
    figures: dict[str, tuple[float | int | None, float | int | None]]


def compare(before: Network, after: Network) -> Comparison:
    """Compare two networks. Nodes are the same where their IRIs are; ties, where ends and relation are.

    Args:
        before: The network that the other is compared with.
        after: The other.

    Returns:
        What differs.
    """
    old, new = _ties(before), _ties(after)
    both = [(old[key], new[key]) for key in old if key in new]
    with reporting(None):
        whole = measure(before).whole, measure(after).whole
    return Comparison(
        before,
        after,
        [node for node in after.nodes.values() if node.id not in before.nodes],
        [node for node in before.nodes.values() if node.id not in after.nodes],
        len(before.nodes.keys() & after.nodes.keys()),
        [tie for key, tie in new.items() if key not in old],
        [tie for key, tie in old.items() if key not in new],
        [(was, now) for was, now in both if was.weight != now.weight],
        sum(was.weight == now.weight for was, now in both),
        {name: (whole[0][name], whole[1][name]) for name in GRAPH_MEASURES},
    )


def _ties(network: Network) -> dict[tuple[str, str, str], Tie]:
    """Return ties by their ends and relation; those without direction from the smaller end to the larger."""
    found = {}
    for tie in network.ties:
        ends = (tie.source, tie.target) if network.directed else tuple(sorted((tie.source, tie.target)))
        found[ends[0], ends[1], tie.relation] = tie
    return found
