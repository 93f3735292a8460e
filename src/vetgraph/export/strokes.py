"""The lines of a picture: how ties look by relation and weight, and how they bend where two nodes have several."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vetgraph.networks.building import Network, Tie

_DASHES: Final = ("", "7 3", "2 3", "9 3 2 3")
_BEND: Final = 26.0


class Strokes:
    """The lines of a network."""

    def __init__(self, network: Network, colours: Mapping[str, str]) -> None:
        """Look at all ties.

        Args:
            network: The network.
            colours: The colour of each relation.
        """
        self._network = network
        self._colours = colours
        self._dashes = {name: _DASHES[number % len(_DASHES)] for number, name in enumerate(colours)}
        self._most = max((tie.weight for tie in network.ties), default=1.0) or 1.0
        self._even = len({tie.weight for tie in network.ties}) <= 1

    def bends(self) -> Iterator[tuple[Tie, float]]:
        """Give the ties, each with how far its middle stands off the straight line, in pixels.

        Yields:
            Ties with their bends; the only tie of a pair is straight.
        """
        pairs = Counter(frozenset((tie.source, tie.target)) for tie in self._network.ties)
        seen: defaultdict[frozenset[str], int] = defaultdict(int)
        for tie in self._network.ties:
            pair = frozenset((tie.source, tie.target))
            bend = (seen[pair] - (pairs[pair] - 1) / 2) * _BEND
            seen[pair] += 1
            yield tie, bend if tie.source < tie.target else -bend

    def look(self, relation: str) -> dict[str, str]:
        """Return the attributes of a relation's lines.

        Args:
            relation: The relation.

        Returns:
            Colour and dashes.
        """
        dash = self._dashes[relation]
        return {"stroke": self._colours[relation], **({"stroke-dasharray": dash} if dash else {})}

    def style(self, tie: Tie) -> dict[str, str]:
        """Return the attributes of a tie's line.

        Args:
            tie: The tie.

        Returns:
            Colour, dashes and width.
        """
        wide = 1.6 if self._even else 0.9 + 3.6 * max(tie.weight, 0.0) / self._most
        return {**self.look(tie.relation), "stroke-width": f"{wide:.1f}"}


def bent(start: tuple[float, float], end: tuple[float, float], bend: float, gap: float, radius: float) -> str:
    """Return the path of a line between two points.

    Args:
        start: Where it begins.
        end: Where it ends.
        bend: How far its middle stands off the straight line.
        gap: How far before the end it stops.
        radius: Of the node, for the loop of a tie to the node itself.

    Returns:
        The value of ``d``.
    """
    (x1, y1), (x2, y2) = start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    if length < 1e-6:  # noqa: PLR2004 - a tie of a node to itself
        far = radius + 14 + abs(bend)
        return (
            f"M{x1:.1f} {y1:.1f}C{x1 - far:.1f} {y1 - 2 * far:.1f} {x1 + far:.1f} {y1 - 2 * far:.1f} {x1:.1f} {y1:.1f}"
        )
    across, down = (x2 - x1) / length, (y2 - y1) / length
    if not bend:
        return f"M{x1:.1f} {y1:.1f}L{x2 - across * gap:.1f} {y2 - down * gap:.1f}"
    x, y = (x1 + x2) / 2 - down * bend * 2, (y1 + y2) / 2 + across * bend * 2
    last = ((x2 - x) ** 2 + (y2 - y) ** 2) ** 0.5 or 1.0
    x2, y2 = x2 - (x2 - x) / last * gap, y2 - (y2 - y) / last * gap
    return f"M{x1:.1f} {y1:.1f}Q{x:.1f} {y:.1f} {x2:.1f} {y2:.1f}"
