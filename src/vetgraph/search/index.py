"""Find things by what was typed, in an index that ``writing`` has made."""

from __future__ import annotations

import difflib
import json
import sqlite3
from threading import Lock
from typing import TYPE_CHECKING, Final

from vetgraph.errors import StoreError, Text, UsageError
from vetgraph.search import naming, writing
from vetgraph.search.folding import fold
from vetgraph.search.found import Found, Hit, Value
from vetgraph.search.looking import Look

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from vetgraph.search.matching import Match

LONGEST: Final = 200
"""Signs that may be typed."""

MOST: Final = 2_000
"""Names that are weighed; where more match, the count says so."""

_LAST: Final = 2**62
_SUGGESTED: Final = 500
_NO_LABEL: Final = Text("", "")


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
        rows = database.execute("SELECT value, zh, en FROM labels")
        self._labels = {value: naming.called(Text(zh, en), value) for value, zh, en in rows}
        self._labels[naming.NOTHING] = naming.called(_NO_LABEL, naming.NOTHING)
        self._values: dict[str, dict[str, str]] = {facet: {} for facet in naming.FACETS}
        for facet, value in database.execute("SELECT DISTINCT facet, value FROM facets ORDER BY facet, value"):
            self._values[facet].setdefault(_key(value), value)
        if self._values["dataset"]:
            self._values["dataset"][naming.NOTHING] = naming.NOTHING

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

    def suggest(self, typed: str, limit: int = 8, chosen: Mapping[str, Sequence[str]] | None = None) -> list[Hit]:
        """Find the best results while somebody types.

        Args:
            typed: What has been typed so far.
            limit: How many results are wanted.
            chosen: As of ``search``.

        Returns:
            Results; none where nothing, or too much, was typed. Entries of lists are left out beside what they name.

        Raises:
            UsageError: There is no such facet or value.
        """
        narrowed = self._chosen(chosen or {})
        if len(typed) > LONGEST or not fold(typed).text:
            return []
        with self._lock:
            ranked, _ = self._ranked(typed, narrowed, _SUGGESTED)
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
        look = Look(self._database, self._begun, where, values, most)
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
        if counted.get("dataset"):  # an entry is of one list
            counted["dataset"][naming.NOTHING] = len(things) - sum(counted["dataset"].values())
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
        listed = [iri for iri in iris if iri != naming.NOTHING]
        marks = ", ".join("?" * len(listed))
        either = [f"EXISTS (SELECT 1 FROM facets f WHERE f.facet = ? AND f.value IN ({marks}) AND f.thing = n.thing)"]  # noqa: S608 - only marks are put in
        values += [facet, *listed]
        if len(listed) < len(iris):
            either.append("NOT EXISTS (SELECT 1 FROM facets f WHERE f.facet = ? AND f.thing = n.thing)")
            values.append(facet)
        parts.append(f"AND ({' OR '.join(either)})")
    return " ".join(parts), tuple(values)


def _marks(match: Match) -> Iterator[tuple[int, int]]:
    """Give the parts of the name as it is written that match."""
    folded = fold(match.name.text)
    for start, end in match.spans:
        yield folded.span(start, end)


def _key(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
