"""What is said of a thing beside its name: what it is, where, and what else it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from vetgraph.reconciliation.contents import Contents, Thing

_PLACES: Final = ("region", "within")
_MOST: Final = 2


def description(contents: Contents, thing: Thing, lang: str) -> str:
    """Describe a thing in a line, so that namesakes can be told apart.

    Args:
        contents: What the store holds.
        thing: The thing.
        lang: ``zh`` or ``en``.

    Returns:
        Its narrowest type, its place and its other names.
    """
    kind = contents.schema.types[contents.kinds(thing)[0]].name.get(lang)
    parts = [kind, *(place.name(lang) for place in _places(contents, thing))]
    others = [name for name in thing.names() if name != thing.name(lang)][:_MOST]
    return " · ".join([*parts, *others])


def _places(contents: Contents, thing: Thing) -> list[Thing]:
    """Return the regions of a thing, the wider ones only where no narrower one is there."""
    columns = [contents.column(contents.schema.properties[each]) for each in _PLACES]
    iris = [v.value for column in columns for v in column.get(thing.iri, []) if isinstance(v, ox.NamedNode)]
    wider = {v.value for iri in iris for v in columns[1].get(iri, []) if isinstance(v, ox.NamedNode)}
    return [contents.things[iri] for iri in iris if iri in contents.things and iri not in wider]
