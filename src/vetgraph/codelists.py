"""The code lists (SKOS concept schemes) of the ontology."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from vetgraph import names, resources
from vetgraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CODE = f"{names.BASE}code/"
_LABEL = f"{names.PREFIXES['skos']}prefLabel"
_POSITION = f"{names.PREFIXES['vetg']}position"


@dataclass(frozen=True)
class CodeLists:
    """All code lists, read once.

    Attributes:
        labels: The label of each code by scheme and key, in the order of the list.
        titles: The label of each scheme.
    """

    labels: Mapping[str, Mapping[str, Text]]
    titles: Mapping[str, Text]

    @property
    def schemes(self) -> list[str]:
        """The keys of all schemes."""
        return sorted(self.labels)

    def keys(self, scheme: str) -> list[str]:
        """Return the codes of a scheme, in their order.

        Args:
            scheme: The scheme's key.

        Returns:
            The codes; none if there is no such scheme.
        """
        return list(self.labels.get(scheme, {}))

    def label(self, scheme: str, key: str) -> Text:
        """Return the label of a code.

        Args:
            scheme: The scheme's key.
            key: The code.

        Returns:
            The label in both languages.

        Raises:
            KeyError: There is no such code.
        """
        return self.labels[scheme][key]


@cache
def load(folder: Path | None = None) -> CodeLists:
    """Read the code lists.

    Args:
        folder: A folder of Turtle files; the ontology's own if not given.

    Returns:
        The code lists.
    """
    import pyoxigraph as ox

    label: dict[str, dict[str, str]] = defaultdict(dict)
    position: dict[str, int] = {}
    for file in sorted((folder or resources.folder("ontology") / "codes").glob("*.ttl")):
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE):
            if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.Literal):
                continue
            iri = quad.subject.value
            if quad.predicate.value == _LABEL:
                label[iri][quad.object.language or ""] = quad.object.value
            elif quad.predicate.value == _POSITION:
                position[iri] = int(quad.object.value)
    schemes: dict[str, dict[str, Text]] = defaultdict(dict)
    titles: dict[str, Text] = {}
    for iri in sorted(label, key=lambda one: (position.get(one, 0), one)):
        scheme, _, key = iri.removeprefix(_CODE).partition("/")
        text = Text(label[iri].get("zh", key), label[iri].get("en", key))
        if key:
            schemes[scheme][key] = text
        else:
            titles[scheme] = text
    return CodeLists(schemes, titles)
