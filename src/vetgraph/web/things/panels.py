"""Panels on the page of a thing: rows, chart, query and files of each; ``/panels/NAME.csv?of=IRI``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, redirect, request, url_for
from markupsafe import Markup

from vetgraph import charts, names, networks, queries, views
from vetgraph.errors import Text
from vetgraph.labels import Labels
from vetgraph.views import files, rows
from vetgraph.views.choosing import Choice
from vetgraph.views.ordering import position
from vetgraph.views.table import Table
from vetgraph.web import frame, wording
from vetgraph.web.kept import kept
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tables, tabling
from vetgraph.web.things import linked, locations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vetgraph.charts import Chart
    from vetgraph.views import Column, Panel
    from vetgraph.views.rows import Line
    from vetgraph.web.things.portrait import Seen

blueprint = Blueprint("panels", __name__)

SHOWN: Final = 12
_MOST: Final = 20_000
_PICTURES: Final = ("svg", "png")
_BARS: Final = 2
_NEIGHBOURHOOD: Final = "neighbourhood"
_TIES: Final = 400
_VALUES: Final = 20
"""Values that a table is filtered by, at most, to show the rows of a panel."""


def columns_of(panel: Panel, table: Table, iri: str) -> list[Column]:
    """Return the columns of a panel: not one that only repeats the thing of the page, nor one without any value.

    Args:
        panel: The panel.
        table: Its rows.
        iri: The thing of the page.

    Returns:
        Columns; the first of the view where none would be left.
    """
    about = {panel.steps[0][0]} if len(panel.steps) == 1 else {prop for prop, _ in panel.steps}
    columns = [column for column in table.columns(Choice()) if not column.property or column.property not in about]
    same = (ox.NamedNode(iri),)
    told = [
        column for column in columns if any(table.values(line, column.name) not in {(), same} for line in table.lines)
    ]
    return told or [table.view.columns[0]]


def chart_of(panel: Panel, table: Table, about: str) -> Chart | None:
    """Return the chart of a panel, where its view has one and there is enough to draw.

    Args:
        panel: The panel.
        table: All its rows.
        about: What the thing is called.

    Returns:
        The chart, or ``None``.
    """
    drawn, lang = table.view.picture, table.lang
    if drawn is None or len(table.lines) < _BARS or len(panel.steps) > 1:
        return None
    found = []
    say = wording.in_language(lang)
    for line in table.lines:
        number = line.number(drawn.value)
        firsts, seconds = (table.values(line, name) or ("",) for name in (drawn.category, drawn.series))
        found += [(first, second, number) for first in firsts for second in seconds]
    sums: dict[Any, float] = {}
    for first, _, number in found:
        sums[first] = sums.get(first, 0) + (number or 0)
    found.sort(key=lambda row: (position(row[1]), -sums[row[0]]))
    ranked = sorted(found, key=lambda row: -sums[row[0]])
    series = {second: number for number, second in enumerate(dict.fromkeys(row[1] for row in found))}
    order = {first: number for number, first in enumerate(dict.fromkeys(row[0] for row in ranked))}

    def text(value: Any) -> str:  # noqa: ANN401 - a term, or nothing
        return table.text(value) if value != "" else say("tables-none")

    categories = sorted(order, key=lambda each: order[each])
    made = charts.chart(
        f"{about}：{drawn.title.get(lang)}" if lang == "zh" else f"{about}: {drawn.title.get(lang)}",
        [(text(a), text(b), c) for a, b, c in sorted(found, key=lambda row: (series[row[1]], order[row[0]]))],
        kind=drawn.kind,
        source=f"{tabling.reports(lang)} · vetgraph",
        lang=lang,
        key=panel.name,
    )
    wanted = [text(each) for each in categories]
    places = [made.categories.index(each) for each in dict.fromkeys(wanted)]
    again = tuple(charts.Series(s.name, tuple(s.values[place] for place in places)) for s in made.series)
    return charts.Chart(
        made.title, tuple(dict.fromkeys(wanted)), again, made.kind, made.unit, made.source, made.note, lang, made.key
    )


def shown(iri: str, seen: Seen, labels: Labels, lang: str, own: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what the page shows of a panel.

    Args:
        iri: The thing whose page it is.
        seen: The panel with its rows.
        labels: The names of what is in it.
        lang: The reader's language.
        own: What the thing of the page names, by property.

    Returns:
        Values for the template.
    """
    panel, view = seen.panel, views.catalogue()[seen.panel.view]
    table = Table(view, seen.lines, tabling.namer(labels, lang), lang)
    columns = columns_of(panel, table, iri)
    ranked = table.sorted(table.lines, Choice())
    whole = seen.count <= len(seen.lines)
    chart = chart_of(panel, table, labels.text(iri, lang)) if whole else None
    text = rows.text(view, panel, iri)
    made = tabling.shown(table, labels, ranked, columns)
    forms = [*files.FORMS, *(_PICTURES if chart else ())]
    return {
        "name": panel.name,
        "title": panel.title.get(lang),
        "columns": columns,
        "cited": columns[0].name != "thing" or any(row["marks"] for row in made),
        "rows": made[:SHOWN],
        "rest": made[SHOWN:],
        "count": seen.count,
        "whole": whole,
        "sums": {c.name: sum(line.number(c.name) or 0 for line in seen.lines) for c in columns if c.sum and whole},
        "chart": Markup(charts.svg(chart)) if chart else None,  # noqa: S704 - our own drawing
        "query": text,
        "editor": f"{url_for('editor.sparql')}?{urlencode({'query': text})}",
        "links": {form: _address(panel.name, form, iri, lang) for form in forms},
        "table": _table(panel, iri, seen.lines, own),
    }


def _address(name: str, form: str, iri: str, lang: str) -> str:
    return url_for("panels.panel", name=f"{name}.{form}", of=names.shorten(iri), lang=lang)


def _table(panel: Panel, iri: str, lines: Sequence[Line], own: Mapping[str, Sequence[str]]) -> str | None:
    """Return the address of the table that shows the same rows, to be filtered.

    Of a path of two steps that is the table of those that have the thing itself in a column, or what leads from it to
    them (then the thing of the page is among them, where it is of their kind).
    """
    view, last = views.catalogue()[panel.view], panel.steps[-1][0]
    named = next((column for column in view.columns if column.property == last), None)
    column, wanted = named if len(panel.steps) == 1 else None, [iri]
    if column is None:
        node = ox.NamedNode(iri)
        there = (c for c in view.columns if all(node in line.cells.get(c.name, ()) for line in lines))
        column = next(there, None)
    if column is None and panel.steps[0] == (last, False):
        column, wanted = named, list(own.get(last, ()))
    if column is None or not wanted or len(wanted) > _VALUES:
        return None
    pairs = [(column.name, names.shorten(each)) for each in wanted]
    return f"{url_for('tables.table', name=view.name)}?{urlencode(pairs)}"


@blueprint.get("/panels/<name>")
@kept
def panel(name: str) -> Response:
    """Give a panel of the page of a thing as a file, or lead to its place on the page."""
    stem, _, form = name.partition(".")
    about = _about(request.args.get("of", ""))
    if stem == _NEIGHBOURHOOD:
        return _neighbourhood(about, form)
    found = views.panel(stem)
    if found is None:
        raise _unknown(stem)
    if not form:
        return redirect(f"{locations.page(about)}#{stem}", code=303)  # type: ignore[return-value]
    lang = language()
    table, labels = tabling.panel_table(found, about, lang, _MOST)
    labels.look_up(linked.store(), [about])
    called = labels.text(about, lang)
    if form in _PICTURES:
        drawn = chart_of(found, table, called)
        if drawn is None:
            raise _no_form(form)
        return tables.picture(drawn, form, stem)
    if form not in files.FORMS:
        raise _no_form(form)
    title = f"{called}：{found.title.get(lang)}" if lang == "zh" else f"{called}: {found.title.get(lang)}"
    address = f"{frame.base()}{locations.page(about).removeprefix(request.script_root).lstrip('/')}#{stem}"
    told = [(wording.in_language(lang)("tables-count"), str(len(table.lines)))]
    source = tabling.about(title, rows.text(table.view, found, about), address, told, lang)
    sheet = tables.sheet_of(table, table.sorted(table.lines, Choice()), columns_of(found, table, about), source)
    return tables.attachment(files.written(sheet, form), form, stem)


def _about(given: str) -> str:
    """Return the IRI of the thing whose panel is asked for."""
    try:
        iri = names.expand(given)
    except ValueError:
        iri = ""
    return linked.found([iri or names.BASE + given.lstrip("/")])


def _unknown(name: str) -> Refusal:
    known = ", ".join(views.panels())
    return Refusal(
        404, Text(f"没有栏目“{name}”", f'there is no panel "{name}"'), Text(f"可用：{known}", f"use one of {known}")
    )


def _no_form(form: str) -> Refusal:
    known = ", ".join([*files.FORMS, *_PICTURES])
    return Refusal(
        404,
        Text(f"这个栏目没有 {form} 格式", f"this panel cannot be had as {form}"),
        Text(f"可用：{known}；有图的才有图片", f"use one of {known}; a picture where there is a chart"),
    )


def _neighbourhood(about: str, form: str) -> Response:
    """Draw the ties of an institution."""
    from vetgraph import export

    if form not in {"svg", "png"} or form not in export.FORMS:
        raise _no_form(form)
    query = queries.catalogue(queries.FOLDER / "pages")["neighbourhood"]
    asked = networks.of_query(query)
    made = networks.build(linked.store(), asked, {"thing": about}, most=_TIES)
    if not made.ties:
        raise Refusal(404, Text("没有合作关系", "it has no ties"), Text("换一所院校", "ask for another institution"))
    labels = Labels(linked.vocabulary())
    labels.look_up(linked.store(), [about])
    made.title = Text(
        f"{labels.text(about, 'zh')}的{query.title.zh}", f"{query.title.en} of {labels.text(about, 'en')}"
    )
    media = export.FORMS[form][0]
    return Response(export.write(made, form, language()), content_type=media)
