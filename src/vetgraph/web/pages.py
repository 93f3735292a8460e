"""Pages for people, and ``/health``."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from vetgraph import names, queries
from vetgraph.errors import UsageError, VetgraphError
from vetgraph.results import Answer, Row, Solutions, Triples
from vetgraph.web import negotiation
from vetgraph.web.formats import GRAPH_TYPES, RESULT_TYPES, choose
from vetgraph.web.protocol import Asked, Incoming, read_query
from vetgraph.web.refusal import Refusal, refusal

if TYPE_CHECKING:
    from vetgraph.store import Store

SHOWN_ROWS = 1_000
SHOWN_CHARACTERS = 100_000
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
        queries=queries.catalogue().values(),
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


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """Run a named query: a page for a browser, else JSON, XML, CSV or TSV."""
    try:
        found = queries.get(name)
    except UsageError as error:
        raise Refusal(404, error.message, error.fix or error.message) from None
    values = {key: value for key, value in request.args.items() if key not in {"lang", "format"}}
    accept, asked = request.headers.get("Accept", ""), request.args.get("format")
    html = negotiation.wants_html(accept) and asked is None
    problem, answer = None, None
    try:
        answer = queries.ask(_store(), found, values)
    except UsageError as error:
        if not html:
            raise
        problem = error
    if html:
        links = _links(f"/queries/{name}", answer, values)
        page = render_template("query.html", query=found, values=values, problem=problem, links=links, **_shown(answer))
        return Response(page, status=400 if problem else 200)
    return _written(answer, accept, asked)


def _written(answer: Solutions | Answer | Triples | None, accept: str, asked: str | None) -> Response:
    if answer is None:  # a refusal would have been raised
        raise TypeError
    media, name = choose(answer, accept, asked)
    return Response(answer.serialize(name), content_type=f"{media}; charset=utf-8")


def _shown(found: Solutions | Answer | Triples | None) -> dict[str, Any]:
    """Prepare an answer for a page, no more of it than a page can hold."""
    if isinstance(found, Solutions):
        rows = found.rows()
        cells = [[_cell(row, name) for name in found.variables] for row in rows[:SHOWN_ROWS]]
        return {"variables": found.variables, "rows": cells, "total": len(rows)}
    if isinstance(found, Answer):
        return {"answer": bool(found)}
    if isinstance(found, Triples):
        text = found.serialize("ttl").decode()
        return {"turtle": text[:SHOWN_CHARACTERS], "cut": len(text) > SHOWN_CHARACTERS}
    return {}


def _cell(row: Row, name: str) -> dict[str, Any]:
    import pyoxigraph as ox

    term = row.term(name)
    if isinstance(term, ox.NamedNode):
        return {"iri": term.value, "text": names.shorten(term.value)}
    literal = isinstance(term, ox.Literal)
    return {
        "text": "" if term is None else term.value if literal else str(term),
        "lang": term.language if literal else None,
        "number": (literal and isinstance(row[name], (int, float))) or type(row[name]).__name__ == "Decimal",
    }


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
            shown = _shown(found)
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
        links=_links("/sparql", found, {"query": text}),
        **shown,
    )
    return Response(page, status=refused.status if refused else 200, headers=refused.headers if refused else None)


def _incoming() -> Incoming:
    return Incoming(request.method, request.query_string, request.headers.get("Content-Type", ""), request.get_data())


def _links(path: str, found: Solutions | Answer | Triples | None, values: dict[str, str]) -> list[tuple[str, str]]:
    """Return the addresses of an answer in each format."""
    types = GRAPH_TYPES if isinstance(found, Triples) else RESULT_TYPES
    return [(name, f"{path}?{urlencode({**values, 'format': name})}") for name in dict.fromkeys(types.values())]
