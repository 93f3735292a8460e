"""Networks for spreadsheets: the CSV pairs that Gephi imports, and a workbook."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from vetgraph.networks.measures import GRAPH_MEASURES, NODE_MEASURES
from vetgraph.results import BOM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vetgraph.export.figure import Figure

_NODE_HEAD = ("Id", "Label", "label_zh", "label_en", "kind", "ownership", "level")
_TIE_HEAD = ("Source", "Target", "Type", "Weight", "relation", "shared", "passages")


def nodes(figure: Figure, lang: str) -> bytes:
    """Write the nodes with their figures, as Gephi imports them.

    Args:
        figure: The network.
        lang: Language of ``Label``.

    Returns:
        CSV with a byte order mark.
    """
    return _csv([(*_NODE_HEAD, *NODE_MEASURES), *_node_rows(figure, lang)])


def edges(figure: Figure, lang: str) -> bytes:
    """Write the ties, as Gephi imports them.

    Args:
        figure: The network.
        lang: Not used: ends are named by their IRIs.

    Returns:
        CSV with a byte order mark.
    """
    del lang
    return _csv([_TIE_HEAD, *_tie_rows(figure)])


def _node_rows(figure: Figure, lang: str) -> Iterable[Sequence[Any]]:
    for node in figure.network.nodes.values():
        values = figure.measures.nodes[node.id]
        label = node.label
        told = (node.id, label.get(lang), label.zh, label.en, node.kind, node.ownership, node.level)
        yield (*told, *(_rounded(values[name]) for name in NODE_MEASURES))


def _tie_rows(figure: Figure) -> Iterable[Sequence[Any]]:
    kind = "Directed" if figure.network.directed else "Undirected"
    for tie in figure.network.ties:
        proofs = " ".join(tie.passages)
        yield tie.source, tie.target, kind, _rounded(tie.weight), tie.relation, "；".join(tie.shared), proofs


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else int(value) if value == int(value) else round(value, 6)


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return (BOM + out.getvalue()).encode()


def workbook(figure: Figure, lang: str) -> bytes:
    """Write a workbook: nodes, ties with the names of their ends, the figures of the whole, and what they mean.

    Args:
        figure: The network.
        lang: Language of names and explanations.

    Returns:
        The XLSX file.
    """
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    network = figure.network
    book = openpyxl.Workbook(write_only=True)

    def sheet(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
        made = book.create_sheet(title)
        made.freeze_panes = "A2"
        for number, width in enumerate(widths):
            made.column_dimensions["ABCDEFGH"[number]].width = width
        cells = [WriteOnlyCell(made, value=text) for text in head]
        for cell in cells:
            cell.font = Font(bold=True)
        made.append(cells)
        for row in rows:
            cells = [WriteOnlyCell(made, value=_plain(value)) for value in row]
            for cell in cells:
                cell.data_type = "s" if cell.data_type == "f" else cell.data_type  # a name may begin with "="
            made.append(cells)

    zh = lang == "zh"
    names = {node.id: node.label.get(lang) for node in network.nodes.values()}
    heads = [text.get(lang) for text, _ in NODE_MEASURES.values()]
    sheet("节点" if zh else "nodes", (*_NODE_HEAD, *heads), _node_rows(figure, lang), (48, 28, 28, 28, 18))
    ties = ((names[row[0]], names[row[1]], *row[2:]) for row in _tie_rows(figure))
    sheet("边" if zh else "ties", _TIE_HEAD, ties, (28, 28, 12, 8, 14, 28, 60))
    whole = [
        (text.get(lang), "" if figure.measures.whole[name] is None else figure.measures.whole[name], told.get(lang))
        for name, (text, told) in GRAPH_MEASURES.items()
    ]
    about = [(network.title.get(lang), "", network.description.get(lang)), *whole]
    about += [(text.get(lang), "", told.get(lang)) for text, told in NODE_MEASURES.values()]
    sheet("说明" if zh else "figures", ("", "", ""), about, (28, 12, 90))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(value: Any) -> Any:  # noqa: ANN401 - text or number
    """Keep text from being taken for a formula, and out of it what a workbook cannot hold."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub(" ", value)
