"""``/sparql``: from a request to the bytes that a worker wrote, or that were kept from the last time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from vetgraph.errors import NotAcceptableError
from vetgraph.web import formats
from vetgraph.web.service import cache, protocol
from vetgraph.web.service.address import base_of
from vetgraph.web.service.description import describe
from vetgraph.web.service.protocol import Asked, Incoming
from vetgraph.workers.messages import Job

if TYPE_CHECKING:
    from vetgraph.web.service.cache import AnswerCache, Header
    from vetgraph.web.service.exchange import Exchange
    from vetgraph.web.settings import ServiceSettings
    from vetgraph.workers.messages import Reply
    from vetgraph.workers.pool import Pool

MAX_BODY: Final = 1_000_000
READING: Final[tuple[Header, ...]] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Query-Budget, Retry-After"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Accept, Accept-Language"),
)
_PREFLIGHT: Final[tuple[Header, ...]] = (
    (b"allow", protocol.QUERY_METHODS.encode()),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", protocol.QUERY_METHODS.encode()),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
)


class Querying:
    """Answers ``/sparql`` to programs."""

    def __init__(self, pool: Pool, kept: AnswerCache, settings: ServiceSettings) -> None:
        """Remember the parts.

        Args:
            pool: Does the work.
            kept: Answers that were given before.
            settings: How the service is run.
        """
        self._pool = pool
        self._kept = kept
        self._base_url = settings.base_url
        self._trust_proxy = settings.trust_proxy

    async def answer(self, exchange: Exchange) -> None:
        """Answer a request.

        Args:
            exchange: The request.

        Raises:
            Refusal: It is malformed, or no format is acceptable.
            VetgraphError: As the worker says.
        """
        method, accept = exchange.method, exchange.header(b"accept")
        if method == "OPTIONS":
            await exchange.respond(204, _PREFLIGHT)
            return
        media = exchange.headers.get(b"content-type", b"")
        body = await exchange.body(MAX_BODY) if method not in {"GET", "HEAD"} else b""
        request = (
            b"" if method in {"GET", "HEAD"} else method.encode(),
            exchange.query_string,
            accept.encode(),
            media,
            body,
        )
        version = self._pool.version()
        kept = self._kept.get(version, request)
        if kept is not None:
            await _respond(exchange, kept)
            return
        asked = protocol.read_query(Incoming(method, exchange.query_string, media.decode("latin-1"), body))
        if asked is None:
            await self._describe(exchange, accept)
            return
        repeatable = cache.repeatable(asked.text)
        tag = cache.etag(version, *request) if repeatable else b""
        if tag and tag in exchange.headers.get(b"if-none-match", b""):
            await exchange.respond(304, ((b"etag", tag), *READING))
            return
        reply, headers = await self._ask(exchange, asked, accept)
        if tag and reply.version == version:
            headers += ((b"etag", tag), (b"cache-control", b"no-cache"))
        if reply.file is not None:
            await exchange.respond_file(headers, Path(reply.file), reply.size)
            return
        if tag and reply.version == version:
            self._kept.put(version, request, cache.Kept(headers, reply.body, tag))
        await exchange.respond(200, headers, reply.body)

    async def _ask(self, exchange: Exchange, asked: Asked, accept: str) -> tuple[Reply, tuple[Header, ...]]:
        budget = self._pool.settings.budget.within(asked.seconds)
        job = Job(
            "query",
            asked.text,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            results=formats.wanted("table", accept, asked.format),
            graphs=formats.wanted("graph", accept, asked.format),
            base=self._endpoint(exchange),
        )
        try:
            reply = await self._pool.ask(job, budget, exchange.left)
        except NotAcceptableError as error:
            raise formats.unacceptable(error.message.en, accept, asked.format) from None
        headers = (
            (b"content-type", f"{reply.media}; charset=utf-8".encode()),
            (b"query-budget", budget.header().encode()),
            *READING,
        )
        return reply, headers

    def _endpoint(self, exchange: Exchange) -> str:
        return base_of(exchange, self._base_url, trust_proxy=self._trust_proxy) + "/sparql"

    async def _describe(self, exchange: Exchange, accept: str) -> None:
        choice = formats.wanted("graph", accept)
        if choice is None:
            raise formats.unacceptable("graph", accept, None)
        body = describe(self._endpoint(exchange), choice[1], writable=self._pool.settings.writable)
        await exchange.respond(200, [(b"content-type", f"{choice[0]}; charset=utf-8".encode()), *READING], body)


async def _respond(exchange: Exchange, kept: cache.Kept) -> None:
    if kept.etag in exchange.headers.get(b"if-none-match", b""):
        await exchange.respond(304, ((b"etag", kept.etag), *READING))
    else:
        await exchange.respond(200, kept.headers, kept.body)
