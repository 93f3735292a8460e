"""Pages that were made, kept for as long as the store has the content that they show."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from functools import wraps
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from flask import Response, current_app, request

from vetgraph.web import frame, negotiation
from vetgraph.web.reader import language

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST: Final = 48_000_000
"""Bytes of all pages together."""

_LARGEST: Final = 4_000_000
_FINE: Final = 200


class Pages:
    """The pages asked for last, within a bound of bytes."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[Any, ...], tuple[bytes, list[tuple[str, str]]]] = OrderedDict()
        self._size = 0
        self._version = ""
        self._lock = Lock()

    def get(self, version: str, key: tuple[Any, ...]) -> Response | None:
        """Return a page.

        Args:
            version: Name of the store's content now.
            key: What of the request decides the page.

        Returns:
            The page, or ``None`` where it is not kept.
        """
        with self._lock:
            if version != self._version:
                self._found.clear()
                self._size, self._version = 0, version
            found = self._found.get(key)
            if found is None:
                return None
            self._found.move_to_end(key)
        body, headers = found
        return Response(body, headers=headers)

    def put(self, version: str, key: tuple[Any, ...], made: Response) -> None:
        """Keep a page.

        Args:
            version: Name of the content that it shows.
            key: What of the request decides it.
            made: The page.
        """
        body = made.get_data()
        if made.status_code != _FINE or len(body) > _LARGEST or made.cache_control.no_store:
            return
        with self._lock:
            if version != self._version or key in self._found:
                return
            self._found[key] = (body, list(made.headers))
            self._size += len(body)
            while self._size > _MOST:
                _, (old, _) = self._found.popitem(last=False)
                self._size -= len(old)


def kept(view: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a view answers, where nothing but address, language and day decides it.

    Args:
        view: A view of the application.

    Returns:
        The view, asked once for each content of the store.
    """

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the view
        pages: Pages = current_app.extensions.setdefault("vetgraph.pages", Pages())
        version = current_app.extensions["vetgraph.store"].version
        accept = request.headers.get("Accept", "")
        form = negotiation.wants_html(accept), negotiation.best(accept, ("text/html", "application/json"))
        today = dt.datetime.now(dt.UTC).date()
        key = (request.path, request.query_string, language(), frame.base(), form, today)
        found = pages.get(version, key)
        if found is not None:
            return found
        made = current_app.make_response(view(*args, **kwargs))
        pages.put(version, key, made)
        return made

    return asked
