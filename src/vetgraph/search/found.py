"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vetgraph.errors import Text


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
