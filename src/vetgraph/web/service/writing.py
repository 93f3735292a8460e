"""``/update`` and ``/store``: writing for who has a token, reading graphs for everybody."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from vetgraph.errors import NotAcceptableError
from vetgraph.web import formats
from vetgraph.web.service import graphstore, protocol
from vetgraph.web.service.address import base_of
from vetgraph.web.service.protocol import Incoming
from vetgraph.web.service.querying import READING
from vetgraph.workers.messages import Job
from vetgraph.workers.writer import UPLOADED

if TYPE_CHECKING:
    from pathlib import Path

    from vetgraph.web.service.access import Tokens
    from vetgraph.web.service.exchange import Exchange
    from vetgraph.web.settings import ServiceSettings
    from vetgraph.workers.pool import Pool

_MOST_UPDATE: Final = 20_000_000
_MULTIPART: Final = "multipart/form-data"
_ALLOWED_HEADERS: Final = b"Authorization, Accept, Content-Type, Content-Encoding"


class Writing:
    """Answers the endpoints that change the store."""

    def __init__(self, pool: Pool, tokens: Tokens, settings: ServiceSettings) -> None:
        """Remember the parts.

        Args:
            pool: Does the work.
            tokens: Who may write.
            settings: How the service is run.
        """
        self._pool = pool
        self._tokens = tokens
        self._settings = settings

    async def update(self, exchange: Exchange) -> None:
        """Answer a request to ``/update`` (SPARQL 1.1 Protocol).

        Args:
            exchange: The request.

        Raises:
            Refusal: It is malformed, or not allowed.
            VetgraphError: Nothing was changed, and why.
        """
        self._origin(exchange)
        if exchange.method == "OPTIONS":
            await self._preflight(exchange, protocol.UPDATE_METHODS)
            return
        if exchange.method != "POST":
            raise protocol.not_allowed(exchange.method, protocol.UPDATE_METHODS)
        self._tokens.require(exchange.header(b"authorization"))
        body = await exchange.body(_MOST_UPDATE)
        media = exchange.header(b"content-type")
        asked = protocol.read_update(Incoming("POST", exchange.query_string, media, body))
        reply = await self._pool.write(
            Job(
                "update",
                asked.text,
                default_graphs=asked.default_graphs,
                named_graphs=asked.named_graphs,
                base=self._base(exchange) + "/update",
            )
        )
        await exchange.respond(204, ((b"store-version", reply.version.encode()),))

    async def graph(self, exchange: Exchange) -> None:
        """Answer a request to ``/store`` (SPARQL 1.1 Graph Store HTTP Protocol).

        Args:
            exchange: The request.

        Raises:
            Refusal: It is malformed, or not allowed.
            VetgraphError: There is no such graph, or nothing was changed and why.
        """
        self._origin(exchange)
        method = exchange.method
        if method == "OPTIONS":
            await self._preflight(exchange, graphstore.METHODS)
        elif method in {"GET", "HEAD"}:
            await self._read(exchange)
        elif method in {"PUT", "POST", "DELETE"}:
            self._tokens.require(exchange.header(b"authorization"))
            await self._write(exchange, method.lower())
        else:
            raise protocol.not_allowed(method, graphstore.METHODS)

    async def _read(self, exchange: Exchange) -> None:
        from pathlib import Path

        graph = graphstore.graph_of(self._base(exchange), exchange.path, exchange.query_string)
        accept = exchange.header(b"accept")
        job = Job("graph", graph=graph, graphs=formats.wanted("graph", accept))
        try:
            reply = await self._pool.ask(job, self._pool.settings.budget, exchange.left)
        except NotAcceptableError as error:
            raise formats.unacceptable(error.message.en, accept, None) from None
        headers = [(b"content-type", f"{reply.media}; charset=utf-8".encode()), *READING]
        if reply.file is not None:
            await exchange.respond_file(headers, Path(reply.file), reply.size)
        else:
            await exchange.respond(200, headers, reply.body)

    async def _write(self, exchange: Exchange, op: str) -> None:
        base = self._base(exchange)
        new = f"{base}{graphstore.PATH}/{secrets.token_hex(8)}" if op == "post" else None
        graph = graphstore.graph_of(base, exchange.path, exchange.query_string, new=new)
        if op == "delete":
            reply = await self._pool.write(Job("delete", graph=graph))
        else:
            media = exchange.header(b"content-type")
            kind = media.partition(";")[0].strip().lower()
            if kind not in UPLOADED and kind != _MULTIPART:
                raise protocol.unsupported(kind, (*UPLOADED, _MULTIPART))
            encoding = exchange.header(b"content-encoding").strip().lower()
            if encoding not in {"", "identity", "gzip"}:
                raise protocol.unsupported(f"Content-Encoding: {encoding}", ("gzip",))
            file = self._pool.folder / f"upload-{secrets.token_hex(8)}"
            try:
                await exchange.save(file, self._pool.settings.upload)
                base_iri = graph or f"{base}{graphstore.PATH}"
                reply = await self._pool.write(
                    Job(op, graph=graph, file=str(file), media=media, encoding=encoding, base=base_iri)
                )
            finally:
                _remove(file)
        headers = [(b"store-version", reply.version.encode())]
        if reply.created:
            headers.append((b"location", graph.encode()))
        await exchange.respond(201 if reply.created else 204, headers)

    def _base(self, exchange: Exchange) -> str:
        return base_of(exchange, self._settings.base_url, trust_proxy=self._settings.trust_proxy)

    def _origin(self, exchange: Exchange) -> None:
        """Let pages of configured origins write; those of others can neither write nor see the answer to a try."""
        origin = exchange.header(b"origin")
        reading = exchange.method in {"GET", "HEAD"}
        if reading or not origin:
            return
        if origin in self._settings.origins:
            exchange.extra.append((b"access-control-allow-origin", origin.encode()))
        else:
            exchange.extra.append((b"access-control-allow-origin", b"null"))
        exchange.extra.append((b"vary", b"Origin"))

    async def _preflight(self, exchange: Exchange, methods: str) -> None:
        headers = [(b"allow", methods.encode())]
        if exchange.header(b"origin") in self._settings.origins:
            headers += [
                (b"access-control-allow-methods", methods.encode()),
                (b"access-control-allow-headers", _ALLOWED_HEADERS),
                (b"access-control-max-age", b"600"),
            ]
        await exchange.respond(204, headers)


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
