"""``/search`` and ``/suggest``: things by name, alias, pinyin and initials, on a page and for programs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from vetgraph import foreign, names, search, views
from vetgraph.errors import BudgetError, Text, UsageError, VetgraphError
from vetgraph.results import BOM
from vetgraph.search import listing
from vetgraph.web import negotiation
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.things import locations
from vetgraph.workers.pooled import PooledStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vetgraph.search import Found, Hit, Index, Indexes
    from vetgraph.views import View

blueprint = Blueprint("search", __name__)

_ON_PAGE: Final = 20
_IN_FILE: Final = 2_000
_OFFERED: Final = ("application/json", "text/csv")
_FORMS: Final = {"json": "application/json", "csv": "text/csv"}
GUESSED: Final = frozenset({"sound", "abbreviation", "spelling"})
"""Ways to match that may have meant something else."""

_MOMENT: Final = 1.5
"""Seconds that a page waits for an index that is being made, before it says so."""

_AGAIN: Final = 5
"""Seconds after which it is worth asking again."""

_SECONDS: Final = 60
"""For how long a browser may keep a suggestion."""


def index(patience: float | None = None) -> Index:
    """Return the index of the application's store.

    Args:
        patience: Seconds to wait for the first one; by default a few.

    Returns:
        The index.

    Raises:
        BudgetError: It is still being made.
        StoreError: It cannot be made.
    """
    kept = cast("Indexes | None", current_app.extensions.get("vetgraph.search"))
    if kept is None:
        store = current_app.extensions["vetgraph.store"]
        pooled = isinstance(store, PooledStore)
        kept = search.Indexes(store, store.where if pooled else getattr(store, "path", None), apart=pooled)
        current_app.extensions["vetgraph.search"] = kept
    return kept.current() if patience is None else kept.current(patience)


def begin() -> None:
    """See to it that the index is being made, if a page that has the box is shown before anybody searches."""
    if isinstance(current_app.extensions["vetgraph.store"], PooledStore):
        with suppress(VetgraphError):
            index(0)


@blueprint.get("/search")
def page() -> Response:
    """Show what was found, or write it as JSON or CSV."""
    lang, typed = language(), request.args.get("q", "")
    accept, asked = request.headers.get("Accept", ""), request.args.get("format")
    html = negotiation.wants_html(accept) and asked is None
    chosen = {facet: request.args.getlist(facet) for facet in search.FACETS if request.args.getlist(facet)}
    number = _number(request.args.get("page", "1"))
    media = "" if html else _media(accept, asked)
    limit, offset = (_ON_PAGE, (number - 1) * _ON_PAGE) if html else (_IN_FILE, 0)
    try:
        found = index(_MOMENT if html else None).search(typed, chosen, limit=limit, offset=offset)
    except BudgetError:
        if not html:
            raise
        again = render_template("search.html", typed=typed[: search.LONGEST], waiting=_AGAIN)
        return Response(again, status=503, headers={"Retry-After": str(_AGAIN), "Cache-Control": "no-store"})
    except UsageError as error:
        if not html:
            raise
        return Response(render_template("search.html", typed=typed[: search.LONGEST], problem=error), status=400)
    if html:
        return Response(render_template("search.html", typed=typed, **_shown(found, typed, chosen, number, lang)))
    return _written(found, media, lang)


@blueprint.get("/suggest")
def suggest() -> Response:
    """Return the best results for what has been typed so far, of all things or of those of one table."""
    lang, typed, kind = language(), request.args.get("q", ""), request.args.get("kind", "")
    try:
        view = views.get(kind) if kind else None
    except UsageError as error:
        raise Refusal(400, error.message, error.fix or error.message) from None
    told = [_suggested(hit, lang) for hit in (of_table(view, typed) if view else index().suggest(typed))]
    response = jsonify(q=typed, results=told)
    response.headers["Cache-Control"] = f"private, max-age={_SECONDS}"
    return response


def of_table(view: View, typed: str, limit: int = 8) -> list[Hit]:
    """Find things of a table as suggestions do.

    Args:
        view: The table.
        typed: What has been typed so far.
        limit: How many results are wanted.

    Returns:
        Results; none where nothing of the table's class has a name.
    """
    found = index()
    try:
        return found.suggest(typed, limit, {"kind": [view.type]})
    except UsageError:  # the index knows no thing of the class
        return []


def _number(given: str) -> int:
    if given.isascii() and given.isdigit() and 0 < int(given[:6]) <= _IN_FILE // _ON_PAGE:
        return int(given[:6])
    most = _IN_FILE // _ON_PAGE
    raise Refusal(
        400,
        Text(f"没有第 {given} 页", f"there is no page {given}"),
        Text(f"写 1 到 {most}", f"write a number from 1 to {most}"),
    )


def _media(accept: str, asked: str | None) -> str:
    media = negotiation.best(accept, _OFFERED) if asked is None else _FORMS.get(asked)
    if media is None:
        raise Refusal(
            406 if asked is None else 400,
            Text(f"搜索结果没有 {asked or accept} 格式", f"results cannot be had as {asked or accept}"),
            Text("可用：json、csv", "use json or csv"),
        )
    return media


def _written(found: Found, media: str, lang: str) -> Response:
    if media == "text/csv":
        response = Response(BOM.encode() + listing.to_csv(found, lang), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="search.csv"'
        return response
    return Response(listing.to_json(found), content_type="application/json; charset=utf-8")


def _suggested(hit: Hit, lang: str) -> dict[str, Any]:
    """Return a result as the box shows it: in the reader's language, with the parts of the name that match."""
    return {
        "label": listing.named(hit.label, lang),
        "kind": _kind(hit.kind, hit.kind_label, lang),
        "way": listing.WAYS[hit.way].get(lang),
        "matched": [{"text": text, "mark": mark} for text, mark in parts(hit.name, hit.marks)],
        "href": locations.link(hit.iri),
        "iri": hit.iri,
        "id": names.shorten(hit.iri),
    }


def _shown(found: Found, typed: str, chosen: Mapping[str, list[str]], number: int, lang: str) -> dict[str, Any]:
    labels = {value.iri: _value(facet, value, lang) for facet, values in found.facets.items() for value in values}
    given = [(facet, key) for facet, keys in chosen.items() for key in keys]

    def to(*pairs: tuple[str, str]) -> str:
        return f"{request.script_root}/search?{urlencode([('q', typed), *pairs])}"

    facets = []
    for facet, values in found.facets.items():
        told = []
        for value in values:
            without = [pair for pair in given if pair not in {(facet, value.key), (facet, value.iri)}]
            target = to(*without) if value.chosen else to(*without, (facet, value.key))
            told.append({"text": labels[value.iri], "count": value.count, "on": value.chosen, "to": target})
        if told:
            facets.append((facet, told))
    pages = -(-min(found.total, _IN_FILE) // _ON_PAGE)
    return {
        "hits": [_hit(hit, labels, lang) for hit in found.hits],
        "found": found,
        "facets": facets,
        "filters": [each | {"facet": facet} for facet, told in facets for each in told if each["on"]],
        "guessed": bool(found.hits) and all(hit.way in GUESSED for hit in found.hits),
        "page": number,
        "pages": pages,
        "to": to,
        "turn": lambda page: to(*given, ("page", str(page))),
        "cleared": to(),
        "links": {form: to(*given, ("format", form), ("lang", lang)) for form in ("csv", "json")},
    }


def _hit(hit: Hit, labels: Mapping[str, str], lang: str) -> dict[str, Any]:
    label = listing.named(hit.label, lang)
    same = hit.name == label
    return {
        "label": parts(label, hit.marks if same else ()),
        "lang": "zh-CN" if lang == "en" and not hit.label.en else None,
        "href": locations.link(hit.iri),
        "kind": _kind(hit.kind, hit.kind_label, lang),
        "way": listing.WAYS[hit.way].get(lang),
        "shown": bool(hit.way) and not (same and hit.way == "name"),
        "matched": () if same else parts(hit.name, hit.marks),
        "matched_lang": None if same or not hit.lang or hit.lang.partition("-")[0] == lang else hit.lang,
        "facts": [
            labels[iri]
            for facet in ("ownership", "level", "group", "dataset")
            for iri in hit.facets.get(facet, ())
            if iri in labels
        ],
    }


def parts(name: str, marks: tuple[tuple[int, int], ...]) -> list[tuple[str, bool]]:
    """Cut a name into what matched and what did not.

    Args:
        name: The name.
        marks: Start and end of what matched.

    Returns:
        Texts, and whether each matched.
    """
    return [part for part in _parts(name, marks) if part[0]]


def _parts(name: str, marks: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, bool]]:
    at = 0
    for start, end in marks:
        yield name[at:start], False
        yield name[start:end], True
        at = end
    yield name[at:], False


def _value(facet: str, value: search.Value, lang: str) -> str:
    return _kind(value.iri, value.label, lang) if facet == "kind" else listing.named(value.label, lang) or value.key


def _kind(iri: str, label: Text, lang: str) -> str:
    """Return what a class is called; those of other vocabularies have their names in ``foreign``."""
    return listing.named(label, lang) or (foreign.TERMS[iri].get(lang) if iri in foreign.TERMS else _short(iri))


def _short(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def address(**pairs: str) -> str:
    """Return the address of a search.

    Args:
        **pairs: ``q`` and facets.

    Returns:
        A path on this server.
    """
    return f"{request.script_root}/search?{urlencode(pairs)}"


def close(app: Any) -> None:  # noqa: ANN401 - a Flask application
    """End the making of indexes.

    Args:
        app: The application.
    """
    kept = app.extensions.get("vetgraph.search")
    if kept is not None:
        kept.close()
