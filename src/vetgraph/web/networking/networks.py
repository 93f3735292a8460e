"""``/networks``: pictures, figures and files of networks, named ones and those of any query."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from markupsafe import Markup

from vetgraph import export, networks
from vetgraph.errors import Text, UsageError
from vetgraph.export import differences, page
from vetgraph.export.kept import COMPARED, PAGE, VIEW, Cut, Figures
from vetgraph.networks.meanings import GRAPH_MEASURES
from vetgraph.web import frame, listing, reading, sizes, wording
from vetgraph.web.networking import network_scope
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.things import locations
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

_TAKEN: Final = (
    ("xlsx", "network-excel"),
    ("csv", "network-csv"),
    ("json", "network-json"),
    ("gexf", "network-gephi"),
    ("png", "network-png"),
    ("svg", "network-svg"),
)
"""The forms of a comparison, with the words of their buttons."""

_MEDIA: Final = {"csv": "text/csv"}

blueprint = Blueprint("networks", __name__)


_Key = tuple[str, str, bool, Cut, str]


class _Pages:
    """What the last pages of an application were made of, so that the page and its view ask for it once."""

    def __init__(self) -> None:
        self.figures = Figures()
        self._found: OrderedDict[_Key, bytes] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: _Key) -> bool:
        with self._lock:
            return key in self._found

    def get(self, key: _Key, make: Callable[[], bytes]) -> bytes:
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


def _pages() -> _Pages:
    """Return those of the application: stores in memory have one name, so that two of them must not meet here."""
    return cast("_Pages", current_app.extensions.setdefault("vetgraph.networks", _Pages()))


def _store() -> Store:
    return cast("Store", current_app.extensions["vetgraph.store"])


@dataclass(frozen=True)
class _Asked:
    """A network as an address asks for it.

    Attributes:
        network: The query.
        name: What its files are called.
        cut: What of it is wanted.
        values: The values of its address but for the path.
        link: From the ending of a file to its address.
    """

    network: NetworkQuery
    name: str
    cut: Cut
    values: dict[str, Any]
    link: Callable[[str], str]

    def written(self, form: str, lang: str) -> bytes:
        """Have a worker write it, where there are workers."""
        store, network = _store(), self.network
        if isinstance(store, PooledStore):
            return store.network(network.query.text, form, lang, self.cut, directed=network.directed)
        return _pages().figures.write(store, network, form, lang, self.cut)

    def key(self, lang: str) -> _Key:
        """Return what decides its page."""
        return _store().version, self.network.query.text, self.network.directed, self.cut, lang

    def parts(self, lang: str) -> tuple[bytes, str, bytes]:
        """Return the view's JSON, the drawing of a page, and the JSON of a comparison."""
        told, drawn, *changes = _pages().get(self.key(lang), lambda: self.written(PAGE, lang)).split(b"\0")
        return told, drawn.decode(), changes[0] if changes else b""


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
    cut, values = network_scope.read(request.args)

    def link(form: str) -> str:
        return url_for("networks.named", name=f"{stem}.{form}", lang=language(), **values)

    wanted = _Asked(asked, stem, cut, values, link)
    if form:
        return _file(wanted, form)
    if not reading.waits() and wanted.key(language()) not in _pages() and sum(sizes.sizes(_store()).values()) > _MANY:
        return reading.page(asked.query.title.get(language()), wording.in_language(language())("network-reading"))
    return _page(wanted)


@blueprint.get("/network")
@blueprint.get("/network.<form>")
def own(form: str = "") -> Response:
    """Show the network of any SELECT with ``?source`` and ``?target``, or write it: ``/network.gexf``, ``format=``."""
    text, form = request.args.get("query", ""), form or request.args.get("format", "")
    if not text.strip():
        return cast("Response", redirect(url_for("networks.listed"), code=303))
    asked = networks.own(text, directed=request.args.get("directed", "") == "1")
    cut, values = network_scope.read(request.args)
    values = {"query": text, **({"directed": "1"} if asked.directed else {}), **values}

    def link(form: str) -> str:
        return url_for("networks.own", **values, format=form, lang=language())

    wanted = _Asked(asked, "network", cut, values, link)
    return _file(wanted, form) if form else _page(wanted)


@blueprint.post("/networks/<name>")
@blueprint.post("/network", defaults={"name": ""})
def compare(name: str) -> Response:
    """Keep a saved network that is sent, and lead to its comparison with this one."""
    request.max_content_length = network_scope.MOST_SENT
    digest = network_scope.keep(request.files.get("before"))
    kept = {
        each: request.form.getlist(each) for each in ("query", "directed", "report", "project") if each in request.form
    }
    where = url_for("networks.named", name=name) if name else url_for("networks.own")
    given = urlencode({**kept, "saved": digest}, doseq=True)
    return cast("Response", redirect(f"{where}?{given}", code=303))


def _file(asked: _Asked, form: str) -> Response:
    if form == VIEW:
        return _view(asked)
    forms = COMPARED if asked.cut.compares else tuple(export.FORMS)
    form = form if asked.cut.compares else export.ALSO.get(form, form)
    if form not in forms:
        known = ", ".join(forms)
        raise Refusal(
            404, Text(f"没有 {form} 格式", f"there is no form {form}"), Text(f"可用：{known}", f"use one of {known}")
        )
    media = _MEDIA.get(form) or export.FORMS[form][0]
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    response = Response(asked.written(form, language()), content_type=f"{media}{charset}")
    name = f"{asked.name}-changes" if asked.cut.compares else asked.name
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _view(asked: _Asked) -> Response:
    told, _, _ = asked.parts(language())
    response = Response(told, content_type="application/json; charset=utf-8")
    response.set_etag(hashlib.blake2b(told, digest_size=12).hexdigest())
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


def _page(asked: _Asked) -> Response:
    lang = language()
    told, drawn, changes = asked.parts(lang)
    network = json.loads(told)
    values = {
        "query": asked.network.query,
        "affinity": asked.network.affinity,
        "title": network["title"][lang],
        "scope": network_scope.told(_store(), asked.network.query.text, asked.values, network["modes"], lang),
        "network": network,
        "drawing": Markup(drawn),  # noqa: S704 - our own drawing, every text in it escaped
        "link": asked.link,
        "libraries": [url_for("static", filename=name) for name in page.LIBRARIES],
        "scripts": page.SCRIPTS,
        "words": page.words(lang),
        "root": f"{request.script_root}/",
        "shown": SHOWN,
        "view": asked.link(VIEW),
        "address": _address,
        "local": _local,
    }
    shown = _changes(values, json.loads(changes), lang) if changes else _network(values, asked, lang)
    return Response(shown, mimetype="text/html")


def _network(values: dict[str, Any], asked: _Asked, lang: str) -> str:
    network = values["network"]
    return render_template(
        "network.html",
        **values,
        downloads=DOWNLOADS,
        others=[form for form in export.FORMS if form not in dict(DOWNLOADS)],
        gephi_lite=_gephi_lite(asked.link("gexf")),
        name=lambda number: (lang == "en" and network["nodes"]["en"][number]) or network["nodes"]["zh"][number],
        nodes=_ranked(network),
        measured=[name for name, column in network["nodes"]["measures"].items() if any(map(_told, column))],
        ties=range(min(len(network["ties"]["source"]), SHOWN)),
    )


def _changes(values: dict[str, Any], changes: dict[str, Any], lang: str) -> str:
    """Show what differs between two networks."""
    say = wording.in_language(lang)
    passages = {
        passage["id"]: f"{passage['section']} {passage['heading']}" for passage in values["network"]["passages"]
    }
    values["words"] |= {"network-type": say("network-change"), "network-in-common": say("network-called")}
    return render_template(
        "network_changes.html",
        **values,
        changes=changes,
        ties=[(change, tie) for change in ("new", "gone", "changed") for tie in changes[change]],
        names={name: title.get(lang) for name, (title, _) in GRAPH_MEASURES.items()},
        called=differences.WORDS,
        downloads=_TAKEN,
        passage=lambda iri: passages.get(iri, "").strip() or _local(iri),
    )


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
