"""Pages for people, and ``/health``."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from vetgraph import queries
from vetgraph.errors import VetgraphError
from vetgraph.web import answers, questions
from vetgraph.web.protocol import Asked, Incoming, read_query
from vetgraph.web.refusal import Refusal, refusal

if TYPE_CHECKING:
    from vetgraph.results import Answer, Solutions, Triples
    from vetgraph.store import Store

EXAMPLE = """SELECT ?name ?passage WHERE {
  ?school a vetg:SecondarySchool ; skos:prefLabel ?name .
  GRAPH ?passage { ?school vetg:ownership ?ownership }
}
ORDER BY ?name"""
"""What the form of ``/sparql`` starts with."""

blueprint = Blueprint("pages", __name__)


def _store() -> Store:
    return cast("Store", current_app.extensions["vetgraph.store"])


@blueprint.get("/")
def start() -> str:
    """Say what is in the graph, and the ways in."""
    store = _store()
    return render_template(
        "start.html",
        triples=queries.page(store, "size")[0]["triples"],
        reports=queries.page(store, "reports").rows(),
        classes=queries.page(store, "classes").rows(),
        example=EXAMPLE,
    )


@blueprint.get("/health")
def health() -> Response:
    """Say whether the store answers, and which content it has."""
    answer = _store().query("ASK {}")
    return jsonify(status="ok" if answer else "failing", store=_store().version)


def description() -> dict[str, Any]:
    """Return the description of every route by OpenAPI, put together from the files in ``openapi/``.

    Returns:
        The document, without the version and the address of the service.
    """
    folder = files("vetgraph.web").joinpath("openapi")
    described: dict[str, Any] = json.loads(folder.joinpath("openapi.json").read_text(encoding="utf-8"))
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".paths.json"):
            described["paths"].update(json.loads(file.read_text(encoding="utf-8")))
    return described


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Describe every route for programs, with the address of this service."""
    from importlib.metadata import version

    described = description()
    described["info"]["version"] = version("vetgraph")
    described["servers"] = [{"url": current_app.config.get("BASE_URL") or request.url_root.rstrip("/")}]
    return jsonify(described)


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Make the page of ``/sparql``: a form, and the answer where there was a question."""
    asked: Asked | None = None
    found: Solutions | Answer | Triples | None = None
    refused: Refusal | None = None
    try:
        asked = read_query(_incoming())
        if asked is not None:
            found = _store().query(asked.text, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs)
            shown = answers.shown(found)
    except Refusal as error:
        refused = error
    except VetgraphError as error:
        refused = refusal(error)
    if refused is not None or found is None:
        found, shown = None, {}
    from vetgraph.web.app import language

    text = asked.text if asked else EXAMPLE
    page = render_template(
        "sparql.html",
        text=text,
        error=refused.body(language())["error"] if refused else None,
        answered=found is not None,
        links=[link for link in answers.links("/sparql", found, [("query", text)]) if link[0] != "xlsx"],
        network=questions.is_network(found),
        **shown,
    )
    return Response(page, status=refused.status if refused else 200, headers=refused.headers if refused else None)


def _incoming() -> Incoming:
    return Incoming(request.method, request.query_string, request.headers.get("Content-Type", ""), request.get_data())
