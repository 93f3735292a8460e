"""Two networks, as of two years or two cities: who joined, who left, which ties are new, gone or of another weight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text
from vetgraph.networks.building import Network, Tie, Words
from vetgraph.networks.measures import GRAPH_MEASURES, measure
from vetgraph.networks.progress import reporting

if TYPE_CHECKING:
    from vetgraph.networks.building import Node

NODE_CHANGES: Final = {
    "stayed": Text("两边都有", "in both"),
    "joined": Text("加入", "joined"),
    "left": Text("退出", "left"),
}
"""What a node of ``union`` is: its ``kind``."""

TIE_CHANGES: Final = {
    "kept": Text("不变", "unchanged"),
    "gone": Text("消失", "gone"),
    "new": Text("新增", "new"),
    "changed": Text("权重变了", "of another weight"),
}
"""What a tie of ``union`` is: its ``relation``."""


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


def union(found: Comparison) -> Network:
    """Put both networks into one that shows what differs.

    Args:
        found: The comparison.

    Returns:
        All nodes and ties of both. A node's ``kind`` is a key of ``NODE_CHANGES``, a tie's ``relation`` one of
        ``TIE_CHANGES``; what the tie was called, and its weights where they differ, stand in ``shared``.
    """
    before, after = found.before, found.after
    known = {**before.words.shared, **after.words.shared}
    old, new = _ties(before), _ties(after)
    ties = []
    for key in sorted({**old, **new}):
        was, now = old.get(key), new.get(key)
        told = _told(before, after, was, now)
        known.update({text.zh: text for text in told})
        ties.append(_both(was, now, [text.zh for text in told]))
    ties.sort(key=lambda tie: (tie.source, tie.target, tie.relation))
    nodes = {}
    for node in sorted({**before.nodes, **after.nodes}):
        change = "joined" if node not in before.nodes else "left" if node not in after.nodes else "stayed"
        nodes[node] = replace((after if node in after.nodes else before).nodes[node], kind=change)
    title = Text(f"{after.title.zh}：变化", f"{after.title.en}: what has changed")
    words = Words(
        NODE_CHANGES,
        {**before.words.ownerships, **after.words.ownerships},
        {**before.words.levels, **after.words.levels},
        TIE_CHANGES,
        {**before.words.groups, **after.words.groups},
        known,
    )
    passages, reports = {**before.passages, **after.passages}, {**before.reports, **after.reports}
    return Network(title, after.description, after.directed, nodes, ties, passages, reports, words)


def _both(was: Tie | None, now: Tie | None, told: list[str]) -> Tie:
    """Make the tie of one or two."""
    change = "new" if was is None else "gone" if now is None else "kept" if was.weight == now.weight else "changed"
    either = [each for each in (was, now) if each is not None]
    last = either[-1]
    passages = sorted({passage for each in either for passage in each.passages})
    years = sorted({year for each in either for year in each.years})
    return Tie(last.source, last.target, change, last.weight, passages, told, last.label, years)


def _told(before: Network, after: Network, was: Tie | None, now: Tie | None) -> list[Text]:
    """Return what the tie is called, and its weights where both networks have it with another."""
    last, words = (now, after.words) if now is not None else (was, before.words)
    told = []
    if last is not None and last.relation:
        told.append(words.relations.get(last.relation) or Text(last.relation, last.relation))
    if was is not None and now is not None and was.weight != now.weight:
        weights = f"{was.weight:g} → {now.weight:g}"
        told.append(Text(f"权重 {weights}", f"weight {weights}"))
    return told
