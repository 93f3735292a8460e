"""A network with all that a picture of it needs: figures, places, sizes and colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph.networks.layout import layout
from vetgraph.networks.measures import measure

if TYPE_CHECKING:
    from vetgraph.networks.building import Network
    from vetgraph.networks.measures import Measures

PALETTE: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#525252")
"""Colours that the colour-blind can tell apart (Okabe and Ito 2008, without the yellow, which white swallows)."""


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
    """

    network: Network
    measures: Measures
    places: dict[str, tuple[float, float]]
    colours: dict[str, str]
    sizes: dict[str, float]
    kinds: dict[str, str]

    @classmethod
    def of(cls, network: Network) -> Figure:
        """Measure a network and lay it out.

        Args:
            network: The network.

        Returns:
            The figure.
        """
        measures = measure(network)
        names = sorted({node.kind for node in network.nodes.values()})
        kinds = {name: PALETTE[number % len(PALETTE)] for number, name in enumerate(names)}
        most = max((figures["degree"] for figures in measures.nodes.values()), default=1) or 1
        sizes = {node: 0.16 + 0.26 * (figures["degree"] / most) ** 0.5 for node, figures in measures.nodes.items()}
        colours = {node.id: kinds[node.kind] for node in network.nodes.values()}
        return cls(network, measures, layout(network), colours, sizes, kinds)
