"""Data extension: the values that things have for properties, as cells of a stranger's table."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names, queries
from vetgraph.errors import Text, UsageError
from vetgraph.reconciliation.reading import limit, wrong
from vetgraph.terms import python_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.reconciliation.asked import Extension, Wanted
    from vetgraph.reconciliation.contents import Contents
    from vetgraph.reconciliation.schema import Property

CONTENT: Final = ("values", "ids", "sources", "count")
"""What a column can hold: the values, identifiers of things and codes, the passages that state them, their number."""

_SECTION, _HEADING = names.expand("vetg:section"), names.expand("vetg:heading")
_LARGEST: Final = 2**53


@dataclass(frozen=True)
class Column:
    """A property that is wanted, with how.

    Attributes:
        property: The property.
        content: One of ``CONTENT``.
        most: How many values a cell gets; 0: all.
    """

    property: Property
    content: str
    most: int


class Extending:
    """Answers data extension queries from the contents of a store."""

    def __init__(self, contents: Contents) -> None:
        """Remember where the values are.

        Args:
            contents: What the store holds.
        """
        self._contents = contents
        self._passages: dict[str, str] = {}

    def columns(self, asked: Extension) -> list[Column]:
        """Return the columns that are wanted.

        Args:
            asked: The query.

        Returns:
            Columns, in its order.

        Raises:
            UsageError: It names a property or a setting that there is not.
        """
        return [self._column(wanted) for wanted in asked.properties]

    def _column(self, wanted: Wanted) -> Column:
        try:
            prop = self._contents.schema.property(wanted.property)
        except UsageError as error:
            raise wrong(f"{wanted.place}.id", error.message, error.fix) from None
        content = wanted.settings.get("content") or "values"
        if content not in CONTENT:
            listed = ", ".join(CONTENT)
            expected = Text(f"应为 {listed} 之一", f"expected one of {listed}")
            raise wrong(f"{wanted.place}.settings.content", expected)
        most = limit(wanted.settings.get("limit"), f"{wanted.place}.settings.limit", default=0, least=0)
        return Column(prop, content, most)

    def cells(self, asked: str, column: Column, lang: str) -> list[dict[str, Any]]:
        """Return the values of a thing in a column.

        Args:
            asked: Identifier of the thing.
            column: The column.
            lang: Language of names.

        Returns:
            Values as the protocol writes them; none where the thing or the value is not known.
        """
        thing = self._contents.thing(asked)
        if thing is None:
            return []
        if column.content == "count":
            return [{"int": len(self._contents.column(column.property).get(thing.iri, []))}]
        if column.content == "sources":
            found = [
                {"str": self._passage(iri.value)} for iri in self._contents.sources(column.property).get(thing.iri, [])
            ]
        else:
            values = self._contents.column(column.property).get(thing.iri, [])
            found = [self._written(value, column.content, lang) for value in values]
        return found[: column.most] if column.most else found

    def _written(self, value: Any, content: str, lang: str) -> dict[str, Any]:  # noqa: ANN401 - an RDF term
        if not isinstance(value, ox.NamedNode):
            return _literal(value)
        thing = self._contents.things.get(value.value)
        if content == "ids":
            return {"str": thing.id if thing else value.value.removeprefix(names.BASE)}
        if thing is not None:
            return {"id": thing.id, "name": thing.name(lang)}
        named = self._contents.named.get(value.value)
        return {"str": named.name(lang) if named else names.shorten(value.value)}

    def _passage(self, iri: str) -> str:
        """Return what a passage is called: its section and heading, and its IRI."""
        if iri not in self._passages:
            told = {row.term("property").value: row.term("label").value for row in _labels(self._contents, iri)}
            called = " ".join(told[prop] for prop in (_SECTION, _HEADING) if prop in told)
            self._passages[iri] = f"{called} <{iri}>".strip()
        return self._passages[iri]


def _labels(contents: Contents, iri: str) -> Iterator[Any]:
    return iter(queries.page(contents.store, "labels", {"thing": iri}))


def _literal(term: Any) -> dict[str, Any]:  # noqa: ANN401 - an RDF term
    """Return a literal as the protocol writes it: a number or a date where it is one that JSON can hold."""
    value = python_value(term)
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST:
        return {"int": value}
    if isinstance(value, float) and abs(value) < float("inf"):
        return {"float": value}
    if isinstance(value, dt.datetime):
        return {"date": value.isoformat()}
    if isinstance(value, dt.date):
        return {"date": f"{value.isoformat()}T00:00:00"}
    return {"str": str(term.value) if isinstance(term, ox.Literal) else str(term)}
