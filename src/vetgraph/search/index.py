"""Find things by what was typed, in an index that ``writing`` has made."""

from __future__ import annotations

import difflib
import json
import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Final

from vetgraph.errors import StoreError, Text, UsageError
from vetgraph.search import matching, naming, pinyin, writing
from vetgraph.search.folding import fold, grams, is_chinese, is_letters
from vetgraph.search.matching import Match, Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

LONGEST: Final = 200
"""Signs that may be typed."""

MOST: Final = 2_000
"""Names that are weighed; where more match, the count says so."""

_LAST: Final = 2**62
_NO_LABEL: Final = Text("", "")
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


@dataclass(frozen=True)
class Hit:
    """A result.

    Attributes:
        iri: The thing.
        label: What it is called; empty in a language in which it has no name.
        kind: IRI of its class; empty where it has none.
        kind_label: What the class is called; empty where the graph does not say.
        name: The name that matched; empty where nothing was typed.
        lang: Language of that name.
        way: Why it is a result: one of ``matching.WAYS``; empty where nothing was typed.
        marks: Start and end of the parts of ``name`` that match.
        facets: IRIs by facet.
    """

    iri: str
    label: Text
    kind: str
    kind_label: Text
    name: str
    lang: str
    way: str
    marks: tuple[tuple[int, int], ...]
    facets: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Value:
    """A value of a facet.

    Attributes:
        iri: The value.
        key: How it is written in an address.
        label: What it is called; empty where the graph does not say.
        count: How many results have it.
        chosen: Whether results are narrowed to it.
    """

    iri: str
    key: str
    label: Text
    count: int
    chosen: bool


@dataclass(frozen=True)
class Found:
    """Results.

    Attributes:
        hits: The part that was asked for, best first.
        total: How many there are.
        more: Whether there are more than ``total``.
        facets: Values by facet, the most frequent first.
    """

    hits: tuple[Hit, ...]
    total: int
    more: bool
    facets: Mapping[str, tuple[Value, ...]]


class Index:
    """An index that is open. It may be asked from any thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Take an index.

        Args:
            database: What ``writing.write`` has made, or ``open_file`` opened.
        """
        self._database = database
        self._lock = Lock()
        ((self.version,),) = database.execute("SELECT version FROM about")
        self._begun = frozenset(row[0] for row in database.execute("SELECT begun FROM syllables"))
        self._labels = {row[0]: Text(row[1], row[2]) for row in database.execute("SELECT value, zh, en FROM labels")}
        self._values: dict[str, dict[str, str]] = {facet: {} for facet in naming.FACETS}
        for facet, value in database.execute("SELECT DISTINCT facet, value FROM facets ORDER BY facet, value"):
            self._values[facet].setdefault(_key(value), value)

    def search(
        self, typed: str, chosen: Mapping[str, Sequence[str]] | None = None, *, limit: int = 20, offset: int = 0
    ) -> Found:
        """Find things.

        Args:
            typed: A name or a part of it, an alias, pinyin or initials; several words must all match. Nothing: all.
            chosen: Keys or IRIs of values by facet (``naming.FACETS``); one of a facet's values must be there.
            limit: How many results are wanted.
            offset: How many of the best are left out.

        Returns:
            Results with the facets of all that match.

        Raises:
            UsageError: What was typed is too long, or there is no such facet or value.
        """
        if len(typed) > LONGEST:
            raise UsageError(
                Text(f"搜索词太长（超过 {LONGEST} 个字）", f"more than {LONGEST} signs were typed"),
                Text("只写名称的一部分", "type a part of a name"),
            )
        narrowed = self._chosen(chosen or {})
        with self._lock:
            ranked, more = self._ranked(typed, narrowed, MOST)
            things = [thing for thing, _ in ranked]
            facets = self._facets(things, typed, narrowed)
            hits = self._hits(ranked[offset : offset + limit])
        return Found(tuple(hits), len(ranked), more, facets)

    def suggest(self, typed: str, limit: int = 8) -> list[Hit]:
        """Find the best results while somebody types.

        Args:
            typed: What has been typed so far.
            limit: How many results are wanted.

        Returns:
            Results; none where nothing, or too much, was typed. Entries of lists are left out beside what they name.
        """
        if len(typed) > LONGEST or not fold(typed).text:
            return []
        with self._lock:
            ranked, _ = self._ranked(typed, {}, _NEAR // 2)
            hits = list(self._hits(ranked[: 3 * limit]))
        called = {hit.label for hit in hits if naming.LISTED not in hit.iri}
        return [hit for hit in hits if naming.LISTED not in hit.iri or hit.label not in called][:limit]

    @property
    def size(self) -> int:
        """How many things are in it."""
        with self._lock:
            return int(self._database.execute("SELECT COUNT(*) FROM things").fetchone()[0])

    def iris(self, limit: int, offset: int = 0) -> list[str]:
        """Return IRIs of things, those that are told most of first.

        Args:
            limit: How many are wanted.
            offset: How many are left out.

        Returns:
            The IRIs.
        """
        asked = "SELECT iri FROM things WHERE id > ? ORDER BY id LIMIT ?"
        with self._lock:
            return [iri for (iri,) in self._database.execute(asked, (min(offset, _LAST), limit))]

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def _chosen(self, chosen: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        narrowed: dict[str, list[str]] = {}
        for facet, given in chosen.items():
            if facet not in self._values:
                listed = ", ".join(naming.FACETS)
                raise UsageError(
                    Text(f"没有“{facet}”这个筛选项", f"results are not narrowed by {facet}"),
                    Text(f"可用：{listed}", f"use one of {listed}"),
                )
            known = self._values[facet]
            for value in given:
                iri = known.get(value, value)
                if iri not in known.values():
                    listed = ", ".join(difflib.get_close_matches(value, known, n=5, cutoff=0.4) or list(known)[:12])
                    raise UsageError(
                        Text(f"{facet} 没有“{value}”这个值", f"{facet} has no value {value}"),
                        Text(f"可用：{listed}", f"use one of {listed}"),
                    )
                narrowed.setdefault(facet, []).append(iri)
        return narrowed

    def _ranked(
        self, typed: str, narrowed: Mapping[str, list[str]], most: int
    ) -> tuple[list[tuple[int, Match | None]], bool]:
        """Return the things that match, best first, and whether some were left out."""
        where, values = _condition(narrowed)
        if not typed.strip():
            rows = self._database.execute(
                f"SELECT id FROM things n WHERE 1 {where.replace('n.thing', 'n.id')} ORDER BY id LIMIT ?",  # noqa: S608 - our own text
                (*values, most + 1),
            ).fetchall()
            return [(thing, None) for (thing,) in rows[:most]], len(rows) > most
        look = _Look(self._database, self._begun, where, values, most)
        best: dict[int, Match] = {}
        for match in look.matches(typed):
            if (known := best.get(match.name.thing)) is None or match.points > known.points:
                best[match.name.thing] = match
        ranked = sorted(best.items(), key=lambda item: (-item[1].points, item[0]))
        return list(ranked), look.cut

    def _facets(self, things: list[int], typed: str, narrowed: Mapping[str, list[str]]) -> dict[str, tuple[Value, ...]]:
        """Count values: those of a facet that is narrowed among the results without it."""
        counted = self._counted(things, naming.FACETS)
        for facet in narrowed:
            others = {name: values for name, values in narrowed.items() if name != facet}
            counted[facet] = self._counted([thing for thing, _ in self._ranked(typed, others, MOST)[0]], [facet])[facet]
            for value in narrowed[facet]:
                counted[facet].setdefault(value, 0)  # what narrows the results to nothing is shown too
        found = {}
        for facet in naming.FACETS:
            ordered = sorted(counted[facet].items(), key=lambda item: (-item[1], item[0]))
            found[facet] = tuple(
                Value(iri, _key(iri), self._labels.get(iri, _NO_LABEL), count, iri in narrowed.get(facet, ()))
                for iri, count in ordered
            )
        return found

    def _counted(self, things: list[int], facets: Iterable[str]) -> dict[str, dict[str, int]]:
        counted: dict[str, dict[str, int]] = {facet: {} for facet in facets}
        rows = self._database.execute(
            "SELECT f.facet, f.value, COUNT(*) FROM json_each(?) e CROSS JOIN facets f ON f.thing = e.value"
            " GROUP BY f.facet, f.value",
            (json.dumps(things),),
        )
        for facet, value, count in rows:
            if facet in counted:
                counted[facet][value] = count
        return counted

    def _hits(self, ranked: Iterable[tuple[int, Match | None]]) -> Iterator[Hit]:
        for thing, match in ranked:
            iri, zh, en = self._database.execute("SELECT iri, zh, en FROM things WHERE id = ?", (thing,)).fetchone()
            facets: dict[str, tuple[str, ...]] = {}
            for facet, value in self._database.execute("SELECT facet, value FROM facets WHERE thing = ?", (thing,)):
                facets[facet] = (*facets.get(facet, ()), value)
            kind = next(iter(facets.get("kind", ())), "")
            called = self._labels.get(kind, _NO_LABEL)
            if match is None:
                yield Hit(iri, Text(zh, en), kind, called, "", "", "", (), facets)
            else:
                name, marks = match.name, tuple(_marks(match))
                yield Hit(iri, Text(zh, en), kind, called, name.text, name.lang, match.way, marks, facets)


class _Look:
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


def open_file(file: Path) -> Index:
    """Open an index.

    Args:
        file: What ``writing.write_file`` has made; it must not change any more.

    Returns:
        The index.

    Raises:
        StoreError: It is no index, or one of another format.
    """
    try:
        database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        found = database.execute("SELECT format FROM about").fetchall()
    except sqlite3.Error as error:
        raise _useless(file, str(error)) from None
    if found != [(writing.FORMAT,)]:
        database.close()
        raise _useless(file, str(found))
    return Index(database)


def _useless(file: Path, why: str) -> StoreError:
    return StoreError(
        Text(f"{file} 不是可用的搜索索引（{why}）", f"{file} is no index that can be used ({why})"),
        Text("重新运行 vetgraph build", "run vetgraph build again"),
    )


def _condition(narrowed: Mapping[str, list[str]]) -> tuple[str, tuple[str, ...]]:
    """Return the SQL that narrows names to things with certain values, and what it is given."""
    parts, values = [], []
    for facet, iris in narrowed.items():
        marks = ", ".join("?" * len(iris))
        parts.append(
            f"AND EXISTS (SELECT 1 FROM facets f WHERE f.facet = ? AND f.value IN ({marks}) AND f.thing = n.thing)"  # noqa: S608 - only marks are put in
        )
        values += [facet, *iris]
    return " ".join(parts), tuple(values)


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


def _marks(match: Match) -> Iterator[tuple[int, int]]:
    """Give the parts of the name as it is written that match."""
    folded = fold(match.name.text)
    for start, end in match.spans:
        yield folded.span(start, end)


def _key(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
