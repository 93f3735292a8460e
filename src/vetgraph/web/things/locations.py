"""Where the service shows what an IRI of ours names: IRIs begin with ``names.BASE``, addresses with the service's root.

The page of ``id/school/a`` is ``/page/school/a``, and that of ``code/stage/b`` is ``/page/code/stage/b``. A kind of
things that is named like a family keeps ``id/`` in its path, so that the two never meet.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import request, url_for

from vetgraph import names

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILIES: Final = ("id", "code", "report", "graph", "shape", "def")
"""What the paths of our IRIs begin with."""

ONTOLOGY: Final = f"{names.BASE}def"
"""The IRI of the ontology, the document that every ``def#`` IRI points into."""

_KEPT: Final = "/:@!$&'()*+,;=~-._%"
_WRITTEN: Final = "!$&'()*+,/:;=@"
_KIND_SEGMENTS: Final = 2


def path_of(iri: str) -> str | None:
    """Return the path of a thing below ``/page/`` and ``/data/``.

    Args:
        iri: Its IRI.

    Returns:
        The path, or ``None`` where the IRI is not of a family of ours.
    """
    if not iri.startswith(names.BASE):
        return None
    path = iri[len(names.BASE) :]
    family, _, rest = path.partition("/")
    if family not in FAMILIES or not rest:
        return None
    if family == "id" and rest.partition("/")[0] not in FAMILIES:
        return rest
    return path


def iris_of(path: str, query: str = "") -> Iterator[str]:
    """Give the IRIs that a path below the root can mean: a server hands it over decoded, and an IRI may hold ``%``.

    Args:
        path: As ``id/school/a``.
        query: The query string of the request, since an IRI may have one.

    Yields:
        IRIs, the likeliest first.
    """
    head, _, tail = path.partition("/")
    kind, _, key = tail.partition("/")
    spellings = [path, quote(path, safe=_KEPT)]
    if "/" in key:
        spellings.append(quote(f"{head}/{kind}/", safe=_KEPT) + quote(key, safe=_KEPT.replace("/", "")))
    if query:
        spellings += [f"{spelling}?{query}" for spelling in spellings]
    for spelling in dict.fromkeys(spellings):
        yield names.BASE + spelling


def page_iris(path: str) -> Iterator[str]:
    """Give the IRIs that a path below ``/page/`` or ``/data/`` can mean.

    Args:
        path: As ``school/a``.

    Yields:
        IRIs, the likeliest first.
    """
    yield from iris_of(path if path.partition("/")[0] in FAMILIES else f"id/{path}")


def page(iri: str) -> str:
    """Return the address of a thing's page.

    Args:
        iri: An IRI of a family of ours.

    Returns:
        A path on this server.
    """
    return f"{request.script_root}/page/{_quoted(path_of(iri) or '')}"


def data(iri: str, form: str) -> str:
    """Return the address of a thing's description in a format.

    Args:
        iri: An IRI of a family of ours.
        form: Name of the format.

    Returns:
        A path on this server.
    """
    return f"{request.script_root}/data/{_quoted(f'{path_of(iri)}.{form}')}"


@lru_cache(maxsize=20_000)
def _quoted(path: str) -> str:
    """Quote a path as Flask's ``url_for`` does, which takes ten times as long and a page has hundreds of links."""
    return quote(path, safe=_WRITTEN)


def link(iri: str) -> str | None:
    """Return the address that a page links an IRI to.

    Args:
        iri: Any IRI.

    Returns:
        A path on this server for ours, the IRI itself on the web, ``None`` for what a browser must not follow.
    """
    if iri == ONTOLOGY or iri.startswith(f"{ONTOLOGY}#"):
        return url_for("ontology.document", _anchor=iri.partition("#")[2] or None)
    if path_of(iri) is not None:
        return page(iri)
    return iri if iri.startswith(("https://", "http://")) else None
