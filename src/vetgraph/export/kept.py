"""Figures that are kept for a while, so that a page, its pictures and its files are measured and laid out once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Final

from vetgraph import export, networks
from vetgraph.export import drawing
from vetgraph.export.figure import Figure
from vetgraph.export.view import view

if TYPE_CHECKING:
    from vetgraph.networks import NetworkQuery
    from vetgraph.store import Store

MOST_TIES: Final = 50_000
"""A larger network is for the command line: no browser shows it well."""

VIEW: Final = "view.json"
"""The form that the interactive view reads."""

PAGE: Final = "page"
"""What a page is made of: the view's JSON and, of a network that is not too large, a drawing after a NUL."""

_DRAWN: Final = 3_000
_KEPT_TIES: Final = 120_000
_KEPT: Final = 32


class Figures:
    """The figures made last."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: OrderedDict[tuple[str, str, bool], Figure] = OrderedDict()
        self._lock = Lock()

    def write(self, store: Store, asked: NetworkQuery, form: str, lang: str) -> bytes:
        """Write a network.

        Args:
            store: What to ask.
            asked: The query.
            form: One of ``export.FORMS``, ``VIEW`` or ``PAGE``.
            lang: Language of labels, ``zh`` or ``en``.

        Returns:
            The file.

        Raises:
            BudgetError: It has more than ``MOST_TIES`` ties.
            UsageError: The query is no network's, or there is no such form.
        """
        figure = self._figure(store, asked)
        if form == VIEW:
            return view(figure)
        if form == PAGE:
            drawn = drawing.inline(figure, lang) if len(figure.network.ties) <= _DRAWN else b""
            return view(figure) + b"\0" + drawn
        return export.written(figure, form, lang)

    def _figure(self, store: Store, asked: NetworkQuery) -> Figure:
        key = (store.version, asked.query.text, asked.directed)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = Figure.of(networks.build(store, asked, most=MOST_TIES))
        with self._lock:
            self._found[key] = made
            while len(self._found) > _KEPT or self._ties() > max(_KEPT_TIES, len(made.network.ties)):
                self._found.popitem(last=False)
        return made

    def _ties(self) -> int:
        return sum(len(figure.network.ties) for figure in self._found.values())
