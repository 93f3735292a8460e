"""Prefixes, compact IRIs, and the patterns of our own IRIs."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import Final

BASE: Final = "https://w3id.org/vetgraph/"
REGISTRY: Final = f"{BASE}graph/registry"
CODES: Final = f"{BASE}graph/codes"
ONTOLOGY: Final = f"{BASE}graph/ontology"
DATASETS: Final = f"{BASE}graph/dataset/"
LINKS: Final = f"{BASE}graph/link/"
ENTRIES: Final = f"{BASE}id/entry/"

_OURS = {
    "vetg": f"{BASE}def#",
    "code": f"{BASE}code/",
    "id": f"{BASE}id/",
    "report": f"{BASE}report/",
}

#: The predefined prefixes of CSVW metadata (the RDFa initial context) that we read, and schema.org by its present IRI.
STANDARD_PREFIXES: Final = MappingProxyType(
    {
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "org": "http://www.w3.org/ns/org#",
        "qb": "http://purl.org/linked-data/cube#",
        "prov": "http://www.w3.org/ns/prov#",
        "dc": "http://purl.org/dc/terms/",
        "dcterms": "http://purl.org/dc/terms/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "void": "http://rdfs.org/ns/void#",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "oa": "http://www.w3.org/ns/oa#",
    }
)

PREFIXES: Final = MappingProxyType(
    {
        **_OURS,
        **{prefix: iri for prefix, iri in STANDARD_PREFIXES.items() if prefix != "dc"},
        "schema": "https://schema.org/",
        "sdmx-dimension": "http://purl.org/linked-data/sdmx/2009/dimension#",
        "sdmx-measure": "http://purl.org/linked-data/sdmx/2009/measure#",
        "sdmx-attribute": "http://purl.org/linked-data/sdmx/2009/attribute#",
        "dqv": "http://www.w3.org/ns/dqv#",
        "sh": "http://www.w3.org/ns/shacl#",
        "vann": "http://purl.org/vocab/vann/",
        "sssom": "https://w3id.org/sssom/",
        "semapv": "https://w3id.org/semapv/vocab/",
        "spdx": "http://spdx.org/rdf/terms#",
    }
)


def expand(curie: str) -> str:
    """Return the IRI of a compact IRI.

    Args:
        curie: A prefix of ours, a colon, and the rest, as ``vetg:ownership``.

    Returns:
        The IRI; an IRI comes back as it is.

    Raises:
        ValueError: The prefix is not known.
    """
    if "://" in curie:
        return curie
    prefix, colon, rest = curie.partition(":")
    if not colon or prefix not in PREFIXES:
        raise ValueError(curie)
    return PREFIXES[prefix] + rest


@lru_cache(maxsize=50_000)
def shorten(iri: str) -> str:
    """Return the compact IRI of an IRI.

    Args:
        iri: An IRI.

    Returns:
        The shortest compact form with a prefix of ours, or the IRI itself.
    """
    found = [f"{prefix}:{iri[len(space) :]}" for prefix, space in PREFIXES.items() if iri.startswith(space)]
    return min(found, key=len, default=iri)


def thing(kind: str, key: str) -> str:
    """Return the IRI of a thing, as a school.

    Args:
        kind: The kind, as ``school``.
        key: Its key.

    Returns:
        The IRI.
    """
    return f"{BASE}id/{kind}/{key}"


def code(scheme: str, key: str) -> str:
    """Return the IRI of a code.

    Args:
        scheme: The code list, as ``ownership``.
        key: The code.

    Returns:
        The IRI.
    """
    return f"{BASE}code/{scheme}/{key}"


def passage(report: str, key: str) -> str:
    """Return the IRI of a passage, which is the name of its graph.

    Args:
        report: The report's key.
        key: The passage's key.

    Returns:
        The IRI.
    """
    return f"{BASE}report/{report}/{key}"


def dataset(key: str) -> str:
    """Return the IRI of an imported list, which is the name of its graph.

    Args:
        key: The list's key, as ``moe-colleges-2017-henan``.

    Returns:
        The IRI.
    """
    return DATASETS + key


def links(key: str) -> str:
    """Return the name of the graph of the links between a list and the things of the graph.

    Args:
        key: The list's key.

    Returns:
        The IRI.
    """
    return LINKS + key


def entry(dataset_key: str, key: str) -> str:
    """Return the IRI of a row of an imported list. A list's key has no dot, so the first one ends it.

    Args:
        dataset_key: The list's key.
        key: The row's key in it, as a code.

    Returns:
        The IRI.
    """
    return f"{ENTRIES}{dataset_key}.{key}"
