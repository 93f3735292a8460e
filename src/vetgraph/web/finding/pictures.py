"""``/charts``: the charts of the first page, each made of a query (``queries/charts``), as pictures and as rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for

from vetgraph import charts, queries
from vetgraph.errors import Text
from vetgraph.results import Solutions
from vetgraph.views import files
from vetgraph.web import frame, wording
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tables, tabling
from vetgraph.web.things import linked

if TYPE_CHECKING:
    from vetgraph.charts import Chart
    from vetgraph.queries import Query
    from vetgraph.results import Row

blueprint = Blueprint("pictures", __name__)

KINDS: Final = {"schools": "stacked", "targets": "targets", "prizes": "stacked"}
"""The charts by the names of their queries, and the kind of each."""

_LONGEST_FIRST: Final = frozenset({"prizes"})
"""Charts whose bars are sorted by length; the others keep the order of their codes."""

_PICTURES: Final = ("svg", "png")
FORMS: Final = (*_PICTURES, "csv", "xlsx")
_COLUMNS: Final = ("category", "series", "value", "unit")


@dataclass(frozen=True)
class Picture:
    """A chart with what it is made of.

    Attributes:
        query: Its query: ``?categoryZh``, ``?seriesZh``, ``?value``, perhaps ``?unitZh``, and the same in English.
        charts: The charts: one, and of targets one for each unit.
        head: What the columns are called.
        keys: Names of the columns for programs.
        rows: The numbers with their names.
    """

    query: Query
    charts: tuple[Chart, ...]
    head: list[str]
    keys: list[str]
    rows: list[list[Any]]

    @property
    def editor(self) -> str:
        """Address where the query can be seen and changed."""
        return f"{request.script_root}/sparql?{urlencode({'query': self.query.text})}"


@blueprint.get("/charts/<name>")
def chart(name: str) -> Response:
    """Write a chart of the first page to a file: ``/charts/schools.svg``."""
    stem, _, form = name.partition(".")
    if stem not in KINDS or form not in {"", *files.FORMS, *_PICTURES}:
        known = ", ".join(f"{each}.{end}" for each in KINDS for end in FORMS)
        raise Refusal(
            404, Text(f"没有图 {name}", f"there is no chart {name}"), Text(f"可用：{known}", f"use one of {known}")
        )
    if not form:
        return cast("Response", redirect(f"{url_for('home.start')}#{stem}", code=303))
    lang = language()
    made = picture(stem, lang)
    if form in _PICTURES:
        return tables.picture(_part(made), form, stem)
    title, address = made.query.title.get(lang), f"{frame.base()}charts/{stem}"
    about = tabling.about(title, made.query.text, address, [], lang)
    sheet = files.Sheet(title, made.head, made.rows, made.keys, about, wording.in_language(lang)("tables-sources"))
    return tables.attachment(files.written(sheet, form), form, stem)


def _part(made: Picture) -> Chart:
    """Return the chart that is asked for: the first, or ``?part=2``."""
    asked = request.args.get("part", "1")
    known = {str(number): each for number, each in enumerate(made.charts, 1)}
    if asked not in known:
        listed = ", ".join(known)
        raise Refusal(
            404,
            Text(f"没有第 {asked} 张图", f"there is no chart {asked}"),
            Text(f"可用：{listed}", f"use one of {listed}"),
        )
    return known[asked]


def picture(name: str, lang: str) -> Picture:
    """Ask a chart's query and make the chart.

    Args:
        name: A name of ``KINDS``.
        lang: The reader's language.

    Returns:
        The chart with its numbers; there may be none.
    """
    query = queries.catalogue(queries.FOLDER / "charts")[name]
    found = queries.ask(linked.store(), query, {})
    if not isinstance(found, Solutions):
        raise TypeError(f"charts/{name}.rq is no SELECT")
    keys = [key for key in _COLUMNS if key == "value" or f"{key}Zh" in found.variables]
    say = wording.in_language(lang)
    rows = [[_number(row) if key == "value" else _said(row, key, lang) for key in keys] for row in found]
    return Picture(query, _charts(name, query, rows, lang), [say(f"home-{key}") for key in keys], keys, rows)


def _charts(name: str, query: Query, rows: list[list[Any]], lang: str) -> tuple[Chart, ...]:
    if KINDS[name] != "targets" or not rows:
        return (_chart(name, query, rows, lang),)
    units: dict[str, dict[str, str]] = {}
    for category, series, _, unit in rows:
        units.setdefault(category, {})[series] = unit
    groups: dict[tuple[str, ...], list[list[Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(units[row[0]].values()), []).append(row)
    return tuple(_targets(f"{name}-{number}", query, found, lang) for number, found in enumerate(groups.values(), 1))


def _targets(key: str, query: Query, rows: list[list[Any]], lang: str) -> Chart:
    """Draw targets and results of the same units; where the two count different things, the legend says what."""
    one = len({row[3] for row in rows}) == 1
    shape = "{}（{}）" if lang == "zh" else "{} ({})"
    told = [(row[0], row[1] if one else shape.format(row[1], row[3]), row[2]) for row in rows]
    return charts.chart(
        query.title.get(lang),
        told,
        kind="targets",
        unit=rows[0][3] if one else "",
        source=f"{tabling.reports(lang)} · vetgraph",
        note=query.description.get(lang) if one else wording.in_language(lang)("home-units-differ"),
        lang=lang,
        key=key,
    )


def _chart(name: str, query: Query, rows: list[list[Any]], lang: str) -> Chart:
    series = list(dict.fromkeys(row[1] for row in rows))
    if name in _LONGEST_FIRST:
        total: dict[str, float] = {}
        for category, _, value, *_ in rows:
            total[category] = total.get(category, 0) + value
        rows = sorted(rows, key=lambda row: (-total[row[0]], row[0], series.index(row[1])))
    made = charts.chart(
        query.title.get(lang),
        [(row[0], row[1], row[2]) for row in rows],
        kind=KINDS[name],
        source=f"{tabling.reports(lang)} · vetgraph",
        note=query.description.get(lang),
        lang=lang,
        key=name,
    )
    return replace(made, series=tuple(sorted(made.series, key=lambda each: series.index(each.name))))


def _said(row: Row, key: str, lang: str) -> str:
    """Return a text in the reader's language, or in Chinese where there is no other."""
    own = row.get(f"{key}{lang.capitalize()}")
    return str(own or row.get(f"{key}Zh") or "")


def _number(row: Row) -> float:
    value = float(str(row["value"]))
    return int(value) if value.is_integer() else value
