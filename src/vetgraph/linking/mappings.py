"""Links as SSSOM, and what people have decided: that is never overwritten."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib import metadata
from typing import TYPE_CHECKING, Final

from vetgraph import names, sssom
from vetgraph.errors import DataError, Problem
from vetgraph.linking import model
from vetgraph.linking.entries import Candidate, Evidence, Link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from vetgraph.linking.listing import Listing
    from vetgraph.sssom import MappingSet, Row

COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "author_label",
    "reviewer_label",
    "subject_match_field",
    "object_match_field",
    "match_string",
    "confidence",
    "mapping_tool",
    "mapping_tool_version",
    "mapping_date",
    "comment",
    "other",
)
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
_LEXICAL: Final = "semapv:LexicalMatching"
_COMPOSITE: Final = "semapv:CompositeMatching"
_BESIDES: Final = frozenset({"code", "region", "ownership", "level"})


class Decisions:
    """What people have decided on the rows of a list.

    Attributes:
        rows: The rows by which they decided, as they stand.
        license: The licence of the first file, which is kept.
    """

    def __init__(self, sets: Iterable[MappingSet] = ()) -> None:
        self.rows: dict[tuple[str, str], Row] = {}
        self.license = ""
        self._accepted: dict[str, tuple[str, Row]] = {}
        self._rejected: set[tuple[str, str]] = set()
        self._nothing: set[str] = set()
        for one in sets:
            self.license = self.license or _license(one)
            for row in one.rows:
                if row.reviewed:
                    self._keep(one, row)

    def _keep(self, one: MappingSet, row: Row) -> None:
        subject, target = (one.expand(curie) or curie for curie in row.pair)
        self.rows.setdefault((subject, target), row)
        if row.empty:
            self._nothing.add(subject)
        elif row.negative:
            self._rejected.add((subject, target))
        else:
            self._accepted.setdefault(subject, (target, row))

    def applied(self, links: Sequence[Link]) -> list[Link]:
        """Put what people decided in the place of what the machine found.

        Args:
            links: What was found.

        Returns:
            The links: an accepted one stands alone, rejected candidates are gone.
        """
        return [self._apply(link) for link in links]

    def _apply(self, link: Link) -> Link:
        subject = link.source.id
        if subject in self._accepted:
            target, row = self._accepted[subject]
            label = row.get("object_label") or target
            told = model.tell((("review", "accepted"),))
            return replace(link, candidates=(Candidate(target, label, label, 1.0, "match", told),), decision="match")
        if subject in self._nothing:
            return replace(link, candidates=(), decision="none")
        left = tuple(one for one in link.candidates if (subject, one.target) not in self._rejected)
        if len(left) == len(link.candidates):
            return link
        # What was left over once the likeliest was rejected is for a person to see.
        lowered = tuple(replace(one, decision="review") if one.decision == "match" else one for one in left)
        return replace(link, candidates=lowered, decision=lowered[0].decision if lowered else "none")


def _license(one: MappingSet) -> str:
    found = (line.strip().removeprefix("license:") for line in one.header if line.strip().startswith("license:"))
    return next(found, "").strip().strip("'\"")


def decided(files: Iterable[Path]) -> Decisions:
    """Read what people have decided.

    Args:
        files: SSSOM files; those that are not there are left out.

    Returns:
        The decisions.

    Raises:
        DataError: A file cannot be read: it is not written over.
    """
    problems: list[Problem] = []
    sets = [sssom.read(file, problems) for file in files if file.is_file()]
    if problems:
        raise DataError(problems)
    return Decisions(one for one in sets if one is not None)


def mapping_set(
    source: Listing, links: Sequence[Link], decisions: Decisions, targets: str = "", *, lang: str = "en"
) -> MappingSet:
    """Write links as a set of mappings.

    Every candidate that is a match or for review is a row; a source with none has one row with ``sssom:NoTermFound``.
    What people decided stands as they wrote it.

    Args:
        source: The list.
        links: What was found, with the decisions applied.
        decisions: What people have decided.
        targets: IRI of what was linked to.
        lang: Language of the comments.

    Returns:
        The set.
    """
    prefixes = _prefixes(links, decisions)
    empty = sssom.MappingSet("", (), COLUMNS, (), {**_standard(), **prefixes})
    manual = [_rewritten(empty, pair, row) for pair, row in decisions.rows.items()]
    kept = set(decisions.rows)
    closed = {subject for (subject, _), row in decisions.rows.items() if not row.negative}
    made: dict[tuple[str, str], sssom.Row] = {}
    for link in links:
        if link.source.id not in closed and link.source.label:
            for pair, values in _rows(empty, link, lang):
                if pair not in kept:
                    made.setdefault(pair, sssom.Row(0, values))
    found = empty.with_rows([*manual, *made.values()])
    return replace(found, header=_header(source, prefixes, targets, decisions.license))


def _standard() -> dict[str, str]:
    return {name: names.PREFIXES[name] for name in ("skos", "semapv", "sssom")}


def _prefixes(links: Sequence[Link], decisions: Decisions) -> dict[str, str]:
    """Name the beginnings of IRIs that the rows need, as ``entry:`` and ``school:``; those of kept rows, too."""
    base = names.thing("", "").rstrip("/") + "/"
    found = {"entry": names.thing("entry", "")}
    ends = [iri for pair in decisions.rows for iri in pair]
    for link in links:
        ends += [link.source.id, *(one.target for one in link.candidates)]
    for iri in ends:
        kind = iri.removeprefix(base).partition("/")[0] if iri.startswith(base) else ""
        if kind:
            found[kind] = names.thing(kind, "")
    return found


def _rewritten(empty: MappingSet, pair: tuple[str, str], row: Row) -> Row:
    subject, target = pair
    shown = row.get("object_id") if row.empty else empty.shorten(target)
    return sssom.Row(row.line, {**row.values, "subject_id": empty.shorten(subject), "object_id": shown})


def _rows(empty: MappingSet, link: Link, lang: str) -> Iterable[tuple[tuple[str, str], Mapping[str, str]]]:
    subject = {
        "subject_id": empty.shorten(link.source.id),
        "subject_label": _plain(link.source.label),
        "predicate_id": "skos:exactMatch",
        "mapping_tool": "vetgraph",
        "mapping_tool_version": metadata.version("vetgraph"),
        "mapping_date": dt.datetime.now(dt.UTC).date().isoformat(),
    }
    notes = "; ".join(note.get(lang) for note in link.notes)
    worth = [one for one in link.candidates if one.decision != "none"]
    if not worth:
        pair = (link.source.id, sssom.NO_TERM)
        yield pair, {**subject, "object_id": sssom.NO_TERM, "mapping_justification": _LEXICAL, "comment": notes}
    for one in worth:
        besides = any(told.key in _BESIDES for told in one.evidence)
        yield (
            (link.source.id, one.target),
            {
                **subject,
                "object_id": empty.shorten(one.target),
                "object_label": _plain(one.label),
                "mapping_justification": _COMPOSITE if besides else _LEXICAL,
                "match_string": _plain(one.name),
                "confidence": f"{one.confidence:.4f}",
                "comment": "; ".join(filter(None, [spoken(one.evidence, lang), notes])),
                "other": f"decision={one.decision}",
            },
        )


def spoken(evidence: Sequence[Evidence], lang: str = "en") -> str:
    """Put evidence into one line, what speaks for it before what speaks against.

    Args:
        evidence: The evidence.
        lang: ``zh`` or ``en``.

    Returns:
        The line.
    """
    ordered = sorted(evidence, key=lambda one: -one.weight)
    return "; ".join(f"{'+' if one.weight >= 0 else '-'} {one.text.get(lang)}" for one in ordered)


def _plain(text: str) -> str:
    """Return a text without tabs and line breaks, which a TSV cell should not hold."""
    return " ".join(text.split())


def _header(source: Listing, prefixes: Mapping[str, str], targets: str, license_: str) -> tuple[str, ...]:
    lines = [
        f'mapping_set_id: "{names.links(source.key)}"',
        f'mapping_set_title: "{source.key}"',
        f'license: "{license_ or LICENSE}"',
        f'subject_source: "{names.dataset(source.key)}"',
    ]
    if targets:
        lines.append(f'object_source: "{targets}"')
    return (*lines, "curie_map:", *(f'  {name}: "{iri}"' for name, iri in sorted(prefixes.items())))
