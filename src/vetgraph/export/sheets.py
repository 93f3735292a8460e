"""Networks for spreadsheets: the CSV pairs that Gephi imports, and a workbook."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from vetgraph.errors import Text
from vetgraph.export.attributes import of_node, of_tie, types
from vetgraph.networks.measures import GRAPH_MEASURES, NODE_MEASURES
from vetgraph.results import BOM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl import Workbook

    from vetgraph.export.figure import Figure

_TIE_HEAD: Final = ("Source", "Target", "Type", "Weight", "Label", "relation", "shared", "years", "passages")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def nodes(figure: Figure, lang: str) -> bytes:
    """Write the nodes with their figures, as Gephi imports them.

    Args:
        figure: The network.
        lang: Language of ``Label``.

    Returns:
        CSV with a byte order mark.
    """
    return _csv([("Id", "Label", *_names(figure)), *_node_rows(figure, lang)])


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


def _names(figure: Figure) -> list[str]:
    return [name for name in types(figure) if name != "iri"]


def _node_rows(figure: Figure, lang: str) -> Iterable[Sequence[Any]]:
    names = _names(figure)
    for node in figure.network.nodes.values():
        told = of_node(figure, node)
        yield node.id, node.label.get(lang), *(_rounded(told.get(name, "")) for name in names)


def _tie_rows(figure: Figure) -> Iterable[Sequence[Any]]:
    kind = "Directed" if figure.network.directed else "Undirected"
    for tie in figure.network.ties:
        told = of_tie(tie)
        texts = (
            tie.label or tie.relation,
            *(told.get(name, "") for name in ("relation", "shared", "years", "passages")),
        )
        yield tie.source, tie.target, kind, _rounded(tie.weight), *texts


def _rounded(value: Any) -> Any:  # noqa: ANN401 - text or number
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else round(value, 6)


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([[unlike_formula(value) for value in row] for row in rows])
    return (BOM + out.getvalue()).encode()


def unlike_formula(value: Any) -> Any:  # noqa: ANN401 - text or number
    """Put an apostrophe before what a spreadsheet would run: names may come from a link that somebody made up.

    Args:
        value: The value of a cell.

    Returns:
        The value, or the text with an apostrophe.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def workbook(figure: Figure, lang: str) -> bytes:
    """Write a workbook: nodes, ties with the names of their ends, the figures of the whole, and what they mean.

    Args:
        figure: The network.
        lang: Language of names and explanations.

    Returns:
        The XLSX file.
    """
    import openpyxl

    network = figure.network
    book = openpyxl.Workbook(write_only=True)

    def sheet(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
        write_sheet(book, title, head, rows, widths)

    zh = lang == "zh"
    names = {node.id: node.label.get(lang) for node in network.nodes.values()}
    heads = [NODE_MEASURES[name][0].get(lang) if name in NODE_MEASURES else name for name in _names(figure)]
    sheet("节点" if zh else "nodes", ("Id", "Label", *heads), _node_rows(figure, lang), (48, 28, 28, 28, 18))
    ties = ((names[row[0]], names[row[1]], *row[2:]) for row in _tie_rows(figure))
    sheet("边" if zh else "ties", _TIE_HEAD, ties, (28, 28, 12, 8, 14, 14, 28, 8))
    words = ("指标", "值", "含义") if zh else ("figure", "value", "meaning")
    sheet("说明" if zh else "figures", words, _about(figure, lang), (28, 12, 90))
    cuts = [(NODE_MEASURES["articulation"][0].get(lang), names[node], "") for node in figure.measures.articulation]
    bridge = GRAPH_MEASURES["bridges"][0].get(lang)
    cuts += [(bridge, names[one], names[other]) for one, other in figure.measures.bridges]
    sheet(
        "割点与桥" if zh else "cuts", ("种类", "节点", "节点") if zh else ("kind", "node", "node"), cuts, (20, 28, 28)
    )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_sheet(
    book: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]
) -> None:
    """Add a sheet to a workbook that is only written.

    Args:
        book: The workbook.
        title: Name of the sheet.
        head: Names of the columns.
        rows: Cells; text that begins with ``=`` stays text.
        widths: Widths of the first columns, in characters.
    """
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    made = book.create_sheet(title)
    made.freeze_panes = "A2"
    for number, width in enumerate(widths, 1):
        made.column_dimensions[get_column_letter(number)].width = width
    cells = [WriteOnlyCell(made, value=text) for text in head]
    for cell in cells:
        cell.font = Font(bold=True)
    made.append(cells)
    for row in rows:
        cells = [WriteOnlyCell(made, value=_plain(value)) for value in row]
        for cell in cells:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type  # a name may begin with "="
        made.append(cells)


def _about(figure: Figure, lang: str) -> Iterable[Sequence[Any]]:
    """Say what the network is, give the figures of the whole, and say what every figure means."""
    network, measures = figure.network, figure.measures
    yield network.title.get(lang), "", network.description.get(lang)
    for name, (text, told) in GRAPH_MEASURES.items():
        if measures.whole[name] is not None:
            yield text.get(lang), _rounded(measures.whole[name]), told.get(lang)
    for name in _names(figure):
        if name in NODE_MEASURES:
            text, told = NODE_MEASURES[name]
            yield text.get(lang), "", told.get(lang)
    sampled = measures.sampled
    counted = Text(
        f"由 {measures.engine} 计算" + (f"；中介中心性由 {sampled} 个节点抽样估计" if sampled else ""),
        f"counted by {measures.engine}" + (f"; betweenness estimated from {sampled} nodes" if sampled else ""),
    )
    yield "", "", counted.get(lang)


def _plain(value: Any) -> Any:  # noqa: ANN401 - text or number
    """Keep text from being taken for a formula, and out of it what a workbook cannot hold."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub(" ", value)
