"""What can be asked of each kind of thing: its properties with name, order, group and range, read from the shapes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text
from vetgraph.names import BASE, PREFIXES, expand
from vetgraph.validate import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.validate.shapes import Shapes

_SHAPE: Final = f"{BASE}shape/"
_CODE: Final = f"<{_SHAPE}Code-"
_XSD: Final = PREFIXES["xsd"]
_NUMBERS: Final = frozenset({f"{_XSD}positiveInteger", f"{_XSD}integer", f"{_XSD}decimal"})
_TIMES: Final = frozenset({f"{_XSD}gYear", f"{_XSD}gYearMonth", f"{_XSD}date"})
_TYPE: Final = expand("rdf:type")
_ROLE: Final = "<http://datashapes.org/dash#propertyRole>"
_KEY_INFO: Final = "<http://datashapes.org/dash#KeyInfoRole>"
_LAST: Final = 1_000
_MOST: Final = 16  # a list that goes round in a circle ends too


@dataclass(frozen=True)
class Field:
    """A property that a kind of thing can have.

    Attributes:
        key: Its name within the kind, as ``ownership``.
        iri: The property.
        label: What it is called.
        order: Where it stands among its fellows.
        group: IRI of its ``sh:PropertyGroup``; empty where it has none.
        range: ``code``, ``thing``, ``number``, ``time`` or ``text``.
        scheme: Key of the code list of a ``code``, or of the codes that a ``thing`` may be too.
        classes: IRIs of the classes of a ``thing``.
        datatype: IRI of the datatype of a literal; empty where the shape names none.
        many: Whether a thing can have several values.
        telling: Whether its value tells things apart that have no name (``dash:KeyInfoRole``).
        least: The least number that it may be (``sh:minInclusive``).
        demand: What the shape demands of it, in its own words (``sh:message``).
    """

    key: str
    iri: str
    label: Text
    order: int
    group: str
    range: str
    scheme: str
    classes: tuple[str, ...]
    datatype: str
    many: bool
    telling: bool = False
    least: Decimal | None = None
    demand: Text | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of thing that has a shape.

    Attributes:
        key: Its name, as ``AwardResult``: that of the shape.
        iri: The class.
        label: What it is called.
        fields: Its properties by key, in order.
    """

    key: str
    iri: str
    label: Text
    fields: dict[str, Field]


@dataclass(frozen=True)
class Kinds:
    """All kinds, and the groups of their properties.

    Attributes:
        by_key: The kinds by key.
        groups: Label of each ``sh:PropertyGroup`` by IRI, in order.
    """

    by_key: dict[str, Kind]
    groups: dict[str, Text]

    def of_class(self, iri: str) -> list[Kind]:
        """Return the kinds whose things are of a class.

        Args:
            iri: The class.

        Returns:
            Its own kinds, else those whose shapes demand it as a further class (a school is an institution too).
        """
        own = [kind for kind in self.by_key.values() if kind.iri == iri]
        return own + [kind for kind in self.by_key.values() if iri in _further(kind) and kind not in own]


@cache
def load() -> Kinds:
    """Read the kinds from the project's shapes.

    Returns:
        The kinds, in the order of the files of their shapes.
    """
    return read(shapes.load())


def read(asked: Shapes) -> Kinds:
    """Read the kinds from shapes.

    Args:
        asked: The shapes.

    Returns:
        A kind for each node shape with a target class and a property that has a name.
    """
    found: dict[str, Kind] = {}
    for shape in asked.targeted():
        key = shape.strip("<>").removeprefix(_SHAPE)
        classes = asked.classes(shape)
        fields = sorted(_fields(asked, shape), key=lambda field: (field.order, field.key))
        if len(classes) == 1 and fields and (label := _label(asked, shape, "rdfs:label")):
            found[key] = Kind(key, classes[0].strip("<>"), label, {field.key: field for field in fields})
    return Kinds(found, _groups(asked))


def _further(kind: Kind) -> tuple[str, ...]:
    """Return the classes that every thing of a kind must have too."""
    return next((field.classes for field in kind.fields.values() if field.iri == _TYPE), ())


def _fields(asked: Shapes, shape: str) -> Iterator[Field]:
    for each in asked.iris(shape, "sh:property"):
        path = next(iter(asked.iris(each, "sh:path")), "")
        label = _label(asked, each, "sh:name")
        if not path.startswith("<") or label is None:
            continue  # a path of several steps is a check, no property
        iri = path.strip("<>")
        kind, scheme, classes, datatype = _range(asked, each)
        if iri == _TYPE:
            kind, classes = "thing", tuple(value.strip("<>") for value in asked.iris(each, "sh:hasValue"))
        yield Field(
            key=iri.rpartition("#")[2].rpartition("/")[2],
            iri=iri,
            label=label,
            order=next(iter(asked.numbers(each, "sh:order")), _LAST),
            group=next(iter(asked.iris(each, "sh:group")), "").strip("<>"),
            range=kind,
            scheme=scheme,
            classes=classes,
            datatype=datatype,
            many=asked.numbers(each, "sh:maxCount") != [1],
            telling=_KEY_INFO in asked.by_iri(each, _ROLE),
            least=_least(asked, each),
            demand=_label(asked, each, "sh:message"),
        )


def _range(asked: Shapes, shape: str) -> tuple[str, str, tuple[str, ...], str]:
    """Return range, scheme, classes and datatype of a property shape, alternatives (``sh:or``) taken together."""
    parts = [shape, *(part for head in asked.iris(shape, "sh:or") for part in _list(asked, head))]
    schemes = [
        node.removeprefix(_CODE).rstrip(">")
        for part in parts
        for node in asked.iris(part, "sh:node")
        if node.startswith(_CODE)
    ]
    classes = tuple(each.strip("<>") for part in parts for each in asked.iris(part, "sh:class"))
    datatypes = [each.strip("<>") for part in parts for each in asked.iris(part, "sh:datatype")]
    scheme, datatype = next(iter(schemes), ""), next(iter(datatypes), "")
    if classes or asked.iris(shape, "sh:nodeKind") == [f"<{shapes.SH}IRI>"]:
        return "thing" if classes or not scheme else "code", scheme, classes, ""
    if scheme:
        return "code", scheme, (), ""
    return "number" if datatype in _NUMBERS else "time" if datatype in _TIMES else "text", "", (), datatype


def _least(asked: Shapes, shape: str) -> Decimal | None:
    return next((Decimal(str(getattr(value, "value", 0))) for value in asked.values(shape, "sh:minInclusive")), None)


def _list(asked: Shapes, head: str) -> list[str]:
    found: list[str] = []
    while len(found) < _MOST and (first := asked.iris(head, "rdf:first")):
        found += first
        head = next(iter(asked.iris(head, "rdf:rest")), "")
    return found


def _label(asked: Shapes, node: str, name: str) -> Text | None:
    texts = asked.texts(node, name)
    return Text(texts["zh"], texts["en"]) if {"zh", "en"} <= texts.keys() else None


def _groups(asked: Shapes) -> dict[str, Text]:
    named = {
        str(triple.subject)
        for triple in asked.triples
        if str(triple.object) == f"<{shapes.SH}PropertyGroup>" and str(triple.subject).startswith("<")
    }
    ordered = sorted(named, key=lambda node: (next(iter(asked.numbers(node, "sh:order")), _LAST), node))
    labels = ((node, _label(asked, node, "rdfs:label")) for node in ordered)
    return {node.strip("<>"): label for node, label in labels if label is not None}
