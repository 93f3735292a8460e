"""A network with all that a picture of it needs: figures, places, sizes, colours, and the words of its legend."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text
from vetgraph.export.apart import apart
from vetgraph.networks.layout import layout
from vetgraph.networks.measures import measure

if TYPE_CHECKING:
    from vetgraph.networks.building import Network, Report
    from vetgraph.networks.measures import Measures

PALETTE: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#525252")
"""Colours that the colour-blind can tell apart (Okabe and Ito 2008, without the yellow, which white swallows)."""

STROKES: Final = ("#7d858c", "#a0522d", "#2f6f6a", "#7b4f9d", "#3f5f9f", "#9a7d0a", "#a23b5a", "#4d4d4d")
"""Colours of ties of different relation, calmer than those of nodes."""

_USUAL: Final = ("SecondarySchool", "HigherCollege", "EducationGroup", "IndustryCollege", "PublicBody", "Programme")
_CITED: Final = 6


@dataclass(frozen=True)
class Figure:
    """A network, measured and laid out.

    Attributes:
        network: The network.
        measures: Its figures.
        places: Where each node stands.
        colours: The colour of each node, by its kind.
        sizes: The radius of each node, by its degree, in the units of ``places``.
        kinds: The colour of each kind, in the order of the kinds.
        relations: The colour of each relation, the commonest first.
    """

    network: Network
    measures: Measures
    places: dict[str, tuple[float, float]]
    colours: dict[str, str]
    sizes: dict[str, float]
    kinds: dict[str, str]
    relations: dict[str, str]

    @classmethod
    def of(cls, network: Network) -> Figure:
        """Measure a network and lay it out.

        Args:
            network: The network.

        Returns:
            The figure.
        """
        measures = measure(network)
        kinds = _of_kinds({node.kind for node in network.nodes.values()})
        usual = [relation for relation, _ in Counter(sorted(tie.relation for tie in network.ties)).most_common()]
        relations = {relation: STROKES[number % len(STROKES)] for number, relation in enumerate(usual)}
        most = max((figures["degree"] for figures in measures.nodes.values()), default=1) or 1
        sizes = {node: 0.16 + 0.26 * (figures["degree"] / most) ** 0.5 for node, figures in measures.nodes.items()}
        colours = {node.id: kinds[node.kind] for node in network.nodes.values()}
        return cls(network, measures, apart(layout(network), sizes), colours, sizes, kinds, relations)

    def kind(self, name: str) -> Text:
        """Return what a legend calls a class.

        Args:
            name: Its local name; empty for what has none.

        Returns:
            The name.
        """
        return self.network.words.kinds.get(name) or (Text(name, name) if name else OTHER)

    def relation(self, name: str) -> Text:
        """Return what a legend calls a relation.

        Args:
            name: Its local name.

        Returns:
            The name.
        """
        return self.network.words.relations.get(name) or Text(name, name)

    def source(self) -> Text:
        """Return where the ties are from: the reports with their dates, and the passages where they are few."""
        network = self.network
        if not network.passages:
            return Text("vetgraph", "vetgraph")
        cited = sorted(network.passages.values(), key=lambda passage: (passage.report, passage.position))
        sections: dict[str, dict[str, None]] = {}
        for passage in cited:
            sections.setdefault(passage.report, {})[passage.section] = None
        parts = [_cited(network.reports.get(report), list(found)) for report, found in sections.items()]
        return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def _cited(report: Report | None, sections: list[str]) -> Text:
    shown, more = sections[:_CITED], len(sections) - _CITED
    title, dated = (report.title, report.issued) if report else (Text("", ""), "")
    zh = (f"《{title.zh}》" if title.zh else "") + (f"（{dated}）" if dated else "") + "、".join(shown)
    en = " ".join(part for part in (title.en, f"({dated})" if dated else "", ", ".join(shown)) if part)
    if more > 0:
        return Text(f"{zh} 等 {len(sections)} 处", f"{en} and {more} more places")
    return Text(zh, en)


OTHER: Final = Text("其他", "other")
"""What has no class."""


def _of_kinds(names: set[str]) -> dict[str, str]:
    """Colour the classes: the usual ones have the same colour in every picture."""
    known = {name: PALETTE[number] for number, name in enumerate(_USUAL) if name in names}
    free = [colour for colour in PALETTE if colour not in known.values()] or list(PALETTE)
    rest = {name: free[number % len(free)] for number, name in enumerate(sorted(names - set(known)))}
    return {**known, **rest}
