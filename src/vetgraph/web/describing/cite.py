"""``/cite``: how to cite a thing, a table, a query or a comparison."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup

from vetgraph import names, networks, queries, views
from vetgraph.errors import Text, UsageError
from vetgraph.labels import Labels
from vetgraph.names import PREFIXES
from vetgraph.results import Triples
from vetgraph.web import frame, wording
from vetgraph.web.describing import references
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tabling
from vetgraph.web.things import linked, locations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.web.things.portrait import Portrait

blueprint = Blueprint("cite", __name__)

_TOLD: Final = 200
_LONG: Final = 8_000


@blueprint.get("/cite")
def cited() -> Response:
    """Say how to cite what ``of`` names: the IRI of a thing, or the address of a page; nothing: the whole dataset."""
    of = request.args.get("of", "").strip()
    style = request.args.get("style", "")
    if len(of) > _LONG:
        raise _unknown(of[:60] + "…")
    reference = _reference(of)
    if style:
        if style not in references.STYLES:
            known = ", ".join(references.STYLES)
            raise Refusal(
                400,
                Text(f"没有 {style} 格式", f"there is no style {style}"),
                Text(f"可用：{known}", f"use one of {known}"),
            )
        _, media, ending, write = references.STYLES[style]
        response = Response(write(reference), content_type=f"{media}; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{reference.key}.{ending}"'
        return response
    written = [
        (key, name, write(reference).strip(), url_for("cite.cited", of=of or None, style=key))
        for key, (name, _, _, write) in references.STYLES.items()
    ]
    html = render_template("cite.html", whole=not of, reference=reference, written=written, back=_local(of))
    return Response(html, mimetype="text/html")


def _reference(of: str) -> references.Reference:
    """Make the reference of a thing or of a page."""
    lang = language()
    path, _, query = _path(of).partition("?")
    named = _page(path, query, lang) if of else (_whole(lang), frame.base(), lang)
    if named is None:
        iri = _thing(of)
        labels = Labels(linked.vocabulary())
        labels.look_up(linked.store(), [iri])
        labels.tell_apart(linked.store(), [iri])
        named = (labels.text(iri, lang), iri, labels.language(iri, lang) or lang)
    title, address, told = named
    key = re.sub(r"[^a-z0-9]+", "-", urlsplit(address).path.lower() + "-" + urlsplit(address).query.lower()).strip("-")
    return references.Reference(
        key=f"vetgraph-{key.removeprefix('vetgraph-')}"[:80].rstrip("-"),
        title=title,
        container=_whole(lang) if of else "",
        address=address,
        edition=linked.store().version,
        sources=tabling.reports(lang),
        accessed=dt.datetime.now(dt.UTC).date().isoformat(),
        lang="zh" if told.startswith("zh") else "en",
    )


def _whole(lang: str) -> str:
    """Return what the dataset is called."""
    return f"vetgraph：{wording.in_language(lang)('site')}" if lang == "zh" else "vetgraph"


def _path(of: str) -> str:
    """Return what an address says after this service's own part; empty for what is none of its addresses."""
    if of.startswith(frame.base()):
        of = "/" + of[len(frame.base()) :]
    root = request.script_root
    return of[len(root) :] if of.startswith(f"{root}/") else ""


def _page(path: str, query: str, lang: str) -> tuple[str, str, str] | None:
    """Return title, address and language of a table, a query, a network or a comparison."""
    family, _, name = path.strip("/").partition("/")
    pairs = [(key, value) for key, value in parse_qsl(query) if key not in {"lang", "format"}]
    try:
        title = _title(family, name)
    except UsageError:
        return None
    if title is None:
        return None
    asked = urlencode(pairs)
    return title.get(lang), f"{frame.base()}{path.strip('/')}{'?' if asked else ''}{asked}", lang


def _title(family: str, name: str) -> Text | None:
    if family == "tables" and name:
        return views.get(name).query.title
    if family == "queries" and name:
        return queries.get(name).title
    if family == "networks" and name:
        return networks.get(name).query.title
    if family == "compare" and name in {"", "figures"}:
        word = "compare-figures" if name else "compare"
        return wording.WORDS[word]
    return None


def _thing(of: str) -> str:
    """Return the IRI of a thing, given by itself, in short, or by the address of its page."""
    path = _path(of).partition("?")[0]
    if path.startswith("/page/"):
        return linked.found(locations.page_iris(path.removeprefix("/page/")))
    try:
        iri = names.expand(of)
        ox.NamedNode(iri)
    except ValueError:
        raise _unknown(of) from None
    return linked.found([iri])


def _unknown(of: str) -> Refusal:
    return Refusal(
        404,
        Text(f"不能引用“{of}”", f'"{of}" cannot be cited'),
        Text(
            "of= 写事物的 IRI，或本站表格、问题、网络的网址",
            "of= takes the IRI of a thing, or the address of a table, query or network",
        ),
    )


def _local(of: str) -> str:
    if not of:
        return url_for("home.start")
    path = _path(of)
    return f"{request.script_root}{quote(path, safe='/?=&:@%-._~+')}" if path else locations.page(_thing(of))


def about(made: Portrait, title: str, iri: str, lang: str) -> Markup:
    """Return what a page says of itself and of its thing, as JSON-LD for its head.

    Args:
        made: What the page shows.
        title: What the thing is called.
        iri: The thing.
        lang: The reader's language.

    Returns:
        JSON in which no markup can begin.
    """
    triples = [ox.Triple(s.subject, s.property, s.value) for s in made.statements[:_TOLD]]
    try:
        told = json.loads(Triples(triples, PREFIXES).serialize("jsonld")) if triples else {}
    except (ValueError, OSError):  # a triple that is a value
        told = {}
    page = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": f"{frame.base()}{locations.page(iri).removeprefix(request.script_root).lstrip('/')}",
        "name": title,
        "inLanguage": "zh-CN" if lang == "zh" else "en",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isPartOf": {"@type": "Dataset", "@id": f"{frame.base()}void", "name": "vetgraph"},
        "mainEntity": {"@id": iri},
    }
    text = json.dumps([page, told] if told else page, ensure_ascii=False)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 - no markup is left in it


def summary(facts: Iterable[dict[str, Any]], types: Iterable[dict[str, Any]], lang: str) -> str:
    """Return a line about a thing, for search engines and for what shows a link.

    Args:
        facts: The facts of its page.
        types: Its classes.
        lang: The reader's language.

    Returns:
        Its classes and its first facts.
    """
    parts = [" · ".join(str(each["text"]) for each in types)]
    for group in facts:
        if group["label"]:
            for row in group["rows"]:
                values = "、".join(str(value["text"]) for value in row["values"][:3])
                parts.append(f"{row['property']['text']}{'：' if lang == 'zh' else ': '}{values}")
    most = 200
    return ("；" if lang == "zh" else "; ").join(part for part in parts if part)[:most]
