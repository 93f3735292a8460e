"""What was noted where a report contradicts itself or leaves something open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vetgraph import queries
from vetgraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.results import Row
    from vetgraph.store import Store


@dataclass
class Doubt:
    """A remark on a report.

    Attributes:
        iri: The note.
        kind: What kind of doubt it is.
        comment: The remark.
        passages: Section and heading of each passage that it comes from, by IRI.
        targets: IRIs of what it concerns.
    """

    iri: str
    kind: Text
    comment: Text
    passages: dict[str, str] = field(default_factory=dict)
    targets: dict[str, None] = field(default_factory=dict)


def recorded(store: Store) -> list[Doubt]:
    """Read the doubts.

    Args:
        store: What to ask.

    Returns:
        Them, by kind.
    """
    found: dict[str, Doubt] = {}
    for row in queries.page(store, "doubts"):
        _add(found, row)
    return list(found.values())


def concerning(store: Store, things: Iterable[str]) -> dict[str, list[Doubt]]:
    """Read the doubts that concern some things.

    Args:
        store: What to ask.
        things: Their IRIs.

    Returns:
        The doubts of each thing that has any.
    """
    found: dict[str, Doubt] = {}
    for part in queries.parts(dict.fromkeys(things)):
        for row in queries.page(store, "doubts-of", {"target": part}):
            _add(found, row)
    made: dict[str, list[Doubt]] = {}
    for doubt in found.values():
        for thing in doubt.targets:
            made.setdefault(thing, []).append(doubt)
    return made


def _add(found: dict[str, Doubt], row: Row) -> None:
    iri, zh = str(row["note"]), str(row["zh"])
    kind = Text(str(row["kindZh"] or ""), str(row["kindEn"] or row["kindZh"] or ""))
    doubt = found.setdefault(iri, Doubt(iri, kind, Text(zh, str(row["en"] or zh))))
    told = " ".join(str(part) for part in (row["section"], row["heading"]) if part)
    doubt.passages[str(row["passage"])] = told or str(row["passage"])
    if row["target"]:
        doubt.targets[str(row["target"])] = None
