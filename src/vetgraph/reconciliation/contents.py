"""The things of a store that can be reconciled: names and types, read once; values of a property, read when asked."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names, queries
from vetgraph.reconciliation import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.reconciliation.schema import Property
    from vetgraph.results import Solutions
    from vetgraph.store import Store

_PREFERRED: Final = names.expand("skos:prefLabel")
_ALTERNATIVE: Final = names.expand("skos:altLabel")
_KEPT: Final = 64
_PAGE: Final = re.compile(r"^https?://[^/]+(?:/[^?#]*)?/(?:id|page)/(?P<key>[^/?#]+/[^/?#]+)$")


@dataclass(eq=False)
class Thing:
    """A thing that has names.

    Attributes:
        iri: Its IRI.
        preferred: Its name by language.
        aliases: Its other names.
        types: IRIs of its classes.
    """

    iri: str
    preferred: dict[str, str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    types: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        """What the protocol calls it."""
        return self.iri.removeprefix(schema.IDENTIFIERS)

    def name(self, lang: str = "zh") -> str:
        """Return its name.

        Args:
            lang: The language; where there is no name in it, Chinese.

        Returns:
            The name.
        """
        return self.preferred.get(lang) or self.preferred.get("zh") or next(iter(self.preferred.values()), self.id)

    def names(self) -> list[str]:
        """Return all its names, the preferred ones first."""
        return list(dict.fromkeys((*self.preferred.values(), *self.aliases)))


class Contents:
    """What a store holds, in one version of it."""

    def __init__(self, store: Store) -> None:
        """Read names and types.

        Args:
            store: What to ask.
        """
        self.store = store
        self.version = store.version
        self.schema = schema.load()
        self.named: dict[str, Thing] = {}
        self._columns: OrderedDict[str, dict[str, list[Any]]] = OrderedDict()
        self._lock = Lock()
        for prop in (_PREFERRED, _ALTERNATIVE):
            for row in queries.page(store, "all-names", {"property": prop}):
                self._add_name(row.term("thing"), prop, row.term("label"))
        for kind in self.schema.types:
            for row in queries.page(store, "reconcilable", {"class": kind}):
                if row["thing"] in self.named:
                    self.named[str(row["thing"])].types.add(kind)
        self.things = {iri: thing for iri, thing in self.named.items() if thing.types}

    def _add_name(self, thing: Any, prop: str, label: Any) -> None:  # noqa: ANN401 - RDF terms
        if not isinstance(thing, ox.NamedNode) or not isinstance(label, ox.Literal) or not label.value.strip():
            return
        named = self.named.setdefault(thing.value, Thing(thing.value))
        lang = (label.language or "zh").partition("-")[0]
        if prop == _PREFERRED and lang not in named.preferred:
            named.preferred[lang] = label.value
        else:
            named.aliases.append(label.value)

    def thing(self, asked: str) -> Thing | None:
        """Return the thing that an identifier means.

        Args:
            asked: As ``school/xuchang-keji``, ``id:school/xuchang-keji``, the IRI, or the address of its page.

        Returns:
            The thing, or ``None``.
        """
        if asked in self.things:
            return self.things[asked]
        key = asked.strip().removeprefix("id:").removeprefix(schema.IDENTIFIERS)
        if key not in ("", asked) or "/" in key:
            found = self.things.get(schema.IDENTIFIERS + key)
            if found is None and (page := _PAGE.match(key)):
                return self.things.get(schema.IDENTIFIERS + page["key"])
            return found
        return None

    def of_types(self, types: Iterable[str]) -> list[Thing]:
        """Return the things of some types.

        Args:
            types: IRIs of classes; none: all things.

        Returns:
            Things.
        """
        wanted: set[str] = set().union(*(self.schema.below(iri) for iri in types))
        return [thing for thing in self.things.values() if not wanted or thing.types & wanted]

    def kinds(self, thing: Thing) -> list[str]:
        """Return the types of a thing, the narrowest first.

        Args:
            thing: The thing.

        Returns:
            IRIs of classes.
        """
        return sorted(thing.types, key=lambda iri: (len(self.schema.below(iri)), iri))

    def column(self, prop: Property) -> dict[str, list[Any]]:
        """Return the values that things have for a property, read once and kept.

        Args:
            prop: The property.

        Returns:
            RDF terms by the thing's IRI.
        """
        return self._read(prop.id, lambda: self._values(prop))

    def sources(self, prop: Property) -> dict[str, list[Any]]:
        """Return the passages that state values of a property.

        Args:
            prop: The property.

        Returns:
            IRIs of passages by the thing's IRI; nothing for a named query, which no passage states.
        """
        if not prop.iri:
            return {}
        return self._read(f"{prop.id} sources", lambda: self._passages(prop))

    def _read(self, key: str, read: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - a function
        with self._lock:
            if key in self._columns:
                self._columns.move_to_end(key)
                return self._columns[key]
        found: dict[str, list[Any]] = read()
        with self._lock:
            self._columns[key] = found
            if len(self._columns) > _KEPT:
                self._columns.popitem(last=False)
        return found

    def _values(self, prop: Property) -> dict[str, list[Any]]:
        if prop.query:
            rows: Solutions = self.store.query(queries.catalogue(schema.COLUMNS)[prop.query].text)  # type: ignore[assignment]
        else:
            rows = queries.page(self.store, "column", {"property": prop.iri})
        return _gathered((row.term("thing"), row.term("value")) for row in rows)

    def _passages(self, prop: Property) -> dict[str, list[Any]]:
        rows = queries.page(self.store, "column-sources", {"property": prop.iri})
        space = names.PREFIXES["report"]
        return _gathered(
            (row.term("thing"), row.term("graph")) for row in rows if row.term("graph").value.startswith(space)
        )


def _gathered(pairs: Iterable[tuple[Any, Any]]) -> dict[str, list[Any]]:
    found: dict[str, dict[Any, None]] = {}
    for thing, value in pairs:
        if isinstance(thing, ox.NamedNode):
            found.setdefault(thing.value, {})[value] = None
    return {iri: sorted(values, key=str) for iri, values in found.items()}
