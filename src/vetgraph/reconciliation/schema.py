"""What can be reconciled: the named kinds of things and their properties, as the shapes and the ontology tell them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names, queries, resources, vocabulary
from vetgraph.errors import Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SPACE: Final = names.PREFIXES["vetg"]
"""The schema space: the types and properties that have no prefix are of our ontology."""

IDENTIFIERS: Final = names.PREFIXES["id"]
"""The identifier space: an identifier is the end of an IRI of ours."""

_SH: Final = names.PREFIXES["sh"]
_RDFS: Final = names.PREFIXES["rdfs"]
_NAME: Final = ox.NamedNode(f"{names.BASE}shape/Name")
_TYPE: Final = names.expand("rdf:type")
COLUMNS: Final = queries.FOLDER / "columns"


@dataclass(frozen=True)
class Type:
    """A kind of things that have names.

    Attributes:
        iri: Its class.
        id: What the protocol calls it.
        name: Its name.
        description: What it is.
        broader: The classes directly above it that are types too.
    """

    iri: str
    id: str
    name: Text
    description: Text
    broader: tuple[str, ...] = ()


@dataclass(frozen=True)
class Property:
    """A property, or a named query that gives each thing values.

    Attributes:
        id: What the protocol calls it.
        name: Its name.
        description: What it tells.
        iri: The RDF property; empty for a named query.
        query: The named query; empty for a property.
        types: IRIs of the classes that have it.
        ranges: IRIs of the classes of its values.
        order: Its place among the properties.
        called: Its name by the IRI of a class, where classes call it differently.
    """

    id: str
    name: Text
    description: Text
    iri: str = ""
    query: str = ""
    types: frozenset[str] = frozenset()
    ranges: tuple[str, ...] = ()
    order: tuple[int, str] = (0, "")
    called: Mapping[str, Text] = field(default_factory=dict)

    def name_of(self, kind: str | None) -> Text:
        """Return what things of a class call it.

        Args:
            kind: IRI of the class.

        Returns:
            The name.
        """
        return self.called.get(kind or "", self.name)


@dataclass(frozen=True)
class Schema:
    """The types and the properties.

    Attributes:
        types: By IRI, in the order of the ontology.
        properties: By identifier, in the order of the shapes.
    """

    types: dict[str, Type]
    properties: dict[str, Property]
    _below: dict[str, frozenset[str]] = field(default_factory=dict)

    def type(self, asked: str) -> Type:
        """Return the type that an identifier or an IRI means.

        Args:
            asked: As ``SecondarySchool``, ``vetg:SecondarySchool`` or the IRI.

        Returns:
            The type.

        Raises:
            UsageError: There is no such type.
        """
        found = self.types.get(_full(asked))
        if found is None:
            raise _unknown("类型", "type", asked, [each.id for each in self.types.values()])
        return found

    def property(self, asked: str) -> Property:
        """Return the property that an identifier or an IRI means.

        Args:
            asked: As ``region``, ``org:memberOf`` or the IRI.

        Returns:
            The property.

        Raises:
            UsageError: There is no such property.
        """
        found = self.properties.get(asked) or self.properties.get(identifier(_full(asked)))
        if found is None:
            raise _unknown("属性", "property", asked, list(self.properties))
        return found

    def below(self, iri: str) -> frozenset[str]:
        """Return a class with the classes below it.

        Args:
            iri: The class.

        Returns:
            IRIs.
        """
        return self._below.get(iri, frozenset({iri}))

    def of_type(self, iri: str | None) -> list[Property]:
        """Return the properties that things of a type have.

        Args:
            iri: The class, or ``None`` for all.

        Returns:
            Properties in the order of the shapes.
        """
        if iri is None:
            return list(self.properties.values())
        wanted = self.below(iri) | self.above(iri)
        return [each for each in self.properties.values() if each.types & wanted]

    def above(self, iri: str) -> frozenset[str]:
        """Return the classes above a class.

        Args:
            iri: The class.

        Returns:
            IRIs.
        """
        return frozenset(other for other, below in self._below.items() if iri in below)


def identifier(iri: str) -> str:
    """Return what the protocol calls a class or a property.

    Args:
        iri: Its IRI.

    Returns:
        The end of an IRI of our ontology, else the compact IRI.
    """
    return iri.removeprefix(SPACE) if iri.startswith(SPACE) else names.shorten(iri)


def _full(asked: str) -> str:
    try:
        return names.expand(asked) if ":" in asked else SPACE + asked
    except ValueError:
        return asked


def _unknown(zh: str, en: str, asked: str, known: list[str]) -> UsageError:
    close = difflib.get_close_matches(asked[:100], known, n=3)
    listed = ", ".join(close or known)
    return UsageError(
        Text(f"没有{zh}“{asked[:100]}”", f'there is no {en} "{asked[:100]}"'),
        Text(
            f"是否指 {listed}？" if close else f"可用：{listed}",
            f"{'did you mean' if close else 'use one of'} {listed}",
        ),
    )


@cache
def load() -> Schema:
    """Read the types and the properties from the shapes, the ontology and the queries in ``queries/columns/``.

    Returns:
        The schema.
    """
    shapes = _Shapes()
    types = {iri: shapes.type(iri) for iri in shapes.named}
    parents = {
        iri: tuple(above for above in shapes.iris(ox.NamedNode(iri), f"{_RDFS}subClassOf") if above in types)
        for iri in types
    }
    types = {iri: Type(iri, t.id, t.name, t.description, parents[iri]) for iri, t in types.items()}
    below = {iri: frozenset(other for other in types if iri in _line(other, parents)) for iri in types}
    properties = {each.id: each for each in sorted((*shapes.properties(types), *_columns()), key=lambda p: p.order)}
    return Schema(types, properties, below)


def _line(iri: str, parents: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Give a class and all above it."""
    yield iri
    for above in parents[iri]:
        yield from _line(above, parents)


class _Shapes:
    """The shapes and the ontology in an engine of their own."""

    def __init__(self) -> None:
        self._store = ox.Store()
        for file in sorted(resources.folder("shapes").glob("*.ttl")):
            self._store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE)
        for subject, prop, value, _ in vocabulary.ontology():
            triple = ox.parse(input=f"{subject} {prop} {value} .", format=ox.RdfFormat.N_TRIPLES)
            self._store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triple)
        self._codes = f"{names.BASE}code/"
        named = [
            (shape, iri)
            for shape in self._subjects(f"{_SH}property", _NAME)
            for iri in self.iris(shape, f"{_SH}targetClass")
        ]
        skos = names.PREFIXES["skos"]
        self.named = {iri: shape for shape, iri in sorted(named, key=lambda n: n[1]) if not iri.startswith(skos)}

    def _subjects(self, prop: str, value: ox.NamedNode) -> Iterator[ox.NamedNode]:
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(prop), value):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject

    def _objects(self, subject: ox.NamedNode | ox.BlankNode, prop: str) -> list[Any]:
        return [quad.object for quad in self._store.quads_for_pattern(subject, ox.NamedNode(prop), None)]

    def iris(self, subject: ox.NamedNode | ox.BlankNode, prop: str) -> list[str]:
        return [value.value for value in self._objects(subject, prop) if isinstance(value, ox.NamedNode)]

    def _text(self, subject: ox.NamedNode, prop: str) -> Text:
        found = {v.language: v.value for v in self._objects(subject, prop) if isinstance(v, ox.Literal)}
        first = next(iter(found.values()), "")
        return Text(found.get("zh", first), found.get("en", first))

    def type(self, iri: str) -> Type:
        node = ox.NamedNode(iri)
        label = self._text(node, f"{_RDFS}label")
        name = label if label.zh else self._text(self.named[iri], f"{_RDFS}label")
        return Type(iri, identifier(iri), name, self._text(node, names.expand("skos:definition")))

    def properties(self, types: dict[str, Type]) -> Iterator[Property]:
        """Give the properties of the types, each once, with all the classes that have it."""
        owners: dict[str, dict[str, ox.NamedNode]] = {}
        for iri in types:
            for shape in self._objects(self.named[iri], f"{_SH}property"):
                if not isinstance(shape, ox.NamedNode):
                    continue
                for path in self.iris(shape, f"{_SH}path"):
                    if path != _TYPE:
                        owners.setdefault(path, {})[iri] = shape
        for path, shapes in owners.items():
            first = next(iter(shapes.values()))
            orders = [int(v.value) for v in self._objects(first, f"{_SH}order") if isinstance(v, ox.Literal)]
            ranges = dict.fromkeys(kind for shape in shapes.values() for kind in self._ranges(shape) if kind in types)
            yield Property(
                identifier(path),
                self._called(path, shapes.values()),
                self._text(ox.NamedNode(path), names.expand("skos:definition")),
                iri=path,
                types=frozenset(shapes),
                ranges=tuple(ranges),
                order=(min(orders, default=99), path),
                called={iri: self._text(shape, f"{_SH}name") for iri, shape in shapes.items()},
            )

    def _called(self, path: str, shapes: Iterable[ox.NamedNode]) -> Text:
        """Return the name that the shapes give a property; where they differ, the ontology's, or all of them."""
        called = list(dict.fromkeys(self._text(shape, f"{_SH}name") for shape in shapes))
        label = self._text(ox.NamedNode(path), f"{_RDFS}label")
        if len(called) > 1 and label.zh:
            return label
        return Text(" / ".join(text.zh for text in called), " / ".join(text.en for text in called))

    def _ranges(self, shape: ox.NamedNode) -> Iterable[str]:
        query = f"SELECT ?class {{ ?shape (<{_SH}or>/<{names.expand('rdf:rest')}>*/<{names.expand('rdf:first')}>)?"
        query += f"/<{_SH}class> ?class VALUES ?shape {{ {shape} }} }}"
        rows = self._store.query(query)
        return [row["class"].value for row in rows]  # type: ignore[union-attr]


def _columns() -> Iterator[Property]:
    """Give the named queries that have a value for each thing; ``# of:`` in their head names the classes."""
    for name, query in queries.catalogue(COLUMNS).items():
        of = next(line for line in query.text.splitlines() if line.startswith("# of:"))
        types = frozenset(names.expand(word) for word in of.removeprefix("# of:").split())
        gives = [line.removeprefix("# gives:") for line in query.text.splitlines() if line.startswith("# gives:")]
        ranges = tuple(names.expand(word) for line in gives for word in line.split())
        yield Property(name, query.title, query.description, query=name, types=types, ranges=ranges, order=(50, name))
