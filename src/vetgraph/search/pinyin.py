"""How names are typed in Latin letters: syllable by syllable, in each likely reading, and by initials."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from itertools import islice, product
from typing import Final

from vetgraph.search.folding import is_chinese

_MOST: Final = 8
"""Readings of a name that are kept; one with more characters of several readings is found by the first ones."""


@cache
def _several() -> dict[str, tuple[str, ...]]:
    """Return the characters that names have in more than one reading, or in more than one spelling (ü)."""
    text = files(__package__).joinpath("readings.csv").read_text(encoding="utf-8")
    return {row["character"]: tuple(row["readings"].split()) for row in csv.DictReader(text.splitlines())}


def readings(text: str) -> list[tuple[str, ...]]:
    """Return the readings of a folded text.

    Args:
        text: The folded text.

    Returns:
        The readings, the likeliest first: a syllable for each Chinese character, any other sign as it is. None where
        there is no Chinese character.
    """
    from pypinyin import lazy_pinyin

    if not any(map(is_chinese, text)):
        return []
    likely = lazy_pinyin(text, errors=list)  # type: ignore[arg-type] # a list is taken too: a syllable for each sign
    several = _several()
    choices = [
        (syllable, *(other for other in several.get(char, ()) if other != syllable))
        for char, syllable in zip(text, likely, strict=True)
    ]
    return list(islice(product(*choices), _MOST))


def initials(reading: tuple[str, ...]) -> str:
    """Return the first letters of a reading.

    Args:
        reading: Its syllables.

    Returns:
        One letter for each.
    """
    return "".join(syllable[0] for syllable in reading)


def abbreviations(typed: str, begun: frozenset[str], most: int = 64) -> list[tuple[str, ...]]:
    """Cut letters into pieces that may each begin a syllable, as ``xckeji`` into ``x c ke ji``.

    Args:
        typed: Latin letters.
        begun: What a syllable may begin with, whole syllables among them.
        most: How many ways of cutting are tried.

    Returns:
        Ways of cutting, those with fewer pieces first.
    """
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while waiting and len(found) < most:
        at, pieces = waiting.pop()
        if at == len(typed):
            found.append(pieces)
            continue
        for length in range(1, min(6, len(typed) - at) + 1):  # the longest piece is taken from the stack first
            piece = typed[at : at + length]
            if piece in begun:
                waiting.append((at + length, (*pieces, piece)))
    return sorted(found, key=len)
