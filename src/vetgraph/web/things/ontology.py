"""The ontology as a document: ``/def`` as a page, ``/def.ttl`` and the like as RDF; its terms are places in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, render_template, url_for

from vetgraph import names, queries
from vetgraph.errors import Text
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.things import documents, linked, locations
from vetgraph.web.things.entities import Statement
from vetgraph.web.things.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Iterable

blueprint = Blueprint("ontology", __name__)

_SPACE: Final = f"{locations.ONTOLOGY}#"
_VERSION: Final = names.expand("owl:versionIRI")
_TYPE: Final = names.expand("rdf:type")
_KINDS: Final = tuple(
    names.expand(f"owl:{kind}") for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_HIDDEN: Final = frozenset(names.expand(curie) for curie in ("rdfs:isDefinedBy", "rdfs:label"))


@blueprint.get("/def")
def document() -> Response:
    """Give the ontology, as a page or in RDF."""
    form = documents.wanted()
    response = _page() if form == documents.HTML else _document(form)
    response.headers["Content-Location"] = url_for(".document") if form == documents.HTML else _address(form)
    return response


@blueprint.get("/def.<form>")
def written(form: str) -> Response:
    """Give the ontology in a format."""
    if form not in documents.FORMS:
        raise documents.no_form(form)
    return _document(form)


@blueprint.get("/def/<path:key>")
def below(key: str) -> Response:
    """Lead from a version of the ontology to the document, and from what else has such an IRI to its description."""
    iri = f"{locations.ONTOLOGY}/{key}"
    if any(s.property.value == _VERSION and getattr(s.value, "value", "") == iri for s in _statements()):
        form = documents.wanted()
        return cast("Response", redirect(url_for(".document") if form == documents.HTML else _address(form), code=303))
    return linked.thing(key)


def _statements() -> list[Statement]:
    rows = queries.page(linked.store(), "contents", {"graph": names.ONTOLOGY})
    found = [Statement(r.term("subject"), r.term("property"), r.term("value"), (names.ONTOLOGY,)) for r in rows]
    if not found:
        raise Refusal(
            404,
            Text("图谱里没有本体", "the graph holds no ontology"),
            Text("用 vetgraph build 重新构建", "build the store with vetgraph build"),
        )
    return found


def _address(form: str) -> str:
    return url_for("ontology.written", form=form)


def _document(form: str) -> Response:
    response = documents.written((quad for statement in _statements() for quad in statement.quads()), form)
    response.headers.extend([("Link", link) for link in _links()])
    return documents.tagged(response)


def _links() -> list[str]:
    return documents.links(_address, url_for("ontology.document"))


def _page() -> Response:
    showing = Showing(linked.vocabulary(), language())
    head, terms, others = _sorted(_statements())
    html = render_template(
        "ontology.html",
        thing=showing.node(locations.ONTOLOGY),
        groups=showing.groups(head),
        terms=_terms(terms, showing),
        others=showing.subjects(others),
        addresses=[(form, _address(form)) for form in documents.FORMS],
    )
    response = Response(html, mimetype="text/html")
    response.headers.extend([("Link", link) for link in _links()])
    return response


def _sorted(statements: Iterable[Statement]) -> tuple[list[Statement], list[Statement], list[Statement]]:
    """Part what is said of the ontology, of its terms, and of anything else."""
    head: list[Statement] = []
    terms: list[Statement] = []
    others: list[Statement] = []
    for statement in statements:
        iri = statement.subject.value if isinstance(statement.subject, ox.NamedNode) else ""
        part = head if iri == locations.ONTOLOGY else terms if iri.startswith(_SPACE) else others
        part.append(statement)
    return head, terms, others


def _terms(statements: list[Statement], showing: Showing) -> list[dict[str, Any]]:
    """Return the terms kind by kind: classes, properties, the rest."""
    types = {(s.subject.value, s.value.value) for s in statements if s.property.value == _TYPE}
    found = showing.subjects(statement for statement in statements if statement.property.value not in _HIDDEN)
    for term in found:
        iri = term["thing"]["iri"]
        kind = next((kind for kind in _KINDS if (iri, kind) in types), None)
        term["anchor"] = iri.removeprefix(_SPACE)
        term["order"] = len(_KINDS) if kind is None else _KINDS.index(kind)
        term["kind"] = None if kind is None else showing.node(kind)
    return sorted(found, key=lambda term: int(term["order"]))
