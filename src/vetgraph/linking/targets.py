"""The things of a graph as entries to link to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from vetgraph import names, queries
from vetgraph.linking.entries import Entry, Kind, Name
from vetgraph.results import Solutions

if TYPE_CHECKING:
    from vetgraph.store import Store

_FOLDER = queries.FOLDER / "linking"
_CLASSES: Final[dict[Kind, str]] = {
    "institution": names.expand("vetg:Institution"),
    "programme": names.expand("vetg:Programme"),
    "region": names.expand("vetg:Region"),
    "competition": names.expand("vetg:Competition"),
}
_KEYS: Final = {
    names.expand(curie): key
    for curie, key in (
        ("skos:prefLabel", "label"),
        ("skos:altLabel", "alias"),
        ("vetg:ownership", "ownership"),
        ("vetg:adminLevel", "level"),
        ("vetg:region", "region"),
        ("vetg:within", "region"),
        ("org:identifier", "code"),
        ("skos:notation", "code"),
        ("rdf:type", "type"),
    )
}


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
    for row in _rows(store, "linked-names"):
        if str(row["thing"]) in facts:
            facts[str(row["thing"])]["alias"].append(row.term("value"))
    return [_entry(iri, found, kind, notations) for iri, found in facts.items()]


def _rows(store: Store, name: str, **values: str) -> Solutions:
    answer = queries.ask(store, queries.catalogue(_FOLDER)[name], values)
    if not isinstance(answer, Solutions):
        raise TypeError(f"linking/{name}.rq is no SELECT")
    return answer


def _facts(store: Store, kind: Kind) -> dict[str, defaultdict[str, list[Any]]]:
    """Return what is known of each thing, by IRI: terms of labels and aliases, texts of the rest, in order."""
    rows: set[tuple[str, str, Any]] = set()
    for prop, key in _KEYS.items():
        answer = _rows(store, "things", **{"class": _CLASSES[kind], "property": prop})
        rows.update((str(row["thing"]), key, row.term("value")) for row in answer)
    found: dict[str, defaultdict[str, list[Any]]] = {}
    for thing, key, value in sorted(rows, key=lambda row: (row[0], row[1], str(row[2]))):
        told = value if key in {"label", "alias"} else getattr(value, "value", str(value))
        found.setdefault(thing, defaultdict(list))[key].append(told)
    return found


def _entry(iri: str, found: defaultdict[str, list[Any]], kind: Kind, notations: dict[str, list[str]]) -> Entry:
    labels = sorted(found["label"], key=lambda term: getattr(term, "language", None) != "zh")
    known = [Name(term.value, "label" if at == 0 else "english") for at, term in enumerate(labels)]
    written = {name.text for name in known}
    known += [Name(text, "alias") for text in sorted({term.value for term in found["alias"]}) if text not in written]
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
