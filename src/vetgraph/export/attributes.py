"""What every file tells of nodes and ties: names, values and types of their attributes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from vetgraph.networks.measures import NODE_MEASURES

if TYPE_CHECKING:
    from vetgraph.export.figure import Figure
    from vetgraph.networks.building import Network, Node, Tie

NODE_TEXTS: Final = ("iri", "label_zh", "label_en", "kind", "ownership", "level", "group_zh", "group_en", "mode")
TIE_TEXTS: Final = ("relation", "tie_label", "shared", "years", "passages")
SCALE: Final = 60
"""Units of a file for each unit of the layout."""

_WHOLE: Final = frozenset({"degree", "core", "community", "articulation", "in_degree", "out_degree"})
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_COLUMNS: Final = {str: "string", int: "long", float: "double"}


def clean(text: str) -> str:
    r"""Return a text with spaces for what no XML can hold, and ``\n`` for each line break.

    Args:
        text: Any text.

    Returns:
        The text without control characters and lone surrogates.
    """
    return _NO_XML.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n")


def numbered(network: Network) -> dict[str, str]:
    """Return short ids for nodes: IRIs are no NMTOKEN and no Pajek name.

    Args:
        network: The network.

    Returns:
        ``n0``, ``n1`` … by node.
    """
    return {node: f"n{number}" for number, node in enumerate(network.nodes)}


def types(figure: Figure) -> dict[str, str]:
    """Return the attributes that the nodes of a network have.

    Args:
        figure: The network.

    Returns:
        ``string``, ``integer``, ``long`` or ``double`` by name, in their order; those that tell nothing left out.
    """
    told = figure.measures.nodes.values()
    measured = [name for name in NODE_MEASURES if any(values.get(name) is not None for values in told)]
    return {
        **dict.fromkeys(NODE_TEXTS, "string"),
        **{name: _COLUMNS[kind] for name, kind in figure.network.columns().items()},
        **{name: "integer" if name in _WHOLE else "double" for name in measured},
    }


def of_node(figure: Figure, node: Node) -> dict[str, Any]:
    """Return the attributes of a node that have a value.

    Args:
        figure: The network.
        node: The node.

    Returns:
        Values by name, in the order of ``types``.
    """
    texts = (node.id, node.label.zh, node.label.en, node.kind, node.ownership, node.level)
    group = figure.network.group(node)
    values = dict(zip(NODE_TEXTS, (*texts, group.zh, group.en, node.mode), strict=True))
    if figure.network.modes != "two-mode":
        values["mode"] = ""
    columns = figure.network.columns()
    given = {
        name: str(node.columns[name]) if columns[name] is str else node.columns[name]
        for name in columns
        if name in node.columns
    }
    measured = {name: value for name, value in figure.measures.nodes[node.id].items() if value is not None}
    return {**{name: value for name, value in values.items() if value}, **given, **measured}


def of_tie(tie: Tie) -> dict[str, str]:
    """Return the texts of a tie that are not empty.

    Args:
        tie: The tie.

    Returns:
        Values by name.
    """
    years = " ".join(str(year) for year in tie.years)
    values = (tie.relation, tie.label, "；".join(tie.shared), years, " ".join(tie.passages))
    return {name: value for name, value in zip(TIE_TEXTS, values, strict=True) if value}
