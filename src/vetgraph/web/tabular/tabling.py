"""Tables kept for each content of the store, and what a page or a file shows of them."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from decimal import Decimal
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
from flask import current_app

from vetgraph import queries, views
from vetgraph.charts.frame import number as written_number
from vetgraph.errors import Text
from vetgraph.labels import Labels
from vetgraph.terms import python_value
from vetgraph.views import rows
from vetgraph.views.choosing import NOTHING
from vetgraph.views.ordering import position
from vetgraph.views.table import Table
from vetgraph.web import reading, sizes, wording
from vetgraph.web.refusal import Refusal
from vetgraph.web.things import citing, linked
from vetgraph.web.things.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flask import Response

    from vetgraph.store import Store
    from vetgraph.views import Column, Panel, View
    from vetgraph.views.choosing import Choice
    from vetgraph.views.rows import Line

MOST: Final = 100_000
"""Rows of a table that are kept to be filtered; a larger one is for ``/sparql``."""

_KEPT: Final = 250_000
"""Rows of all tables together that are kept."""

_LARGE: Final = 5_000
"""Rows; while a larger table is read, its page says so."""

_REPORTS_TOLD: Final = 5


class Tables:
    """The tables asked for last, each read once for each content of the store."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, tuple[list[Line], Labels, dict[str, Table]]] = OrderedDict()
        self._version = ""
        self._lock = Lock()
        self._readings: dict[str, Lock] = {}

    def get(self, store: Store, view: View, lang: str) -> tuple[Table, Labels]:
        """Return a table.

        Args:
            store: What to ask.
            view: The view.
            lang: The reader's language.

        Returns:
            The table, and the names of what is in it.

        Raises:
            Refusal: It has more rows than can be kept.
        """
        version = store.version
        with self._lock:
            if self._version != version:
                self._rows.clear()
                self._version = version
            found = self._rows.get(view.name)
            if found is not None:
                self._rows.move_to_end(view.name)
            alone = self._readings.setdefault(view.name, Lock())
        if found is None:
            with alone:  # who asks meanwhile waits, and does not read it too
                found = self._rows.get(view.name) if self._version == version else None
                found = found or self._fresh(store, view, version)
        lines, labels, made = found
        if lang not in made:
            made[lang] = Table(view, lines, namer(labels, lang), lang)
        return made[lang], labels

    def _fresh(self, store: Store, view: View, version: str) -> tuple[list[Line], Labels, dict[str, Table]]:
        """Read a table and keep it, as far as there is room."""
        found = self._read(store, view)
        with self._lock:
            if self._version == version:
                self._rows[view.name] = found
                while sum(len(each[0]) for each in self._rows.values()) > _KEPT and len(self._rows) > 1:
                    self._rows.popitem(last=False)
        return found

    def kept(self, store: Store, view: View) -> bool:
        """Tell whether a table is kept, so that it need not be read.

        Args:
            store: What would be asked.
            view: The view.

        Returns:
            Whether it is.
        """
        with self._lock:
            return self._version == store.version and view.name in self._rows

    @staticmethod
    def _read(store: Store, view: View) -> tuple[list[Line], Labels, dict[str, Table]]:
        lines = rows.read(store, view)
        if len(lines) > MOST:
            raise Refusal(
                422,
                Text(f"这张表有 {len(lines)} 行，太大", f"this table has {len(lines)} rows, which are too many"),
                Text("在 /sparql 用查询缩小范围", "narrow it with a query at /sparql"),
            )
        labels = Labels(linked.vocabulary())
        name_all(store, labels, view, lines)
        return lines, labels, {}


def tables() -> Tables:
    """Return the tables kept by the application."""
    kept: Tables = current_app.extensions.setdefault("vetgraph.tables", Tables())
    return kept


def waiting(view: View, title: str, lang: str) -> Response | None:
    """Return a page that says that a large table is being read, and comes back when it is there.

    Args:
        view: The table that the page asked for needs.
        title: What that page is called.
        lang: The reader's language.

    Returns:
        The page; ``None`` where the table is small, or kept, or the address says to wait for it.
    """
    store = linked.store()
    if reading.waits() or tables().kept(store, view):
        return None
    count = sizes.sizes(store).get(view.type, 0)
    if count <= _LARGE:
        return None
    return reading.page(title, wording.in_language(lang)("tables-reading").format(count=f"{count:,}"))


def name_all(store: Store, labels: Labels, view: View, lines: Iterable[Line]) -> None:
    """Read the names of everything in some rows.

    Args:
        store: What to ask.
        labels: Where to put them.
        view: The view.
        lines: Its rows.
    """
    iris: dict[str, None] = {}
    for line in lines:
        for values in line.cells.values():
            for value in values:
                if isinstance(value, ox.NamedNode):
                    iris[value.value] = None
    things = [line.thing for line in lines]
    named = [*iris, *things] if view.column("thing") is not None else list(iris)
    labels.look_up(store, named)
    labels.tell_apart(store, named)


def namer(labels: Labels, lang: str) -> Any:  # noqa: ANN401 - a function from a term to its name
    """Return what says how a reader calls a value.

    Args:
        labels: Names.
        lang: The reader's language.

    Returns:
        From a term to its name.
    """
    showing = Showing(labels, lang)

    def name(value: Any) -> str:  # noqa: ANN401 - an RDF term, or a number
        if isinstance(value, ox.NamedNode):
            return str(showing.node(value.value)["text"])
        if isinstance(value, ox.Literal):
            return value.value
        return written_number(value) if isinstance(value, (int, float)) else str(value)

    return name


def own_language(values: Sequence[Any], lang: str) -> list[Any]:
    """Return the texts of a cell in the reader's language, where there are some in it.

    Args:
        values: The values.
        lang: The reader's language.

    Returns:
        All of them, where none is a text in that language.
    """
    own = [value for value in values if isinstance(value, ox.Literal) and value.language == lang]
    return own or list(values)


def ordered(table: Table, line: Line, column: Column) -> list[Any]:
    """Return the values of a cell in the order in which they are shown.

    Args:
        table: The table.
        line: The row.
        column: The column.

    Returns:
        Codes as their list has them, other values by their names.
    """
    values = own_language(table.values(line, column.name), table.lang)
    return sorted(values, key=position if column.kind == "code" else table.text)


def shown(table: Table, labels: Labels, lines: Sequence[Line], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Return rows for a page.

    Args:
        table: The table.
        labels: The names of what is in it.
        lines: The rows.
        columns: The columns.

    Returns:
        For each row ``href``, ``cells`` (of ``values`` and ``number``) and ``marks``.
    """
    store, showing = linked.store(), Showing(labels, table.lang)
    marks = citing.marks(store, [g for line in lines for g in citing.marked(line.passages)], labels, table.lang)
    made = []
    for line in lines:
        cells = []
        for column in columns:
            values = [_node(showing, value, column) for value in ordered(table, line, column)]
            cells.append({"values": values, "number": column.kind in {"number", "count", "total"}, "kind": column.kind})
        listed = citing.behind(line.passages, marks)
        made.append({"thing": showing.node(line.thing), "cells": cells, "marks": listed})
    return made


def _node(showing: Showing, value: Any, column: Column) -> dict[str, Any]:  # noqa: ANN401 - an RDF term, or a number
    if column.kind == "number" and isinstance(value, ox.Literal):
        plain_ = python_value(value)
        value = float(plain_) if isinstance(plain_, (int, Decimal)) and not isinstance(plain_, bool) else value
    if isinstance(value, (int, float)):
        return {"text": written_number(value)}
    return showing.value(value)


def plain(table: Table, line: Line, column: Column) -> Any:  # noqa: ANN401 - text, number, date or none
    """Return a cell for a file: a number or a date where it is one, else the names of its values.

    Args:
        table: The table.
        line: The row.
        column: The column.

    Returns:
        The value.
    """
    values = ordered(table, line, column)
    if not values:
        return None
    if len(values) == 1 and column.kind in {"number", "time", "count", "total"}:
        value = python_value(values[0]) if isinstance(values[0], ox.Literal) else values[0]
        if isinstance(value, Decimal):
            return int(value) if value == int(value) else float(value)
        return value
    return "；".join(table.text(value) for value in values)


def filters(table: Table, choice: Choice) -> list[dict[str, Any]]:
    """Return what a reader has filtered by, in words, each with the choice without it.

    Args:
        table: The table.
        choice: What the reader has chosen.

    Returns:
        ``label``, ``text`` and ``without``.
    """
    say = wording.in_language(table.lang)
    found: list[dict[str, Any]] = []
    if choice.q:
        found.append({"label": say("tables-text"), "text": choice.q, "without": choice.with_(q="")})
    _, bins = table.chosen(choice)
    for name, values in choice.facets.items():
        texts = {each.value: each.text for each in bins[name]}
        label = _label(table.view, name, table.lang)
        for value in values:
            text = say("tables-none") if value == NOTHING else texts.get(value) or value
            found.append({"label": label, "text": text, "without": choice.toggled(name, value)})
    for sign, bounds, part in (("≥", choice.least, "least"), ("≤", choice.most, "most")):
        for name, bound in bounds.items():
            rest = {key: value for key, value in bounds.items() if key != name}
            label = _label(table.view, name, table.lang)
            found.append({"label": label, "text": f"{sign} {bound:g}", "without": choice.with_(**{part: rest})})
    return found


def _label(view: View, name: str, lang: str) -> str:
    column = view.column(name)
    return column.label.get(lang) if column else name


def reports(lang: str) -> str:
    """Return titles and dates of the reports in the store, for the source line of files and charts.

    Args:
        lang: The reader's language.

    Returns:
        A line.
    """
    kept: dict[tuple[str, str], str] = current_app.extensions.setdefault("vetgraph.reports", {})
    version = linked.store().version
    if (version, lang) not in kept:
        kept.clear()
        kept[version, lang] = _reports(lang)
    return kept[version, lang]


def _reports(lang: str) -> str:
    facts: dict[str, dict[str, str]] = {}
    for row in queries.page(linked.store(), "report-facts"):
        key = row.term("property").value.rpartition("/")[2].rpartition("#")[2]
        facts.setdefault(str(row["report"]), {})[key] = str(row["value"])
    told = []
    for each in list(facts.values())[:_REPORTS_TOLD]:
        title, issued = each.get("title", ""), each.get("issued", "")
        year = "" if each.get("refPeriod", "") in title else each.get("refPeriod", "")
        head = " ".join(part for part in (title, year) if part)
        told.append(f"{head}（{issued}）" if issued and lang == "zh" else f"{head} ({issued})" if issued else head)
    more = len(facts) - _REPORTS_TOLD
    rest = Text(f"等 {len(facts)} 份报告", f"and {more} more reports").get(lang) if more > 0 else ""
    joined = "；".join(told) if lang == "zh" else "; ".join(told)
    return f"{joined}{rest}" if lang == "zh" else f"{joined} {rest}".strip()


def about(title: str, query: str, address: str, told: Sequence[tuple[str, str]], lang: str) -> list[tuple[str, str]]:
    """Return what the sheet of sources says.

    Args:
        title: What the rows are.
        query: The query that gave them.
        address: Where they can be seen.
        told: What else is to be told: filters, numbers.
        lang: The reader's language.

    Returns:
        Pairs of what is told and how it is called.
    """
    say = wording.in_language(lang)
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return [
        (say("tables-title"), title),
        *told,
        (say("tables-reports"), reports(lang)),
        (say("tables-address"), address),
        (say("tables-edition"), linked.store().version),
        (say("tables-date"), today),
        (say("tables-licence"), "CC BY 4.0"),
        (say("tables-query"), query),
    ]


def panel_table(panel: Panel, about_iri: str, lang: str, most: int | None) -> tuple[Table, Labels]:
    """Read the rows of a panel.

    Args:
        panel: The panel.
        about_iri: IRI of the thing whose page it stands on.
        lang: The reader's language.
        most: How many things at most.

    Returns:
        A table of them, and the names of what is in it.
    """
    store, view = linked.store(), views.catalogue()[panel.view]
    lines = rows.read(store, view, panel, about_iri, most)
    labels = Labels(linked.vocabulary())
    name_all(store, labels, view, lines)
    return Table(view, lines, namer(labels, lang), lang), labels
