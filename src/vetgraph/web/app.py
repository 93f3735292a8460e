"""The pages' application (WSGI); ``vetgraph.web.front`` stands before it and answers programs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError

from vetgraph import names
from vetgraph.errors import Text, VetgraphError
from vetgraph.web import frame, negotiation, wording
from vetgraph.web.asking import editor, questions
from vetgraph.web.comparing import compare, figures
from vetgraph.web.describing import api, catalog, cite, sitemap
from vetgraph.web.finding import home, pictures, search
from vetgraph.web.linking import reconcile, reviewing
from vetgraph.web.networking import networks
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal, refusal
from vetgraph.web.service import dumps, packing
from vetgraph.web.tabular import tables
from vetgraph.web.things import linked, ontology, panels

if TYPE_CHECKING:
    from vetgraph.store import Store
    from vetgraph.web.service.exchange import Exchange

CSP = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data: blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Only our own files: nothing inline, no eval, nothing from another origin; pictures may be drawn by a script."""
_MOST_BODY = 1_000_000
_PARTS = (
    catalog,
    cite,
    compare,
    dumps,
    editor,
    figures,
    home,
    linked,
    networks,
    ontology,
    api,
    panels,
    pictures,
    questions,
    reconcile,
    reviewing,
    search,
    sitemap,
    tables,
)
_YEAR = 365 * 24 * 3600
_FIRST = ("layout.html", "find.html", "citing.html", "home.html", "entity.html", "table.html", "search.html")
"""Templates that are compiled before they are asked for."""


def create_app(store: Store) -> Flask:
    """Make the WSGI application of a store.

    Args:
        store: What it answers from, open as long as the application lives.

    Returns:
        A Flask application.
    """
    app = Flask(__name__)
    app.extensions["vetgraph.store"] = store
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BODY
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    app.context_processor(_page_values)
    app.after_request(_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(VetgraphError, lambda error: _refuse(refusal(error)))
    app.register_error_handler(Refusal, _refuse)

    return app


def prepare(app: Flask) -> None:
    """Read what the first page would have to read, so that it does not: shapes, views, templates, the vocabulary.

    Args:
        app: The pages' application; its store answers.
    """
    from vetgraph import kinds, views

    kinds.load()
    views.catalogue()
    for name in _FIRST:
        app.jinja_env.get_template(name)
    with app.app_context(), suppress(VetgraphError, RuntimeError):  # the page will tell it; or the service has ended
        linked.vocabulary()


def page(app: Flask, exchange: Exchange, template: str, **values: Any) -> Response:  # noqa: ANN401 - for templates
    """Make a page of what the service, and no route of the pages, has found.

    Args:
        app: The pages' application.
        exchange: The request.
        template: Name of the template.
        **values: What it shows.

    Returns:
        The response, with the headers of all pages.
    """
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in exchange.headers.items()]
    kept = [(name, value) for name, value in headers if name in {"accept", "accept-language", "cookie", "host"}]
    query = exchange.query_string.decode("latin-1")
    with app.test_request_context(exchange.path, query_string=query, headers=kept):
        return app.process_response(app.make_response(render_template(template, **values)))


def _page_values() -> dict[str, Any]:
    lang = language()
    search.begin()
    return {
        "lang": lang,
        "other": "en" if lang == "zh" else "zh",
        "say": wording.in_language(lang),
        "shorten": names.shorten,
        **frame.values(lang),
    }


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    response.vary.update(["Accept", "Accept-Language", "Cookie"])
    asked = request.args.get("lang")
    if asked in negotiation.LANGUAGES:
        response.set_cookie("lang", asked, max_age=_YEAR, samesite="Lax", httponly=True)
    return packing.pack(response)


def _refuse(refused: Refusal) -> Response:
    lang = language()
    body = refused.body(lang)
    if negotiation.wants_html(request.headers.get("Accept", "")):
        response = Response(render_template("error.html", **body), mimetype="text/html")
    else:
        response = jsonify(body)
    response.status_code = refused.status
    response.headers.extend(refused.headers)
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or InternalServerError.code
    detail, fix = wording.STATUS.get(status, (Text("请求无法完成", "the request cannot be answered"), Text("", "")))
    allow = error.get_response().headers.get("Allow")
    return _refuse(Refusal(status, detail, fix, (("Allow", allow),) if allow else ()))
