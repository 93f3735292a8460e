"""The dataset in the words of VoID and DCAT. Only what the graph or LICENSE-DATA says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names, queries
from vetgraph.errors import BudgetError, Text
from vetgraph.web.service.dumps import DUMPS
from vetgraph.web.wording import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.results import Row
    from vetgraph.store import Store

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
"""The licence of the tables, the ontology and the shapes, as LICENSE-DATA has it."""

Facts = dict[str, list[tuple[str, Any]]]
"""Of each report, properties and values."""

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_FEATURES: Final = ("Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG")
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"
_OF_REPORT: Final = {
    names.expand(curie): names.expand(curie)
    for curie in (
        "dcterms:title",
        "dcterms:issued",
        "dcterms:publisher",
        "dcterms:creator",
        "dcterms:source",
        "dcterms:license",
    )
} | {names.expand("sdmx-dimension:refArea"): names.expand("dcterms:spatial")}
"""Properties of a report that its description as a dataset has, and by which name."""


@dataclass(frozen=True)
class Size:
    """Counts of a store's content; one that takes more than its budget is missing.

    Attributes:
        version: The content.
        triples: Statements, each once.
        entities: Things with an IRI of ours.
        classes: Instances of each class.
        properties: Statements of each property.
        reports: Passages and statements of each report.
        whole: Whether none is missing.
    """

    version: str
    triples: int | None
    entities: int | None
    classes: dict[str, int]
    properties: dict[str, int]
    reports: dict[str, tuple[int, int]]
    whole: bool


def measure(store: Store) -> Size:
    """Count a store's content.

    Args:
        store: What to ask.

    Returns:
        The counts.
    """
    version = store.version
    spent = []

    def rows(name: str, **params: str) -> list[Row]:
        try:
            return queries.page(store, name, params).rows()
        except BudgetError:
            spent.append(name)
            return []

    triples = [int(str(row["triples"])) for row in rows("size")]
    entities = [int(str(row["count"])) for row in rows("entities", space=names.PREFIXES["id"])]
    return Size(
        version=version,
        triples=triples[0] if triples else None,
        entities=entities[0] if entities else None,
        classes={str(row["class"]): int(str(row["count"])) for row in rows("class-sizes")},
        properties={str(row["property"]): int(str(row["count"])) for row in rows("property-sizes")},
        reports={
            str(row["report"]): (int(str(row["passages"])), int(str(row["statements"]))) for row in rows("report-sizes")
        },
        whole=not spent,
    )


def report_facts(store: Store) -> Facts:
    """Read what the graph says of each report itself.

    Args:
        store: What to ask.

    Returns:
        Properties and values of each report.
    """
    found: Facts = {}
    for row in queries.page(store, "reports"):
        found[str(row["report"])] = []
    for row in queries.page(store, "report-facts"):
        found.setdefault(str(row["report"]), []).append((row.term("property").value, row.term("value")))
    return found


def describe(root: str, size: Size, facts: Facts) -> Iterator[ox.Quad]:
    """Describe the dataset.

    Args:
        root: Address of the service, with a slash at the end.
        size: Its counts.
        facts: What the graph says of its reports.

    Yields:
        Statements.
    """
    here = _Describing(f"{root}void", f"{root}void#dataset")
    yield from here.document()
    yield from here.about(size, root)
    yield from here.ways_in(root)
    yield from here.partitions(size)
    for report, known in facts.items():
        yield from here.report(report, known, size.reports.get(report))


@dataclass(frozen=True)
class _Describing:
    """The parts of the description, each a series of statements."""

    page: str
    dataset: str

    def document(self) -> Iterator[ox.Quad]:
        yield _said(self.page, "rdf:type", _node("void:DatasetDescription"))
        yield _said(self.page, "foaf:primaryTopic", ox.NamedNode(self.dataset))
        catalog = f"{self.page}#catalog"
        yield _said(catalog, "rdf:type", _node("dcat:Catalog"))
        yield from _texts(catalog, "dcterms:title", WORDS["site"])
        yield _said(catalog, "dcat:dataset", ox.NamedNode(self.dataset))
        yield _said(catalog, "dcat:service", ox.NamedNode(f"{self.page}#sparql"))

    def about(self, size: Size, root: str) -> Iterator[ox.Quad]:
        dataset = self.dataset
        for kind in ("void:Dataset", "dcat:Dataset"):
            yield _said(dataset, "rdf:type", _node(kind))
        yield from _texts(dataset, "dcterms:title", WORDS["site"])
        yield from _texts(dataset, "dcterms:description", WORDS["lead"])
        yield _said(dataset, "dcterms:license", ox.NamedNode(LICENCE))
        rights = ox.BlankNode("attribution")
        yield _said(dataset, "dcterms:rights", rights)
        yield _said(rights, "rdf:type", _node("dcterms:RightsStatement"))
        yield from _texts(rights, "rdfs:label", WORDS["attribution"])
        yield _said(dataset, "foaf:homepage", ox.NamedNode(root))
        yield _said(dataset, "dcat:version", ox.Literal(size.version))
        yield _said(dataset, "void:uriSpace", ox.Literal(names.PREFIXES["id"]))
        yield _said(dataset, "void:vocabulary", ox.NamedNode(names.PREFIXES["vetg"]))
        for feature in _FEATURES:
            yield _said(dataset, "void:feature", ox.NamedNode(_FORMATS + feature))
        for prop, count in (("void:triples", size.triples), ("void:entities", size.entities)):
            if count is not None:
                yield _said(dataset, prop, ox.Literal(count))

    def ways_in(self, root: str) -> Iterator[ox.Quad]:
        endpoint, service = ox.NamedNode(f"{root}sparql"), f"{self.page}#sparql"
        yield _said(self.dataset, "void:sparqlEndpoint", endpoint)
        yield _said(service, "rdf:type", _node("dcat:DataService"))
        yield from _texts(service, "dcterms:title", WORDS["endpoint"])
        yield _said(service, "dcat:endpointURL", endpoint)
        yield _said(service, "dcat:endpointDescription", endpoint)
        yield _said(service, "dcat:servesDataset", ox.NamedNode(self.dataset))
        for name, (media, _) in DUMPS.items():
            dump, address = f"{self.page}#dump-{name}", ox.NamedNode(f"{root}dump.{name}")
            yield _said(self.dataset, "void:dataDump", address)
            yield _said(self.dataset, "dcat:distribution", ox.NamedNode(dump))
            yield _said(dump, "rdf:type", _node("dcat:Distribution"))
            yield _said(dump, "dcat:downloadURL", address)
            yield _said(dump, "dcat:accessURL", address)
            yield _said(dump, "dcat:mediaType", ox.NamedNode(_MEDIA + media))
            yield _said(dump, "dcterms:license", ox.NamedNode(LICENCE))

    def partitions(self, size: Size) -> Iterator[ox.Quad]:
        kinds = (
            ("void:classes", "void:classPartition", "void:class", "void:entities", size.classes),
            ("void:properties", "void:propertyPartition", "void:property", "void:triples", size.properties),
        )
        for total, partition, which, counted, counts in kinds:
            if counts:
                yield _said(self.dataset, total, ox.Literal(len(counts)))
            for index, (iri, count) in enumerate(counts.items()):
                part = ox.BlankNode(f"{which.partition(':')[2]}{index}")
                yield _said(self.dataset, partition, part)
                yield _said(part, which, ox.NamedNode(iri))
                yield _said(part, counted, ox.Literal(count))

    def report(self, report: str, known: list[tuple[str, Any]], size: tuple[int, int] | None) -> Iterator[ox.Quad]:
        for kind in ("dcat:Dataset", "void:Dataset"):
            yield _said(report, "rdf:type", _node(kind))
        yield _said(self.dataset, "void:subset", ox.NamedNode(report))
        yield _said(self.dataset, "dcterms:hasPart", ox.NamedNode(report))
        yield _said(f"{self.page}#catalog", "dcat:dataset", ox.NamedNode(report))
        if size is not None:
            yield _said(report, "void:triples", ox.Literal(size[1]))
        for prop, value in known:
            if prop in _OF_REPORT:
                yield ox.Quad(ox.NamedNode(report), ox.NamedNode(_OF_REPORT[prop]), value)


def _node(curie: str) -> ox.NamedNode:
    return ox.NamedNode(names.expand(curie))


def _said(subject: str | ox.BlankNode, prop: str, value: Any) -> ox.Quad:  # noqa: ANN401 - any RDF term
    return ox.Quad(ox.NamedNode(subject) if isinstance(subject, str) else subject, _node(prop), value)


def _texts(subject: str | ox.BlankNode, prop: str, text: Text) -> Iterator[ox.Quad]:
    for lang in ("zh", "en"):
        yield _said(subject, prop, ox.Literal(text.get(lang), language=lang))
