"""``/``: what is here, a box to search, a few charts, and the ways in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, current_app, render_template, request, url_for
from markupsafe import Markup

from vetgraph import charts, queries, views
from vetgraph.errors import VetgraphError
from vetgraph.search import folding, pinyin
from vetgraph.web import frame, sizes
from vetgraph.web.finding import pictures, search
from vetgraph.web.reader import language
from vetgraph.web.things import linked, locations

if TYPE_CHECKING:
    from vetgraph.search import Index

blueprint = Blueprint("home", __name__)

_FIRST: Final = ("reports", "schools", "colleges", "groups", "programmes", "titles", "awards", "figures")
"""Tables whose sizes stand at the top; the others follow in small."""

_WAYS: Final = ("tables", "queries", "build", "networks", "compare", "checks", "sparql", "void", "reconcile")
"""Where the ways in lead; those that the site does not have are left out."""

_MANY: Final = 50_000
"""Things in the graph; where there are more, the charts come by a request of their own."""

_REPORTS: Final = 12
"""Reports that are listed; their table has all."""

_LIKELY: Final = 60
_SHORT: Final = 4


@dataclass(frozen=True)
class Home:
    """What the page shows of one content of the store, in one language.

    Attributes:
        version: Name of the content.
        sizes: Name, title and number of rows of the tables, the first ones first.
        reports: The first reports, each with ``href``, ``title`` and ``passages``.
        more: How many reports there are beside these.
        figures: The charts: name, drawing, and what it is of; ``None`` where they come later.
    """

    version: str
    sizes: list[tuple[str, str, int]]
    reports: list[dict[str, Any]]
    more: int
    figures: list[tuple[str, Markup, pictures.Picture]] | None


@blueprint.get("/")
def start() -> str:
    """Say what is in the graph, and the ways in."""
    lang, routes = language(), frame.routes()
    return render_template(
        "home.html",
        home=_home(lang, whole="whole" in request.args),
        later=url_for("home.start", whole="", lang=lang),
        examples=_examples(),
        first=len(_FIRST),
        doors=[way for way in _WAYS if f"/{way}" in routes],
        picture_link=lambda name, form, part=None: url_for(
            "pictures.chart", name=f"{name}.{form}", part=part, lang=lang
        ),
        forms=pictures.FORMS,
    )


def _home(lang: str, *, whole: bool) -> Home:
    """Return what the page shows, made once for each content and language."""
    kept, lock = current_app.extensions.setdefault("vetgraph.home", ({}, Lock()))
    version = linked.store().version
    found = cast("Home | None", kept.get(lang))
    if found is None or found.version != version:
        found = kept[lang] = _made(lang)
    if whole and found.figures is None:
        with lock:  # the charts of many things take long: once is enough
            if kept[lang].figures is None:
                kept[lang] = replace(found, figures=_drawn(lang))
        found = cast("Home", kept[lang])
    return found


def _made(lang: str) -> Home:
    store = linked.store()
    version = store.version
    counted = sizes.sizes(store)
    known = views.catalogue()
    order = [*(name for name in _FIRST if name in known), *sorted(set(known) - set(_FIRST))]
    listed = [(name, known[name].query.title.get(lang), counted.get(known[name].type, 0)) for name in order]
    told = queries.page(store, "reports").rows()
    reports = [
        {
            "href": locations.link(str(row["report"])),
            "title": row["title"] or row["report"],
            "passages": row["passages"],
        }
        for row in told[:_REPORTS]
    ]
    figures = _drawn(lang) if sum(counted.values()) <= _MANY else None
    return Home(version, listed, reports, max(0, len(told) - _REPORTS), figures)


def _drawn(lang: str) -> list[tuple[str, Markup, pictures.Picture]]:
    drawn = [(name, pictures.picture(name, lang)) for name in pictures.KINDS]
    return [(name, _all(each), each) for name, each in drawn if each.rows]


def _all(made: pictures.Picture) -> Markup:
    """Return the drawings of a picture."""
    return Markup("").join(Markup(charts.svg(part)) for part in made.charts)  # noqa: S704 - our own drawing, every text in it escaped


def _examples() -> list[str]:
    """Return what a reader may type, found once for each index of names."""
    try:
        index = search.index(0)
    except VetgraphError:  # the index is not there yet; the page goes without
        return []
    kept: dict[str, list[str]] = current_app.extensions.setdefault("vetgraph.examples", {})
    if index.version not in kept:
        kept.clear()
        kept[index.version] = _typed(index)
    return kept.get(index.version, [])


def _typed(index: Index) -> list[str]:
    """Return a name of which much is told, its initials, and the pinyin of its beginning."""
    hits = index.search("", limit=_LIKELY).hits
    hit = next((hit for hit in hits if "ownership" in hit.facets), hits[0] if hits else None)
    if hit is None:
        return []
    name = hit.label.zh or hit.label.en
    readings = pinyin.readings(folding.fold(name).text)[:1]
    return [
        name,
        *(pinyin.initials(reading)[:_SHORT] for reading in readings),
        *("".join(reading[:_SHORT]) for reading in readings),
    ]
