"""How a name answers what was typed: which part of it, by what way, and how well."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WAYS: Final = ("name", "alias", "heading", "pinyin", "initials", "sound", "abbreviation", "spelling")
"""Why a result is one: by a name, an alias or a heading as typed, by pinyin, by initials, by another word of the same
sound, by some of its characters in order, by a word with a typing error."""

_BASE: Final = {
    "name": (1000, 800, 600),
    "alias": (980, 780, 580),
    "heading": (940, 740, 560),
    "pinyin": (900, 700, 480),
    "initials": (850, 680, 400),
    "sound": (520, 450, 400),
    "abbreviation": (500, 430, 380),
    "spelling": (360, 320, 280),
}
"""Points where the whole name matches, its beginning, a part within."""

_WRITTEN: Final = frozenset({"name", "alias", "heading"})
_COVERAGE: Final = 120
_MENTIONS: Final = 12
_FAMILY: Final = 80
_GAP: Final = 10
_LONGEST_GAP: Final = 4
_WEIGHED: Final = 200
_EDIT: Final = 60
_OTHER_NAME: Final = 20


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the index.

    Attributes:
        id: Its number.
        thing: The number of what bears it.
        text: As it is written.
        lang: Its language.
        role: ``name``, ``alias`` or ``heading``.
        folded: As search compares it.
        family: Rank of the family of the thing's IRI.
        mentions: How many statements name the thing.
    """

    id: int
    thing: int
    text: str
    lang: str
    role: str
    folded: str
    family: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Match:
    """A name that answers what was typed.

    Attributes:
        name: The name.
        way: One of ``WAYS``.
        spans: Start and end of the parts that match, in the folded name.
        points: How good an answer it is.
    """

    name: Name
    way: str
    spans: tuple[tuple[int, int], ...]
    points: float


def by_text(name: Name, typed: str) -> Match | None:
    """Look for what was typed in a name.

    Args:
        name: The name.
        typed: Folded text.

    Returns:
        The match, or ``None``.
    """
    start = name.folded.find(typed)
    return None if start < 0 else _match(name, name.role, start, start + len(typed), whole=typed == name.folded)


def by_sound(name: Name, syllables: tuple[str, ...], typed: str, way: str) -> Match | None:
    """Look for what was typed in a reading of a name, from the beginning of a syllable on.

    Args:
        name: The name.
        syllables: The reading: one syllable, or one initial, for each sign of the folded name.
        typed: Latin letters.
        way: ``pinyin``, ``initials`` or ``sound``.

    Returns:
        The match, or ``None``.
    """
    whole = "".join(syllables)
    begins = _beginnings(syllables)
    at = whole.find(typed)
    while at >= 0:
        if at in begins:
            end = next(index for index, begin in enumerate(begins) if begin >= at + len(typed))
            return _match(name, way, begins.index(at), end, whole=typed == whole and len(typed) > 1)
        at = whole.find(typed, at + 1)
    return None


def by_pieces(name: Name, syllables: tuple[str, ...], pieces: tuple[str, ...]) -> Match | None:
    """Tell whether the first syllables of a reading begin with the pieces that were typed.

    Args:
        name: The name.
        syllables: The reading.
        pieces: Beginnings of syllables.

    Returns:
        The match, or ``None``.
    """
    pairs = zip(syllables, pieces, strict=False)
    if len(pieces) > len(syllables) or not all(syllable.startswith(piece) for syllable, piece in pairs):
        return None
    return _match(name, "initials", 0, len(pieces), whole=pieces == syllables)


def by_abbreviation(name: Name, typed: str) -> Match | None:
    """Look for the characters that were typed, in their order and not far apart, as 职教中心 in 职业教育中心.

    Args:
        name: The name.
        typed: Chinese characters.

    Returns:
        The closest match, or ``None``.
    """
    best: list[int] | None = None
    for first in (place for place, char in enumerate(name.folded) if char == typed[0]):
        places = [first]
        for char in typed[1:]:
            place = name.folded.find(char, places[-1] + 1, places[-1] + 1 + _LONGEST_GAP)
            if place < 0:
                break
            places.append(place)
        if len(places) == len(typed) and (best is None or places[-1] - places[0] < best[-1] - best[0]):
            best = places
    if best is None:
        return None
    match = _match(name, "abbreviation", best[0], best[-1] + 1, whole=False)
    gaps = best[-1] - best[0] + 1 - len(typed)
    return Match(name, match.way, _joined((place, place + 1) for place in best), match.points - _GAP * gaps)


def by_spelling(near: Sequence[tuple[Name, tuple[str, ...]]], typed: str, edits: int) -> Iterator[Match]:
    """Look for what was typed with a few typing errors: a sign wrong, missing, too many, or two exchanged.

    Args:
        near: Names, each with the parts at which what was typed may begin: its syllables, or its signs.
        typed: Folded text or Latin letters.
        edits: Errors that are forgiven.

    Yields:
        The best match of each name that has one.
    """
    from rapidfuzz import fuzz, process

    likeness = 100 * (1 - 2 * edits / len(typed)) - 1  # whatever is less alike has more errors
    wholes = ["".join(syllables) for _, syllables in near]
    likely = process.extract(typed, wholes, scorer=fuzz.partial_ratio, score_cutoff=likeness, limit=_WEIGHED)
    for _, _, place in likely:
        if match := _spelled(*near[place], typed, edits):
            yield match


def _spelled(name: Name, syllables: tuple[str, ...], typed: str, edits: int) -> Match | None:
    from rapidfuzz.distance import OSA

    whole, begins = "".join(syllables), _beginnings(syllables)
    best: tuple[int, int, int, int] | None = None
    for start in begins[:-1]:
        for length in range(len(typed) - edits, len(typed) + edits + 1):
            end = start + length
            if length > 0 and (end <= len(whole) or end == len(typed)):
                distance = OSA.distance(typed, whole[start:end], score_cutoff=edits)
                found = (distance, abs(length - len(typed)), start, min(end, len(whole)))
                if distance <= edits and (best is None or found < best):
                    best = found
    if best is None:
        return None
    distance, _, start, end = best
    first, last = begins.index(start), next(index for index, begin in enumerate(begins) if begin >= end)
    match = _match(name, "spelling", first, last, whole=(start, end) == (0, len(whole)))
    return Match(name, match.way, match.spans, match.points - _EDIT * distance)


def together(matches: list[Match]) -> Match:
    """Join the matches of several words in one name.

    Args:
        matches: One for each word.

    Returns:
        The match of all; its way is that of the worst of them.
    """
    worst = min(matches, key=lambda match: match.points)
    spans = _joined(sorted({span for match in matches for span in match.spans}))
    points = sum(match.points for match in matches) / len(matches)
    return Match(worst.name, worst.way, spans, points)


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join spans that touch; they come in order."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _beginnings(syllables: tuple[str, ...]) -> list[int]:
    """Return where each syllable begins when they are joined, and where the last ends."""
    return list(_sums(syllables))


def _sums(syllables: tuple[str, ...]) -> Iterator[int]:
    at = 0
    yield at
    for syllable in syllables:
        at += len(syllable)
        yield at


def _match(name: Name, way: str, start: int, end: int, *, whole: bool) -> Match:
    all_of_it, beginning, within = _BASE[way]
    points = (all_of_it if whole else beginning if start == 0 else within) + _COVERAGE * (end - start) / len(
        name.folded
    )
    points += _MENTIONS * math.log2(1 + name.mentions) - _FAMILY * name.family
    if way not in _WRITTEN and name.role != "name":
        points -= _OTHER_NAME
    return Match(name, way, ((start, end),), points)
