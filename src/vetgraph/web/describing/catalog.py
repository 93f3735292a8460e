"""What the dataset is: VoID and DCAT, at ``/.well-known/void`` and ``/void``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from vetgraph.web.describing import dataset
from vetgraph.web.reader import language
from vetgraph.web.service.dumps import DUMPS
from vetgraph.web.things import documents, linked
from vetgraph.web.things.showing import Showing

if TYPE_CHECKING:
    from vetgraph.web.describing.dataset import Size

blueprint = Blueprint("catalog", __name__)


@blueprint.get("/.well-known/void")
def well_known() -> Response:
    """Lead to the description of the dataset."""
    form = documents.wanted()
    target = url_for("catalog.document") if form == documents.HTML else _address(form)
    return cast("Response", redirect(target, code=303))


@blueprint.get("/void")
def document() -> Response:
    """Describe the dataset, as a page or in RDF."""
    form = documents.wanted()
    response = _page() if form == documents.HTML else written(form)
    response.headers["Content-Location"] = url_for("catalog.document") if form == documents.HTML else _address(form)
    return response


@blueprint.get("/void.<form>")
def written(form: str) -> Response:
    """Describe the dataset in a format."""
    if form not in documents.FORMS:
        raise documents.no_form(form)
    described = dataset.describe(_root(), _size(), dataset.report_facts(linked.store()))
    response = documents.written(described, form)
    response.headers.extend([("Link", link) for link in _links()])
    return documents.tagged(response)


def _page() -> Response:
    size, labels = _size(), linked.vocabulary()
    facts = dataset.report_facts(linked.store())
    labels.look_up(linked.store(), facts)
    showing = Showing(labels, language())
    html = render_template(
        "void.html",
        size=size,
        licence=dataset.LICENCE,
        classes=_counted(size.classes, showing),
        properties=_counted(size.properties, showing),
        reports=[(showing.node(iri), size.reports.get(iri)) for iri in facts],
        dumps=[(name, url_for("dumps.dump", name=name)) for name in DUMPS],
        addresses=[(form, _address(form)) for form in documents.FORMS],
        endpoint=f"{_root()}sparql",
    )
    response = Response(html, mimetype="text/html")
    response.headers.extend([("Link", link) for link in _links()])
    return response


def _counted(counts: dict[str, int], showing: Showing) -> list[tuple[dict[str, Any], int]]:
    return [(showing.node(iri), count) for iri, count in counts.items()]


def _address(form: str) -> str:
    return url_for("catalog.written", form=form)


def _links() -> list[str]:
    return documents.links(_address, url_for("catalog.document"), described=f"{_root()}void#dataset")


def _root() -> str:
    """Return the address of the service, as its operator has given it or as the client sees it."""
    fixed = str(current_app.config.get("BASE_URL") or request.url_root)
    return f"{fixed.rstrip('/')}/"


def _size() -> Size:
    """Return the counts, taken once for each content of the store."""
    kept: Size | None = current_app.extensions.get("vetgraph.size")
    if kept is None or kept.version != linked.store().version:
        kept = dataset.measure(linked.store())
        if kept.whole:
            current_app.extensions["vetgraph.size"] = kept
    return kept
