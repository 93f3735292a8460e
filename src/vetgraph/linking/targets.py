"""The things of a graph as entries to link to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from vetgraph import names, queries
from vetgraph.linking.entries import Entry, Kind, Name
from vetgraph.results import Solutions

if TYPE_CHECKING:
    from vetgraph.store import Store

_FOLDER = queries.FOLDER / "linking"


def entries_of(store: Store, kind: Kind = "institution") -> list[Entry]:
    """Return the things of a kind that a graph holds.

    Args:
        store: What to ask.
        kind: ``institution``, ``programme``, ``region`` or ``competition``.

    Returns:
        Entries in the order of their IRIs, each with labels and aliases, codes, and regions as codes of GB/T 2260.
    """
    facts = _facts(store, kind)
    notations = {iri: found["code"] for iri, found in (facts if kind == "region" else _facts(store, "region")).items()}
    return [_entry(iri, found, kind, notations) for iri, found in facts.items()]


def _facts(store: Store, kind: str) -> dict[str, defaultdict[str, list[Any]]]:
    found: dict[str, defaultdict[str, list[Any]]] = {}
    answer = queries.ask(store, queries.catalogue(_FOLDER)[kind], {})
    if not isinstance(answer, Solutions):
        raise TypeError(f"linking/{kind}.rq is no SELECT")
    for row in answer:
        key = str(row["key"])
        found.setdefault(str(row["thing"]), defaultdict(list))[key].append(
            row.term("value") if key in {"label", "alias"} else str(row["value"])
        )
    return found


def _entry(iri: str, found: defaultdict[str, list[Any]], kind: Kind, notations: dict[str, list[str]]) -> Entry:
    labels = sorted(found["label"], key=lambda term: getattr(term, "language", None) != "zh")
    known = [Name(term.value, "label" if at == 0 else "english") for at, term in enumerate(labels)]
    known += [Name(term.value, "alias") for term in found["alias"]]
    # The narrowest region first: a county says more than its city.
    regions = sorted({code for region in found["region"] for code in notations.get(region, ())}, key=_narrowest_first)
    return Entry(
        iri,
        tuple(known) or (Name(iri.rpartition("/")[2]),),
        tuple(regions),
        _key(found["ownership"]),
        _key(found["level"]),
        tuple(dict.fromkeys(found["code"])),
        kind,
        tuple(sorted(names.shorten(term) for term in found["type"])),
    )


def _key(codes: list[str]) -> str:
    return codes[0].rpartition("/")[2] if len(codes) == 1 else ""


def _narrowest_first(code: str) -> tuple[int, str]:
    return (len(code) - len(code.rstrip("0")), code)
