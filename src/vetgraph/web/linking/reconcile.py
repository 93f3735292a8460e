"""``/reconcile``: the Reconciliation Service API 0.1 and 0.2, and at ``/reconcile/1.0`` its 1.0 draft."""

from __future__ import annotations

import contextlib
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Blueprint, Response, current_app, render_template, request

from vetgraph.errors import BudgetError, StoreError, Text
from vetgraph.reconciliation import Kept, asked, describing, reading, schema, suggesting
from vetgraph.web.finding import search
from vetgraph.web.linking import bodies, manifest
from vetgraph.web.reader import language
from vetgraph.web.refusal import RETRY_AFTER, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.reconciliation import Reconciliation
    from vetgraph.reconciliation.contents import Thing
    from vetgraph.reconciliation.extending import Column
    from vetgraph.reconciliation.matching import Found
    from vetgraph.reconciliation.schema import Property
    from vetgraph.store import Store

PREVIEW_CSP: Final = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
"""A preview is shown in a frame of a page that is not ours."""

_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_AT_ONCE: Final = 2
_WAITING: Final = 4
_SHOWN: Final = 3

blueprint = Blueprint("reconcile", __name__)


class _Turns:
    """Lets few batches be matched at a time, since pages share the processor; some wait, more are refused."""

    def __init__(self) -> None:
        self._door = BoundedSemaphore(_WAITING)
        self._turn = BoundedSemaphore(_AT_ONCE)

    def __enter__(self) -> None:
        if not self._door.acquire(blocking=False):
            raise Refusal(
                503,
                Text("对照服务正忙", "too many batches at once"),
                Text("稍后再试", "try again in a moment"),
                (("Retry-After", RETRY_AFTER),),
            )
        self._turn.acquire()

    def __exit__(self, *_: object) -> None:
        self._turn.release()
        self._door.release()


_TURNS: Final = _Turns()


def _ready() -> Reconciliation:
    kept = cast("Kept", current_app.extensions.setdefault("vetgraph.reconciliation", Kept()))
    return kept.of(cast("Store", current_app.extensions["vetgraph.store"]))


@blueprint.before_request
def _allow_large() -> None:
    request.max_content_length = request.max_form_memory_size = bodies.MOST_BODY


@blueprint.after_request
def _cross_origin(response: Response) -> Response:
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _METHODS
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


@blueprint.route("/reconcile", methods=["GET", "POST"])
def service() -> Response:
    """Answer a client of 0.1 or 0.2: the manifest, a batch of queries, a single one, or values for a table."""
    given = bodies.parameters()
    if "queries" in given:
        return bodies.answered(given, _batch(given["queries"]))
    if "query" in given:
        return bodies.answered(given, _single(given))
    if "extend" in given:
        return bodies.answered(given, _extended(asked.extension(reading.parse(given["extend"], "extend"))))
    if request.method == "POST":
        raise Refusal(
            400,
            Text("请求里没有 queries、query 或 extend", "there is no queries, query or extend in the request"),
            Text('以表单发送 queries={"q0": {"query": "…"}}', 'send a form with queries={"q0": {"query": "…"}}'),
        )
    return bodies.answered(given, manifest.manifest(_root(), bodies.lang()))


@blueprint.get("/reconcile/1.0")
def draft() -> Response:
    """Give the manifest of the 1.0 draft."""
    return bodies.answered({}, manifest.draft(_root(), bodies.lang()))


@blueprint.post("/reconcile/1.0/match")
def match() -> Response:
    """Answer a batch of the 1.0 draft."""
    queries = asked.conditions(reading.parse(bodies.body(), "body"))
    ready, lang = _ready(), bodies.lang()
    with _TURNS:
        answers = ready.matching.answer(queries)
    results = [[_candidate(ready, found, lang, draft=True) for found in answer] for answer in answers]
    return bodies.answered({}, {"results": [{"candidates": candidates} for candidates in results]})


def _batch(text: str) -> dict[str, Any]:
    queries = asked.batch(reading.parse(text, "queries"))
    ready, lang = _ready(), bodies.lang()
    with _TURNS:
        answers = ready.matching.answer(list(queries.values()))
    results = [[_candidate(ready, found, lang) for found in answer] for answer in answers]
    return {key: {"result": result} for key, result in zip(queries, results, strict=True)}


def _single(given: dict[str, str]) -> dict[str, Any]:
    """Answer the single query of old clients: a name, or one query in JSON."""
    text = given["query"]
    if text.lstrip().startswith("{"):
        query = asked.query(reading.parse(text, "query"), "query")
    else:
        plain = {key: given[key] for key in ("query", "limit", "type_strict") if given.get(key)}
        kinds = [kind for kind in given.get("type", "").split(",") if kind]
        query = asked.query({"query": "", **plain, "type": kinds}, "query")
    ready = _ready()
    with _TURNS:
        (answer,) = ready.matching.answer([query])
    return {"result": [_candidate(ready, found, bodies.lang()) for found in answer]}


def _candidate(ready: Reconciliation, found: Found, lang: str, *, draft: bool = False) -> dict[str, Any]:
    features = [
        {"id": key, **({"name": each.text.get(lang)} if draft else {}), "value": each.value}
        for key, each in found.features.items()
    ]
    return {
        "id": found.thing.id,
        "name": found.thing.name(lang),
        "description": describing.description(ready.contents, found.thing, lang),
        "type": [
            manifest.type_told(ready.contents.schema.types[iri], lang) for iri in ready.contents.kinds(found.thing)
        ],
        "score": round(found.score, 2),
        "features": features,
        "match": found.match,
    }


@blueprint.get("/reconcile/suggest/<kind>")
@blueprint.get("/reconcile/1.0/suggest/<kind>")
def suggest(kind: str) -> Response:
    """Complete what somebody types: ``entity``, ``type`` or ``property``."""
    given, lang = bodies.parameters(), bodies.lang()
    prefix = given.get("prefix", given.get("query", ""))[:200]
    known = _ready().contents.schema
    found: Iterable[dict[str, Any]]
    if kind == "entity":
        kinds = [known.type(each).iri for each in given.get("type", "").split(",") if each]
        found = [_suggested(thing, lang) for thing in _part(_things(prefix, kinds), given)]
    elif kind == "type":
        found = [manifest.type_told(each, lang, whole=True) for each in _part(suggesting.types(known, prefix), given)]
    elif kind == "property":
        found = [_property(each, lang) for each in _part(suggesting.properties(known, prefix), given)]
    else:
        raise Refusal(
            404,
            Text(f"没有 {kind} 的联想", f"nothing suggests {kind}"),
            Text("可用：entity、type、property", "use one of entity, type, property"),
        )
    return bodies.answered(
        given, {"code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": list(found)}
    )


def _things(prefix: str, kinds: list[str]) -> list[Thing]:
    """Return the things whose names begin so or have it inside; where there are few, those that sound so too."""
    ready = _ready()
    found = ready.suggesting.things(prefix, kinds)
    if len(found) < suggesting.SUGGESTED:
        with contextlib.suppress(BudgetError, StoreError):  # the index of sounds is not there yet
            hits = (ready.contents.things.get(hit.iri) for hit in search.index().suggest(prefix, reading.MOST))
            fits = {thing.iri for thing in ready.contents.of_types(kinds)}
            found += [thing for thing in hits if thing is not None and thing.iri in fits and thing not in found]
    return found


def _part(found: list[Any], given: dict[str, str]) -> list[Any]:
    start = reading.limit(given.get("cursor", given.get("offset")), "cursor", default=0, least=0)
    most = reading.limit(given.get("limit"), "limit", default=suggesting.SUGGESTED)
    return found[start : start + min(most, reading.MOST)]


def _suggested(thing: Thing, lang: str) -> dict[str, Any]:
    contents = _ready().contents
    kinds = [manifest.type_told(contents.schema.types[iri], lang) for iri in contents.kinds(thing)]
    return {
        "id": thing.id,
        "name": thing.name(lang),
        "description": describing.description(contents, thing, lang),
        "notable": kinds,
    }


def _property(prop: Property, lang: str, kind: str | None = None) -> dict[str, Any]:
    return {"id": prop.id, "name": prop.name_of(kind).get(lang), "description": prop.description.get(lang)}


@blueprint.get("/reconcile/properties")
@blueprint.get("/reconcile/1.0/extend/propose")
def properties() -> Response:
    """Propose the properties whose values things of a type have."""
    given, lang = bodies.parameters(), bodies.lang()
    known, kind = _ready().contents.schema, given.get("type", "")
    iri = known.type(kind).iri if kind else None
    told: dict[str, Any] = {"properties": [_property(prop, lang, iri) for prop in known.of_type(iri)]}
    if given.get("limit"):
        told["limit"] = reading.limit(given["limit"])
        told["properties"] = told["properties"][: told["limit"]]
    if kind:
        told["type"] = kind
    return bodies.answered(given, told)


@blueprint.post("/reconcile/1.0/extend")
def extend() -> Response:
    """Answer a data extension query of the 1.0 draft."""
    query = asked.extension(reading.parse(bodies.body(), "body"))
    told = _extended(query)
    rows = [
        {"id": each, "properties": [{"id": key, "values": values} for key, values in cells.items()]}
        for each, cells in told["rows"].items()
    ]
    return bodies.answered({}, {"meta": told["meta"], "rows": rows})


def _extended(query: asked.Extension) -> dict[str, Any]:
    ready, lang = _ready(), bodies.lang()
    columns = ready.extending.columns(query)
    keys = [wanted.property for wanted in query.properties]
    with _TURNS:
        rows = {
            each: {key: ready.extending.cells(each, col, lang) for key, col in zip(keys, columns, strict=True)}
            for each in query.ids
        }
    return {"meta": [_meta(key, col, ready, lang) for key, col in zip(keys, columns, strict=True)], "rows": rows}


def _meta(key: str, column: Column, ready: Reconciliation, lang: str) -> dict[str, Any]:
    told: dict[str, Any] = {"id": key, "name": column.property.name.get(lang)}
    if len(column.property.ranges) == 1 and column.content == "values":
        told["type"] = manifest.type_told(ready.contents.schema.types[column.property.ranges[0]], lang)
    return told


@blueprint.get("/reconcile/preview")
@blueprint.get("/reconcile/1.0/preview")
def preview() -> Response:
    """Show a thing in the small frame of a client."""
    ready, lang = _ready(), bodies.lang()
    key = bodies.parameters().get("id", "")
    thing = ready.contents.thing(key)
    if thing is None:
        raise Refusal(
            404,
            Text(f"没有 {key[:100]}", f"there is no {key[:100]}"),
            Text("标识符如 school/xuchang-keji", "an identifier is like school/xuchang-keji"),
        )
    kinds = ready.contents.kinds(thing)
    html = render_template(
        "reconcile-preview.html",
        thing=thing,
        name=thing.name(lang),
        others=[name for name in thing.names() if name != thing.name(lang)][:_SHOWN],
        kind=ready.contents.schema.types[kinds[0]].name.get(lang),
        facts=list(_facts(ready, thing, kinds[0], lang)),
        address=f"{_root()}/id/{thing.id}",
        lang=lang,
    )
    return _framed(Response(html, mimetype="text/html"))


@blueprint.get("/reconcile/help")
def explained() -> str:
    """Tell people how to use the service, and which types and properties it knows."""
    known, lang = schema.load(), language()
    owners = {
        each.id: [kind.name.get(lang) for iri, kind in known.types.items() if iri in each.types]
        for each in known.properties.values()
    }
    return render_template(
        "reconcile-help.html",
        address=f"{_root()}/reconcile",
        types=manifest.types(),
        properties=[(each, owners[each.id]) for each in known.properties.values()],
    )


def _facts(ready: Reconciliation, thing: Thing, kind: str, lang: str) -> Iterator[tuple[str, list[str], int]]:
    """Give the properties of a thing that have values: name, the first values, and how many more there are."""
    from vetgraph.reconciliation.extending import Column

    for prop in ready.contents.schema.of_type(kind):
        if prop.id in {"skos:prefLabel", "skos:altLabel"}:
            continue
        cells = ready.extending.cells(thing.id, Column(prop, "values", 0), lang)
        values = [str(cell.get("name", next(iter(cell.values())))) for cell in cells]
        if values:
            yield prop.name_of(kind).get(lang), values[:_SHOWN], len(values) - _SHOWN


def _framed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = PREVIEW_CSP
    return response


def _root() -> str:
    return str(current_app.config.get("BASE_URL") or request.url_root).rstrip("/")
