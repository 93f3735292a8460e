"""A description as what a template shows: values under their property, each with the passages that state it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import foreign, names
from vetgraph.terms import python_value
from vetgraph.web import wording
from vetgraph.web.things import locations

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.labels import Labels
    from vetgraph.web.things.entities import Entity, Statement

MOST: Final = 500
"""Statements of each part that a page shows."""

_TYPE: Final = names.expand("rdf:type")
_FIRST: Final = tuple(
    names.expand(curie)
    for curie in (
        "rdf:type",
        "skos:prefLabel",
        "rdfs:label",
        "dcterms:title",
        "foaf:name",
        "skos:altLabel",
        "skos:definition",
    )
)
_GRAPHS: Final = {
    names.REGISTRY: "graph-registry",
    names.CODES: "graph-codes",
    names.ONTOLOGY: "graph-ontology",
}


class Showing:
    """What a page says, in one language."""

    def __init__(self, labels: Labels, lang: str) -> None:
        """Choose names and language.

        Args:
            labels: The names of what occurs.
            lang: ``zh`` or ``en``.
        """
        self._labels = labels
        self._lang = lang
        self._say = wording.in_language(lang)
        self._nodes: dict[str, dict[str, Any]] = {}

    def node(self, iri: str) -> dict[str, Any]:
        """Return how a thing is shown.

        Args:
            iri: Its IRI.

        Returns:
            ``text``, ``lang``, ``href`` and ``iri``.
        """
        found = self._nodes.get(iri)
        if found is None:
            found = self._nodes[iri] = self._node(iri)
        return found

    def _node(self, iri: str) -> dict[str, Any]:
        if iri in _GRAPHS:
            return {"text": self._say(_GRAPHS[iri]), "href": locations.link(iri), "iri": iri, "lang": None}
        lang = self._labels.language(iri, self._lang)
        return {"text": self._text(iri), "lang": _tag(lang, self._lang), "href": locations.link(iri), "iri": iri}

    def _text(self, iri: str) -> str:
        if iri in foreign.TERMS and not self._labels.of(iri):
            return foreign.TERMS[iri].get(self._lang)
        return self._labels.text(iri, self._lang)

    def value(self, term: Any) -> dict[str, Any]:  # noqa: ANN401 - any RDF term
        """Return how a value is shown.

        Args:
            term: The value.

        Returns:
            As ``node`` does; a literal has no ``href``.
        """
        if isinstance(term, ox.NamedNode):
            return self.node(term.value)
        if isinstance(term, ox.Literal):
            value = python_value(term)
            number = isinstance(value, (int, float)) or type(value).__name__ == "Decimal"
            return {"text": term.value, "lang": _tag(term.language, self._lang), "number": number}
        return {"text": str(term)}

    def groups(self, statements: Iterable[Statement], *, inverse: bool = False) -> list[dict[str, Any]]:
        """Put statements under their properties.

        Args:
            statements: Statements with the same subject or, inverse, the same object.
            inverse: Whether the subjects are what is shown.

        Returns:
            For each property ``property`` and ``values``, each of these with ``sources``.
        """
        ordered = sorted(statements, key=lambda s: (self._rank(s.property.value), s.property.value))
        found = []
        for prop, members in groupby(ordered, key=lambda statement: statement.property.value):
            values = [
                {
                    **self.value(statement.subject if inverse else statement.value),
                    "sources": [self.node(graph) for graph in statement.graphs],
                }
                for statement in members
            ]
            values.sort(key=lambda value: (len(value["text"]) if value.get("number") else 0, value["text"]))
            found.append({"property": self.node(prop), "values": values})
        return found

    def _rank(self, prop: str) -> tuple[int, str]:
        return (_FIRST.index(prop) if prop in _FIRST else len(_FIRST), self._text(prop))

    def subjects(self, statements: Iterable[Statement]) -> list[dict[str, Any]]:
        """Put statements under their subjects.

        Args:
            statements: Any statements.

        Returns:
            For each subject ``thing`` and ``groups``.
        """
        ordered = sorted(statements, key=lambda statement: str(statement.subject))
        found = [
            {"thing": self.value(members[0].subject), "groups": self.groups(members)}
            for members in (list(group) for _, group in groupby(ordered, key=lambda s: str(s.subject)))
        ]
        return sorted(found, key=lambda each: str(each["thing"]["text"]))

    def entity(self, entity: Entity) -> dict[str, Any]:
        """Return what the page of a thing shows.

        Args:
            entity: Its description.

        Returns:
            Values of the template ``entity.html``.
        """
        parts = (entity.statements, entity.mentions, entity.contents)
        types = [s.value.value for s in entity.statements if s.property.value == _TYPE and hasattr(s.value, "value")]
        return {
            "thing": self.node(entity.iri),
            "types": [self.node(iri) for iri in sorted(types, key=lambda iri: not iri.startswith(names.BASE))],
            "groups": self.groups(entity.statements[:MOST]),
            "mentions": self.groups(entity.mentions[:MOST], inverse=True),
            "subjects": self.subjects(entity.contents[:MOST]),
            "cut": bool(entity.cut) or any(len(part) > MOST for part in parts),
        }


def _tag(tag: str | None, lang: str) -> str | None:
    """Return a language tag where it differs from the page's."""
    return None if not tag or tag.partition("-")[0] == lang else tag
