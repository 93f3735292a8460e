"""The links of a graph to lists, written for other programs: RDF, or SSSOM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from vetgraph import datasets, names, queries, sssom
from vetgraph.errors import MissingError, Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.results import Row as Solution
    from vetgraph.store import Store

_COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "author_label",
    "reviewer_label",
    "mapping_date",
)
_LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
_PREFIXES: Final = ("skos", "semapv", "sssom")


def links(store: Store, key: str = "") -> list[Solution]:
    """Return the links of a store, each with what is said of it.

    Args:
        store: The store.
        key: The key of the only list to look at.

    Returns:
        Rows with ``subject``, ``predicate``, ``object``, their labels, ``justification``, ``confidence``, ``author``,
        ``reviewer`` and ``date``.

    Raises:
        MissingError: There is no link.
        UsageError: The key is none.
    """
    if key and not datasets.KEY.fullmatch(key):
        raise UsageError(Text(f"“{key}”不是名单的键", f'"{key}" is no key of a list'), None)
    found = list(queries.page(store, "links", {"start": names.links(key)}))
    found = [row for row in found if not key or str(row["graph"]) == names.links(key)]
    if not found:
        raise MissingError(
            Text(f"没有链接{f'（{key}）' if key else ''}", f"there are no links{f' of {key}' if key else ''}"),
            Text("审核 data/links 后再构建", "review data/links, and build again"),
        )
    return found


def written(found: Sequence[Solution], file: str, *, same_as: bool = False) -> bytes:
    """Write links.

    Args:
        found: The links.
        file: The name of the file, whose ending tells the format: ``.ttl``, ``.nt`` or ``.sssom.tsv``.
        same_as: Whether to say ``owl:sameAs`` of exact matches, too.

    Returns:
        The text of the file.

    Raises:
        UsageError: The ending tells no format, or SSSOM is to say ``owl:sameAs``.
    """
    if file.endswith(sssom.SUFFIX) and not same_as:
        return _mappings(found).tsv()
    forms = {".ttl": ox.RdfFormat.TURTLE, ".nt": ox.RdfFormat.N_TRIPLES}
    form = next((form for ending, form in forms.items() if file.endswith(ending)), None)
    if form is None:
        raise UsageError(
            Text("链接写成 .ttl、.nt 或 .sssom.tsv", "links go to .ttl, .nt or .sssom.tsv"),
            Text("如 -o links.ttl；--same-as 只用于 RDF", "as -o links.ttl; --same-as is for RDF alone"),
        )
    exact, same = names.expand("skos:exactMatch"), ox.NamedNode(names.expand("owl:sameAs"))
    triples = []
    for row in found:
        subject, predicate, target = (row.term(name) for name in ("subject", "predicate", "object"))
        triples.append(ox.Triple(subject, predicate, target))
        if same_as and predicate.value == exact:
            triples.append(ox.Triple(subject, same, target))
    return ox.serialize(triples, format=form, prefixes={name: names.PREFIXES[name] for name in ("skos", "owl")}) or b""


def _mappings(found: Sequence[Solution]) -> sssom.MappingSet:
    kinds = sorted({_kind(str(row[end])) for row in found for end in ("subject", "object")} - {""})
    prefixes = {kind: names.thing(kind, "") for kind in kinds}
    header = (
        f'mapping_set_id: "{names.LINKS}"',
        f'license: "{_LICENSE}"',
        "curie_map:",
        *(f'  {name}: "{iri}"' for name, iri in prefixes.items()),
    )
    known = {**{name: names.PREFIXES[name] for name in _PREFIXES}, **prefixes}
    empty = sssom.MappingSet("", header, _COLUMNS, (), known)
    return empty.with_rows(sssom.Row(0, _values(empty, row)) for row in found)


def _kind(iri: str) -> str:
    start = names.thing("", "").rstrip("/") + "/"
    return iri.removeprefix(start).partition("/")[0] if iri.startswith(start) else ""


def _values(empty: sssom.MappingSet, row: Solution) -> dict[str, str]:
    curies = {
        "subject_id": "subject",
        "predicate_id": "predicate",
        "object_id": "object",
        "mapping_justification": "justification",
    }
    texts = {
        "subject_label": "subjectLabel",
        "object_label": "objectLabel",
        "confidence": "confidence",
        "author_label": "author",
        "reviewer_label": "reviewer",
        "mapping_date": "date",
    }
    return {
        **{column: empty.shorten(str(row[name])) for column, name in curies.items()},
        **{column: str(row[name]) if row.get(name) is not None else "" for column, name in texts.items()},
    }
