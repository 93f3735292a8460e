"""Networks as files that other programs open: for Gephi, Cytoscape, Pajek, Graphviz, spreadsheets, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text, UsageError
from vetgraph.export import drawing, graphs, page, sheets, xml
from vetgraph.export.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from vetgraph.networks.building import Network

FORMS: Final[dict[str, tuple[str, Callable[[Figure, str], bytes]]]] = {
    "gexf": ("application/gexf+xml", xml.gexf),
    "graphml": ("application/graphml+xml", xml.graphml),
    "cyjs": ("application/vnd.cytoscape+json", graphs.cytoscape),
    "json": ("application/json", graphs.node_link),
    "jgf": ("application/vnd.jgf+json", graphs.json_graph),
    "net": ("text/plain", graphs.pajek),
    "dot": ("text/vnd.graphviz", graphs.dot),
    "edges.csv": ("text/csv", sheets.edges),
    "nodes.csv": ("text/csv", sheets.nodes),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheets.workbook),
    "svg": ("image/svg+xml", drawing.svg),
    "png": ("image/png", drawing.png),
    "html": ("text/html", page.html),
}
"""Media type and writer of each form, by the ending of its file."""

ALSO: Final = {"csv": "edges.csv"}
"""What some forms are called too."""


def write(network: Network, form: str, lang: str = "zh") -> bytes:
    """Write a network.

    Args:
        network: The network.
        form: One of ``FORMS``.
        lang: Language of labels, ``zh`` or ``en``.

    Returns:
        The file.

    Raises:
        UsageError: There is no such form.
    """
    check(form)
    return written(Figure.of(network), form, lang)


def written(figure: Figure, form: str, lang: str = "zh") -> bytes:
    """Write a network that is measured and laid out.

    Args:
        figure: The network.
        form: One of ``FORMS``.
        lang: Language of labels, ``zh`` or ``en``.

    Returns:
        The file.

    Raises:
        UsageError: There is no such form.
    """
    check(form)
    return FORMS[ALSO.get(form, form)][1](figure, lang)


def check(form: str, forms: Collection[str] = FORMS) -> None:
    """Refuse a form that there is not.

    Args:
        form: What may be one of them.
        forms: The forms.

    Raises:
        UsageError: It is none.
    """
    if form not in forms and ALSO.get(form, form) not in forms:
        known = ", ".join(forms)
        raise UsageError(
            Text(f"网络没有“{form}”这种格式", f'a network cannot be written as "{form}"'),
            Text(f"可用：{known}", f"use one of {known}"),
        )
