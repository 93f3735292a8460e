"""Where the names of a picture's nodes stand, so that they cover each other and the nodes as little as can be."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph.lettering import width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CELL: Final = 80.0
_LINE: Final = 1.25
_GAP: Final = 4.0
_SOLID: Final = 3.0
_CROWDED: Final = 0.5
_DOT: Final = 2.0
_STEP: Final = 10.0
_CROSSED: Final = 3.0
_WIDE: Final = 11.0
_PARTS: Final = re.compile(r"[A-Za-z0-9À-ɏ][^\s一-鿿]*\s*|.", re.DOTALL)


@dataclass(frozen=True)
class Box:
    """A rectangle.

    Attributes:
        left: Its left side.
        top: Its upper side.
        right: Its right side.
        bottom: Its lower side.
        weight: How bad it is to cover it.
    """

    left: float
    top: float
    right: float
    bottom: float
    weight: float = 1.0

    def covered(self, other: Box) -> float:
        """Return how much of this another one covers, in square pixels."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0


@dataclass(frozen=True)
class Label:
    """A name and its place.

    Attributes:
        lines: Its lines.
        x: Where its lines begin, are centred or end, as ``anchor`` says.
        y: The base line of the first.
        anchor: ``start``, ``middle`` or ``end``.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    anchor: str


class _Taken:
    """The places that are taken, in cells, so that only the near ones are looked at."""

    def __init__(self) -> None:
        self._cells: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)

    def add(self, box: Box) -> None:
        for cell in self._of(box):
            self._cells[cell].append(box)

    def cost(self, box: Box) -> float:
        near = {id(other): other for cell in self._of(box) for other in self._cells.get(cell, ())}
        return sum(box.covered(other) * other.weight for other in near.values())

    @staticmethod
    def _of(box: Box) -> Iterator[tuple[int, int]]:
        for column in range(math.floor(box.left / _CELL), math.floor(box.right / _CELL) + 1):
            for row in range(math.floor(box.top / _CELL), math.floor(box.bottom / _CELL) + 1):
                yield column, row


def lines_of(text: str, size: float, ems: float = _WIDE) -> tuple[str, ...]:
    """Break a name into lines: Chinese anywhere, other writing between words.

    Args:
        text: The name.
        size: Size of the letters in pixels.
        ems: How many of them a line holds.

    Returns:
        Lines of about the same length.
    """
    text = " ".join(text.split())
    whole = width(text, size)
    count = math.ceil(whole / (ems * size)) or 1
    most = whole / count * 1.12 + size
    lines, line = [], ""
    for part in _PARTS.findall(text):
        if line and width(line + part.rstrip(), size) > most:
            lines.append(line.rstrip())
            line = ""
        line += part
    return (*lines, line.rstrip())


def placed(
    nodes: Iterable[tuple[str, float, float, float, str]],
    lines: Iterable[tuple[tuple[float, float], tuple[float, float]]],
    size: float,
    frame: Box,
    *,
    all_of_them: bool,
) -> dict[str, Label]:
    """Place the names of nodes, those that come first best.

    Args:
        nodes: Of each its id, centre, radius and name; an empty name is not placed, the node is kept free.
        lines: The ends of the lines, which names should not cover either.
        size: Size of the letters in pixels.
        frame: What the names must not leave.
        all_of_them: Whether a name is placed also where it covers another.

    Returns:
        Names by id.
    """
    taken, found, kept = _Taken(), {}, list(nodes)
    for _, x, y, radius, _ in kept:
        taken.add(Box(x - radius, y - radius, x + radius, y + radius))
    for start, end in lines:
        for x, y in _points(start, end):
            taken.add(Box(x - _DOT, y - _DOT, x + _DOT, y + _DOT, _CROSSED))
    for each, x, y, radius, text in kept:
        if not text:
            continue
        broken = lines_of(text, size)
        wide, high = max(width(line, size) for line in broken), len(broken) * size * _LINE
        own = Box(x - radius, y - radius, x + radius, y + radius)
        best: tuple[float, Label, Box] | None = None
        for rank, (anchor, left, top) in enumerate(_tries(x, y, radius, wide, high)):
            box = Box(left, top, left + wide, top + high, _SOLID)
            cost = taken.cost(box) - box.covered(own) + rank * size * size * 0.05 + _outside(box, frame) * _SOLID
            if best is None or cost < best[0]:
                at = {"start": left, "middle": left + wide / 2, "end": left + wide}[anchor]
                best = cost, Label(broken, at, top + size * 0.98, anchor), box
        if best is not None and (all_of_them or best[0] < _CROWDED * wide * high):
            found[each] = best[1]
            taken.add(best[2])
    return found


def _tries(x: float, y: float, radius: float, wide: float, high: float) -> Iterator[tuple[str, float, float]]:
    far, aside = radius + _GAP, radius * 0.75 + _GAP
    yield "middle", x - wide / 2, y + far
    yield "middle", x - wide / 2, y - far - high
    yield "start", x + far, y - high / 2
    yield "end", x - far - wide, y - high / 2
    for down in (y + aside - _GAP, y - aside + _GAP - high):
        yield "start", x + aside, down
        yield "end", x - aside - wide, down
    for step in (2.2, 3.4):  # further off, where it is crowded
        yield "middle", x - wide / 2, y + radius + step * _GAP * 2
        yield "middle", x - wide / 2, y - radius - step * _GAP * 2 - high


def _points(start: tuple[float, float], end: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Give points along a line."""
    (x1, y1), (x2, y2) = start, end
    count = math.ceil(math.hypot(x2 - x1, y2 - y1) / _STEP)
    for number in range(1, count):
        yield x1 + (x2 - x1) * number / count, y1 + (y2 - y1) * number / count


def _outside(box: Box, frame: Box) -> float:
    whole = (box.right - box.left) * (box.bottom - box.top)
    return whole - box.covered(frame)
