"""Look for names in the index: the ways by which one may answer, from the most certain to the guess."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from vetgraph.search import matching, pinyin, writing
from vetgraph.search.folding import fold, grams, is_chinese, is_letters
from vetgraph.search.matching import Match, Name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_WORDS: Final = 8
_NEAR: Final = 1_000
_ANCHORS: Final = ((True, True), (True, False), (False, False))
"""The whole name, its beginning, any part: whether what was typed stands at its start, and at its end."""

_INNER: Final = 3
"""Letters from which on they are looked for within names too."""

_CUTS: Final = 6
"""Ways of cutting letters into syllables that are looked for."""

_SOUND: Final = "CROSS JOIN sounds s ON s.id = g.rowid"
_PINYIN_OF_INITIALS: Final = (
    "CROSS JOIN sounds i ON i.id = g.rowid AND i.form = 'initials'"
    " CROSS JOIN sounds s ON s.name = i.name AND s.form = 'pinyin'"
)
_CHARACTERS: Final = 16
_SHORTEST: Final = 4
_TWO_EDITS: Final = 12
_COLUMNS: Final = "n.id, n.thing, n.text, n.lang, n.role, n.folded, t.family, t.mentions"


class Look:
    """One search: the ways by which a name may answer, from the most certain to the guess."""

    def __init__(
        self, database: sqlite3.Connection, begun: frozenset[str], where: str, values: tuple[str, ...], most: int
    ) -> None:
        self._database = database
        self._begun = begun
        self._where = where
        self._values = values
        self._most = most
        self.cut = False

    def matches(self, typed: str) -> list[Match]:
        """Find the names that answer.

        Args:
            typed: What was typed.

        Returns:
            How each matches; guesses only where nothing matches for certain.
        """
        whole = fold(typed).text
        if not whole:
            return []
        found = self._certain(whole)
        words = [word for word in (fold(part).text for part in typed.split()) if word][:_WORDS]
        if len(words) > 1:
            found += self._all(words)
        return found or self._near(whole)

    def _all(self, words: list[str]) -> list[Match]:
        """Find the names in which every word matches, as it is written or as it sounds."""
        written = [word for word in words if not is_letters(word)]
        names = {name.id: name for name in self._names(_every(written or words, writing.TEXT_GRAM))}
        if not written:
            names |= {name.id: name for name, _, _ in self._sounds(_every(words, writing.LETTER_GRAM))}
        found = []
        for name in names.values():
            each = [self._word(name, word) for word in words]
            if all(each):
                found.append(matching.together([match for match in each if match]))
        return found

    def _word(self, name: Name, word: str) -> Match | None:
        match = matching.by_text(name, word)
        if match is None and is_letters(word):
            sounds = [matching.by_sound(name, syllables, word, form) for form, syllables in self._read(name)]
            match = max((each for each in sounds if each), key=lambda each: each.points, default=None)
        return match

    def _read(self, name: Name) -> list[tuple[str, tuple[str, ...]]]:
        rows = self._database.execute("SELECT form, syllables FROM sounds WHERE name = ?", (name.id,))
        return [(form, tuple(syllables.split())) for form, syllables in rows]

    def _certain(self, typed: str) -> list[Match]:
        letters = is_letters(typed)
        found: list[Match | None] = []
        for start, end in _ANCHORS[:2] if letters and len(typed) < _INNER else _ANCHORS:
            asked = _phrase(typed, writing.TEXT_GRAM, start=start, end=end)
            found += [matching.by_text(name, typed) for name in self._names(asked)]
            asked = _phrase(typed, writing.LETTER_GRAM, start=start, end=end)
            for name, form, syllables in self._sounds(asked) if letters else ():
                found.append(matching.by_sound(name, syllables, typed, form))
        certain = [match for match in found if match is not None]
        return certain or self._shortened(typed) if letters else certain

    def _shortened(self, typed: str) -> list[Match]:
        """Look for names whose syllables begin as typed, some whole, some by their first letter."""
        ways: dict[str, list[tuple[str, ...]]] = {}
        for pieces in pinyin.abbreviations(typed, self._begun):
            ways.setdefault(pinyin.initials(pieces), []).append(pieces)
        found = []
        for short in list(ways)[:_CUTS]:
            asked = _phrase(short, writing.LETTER_GRAM, start=True)
            for name, _, syllables in self._sounds(asked, _NEAR, _PINYIN_OF_INITIALS):
                found += [matching.by_pieces(name, syllables, pieces) for pieces in ways[short]]
        return [match for match in found if match is not None]

    def _near(self, typed: str) -> list[Match]:
        letters = is_letters(typed)
        shortest = _SHORTEST if letters else _SHORTEST - 1
        edits = 0 if len(typed) < shortest else 1 if len(typed) < _TWO_EDITS else 2
        found = self._chinese(typed) if all(map(is_chinese, typed)) and len(typed) > 1 else []
        near: list[tuple[Name, tuple[str, ...]]] = []
        for asked in _parts(typed, writing.TEXT_GRAM, edits):
            near += [(name, tuple(name.folded)) for name in self._names(asked, _NEAR)]
        for asked in _parts(typed, writing.LETTER_GRAM, edits) if letters else ():
            near += [(name, reading) for name, form, reading in self._sounds(asked, _NEAR) if form == "pinyin"]
        found += matching.by_spelling(near, typed, edits)
        return [match for match in found if match is not None]

    def _chinese(self, typed: str) -> list[Match | None]:
        """Look for an abbreviation, and for words of the same sound."""
        asked = " AND ".join(_phrase(char, writing.TEXT_GRAM) for char in dict.fromkeys(typed[:_CHARACTERS]))
        found = [matching.by_abbreviation(name, typed) for name in self._names(asked, _NEAR)]
        for reading in pinyin.readings(typed):
            sound = "".join(reading)
            for name, form, syllables in self._sounds(_phrase(sound, writing.LETTER_GRAM), _NEAR):
                if form == "pinyin":
                    found.append(matching.by_sound(name, syllables, sound, "sound"))
        return found

    def _names(self, asked: str, most: int | None = None) -> Iterator[Name]:
        limit = most or self._most
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM text_grams g CROSS JOIN names n ON n.id = g.rowid"  # noqa: S608 - our own text
            f" CROSS JOIN things t ON t.id = n.thing WHERE text_grams MATCH ? {self._where} ORDER BY g.rowid LIMIT ?",
            (asked, *self._values, limit + 1),
        ).fetchall()
        self.cut = self.cut or len(rows) > limit
        return (Name(*row) for row in rows[:limit])

    def _sounds(self, asked: str, most: int | None = None, of: str = _SOUND) -> list[tuple[Name, str, tuple[str, ...]]]:
        limit = most or self._most
        rows = self._database.execute(
            f"SELECT s.form, s.syllables, {_COLUMNS} FROM sound_grams g {of}"  # noqa: S608 - our own text
            " CROSS JOIN names n ON n.id = s.name CROSS JOIN things t ON t.id = n.thing"
            f" WHERE sound_grams MATCH ? {self._where} ORDER BY g.rowid LIMIT ?",
            (asked, *self._values, limit + 1),
        ).fetchall()
        self.cut = self.cut or len(rows) > limit
        return [(Name(*row[2:]), row[0], tuple(row[1].split())) for row in rows[:limit]]


def _phrase(typed: str, size: int, *, start: bool = False, end: bool = False) -> str:
    """Return the question to the full-text index for a text within a name: letters and digits only, in quotes."""
    pieces = grams(typed, size, start=start, end=end)
    short = len(pieces) == 1 and len(pieces[0]) < size
    return f'"{" ".join(pieces)}"{"*" if short else ""}'


def _every(words: list[str], size: int) -> str:
    """Return the question for names that hold each of some words."""
    return " AND ".join(_phrase(word, size) for word in dict.fromkeys(words))


def _parts(typed: str, size: int, edits: int) -> list[str]:
    """Return questions for names that hold what is left of a text after some errors, the narrower first.

    A text in more parts than it has errors keeps one part whole; in three parts with one error, it keeps two.
    """
    pairs = edits == 1 and len(typed) >= 3 * size
    count = (3 if pairs or edits > 1 else 2) if edits else 0
    cuts = [round(i * len(typed) / count) for i in range(count + 1)] if count else []
    parts = [_phrase(typed[a:b], size) for a, b in pairwise(cuts)]
    if pairs:
        return [f"{a} AND {b}" for a, b in ((parts[0], parts[1]), (parts[0], parts[2]), (parts[1], parts[2]))]
    return parts
