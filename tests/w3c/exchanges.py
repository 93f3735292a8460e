"""Run the W3C's protocol, graph store and service description tests: each is a list of HTTP requests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, Namespace

if TYPE_CHECKING:
    from collections.abc import Iterator

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT: Final = Namespace("http://www.w3.org/2011/http#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
UT: Final = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
_CODES: Final = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404", "BadRequest": "400"}
_BOOLEAN: Final = ("application/sparql-results+json", "application/sparql-results+xml")
_FORMATS: Final = {
    "boolean": _BOOLEAN,
    "tabular": (*_BOOLEAN, "text/csv", "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"),
}


@dataclass(frozen=True)
class Endpoints:
    """Where a service is asked."""

    query: str
    update: str
    store: str
    token: str = ""

    def client(self) -> httpx.Client:
        """Return a client that may write."""
        return httpx.Client(headers={"Authorization": f"Bearer {self.token}"} if self.token else {}, timeout=30)


def entries(manifest: Path) -> Iterator[tuple[str, rdflib.Graph, rdflib.term.Node]]:
    """Return the tests of a manifest: name, graph of the manifest and node."""
    graph = rdflib.Graph()
    graph.parse(manifest)
    for listed in graph.objects(None, MF.entries):
        for node in graph.items(listed):
            yield str(node).rpartition("#")[2], graph, node


def protocol(folder: Path, at: Endpoints) -> dict[str, str]:
    """Run the 34 protocol tests; returns what failed and why."""
    return {
        name: _run(graph, node, at, {"/sparql": at.query})
        for name, graph, node in entries(folder / "sparql11/protocol/manifest.ttl")
    }


def graph_store(folder: Path, at: Endpoints) -> dict[str, str]:
    """Run the 13 graph store tests; returns what failed and why."""
    names = ("manifest.ttl", "manifest-direct.ttl", "manifest-indirect.ttl")
    found = {}
    for each in names:
        for name, graph, node in entries(folder / "sparql11/graph-store-protocol" / each):
            with at.client() as client:
                client.post(at.update, data={"update": "DROP ALL"})
            found[name] = _run(graph, node, at, {"/gsp": at.store})
    return found


def description(folder: Path, at: Endpoints) -> dict[str, str]:
    """Run the 3 service description tests; returns what failed and why."""
    found = {}
    for name, _, _ in entries(folder / "sparql11/service-description/manifest.ttl"):
        with at.client() as client:
            answer = client.get(at.query, headers={"Accept": "text/turtle"})
        try:
            graph = rdflib.Graph().parse(data=answer.text, format="turtle")
        except Exception as error:  # noqa: BLE001 - whatever the parser says of a wrong answer
            found[name] = f"no Turtle: {error}"
            continue
        services = [
            s for s in graph.subjects(RDF.type, SD.Service) if (s, SD.endpoint, rdflib.URIRef(at.query)) in graph
        ]
        known = {*map(str, (SD.SPARQL10Query, SD.SPARQL11Query, SD.SPARQL11Update))}
        languages = {str(each) for each in graph.objects(None, SD.supportedLanguage)}
        ok = {
            "returns-rdf": answer.status_code == 200 and len(graph) > 0,
            "has-endpoint-triple": bool(services),
            "conforms-to-schema": bool(services) and bool(languages) and languages <= known,
        }[name]
        found[name] = "" if ok else answer.text[:200]
    return found


def _items(graph: rdflib.Graph, node: Any, predicate: rdflib.URIRef) -> list[rdflib.term.Node]:  # noqa: ANN401
    listed = graph.value(node, predicate)
    return [] if listed is None else list(graph.items(listed))


def _run(graph: rdflib.Graph, node: rdflib.term.Node, at: Endpoints, paths: dict[str, str]) -> str:
    location = ("$", "$")
    with at.client() as client:
        for data in graph.objects(node, UT.graphData):
            text = Path(str(graph.value(data, UT.graph)).removeprefix("file://")).read_text(encoding="utf-8")
            iri = str(graph.value(data, rdflib.RDFS.label))
            client.put(at.store, params={"graph": iri}, content=text, headers={"Content-Type": "application/n-triples"})
        action = graph.value(node, MF.action)
        for request in _items(graph, action, HT.requests):
            answer = _send(graph, request, client, at, paths, location)
            reason, location = _check(graph, request, answer, location)
            if reason:
                return f"{answer.request.method} {answer.request.url}: {reason}"
    return ""


def _send(  # noqa: PLR0913, PLR0917 - one request
    graph: rdflib.Graph,
    request: rdflib.term.Node,
    client: httpx.Client,
    at: Endpoints,
    paths: dict[str, str],
    location: tuple[str, str],
) -> httpx.Response:
    (prefix, url), *_ = paths.items()
    path = str(graph.value(request, HT.absolutePath))
    content = graph.value(request, HT.body)
    text = str(graph.value(content, CNT.chars)) if content is not None else ""
    headers = {
        str(graph.value(each, HT.fieldName)): str(graph.value(each, HT.fieldValue))
        for each in _items(graph, request, HT.headers)
    }
    if prefix == "/sparql":  # the suite writes one path for both endpoints
        updates = "update" in headers.get("content-type", "") or re.search(r"(?:^|[?&])update=", f"{path}&{text}")
        prefix, url = "/sparql/", at.update if updates else at.query
    url += path.removeprefix(prefix).replace(*location)
    encoding = str(graph.value(content, CNT.characterEncoding) or "utf-8") if content is not None else "utf-8"
    body = text.replace(*location).encode(encoding) if content is not None else None
    return client.request(str(graph.value(request, HT.methodName)), url, headers=headers, content=body)


def _check(
    graph: rdflib.Graph, request: rdflib.term.Node, answer: httpx.Response, location: tuple[str, str]
) -> tuple[str, tuple[str, str]]:
    expected = graph.value(request, HT.resp)
    statuses = [str(each).rpartition("#")[2] for each in graph.objects(expected, MF.expectedStatus)]
    code = str(answer.status_code)
    if not any(code == _CODES.get(each) or each == f"StatusCode{code[0]}xx" for each in statuses):
        return f"status {code}, not {statuses}: {answer.text[:100]}", location
    variable = graph.value(expected, MF.expectedLocation)
    if variable is not None:
        if "Location" not in answer.headers:
            return "no Location", location
        location = (str(variable), answer.headers["Location"])
    media = answer.headers.get("Content-Type", "").partition(";")[0]
    form = graph.value(expected, MF.expectedFormat)
    if form is not None and media not in _FORMATS[str(form)]:
        return f"Content-Type {media} for {form}", location
    wanted = graph.value(expected, MF.expectedBoolean)
    if wanted is not None and str(answer.json()["boolean"]).lower() != str(wanted):
        return f"not {wanted}", location
    content = graph.value(expected, HT.body)
    if content is not None:
        text = str(graph.value(content, CNT.chars)).replace(*location)
        base = str(answer.request.url)
        if not isomorphic(
            rdflib.Graph().parse(data=text, format="turtle", publicID=base),
            rdflib.Graph().parse(data=answer.text, format="turtle", publicID=base),
        ):
            return f"another graph: {answer.text[:200]}", location
    return "", location
