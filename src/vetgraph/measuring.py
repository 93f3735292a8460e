"""What the command line says of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vetgraph import asking, networks, render
from vetgraph.networks.measures import GRAPH_MEASURES, NODE_MEASURES, measure
from vetgraph.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.networks.building import Network

_SHOWN = 40


def ask(store: str, what: str | None, file: str | None, params: Sequence[str], *, directed: bool) -> Network:
    """Make the network that the arguments mean.

    Args:
        store: Folder of the store, or address of a service.
        what: The name of a network, or a SPARQL text.
        file: A file with a query.
        params: ``NAME=VALUE`` arguments.
        directed: Whether a tie of a query of one's own leads from its source to its target.

    Returns:
        The network.

    Raises:
        UsageError: There is no such network, or the query is none.
    """
    values = asking.values(params)
    if what is not None and file is None and what.replace("-", "").isalnum():
        asked = networks.get(what)
    else:
        query = asking.with_parameters(asking.find(what, file), values)
        own = networks.of_query(query)
        asked = networks.NetworkQuery(own.query, own.directed or directed, own.modes, own.affinity)
    opened = open_store(store)
    try:
        return networks.build(opened, asked, values)
    finally:
        opened.close()


def listing(lang: str) -> str:
    """List the named networks.

    Args:
        lang: Language of titles.

    Returns:
        A table.
    """
    rows = [(name, asked.query.title.get(lang)) for name, asked in networks.catalogue().items()]
    return render.table(("网络" if lang == "zh" else "network", ""), rows) + "\n"


def table(found: Network, lang: str) -> str:
    """Write the figures of a network for a terminal: those of the whole, then those of the most central nodes.

    Args:
        found: The network.
        lang: Language of names.

    Returns:
        The text.
    """
    measures = measure(found)
    head = ("", "值" if lang == "zh" else "value")
    whole = [(text.get(lang), _shown(measures.whole[name])) for name, (text, _) in GRAPH_MEASURES.items()]
    ranked = sorted(measures.nodes, key=lambda node: (-measures.nodes[node]["strength"], node))
    nodes = [
        (found.nodes[node].label.get(lang), *(_shown(measures.nodes[node][name]) for name in NODE_MEASURES))
        for node in ranked[:_SHOWN]
    ]
    names = ("节点" if lang == "zh" else "node", *(text.get(lang) for text, _ in NODE_MEASURES.values()))
    parts = [found.title.get(lang), found.description.get(lang), "", render.table(head, whole), ""]
    parts.append(render.table(names, nodes))
    if len(ranked) > _SHOWN:
        more = len(ranked) - _SHOWN
        parts.append(f"… 另 {more} 个" if lang == "zh" else f"… {more} more")
    return "\n".join(part.rstrip("\n") for part in parts) + "\n"


def _shown(value: Any) -> Any:  # noqa: ANN401 - numbers
    return "–" if value is None else value if isinstance(value, int) else round(value, 3)
