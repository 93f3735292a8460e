"""What a page or a file shows of a query's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Response

from vetgraph import names, queries, render
from vetgraph.results import BOM, Answer, Solutions, Triples
from vetgraph.web import locations
from vetgraph.web.formats import GRAPH_TYPES, RESULT_TYPES, choose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.results import Row

SHOWN_ROWS: Final = 1_000
SHOWN_CHARACTERS: Final = 100_000
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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
        rows, columns = found.rows(), _columns(found.variables, lang)
        cells = [[_cell(row, name) for name in columns] for row in rows[:SHOWN_ROWS]]
        return {"variables": list(columns.values()), "rows": cells, "total": len(rows)}
    if isinstance(found, Answer):
        return {"answer": bool(found)}
    if isinstance(found, Triples):
        text = found.serialize("ttl").decode()
        return {"turtle": text[:SHOWN_CHARACTERS], "cut": len(text) > SHOWN_CHARACTERS}
    return {}


def _columns(variables: tuple[str, ...], lang: str) -> dict[str, str]:
    """Return the heading of each column that is shown."""
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
    kept = [(key, value) for key, value in values if key != "format"]
    return [(form, f"{path}?{urlencode([*kept, ('format', form)])}") for form in forms]


def written(found: Found, accept: str, asked: str | None, name: str) -> Response:
    """Write an answer as a file.

    Args:
        found: The answer.
        accept: The Accept header.
        asked: What ``?format=`` says; a file that is asked for so is for a person: CSV begins with a byte order mark.
        name: What to call the file, without its ending.

    Returns:
        The response.

    Raises:
        Refusal: There is no such form of the answer, or none is acceptable.
    """
    if asked == "xlsx" and isinstance(found, Solutions):
        response = Response(render.workbook(found), content_type=WORKBOOK)
    else:
        media, form = choose(found, accept, asked)
        start = BOM.encode() if asked == "csv" else b""
        response = Response(start + found.serialize(form), content_type=f"{media}; charset=utf-8")
    if asked in {"csv", "tsv", "xlsx"}:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{asked}"'
    return response
