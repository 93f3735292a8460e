"""``/networks``: pictures, figures and files of networks, named ones and those of any query."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from markupsafe import Markup

from vetgraph import export, networks, queries
from vetgraph.errors import Text, UsageError
from vetgraph.export.figure import Figure
from vetgraph.networks.measures import GRAPH_MEASURES, NODE_MEASURES
from vetgraph.web import locations
from vetgraph.web.refusal import Refusal

if TYPE_CHECKING:
    from vetgraph.networks import NetworkQuery
    from vetgraph.store import Store

MOST_TIES: Final = 20_000
"""A larger network is for the command line: to lay it out takes long."""

_KEPT: Final = 32
_SHOWN: Final = 500

blueprint = Blueprint("networks", __name__)


class _Kept:
    """The figures made last, so that a picture, its tables and its files are made once."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, str, bool], Figure] = OrderedDict()
        self._lock = Lock()

    def figure(self, store: Store, asked: NetworkQuery) -> Figure:
        key = (store.version, asked.query.text, asked.directed)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = Figure.of(networks.build(store, asked, most=MOST_TIES))
        with self._lock:
            self._found[key] = made
            if len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return made


_KEEP: Final = _Kept()


def _figure(asked: NetworkQuery) -> Figure:
    return _KEEP.figure(cast("Store", current_app.extensions["vetgraph.store"]), asked)


@blueprint.get("/networks")
def listed() -> str:
    """List the named networks."""
    found = networks.catalogue().values()
    return render_template(
        "networks.html",
        collaboration=[asked.query for asked in found if not asked.affinity],
        affinity=[asked.query for asked in found if asked.affinity],
        example=_EXAMPLE,
    )


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
    links = {each: url_for("networks.named", name=f"{stem}.{each}", lang=_lang()) for each in export.FORMS}
    return _page(asked, links, url_for("networks.named", name=stem))


@blueprint.get("/network")
def own() -> Response:
    """Show the network of any SELECT with ``?source`` and ``?target``, or write it to a file (``format=``)."""
    text, form = request.args.get("query", ""), request.args.get("format", "")
    if not text.strip():
        return cast("Response", redirect(url_for("networks.listed"), code=303))
    read = networks.of_query(queries.parse("query", text))
    directed = read.directed or request.args.get("directed", "") == "1"
    asked = networks.NetworkQuery(read.query, directed, read.modes, read.affinity)
    if form:
        return _file(asked, "network", form)
    given: dict[str, Any] = {"query": text, **({"directed": "1"} if directed else {})}
    links = {each: url_for("networks.own", **given, format=each) for each in export.FORMS}
    return _page(asked, links, url_for("networks.own", **given))


def _lang() -> str:
    from vetgraph.web.app import language

    return language()


def _file(asked: NetworkQuery, name: str, form: str) -> Response:
    if form not in export.FORMS:
        known = ", ".join(export.FORMS)
        raise Refusal(
            404, Text(f"没有 {form} 格式", f"there is no form {form}"), Text(f"可用：{known}", f"use {known}")
        )
    media, write = export.FORMS[form]
    body = write(_figure(asked), _lang())
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    response = Response(body, content_type=f"{media}{charset}")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _page(asked: NetworkQuery, links: dict[str, str], permalink: str) -> Response:
    lang, figure = _lang(), _figure(asked)
    network, measures = figure.network, figure.measures
    ranked = sorted(network.nodes, key=lambda node: (-measures.nodes[node]["strength"], node))
    drawn = export.FORMS["svg"][1](figure, lang).decode().partition("?>\n")[2]
    page = render_template(
        "network.html",
        query=asked.query,
        affinity=asked.affinity,
        network=network,
        drawing=Markup(drawn),  # noqa: S704 - our own drawing, every text in it escaped
        whole=[(*GRAPH_MEASURES[name], value) for name, value in measures.whole.items()],
        heads=list(NODE_MEASURES.values()),
        nodes=[(network.nodes[node], measures.nodes[node].values()) for node in ranked[:_SHOWN]],
        ties=network.ties[:_SHOWN],
        links=links,
        permalink=permalink,
        address=_address,
        local=_local,
    )
    return Response(page, mimetype="text/html")


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
