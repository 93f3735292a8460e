"""The service as an ASGI application: what touches SPARQL and RDF goes to workers, the rest to the pages."""

from __future__ import annotations

import json
import time
from http import HTTPStatus
from threading import Thread
from typing import TYPE_CHECKING, Any

from a2wsgi import WSGIMiddleware
from flask import render_template

from vetgraph.errors import VetgraphError
from vetgraph.web import negotiation
from vetgraph.web.app import CSP, create_app, prepare
from vetgraph.web.checks import Checks
from vetgraph.web.finding import search
from vetgraph.web.linking.reviewing import Desk
from vetgraph.web.refusal import Refusal, refusal
from vetgraph.web.service import graphstore, writing
from vetgraph.web.service.access import Tokens
from vetgraph.web.service.cache import AnswerCache
from vetgraph.web.service.exchange import ClientLeftError, Exchange
from vetgraph.web.service.limits import RateLimit
from vetgraph.web.service.metrics import Metrics
from vetgraph.web.service.querying import MAX_BODY, Querying
from vetgraph.workers.pool import Pool
from vetgraph.workers.pooled import PooledStore
from vetgraph.workers.relay import Relay

if TYPE_CHECKING:
    from vetgraph.web.service.exchange import Receive, Scope, Send
    from vetgraph.web.settings import ServiceSettings

_LEFT = 499
_ASCII = 128


class Service:
    """Pages, SPARQL endpoint, update endpoint and graph store of one store."""

    def __init__(self, settings: ServiceSettings) -> None:
        """Put the parts together; ``start`` starts the workers.

        Args:
            settings: How it is run.
        """
        self.settings = settings
        self.pool = Relay(settings.pool) if settings.pool.address else Pool(settings.pool)
        self.pages = create_app(PooledStore(self.pool))
        self.pages.config.update(DUMP_FOLDER=self.pool.folder, BASE_URL=settings.base_url)
        if settings.links is not None:
            self.pages.extensions["vetgraph.review"] = Desk(settings.links, Tokens(settings.tokens))
        self._wsgi = WSGIMiddleware(self.pages.wsgi_app, workers=8)  # type: ignore[arg-type]
        cache = AnswerCache(settings.cache)
        self._querying = Querying(self.pool, cache, settings)
        self._writing = writing.Writing(self.pool, Tokens(settings.tokens), settings)
        checks = Checks(self.pool, self.pages)
        self._answers = {
            "/update": self._writing.update,
            graphstore.PATH: self._writing.graph,
            "/validate": checks.validate,
            "/checks": checks.page,
        }
        self._limit = RateLimit(settings.rate, settings.burst)
        self._metrics = Metrics(self.pool, cache)

    async def start(self) -> None:
        """Start the workers, and prepare the pages beside the first requests."""
        await self.pool.start()
        Thread(target=prepare, args=(self.pages,), daemon=True).start()

    async def stop(self) -> None:
        """End the workers."""
        search.close(self.pages)
        await self.pool.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or the server's own start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(Exchange.of(scope, receive, send))

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, exchange: Exchange) -> None:
        started = time.perf_counter()
        try:
            self._limit.check(self._client(exchange))
            await self._route(exchange)
        except ClientLeftError:
            exchange.status = _LEFT
        except (Refusal, VetgraphError) as error:
            await self._refuse(exchange, error if isinstance(error, Refusal) else refusal(error))
        finally:
            self._metrics.count(exchange, time.perf_counter() - started)

    async def _route(self, exchange: Exchange) -> None:
        path = exchange.path
        if path == "/sparql":
            if not _is_page(exchange) or exchange.declared() > MAX_BODY:
                await self._querying.answer(exchange)
                return
        elif path in self._answers:
            await self._answers[path](exchange)
            return
        elif path.startswith(f"{graphstore.PATH}/"):
            await self._writing.graph(exchange)
            return
        elif path == "/metrics":
            media, text = self._metrics.text()
            await exchange.respond(200, [(b"content-type", media.encode())], text)
            return
        elif path == "/health/live":
            await exchange.respond(200, [(b"content-type", b"application/json")], b'{"status": "ok"}')
            return
        await self._page(exchange)

    async def _page(self, exchange: Exchange) -> None:
        async def send(message: Any) -> None:  # noqa: ANN401 - a message of ASGI
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
            await exchange.send(message)

        async def receive() -> Any:  # noqa: ANN401 - a message of ASGI; the bridge wants a coroutine
            return await exchange.receive()

        raw = exchange.query_string
        scope = exchange.scope if raw.isascii() else {**exchange.scope, "query_string": _escaped(raw)}
        await self._wsgi(scope, receive, send)  # type: ignore[arg-type]

    def _client(self, exchange: Exchange) -> str:
        if self.settings.trust_proxy and (forwarded := exchange.header(b"x-forwarded-for")):
            return forwarded.rpartition(",")[2].strip()  # what the proxy itself has seen
        client = exchange.scope.get("client")
        return str(client[0]) if client else ""

    async def _refuse(self, exchange: Exchange, refused: Refusal) -> None:
        if exchange.status:  # the response has begun
            return
        lang = negotiation.language(None, None, exchange.header(b"accept-language"))
        if negotiation.wants_html(exchange.header(b"accept")):
            media, body = b"text/html; charset=utf-8", self._error_page(refused, lang)
        else:
            media = b"application/json; charset=utf-8"
            body = json.dumps(refused.body(lang), ensure_ascii=False).encode()
        headers = [
            (b"content-type", media),
            (b"content-security-policy", CSP.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"vary", b"Accept, Accept-Language"),
            (b"cache-control", b"no-store"),
            *((name.lower().encode(), value.encode()) for name, value in refused.headers),
        ]
        if not any(name == b"access-control-allow-origin" for name, _ in exchange.extra):
            headers.append((b"access-control-allow-origin", b"*"))
        await exchange.respond(HTTPStatus(refused.status), headers, body)

    def _error_page(self, refused: Refusal, lang: str) -> bytes:
        with self.pages.test_request_context(headers={"Accept-Language": lang}):
            return render_template("error.html", **refused.body(lang)).encode()


def _escaped(raw: bytes) -> bytes:
    """Escape what may not stand in a query string as it is, such as Chinese that somebody has typed into a command."""
    return b"".join(bytes([byte]) if byte < _ASCII else b"%%%02X" % byte for byte in raw)


def _is_page(exchange: Exchange) -> bool:
    """Tell whether a browser asks, which gets a page."""
    return negotiation.wants_html(exchange.header(b"accept")) and b"format=" not in exchange.query_string
