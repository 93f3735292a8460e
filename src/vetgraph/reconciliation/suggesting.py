"""Completion of what somebody types: things, types and properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from vetgraph.reconciliation.evidence import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vetgraph.reconciliation.contents import Contents, Thing
    from vetgraph.reconciliation.schema import Property, Schema, Type

_T = TypeVar("_T")

SUGGESTED: Final = 10
"""Suggestions of one answer, where no number is asked for."""


class Suggesting:
    """Suggests from the contents of a store."""

    def __init__(self, contents: Contents) -> None:
        """Spell out the names.

        Args:
            contents: What the store holds.
        """
        self._contents = contents
        self._spelled = [(thing, _keys([*thing.names(), thing.id])) for thing in contents.things.values()]

    def things(self, prefix: str, types: Iterable[str] = ()) -> list[Thing]:
        """Return the things whose names or identifiers begin with a text, then those that have it inside.

        Args:
            prefix: The text.
            types: IRIs of classes, one of which it must have; none: any.

        Returns:
            Things, the best first.
        """
        known = self._contents.thing(prefix)
        wanted: set[str] = set().union(*(self._contents.schema.below(iri) for iri in types))
        spelled = [(t, keys) for t, keys in self._spelled if not wanted or t.types & wanted]
        found = _ranked(spelled, prefix, lambda thing: thing.iri)
        return [known, *(thing for thing in found if thing is not known)] if known in found or known else found

    def types(self, prefix: str) -> list[Type]:
        """Return the types whose names or identifiers begin with a text or have it inside.

        Args:
            prefix: The text; empty: all.

        Returns:
            Types, the best first.
        """
        return types(self._contents.schema, prefix)


def types(schema: Schema, prefix: str) -> list[Type]:
    """Return the types whose names or identifiers begin with a text or have it inside.

    Args:
        schema: The types.
        prefix: The text; empty: all.

    Returns:
        Types, the best first.
    """
    spelled = [(t, _keys([t.id, t.iri, t.name.zh, t.name.en])) for t in schema.types.values()]
    return _ranked(spelled, prefix, lambda each: each.id)


def properties(schema: Schema, prefix: str) -> list[Property]:
    """Return the properties whose names or identifiers begin with a text or have it inside.

    Args:
        schema: The properties.
        prefix: The text; empty: all.

    Returns:
        Properties, the best first.
    """
    spelled = [(p, _keys([p.id, p.iri, p.name.zh, p.name.en])) for p in schema.properties.values()]
    return _ranked(spelled, prefix, lambda _: "")


def _keys(texts: Iterable[str]) -> list[str]:
    return [key for key in map(plain, texts) if key]


def _ranked(spelled: list[tuple[_T, list[str]]], prefix: str, order: Callable[[_T], str]) -> list[_T]:
    """Return what begins with a text before what has it inside, the shorter first."""
    wanted = plain(prefix)
    found = []
    for place, (each, keys) in enumerate(spelled):
        ranks = [(0 if key.startswith(wanted) else 1, len(key)) for key in keys if wanted in key]
        if ranks:
            best = min(ranks) if wanted else (0, 0)
            found.append((best, order(each), place, each))
    return [each for *_, each in sorted(found, key=lambda entry: entry[:3])]
