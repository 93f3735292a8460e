"""SPARQL 1.1 Protocol, query part, as a WSGI callable in front of the pages (which saves Flask's share of the time)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from vetgraph.errors import QueryError, Text, UsageError, VetgraphError
from vetgraph.results import Triples
from vetgraph.web import negotiation

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from vetgraph.results import Answer, Solutions
    from vetgraph.store import Store

PATH = "/sparql"
MAX_BODY = 1_000_000
METHODS = "GET, HEAD, POST, OPTIONS"
HTML = "text/html"

RESULT_TYPES = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_TYPES = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "text/plain": "nt",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/xml": "rdf",
}
_RESULT_OFFER, _GRAPH_OFFER = tuple(RESULT_TYPES), tuple(GRAPH_TYPES)
_READING = [
    ("Access-Control-Allow-Origin", "*"),
    ("X-Content-Type-Options", "nosniff"),
    ("Vary", "Accept, Accept-Language"),
]


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - it is an answer
    """A request that is answered with an error."""

    status: int
    detail: Text
    fix: Text
    headers: tuple[tuple[str, str], ...] = ()

    def body(self, lang: str) -> dict[str, dict[str, Any]]:
        """Return the one error shape.

        Args:
            lang: ``zh`` or ``en``.

        Returns:
            What the JSON holds.
        """
        title = HTTPStatus(self.status).phrase
        return {
            "error": {
                "status": self.status,
                "title": title,
                "detail": self.detail.get(lang),
                "fix": self.fix.get(lang),
            }
        }


def refusal(error: VetgraphError) -> Refusal:
    """Turn an error of ours into an answer: 400 for what the client wrote, 500 for the rest.

    Args:
        error: The error.

    Returns:
        The answer.
    """
    status = 400 if isinstance(error, (QueryError, UsageError)) else 500
    detail, fix = error.message, error.fix
    if isinstance(error, QueryError) and error.excerpt:
        detail = Text(f"{detail.zh}\n{error.excerpt}", f"{detail.en}\n{error.excerpt}")
    return Refusal(status, detail, fix or Text("", ""))


@dataclass(frozen=True)
class Asked:
    """A request of the protocol."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None


Body = tuple[str, list[tuple[str, str]], bytes]
Page = Callable[["WSGIEnvironment", Asked | None, "Solutions | Answer | Triples | Refusal | None"], "WSGIApplication"]


class Endpoint:
    """Answers ``/sparql`` and hands everything else on."""

    def __init__(self, store: Store, pages: WSGIApplication, page: Page) -> None:
        """Stand in front of the pages.

        Args:
            store: What to ask.
            pages: The application for all other paths.
            page: Makes the page that a browser gets here.
        """
        self._store = store
        self._pages = pages
        self._page = page

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ.get("PATH_INFO") != PATH:
            return self._pages(environ, start_response)
        method = environ["REQUEST_METHOD"]
        html = negotiation.wants_html(environ.get("HTTP_ACCEPT", ""))
        asked: Asked | None = None
        try:
            if method == "OPTIONS":
                start_response("204 No Content", _preflight())
                return []
            asked = _read(environ, method, html=html)
            found = None if asked is None else self._ask(asked)
            if asked is None or found is None or (html and asked.format is None):
                return self._page(environ, asked, found)(environ, start_response)
            answer = _written(found, environ, asked)
        except (VetgraphError, Refusal) as error:
            refused = error if isinstance(error, Refusal) else refusal(error)
            if html:
                return self._page(environ, asked, refused)(environ, start_response)
            answer = _refuse(environ, refused)
        status, headers, body = answer
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [] if method == "HEAD" else [body]

    def _ask(self, asked: Asked) -> Solutions | Answer | Triples:
        return self._store.query(asked.query, default_graphs=asked.default_graphs, named_graphs=asked.named_graphs)


def _written(found: Solutions | Answer | Triples, environ: WSGIEnvironment, asked: Asked) -> Body:
    media, name = choose(found, environ.get("HTTP_ACCEPT", ""), asked.format)
    return "200 OK", [("Content-Type", f"{media}; charset=utf-8"), *_READING], found.serialize(name)


def _refuse(environ: WSGIEnvironment, refused: Refusal) -> Body:
    lang = negotiation.language(None, None, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    body = json.dumps(refused.body(lang), ensure_ascii=False).encode()
    status = f"{refused.status} {HTTPStatus(refused.status).phrase}"
    return status, [("Content-Type", "application/json; charset=utf-8"), *_READING, *refused.headers], body


def _preflight() -> list[tuple[str, str]]:
    return [
        ("Allow", METHODS),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", METHODS),
        ("Access-Control-Allow-Headers", "Accept, Content-Type"),
        ("Access-Control-Max-Age", "86400"),
    ]


def _read(environ: WSGIEnvironment, method: str, *, html: bool) -> Asked | None:
    """Read a request; ``None`` when a browser just opens the address."""
    # WSGI hands raw bytes over as Latin-1
    parameters = _form(_utf8(environ.get("QUERY_STRING", "").encode("latin-1")))
    if method in {"GET", "HEAD"}:
        if html and "query" not in parameters and "update" not in parameters:
            return None
        return _asked(parameters)
    if method != "POST":
        raise Refusal(
            405,
            Text(f"这里不接受 {method}", f"{method} is not answered here"),
            Text("用 GET 或 POST", "use GET or POST"),
            (("Allow", METHODS),),
        )
    kind, _, options = environ.get("CONTENT_TYPE", "").partition(";")
    kind = kind.strip().lower()
    if "charset=" in options.lower() and "utf-8" not in options.lower():
        raise _unsupported(environ.get("CONTENT_TYPE", ""))
    if kind == "application/x-www-form-urlencoded":
        body = _form(_body(environ))
        return _asked({"format": parameters["format"], **body} if "format" in parameters else body)
    if kind == "application/sparql-query":
        if "query" in parameters:
            raise _malformed("请求里有两个查询", "there is a query both in the address and in the body")
        return _asked({**parameters, "query": [_body(environ)]})
    if kind == "application/sparql-update":
        raise _no_update()
    raise _unsupported(kind)


def _unsupported(kind: str) -> Refusal:
    return Refusal(
        415,
        Text(f"不支持的内容类型“{kind}”", f'the content type "{kind}" is not read'),
        Text(
            "用 application/sparql-query 或 application/x-www-form-urlencoded，UTF-8",
            "send application/sparql-query or application/x-www-form-urlencoded, in UTF-8",
        ),
    )


def _malformed(zh: str, en: str) -> Refusal:
    return Refusal(
        400,
        Text(zh, en),
        Text("用 GET /sparql?query=… 或 POST 一个 query", "ask GET /sparql?query=…, or POST one query"),
    )


def _no_update() -> Refusal:
    return Refusal(
        400,
        Text("这里只能查询，不能更新", "only queries are answered here, not updates"),
        Text("用 SELECT、ASK、CONSTRUCT 或 DESCRIBE", "write a SELECT, ASK, CONSTRUCT or DESCRIBE query"),
    )


def _body(environ: WSGIEnvironment) -> str:
    try:
        length = int(environ.get("CONTENT_LENGTH") or MAX_BODY + 1)
    except ValueError:
        raise _malformed("Content-Length 不是数字", "Content-Length is no number") from None
    declared = environ.get("CONTENT_LENGTH")
    data = environ["wsgi.input"].read(min(length, MAX_BODY + 1))
    if len(data) > MAX_BODY or (declared and length > MAX_BODY):
        raise Refusal(
            413,
            Text("请求太大", "the request is too large"),
            Text(f"上限为 {MAX_BODY} 字节", f"send at most {MAX_BODY} bytes"),
        )
    return _utf8(data)


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise _malformed("请求不是 UTF-8", "the request is not in UTF-8") from None


def _form(text: str) -> dict[str, list[str]]:
    try:
        return parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError:
        raise _malformed("请求不是 UTF-8", "the request is not in UTF-8") from None
    except ValueError:
        raise _malformed("参数太多", "there are too many parameters") from None


def _asked(parameters: Mapping[str, list[str]]) -> Asked:
    if "update" in parameters:
        raise _no_update()
    queries = parameters.get("query", [])
    if len(queries) != 1:
        raise _malformed(
            "没有 query 参数" if not queries else "有多个 query 参数",
            "there is no query" if not queries else "there is more than one query",
        )
    return Asked(
        queries[0],
        tuple(parameters.get("default-graph-uri", ())),
        tuple(parameters.get("named-graph-uri", ())),
        (parameters.get("format") or [None])[-1] or None,  # type: ignore[list-item]
    )


def choose(found: Solutions | Answer | Triples, accept: str, asked: str | None) -> tuple[str, str]:
    """Choose the format of an answer, by ``?format=`` or by the Accept header.

    Args:
        found: The answer.
        accept: The Accept header.
        asked: What ``?format=`` says: a name or a media type.

    Returns:
        Media type and name.

    Raises:
        Refusal: 400 where ``?format=`` does not fit, 406 where nothing in the header does.
    """
    types, offer = (GRAPH_TYPES, _GRAPH_OFFER) if isinstance(found, Triples) else (RESULT_TYPES, _RESULT_OFFER)
    if asked is not None:
        for media, name in types.items():
            if asked in {media, name}:
                return media, name
    else:
        media_type = negotiation.best(accept, offer)
        if media_type is not None:
            return media_type, types[media_type]
    known = ", ".join(offer)
    raise Refusal(
        400 if asked is not None else 406,
        Text(f"这种结果没有 {asked or accept} 格式", f"this kind of answer cannot be had as {asked or accept}"),
        Text(f"可用：{known}", f"use one of {known}"),
    )
