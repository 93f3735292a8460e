"""What a store calls its things, and what is known of them that narrows a search."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from vetgraph import foreign, names, queries
from vetgraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vetgraph.store import Store

FACETS: Final = ("kind", "ownership", "level", "title", "group", "dataset")
"""What results can be narrowed by, in the order in which they are shown."""

NOTHING: Final = "-"
"""What stands for things that are entries of no list: those that the graph itself tells of."""

_OWN: Final = Text("图谱自身", "the graph itself")
_TERMS: Final = names.expand("vetg:")
LISTED: Final = "/id/entry/"
"""What the IRIs of entries of imported lists hold."""

_FAMILIES: Final = ("id", "report", "id/entry", "code", "def")
"""The families of IRIs: what reports speak of comes before the lists that name it too, and the words it is told in."""

_ROLES: Final = ("name", "heading", "alias")


@dataclass
class Thing:
    """A thing that has a name.

    Attributes:
        iri: Its IRI.
        names: Its names: text, language, and the role ``name``, ``alias`` or ``heading``.
        facets: IRIs by facet.
        mentions: How many statements name it.
        section: Of a passage, the number of its section.
    """

    iri: str
    names: list[tuple[str, str, str]] = field(default_factory=list)
    facets: dict[str, list[str]] = field(default_factory=dict)
    mentions: int = 0
    section: str = ""

    @property
    def family(self) -> int:
        """Rank of the family that its IRI is of."""
        path = self.iri.removeprefix(names.BASE)
        head, kind = path.partition("/")[0].partition("#")[0], path.rpartition("/")[0]
        family = kind if kind in _FAMILIES else head
        return _FAMILIES.index(family) if family in _FAMILIES else len(_FAMILIES)

    def label(self) -> Text:
        """Return its name in each language; empty where it has none."""
        found: dict[str, str] = {}
        for text, lang, _ in sorted(self.names, key=lambda name: _ROLES.index(name[2])):
            found.setdefault("en" if lang.partition("-")[0] == "en" else "zh", text)
        zh = found.get("zh", "")
        return Text(f"{self.section} {zh}" if self.section and zh else zh, found.get("en", ""))


def read(store: Store) -> tuple[list[Thing], dict[str, Text]]:
    """Read what can be searched for.

    Args:
        store: What to ask.

    Returns:
        The things of ours that have a name, the most telling first, and the labels of all values of facets.
    """
    things = _named(store)
    labels = {iri: thing.label() for iri, thing in things.items()}
    facets = _facets(store, things)
    for iri, known in facets.items():
        things[iri].facets = known
    for row in queries.page(store, "search-mentions"):
        if thing := things.get(str(row["thing"])):
            thing.mentions = int(str(row["count"]))
    ours = [thing for thing in things.values() if thing.iri.startswith(names.BASE)]
    ours.sort(key=lambda thing: (thing.family, -thing.mentions, len(thing.names[0][0]), thing.iri))
    values = {value for thing in ours for listed in thing.facets.values() for value in listed}
    return ours, {value: labels.get(value, Text("", "")) for value in sorted(values)}


def called(label: Text, value: str) -> Text:
    """Return what a value of a facet is called.

    Args:
        label: Its label in the graph; empty where it has none.
        value: Its IRI, or ``NOTHING``.

    Returns:
        The label; for terms of other vocabularies what we call them.
    """
    known = _OWN if value == NOTHING else foreign.TERMS.get(value)
    return known if known is not None and not (label.zh or label.en) else label


def _named(store: Store) -> dict[str, Thing]:
    things: dict[str, Thing] = {}
    sections: dict[str, str] = {}
    for row in queries.page(store, "search-names"):
        iri, literal, role = row.term("thing").value, row.term("name"), str(row["role"])
        if role == "section":
            sections[iri] = literal.value
            continue
        name = (literal.value.strip(), literal.language or "", role)
        thing = things.setdefault(iri, Thing(iri))
        if name[0] and name not in thing.names:
            thing.names.append(name)
    for iri, section in sections.items():
        if iri in things:
            things[iri].section = section
    return {iri: thing for iri, thing in things.items() if thing.names}


def _facets(store: Store, things: Mapping[str, Thing]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for row in queries.page(store, "search-facets"):
        if row.term("thing").value in things:
            found[row.term("thing").value].setdefault(str(row["facet"]), []).append(row.term("value").value)
    above: dict[str, set[str]] = defaultdict(set)
    for row in queries.page(store, "search-superclasses"):
        above[str(row["class"])].add(str(row["above"]))
    classes: dict[str, set[str]] = defaultdict(set)
    for row in queries.page(store, "search-types"):
        if row.term("thing").value in things and isinstance(row.term("class"), ox.NamedNode):
            classes[row.term("thing").value].add(row.term("class").value)
    for iri, own in classes.items():
        found[iri]["kind"] = [_narrowest(own, above)]
    return found


def _narrowest(classes: Iterable[str], above: Mapping[str, set[str]]) -> str:
    """Return the class that says most: no superclass of another; ours before those of other vocabularies."""
    listed = sorted(set(classes))
    narrow = [each for each in listed if not any(each in above[other] and each != other for other in listed)]
    return min(narrow or listed, key=lambda each: (not each.startswith(_TERMS), each))
