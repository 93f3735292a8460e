"""``/networks``: pictures, figures and files of networks, named ones and those of any query."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from markupsafe import Markup

from vetgraph import export, networks
from vetgraph.errors import Text, UsageError
from vetgraph.export import page
from vetgraph.export.kept import PAGE, VIEW, Figures
from vetgraph.web import frame, listing, locations, reading, sizes, wording
from vetgraph.web.refusal import Refusal
from vetgraph.workers.pooled import PooledStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from vetgraph.networks import NetworkQuery
    from vetgraph.store import Store

SHOWN: Final = 500
"""Rows of the tables of a page; files have all."""

_MANY: Final = 50_000
"""Things in the graph; where there are more, a page says that its network is being measured."""

_KEPT_BYTES: Final = 48 << 20
_GEPHI_LITE: Final = "https://gephi.org/gephi-lite/"

DOWNLOADS: Final = (
    ("gexf", "network-gephi"),
    ("cyjs", "network-cytoscape"),
    ("xlsx", "network-excel"),
    ("png", "network-png"),
    ("svg", "network-svg"),
    ("html", "network-html"),
)
"""The forms that most people want, with the words of their buttons; the rest is listed by its endings."""

blueprint = Blueprint("networks", __name__)


class _Pages:
    """What the last pages were made of, so that the page and its view ask for it once."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, str, bool, str], bytes] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: tuple[str, str, bool, str]) -> bool:
        with self._lock:
            return key in self._found

    def get(self, key: tuple[str, str, bool, str], make: Callable[[], bytes]) -> bytes:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > 1 and sum(map(len, self._found.values())) > _KEPT_BYTES:
                self._found.popitem(last=False)
        return made


_PAGES: Final = _Pages()
_FIGURES: Final = Figures()


def _store() -> Store:
    return cast("Store", current_app.extensions["vetgraph.store"])


def _written(asked: NetworkQuery, form: str, lang: str) -> bytes:
    """Have a worker do it, where there are workers."""
    store = _store()
    if isinstance(store, PooledStore):
        return store.network(asked.query.text, form, lang, directed=asked.directed)
    return _FIGURES.write(store, asked, form, lang)


def _key(asked: NetworkQuery, lang: str) -> tuple[str, str, bool, str]:
    return _store().version, asked.query.text, asked.directed, lang


def _parts(asked: NetworkQuery, lang: str) -> tuple[bytes, str]:
    """Return the view's JSON and the drawing of a page."""
    told, _, drawn = _PAGES.get(_key(asked, lang), lambda: _written(asked, PAGE, lang)).partition(b"\0")
    return told, drawn.decode()


@blueprint.get("/networks")
def listed() -> str | Response:
    """List the named networks."""
    found = networks.catalogue().values()
    if listing.asked():
        return listing.written(
            (asked.query, url_for("networks.named", name=asked.query.name), _kind(asked)) for asked in found
        )
    return render_template(
        "networks.html",
        collaboration=[asked.query for asked in found if not asked.affinity],
        affinity=[asked.query for asked in found if asked.affinity],
        example=_EXAMPLE,
    )


def _kind(asked: NetworkQuery) -> dict[str, Any]:
    return {"directed": asked.directed, "modes": asked.modes, "affinity": asked.affinity, "forms": list(export.FORMS)}


@blueprint.get("/networks/<name>")
def named(name: str) -> Response:
    """Show a named network, or write it to a file: ``/networks/groups.gexf``."""
    stem, _, form = name.partition(".")
    try:
        asked = networks.get(stem)
    except UsageError as error:
        raise Refusal(404, error.message, error.fix or error.message) from None
    if form:
        return _file(asked, stem, form)

    def link(form: str) -> str:
        return url_for("networks.named", name=f"{stem}.{form}", lang=_lang())

    if not reading.waits() and _key(asked, _lang()) not in _PAGES and sum(sizes.sizes(_store()).values()) > _MANY:
        return reading.page(asked.query.title.get(_lang()), wording.in_language(_lang())("network-reading"))
    return _page(asked, link)


@blueprint.get("/network")
@blueprint.get("/network.<form>")
def own(form: str = "") -> Response:
    """Show the network of any SELECT with ``?source`` and ``?target``, or write it: ``/network.gexf``, ``format=``."""
    text, form = request.args.get("query", ""), form or request.args.get("format", "")
    if not text.strip():
        return cast("Response", redirect(url_for("networks.listed"), code=303))
    asked = networks.own(text, directed=request.args.get("directed", "") == "1")
    if form:
        return _file(asked, "network", form)
    given: dict[str, Any] = {"query": text, **({"directed": "1"} if asked.directed else {})}

    def link(form: str) -> str:
        return url_for("networks.own", **given, format=form, lang=_lang())

    return _page(asked, link)


def _lang() -> str:
    from vetgraph.web.app import language

    return language()


def _file(asked: NetworkQuery, name: str, form: str) -> Response:
    if form == VIEW:
        return _view(asked)
    form = export.ALSO.get(form, form)
    if form not in export.FORMS:
        known = ", ".join(export.FORMS)
        raise Refusal(
            404, Text(f"没有 {form} 格式", f"there is no form {form}"), Text(f"可用：{known}", f"use one of {known}")
        )
    media = export.FORMS[form][0]
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    response = Response(_written(asked, form, _lang()), content_type=f"{media}{charset}")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _view(asked: NetworkQuery) -> Response:
    told, _ = _parts(asked, _lang())
    response = Response(told, content_type="application/json; charset=utf-8")
    response.set_etag(hashlib.blake2b(told, digest_size=12).hexdigest())
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def _page(asked: NetworkQuery, link: Callable[[str], str]) -> Response:
    lang = _lang()
    told, drawn = _parts(asked, lang)
    network = json.loads(told)
    made = render_template(
        "network.html",
        query=asked.query,
        affinity=asked.affinity,
        network=network,
        drawing=Markup(drawn),  # noqa: S704 - our own drawing, every text in it escaped
        link=link,
        downloads=DOWNLOADS,
        others=[form for form in export.FORMS if form not in dict(DOWNLOADS)],
        gephi_lite=_gephi_lite(link("gexf")),
        name=lambda number: (lang == "en" and network["nodes"]["en"][number]) or network["nodes"]["zh"][number],
        libraries=[url_for("static", filename=name) for name in page.LIBRARIES],
        scripts=page.SCRIPTS,
        words=page.words(lang),
        root=f"{request.script_root}/",
        nodes=_ranked(network),
        measured=[name for name, column in network["nodes"]["measures"].items() if any(map(_told, column))],
        ties=range(min(len(network["ties"]["source"]), SHOWN)),
        shown=SHOWN,
        view=link(VIEW),
        address=_address,
        local=_local,
    )
    return Response(made, mimetype="text/html")


def _told(value: Any) -> bool:  # noqa: ANN401 - a number, or nothing
    return value is not None


def _ranked(network: dict[str, Any]) -> list[int]:
    """Return the numbers of the nodes that the table shows, those with most ties first."""
    strength = network["nodes"]["measures"].get("strength", [])
    return sorted(range(len(strength)), key=lambda number: (-strength[number], number))[:SHOWN]


def _gephi_lite(path: str) -> dict[str, Any]:
    """Return the link that opens a file in Gephi Lite, and whether the world can reach this service."""
    base = frame.base()
    address = f"{base.rstrip('/')}{path.removeprefix(request.script_root)}"
    query = urlencode({"file": address})
    return {"address": f"{_GEPHI_LITE}?{query}", "reachable": bool(current_app.config.get("BASE_URL"))}


def _address(iri: str) -> str | None:
    return locations.link(iri) if "://" in iri else None


def _local(value: Any) -> str:  # noqa: ANN401 - an IRI, or a number of any kind
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value).rpartition("/")[2]


_EXAMPLE: Final = """SELECT ?source ?target ?passage WHERE {
  GRAPH ?passage { ?source vetg:offers ?target }
}"""
"""What the form of ``/networks`` starts with."""
