"""Figures that are kept for a while, so that a page, its pictures and its files are measured and laid out once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from vetgraph import export, networks
from vetgraph.errors import Text, UsageError
from vetgraph.export import differences, drawing
from vetgraph.export.figure import PALETTE, STROKES, Figure
from vetgraph.export.view import view
from vetgraph.networks.comparing import TIE_CHANGES
from vetgraph.networks.describing import cited
from vetgraph.networks.reading import too_many

if TYPE_CHECKING:
    from vetgraph.networks import Comparison, NetworkQuery
    from vetgraph.networks.building import Network
    from vetgraph.store import Store

MOST_TIES: Final = 50_000
"""A larger network is for the command line: no browser shows it well."""

VIEW: Final = "view.json"
"""The form that the interactive view reads."""

PAGE: Final = "page"
"""What a page is made of: the view's JSON and, of a network that is not too large, a drawing after a NUL; of a
comparison, its JSON after another."""

COMPARED: Final = ("json", "csv", "xlsx", "svg", "png", "gexf")
"""The forms of a comparison; the last three show both networks in one, coloured by what became of each part."""

_CHANGED: Final = {"stayed": PALETTE[7], "joined": PALETTE[2], "left": PALETTE[1]}
_SENT: Final = Text("所传文件", "the file")

_DRAWN: Final = 3_000
_KEPT_TIES: Final = 120_000
_KEPT: Final = 32


@dataclass(frozen=True)
class Cut:
    """What of a query's network is wanted.

    Attributes:
        reports: Keys or IRIs of reports: only what their passages say; all where there are none.
        project: Which mode to project on, ``source`` or ``target``; empty: the network as it is.
        against: Reports whose network it is compared with.
        saved: Path of a saved network that it is compared with instead.
    """

    reports: tuple[str, ...] = ()
    project: str = ""
    against: tuple[str, ...] = ()
    saved: str = ""

    @property
    def compares(self) -> bool:
        """Whether two networks are compared."""
        return bool(self.against or self.saved)


class Figures:
    """The figures made last."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: OrderedDict[tuple[str, str, bool, Cut], tuple[Figure, Comparison | None]] = OrderedDict()
        self._lock = Lock()

    def write(self, store: Store, asked: NetworkQuery, form: str, lang: str, cut: Cut = Cut()) -> bytes:
        """Write a network, or its comparison with another.

        Args:
            store: What to ask.
            asked: The query.
            form: One of ``export.FORMS``, or of ``COMPARED`` where two are compared; ``VIEW`` or ``PAGE``.
            lang: Language of labels, ``zh`` or ``en``.
            cut: What of the network is wanted.

        Returns:
            The file.

        Raises:
            BudgetError: It has more than ``MOST_TIES`` ties.
            UsageError: The query is no network's, or there is no such form.
        """
        if form not in {VIEW, PAGE}:
            export.check(form, COMPARED if cut.compares else export.FORMS)
        figure, compared = self._figure(store, asked, cut)
        if form == VIEW:
            return view(figure)
        if form == PAGE:
            drawn = drawing.inline(figure, lang) if len(figure.network.ties) <= _DRAWN else b""
            parts = [view(figure), drawn, *([] if compared is None else [differences.write(compared, "json", lang)])]
            return b"\0".join(parts)
        if compared is not None and form in differences.FORMS:
            return differences.write(compared, form, lang)
        return export.written(figure, form, lang)

    def _figure(self, store: Store, asked: NetworkQuery, cut: Cut) -> tuple[Figure, Comparison | None]:
        key = (store.version, asked.query.text, asked.directed, cut)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found, compared = _network(store, asked, cut.reports, cut.project), None
        if cut.compares:
            compared = networks.compare(_before(store, asked, cut), found)
            made = _coloured(compared)
        else:
            made = Figure.of(found)
        with self._lock:
            self._found[key] = made, compared
            while len(self._found) > _KEPT or self._ties() > max(_KEPT_TIES, len(made.network.ties)):
                self._found.popitem(last=False)
        return made, compared

    def _ties(self) -> int:
        return sum(len(figure.network.ties) for figure, _ in self._found.values())


def _network(store: Store, asked: NetworkQuery, reports: tuple[str, ...], project: str) -> Network:
    found = networks.build(store, asked, reports=reports, most=MOST_TIES)
    return networks.project(found, project, most=MOST_TIES) if project else found


def _before(store: Store, asked: NetworkQuery, cut: Cut) -> Network:
    """Make the network that another is compared with, or read it."""
    if not cut.saved:
        return _network(store, asked, cut.against, cut.project)
    try:
        data = Path(cut.saved).read_bytes()
    except OSError:
        raise UsageError(
            Text("所传文件已不在服务器上", "the file is no longer on the server"), Text("重新上传", "send it again")
        ) from None
    found = networks.parse(data, _SENT)
    if len(found.ties) > MOST_TIES:
        raise too_many(MOST_TIES)
    proofs = {passage for tie in found.ties for passage in tie.passages if "://" in passage}
    found.passages, found.reports = cited(store, proofs)
    if cut.project and found.modes == "two-mode":  # it was saved as it is; what it is compared with is projected
        return networks.project(found, cut.project, most=MOST_TIES)
    return found


def _coloured(compared: Comparison) -> Figure:
    """Lay out both networks as one, in the colours of what became of each node and tie."""
    figure = Figure.of(networks.union(compared))
    kinds = {change: colour for change, colour in _CHANGED.items() if change in figure.kinds}
    nodes = figure.network.nodes.values()
    return replace(
        figure,
        colours={node.id: kinds[node.kind] for node in nodes},
        kinds=kinds,
        relations=dict(zip(TIE_CHANGES, STROKES, strict=False)),
    )
