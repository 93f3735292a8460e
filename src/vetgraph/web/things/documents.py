"""RDF documents over HTTP: their formats, the choice between them, and the links from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
from flask import Response, request

from vetgraph.errors import Text
from vetgraph.names import PREFIXES
from vetgraph.results import Triples
from vetgraph.web import negotiation
from vetgraph.web.formats import GRAPH_TYPES
from vetgraph.web.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FORMS: Final = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
}
"""Media types of documents, by the name that ends their address."""

HTML: Final = "html"
_PAGE: Final = "text/html"
_ACCEPTED: Final = {**GRAPH_TYPES, FORMS["trig"]: "trig", _PAGE: HTML, "application/xhtml+xml": HTML}
_OFFER: Final = tuple(_ACCEPTED)


def wanted() -> str:
    """Choose the form of a document by the Accept header of the request.

    Returns:
        A name of ``FORMS``, or ``HTML`` for a page.

    Raises:
        Refusal: 406 where nothing is acceptable.
    """
    accept = request.headers.get("Accept", "")
    if negotiation.wants_html(accept):
        return HTML
    media = negotiation.best(accept, _OFFER)
    if media is None:
        known = ", ".join([_PAGE, *FORMS.values()])
        raise Refusal(
            406,
            Text(f"没有 {accept} 格式", f"this cannot be had as {accept}"),
            Text(f"可用：{known}", f"use one of {known}"),
        )
    return _ACCEPTED[media]


def no_form(form: str) -> Refusal:
    """Return the refusal of a document in a form that there is not.

    Args:
        form: The end of its address.

    Returns:
        404.
    """
    known = ", ".join(FORMS)
    return Refusal(
        404, Text(f"没有 {form} 格式", f"there is no format {form}"), Text(f"可用：{known}", f"use one of {known}")
    )


def links(address: Callable[[str], str], page: str, *, described: str | None = None) -> list[str]:
    """Return the values of ``Link`` headers: every form of a document, and what it describes.

    Args:
        address: From a form's name to its address.
        page: The address of the page.
        described: The IRI of what is described, if the document is not that itself.

    Returns:
        Link values.
    """
    found = [f'<{address(form)}>; rel="alternate"; type="{media}"' for form, media in FORMS.items()]
    found.append(f'<{page}>; rel="alternate"; type="{_PAGE}"')
    found.append(f'<{address("ttl")}>; rel="describedby"; type="{FORMS["ttl"]}"')
    if described is not None:
        found.append(f'<{_ascii(described)}>; rel="describes"')
    return found


def _ascii(iri: str) -> str:
    """Return an IRI as a URI, which a header can hold."""
    from werkzeug.urls import iri_to_uri

    return iri_to_uri(iri)


def written(quads: Iterable[ox.Quad], form: str) -> Response:
    """Write quads as a document.

    Args:
        quads: The quads; a format without graphs holds their triples.
        form: A name of ``FORMS``.

    Returns:
        The response.

    Raises:
        Refusal: 406 where the format cannot hold them, as JSON-LD a triple that is a value.
    """
    listed = _together(quads, by_graph=form == "trig")
    try:
        if form == "trig":
            used = {prefix: space for prefix, space in PREFIXES.items() if _occurs(space, listed)}
            body = ox.serialize(listed, format=ox.RdfFormat.TRIG, prefixes=used) or b""
        else:
            body = Triples([quad.triple for quad in listed], PREFIXES).serialize(form)
    except (ValueError, OSError) as error:
        raise Refusal(
            406,
            Text(f"不能写成 {form}：{error}", f"this cannot be written as {form}: {error}"),
            Text("用 ttl", "take it as ttl"),
        ) from None
    return Response(body, content_type=f"{FORMS[form]}; charset=utf-8")


def _together(quads: Iterable[ox.Quad], *, by_graph: bool) -> list[ox.Quad]:
    """Put quads of one graph and subject together, in the order in which they come; none twice."""
    listed = list(dict.fromkeys(quads))
    graphs = {graph: index for index, graph in enumerate(dict.fromkeys(quad.graph_name for quad in listed))}
    subjects = {subject: index for index, subject in enumerate(dict.fromkeys(quad.subject for quad in listed))}
    return sorted(listed, key=lambda quad: (graphs[quad.graph_name] if by_graph else 0, subjects[quad.subject]))


def tagged(response: Response) -> Response:
    """Give a response a tag of its content, or answer 304 where the client has it.

    Args:
        response: A whole response.

    Returns:
        The same response.
    """
    response.add_etag()
    response.make_conditional(request)
    return response


def _occurs(space: str, quads: list[ox.Quad]) -> bool:
    """Tell whether a prefix shortens a name; one whose names would need escapes (a slash) does not help."""
    return any(
        isinstance(term, ox.NamedNode) and term.value.startswith(space) and "/" not in term.value[len(space) :]
        for quad in quads
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
    )
