"""``/validate`` and ``/checks``: check a file that somebody sends, or the store itself; nothing is stored."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from vetgraph import doubts, origins
from vetgraph.errors import BudgetError, StoreError, Text
from vetgraph.sent import XLSX
from vetgraph.web import negotiation, reading, sizes
from vetgraph.web.app import page
from vetgraph.web.refusal import Refusal
from vetgraph.web.service import protocol
from vetgraph.web.things import locations
from vetgraph.workers.messages import Job

if TYPE_CHECKING:
    from flask import Flask

    from vetgraph.web.service.exchange import Exchange
    from vetgraph.workers.messages import Reply
    from vetgraph.workers.pool import Pool

METHODS: Final = "POST, OPTIONS"
PAGE_METHODS: Final = "GET, HEAD, POST"
FORMS: Final = {"application/json": "json", "text/turtle": "ttl", XLSX: "xlsx"}
SHOWN: Final = 500
"""Problems of one check that the page lists; JSON has all."""

_MANY: Final = 50_000
"""Things in the graph; where there are more, the page of checks says that the graph is being checked."""

_SMALLER: Final = Text(
    "分成几个较小的文件，或在自己的电脑上运行 vetgraph validate",
    "send less at once, or run vetgraph validate on your own machine",
)
_WHOLE: Final = Text(
    "在这里不能校验整个图谱；请运行 vetgraph validate --store",
    "The whole graph cannot be checked here; run vetgraph validate --store",
)
_JSON: Final = ("application/json", "json")
_CORS: Final = ((b"access-control-allow-origin", b"*"), (b"x-content-type-options", b"nosniff"))


@dataclass(frozen=True)
class Found:
    """What a check found, as the page shows it.

    Attributes:
        told: ``conforms``, ``problems`` and ``notes`` as ``/validate`` answers them; ``stopped`` where there was none.
        passages: The passages of the problems by IRI.
        doubts: What was noted about the reports.
        cells: Whether it is known from which cells the store was built.
        unread: Whether the doubts are too many to be read here.
    """

    told: dict[str, Any]
    passages: dict[str, doubts.Place] = field(default_factory=dict)
    doubts: list[doubts.Doubt] = field(default_factory=list)
    cells: bool = False
    unread: bool = False

    def plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        told = {**self.told, "cells": self.cells, "doubts": doubts.plain(self.doubts)}
        return {**told, "doubtsUnread": True} if self.unread else told


class Checks:
    """Answers the two addresses."""

    def __init__(self, pool: Pool, pages: Flask) -> None:
        """Remember the parts.

        Args:
            pool: Does the work.
            pages: Has the templates.
        """
        self._pool = pool
        self._pages = pages
        self._own: tuple[str, Found] | None = None

    async def validate(self, exchange: Exchange) -> None:
        """Answer a request to ``/validate``.

        Args:
            exchange: The request; its body is an RDF graph, a workbook, a CSV table, or a form with such files.

        Raises:
            Refusal: It is malformed.
            VetgraphError: What was sent cannot be checked.
        """
        if exchange.method == "OPTIONS":
            allowed = (b"access-control-allow-headers", b"Accept, Content-Type, Content-Encoding")
            methods = (b"access-control-allow-methods", METHODS.encode())
            await exchange.respond(204, ((b"allow", METHODS.encode()), methods, allowed, *_CORS))
            return
        if exchange.method != "POST":
            raise protocol.not_allowed(exchange.method, METHODS)
        media, form = _form(exchange)
        reply = await self._sent(exchange, (media, form))
        headers = [(b"content-type", media.encode() if form == "xlsx" else f"{media}; charset=utf-8".encode()), *_CORS]
        if form == "xlsx":
            headers.append((b"content-disposition", b'attachment; filename="checked.xlsx"'))
        await exchange.respond(200, headers, reply.body)

    async def page(self, exchange: Exchange) -> None:
        """Answer a browser's request to ``/checks``: the form, with what is wrong with the store or with a file.

        Args:
            exchange: The request.

        Raises:
            Refusal: It is malformed.
            VetgraphError: What was sent cannot be checked.
        """
        if exchange.method not in {"GET", "HEAD", "POST"}:
            raise protocol.not_allowed(exchange.method, PAGE_METHODS)
        if exchange.method == "POST":
            sent = json.loads((await self._sent(exchange, _JSON)).body)
            found = Found(sent, await self._passages(sent))
            made = page(self._pages, exchange, "checks.html", sent=found, most=SHOWN, address=locations.link)
        else:
            as_json = _wants_json(exchange)
            if not as_json and await self._waits(exchange):
                await self._reading(exchange)
                return
            own = await self._of_store(exchange)
            if as_json:
                body = json.dumps(own.plain(), ensure_ascii=False).encode()
                await exchange.respond(200, [(b"content-type", b"application/json; charset=utf-8"), *_CORS], body)
                return
            made = page(self._pages, exchange, "checks.html", own=own, most=SHOWN, address=locations.link)
        headers = [(name.lower().encode(), value.encode()) for name, value in made.headers if name != "Content-Length"]
        await exchange.respond(200, [*headers, (b"cache-control", b"no-store")], made.get_data())

    async def _waits(self, exchange: Exchange) -> bool:
        """Tell whether a page says that a large store is being checked, rather than nothing for so long."""
        known = self._own is not None and self._own[0] == self._pool.version()
        if known or reading.WHOLE in parse_qs(exchange.query_string.decode("latin-1"), keep_blank_values=True):
            return False

        def many() -> bool:
            with self._pages.app_context():
                return sum(sizes.sizes(self._pages.extensions["vetgraph.store"]).values()) > _MANY

        return await asyncio.to_thread(many)

    async def _reading(self, exchange: Exchange) -> None:
        query = exchange.query_string.decode("latin-1")
        path = f"{exchange.scope.get('root_path', '')}{exchange.path}"
        whole = f"{path}?{query}{'&' if query else ''}{reading.WHOLE}="
        made = page(self._pages, exchange, "reading.html", head="checks", word="checks-reading", whole=whole)
        headers = [(name.lower().encode(), value.encode()) for name, value in made.headers if name != "Content-Length"]
        await exchange.respond(200, [*headers, (b"cache-control", b"no-store")], made.get_data())

    async def _of_store(self, exchange: Exchange) -> Found:
        """Check the store and read its doubts; what was found last is kept until the store changes."""
        version = self._pool.version()
        if self._own is None or self._own[0] != version:
            told: dict[str, Any]
            try:
                reply = await self._pool.ask(Job("validate", results=_JSON), self._pool.settings.budget, exchange.left)
            except BudgetError as error:
                if error.resource == "workers":
                    raise
                told = _not_asked(error.message)  # it would be no other before the store changes
            except StoreError as error:  # a service behind that gives only a part of its graphs
                version, told = "", _not_asked(error.message)
            else:
                version, told = reply.version, json.loads(reply.body)
            passages = await self._passages(told)
            unread, cells = False, False
            noted: list[doubts.Doubt] = []
            try:
                cells, noted = await asyncio.to_thread(self._noted)
            except BudgetError as error:
                if error.resource == "workers":
                    raise
                unread = True  # the page says so
            self._own = version, Found(told, passages, noted, cells=cells, unread=unread)
        return self._own[1]

    def _noted(self) -> tuple[bool, list[doubts.Doubt]]:
        """Read the doubts, and tell whether the cells of the store are known."""
        store = self._pages.extensions["vetgraph.store"]
        with origins.opened(store) as cells:
            return cells is not None, doubts.recorded(store, cells)

    async def _passages(self, told: dict[str, Any]) -> dict[str, doubts.Place]:
        """Read where the passages of problems stand; those of a report that is only sent have no page to lead to."""
        iris = {iri for problem in told["problems"][:SHOWN] for iri in problem["passages"]}
        if not iris:
            return {}
        found = await asyncio.to_thread(doubts.places, self._pages.extensions["vetgraph.store"], iris)
        return {iri: place for iri, place in found.items() if place.title != iri}

    async def _sent(self, exchange: Exchange, results: tuple[str, str]) -> Reply:
        encoding = exchange.header(b"content-encoding").strip().lower()
        if encoding not in {"", "identity", "gzip"}:
            raise protocol.unsupported(f"Content-Encoding: {encoding}", ("gzip",))
        most = self._pool.settings.upload
        file = self._pool.folder / f"sent-{secrets.token_hex(8)}"
        media = exchange.header(b"content-type")
        try:
            await exchange.save(file, most)
            job = Job("validate", file=str(file), media=media, encoding=encoding, results=results, upload=most)
            return await self._pool.ask(job, self._pool.settings.budget, exchange.left)
        except BudgetError as error:
            if error.resource == "workers":
                raise
            raise BudgetError(error.message, _SMALLER, resource=error.resource) from None
        finally:
            file.unlink(missing_ok=True)


def _form(exchange: Exchange) -> tuple[str, str]:
    """Choose the form of the answer by ``?format=`` or the Accept header."""
    asked = protocol.parameter(exchange.query_string, "format")
    accept = exchange.header(b"accept")
    if asked is None:
        media = negotiation.best(accept, tuple(FORMS))
    else:
        media = next((each for each, name in FORMS.items() if asked in {each, name}), None)
    if media is None:
        raise Refusal(
            406 if asked is None else 400,
            Text(f"没有 {asked or accept} 格式", f"the report cannot be had as {asked or accept}"),
            Text(f"可用：{', '.join(FORMS)}", f"use one of {', '.join(FORMS)}"),
        )
    return media, FORMS[media]


def _wants_json(exchange: Exchange) -> bool:
    """Tell whether JSON is asked for, by ``?format=`` or the Accept header."""
    asked = protocol.parameter(exchange.query_string, "format")
    if asked is None:
        return negotiation.best(exchange.header(b"accept"), ("text/html", _JSON[0])) == _JSON[0]
    if asked in {"json", "html"}:
        return asked == "json"
    raise Refusal(
        400,
        Text(f"没有 {asked} 格式", f"the checks cannot be had as {asked}"),
        Text("可用：json、html", "use json or html"),
    )


def _not_asked(why: Text) -> dict[str, Any]:
    """Tell that the store was not checked, and how it can be."""
    stopped = {"message": {"zh": why.zh, "en": why.en}, "fix": {"zh": _WHOLE.zh, "en": _WHOLE.en}}
    return {"conforms": None, "problems": [], "notes": [], "stopped": stopped}
