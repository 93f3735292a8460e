"""The mark behind a value that says where it stands: report, section, heading and lines of the passage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from flask import current_app

from vetgraph import names, queries
from vetgraph.passages import Cited, Passages, lines
from vetgraph.web import wording
from vetgraph.web.things import locations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markupsafe import Markup

    from vetgraph.labels import Labels
    from vetgraph.store import Store

MARKED: Final = 12
"""Passages that are marked behind a value; of more than these the number is told."""

_GRAPHS: Final = {
    names.REGISTRY: "graph-registry",
    names.CODES: "graph-codes",
    names.ONTOLOGY: "graph-ontology",
}


def passages() -> Passages:
    """Return the passages kept by the application."""
    kept: Passages = current_app.extensions.setdefault("vetgraph.passages", Passages())
    return kept


def marked(graphs: Iterable[str]) -> list[str]:
    """Return the graphs whose marks stand behind a value: its passages; where it has none, what else states it.

    Args:
        graphs: Its graphs, in an order.

    Returns:
        The first of them, as many as are shown.
    """
    listed = list(graphs)
    return ([graph for graph in listed if _passage(graph)] or listed)[:MARKED]


def behind(graphs: Iterable[str], known: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the marks behind a value.

    Args:
        graphs: Its graphs.
        known: The marks of those that ``marked`` chose.

    Returns:
        Marks in the order of the reports, at the end ``more`` with the number of passages that are not marked.
    """
    listed = list(graphs)
    found = [known[graph] for graph in marked(listed)]
    found = [mark for mark in found if mark["report"]] or found
    more = sum(map(_passage, listed)) - len(found)
    return [*sorted(found, key=lambda mark: mark["order"]), *([{"more": more}] if more > 0 else [])]


def _passage(graph: str) -> bool:
    return graph.startswith(names.PREFIXES["report"]) and "/" in graph.removeprefix(names.PREFIXES["report"])


def marks(store: Store, graphs: Iterable[str], labels: Labels, lang: str) -> dict[str, dict[str, Any]]:
    """Return the citation marks of graphs.

    Args:
        store: What to ask.
        graphs: IRIs of graphs.
        labels: Names; those of the reports are added.
        lang: The reader's language.

    Returns:
        For each graph ``text`` (the section), ``href``, ``told`` (all in one line), ``report``, ``heading``, ``lines``;
        ``html`` is all that as a mark.
    """
    listed = list(dict.fromkeys(graphs))
    labels.look_up(store, [graph for graph in listed if graph not in _GRAPHS])
    found = passages().look_up(store, listed)
    labels.look_up(store, {cited.report for graph in listed if (cited := found.get(graph)) is not None})
    drawn = _drawing(lang)
    made = {graph: _mark(graph, found.get(graph), labels, lang) for graph in listed}
    for mark in made.values():
        mark["html"] = drawn(mark)
    return made


def _drawing(lang: str) -> Callable[[dict[str, Any]], Markup]:
    """Return what writes a mark: it stands behind many values of a page and is written once."""
    key = f"vetgraph.marks.{lang}"
    if key not in current_app.extensions:
        template = current_app.jinja_env.get_template("citing.html")
        current_app.extensions[key] = template.make_module({"say": wording.in_language(lang)}).mark  # type: ignore[attr-defined]
    return cast("Callable[[dict[str, Any]], Markup]", current_app.extensions[key])


def _mark(graph: str, cited: Cited | None, labels: Labels, lang: str) -> dict[str, Any]:
    say = wording.in_language(lang)
    href = locations.link(graph)
    if cited is None:
        told = say(_GRAPHS[graph]) if graph in _GRAPHS else labels.text(graph, lang)
        text = say("cite-report") if graph.startswith(names.PREFIXES["report"]) else told
        text = say("cite-registry") if graph == names.REGISTRY else text
        return {"text": text, "href": href, "told": told, "report": "", "heading": "", "lines": "", "order": ("", 0)}
    report, said = labels.text(cited.report, lang), lines(cited, lang)
    heading = f"{cited.section} {cited.heading}".strip()
    told = say("cite-told").format(report=report, section=heading)
    return {
        "text": cited.section or say("passage"),
        "href": href,
        "told": f"{told}{'，' if lang == 'zh' else ', '}{said}" if said else told,
        "report": report,
        "heading": heading,
        "lines": said,
        "order": (cited.report, cited.position or 0),
    }


def beside(store: Store, iri: str, labels: Labels, lang: str) -> dict[str, Any] | None:
    """Return where a passage stands in its report.

    Args:
        store: What to ask.
        iri: The passage.
        labels: Names; that of the report is added.
        lang: The reader's language.

    Returns:
        ``mark`` of the passage, its ``report``, the ``previous`` and the ``next`` one; ``None`` for what is no passage.
    """
    cited = passages().look_up(store, [iri]).get(iri)
    if cited is None:
        return None
    rows = queries.page(store, "report-passages", {"report": cited.report})
    order = sorted(
        {str(row["passage"]): row["value"] for row in rows if str(row["property"]).endswith("position")}.items(),
        key=lambda pair: int(str(pair[1])),
    )
    listed = [passage for passage, _ in order]
    at = listed.index(iri) if iri in listed else -1
    previous = listed[at - 1] if at > 0 else None
    following = listed[at + 1] if 0 <= at < len(listed) - 1 else None
    made = marks(store, [each for each in (iri, previous, following) if each], labels, lang)
    return {
        "mark": made[iri],
        "report": {"text": made[iri]["report"], "href": locations.link(cited.report)},
        "previous": made[previous] if previous else None,
        "next": made[following] if following else None,
        "place": at + 1,
        "many": len(listed),
    }
