"""``/compare/figures``: the figures of places and years beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from vetgraph import charts, names, views
from vetgraph.charts.frame import number as written
from vetgraph.errors import Text
from vetgraph.views import comparing, files, rows
from vetgraph.web import citing, frame, linked, tables, tabling, wording
from vetgraph.web.compare import LEAST, MOST, PICTURES, known_form
from vetgraph.web.kept import kept
from vetgraph.web.refusal import Refusal
from vetgraph.web.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vetgraph.charts import Chart
    from vetgraph.views.comparing import Comparison, Figure, Place

    Namer: TypeAlias = Callable[[Any], str]

blueprint = Blueprint("figures", __name__)

_SIGNS: Final = {"at-least": "≥ ", "more-than": "> ", "at-most": "≤ "}
_FIRST: Final = 4
_CELL: Final = 6
"""Figures of one report that differ and stand in one cell."""


@blueprint.get("/compare/figures")
@kept
def compared() -> Response:
    """Compare the figures of places and years."""
    lang, say = tables.language(), wording.in_language(tables.language())
    table, labels = tabling.tables().get(linked.store(), views.get("figures"), lang)
    told = comparing.figures(table.lines)
    known = comparing.places(told)
    chosen = _places(known) or comparing.usual(told, _FIRST)
    found = comparing.compare(told, chosen)
    namer = tabling.namer(labels, lang)
    marks = citing.marks(
        linked.store(),
        [graph for row in found for found in row.cells.values() for figure in found for graph in figure.line.passages],
        labels,
        lang,
    )
    of = comparing.students(found)
    drawn = _figure_chart(found, chosen, namer, lang)
    aims = _targets(found, chosen, namer, lang)
    if form := request.args.get("format", ""):
        return _figures_file(found, chosen, namer, form, drawn, aims)
    rows_ = [_figure_row(row, chosen, namer, marks, lang) for row in found]
    rates = [(row, [comparing.rate(row, place, of) for place in chosen]) for row in found]
    html = render_template(
        "figures.html",
        known=[(place, _called(place, namer)) for place in known],
        chosen=chosen,
        columns=[(_called(place, namer), names.shorten(place.area)) for place in chosen],
        rows=rows_,
        rates=[
            {"label": namer(ox.NamedNode(row.indicator)), "cells": [written(v) if v is not None else "" for v in found]}
            for row, found in rates
            if any(value is not None for value in found)
        ],
        pairs=_pairs(found, chosen, namer, lang),
        chart=Markup(charts.svg(drawn)) if drawn else None,  # noqa: S704 - our own drawing
        aims=Markup(charts.svg(aims)) if aims else None,  # noqa: S704 - our own drawing
        indicators=[(names.shorten(i), namer(ox.NamedNode(i))) for i in dict.fromkeys(row.indicator for row in found)],
        indicator=request.args.get("indicator", ""),
        two=len(chosen) == LEAST,
        links={each: f"{_figures_address(chosen)}&format={each}" for each in (*files.FORMS, *sorted(PICTURES))},
        permalink=_figures_address(chosen),
        value=lambda place: f"{names.shorten(place.area)}@{place.year}",
        say=say,
    )
    return Response(html, mimetype="text/html")


def _figures_address(chosen: Sequence[Place]) -> str:
    pairs = [("of", f"{names.shorten(place.area)}@{place.year}") for place in chosen]
    indicator = request.args.get("indicator", "")
    return f"{url_for('figures.compared')}?{urlencode([*pairs, *([('indicator', indicator)] if indicator else [])])}"


def _places(known: Sequence[Place]) -> list[Place]:
    """Return the columns that the address names."""
    given = request.args.getlist("of")
    by_name = {f"{names.shorten(place.area)}@{place.year}": place for place in known}
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


def _called(place: Place, namer: Namer) -> str:
    return f"{namer(ox.NamedNode(place.area))} {place.year}"


def _sign(bound: str) -> str:
    return _SIGNS.get(bound.rpartition("/")[2], "")


def _measured(figure: Figure, namer: Namer) -> str:
    unit = namer(ox.NamedNode(figure.unit)) if figure.unit else ""
    return f"{_sign(figure.bound)}{written(figure.value)} {unit}".strip()


def _figure_row(
    row: Comparison,
    chosen: Sequence[Place],
    namer: Namer,
    marks: dict[str, Any],
    lang: str,
) -> dict[str, Any]:
    say = wording.in_language(lang)
    cells = []
    for place in chosen:
        found = row.cells.get(place, [])
        cells.append(
            [
                {
                    "text": f"{_sign(figure.bound)}{written(figure.value)}",
                    "unit": namer(ox.NamedNode(figure.unit)) if figure.unit else "",
                    "href": Showing(linked.vocabulary(), lang).node(figure.line.thing)["href"],
                    "marks": [marks[graph] for graph in figure.line.passages],
                }
                for figure in found[:_CELL]
            ]
        )
    notes = [say(f"compare-differs-{name}") for name in row.differs]
    for place, coverages in row.elsewhere.items():
        listed = "、".join(namer(ox.NamedNode(coverage)) for coverage in coverages)
        notes.append(say("compare-elsewhere").format(place=_called(place, namer), coverages=listed))
    difference = row.difference(chosen[0], chosen[1]) if len(chosen) == LEAST else None
    coverage = row.coverage.rpartition("/")[2]
    return {
        "label": namer(ox.NamedNode(row.indicator)),
        "href": Showing(linked.vocabulary(), lang).node(row.indicator)["href"],
        "coverage": "" if coverage == "all" else namer(ox.NamedNode(row.coverage)) if row.coverage else "",
        "target": row.target,
        "cells": cells,
        "notes": notes,
        "difference": f"{difference[0]:+,.2f}".rstrip("0").rstrip(".") if difference else "",
        "percent": f"{difference[1]:+.1f}%" if difference and difference[1] is not None else "",
    }


def _pairs(compared: Sequence[Comparison], chosen: Sequence[Place], namer: Namer, lang: str) -> list[dict[str, Any]]:
    say = wording.in_language(lang)
    found = []
    for place in chosen:
        for result, target in comparing.against(compared, place):
            reached, aim = result.value(place), target.value(place)
            units = [row.cells[place][0].unit for row in (result, target)]
            found.append(
                {
                    "label": namer(ox.NamedNode(result.indicator)),
                    "place": _called(place, namer),
                    "result": _measured(result.cells[place][0], namer),
                    "target": _measured(target.cells[place][0], namer),
                    "share": f"{reached / aim:.1%}" if reached is not None and aim else "",
                    "note": say("compare-differs-unit") if units[0] != units[1] else "",
                    "numbers": (reached, aim),
                }
            )
    return found


def _targets(compared: Sequence[Comparison], chosen: Sequence[Place], namer: Namer, lang: str) -> Chart | None:
    say = wording.in_language(lang)
    pairs = _pairs(compared, chosen, namer, lang)
    if not pairs:
        return None
    many = len({pair["place"] for pair in pairs}) > 1
    told = []
    for pair in pairs:
        name = f"{pair['place']} {pair['label']}" if many else pair["label"]
        told += [(name, say("compare-result"), pair["numbers"][0]), (name, say("compare-target"), pair["numbers"][1])]
    note = "；".join(f"{pair['label']}：{pair['note']}" for pair in pairs if pair["note"])
    source = f"{tabling.reports(lang)} · vetgraph"
    return charts.chart(
        say("compare-targets"), told, kind="targets", source=source, note=note, lang=lang, key="targets"
    )


def _figure_chart(compared: Sequence[Comparison], chosen: Sequence[Place], namer: Namer, lang: str) -> Chart | None:
    """Draw one indicator: lines over the years, bars of places, or of coverages where there is one place."""
    say = wording.in_language(lang)
    asked = request.args.get("indicator", "")
    indicators = list(dict.fromkeys(row.indicator for row in compared))
    if asked and asked not in map(names.shorten, indicators):
        raise Refusal(
            404,
            Text(f"没有指标 {asked} 的数字", f"there are no figures of the indicator {asked}"),
            Text("从列表中选", "choose one of the list"),
        )
    indicator = next((each for each in indicators if names.shorten(each) == asked), None)
    indicator = indicator or (comparing.STUDENTS if comparing.STUDENTS in indicators else next(iter(indicators), None))
    found = [row for row in compared if row.indicator == indicator and not row.target]
    if not found or indicator is None:
        return None
    years = {place.year for place in chosen}
    whole = found[0]
    title = namer(ox.NamedNode(indicator))
    source, note = (
        f"{tabling.reports(lang)} · vetgraph",
        "；".join(say(f"compare-differs-{name}") for name in whole.differs),
    )
    unit = next((namer(ox.NamedNode(f.unit)) for cells in whole.cells.values() for f in cells if f.unit), "")
    if len(years) > 1:
        told = [(place.year, namer(ox.NamedNode(place.area)), whole.value(place)) for place in chosen]
        kind = "lines"
    elif len(found) > 1:
        told = [
            (namer(ox.NamedNode(row.coverage)), _called(place, namer) if len(chosen) > 1 else "", row.value(place))
            for place in chosen
            for row in found
        ]
        kind = "bars"
    else:
        told, kind = [(_called(place, namer), "", whole.value(place)) for place in chosen], "bars"
    return charts.chart(title, told, kind=kind, unit=unit, source=source, note=note, lang=lang, key="indicator")


def _figures_file(  # noqa: PLR0913, PLR0917 - what a file is made of
    compared: Sequence[Comparison],
    chosen: Sequence[Place],
    namer: Namer,
    form: str,
    drawn: Chart | None,
    aims: Chart | None,
) -> Response:
    lang, say = tables.language(), wording.in_language(tables.language())
    if form in PICTURES:
        wanted = aims if request.args.get("picture") == "targets" else drawn
        if wanted is None:
            raise Refusal(404, Text("没有可画的数字", "there is nothing to draw"), Text("选别的", "choose others"))
        return tables.picture(wanted, form, "figures")
    known_form(form)
    told = []
    for row in compared:
        values = [row.value(place) for place in chosen]
        cells = [int(value) if value is not None and value == int(value) else value for value in values]
        role = say("compare-target" if row.target else "compare-result")
        notes = [say(f"compare-differs-{name}") for name in row.differs]
        told.append(
            [namer(ox.NamedNode(row.indicator)), namer(ox.NamedNode(row.coverage)), role, *cells, "；".join(notes)]
        )
    head = [say("compare-indicator"), say("compare-coverage"), say("compare-role")]
    head += [*(_called(place, namer) for place in chosen), say("compare-note")]
    keys = ["indicator", "coverage", "role", *(f"{names.shorten(p.area)}@{p.year}" for p in chosen), "note"]
    address = f"{frame.base()}{_figures_address(chosen).removeprefix(request.script_root).lstrip('/')}"
    view = views.get("figures")
    about = tabling.about(say("compare-figures"), rows.text(view), address, [], lang)
    sheet = files.Sheet(say("compare-figures"), head, told, keys, about, say("tables-sources"))
    return tables.attachment(files.written(sheet, form), form, "figures")
