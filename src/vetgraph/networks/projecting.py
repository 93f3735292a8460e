"""From a two-mode network to the ties between the nodes of one mode, by the matrix product ``M·Mᵀ``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from vetgraph.errors import BudgetError, Text, UsageError
from vetgraph.networks.building import Network, Tie
from vetgraph.networks.progress import report

if TYPE_CHECKING:
    from collections.abc import Iterator

_Proofs = dict[str, dict[str, tuple[set[str], set[int]]]]

ENDS: Final = ("source", "target")


def project(network: Network, on: str = "source", *, most: int | None = None) -> Network:
    """Tie two nodes of one mode where they are tied to the same node of the other mode.

    Args:
        network: A two-mode network, as members and their groups.
        on: Whose ties are wanted: ``source`` (the members) or ``target`` (the groups).
        most: How many ties the result may have.

    Returns:
        An undirected network of these nodes, those without a tie too. A tie's weight is how many nodes of the other
        mode both are tied to; it has their labels (``shared``) and the passages that prove both sides.

    Raises:
        UsageError: The network is no two-mode network, or there is no such mode.
        BudgetError: It would have more ties.
    """
    _check(network, on)
    report(Text("投影", "projecting"), 0, 1)
    proofs = _proofs(network, on)
    nodes = {node.id: replace(node, mode="") for node in network.nodes.values() if node.mode == on}
    labels = {node.id: node.label for node in network.nodes.values()}
    ties = []
    for number, (one, other) in enumerate(_pairs(list(nodes), proofs)):
        if most is not None and number >= most:
            raise BudgetError(
                Text(f"投影太大（超过 {most} 条边）", f"the projection is too large: more than {most} ties"),
                Text("缩小查询", "narrow the query"),
                resource="rows",
            )
        ties.append(_tie(one, other, proofs, labels))
    names = {label.zh: label for label in (labels[part] for some in proofs.values() for part in some)}
    words = replace(network.words, shared=network.words.shared | names)
    title, description = _told(network, on)
    return replace(
        network,
        title=title,
        description=description,
        directed=False,
        nodes=nodes,
        ties=ties,
        words=words,
        modes="one-mode",
    )


def _proofs(network: Network, on: str) -> _Proofs:
    """Return the passages and years of the ties of each node of a mode, by node of the other mode."""
    found: dict[str, dict[str, tuple[set[str], set[int]]]] = {}
    for tie in network.ties:
        own, other = tie.source, tie.target
        if network.nodes[own].mode != on:
            own, other = other, own
        passages, years = found.setdefault(own, {}).setdefault(other, (set(), set()))
        passages.update(tie.passages)
        years.update(tie.years)
    return found


def _tie(one: str, other: str, proofs: _Proofs, labels: dict[str, Text]) -> Tie:
    """Tie two nodes by what both are tied to."""
    mine, theirs = proofs[one], proofs[other]
    both = mine.keys() & theirs.keys()
    passages: set[str] = set()
    years: set[int] = set()
    for part in both:
        for told in (mine[part], theirs[part]):
            passages |= told[0]
            years |= told[1]
    shared = sorted([labels[part].zh for part in both])
    return Tie(one, other, "", float(len(both)), sorted(passages), shared, "", sorted(years))


def _pairs(nodes: list[str], proofs: _Proofs) -> Iterator[tuple[str, str]]:
    """Give the pairs of nodes that share something, in order."""
    import numpy as np
    from scipy.sparse import csr_array, triu

    parts = {part: at for at, part in enumerate(sorted({part for some in proofs.values() for part in some}))}
    ends = [(at, parts[part]) for at, node in enumerate(nodes) for part in proofs.get(node, ())]
    if not ends:
        return
    rows, columns = np.array(ends, dtype=np.int64).T
    matrix = csr_array((np.ones(len(ends), dtype=np.int32), (rows, columns)), shape=(len(nodes), len(parts)))
    found = triu(matrix @ matrix.T, k=1).tocoo()
    one, other = found.coords
    order = np.lexsort((other, one))
    for low, high in zip(one[order].tolist(), other[order].tolist(), strict=True):
        yield nodes[low], nodes[high]


def _check(network: Network, on: str) -> None:
    if on not in ENDS:
        known = ", ".join(ENDS)
        raise UsageError(
            Text(f"不能投影到“{on}”", f'a network cannot be projected on "{on}"'),
            Text(f"可用：{known}", f"use one of {known}"),
        )
    if network.modes != "two-mode" and network.ties:
        both = next((node.label for node in network.nodes.values() if not node.mode), None)
        raise UsageError(
            Text(
                "只有二模网络可以投影" + (f"；“{both.zh}”既是 ?source 又是 ?target" if both else ""),
                "only a two-mode network can be projected" + (f'; "{both.en}" is ?source and ?target' if both else ""),
            ),
            Text(
                "查询的 ?source 与 ?target 应是两类节点；在文件头写 # network: two-mode",
                "let ?source and ?target be of two kinds, and write # network: two-mode in the head of the file",
            ),
        )


def _told(network: Network, on: str) -> tuple[Text, Text]:
    zh, en = ("来源", "sources") if on == "source" else ("目标", "targets")
    title = Text(f"{network.title.zh}（投影到{zh}）", f"{network.title.en} (projected on its {en})")
    described = Text(
        "一条边表示两个节点与同一个另一类节点相连；权重是这样的节点的个数。原网络：" + network.description.zh,
        "A tie joins two nodes that are tied to the same node of the other kind; its weight is how many such nodes "
        "there are. Of the network: " + network.description.en,
    )
    return title, described
