"""SPARQL 1.1 Service Description: what the endpoint can do, in RDF."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

import pyoxigraph as ox

from vetgraph.names import PREFIXES
from vetgraph.results import Triples

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_PREFIXES: Final = {
    "sd": _SD,
    "formats": "http://www.w3.org/ns/formats/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": PREFIXES["xsd"],
}


@lru_cache(maxsize=16)
def describe(endpoint: str, form: str, *, writable: bool) -> bytes:
    """Describe the endpoint.

    Args:
        endpoint: Its address.
        form: Name of an RDF format.
        writable: Whether the service takes updates (at ``/update``).

    Returns:
        The document.
    """
    text = files("vetgraph.web.service").joinpath("description.ttl").read_bytes()
    triples = [quad.triple for quad in ox.parse(input=text, format=ox.RdfFormat.TURTLE, base_iri=endpoint)]
    if writable:
        service = ox.NamedNode(endpoint.removesuffix("/sparql") + "/update")
        language = ox.NamedNode(f"{_SD}SPARQL11Update")
        triples += [
            ox.Triple(service, ox.NamedNode(f"{PREFIXES['rdf']}type"), ox.NamedNode(f"{_SD}Service")),
            ox.Triple(service, ox.NamedNode(f"{_SD}endpoint"), service),
            ox.Triple(service, ox.NamedNode(f"{_SD}supportedLanguage"), language),
            ox.Triple(service, ox.NamedNode(f"{_SD}defaultDataset"), ox.NamedNode(f"{endpoint}#dataset")),
        ]
    return Triples(triples, _PREFIXES).serialize(form)
