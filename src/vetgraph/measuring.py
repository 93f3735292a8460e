"""What the command line says of a network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vetgraph import asking, networks, render
from vetgraph.errors import Text, UsageError
from vetgraph.networks.measures import GRAPH_MEASURES, NODE_MEASURES, measure
from vetgraph.opening import open_store
from vetgraph.querytext import width

if TYPE_CHECKING:
    from vetgraph.networks.building import Network
    from vetgraph.networks.comparing import Comparison
    from vetgraph.networks.measures import Measures

_SHOWN = 40
_NAMED = 12


@dataclass(frozen=True)
class Wanted:
    """The network that the arguments of a command mean.

    Attributes:
        store: Folder of the store, or address of a service.
        what: The name of a network, or a SPARQL text.
        file: A file with a query.
        params: ``NAME=VALUE`` arguments.
        directed: Whether a tie of a query of one's own leads from its source to its target.
        reports: Keys of reports whose passages are to be taken; all where there are none.
        project: Which mode to project on: ``source`` or ``target``; nothing to leave it as it is.
    """

    store: str
    what: str | None
    file: str | None
    params: tuple[str, ...] = ()
    directed: bool = False
    reports: tuple[str, ...] = ()
    project: str | None = None


def ask(wanted: Wanted) -> Network:
    """Make a network.

    Args:
        wanted: Which one.

    Returns:
        The network.

    Raises:
        UsageError: There is no such network, or the query is none.
    """
    what, values = wanted.what, asking.values(wanted.params)
    if what is not None and wanted.file is None and what.replace("-", "").isalnum():
        asked = networks.get(what)
    else:
        query = asking.with_parameters(asking.find(what, wanted.file), values)
        own = networks.of_query(query)
        asked = networks.NetworkQuery(own.query, own.directed or wanted.directed, own.modes, own.affinity)
    opened = open_store(wanted.store)
    try:
        found = networks.build(opened, asked, values, wanted.reports)
    finally:
        opened.close()
    return found if wanted.project is None else networks.project(found, wanted.project)


def other(wanted: Wanted, against: str | None, reports: tuple[str, ...]) -> Network:
    """Make the network that another is to be compared with.

    Args:
        wanted: The other one.
        against: A store, a service, or a file of a saved network; the same store where it is not given.
        reports: Keys of reports, instead of those of the other one.

    Returns:
        The network.

    Raises:
        UsageError: There is none, or a saved network is to be cut to reports.
    """
    if against is not None and Path(against).is_file():
        if reports:
            raise UsageError(
                Text("--against-report 不用于保存的网络", "--against-report does not go with a saved network"),
                Text("保存时就用 --report", "use --report when you save it"),
            )
        return networks.read(against)
    return ask(replace(wanted, store=against or wanted.store, reports=reports or wanted.reports))


def listing(lang: str) -> str:
    """List the named networks, and what is measured of them.

    Args:
        lang: Language of titles.

    Returns:
        Tables.
    """
    zh = lang == "zh"
    named = [(name, asked.query.title.get(lang)) for name, asked in networks.catalogue().items()]
    parts = [render.table(("网络", "标题") if zh else ("network", "title"), named)]
    for head, measures in (
        (("整个网络的指标", "含义") if zh else ("figure of the whole", "meaning"), GRAPH_MEASURES),
        (("节点的指标", "含义") if zh else ("figure of a node", "meaning"), NODE_MEASURES),
    ):
        parts.append(render.table(head, [(name.get(lang), told.get(lang)) for name, told in measures.values()]))
    return "\n\n".join(parts) + "\n"


def table(found: Network, lang: str, room: int = 0) -> str:
    """Write the figures of a network for a terminal: those of the whole, then those of the most central nodes.

    Args:
        found: The network.
        lang: Language of names.
        room: Width of the terminal; 0 leaves nothing out.

    Returns:
        The text.
    """
    measures, zh = measure(found), lang == "zh"
    head = ("指标", "值", "含义") if zh else ("figure", "value", "meaning")
    whole = [
        (text.get(lang), _shown(measures.whole[name]), told.get(lang))
        for name, (text, told) in GRAPH_MEASURES.items()
        if measures.whole[name] is not None
    ]
    parts = [found.title.get(lang), found.description.get(lang), "", render.table(head, whole, room)]
    if measures.sampled:
        parts.append(
            f"中介中心性由 {measures.sampled} 个节点抽样估计"
            if zh
            else f"betweenness is estimated from {measures.sampled} nodes"
        )
    parts += ["", *_ranking(found, measures, lang, room)]
    labels = [found.nodes[node].label.get(lang) for node in measures.articulation]
    if labels:
        told = ("、" if zh else ", ").join(labels[:_NAMED]) + (" …" if len(labels) > _NAMED else "")
        parts += ["", f"割点：{told}" if zh else f"articulation points: {told}"]
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _ranking(found: Network, measures: Measures, lang: str, room: int) -> list[str]:
    """Write the figures of the nodes with the largest weighted degree, as many as there is room for."""
    ranked = sorted(measures.nodes, key=lambda node: (-measures.nodes[node]["strength"], node))[:_SHOWN]
    names = [name for name in NODE_MEASURES if any(figures[name] is not None for figures in measures.nodes.values())]
    labels = [found.nodes[node].label.get(lang) for node in ranked]
    cells = {name: [_shown(measures.nodes[node][name]) for node in ranked] for name in names}
    used = max([width("节点" if lang == "zh" else "node"), *(width(label) for label in labels)])
    kept: list[str] = []
    for name in names:
        used += 2 + max([width(NODE_MEASURES[name][0].get(lang)), *(width(str(cell)) for cell in cells[name])])
        if room and used > room and kept:
            break
        kept.append(name)
    head = ("节点" if lang == "zh" else "node", *(NODE_MEASURES[name][0].get(lang) for name in kept))
    rows = [(label, *(cells[name][at] for name in kept)) for at, label in enumerate(labels)]
    parts = [render.table(head, rows, room)]
    nodes, columns = len(measures.nodes) - len(ranked), len(names) - len(kept)
    if nodes or columns:
        parts.append(
            f"… 另有 {nodes} 个节点、{columns} 项指标：--format csv"
            if lang == "zh"
            else f"… {nodes} more nodes and {columns} more figures: --format csv"
        )
    return parts


def differences(found: Comparison, lang: str, room: int = 0) -> str:
    """Write a comparison for a terminal: figures, then changes.

    Args:
        found: The comparison.
        lang: Language of names.
        room: Width of the terminal; 0 leaves nothing out.

    Returns:
        The text.
    """
    from vetgraph.export import differences as changes

    zh = lang == "zh"
    head = ("指标", "之前", "之后") if zh else ("figure", "before", "after")
    whole = [(name, _shown(before), _shown(after)) for name, before, after in changes.figures(found, lang)]
    rows = []
    for change, _, source, _, target, relation, was, now, *_ in changes.rows(found, lang):
        weight = "" if was == now == "" else f"{_shown(was)} → {_shown(now)}"
        rows.append((changes.WORDS[change].get(lang), source, target, relation, weight))
    columns = ("变化", "节点", "与", "关系", "权重") if zh else ("change", "node", "with", "relation", "weight")
    nodes, ties = found.stayed, found.kept
    same = f"不变：{nodes} 个节点，{ties} 条边" if zh else f"unchanged: {nodes} nodes, {ties} ties"
    parts = [found.after.title.get(lang), "", render.table(head, whole, room), "", same]
    if rows:
        parts += ["", render.table(columns, rows, room)]
    return "\n".join(parts) + "\n"


def _shown(value: Any) -> Any:  # noqa: ANN401 - numbers
    if value is None or value == "":
        return "–"
    return value if isinstance(value, int) else int(value) if value == int(value) else round(value, 3)
