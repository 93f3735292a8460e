"""``/tables``: every kind of thing as a table with facets, on a page and as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from vetgraph import charts, views
from vetgraph.charts.frame import number as figure
from vetgraph.errors import Text, UsageError
from vetgraph.views import choosing, files, grouping, sparql
from vetgraph.views.choosing import NOTHING
from vetgraph.web import frame, listing, reading, sizes, wording
from vetgraph.web.kept import kept
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tabling
from vetgraph.web.things import linked

if TYPE_CHECKING:
    from vetgraph.charts import Chart
    from vetgraph.views import Column
    from vetgraph.views.choosing import Choice
    from vetgraph.views.grouping import Group
    from vetgraph.views.rows import Line
    from vetgraph.views.table import Table

blueprint = Blueprint("tables", __name__)

_PICTURES: Final = {"svg": "image/svg+xml", "png": "image/png"}
_BINS: Final = 12
_MORE: Final = 300
_GROUPS: Final = 500
_PARTS: Final = 40
_RESERVED: Final = frozenset({"lang", "format", "cite", reading.WHOLE})


@blueprint.get("/tables")
@kept
def listed() -> str | Response:
    """List the tables, each with its number of rows."""
    counted = sizes.sizes(linked.store())
    found = [(view, counted.get(view.type, 0)) for view in views.catalogue().values()]
    found.sort(key=lambda pair: -pair[1])
    if listing.asked():
        return listing.written(
            (view.query, url_for("tables.table", name=view.name), {"class": view.type, "rows": rows})
            for view, rows in found
        )
    return render_template("tables.html", tables=found, lang=language())


@blueprint.get("/tables/<name>")
@kept
def table(name: str) -> Response:
    """Show a table, or write what is seen of it to a file: ``/tables/schools.csv``."""
    stem, _, form = name.partition(".")
    try:
        view = views.get(stem)
        given = [(key, value) for key, value in request.args.items(multi=True) if key not in _RESERVED]
        choice = choosing.read(view, given)
    except UsageError as error:
        status = 404 if stem not in views.catalogue() else 400
        raise Refusal(status, error.message, error.fix or error.message) from None
    if not form and (waits := tabling.waiting(view, view.query.title.get(language()), language())):
        return waits
    made, labels = tabling.tables().get(linked.store(), view, language())
    if form:
        return _file(made, choice, form)
    return _page(made, labels, choice)


def _known_form(form: str, *, grouped: bool) -> None:
    known = [*files.FORMS, *(_PICTURES if grouped else ())]
    if form not in known:
        listed = ", ".join(known)
        raise Refusal(
            404,
            Text(f"这张表没有 {form} 格式", f"this table cannot be had as {form}"),
            Text(f"可用：{listed}", f"use one of {listed}"),
        )


def _file(made: Table, choice: Choice, form: str) -> Response:
    _known_form(form, grouped=bool(choice.group))
    lines, _ = made.chosen(choice)
    if form in _PICTURES:
        drawn = _chart(made, choice, grouping.grouped(made, lines, choice))
        return picture(drawn, form, made.view.name)
    sheet = _grouped_sheet(made, choice, lines) if choice.group else _sheet(made, choice, lines)
    return attachment(files.written(sheet, form), form, made.view.name)


def attachment(body: bytes, form: str, name: str) -> Response:
    """Return a file of rows.

    Args:
        body: The file.
        form: A name of ``files.FORMS``.
        name: What to call it.

    Returns:
        The response.
    """
    response = Response(body, content_type=files.FORMS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def picture(drawn: Chart, form: str, name: str) -> Response:
    """Return a chart as a file.

    Args:
        drawn: The chart.
        form: ``svg`` or ``png``.
        name: What to call it.

    Returns:
        The response.
    """
    body = charts.png(drawn) if form == "png" else charts.svg(drawn).encode()
    response = Response(body, content_type=_PICTURES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _told(made: Table, choice: Choice, lines: list[Line]) -> list[tuple[str, str]]:
    say = wording.in_language(made.lang)
    listed = [f"{each['label']}: {each['text']}" for each in tabling.filters(made, choice)]
    joined = "；" if made.lang == "zh" else "; "
    return [
        (say("tables-filters"), joined.join(listed) or "–"),
        (say("tables-count"), f"{len(lines)} / {len(made.lines)}"),
    ]


def _about(made: Table, choice: Choice, lines: list[Line]) -> list[tuple[str, str]]:
    query = urlencode(choice.pairs())
    address = f"{frame.base()}tables/{made.view.name}{'?' if query else ''}{query}"
    title = made.view.query.title.get(made.lang)
    return tabling.about(title, query_of(made, choice), address, _told(made, choice, lines), made.lang)


def query_of(made: Table, choice: Choice) -> str:
    """Return what is seen of a table as SPARQL.

    Args:
        made: The table.
        choice: What the reader has chosen.

    Returns:
        A query that gives the same rows; its head says what it cannot say as the table does.
    """
    lang, say = made.lang, wording.in_language(made.lang)
    colon, stop = ("：", "；") if lang == "zh" else (": ", "; ")
    head = [made.view.query.title.get(lang)]
    told = stop.join(f"{each['label']}{colon}{each['text']}" for each in tabling.filters(made, choice))
    if told:
        head.append(f"{say('tables-filters')}{colon}{told}")
    head += [say("tables-query-groups" if choice.by else "tables-query-order"), say("tables-query-names")]
    words = sparql.Words(
        tuple(head),
        say("tables-none"),
        say("tables-count"),
        f"{{column}} {say('tables-sum')}",
        say("tables-passages"),
    )
    return sparql.written(made, choice, words)


def sheet_of(made: Table, lines: list[Line], columns: list[Column], about: list[tuple[str, str]]) -> files.Sheet:
    """Return rows for a file, each with its passages and its IRI.

    Args:
        made: The table.
        lines: The rows.
        columns: The columns.
        about: What the sheet of sources says.

    Returns:
        The sheet.
    """
    from vetgraph.web.things import citing

    lang, say = made.lang, wording.in_language(made.lang)
    labels = linked.vocabulary()
    marks = citing.marks(linked.store(), [graph for line in lines for graph in line.passages], labels, lang)
    told = []
    for line in lines:
        passages = "；".join(f"{marks[graph]['report']} {marks[graph]['heading']}".strip() for graph in line.passages)
        told.append([*(tabling.plain(made, line, column) for column in columns), passages, line.thing])
    head = [*(column.label.get(lang) for column in columns), say("tables-passages"), "IRI"]
    keys = [*(column.name for column in columns), "passages", "iri"]
    return files.Sheet(made.view.query.title.get(lang), head, told, keys, about, say("tables-sources"))


def _sheet(made: Table, choice: Choice, lines: list[Line]) -> files.Sheet:
    return sheet_of(made, made.sorted(lines, choice), made.columns(choice), _about(made, choice, lines))


def _grouped_sheet(made: Table, choice: Choice, lines: list[Line]) -> files.Sheet:
    lang, say = made.lang, wording.in_language(made.lang)
    parted = [column for name in (choice.group, choice.by) if name and (column := made.view.column(name))]
    sums = [column for column in made.view.columns if column.sum]
    head = [column.label.get(lang) for column in parted]
    head += [say("tables-count"), *(f"{column.label.get(lang)} {say('tables-sum')}" for column in sums)]
    groups = grouping.grouped(made, lines, choice)
    if choice.by:
        return _crossed_sheet(made, choice, lines, groups)
    told = [[_named(g.value, g.text, lang), g.count, *(_whole(g.sums[column.name]) for column in sums)] for g in groups]
    keys = [*(column.name for column in parted), "rows", *(f"{column.name}_sum" for column in sums)]
    title = made.view.query.title.get(lang)
    return files.Sheet(title, head, told, keys, _about(made, choice, lines), say("tables-sources"))


def _crossed_sheet(made: Table, choice: Choice, lines: list[Line], groups: list[Group]) -> files.Sheet:
    lang, say = made.lang, wording.in_language(made.lang)
    crossed = grouping.crossed(made, groups, choice)
    column = made.view.column(choice.group)
    head = [column.label.get(lang) if column else choice.group]
    head += [*(_named(value, text, lang) for value, text in crossed.parts), say("tables-sum")]
    told = [
        [_named(value, text, lang), *(None if n is None else _whole(n) for n in numbers), _whole(total)]
        for value, text, numbers, total in crossed.rows
    ]
    keys = [choice.group, *(value for value, _ in crossed.parts), "sum"]
    title = made.view.query.title.get(lang)
    return files.Sheet(title, head, told, keys, _about(made, choice, lines), say("tables-sources"))


def _named(value: str, text: str, lang: str) -> str:
    return wording.in_language(lang)("tables-none") if value == NOTHING else text


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value


def _chart(made: Table, choice: Choice, groups: list[Group]) -> Chart:
    """Draw groups: what is added up, else how many rows."""
    lang, say = made.lang, wording.in_language(made.lang)
    summed, column = grouping.summed(made, choice), made.view.column(choice.group)
    label = column.label.get(lang) if column else ""
    what = summed.label.get(lang) if summed else say("tables-count")
    title = made.view.query.title.get(lang)
    rows_ = [
        (
            _named(group.value, group.text, lang),
            _named(group.part, group.part_text, lang) if choice.by else "",
            group.sums[summed.name] if summed else float(group.count),
        )
        for group in groups
    ]
    note = "；".join(f"{each['label']}：{each['text']}" for each in tabling.filters(made, choice))
    return charts.chart(
        f"{title}：{label} · {what}" if lang == "zh" else f"{title}: {what} by {label}",
        rows_,
        kind="stacked" if choice.by else "bars",
        source=f"{tabling.reports(lang)} · vetgraph",
        note=note,
        lang=lang,
        key="groups",
    )


def _page(made: Table, labels: Any, choice: Choice) -> Response:  # noqa: ANN401 - the names of what is in the table
    view, lang = made.view, made.lang
    lines, bins = made.chosen(choice)

    def to(chosen: Choice, form: str = "", **more: str) -> str:
        query = urlencode([*chosen.pairs(), *more.items()])
        path = url_for("tables.table", name=f"{view.name}{'.' if form else ''}{form}")
        return f"{path}{'?' if query else ''}{query}"

    groups = grouping.grouped(made, lines, choice) if choice.group else []
    crossed = grouping.crossed(made, groups, choice) if choice.by else None
    columns = made.columns(choice)
    ranked = [] if choice.group else made.sorted(lines, choice)
    page, pages = made.page(ranked, choice)
    forms = [*files.FORMS, *(_PICTURES if groups else ())]
    totals = {c.name: sum(line.number(c.name) or 0 for line in lines) for c in columns if c.sum} if lines else {}
    query = query_of(made, choice)
    html = render_template(
        "table.html",
        view=view,
        table=made,
        choice=choice,
        columns=columns,
        rows=tabling.shown(made, labels, page, columns),
        totals=totals,
        groups=groups[:_GROUPS],
        crossed=crossed,
        large=(crossed is not None and len(crossed.parts) > _PARTS) or len({g.value for g in groups}) > _GROUPS,
        most_groups=_GROUPS,
        most_parts=_PARTS,
        sums=[column for column in view.columns if column.sum],
        summed=grouping.summed(made, choice),
        counted=choosing.ROWS,
        chart=Markup(charts.svg(_chart(made, choice, groups))) if groups else None,  # noqa: S704 - our own drawing
        facets=[(column, bins[column.name]) for column in view.columns if column.name in bins],
        filters=tabling.filters(made, choice),
        shown=len(lines),
        pages=pages,
        page=min(choice.page, pages),
        bins=_BINS,
        more=_MORE,
        nothing=NOTHING,
        figure=figure,
        to=to,
        links={form: to(choice, form, lang=lang) for form in forms},
        query=query,
        editor=f"{url_for('editor.sparql')}?{urlencode({'query': query})}",
        numbers=[column for column in view.columns if column.kind in {"number", "count", "total", "time"}],
        permalink=to(choice),
    )
    return Response(html, mimetype="text/html")
