"""``/compare``: two to twelve things of a kind side by side; ``/compare/figures``: places and years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup

from vetgraph import charts, names, views
from vetgraph.charts.frame import number as written
from vetgraph.errors import Text, UsageError
from vetgraph.search import listing
from vetgraph.search.index import LONGEST
from vetgraph.views import files, rows
from vetgraph.views.choosing import Choice
from vetgraph.views.ordering import position
from vetgraph.web import frame, wording
from vetgraph.web.finding import search
from vetgraph.web.kept import kept
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tables, tabling
from vetgraph.web.things import citing, linked
from vetgraph.web.things.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.charts import Chart
    from vetgraph.labels import Labels
    from vetgraph.views import View
    from vetgraph.views.rows import Line
    from vetgraph.views.table import Table

blueprint = Blueprint("compare", __name__)

LEAST: Final = 2
MOST: Final = 12
_NAMED: Final = 400
_FOUND: Final = 20
PICTURES: Final = frozenset({"svg", "png"})
_DEFAULT: Final = "schools"


@blueprint.get("/compare")
@kept
def things() -> Response:
    """Compare things of a kind, chosen by name."""
    lang = language()
    try:
        view = views.get(request.args.get("kind") or _DEFAULT)
    except UsageError as error:
        raise Refusal(400, error.message, error.fix or error.message) from None
    if not request.args.get("format") and (waits := tabling.waiting(view, wording.in_language(lang)("compare"), lang)):
        return waits
    table, labels = tabling.tables().get(linked.store(), view, lang)
    chosen = _chosen(table)
    added = request.args.get("add", "").strip()
    found, sure = _matching(table, added, chosen) if added else ([], False)
    if sure and len(chosen) < MOST:
        return redirect(_address(view, [*chosen, found[0][0]]), code=303)  # type: ignore[return-value]
    form = request.args.get("format", "")
    if form:
        return _things_file(table, chosen, form)
    by_iri = {line.thing: line for line in table.lines}
    lines = [by_iri[iri] for iri in chosen]
    showing = Showing(labels, lang)
    known = [each for each in table.lines if each.thing not in chosen]
    html = render_template(
        "compare.html",
        view=view,
        kinds=[v for v in views.catalogue().values() if v.column("thing") and any(c.sum for c in v.columns)],
        things=[{**showing.node(iri), "without": _address(view, [o for o in chosen if o != iri])} for iri in chosen],
        rows=_side_by_side(table, labels, lines) if lines else [],
        charts=[Markup(charts.svg(each)) for each in _pictures(table, lines)] if lines else [],  # noqa: S704 - our own
        pictures=[f"{_address(view, chosen)}&format=svg", f"{_address(view, chosen)}&format=png"],
        suggestions=[table.text(ox.NamedNode(each.thing)) for each in known] if len(known) <= _NAMED else [],
        added=added,
        found=[(showing.node(iri), why, _address(view, [*chosen, iri])) for iri, why in found],
        chosen=chosen,
        full=len(chosen) >= MOST,
        joined=_address(view, chosen),
        few=len(chosen) < LEAST,
        links={each: f"{_address(view, chosen)}&format={each}" for each in files.FORMS},
        shorten=names.shorten,
        permalink=_address(view, chosen),
    )
    return Response(html, mimetype="text/html")


def _chosen(table: Table) -> list[str]:
    """Return the things that the address names, each once."""
    known = {line.thing for line in table.lines}
    chosen: dict[str, None] = {}
    for given in request.args.getlist("of"):
        try:
            iri = names.expand(given)
        except ValueError:
            iri = given
        if iri not in known:
            raise Refusal(
                404,
                Text(
                    f"“{table.view.query.title.zh}”里没有 {given}", f"{given} is not among {table.view.query.title.en}"
                ),
                Text("按名称添加", "add it by its name"),
            )
        chosen[iri] = None
    if len(chosen) > MOST:
        raise Refusal(
            400,
            Text(f"最多对比 {MOST} 个，给了 {len(chosen)} 个", f"at most {MOST} can be compared, not {len(chosen)}"),
            Text("去掉几个", "leave some out"),
        )
    return list(chosen)


def _matching(table: Table, text: str, chosen: Sequence[str]) -> tuple[list[tuple[str, str]], bool]:
    """Find things by a name, an alias, pinyin, initials or a spelling near to one, as suggestions do.

    Returns:
        IRIs, each with why it is found where its own name does not show it; and whether the first is surely meant.
    """
    known = {line.thing for line in table.lines}
    hits = [hit for hit in search.of_table(table.view, text[:LONGEST], _FOUND * 2) if hit.iri in known - set(chosen)]
    told = []
    for hit in hits[:_FOUND]:
        same = hit.name in {hit.label.zh, hit.label.en}
        way = listing.WAYS[hit.way].get(table.lang)
        told.append((hit.iri, way if same else f"{way}{'：' if table.lang == 'zh' else ': '}{hit.name}"))
    word = text.casefold()
    exact = [hit.iri for hit in hits if word in {hit.name.casefold(), hit.label.zh.casefold(), hit.label.en.casefold()}]
    if len(exact) == 1:
        return sorted(told, key=lambda pair: pair[0] != exact[0]), True
    return told, len(hits) == 1 and hits[0].way not in search.GUESSED


def _address(view: View, chosen: Sequence[str]) -> str:
    pairs = [("kind", view.name), *(("of", names.shorten(iri)) for iri in chosen)]
    return f"{url_for('compare.things')}?{urlencode(pairs)}"


def _side_by_side(table: Table, labels: Labels, lines: Sequence[Line]) -> list[dict[str, Any]]:
    showing = Showing(labels, table.lang)
    columns = [column for column in table.view.columns if column.name != "thing"]
    made = []
    for column in columns:
        cells, texts = [], []
        for line in lines:
            values = tabling.ordered(table, line, column)
            cells.append([{"text": written(v)} if isinstance(v, (int, float)) else showing.value(v) for v in values])
            texts.append(tuple(table.text(value) for value in values))
        if any(cells):
            number = column.kind in {"number", "count", "total"}
            made.append(
                {"label": column.label.get(table.lang), "cells": cells, "number": number, "same": len(set(texts)) == 1}
            )
    marks = citing.marks(linked.store(), [g for line in lines for g in line.passages], labels, table.lang)
    sources = [sorted((marks[g] for g in line.passages), key=lambda m: m["order"]) for line in lines]
    made.append({"label": wording.in_language(table.lang)("tables-passages"), "marks": sources})
    return made


def _pictures(table: Table, lines: Sequence[Line]) -> list[Chart]:
    """Draw what can be counted of the things: their numbers, and the parts of what points at them."""
    lang, view = table.lang, table.view
    source = f"{tabling.reports(lang)} · vetgraph"
    called = {line.thing: table.text(ox.NamedNode(line.thing)) for line in lines}
    made = []
    for view_ in views.catalogue().values():
        for panel in view_.panels:
            if view_.picture is None or len(panel.steps) != 1 or panel.steps[0][1] is False:
                continue
            parts: list[tuple[str, Any, float | None]] = []
            for line in lines:
                found = rows.read(linked.store(), view_, panel, line.thing, 1_000)
                for each in found:
                    series = each.cells.get(view_.picture.series, ())
                    parts += [(line.thing, value, each.number(view_.picture.value)) for value in series]
            if parts:
                made.append(_parts(parts, called, panel.title.get(lang), source, lang, view_, panel.name))
    drawn = {panel.view for panel in views.panels().values() if views.catalogue()[panel.view].picture}
    for column in view.columns:
        if column.sum and not (column.kind == "total" and drawn and made):
            numbers = [(called[line.thing], "", line.number(column.name)) for line in lines]
            if any(number for _, _, number in numbers):
                made.append(charts.chart(column.label.get(lang), numbers, source=source, lang=lang, key=column.name))
    return made


def _parts(  # noqa: PLR0913, PLR0917 - what a chart is made of
    parts: list[tuple[str, Any, float | None]],
    called: dict[str, str],
    title: str,
    source: str,
    lang: str,
    view: View,
    name: str,
) -> Chart:
    labels = linked.vocabulary()
    labels.look_up(linked.store(), [value.value for _, value, _ in parts if isinstance(value, ox.NamedNode)])
    namer = tabling.namer(labels, lang)
    del view
    zeros = [(thing, parts[0][1], 0.0) for thing in called]
    order = {thing: place for place, thing in enumerate(called)}
    ranked = sorted([*parts, *zeros], key=lambda row: (order[row[0]], position(row[1])))
    series = {value: place for place, value in enumerate(sorted({row[1] for row in ranked}, key=position))}
    ranked.sort(key=lambda row: (series[row[1]], order[row[0]]))
    told = [(called[thing], namer(value), count) for thing, value, count in ranked]
    drawn = charts.chart(title, told, kind="stacked", source=source, lang=lang, key=name)
    at = [drawn.categories.index(each) for each in dict.fromkeys(called.values())]
    again = tuple(charts.Series(s.name, tuple(s.values[place] for place in at)) for s in drawn.series)
    return charts.Chart(title, tuple(dict.fromkeys(called.values())), again, "stacked", "", source, "", lang, name)


def _things_file(table: Table, chosen: Sequence[str], form: str) -> Response:
    lang, view = table.lang, table.view
    by_iri = {line.thing: line for line in table.lines}
    lines = [by_iri[iri] for iri in chosen]
    if form in PICTURES:
        drawn = _pictures(table, lines)
        if not drawn:
            raise Refusal(404, Text("没有可画的数字", "there is nothing to draw"), Text("选别的", "choose others"))
        return tables.picture(drawn[0], form, f"compare-{view.name}")
    known_form(form)
    say = wording.in_language(lang)
    columns = [column for column in view.columns if column.name != "thing"]
    told = [[column.label.get(lang), *(tabling.plain(table, line, column) for line in lines)] for column in columns]
    head = ["", *(table.text(ox.NamedNode(line.thing)) for line in lines)]
    keys = ["property", *(names.shorten(line.thing) for line in lines)]
    title = say("compare-title").format(kind=view.query.title.get(lang))
    address = f"{frame.base()}compare?{urlencode([('kind', view.name), *(('of', names.shorten(i)) for i in chosen)])}"
    seen = Choice(
        facets={"thing": tuple(names.shorten(i) for i in chosen)}, columns=tuple(c.name for c in view.columns)
    )
    about = tabling.about(title, tables.query_of(table, seen), address, [], lang)
    sheet = files.Sheet(title, head, told, keys, about, say("tables-sources"))
    return tables.attachment(files.written(sheet, form), form, f"compare-{view.name}")


def known_form(form: str) -> None:
    """Refuse a form that a comparison cannot be had in.

    Args:
        form: As of ``format=``.

    Raises:
        Refusal: It is none.
    """
    if form not in files.FORMS:
        known = ", ".join([*files.FORMS, *sorted(PICTURES)])
        raise Refusal(
            400, Text(f"没有 {form} 格式", f"there is no form {form}"), Text(f"可用：{known}", f"use one of {known}")
        )
