"""Questions: the named ones as forms, and those that a reader puts together without SPARQL (``/build``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request, url_for

from vetgraph import builder, codelists, kinds, queries
from vetgraph.errors import Text, UsageError
from vetgraph.web import frame, listing, negotiation, wording
from vetgraph.web.asking import answers
from vetgraph.web.asking.charting import ARGUMENTS
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tabling

if TYPE_CHECKING:
    from vetgraph.builder import Column, Question
    from vetgraph.queries import Query
    from vetgraph.results import Answer, Solutions, Triples
    from vetgraph.store import Store
    from vetgraph.views import files

_NOT_PARAMETERS: Final = frozenset({"lang", "format", answers.HEADINGS, *ARGUMENTS})
_PICTURES: Final = frozenset({"svg", "png"})
MOST_COLUMNS: Final = 12
"""A list of more columns is refused: several values of many columns multiply before they are put into one cell."""

blueprint = Blueprint("questions", __name__)


def _store() -> Store:
    return cast("Store", current_app.extensions["vetgraph.store"])


@blueprint.get("/queries")
def listed() -> str | Response:
    """List the named queries by theme."""
    found = queries.catalogue().values()
    if listing.asked():
        return listing.written(
            (query, url_for("questions.query", name=query.name), {"theme": query.theme}) for query in found
        )
    themes = [
        (theme, title, [query for query in found if query.theme == theme]) for theme, title in queries.themes().items()
    ]
    return render_template("queries.html", themes=[each for each in themes if each[2]])


@blueprint.get("/queries/<name>")
def query(name: str) -> Response:
    """Ask a named query: a page for a browser, else JSON, XML, CSV, TSV or XLSX, by ending (``NAME.csv``) too."""
    name, _, ending = name.partition(".")
    try:
        found = queries.get(name)
    except UsageError as error:
        raise Refusal(404, error.message, error.fix or error.message) from None
    values = {key: value for key, value in request.args.items() if key not in _NOT_PARAMETERS}
    accept, asked = request.headers.get("Accept", ""), request.args.get("format") or ending or None
    html = negotiation.wants_html(accept) and asked is None
    problem: UsageError | None = None
    answer: Solutions | Answer | Triples | None = None
    try:
        answer = queries.ask(_store(), found, values)
    except UsageError as error:
        if not html:
            raise
        problem = error
    if answer is not None and asked in _PICTURES:
        return answers.chart_file(answer, asked, found.title.get(language()), language(), ours=True)
    if answer is not None and not html:
        return answers.written(answer, accept, asked, name, lambda: _sheet(answer, found, values))
    page = render_template(
        "query.html",
        query=found,
        values=values,
        choices={param.name: _choices(found, param.name) for param in found.params},
        problem=problem,
        text=queries.written(_store(), found, values) if answer is not None else found.text,
        links=answers.labelled(_here(), answer, request.args.items(multi=True), language()),
        **answers.views(answer, found.title.get(language()), language(), ours=True, network=_network(found)),
        **answers.shown(answer, language()),
    )
    return Response(page, status=400 if problem else 200)


def _sheet(answer: Any, found: Query, values: dict[str, str]) -> files.Sheet:  # noqa: ANN401 - only rows are written so
    """Return the answer of a named query as a table for people, with what it was asked for on the sheet of sources."""
    lang = language()
    told = [(wording.WORDS["asking-description"].get(lang), found.description.get(lang))]
    for param in found.params:
        value = values.get(param.name) or param.default
        if value:
            told.append((param.label.get(lang), _told(found, param.name, value)))
    title = found.title.get(lang)
    text = queries.written(_store(), found, values)
    return answers.sheet(answer, title, lang, tabling.about(title, text, _seen(), told, lang))


def _told(found: Query, name: str, value: str) -> str:
    """Return a value in words: a code by its label."""
    return next((label.get(language()) for key, label in _choices(found, name) if value == key), value)


def _here() -> str:
    return f"{request.script_root}{request.path}"


def _seen() -> str:
    """Return the address of the page of an answer that is asked for as a file."""
    kept = [(key, each) for key, each in request.args.items(multi=True) if key not in {"lang", "format", "headings"}]
    return f"{frame.base()}{request.path.lstrip('/')}{'?' if kept else ''}{urlencode(kept)}"


def _network(found: Query) -> str:
    """Return the address of the network of a query that needs no values."""
    return "" if found.params else url_for("networks.own", query=found.text)


def _choices(found: Query, name: str) -> list[tuple[str, Text]]:
    """Return the values that a parameter can take, where they are few: the codes of a list."""
    kind, _, scheme = found.param(name).type.partition(":")
    return _codes(scheme) if kind == "code" else []


def _codes(scheme: str) -> list[tuple[str, Text]]:
    lists = codelists.load()
    return [(key, lists.label(scheme, key)) for key in lists.keys(scheme)]


@blueprint.get("/build")
def build() -> Response:
    """Put a question together: a kind of thing, what to show of it, on what condition; its SPARQL and its answer."""
    kind, lang = request.args.get("kind", ""), language()
    if not kind:
        return Response(render_template("kinds.html", kinds=kinds.load().by_key.values()))
    asked, accept = request.args.get("format"), request.headers.get("Accept", "")
    html = negotiation.wants_html(accept) and asked is None
    given = {name: values for name, values in request.args.lists() if name not in {*_NOT_PARAMETERS, "kind"}}
    problem: UsageError | None = None
    question: Question | None = None
    answer: Solutions | Answer | Triples | None = None
    try:
        question = _question(kind, given, lang)
        answer = _store().query(question.sparql())
    except UsageError as error:
        if not html or kind not in kinds.load().by_key:
            raise
        problem = error
    title = question.kind.label.get(lang) if question else ""
    if answer is not None and asked in _PICTURES:
        return answers.chart_file(answer, asked, title, lang, ours=True)
    if answer is not None and not html:
        return answers.written(answer, accept, asked, kind, lambda: _built(answer, question, title))
    page = render_template(
        "build.html",
        **_form(kind, given, question),
        problem=problem,
        text=question.sparql() if question and not problem else "",
        links=answers.labelled(_here(), answer, request.args.items(multi=True), lang),
        doubled=question is not None and question.total is not None and "partOf" in question.kind.fields,
        **answers.views(answer, title, lang, ours=True),
        **answers.shown(answer, language()),
    )
    return Response(page, status=400 if problem else 200)


def _built(answer: Any, question: Question | None, title: str) -> files.Sheet:  # noqa: ANN401 - as _sheet
    """Return the answer of a question that a reader put together as a table for people."""
    text = question.sparql() if question else ""
    return answers.sheet(answer, title, language(), tabling.about(title, text, _seen(), [], language()))


def _question(kind: str, given: dict[str, list[str]], lang: str) -> Question:
    question = builder.question(kind, given, lang)
    if len(question.show) > MOST_COLUMNS:
        raise UsageError(
            Text(f"最多显示 {MOST_COLUMNS} 列", f"at most {MOST_COLUMNS} columns can be shown"),
            Text("少选几列", "choose fewer"),
        )
    return question


def _form(kind: str, given: dict[str, list[str]], question: Question | None) -> dict[str, Any]:
    """Return what the form shows: the columns by group, those one step further by the property that leads there."""
    found = kinds.load().by_key[kind]
    columns = builder.columns(found)
    own = [column for column in columns.values() if len(column.steps) == 1 and column.key != "type"]
    groups = [
        (label, [column for column in own if column.end.group == iri]) for iri, label in kinds.load().groups.items()
    ]
    known = {column.key for _, fields in groups for column in fields}
    groups.append((Text("其他", "other"), [column for column in own if column.key not in known]))
    further: dict[str, list[Column]] = {}
    for column in columns.values():
        if len(column.steps) > 1:
            further.setdefault(column.steps[0].key, []).append(column)
    return {
        "kind": found,
        "groups": [each for each in groups if each[1]],
        "further": [(found.fields[key].label, fields) for key, fields in further.items()],
        "columns": columns,
        "shown_columns": {column.key for column in question.show} if question else set(given.get("show", ())),
        "given": given,
        "codes": _codes,
    }
