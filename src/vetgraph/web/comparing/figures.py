"""``/compare/figures``: the figures of places and years beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from vetgraph import charts, names, views
from vetgraph.charts.frame import number as written
from vetgraph.errors import Text
from vetgraph.views import comparing, files
from vetgraph.views.choosing import Choice
from vetgraph.web import frame, wording
from vetgraph.web.comparing import figure_charts, figure_files
from vetgraph.web.comparing.compare import LEAST, MOST, PICTURES, known_form
from vetgraph.web.comparing.figure_rows import Beside
from vetgraph.web.kept import kept
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tables, tabling
from vetgraph.web.things import linked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from vetgraph.charts import Chart
    from vetgraph.views.comparing import Place
    from vetgraph.views.table import Table

blueprint = Blueprint("figures", __name__)

_FIRST: Final = 4
_TARGETS: Final = "targets"


SHOWN: Final = 300
"""Rows of each table of the page; files have all."""


@blueprint.get("/compare/figures")
@kept
def compared() -> Response:
    """Compare the figures of places and years."""
    lang = language()
    view = views.get("figures")
    if not request.args.get("format") and (waits := tabling.waiting(view, view.query.title.get(lang), lang)):
        return waits
    table, labels = tabling.tables().get(linked.store(), view, lang)
    told = comparing.figures(table.lines)
    known = comparing.places(told)
    chosen = _in_order(_places(known) or comparing.usual(told, _FIRST))
    beside = Beside(comparing.compare(told, chosen), chosen, labels, lang)
    drawn, aims = figure_charts.indicator(beside, request.args.get("indicator", "")), figure_charts.aims(beside)
    if form := request.args.get("format", ""):
        return _file(table, beside, form, drawn, aims)
    return Response(render_template("figures.html", **_shown(beside, known, drawn, aims)), mimetype="text/html")


def _shown(beside: Beside, known: Sequence[Place], drawn: Chart | None, aims: Sequence[Chart]) -> dict[str, Any]:
    """Return what the page shows."""
    chosen, address = beside.chosen, _address(beside.chosen)
    pairs, rates = beside.pairs(), beside.rates()
    indicators = dict.fromkeys(row.indicator for row in beside.rows)
    return {
        "known": [(place, beside.called(place)) for place in known],
        "chosen": chosen,
        "columns": [beside.called(place) for place in chosen],
        "rows": [beside.shown(row) for row in beside.rows[:SHOWN]],
        "shown": SHOWN,
        "counts": {"rows": len(beside.rows), "targets": len(pairs), "rates": len(rates)},
        "rates": [(what, by, [written(v) if v is not None else "" for v in each]) for what, by, each in rates[:SHOWN]],
        "pairs": [
            {
                "label": pair.label,
                "place": pair.place,
                "target": beside.measured(pair.target),
                "result": beside.measured(pair.result),
                "share": f"{pair.share:.1%}" if pair.share is not None else "",
                "note": pair.note,
                "doubts": beside.marked(pair.doubts),
            }
            for pair in pairs[:SHOWN]
        ],
        "chart": Markup(charts.svg(drawn)) if drawn else None,  # noqa: S704 - our own drawing
        "aims": [
            (Markup(charts.svg(each)), [(f, f"{address}&format={f}&picture={each.key}") for f in sorted(PICTURES)])  # noqa: S704 - our own drawing
            for each in aims
        ],
        "indicators": [(names.shorten(each), beside.name(each)) for each in indicators],
        "indicator": names.shorten(figure_charts.drawn(beside, request.args.get("indicator", "")) or ""),
        "two": len(chosen) == LEAST,
        "noted": any(row.differs or row.elsewhere or row.apart for row in beside.rows),
        "links": {form: f"{address}&format={form}" for form in (*files.FORMS, *(sorted(PICTURES) if drawn else ()))},
        "parts": {
            part: {form: f"{address}&part={part}&format={form}" for form in files.FORMS} for part in figure_files.PARTS
        },
        "permalink": address,
        "value": _value,
    }


def _in_order(chosen: Sequence[Place]) -> list[Place]:
    """Put the years of each region one after another, so that a difference is what has been added since."""
    areas = list(dict.fromkeys(place.area for place in chosen))
    return sorted(chosen, key=lambda place: (areas.index(place.area), place.year))


def _value(place: Place) -> str:
    """Return what an address says for a column."""
    return f"{names.shorten(place.area)}@{place.year}"


def _address(chosen: Sequence[Place]) -> str:
    pairs = [("of", _value(place)) for place in chosen]
    indicator = request.args.get("indicator", "")
    return f"{url_for('figures.compared')}?{urlencode([*pairs, *([('indicator', indicator)] if indicator else [])])}"


def _places(known: Sequence[Place]) -> list[Place]:
    """Return the columns that the address names."""
    given = request.args.getlist("of")
    by_name = {_value(place): place for place in known}
    wrong = next((each for each in given if each not in by_name), None)
    if wrong is not None:
        listed = ", ".join(list(by_name)[:MOST])
        raise Refusal(
            404,
            Text(f"没有 {wrong} 的数字", f"there are no figures of {wrong}"),
            Text(f"可用：{listed}", f"use {listed}"),
        )
    chosen = [by_name[each] for each in dict.fromkeys(given)]
    if len(chosen) > MOST:
        raise Refusal(400, Text(f"最多 {MOST} 列", f"at most {MOST} columns"), Text("去掉几列", "leave some out"))
    return chosen


def _file(table: Table, beside: Beside, form: str, drawn: Chart | None, aims: Sequence[Chart]) -> Response:
    lang, say = beside.lang, wording.in_language(beside.lang)
    if form in PICTURES:
        return _picture(request.args.get("picture", ""), form, drawn, aims)
    known_form(form)
    part = request.args.get("part", "")
    address = f"{frame.base()}{_address(beside.chosen).removeprefix(request.script_root).lstrip('/')}"
    places = {"area": (names.shorten(place.area) for place in beside.chosen), "period": (p.year for p in beside.chosen)}
    seen = Choice(facets={name: tuple(dict.fromkeys(values)) for name, values in places.items()})
    about = tabling.about(say("compare-figures"), tables.query_of(table, seen), address, [], lang)
    sheet = figure_files.sheet(beside, part, about)
    return tables.attachment(files.written(sheet, form), form, f"compare-{part}" if part else "figures")


def _picture(asked: str, form: str, drawn: Chart | None, aims: Sequence[Chart]) -> Response:
    """Return the chart of the indicator, or one of those of the targets: ``targets-1``."""
    listed = {each.key: each for each in aims}
    wanted = {"": drawn, _TARGETS: next(iter(aims), None), **listed}.get(asked)
    if wanted is None:
        known = ", ".join(listed) or "–"
        raise Refusal(
            404,
            Text("没有可画的数字", "there is nothing to draw"),
            Text(f"选别的；目标图：{known}", f"choose others; charts of targets: {known}"),
        )
    return tables.picture(wanted, form, asked or "figures")
