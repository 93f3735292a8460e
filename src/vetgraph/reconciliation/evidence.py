"""Whether a thing has the values that a client says it has."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.reconciliation.asked import Condition, Value
    from vetgraph.reconciliation.contents import Contents
    from vetgraph.reconciliation.schema import Property

_WITHIN: Final = "within"
_NOTATION: Final = "skos:notation"
_CODES: Final = names.PREFIXES["code"]
_IGNORED: Final = re.compile(r"[\W_]+")
_DIVISION: Final = re.compile(r"(?<=..)[省市县区]$")
_DEEPEST: Final = 8


def plain(text: str) -> str:
    """Return a text without width, case, spaces and punctuation.

    Args:
        text: Any text.

    Returns:
        What of it is compared.
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text).casefold())


class Evidence:
    """The values of properties in the form in which they are compared, made once for each property."""

    def __init__(self, contents: Contents) -> None:
        """Remember where they are.

        Args:
            contents: What the store holds.
        """
        self._contents = contents
        self._made: dict[str, dict[str, frozenset[str]]] = {}
        self._bearers: dict[str, dict[str, list[str]]] = {}
        self._spelled: dict[str, list[str]] | None = None

    def agrees(self, thing: str, prop: Property, condition: Condition) -> bool | None:
        """Tell whether a thing has what a condition says.

        Args:
            thing: Its IRI.
            prop: The condition's property.
            condition: The condition.

        Returns:
            Yes, no, or ``None`` where the graph does not know a value of it.
        """
        known = self.keys(prop).get(thing)
        if not known or not condition.values:
            return None
        found = [bool(self._spellings(value) & known) for value in condition.values]
        if not any(found) and self._coarser(thing, prop, condition):
            return None
        if condition.quantifier == "none":
            return not any(found)
        return all(found) if condition.quantifier == "all" else any(found)

    def having(self, prop: Property, condition: Condition) -> list[str]:
        """Return the things that have what a condition says.

        Args:
            prop: The condition's property.
            condition: The condition.

        Returns:
            IRIs.
        """
        if condition.quantifier == "any":
            spelled = (key for value in condition.values for key in self._spellings(value))
            return list(dict.fromkeys(thing for key in spelled for thing in self.with_key(prop.id, key)))
        return [thing for thing in self.keys(prop) if self.agrees(thing, prop, condition)]

    def keys(self, prop: Property) -> dict[str, frozenset[str]]:
        """Return what each thing's values of a property may be called.

        Args:
            prop: The property.

        Returns:
            Spellings by the thing's IRI.
        """
        found = self._made.get(prop.id)
        if found is None:
            column = self._contents.column(prop)
            found = {thing: frozenset(k for v in values for k in self._called(v)) for thing, values in column.items()}
            self._made[prop.id] = found
        return found

    def with_key(self, prop: str, key: str) -> list[str]:
        """Return the things that have a value of a property in a spelling.

        Args:
            prop: Identifier of the property.
            key: The spelling, plain, or an IRI.

        Returns:
            IRIs.
        """
        if prop not in self._bearers:
            bearers: dict[str, list[str]] = {}
            for thing, keys in self.keys(self._contents.schema.properties[prop]).items():
                if thing in self._contents.things:
                    for each in keys:
                        bearers.setdefault(each, []).append(thing)
            self._bearers[prop] = bearers
        return self._bearers[prop].get(key, [])

    def _called(self, value: Any) -> Iterator[str]:  # noqa: ANN401 - an RDF term
        if isinstance(value, ox.Literal):
            yield plain(value.value)
            return
        if not isinstance(value, ox.NamedNode):
            return
        for iri in (value.value, *self._above(value.value)):
            yield iri
            yield plain(iri.removeprefix(_CODES).rpartition("/")[2])
            for name in self._names(iri):
                yield plain(name)
                yield plain(_DIVISION.sub("", name))

    def _names(self, iri: str) -> list[str]:
        named = self._contents.named.get(iri)
        notations = self._contents.column(self._contents.schema.properties[_NOTATION]).get(iri, [])
        return [*(named.names() if named else []), *(code.value for code in notations)]

    def _above(self, iri: str) -> list[str]:
        """Return the divisions that a division is within: who is in a county is in its city."""
        column, found = self._contents.column(self._contents.schema.properties[_WITHIN]), [iri]
        for _ in range(_DEEPEST):
            above = [v.value for v in column.get(found[-1], []) if isinstance(v, ox.NamedNode)]
            if not above or above[0] in found:
                break
            found.append(above[0])
        return found[1:]

    def _coarser(self, thing: str, prop: Property, condition: Condition) -> bool:
        """Tell whether only a larger division is known, within which the one asked for lies."""
        values = {v.value for v in self._contents.column(prop).get(thing, []) if isinstance(v, ox.NamedNode)}
        meant = (iri for value in condition.values for key in self._spellings(value) for iri in self._divisions(key))
        return any(values.intersection(self._above(iri)) for iri in meant)

    def _divisions(self, key: str) -> list[str]:
        """Return the divisions that a spelling may mean."""
        if self._spelled is None:
            self._spelled = {}
            for iri in self._contents.column(self._contents.schema.properties[_WITHIN]):
                for name in self._names(iri):
                    self._spelled.setdefault(plain(name), []).append(iri)
                    self._spelled.setdefault(plain(_DIVISION.sub("", name)), []).append(iri)
                self._spelled.setdefault(iri, []).append(iri)
        return self._spelled.get(key, [])

    def _spellings(self, value: Value) -> frozenset[str]:
        thing = self._contents.thing(value.id) if value.id else None
        if thing is not None:
            return frozenset({thing.iri})
        return frozenset({plain(value.text), plain(_DIVISION.sub("", value.text)), value.id or value.text} - {""})
