"""``/sparql`` in a browser: a form, its answer, and what the editor's script needs to complete what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from vetgraph import names, queries
from vetgraph.errors import VetgraphError
from vetgraph.web.asking import answers
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal, refusal
from vetgraph.web.service.protocol import Asked, Incoming, read_query
from vetgraph.web.things import linked

if TYPE_CHECKING:
    from vetgraph.results import Answer, Solutions, Triples
    from vetgraph.store import Store

EXAMPLE: Final = """SELECT ?name ?passage WHERE {
  ?school a vetg:SecondarySchool ; skos:prefLabel ?name .
  GRAPH ?passage { ?school vetg:ownership ?ownership }
}
ORDER BY ?name"""
"""What the form starts with."""

_KEPT: Final = 300

blueprint = Blueprint("editor", __name__)


def _store() -> Store:
    return cast("Store", current_app.extensions["vetgraph.store"])


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Make the page of ``/sparql``: a form, and the answer where there was a question."""
    lang = language()
    asked: Asked | None = None
    found: Solutions | Answer | Triples | None = None
    refused: Refusal | None = None
    shown: dict[str, Any] = {}
    try:
        asked = read_query(_incoming())
        if asked is not None:
            found = _store().query(asked.text, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs)
            shown = answers.shown(found)
    except Refusal as error:
        refused = error
    except VetgraphError as error:
        refused = refusal(error)
    if refused is not None:
        found, shown = None, {}
    text = asked.text if asked else _example(request.args.get("example", ""))
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in {"query", "example", "lang"}]
    page = render_template(
        "sparql.html",
        text=text,
        error=refused.body(lang)["error"] if refused else None,
        answered=found is not None,
        examples=_examples(),
        prefixes=dict(names.PREFIXES),
        links=[link for link in answers.links("/sparql", found, [("query", text), *kept]) if link[0] != "xlsx"],
        **answers.views(found, "SPARQL", lang, ours=False, network=url_for("networks.own", query=text)),
        **shown,
    )
    return Response(page, status=refused.status if refused else 200, headers=refused.headers if refused else None)


def _incoming() -> Incoming:
    return Incoming(request.method, request.query_string, request.headers.get("Content-Type", ""), request.get_data())


def _example(name: str) -> str:
    found = queries.catalogue().get(name)
    return EXAMPLE if found is None else found.text


def _examples() -> list[tuple[Any, list[queries.Query]]]:
    """Return the named queries that need no parameter, by theme."""
    free = [query for query in queries.catalogue().values() if not query.params]
    themes = [(title, [query for query in free if query.theme == theme]) for theme, title in queries.themes().items()]
    return [each for each in themes if each[1]]


@blueprint.get("/sparql/terms")
def terms() -> Response:
    """Give the prefixes, and the classes and properties of the ontology and of the graph, each with its name."""
    lang = language()
    labels = linked.vocabulary()
    version, kept = current_app.extensions.get("vetgraph.terms", ("", None))
    if version != _store().version:
        version, kept = _store().version, _used()
        current_app.extensions["vetgraph.terms"] = (version, kept)
    classes, properties = kept
    found = {
        "prefixes": dict(names.PREFIXES),
        "classes": _named(classes, labels, lang),
        "properties": _named(properties, labels, lang),
    }
    response = jsonify(found)
    response.headers["Cache-Control"] = f"private, max-age={_KEPT}"
    return response


def _used() -> tuple[set[str], set[str]]:
    """Return the classes and properties that the graph uses."""
    classes = {row.term("class").value for row in queries.page(_store(), "class-sizes")}
    properties = {row.term("property").value for row in queries.page(_store(), "property-sizes")}
    return classes, properties


def _named(iris: set[str], labels: Any, lang: str) -> list[tuple[str, str]]:  # noqa: ANN401 - names of terms
    return [(iri, labels.text(iri, lang)) for iri in sorted(iris)]
