"""``/sitemap.xml`` and ``/robots.txt``: what a search engine may find here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request, url_for

from vetgraph import networks, queries, views
from vetgraph.errors import Text
from vetgraph.web import frame
from vetgraph.web.finding import search
from vetgraph.web.refusal import Refusal
from vetgraph.web.things import locations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

blueprint = Blueprint("sitemap", __name__)

MOST: Final = 20_000
"""Addresses of one file; a sitemap may have 50,000."""

_SPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES: Final = (
    "/",
    "/tables",
    "/networks",
    "/queries",
    "/compare",
    "/compare/figures",
    "/build",
    "/checks",
    "/def",
    "/void",
)
_CLOSED: Final = (
    "/search",
    "/suggest",
    "/sparql",
    "/update",
    "/store",
    "/network?",
    "/build?",
    "/compare?",
    "/metrics",
)
"""Addresses without end, or of no use to a search engine."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what to leave out, and where the sitemap is."""
    closed = "".join(f"Disallow: {request.script_root}{path}\n" for path in _CLOSED)
    return Response(f"User-agent: *\n{closed}\nSitemap: {frame.base()}sitemap.xml\n", mimetype="text/plain")


@blueprint.get("/sitemap.xml")
def whole() -> Response:
    """List the parts of the sitemap."""
    count = -(-search.index().size // MOST)
    parts = [frame.base()[:-1] + _local("sitemap.part", number) for number in range(count + 1)]
    listed = "".join(f"<sitemap><loc>{escape(each)}</loc></sitemap>\n" for each in parts)
    return _written(f'<sitemapindex xmlns="{_SPACE}">\n{listed}</sitemapindex>\n')


@blueprint.get("/sitemap/<int:number>.xml")
def part(number: int) -> Response:
    """List addresses: part 0 has the pages that are always there, the others those of things."""
    if number == 0:
        return _addresses(_always())
    iris = search.index().iris(MOST, (number - 1) * MOST)
    if not iris:
        raise Refusal(
            404,
            Text(f"没有第 {number} 部分", f"there is no part {number}"),
            Text("看 /sitemap.xml", "see /sitemap.xml"),
        )
    return _addresses(locations.page(iri) for iri in iris if locations.path_of(iri) is not None)


def _always() -> Iterator[str]:
    known = frame.routes()
    yield from (f"{request.script_root}{path}" for path in _PAGES if path in known)
    yield from (url_for("tables.table", name=name) for name in views.catalogue())
    yield from (url_for("questions.query", name=name) for name in queries.catalogue())
    yield from (url_for("networks.named", name=name) for name in networks.catalogue())


def _local(endpoint: str, number: int) -> str:
    return url_for(endpoint, number=number).removeprefix(request.script_root)


def _addresses(paths: Iterable[str]) -> Response:
    root = frame.base()[:-1]
    listed = "".join(
        f"<url><loc>{escape(root + path.removeprefix(request.script_root))}</loc></url>\n" for path in paths
    )
    return _written(f'<urlset xmlns="{_SPACE}">\n{listed}</urlset>\n')


def _written(body: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', content_type="application/xml; charset=utf-8")
