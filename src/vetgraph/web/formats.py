"""The formats that answers come in, and which of them a request wants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text
from vetgraph.results import Triples
from vetgraph.web import negotiation
from vetgraph.web.refusal import Refusal

if TYPE_CHECKING:
    from vetgraph.results import Answer, Solutions

RESULT_TYPES: Final = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
"""Media types of rows and yes/no answers, the favourite first, and their names."""

GRAPH_TYPES: Final = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "text/plain": "nt",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/xml": "rdf",
}
"""Media types of graphs, the favourite first, and their names."""

TYPES: Final = {"table": RESULT_TYPES, "graph": GRAPH_TYPES}
_OFFER: Final = {kind: tuple(types) for kind, types in TYPES.items()}


def wanted(kind: str, accept: str, asked: str | None = None) -> tuple[str, str] | None:
    """Choose a format by ``?format=`` or by the Accept header.

    Args:
        kind: ``table`` or ``graph``.
        accept: The Accept header.
        asked: What ``?format=`` says: a name or a media type.

    Returns:
        Media type and name, or ``None`` where none is acceptable.
    """
    types = TYPES[kind]
    if asked is not None:
        return next(((media, name) for media, name in types.items() if asked in {media, name}), None)
    media_type = negotiation.best(accept, _OFFER[kind])
    return None if media_type is None else (media_type, types[media_type])


def unacceptable(kind: str, accept: str, asked: str | None) -> Refusal:
    """Return the refusal where no format is acceptable.

    Args:
        kind: ``table`` or ``graph``.
        accept: The Accept header.
        asked: What ``?format=`` says.

    Returns:
        400 where ``?format=`` does not fit, else 406.
    """
    known = ", ".join(TYPES[kind])
    return Refusal(
        400 if asked is not None else 406,
        Text(f"这种结果没有 {asked or accept} 格式", f"this kind of answer cannot be had as {asked or accept}"),
        Text(f"可用：{known}", f"use one of {known}"),
    )


def choose(found: Solutions | Answer | Triples, accept: str, asked: str | None) -> tuple[str, str]:
    """Choose the format of an answer.

    Args:
        found: The answer.
        accept: The Accept header.
        asked: What ``?format=`` says.

    Returns:
        Media type and name.

    Raises:
        Refusal: 400 where ``?format=`` does not fit, 406 where nothing in the header does.
    """
    kind = "graph" if isinstance(found, Triples) else "table"
    choice = wanted(kind, accept, asked)
    if choice is None:
        raise unacceptable(kind, accept, asked)
    return choice
