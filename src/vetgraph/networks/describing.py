"""What the store says of the things in a network, for its readers: names, kinds, codes, passages and reports."""

from __future__ import annotations

import csv
import functools
import io
from importlib.resources import files
from itertools import islice
from string import Template
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph.errors import Text
from vetgraph.networks.building import Node, Passage, Report, Words
from vetgraph.results import Solutions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.results import Row
    from vetgraph.store import Store

_MANY: Final = 500
_DIGITS: Final = 4
_PLAIN_CLASSES: Final = frozenset({"Institution", "Concept", "Organization", "OrganizationalUnit"})


def describe(store: Store, ids: set[str], relations: set[str]) -> tuple[dict[str, Node], Words]:
    """Say what things are.

    Args:
        store: What to ask.
        ids: IRIs of things; what is no IRI is its own name.
        relations: IRIs of relations, whose names are wanted too.

    Returns:
        The things as nodes, by ``id``, and the names of their classes, codes and groups.
    """
    nodes = {each: Node(each, Text(local(each), local(each))) for each in ids}
    classes: dict[str, set[str]] = {}
    codes: dict[str, dict[str, str]] = {column: {} for column in ("class", "ownership", "level", "group")}
    for row in _asked(store, "nodes.rq", ids):
        node = nodes[_value(row, "thing")]
        node.label = _label(row) or node.label
        for column, found in codes.items():
            if iri := _value(row, column):
                found[iri] = local(iri)
        classes.setdefault(node.id, set()).add(local(_value(row, "class")))
        node.ownership = local(_value(row, "ownership"))
        node.level = local(_value(row, "level"))
        if (group := _value(row, "group")) and group not in node.groups:
            node.groups.append(group)
    for each, some in classes.items():
        own = sorted(some - {""} - _PLAIN_CLASSES) or sorted(some - {""})
        nodes[each].kind = own[0] if own else ""
    groups = set(codes["group"])
    for node in nodes.values():
        node.groups = [node.id] if node.id in groups else sorted(node.groups)
    return nodes, _words(store, codes, {iri: local(iri) for iri in relations})


def _words(store: Store, codes: dict[str, dict[str, str]], relations: dict[str, str]) -> Words:
    wanted = {iri for found in (*codes.values(), relations) for iri in found}
    labels = dict(_terms())
    for row in _asked(store, "words.rq", wanted):
        if label := _label(row):
            labels[_value(row, "thing")] = label

    def named(found: dict[str, str]) -> dict[str, Text]:
        return {key: labels[iri] for iri, key in sorted(found.items()) if iri in labels}

    return Words(
        named(codes["class"]),
        named(codes["ownership"]),
        named(codes["level"]),
        named(relations),
        named({iri: iri for iri in codes["group"]}),
    )


@functools.cache
def _terms() -> dict[str, Text]:
    """Return the names of others' terms that no store of ours describes."""
    rows = csv.DictReader(io.StringIO(files(__package__).joinpath("terms.csv").read_text(encoding="utf-8")))
    return {row["iri"]: Text(row["zh"], row["en"]) for row in rows}


def cited(store: Store, passages: set[str]) -> tuple[dict[str, Passage], dict[str, Report]]:
    """Say where passages stand.

    Args:
        store: What to ask.
        passages: Their IRIs.

    Returns:
        What is known of the passages and of their reports, by IRI; every passage is there.
    """
    found = {each: Passage(local(each)) for each in sorted(passages)}
    reports: dict[str, Report] = {}
    for row in _asked(store, "passages.rq", passages):
        passage = found[_value(row, "thing")]
        passage.section = _value(row, "section") or passage.section
        passage.heading = _value(row, "heading")
        passage.report = report = _value(row, "report")
        passage.position = int(place) if (place := _value(row, "position")).isdecimal() else 0
        if report:
            reports[report] = Report(
                _label(row) or Text(local(report), local(report)), _value(row, "issued"), year(_value(row, "year"))
            )
    return found, reports


def within(store: Store, reports: Iterable[str]) -> set[str]:
    """Return the passages of reports.

    Args:
        store: What to ask.
        reports: IRIs of reports.

    Returns:
        IRIs of passages.
    """
    return {_value(row, "passage") for row in _asked(store, "within.rq", reports)}


def year(text: str) -> int | None:
    """Read the year at the start of an ``xsd:gYear`` or a date.

    Args:
        text: The text.

    Returns:
        The year, or nothing.
    """
    return int(text[:4]) if len(text) >= _DIGITS and text[:4].isascii() and text[:4].isdecimal() else None


def _asked(store: Store, name: str, iris: Iterable[str]) -> Iterator[Row]:
    text = Template(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    rest = iter(sorted(iris))
    while some := list(islice(rest, _MANY)):
        things = " ".join(term for each in some if (term := _term(each)))
        answer = store.query(text.substitute(THINGS=things))
        if isinstance(answer, Solutions):
            yield from answer


def _term(iri: str) -> str:
    """Return an IRI as SPARQL writes it; nothing for a text."""
    try:
        return str(ox.NamedNode(iri)) if "://" in iri or iri.startswith("urn:") else ""
    except ValueError:
        return ""


def _label(row: Row) -> Text | None:
    zh, en, plain = (_value(row, name) for name in ("zh", "en", "plain"))
    return Text(zh or plain or en, en or plain or zh) if zh or en or plain else None


def _value(row: Row, name: str) -> str:
    term: Any = row.term(name) if name in row else None
    return "" if term is None else str(getattr(term, "value", term))


def local(iri: str) -> str:
    """Return the last part of an IRI; a text as it is.

    Args:
        iri: An IRI or a text.

    Returns:
        The part after the last ``#`` or ``/``.
    """
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2] if "://" in iri else iri
