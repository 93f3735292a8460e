"""What the tools answer, as JSON that is short and says where each fact stands."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import foreign, names, queries
from vetgraph.errors import Text, UsageError
from vetgraph.labels import Labels, Vocabulary
from vetgraph.results import Answer, Solutions
from vetgraph.terms import python_value
from vetgraph.web.things import entities

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vetgraph.results import Triples
    from vetgraph.search import Indexes
    from vetgraph.store import Store
    from vetgraph.web.things.entities import Entity, Statement

ROWS: Final = 500
"""Rows of an answer that are shown, at most."""

_TURTLE: Final = 20_000
_MENTIONS: Final = 50
_HITS: Final = 50
_NAMED: Final = 300
_REPORTS: Final = names.PREFIXES["report"]
_TYPE: Final = names.expand("rdf:type")
_LABEL: Final = names.expand("skos:prefLabel")
_PLACES: Final = {
    names.expand("vetg:section"): "section",
    names.expand("vetg:heading"): "heading",
    names.expand("vetg:lineStart"): "firstLine",
    names.expand("vetg:lineEnd"): "lastLine",
}
_ENTRIES: Final = names.thing("entry", "")
_IN_REPORT: Final = names.expand("vetg:inReport")

CITING: Final = (
    "Every fact of a report stands in a named graph that is the passage stating it: "
    "GRAPH ?passage { ?school vetg:ownership ?o } asks who says so. The default graph holds each statement once, "
    "so count without GRAPH. Passages are described by vetg:section, vetg:heading, vetg:lineStart and vetg:lineEnd."
)


class Answers:
    """Answers from one store."""

    def __init__(self, store: Store, indexes: Indexes, lang: str = "zh") -> None:
        """Remember the parts.

        Args:
            store: What to ask; it keeps queries within their budget.
            indexes: Finds things by name.
            lang: Language of names, ``zh`` or ``en``.
        """
        self._store = store
        self._indexes = indexes
        self._lang = lang
        self._vocabulary = Vocabulary()

    def search(self, text: str, kind: str = "", limit: int = 10) -> dict[str, Any]:
        """Find things by name.

        Args:
            text: A name or a part of it, an alias, pinyin or initials.
            kind: A class, as ``SecondarySchool``; empty for any.
            limit: How many results.

        Returns:
            ``results``, ``total`` and whether there are ``more``.

        Raises:
            UsageError: There is no such kind, or the text is too long.
        """
        narrowed = {"kind": [kind.removeprefix("vetg:")]} if kind else {}
        found = self._indexes.current().search(text, narrowed, limit=max(1, min(limit, _HITS)))
        hits = [
            {
                "id": names.shorten(hit.iri),
                "name": hit.label.get(self._lang) or hit.label.zh or hit.label.en,
                "kind": names.shorten(hit.kind),
                "kindName": hit.kind_label.get(self._lang),
                **({"matched": hit.name, "way": hit.way} if hit.name else {}),
            }
            for hit in found.hits
        ]
        return {"results": hits, "total": found.total, "more": found.more or found.total > len(hits)}

    def describe(self, thing: str) -> dict[str, Any]:
        """Say what the graph says of a thing.

        Args:
            thing: Its identifier (``id:school/xuchang-keji`` or the IRI), or its exact name.

        Returns:
            Its names and types, what is stated of it, what mentions it, and the passages that state it.

        Raises:
            UsageError: The graph does not know it, or several things have the name.
        """
        iri = self._resolved(thing.strip())
        entity = entities.describe(self._store, iri, self._vocabulary.labels(self._store))
        cited: dict[str, None] = {}
        told: dict[str, Any] = {
            "id": names.shorten(iri),
            "iri": iri,
            "name": entity.labels.text(iri, self._lang),
            "types": [self._named(entity.labels, s.value) for s in entity.statements if s.property.value == _TYPE],
            "statements": self._properties(entity, cited),
        }
        mentions = [
            {
                "property": names.shorten(each.property.value),
                **self._named(entity.labels, each.subject),
                "passages": self._cited(each, cited),
            }
            for each in entity.mentions[:_MENTIONS]
        ]
        told["mentionedBy"] = mentions
        if len(entity.mentions) > _MENTIONS:
            told["mentionsInAll"] = len(entity.mentions)
        if iri.startswith(_REPORTS) and entity.contents:
            told["states"] = [
                {
                    "subject": self._named(entity.labels, each.subject),
                    "property": names.shorten(each.property.value),
                    "value": self._named(entity.labels, each.value),
                }
                for each in entity.contents[:ROWS]
            ]
            cited[iri] = None
        told["passages"] = self.passages(cited)
        return told

    def _properties(self, entity: Entity, cited: dict[str, None]) -> list[dict[str, Any]]:
        """Put the statements under their properties."""
        found: dict[str, list[dict[str, Any]]] = {}
        for each in entity.statements:
            if each.property.value != _TYPE:
                value = {**self._named(entity.labels, each.value), "passages": self._cited(each, cited)}
                found.setdefault(each.property.value, []).append(value)
        return [
            {"property": names.shorten(prop), "name": self._called(entity.labels, prop), "values": values[:ROWS]}
            for prop, values in sorted(found.items(), key=lambda pair: (pair[0] != _LABEL, pair[0]))
        ]

    @staticmethod
    def _cited(statement: Statement, cited: dict[str, None]) -> list[str]:
        passages = [graph for graph in statement.graphs if graph.startswith(_REPORTS)]
        cited.update(dict.fromkeys(passages))
        return [names.shorten(each) for each in passages]

    def _named(self, labels: Labels, term: Any) -> dict[str, Any]:  # noqa: ANN401 - an RDF term
        if not isinstance(term, ox.NamedNode):
            lang = getattr(term, "language", None)
            return {"value": _plain(term), **({"lang": lang} if lang else {})}
        name = labels.literal(term.value, self._lang)
        return {"id": names.shorten(term.value), **({"name": name.value} if name is not None else {})}

    def _called(self, labels: Labels, term: str) -> str:
        """Return what a class or a property is called, in other vocabularies too."""
        known = foreign.TERMS.get(term)
        return known.get(self._lang) if known and not labels.of(term) else labels.text(term, self._lang)

    def _resolved(self, thing: str) -> str:
        """Return the IRI of what an identifier or a name means."""
        try:
            iri = names.expand(thing) if ":" in thing else names.PREFIXES["id"] + thing
            if entities.standing(self._store, iri).known:
                return iri
        except (ValueError, UsageError):
            pass
        found = sorted({str(row["thing"]) for row in queries.page(self._store, "named", {"name": thing})})
        found = [iri for iri in found if not iri.startswith(_ENTRIES)] or found  # a row of a list is not the thing
        if len(found) == 1:
            return found[0]
        if not found:
            meant = self._indexes.current().suggest(thing[:100], 5)
            found = [hit.iri for hit in meant]
            listed = ", ".join(f"{names.shorten(hit.iri)} ({hit.label.zh or hit.label.en})" for hit in meant)
        else:
            listed = ", ".join(map(names.shorten, found))
        raise UsageError(
            Text(f"图谱不知道“{thing[:100]}”，或不止一个", f'the graph does not know one thing called "{thing[:100]}"'),
            Text(f"是否指 {listed}？", f"did you mean {listed}?") if found else Text("先用 search", "use search first"),
        )

    def query(self, sparql: str, limit: int = 50) -> dict[str, Any]:
        """Answer a SPARQL query.

        Args:
            sparql: The query; the project's prefixes are known.
            limit: Rows to show.

        Returns:
            Columns and rows with the names of what they mention, a yes or no, or triples in Turtle.

        Raises:
            VetgraphError: The query is malformed, not allowed, or beyond its budget.
        """
        return self._written(self._store.query(sparql), limit)

    def queries(self, about: str = "") -> dict[str, Any]:
        """List the named queries.

        Args:
            about: A word that name, title or description must have; empty for all.

        Returns:
            ``queries``, each with its parameters.
        """
        wanted = about.strip().casefold()
        found = []
        for each in queries.catalogue().values():
            texts = (each.name, each.title.zh, each.title.en, each.description.zh, each.description.en)
            if wanted and not any(wanted in text.casefold() for text in texts):
                continue
            found.append(
                {
                    "name": each.name,
                    "title": each.title.get(self._lang),
                    "description": each.description.get(self._lang),
                    "parameters": [
                        {
                            "name": param.name,
                            "type": param.type,
                            "label": param.label.get(self._lang),
                            "default": param.default,
                            "required": param.default is None and not param.optional,
                        }
                        for param in each.params
                    ],
                }
            )
        return {"queries": found}

    def run(self, name: str, parameters: Mapping[str, Any] | None = None, limit: int = 50) -> dict[str, Any]:
        """Run a named query.

        Args:
            name: Its name.
            parameters: Values by name.
            limit: Rows to show.

        Returns:
            As ``query``, with the query's ``title`` and its SPARQL.

        Raises:
            VetgraphError: No such query or parameter, a wrong value, or beyond its budget.
        """
        asked = queries.get(name)
        values = {key: str(value) for key, value in (parameters or {}).items() if value is not None}
        answer = self._written(queries.ask(self._store, asked, values), limit)
        return {"title": asked.title.get(self._lang), **answer, "sparql": asked.text}

    def schema(self, kind: str = "") -> dict[str, Any]:
        """Tell the classes, or the properties of one.

        Args:
            kind: A class, as ``SecondarySchool`` or ``qb:Observation``; empty for all classes.

        Returns:
            Classes with how many things they have, prefixes and how facts are cited; or a class with its properties.

        Raises:
            UsageError: No thing has that class.
        """
        labels = self._vocabulary.labels(self._store)
        if not kind:
            classes = [
                {
                    "id": names.shorten(str(row["class"])),
                    "name": self._called(labels, str(row["class"])),
                    "things": row["count"],
                }
                for row in queries.page(self._store, "classes")
            ]
            return {"classes": classes, "prefixes": dict(names.PREFIXES), "citations": CITING}
        try:
            iri = names.expand(kind) if ":" in kind else names.PREFIXES["vetg"] + kind
            rows = queries.page(self._store, "class-properties", {"class": iri}).rows()
        except (ValueError, UsageError):  # no IRI
            iri, rows = "", []
        if not rows:
            raise UsageError(
                Text(f"没有 {kind[:100]} 类的事物", f"no thing is a {kind[:100]}"),
                Text("不带参数调用 schema，看有哪些类", "call schema without a class to see them all"),
            )
        known = Labels(labels)
        known.look_up(
            self._store, {str(row["example"]) for row in rows if isinstance(row.term("example"), ox.NamedNode)}
        )
        properties = [
            {
                "id": names.shorten(str(row["property"])),
                "name": self._called(known, str(row["property"])),
                "things": row["things"],
                "example": self._named(known, row.term("example")),
            }
            for row in rows
        ]
        return {"class": names.shorten(iri), "name": labels.text(iri, self._lang), "properties": properties}

    def passages(self, iris: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Tell where passages stand.

        Args:
            iris: Their IRIs.

        Returns:
            For each its report, section, heading and lines.
        """
        found: dict[str, dict[str, Any]] = {}
        labels = self._vocabulary.labels(self._store)
        for iri in sorted(iris)[:_NAMED]:
            told: dict[str, Any] = {}
            for row in queries.page(self._store, "cited", {"passage": iri}):
                prop = str(row["property"])
                if prop == _IN_REPORT:
                    labels.look_up(self._store, [str(row["value"])])
                    told["report"] = labels.text(str(row["value"]), self._lang)
                else:
                    told[_PLACES[prop]] = row["value"]
            found[names.shorten(iri)] = told
        return found

    def _written(self, found: Solutions | Answer | Triples, limit: int) -> dict[str, Any]:
        if isinstance(found, Answer):
            return {"answer": bool(found)}
        if not isinstance(found, Solutions):
            text = found.serialize("ttl").decode()
            return {"triples": len(found), "turtle": text[:_TURTLE], "cut": len(text) > _TURTLE}
        rows = found.rows()
        shown = rows[: max(1, min(limit, ROWS))]
        terms = [[row.term(name) for name in found.variables] for row in shown]
        iris = dict.fromkeys(term.value for row in terms for term in row if isinstance(term, ox.NamedNode))
        passages = [iri for iri in iris if iri.startswith(_REPORTS)]
        labels = Labels(self._vocabulary.labels(self._store))
        labels.look_up(self._store, list(iris)[:_NAMED])
        return {
            "columns": list(found.variables),
            "rows": [
                [names.shorten(t.value) if isinstance(t, ox.NamedNode) else _plain(t) for t in row] for row in terms
            ],
            "total": len(rows),
            "shown": len(shown),
            "names": {names.shorten(iri): labels.text(iri, self._lang) for iri in iris if labels.of(iri)},
            "passages": self.passages(passages),
        }


def _plain(term: Any) -> Any:  # noqa: ANN401 - an RDF term; what JSON can hold
    value = python_value(term)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value
