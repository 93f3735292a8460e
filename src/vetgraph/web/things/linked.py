"""Linked data: every IRI of ours leads to a page or to a description in RDF, by what the client accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from vetgraph import names, queries
from vetgraph.errors import Text
from vetgraph.labels import Vocabulary
from vetgraph.web.kept import kept
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.things import citing, documents, entities, locations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.labels import Labels
    from vetgraph.store import Store

blueprint = Blueprint("linked", __name__)


def store() -> Store:
    """Return the store of the application."""
    return cast("Store", current_app.extensions["vetgraph.store"])


def vocabulary() -> Labels:
    """Return the names of the ontology's terms."""
    kept = current_app.extensions.setdefault("vetgraph.vocabulary", Vocabulary())
    return cast("Vocabulary", kept).labels(store())


def thing(key: str) -> Response:
    """Send a client from an IRI to the page or to the description of what it names.

    Args:
        key: The path after the family's.

    Returns:
        303.
    """
    family = request.path.lstrip("/").partition("/")[0]
    iri = found(locations.iris_of(f"{family}/{key}", request.query_string.decode("latin-1")))
    form = documents.wanted()
    lang = request.args.get("lang")
    if form == documents.HTML:
        target = url_for("linked.page", path=locations.path_of(iri), lang=lang)
    else:
        target = locations.data(iri, form)
    response = redirect(target, code=303)
    response.headers.extend([("Link", link) for link in _links(iri)])
    return cast("Response", response)


for _family in locations.FAMILIES:
    if _family != "def":
        blueprint.add_url_rule(f"/{_family}/<path:key>", _family, thing)


@blueprint.get("/page/<path:path>")
@kept
def page(path: str) -> Response:
    """Show what the graph says of a thing, with the passages that state it."""
    from vetgraph.web.describing import cite
    from vetgraph.web.things import portrait

    iri = found(locations.page_iris(path))
    made = portrait.paint(store(), iri, whole="whole" in request.args)
    painter = portrait.Painter(made, language())
    thing_, facts = painter.showing.node(iri), painter.facts()
    types = [painter.showing.node(each) for each in made.types]
    html = render_template(
        "entity.html",
        thing=thing_,
        types=types,
        about=cite.about(made, thing_["text"], iri, language()),
        summary=cite.summary(facts, types, language()),
        short=names.shorten(iri),
        comparable=_comparable(made.types),
        other=made.labels.literal(iri, "en" if language() == "zh" else "zh") if made.labels.of(iri) else None,
        facts=facts,
        panels=painter.panels(),
        left=painter.left(),
        contents=painter.contents(),
        beside=citing.beside(store(), iri, made.labels, language()),
        special=_special(made.types),
        media=documents.FORMS,
        cut=made.cut,
        later=f"{locations.page(iri)}?{urlencode({'whole': '', 'lang': language()})}" if made.later else "",
        addresses=[(form, locations.data(iri, form)) for form in documents.FORMS],
    )
    response = Response(html, mimetype="text/html")
    response.headers.extend([("Link", link) for link in _links(iri)])
    return response


@blueprint.get("/data/<path:path>")
def data(path: str) -> Response:
    """Give the description of a thing in RDF; the form ends the path."""
    path, _, form = path.rpartition(".")
    if form not in documents.FORMS or not path:
        known = ", ".join(f".{name}" for name in documents.FORMS)
        raise Refusal(
            404,
            Text("数据的地址以格式结尾", "the address of data ends with a format"),
            Text(f"加上 {known} 之一", f"end it with one of {known}"),
        )
    iri = found(locations.page_iris(path))
    entity = entities.describe(store(), iri, vocabulary())
    response = documents.written(entity.quads(), form)
    response.headers.extend([("Link", link) for link in _links(iri)])
    if entity.cut:
        response.headers["Vetgraph-Cut"] = ", ".join(entity.cut)
    return documents.tagged(response)


def found(iris: Iterable[str]) -> str:
    """Return the first of some IRIs that the graph knows.

    Args:
        iris: Spellings of one address.

    Returns:
        The IRI.

    Raises:
        Refusal: 404 where none is known, 410 where it is withdrawn.
    """
    tried = []
    for iri in iris:
        standing = entities.standing(store(), iri)
        if standing.gone:
            raise _gone(iri, standing.replacements)
        if standing.known and locations.path_of(iri) is not None:
            return iri
        tried.append(iri)
    raise _unknown(tried[0])


def _links(iri: str) -> list[str]:
    return documents.links(lambda form: locations.data(iri, form), locations.page(iri), described=iri)


def _gone(iri: str, replacements: tuple[str, ...]) -> Refusal:
    detail = Text(f"{iri} 已停用", f"{iri} is withdrawn")
    if not replacements:
        return Refusal(410, detail, Text("图谱没有说由什么替代", "the graph names nothing that replaced it"))
    listed = " ".join(replacements)
    return Refusal(410, detail, Text(f"由它替代：{listed}", f"it was replaced by {listed}"))


def _unknown(iri: str) -> Refusal:
    meant = next(_meant(iri), None)
    if meant is None:
        fix = Text("检查拼写，或在 /sparql 查询", "check the spelling, or ask at /sparql")
    else:
        fix = Text(f"是否指 {meant}？", f"did you mean {meant}?")
    return Refusal(404, Text(f"图谱里没有 {iri}", f"the graph does not know {iri}"), fix)


def _meant(iri: str) -> Iterator[str]:
    """Give addresses that may have been meant; each costs a look-up."""
    stem, _, form = iri.rpartition(".")
    path = locations.path_of(stem)
    if form in documents.FORMS and path is not None and entities.standing(store(), stem).known:
        yield locations.data(stem, form)
    for other in dict.fromkeys((iri.rstrip("/"), iri.lower().rstrip("/"), iri.lower().replace("_", "-"))):
        if other != iri and locations.path_of(other) is not None and entities.standing(store(), other).known:
            yield _address(other)
    head, _, name = iri.rpartition("/")
    for bearer in _bearers(name):
        if bearer.startswith(f"{head}/"):
            yield _address(bearer)


def _address(iri: str) -> str:
    """Return where an IRI of ours leads on this server."""
    return f"{request.script_root}/{iri.removeprefix(names.BASE)}"


def _bearers(name: str) -> Iterator[str]:
    query = queries.catalogue(queries.FOLDER / "pages")["bearers"].text
    for lang in ("zh", "en"):
        answer: Any = store().query(query, {"label": ox.Literal(name, language=lang)})
        for row in answer:
            yield str(row["thing"])


def _comparable(types: Iterable[str]) -> str | None:
    """Return the table by which things of some classes can be compared."""
    from vetgraph import views

    found = (view for each in types if (view := views.of_class(each)) is not None)
    return next((v.name for v in found if v.column("thing") and any(c.sum for c in v.columns)), None)


def _special(types: Iterable[str]) -> list[str]:
    """Return the templates of the panels that a class has of its own: ``templates/panels/CLASS/``."""
    loader = current_app.jinja_env.loader
    known = loader.list_templates() if loader else []
    folders = tuple(f"panels/{each.rpartition('#')[2].rpartition('/')[2]}/" for each in types)
    return [name for name in known if name.startswith(folders)]
