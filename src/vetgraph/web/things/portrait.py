"""What the page of a thing shows: its facts as the shapes group and order them, and panels of what points at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import kinds, names, queries, views
from vetgraph.labels import Labels
from vetgraph.views import rows
from vetgraph.web.things import citing, entities, linked
from vetgraph.web.things.showing import Showing
from vetgraph.web.together import together

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.kinds import Field
    from vetgraph.store import Store
    from vetgraph.views import Panel
    from vetgraph.views.rows import Line
    from vetgraph.web.things.entities import Statement

MOST: Final = 50
"""Things that a panel asks for; its table has all."""

_OFTEN: Final = 2_000
"""Statements that point at a thing; where there are more, its page shows them by a request of their own."""

_FACTS: Final = 500
_CONTENTS: Final = 2_000
_LEFT: Final = 200
_TYPE: Final = names.expand("rdf:type")
_NAMES: Final = frozenset(names.expand(c) for c in ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name"))
_LAST: Final = 10_000


@dataclass
class Seen:
    """A panel with its rows.

    Attributes:
        panel: The panel.
        lines: Its rows, no more than ``MOST``.
        count: How many things there are, where that is known.
    """

    panel: Panel
    lines: list[Line]
    count: int


@dataclass
class Portrait:
    """All that the page of a thing shows, not yet in a language.

    Attributes:
        iri: The thing.
        types: Its classes, ours first.
        statements: Statements about it.
        contents: Statements that it holds, where it is a graph.
        panels: What points at it, kind by kind.
        left: Statements that point at it and are in no panel.
        labels: The names of all that occurs.
        cut: Whether something is left out.
        kinds: The classes of what a passage tells of.
        later: Whether so much points at the thing that it is left for a page of its own.
    """

    iri: str
    types: list[str]
    statements: list[Statement]
    contents: list[Statement]
    panels: list[Seen]
    left: list[Statement]
    labels: Labels
    cut: bool
    kinds: dict[str, list[str]]
    later: bool = False


def paint(store: Store, iri: str, *, whole: bool = True) -> Portrait:
    """Gather what the page of a thing shows.

    Args:
        store: What to ask.
        iri: The thing.
        whole: Whether to gather what points at it even where that is very much, and takes long.

    Returns:
        The portrait.
    """
    statements, contents = entities.said(store, iri), entities.held(store, iri)
    often = not whole and _often(store, iri)
    types = [s.value.value for s in statements if s.property.value == _TYPE and isinstance(s.value, ox.NamedNode)]
    types.sort(key=lambda each: (not each.startswith(names.BASE), not kinds.load().of_class(each)))
    panels, left = ([], []) if often else _told_of(store, iri, statements)
    cut = len(statements) > _FACTS or len(contents) > _CONTENTS or len(left) > _LEFT
    made = Portrait(iri, types, statements[:_FACTS], contents[:_CONTENTS], panels, left, Labels(), cut, {}, later=often)
    told = {s.subject.value: None for s in made.contents if isinstance(s.subject, ox.NamedNode)}
    for part in queries.parts(told):
        for row in queries.page(store, "types-of", {"near": part}):
            made.kinds.setdefault(row.term("near").value, []).append(str(row["class"]))
    _name(store, made)
    return made


def _often(store: Store, iri: str) -> bool:
    """Tell whether more points at a thing than a page gathers while its reader waits."""
    return any(int(str(row["count"])) > _OFTEN for row in queries.page(store, "named-often", {"thing": iri}))


def _told_of(store: Store, iri: str, statements: list[Statement]) -> tuple[list[Seen], list[Statement]]:
    """Gather what points at a thing: in panels, and what is in none of them."""
    pointing = _pointing(store, iri)
    panels, uncovered = _panels(store, iri, statements, pointing)
    left: list[Statement] = []
    for prop in uncovered:
        found = queries.page(store, "mentions-by", {"thing": iri, "property": prop})
        thing = ox.NamedNode(iri)
        left += entities.gathered((r.term("subject"), r.term("property"), thing, r.term("graph")) for r in found)
    if not pointing:
        found = queries.page(store, "mentions-named", {"thing": iri})
        left += entities.gathered(
            (r.term("subject"), r.term("property"), ox.NamedNode(iri), r.term("graph")) for r in found
        )
    return panels, left


def _pointing(store: Store, iri: str) -> dict[tuple[str, str], int]:
    """Count the things that point at a thing, by property and class; the class is empty where they have none."""
    found = queries.page(store, "pointing", {"thing": iri})
    counts: dict[tuple[str, str], int] = {}
    for row in found:
        prop, count = row.term("property"), row["count"]
        if prop is not None and isinstance(count, int) and count:
            counts[prop.value, str(row["class"] or "")] = count
    return counts


def _panels(
    store: Store, iri: str, statements: list[Statement], pointing: dict[tuple[str, str], int]
) -> tuple[list[Seen], list[str]]:
    """Choose the panels that have something to show, and the properties whose subjects are in none of them."""
    chosen: dict[str, tuple[Panel, int]] = {}
    covered: dict[str, dict[str, int]] = {}
    for (prop, cls), count in pointing.items():
        view = views.of_class(cls)
        panel = views.pointing(view, prop) if view else None
        if panel is not None:
            chosen[panel.name] = (panel, count)
            covered.setdefault(prop, {})[cls] = count
    forward = {statement.property.value for statement in statements}
    backward = {prop for prop, _ in pointing}
    for panel in views.panels().values():
        prop, inverse = panel.steps[0]
        if len(panel.steps) > 1 and prop in (backward if inverse else forward):
            chosen[panel.name] = (panel, 0)
    ordered = sorted(chosen.values(), key=lambda pair: (pair[0].order, pair[0].name))

    def read(panel: Panel) -> list[Line]:
        return rows.read(store, views.catalogue()[panel.view], panel, iri, MOST)

    found = together(store, [partial(read, panel) for panel, _ in ordered])
    seen = []
    for (panel, count), lines in zip(ordered, found, strict=True):
        many = count
        if len(panel.steps) > 1 and len(lines) >= MOST:
            many = rows.count(store, views.catalogue()[panel.view], panel, iri)
        if lines:
            seen.append(Seen(panel, lines, max(many, len(lines))))
    uncovered = {prop: None for (prop, cls), count in pointing.items() if count > _told(cls, covered.get(prop, {}))}
    return seen, [prop for prop in uncovered if prop != _TYPE or not covered.get(prop)]


def _told(cls: str, covered: dict[str, int]) -> int:
    """Return how many things of a class are in panels: those of the kinds that are of this class too."""
    kinds_of = {kind.iri for kind in kinds.load().of_class(cls)} | {cls}
    return sum(count for each, count in covered.items() if each in kinds_of)


def _name(store: Store, made: Portrait) -> None:
    """Look up all names at once."""
    made.labels = Labels(linked.vocabulary())
    iris: dict[str, None] = {made.iri: None}
    for statement in (*made.statements, *made.contents, *made.left):
        for node in (statement.subject, statement.value):
            if isinstance(node, ox.NamedNode):
                iris[node.value] = None
    for seen in made.panels:
        for line in seen.lines:
            iris[line.thing] = None
            for values in line.cells.values():
                iris.update({value.value: None for value in values if isinstance(value, ox.NamedNode)})
    space = (names.BASE, "urn:", "http")
    listed = [iri for iri in iris if iri.startswith(space)]
    made.labels.look_up(store, listed)
    made.labels.tell_apart(store, listed)


class Painter:
    """Says in one language what a portrait shows."""

    def __init__(self, made: Portrait, lang: str) -> None:
        """Choose the language.

        Args:
            made: The portrait.
            lang: ``zh`` or ``en``.
        """
        self._made = made
        self._lang = lang
        self.showing = Showing(made.labels, lang)
        graphs = [g for s in (*made.statements, *made.left) for g in citing.marked(s.graphs)]
        graphs += [graph for seen in made.panels for line in seen.lines for graph in citing.marked(line.passages)]
        self._marks = citing.marks(linked.store(), graphs, made.labels, lang)

    def marks(self, graphs: Iterable[str]) -> list[dict[str, Any]]:
        """Return the citation marks of a statement: its passages; where it has none, what else states it.

        Args:
            graphs: Its graphs.

        Returns:
            Marks in the order of the reports.
        """
        return citing.behind(graphs, self._marks)

    def facts(self) -> list[dict[str, Any]]:
        """Return the facts group by group, in the order of the shapes.

        Returns:
            For each group ``label`` and ``rows``, each of these with ``property`` and ``values`` that have ``marks``.
        """
        fields = fields_of(self._made.types)
        groups: dict[str, list[dict[str, Any]]] = {}
        for prop, statements in self._by_property(self._made.statements, fields):
            shape = fields.get(prop)
            if (
                prop in _NAMES
                and len(statements) == 1
                and self._made.labels.literal(self._made.iri, self._lang) == statements[0].value
                and not self.marks(statements[0].graphs)
            ):
                continue
            group = "" if shape is None or prop == _TYPE else shape.group
            values = [{**self.showing.value(s.value), "marks": self.marks(s.graphs)} for s in statements]
            values.sort(key=lambda value: (len(str(value["text"])) if value.get("number") else 0, str(value["text"])))
            head = (
                {"text": shape.label.get(self._lang), "href": self.showing.node(prop)["href"]}
                if shape
                else self.showing.node(prop)
            )
            groups.setdefault(group, []).append({"property": head, "values": values})
        known = kinds.load().groups
        listed = [
            {"label": label.get(self._lang), "rows": groups[iri]} for iri, label in known.items() if iri in groups
        ]
        rest = [row for iri, found in groups.items() if iri not in known for row in found]
        return [*listed, *([{"label": "", "rows": rest}] if rest else [])]

    def _by_property(self, statements: list[Statement], fields: dict[str, Field]) -> list[tuple[str, list[Statement]]]:
        def rank(statement: Statement) -> tuple[int, str, str]:
            shape = fields.get(statement.property.value)
            text = self.showing.node(statement.property.value)["text"]
            return (shape.order if shape else _LAST, text, statement.property.value)

        ordered = sorted(statements, key=rank)
        return [(prop, list(group)) for prop, group in groupby(ordered, key=lambda s: s.property.value)]

    def contents(self) -> list[dict[str, Any]]:
        """Return what a passage states, a table for each kind of thing.

        Returns:
            For each kind ``label``, ``columns``, and ``rows`` of ``thing`` and ``cells``, a cell for each column.
        """
        subjects: dict[Any, list[Statement]] = {}
        for statement in self._made.contents[:_CONTENTS]:
            subjects.setdefault(statement.subject, []).append(statement)
        kinds_: dict[str, dict[Any, list[Statement]]] = {}
        for subject, statements in subjects.items():
            types = self._made.kinds.get(getattr(subject, "value", ""), [])
            kinds_.setdefault(_kind_of(types), {})[subject] = statements
        found = [self._contents(kind, things) for kind, things in kinds_.items()]
        return sorted(found, key=lambda each: (not each["label"], str(each["label"])))

    def _contents(self, kind: str, things: dict[Any, list[Statement]]) -> dict[str, Any]:
        known = kinds.load().by_key.get(kind)
        fields = fields_of([known.iri]) if known else _all_fields()
        listed = [s for statements in things.values() for s in statements]
        hidden = {_TYPE, *_NAMES} if known else set()
        columns = [prop for prop, _ in self._by_property(listed, fields) if prop not in hidden]
        rows_: list[dict[str, Any]] = []
        for subject, statements in things.items():
            cells: dict[str, list[Any]] = {prop: [] for prop in columns}
            for statement in statements:
                if statement.property.value in cells:
                    cells[statement.property.value].append(statement.value)
            rows_.append({"thing": self.showing.value(subject), "cells": [self._cell(each) for each in cells.values()]})
        rows_.sort(key=lambda row: str(row["thing"]["text"]))
        heads = [fields[p].label.get(self._lang) if p in fields else self.showing.node(p)["text"] for p in columns]
        label = known.label.get(self._lang) if known else ""
        return {"label": label, "columns": heads, "rows": rows_, "key": kind or "others"}

    def _cell(self, terms: list[Any]) -> list[dict[str, Any]]:
        """Return the values of a cell; of a text in several languages, that in the reader's."""
        tongues = {term.language for term in terms if isinstance(term, ox.Literal)}
        others = tongues - {None, self._lang} if self._lang in tongues else set()
        read = [term for term in terms if getattr(term, "language", None) not in others]
        return sorted(map(self.showing.value, read), key=lambda value: str(value["text"]))

    def left(self) -> list[dict[str, Any]]:
        """Return what points at the thing and is in no panel.

        Returns:
            For each property ``property`` and ``values`` with ``marks``.
        """
        found: list[dict[str, Any]] = []
        for prop, statements in self._by_property(self._made.left[:_LEFT], {}):
            values = [{**self.showing.value(s.subject), "marks": self.marks(s.graphs)} for s in statements]
            found.append({"property": self.showing.node(prop), "values": sorted(values, key=lambda v: str(v["text"]))})
        return found

    def panels(self) -> list[dict[str, Any]]:
        """Return the panels.

        Returns:
            What the template shows of each.
        """
        from vetgraph.web.things import panels

        own: dict[str, list[str]] = {}
        for statement in self._made.statements:
            if isinstance(statement.value, ox.NamedNode):
                own.setdefault(statement.property.value, []).append(statement.value.value)
        return [panels.shown(self._made.iri, seen, self._made.labels, self._lang, own) for seen in self._made.panels]


def _kind_of(types: Iterable[str]) -> str:
    """Return the key of the kind that things of some classes are shown as; empty where the shapes know none."""
    listed = list(types)
    known = [kind for each in listed for kind in kinds.load().of_class(each) if kind.iri in listed]
    shown = [kind.key for kind in known if views.of_class(kind.iri)]
    return min(shown or [kind.key for kind in known], default="")


def _all_fields() -> dict[str, Field]:
    return {each.iri: each for kind in kinds.load().by_key.values() for each in kind.fields.values()}


def fields_of(types: Iterable[str]) -> dict[str, Field]:
    """Return what the shapes say of the properties of a thing, the narrower class first.

    Args:
        types: Its classes.

    Returns:
        Fields by IRI of the property.
    """
    found: dict[str, Field] = {}
    ranked = sorted(types, key=lambda each: len(kinds.load().of_class(each)))
    for each in ranked:
        for kind in kinds.load().of_class(each):
            if kind.iri == each:
                for known in kind.fields.values():
                    found.setdefault(known.iri, known)
    return found
