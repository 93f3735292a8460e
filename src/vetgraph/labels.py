"""The names of things on a page: in the reader's language, and for a passage its section and heading."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import kinds, names, queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.store import Store

_RANKS: Final = tuple(
    names.expand(curie) for curie in ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name", "vetg:section")
)
_SECTION, _HEADING = names.expand("vetg:section"), names.expand("vetg:heading")
_FULL: Final = 20_000
_TOGETHER: Final = " · "


class Labels:
    """The names that were read, of the vocabulary and of what stands on the page."""

    def __init__(self, known: Labels | None = None) -> None:
        """Begin with nothing, or with what another knows.

        Args:
            known: Names that are kept from page to page.
        """
        self._known = known
        self._found: dict[str, list[tuple[str, ox.Literal]]] = {}
        self._told: dict[str, dict[str, list[Any]]] = {}

    def add(self, iri: str, prop: str, label: Any) -> None:  # noqa: ANN401 - any RDF term
        """Remember a name; what is no literal is none.

        Args:
            iri: What bears it.
            prop: The property that gives it.
            label: The name.
        """
        if isinstance(label, ox.Literal):
            found = self._found.setdefault(iri, [])
            if (prop, label) not in found:
                found.append((prop, label))

    def read(self, rows: Iterable[Any], bearer: str = "near") -> None:
        """Remember the names that a query found.

        Args:
            rows: Its rows, with ``property`` and ``label``.
            bearer: The variable of what bears the name.
        """
        for row in rows:
            node = row.term(bearer)
            if isinstance(node, ox.NamedNode):
                self.add(node.value, row.term("property").value, row.term("label"))

    def of(self, iri: str) -> list[tuple[str, ox.Literal]]:
        """Return the names of a thing with their properties.

        Args:
            iri: The thing.

        Returns:
            Properties and literals.
        """
        return self._found.get(iri) or (self._known.of(iri) if self._known else [])

    def __contains__(self, iri: str) -> bool:
        return iri in self._found or (self._known is not None and iri in self._known)

    def __len__(self) -> int:
        return len(self._found)

    def look_up(self, store: Store, iris: Iterable[str]) -> None:
        """Read the names of things that have none yet, many at once.

        Args:
            store: What to ask.
            iris: The things.
        """
        missing = [iri for iri in dict.fromkeys(iris) if iri not in self]
        for part in queries.parts(missing):
            self._found.update({iri: [] for iri in part})
            self.read(queries.page(store, "names-of", {"near": part}))

    def tell_apart(self, store: Store, iris: Iterable[str]) -> None:
        """Read what tells things apart that have no name, as a prize by its winner and its event.

        Args:
            store: What to ask.
            iris: Things whose names were looked up; those with a name are left out.
        """
        space = names.PREFIXES["id"]
        nameless = [iri for iri in dict.fromkeys(iris) if iri.startswith(space) and not self.of(iri)]
        nameless = [iri for iri in nameless if iri not in self._told]
        for part in queries.parts(nameless):
            self._told.update({iri: {} for iri in part})
            for row in queries.page(store, "keys-of", {"near": part}):
                prop = row.term("property").value
                if prop in _telling():
                    self._told[row.term("near").value].setdefault(prop, []).append(row.term("value"))
        values = [value for iri in nameless for each in self._told[iri].values() for value in each]
        self.look_up(store, [value.value for value in values if isinstance(value, ox.NamedNode)])

    def literal(self, iri: str, lang: str) -> ox.Literal | None:
        """Return the best name of a thing.

        Args:
            iri: The thing.
            lang: The reader's language.

        Returns:
            The name with its language, or ``None``.
        """
        found = self.of(iri)
        for rank in _RANKS:
            named = sorted((_distance(label, lang), label.value, label) for prop, label in found if prop == rank)
            if named:
                return self._with_heading(named[0][2], rank, found)
        return self._composed(iri, lang)

    def _composed(self, iri: str, lang: str) -> ox.Literal | None:
        told = self._told.get(iri)
        if not told:
            return self._known.literal(iri, lang) if self._known else None
        parts = []
        for prop in sorted(told, key=_telling().index):
            literals = [value for value in told[prop] if isinstance(value, ox.Literal)]
            own = [value for value in literals if value.language == lang]
            texts = [value.value for value in own or literals]
            texts += [self.text(value.value, lang) for value in told[prop] if isinstance(value, ox.NamedNode)]
            parts.append("、".join(sorted(texts)) if lang == "zh" else ", ".join(sorted(texts)))
        return ox.Literal(_TOGETHER.join(parts), language=lang)

    @staticmethod
    def _with_heading(label: ox.Literal, rank: str, found: list[tuple[str, ox.Literal]]) -> ox.Literal:
        heading = next((other.value for prop, other in found if prop == _HEADING), "")
        if rank != _SECTION or not heading:
            return label
        return ox.Literal(f"{label.value} {heading}", language=label.language or "zh")

    def text(self, iri: str, lang: str) -> str:
        """Return what a page calls a thing.

        Args:
            iri: The thing.
            lang: The reader's language.

        Returns:
            Its name, or its compact IRI.
        """
        label = self.literal(iri, lang)
        return names.shorten(iri) if label is None else label.value

    def language(self, iri: str, lang: str) -> str | None:
        """Return the language of what a page calls a thing, where it has one.

        Args:
            iri: The thing.
            lang: The reader's language.

        Returns:
            A language tag or ``None``.
        """
        label = self.literal(iri, lang)
        return None if label is None else label.language


@cache
def _telling() -> tuple[str, ...]:
    """Return the properties that tell nameless things apart, in the order of the shapes."""
    fields = [field for kind in kinds.load().by_key.values() for field in kind.fields.values() if field.telling]
    return tuple(dict.fromkeys(field.iri for field in sorted(fields, key=lambda field: field.order)))


def _distance(label: ox.Literal, lang: str) -> int:
    """Rank a name: the reader's language, then Chinese (which the reports are in), then the rest."""
    tag = (label.language or "").partition("-")[0]
    return 0 if tag == lang else 1 if tag == "zh" else 2


class Vocabulary:
    """The names of the ontology's terms, read once for each content of a store, with those of passages seen since."""

    def __init__(self) -> None:
        self._version = ""
        self._labels = Labels()

    def labels(self, store: Store) -> Labels:
        """Return the names that a page may begin with.

        Args:
            store: What to ask.

        Returns:
            Names.
        """
        version, labels = self._version, self._labels
        if version != store.version or len(labels) > _FULL:
            version, labels = store.version, Labels()
            for row in queries.page(store, "contents", {"graph": names.ONTOLOGY}):
                prop = row.term("property").value
                if prop in _RANKS:
                    labels.add(row.term("subject").value, prop, row.term("value"))
            self._version, self._labels = version, labels
        return labels
