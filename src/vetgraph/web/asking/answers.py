"""What a page or a file shows of a query's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Response, request
from markupsafe import Markup

from vetgraph import charts, names, queries
from vetgraph.errors import Text
from vetgraph.results import BOM, Answer, Solutions, Triples
from vetgraph.views import files
from vetgraph.web.asking import charting
from vetgraph.web.formats import GRAPH_TYPES, RESULT_TYPES, choose, unacceptable
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tabling
from vetgraph.web.things import locations
from vetgraph.web.wording import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from vetgraph.results import Row

SHOWN_ROWS: Final = 1_000
SHOWN_CHARACTERS: Final = 100_000
WORKBOOK: Final = files.FORMS["xlsx"]
HEADINGS: Final = "headings"
"""What an address says the columns of a file are called by: ``labels`` or ``variables``."""

_LABELLED: Final = ("csv", "xlsx")

Found = Solutions | Answer | Triples


def shown(found: Found | None, lang: str = "") -> dict[str, Any]:
    """Prepare an answer for a page, no more of it than a page can hold.

    Args:
        found: The answer, or none.
        lang: The reader's language, where the query is one of ours: headings are told in it, and of two columns as
            ``titleZh`` and ``titleEn`` only the one in it is shown. Empty shows the variables as they are.

    Returns:
        Values for the template ``answer.html``.
    """
    if isinstance(found, Solutions):
        rows, headings = found.rows(), columns(found.variables, lang)
        cells = [[_cell(row, name) for name in headings] for row in rows[:SHOWN_ROWS]]
        return {"variables": list(headings.values()), "rows": cells, "total": len(rows)}
    if isinstance(found, Answer):
        return {"answer": bool(found)}
    if isinstance(found, Triples):
        text = found.serialize("ttl").decode()
        return {"turtle": text[:SHOWN_CHARACTERS], "cut": len(text) > SHOWN_CHARACTERS}
    return {}


def columns(variables: tuple[str, ...], lang: str) -> dict[str, str]:
    """Return the headings of the columns that a page shows.

    Args:
        variables: The variables of the answer.
        lang: As of ``shown``.

    Returns:
        Heading by variable.
    """
    own, other = {"zh": ("Zh", "En"), "en": ("En", "Zh")}.get(lang, ("", ""))
    if not own:
        return {name: name for name in variables}
    found: dict[str, str] = {}
    for name in variables:
        stem = name.removesuffix(own)
        if name.endswith(other) and name.removesuffix(other) + own in variables:
            continue
        told = queries.headings().get(stem if stem != name and stem + other in variables else name)
        found[name] = told.get(lang) if told else name
    return found


def _cell(row: Row, name: str) -> dict[str, Any]:
    term = row.term(name)
    if isinstance(term, ox.NamedNode):
        return {"iri": term.value, "text": names.shorten(term.value), "link": locations.link(term.value)}
    literal = isinstance(term, ox.Literal)
    return {
        "text": "" if term is None else term.value if literal else str(term),
        "lang": term.language if literal else None,
        "number": (literal and isinstance(row[name], (int, float))) or type(row[name]).__name__ == "Decimal",
    }


def views(found: Found | None, title: str, lang: str, *, ours: bool, network: str = "") -> dict[str, Any]:
    """Prepare the ways to look at an answer: as a table, a chart, a network.

    Args:
        found: The answer.
        title: Title of a chart.
        lang: The reader's language.
        ours: Whether the query is one of ours, so that its columns have headings.
        network: Address of the query's network, where it can be one.

    Returns:
        Values for the template ``views.html``.
    """
    headings = columns(found.variables, lang if ours else "") if isinstance(found, Solutions) else {}
    how = charting.charting(found, headings, request.args)
    kept = [(key, value) for key, value in request.args.items(multi=True) if key not in charting.ARGUMENTS]
    picture: Markup | None = None
    if isinstance(found, Solutions) and how is not None and request.args.get("view") == "chart":
        picture = Markup(charts.svg(charting.drawn(found, how, title, lang, _source(lang, ours=ours))))  # noqa: S704 - the chart escapes its texts
    joined = {"source", "target"} <= set(getattr(found, "variables", ()))
    return {
        "how": how,
        "picture": picture,
        "kept": kept,
        "to_table": f"{request.script_root}{request.path}?{urlencode(kept)}",
        "to_chart": f"{request.script_root}{request.path}?{urlencode([*kept, ('view', 'chart')])}" if how else "",
        "to_network": network if joined else "",
    }


def _source(lang: str, *, ours: bool) -> str:
    """Return where the numbers of a chart come from; a query of somebody else may ask for anything."""
    return f"{tabling.reports(lang)} · vetgraph" if ours else "vetgraph"


def chart_file(found: Found, asked: str, title: str, lang: str, *, ours: bool) -> Response:
    """Write an answer as a picture.

    Args:
        found: The answer.
        asked: ``svg`` or ``png``.
        title: Title of the chart.
        lang: The reader's language.
        ours: Whether the query is one of ours.

    Returns:
        The picture.

    Raises:
        Refusal: There is nothing to draw.
    """
    headings = columns(found.variables, lang if ours else "") if isinstance(found, Solutions) else {}
    how = charting.charting(found, headings, request.args)
    if how is None or not isinstance(found, Solutions):
        raise Refusal(
            422,
            Text("这个结果不能画成图", "this answer cannot be drawn"),
            Text("要有一列文字、一列数", "it needs a column of text and one of numbers"),
        )
    chart = charting.drawn(found, how, title, lang, _source(lang, ours=ours))
    body, media = (charts.png(chart), "image/png") if asked == "png" else (charts.svg(chart).encode(), "image/svg+xml")
    return Response(body, content_type=media, headers={"Content-Disposition": f'attachment; filename="chart.{asked}"'})


def links(path: str, found: Found | None, values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the addresses of an answer as files.

    Args:
        path: Where the question is asked.
        found: The answer.
        values: What the address says already.

    Returns:
        Name and address of each form; for rows first those for spreadsheets.
    """
    types = GRAPH_TYPES if isinstance(found, Triples) else RESULT_TYPES
    forms = list(dict.fromkeys(types.values()))
    if isinstance(found, Solutions):
        forms = ["csv", "xlsx", *(form for form in forms if form != "csv")]
    kept = [(key, value) for key, value in values if key not in {"format", HEADINGS}]
    return [(form, f"{path}?{urlencode([*kept, ('format', form)])}") for form in forms]


def labelled(path: str, found: Found | None, values: Iterable[tuple[str, str]], lang: str) -> list[tuple[str, str]]:
    """Return the addresses of the answer of one of our queries as files: tables for people have headings for people.

    Args:
        path: Where the question is asked.
        found: The answer.
        values: What the address says already.
        lang: The reader's language.

    Returns:
        As ``links``.
    """
    told = urlencode({HEADINGS: "labels", "lang": lang})
    kept = [(key, value) for key, value in values if key != "lang"]
    return [(form, f"{address}&{told}" if form in _LABELLED else address) for form, address in links(path, found, kept)]


def written(found: Found, accept: str, asked: str | None, name: str, sheet: Callable[[], files.Sheet]) -> Response:
    """Write an answer as a file.

    Args:
        found: The answer.
        accept: The Accept header.
        asked: What ``?format=`` says; a file that is asked for so is for a person: CSV begins with a byte order mark.
        name: What to call the file, without its ending.
        sheet: Makes the table that a person reads, for a workbook and where ``?headings=`` asks for it.

    Returns:
        The response.

    Raises:
        Refusal: There is no such form of the answer, or none is acceptable.
    """
    media, form = (WORKBOOK, "xlsx") if asked == "xlsx" else choose(found, accept, asked)
    if asked == "xlsx" and not isinstance(found, Solutions):
        raise unacceptable("graph" if isinstance(found, Triples) else "table", accept, asked)
    for_people = _headings(form) == "labels" and isinstance(found, Solutions)
    if form == "xlsx" or for_people:
        response = Response(files.written(sheet(), form), content_type=files.FORMS[form])
    else:
        start = BOM.encode() if asked == "csv" else b""
        response = Response(start + found.serialize(form), content_type=f"{media}; charset=utf-8")
    if asked in {"csv", "tsv", "xlsx"}:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{asked}"'
    return response


def _headings(form: str) -> str:
    """Return whether the columns of a file are called by labels or by variables; empty where nothing says it."""
    asked = request.args.get(HEADINGS, "")
    if asked and asked not in {"labels", "variables"}:
        raise Refusal(
            400,
            Text(f"headings 不能是 {asked}", f"headings cannot be {asked}"),
            Text("写 labels 或 variables", "write labels or variables"),
        )
    if asked == "labels" and form not in _LABELLED:
        raise Refusal(
            400,
            Text(
                f"{form} 是 SPARQL 的结果格式，列名就是变量",
                f"{form} is a results format of SPARQL, whose columns are the variables",
            ),
            Text("要读者语言的列名，用 csv 或 xlsx", "for headings in words use csv or xlsx"),
        )
    return asked


def sheet(found: Solutions, title: str, lang: str, about: Sequence[tuple[str, str]]) -> files.Sheet:
    """Return an answer of one of our queries as a table for people.

    Args:
        found: The answer.
        title: What it is.
        lang: The reader's language.
        about: What the sheet of sources says.

    Returns:
        The table: headings as the page has them, or the variables where ``?headings=`` asks for them; numbers and dates
        as such.
    """
    plain = request.args.get(HEADINGS) == "variables"
    headings = columns(found.variables, "" if plain else lang)
    rows = [[row[name] for name in headings] for row in found.rows()]
    return files.Sheet(title, list(headings.values()), rows, list(headings), about, WORDS["tables-sources"].get(lang))
