"""Run the W3C's query, update, syntax and result format tests of SPARQL 1.0 and 1.1 over HTTP.

Entailment and federation are left out: the first asks for other semantics, the second for other hosts.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox
import rdflib
from exchanges import MF, UT, Endpoints, entries
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS, Namespace

if TYPE_CHECKING:
    import httpx

QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_LEFT_OUT: Final = frozenset({"entailment", "service", "protocol", "http-rdf-update", "service-description"})
_NUMBERS: Final = {f"{XSD}{name}" for name in ("integer", "decimal", "double", "float")}
_RESULTS: Final = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
_FROM: Final = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]+)>", re.IGNORECASE)
Row = tuple[tuple[str, Any], ...]


def run(folder: Path, at: Endpoints, only: str = "") -> dict[str, str]:
    """Run the tests.

    Args:
        folder: The suites' ``sparql`` folder.
        at: The service.
        only: Part of the names of the tests to run.

    Returns:
        From each test's name to what is wrong; empty where it passes.
    """
    found: dict[str, str] = {}
    with at.client() as client:
        for manifest in sorted(folder.glob("sparql1[01]/*/manifest.ttl")):
            if manifest.parent.name in _LEFT_OUT or manifest.parent.name == "graph-store-protocol":
                continue
            for name, graph, node in entries(manifest):
                full = f"{manifest.parent.parent.name}/{manifest.parent.name}/{name}"
                if only in full:
                    try:
                        found[full] = _Test(folder, graph, node, client, at).run()
                    except Exception as error:  # noqa: BLE001 - a runner goes on
                        found[full] = f"{type(error).__name__}: {error}"
    return found


class _Test:
    def __init__(
        self, folder: Path, graph: rdflib.Graph, node: rdflib.term.Node, client: httpx.Client, at: Endpoints
    ) -> None:
        self.folder, self.graph, self.node, self.client, self.at = folder, graph, node, client, at
        self.action = graph.value(node, MF.action)

    def run(self) -> str:
        kind = str(self.graph.value(self.node, RDF.type)).rpartition("#")[2]
        if "Syntax" in kind:
            return self._syntax(update="Update" in kind, good="Positive" in kind)
        return self._update() if kind == "UpdateEvaluationTest" else self._query(kind)

    def _file(self, node: Any) -> Path:  # noqa: ANN401 - a node of rdflib
        return Path(str(node).removeprefix("file://"))

    def _iri(self, file: Path) -> str:
        return f"http://example.org/tests/{file.relative_to(self.folder)}"

    def _syntax(self, *, update: bool, good: bool) -> str:
        file = self._file(self.action)
        text = file.read_text(encoding="utf-8")
        if update:
            answer = self.client.post(self.at.update, data={"update": text})
        else:
            answer = self.client.post(self.at.query, data={"query": text})
        # Refused by policy, or for a function or a graph that is not there, it was understood all the same.
        accepted = answer.is_success or (good and answer.status_code in {403, 409, 501})
        return "" if accepted is good else f"{answer.status_code}: {answer.text[:150]}"

    def _put(self, graph: str | None, file: Path) -> None:
        data = ox.serialize(_parsed(file, self._iri(file)), format=ox.RdfFormat.N_TRIPLES)
        where = {"default": ""} if graph is None else {"graph": graph}
        done = self.client.post(
            self.at.store, params=where, content=data, headers={"Content-Type": "application/n-triples"}
        )
        done.raise_for_status()

    def _load(self, source: Any, predicate: Namespace) -> None:  # noqa: ANN401 - a node of rdflib
        self.client.post(self.at.update, data={"update": "DROP ALL"}).raise_for_status()
        for data in self.graph.objects(source, predicate.data):
            self._put(None, self._file(data))
        for data in self.graph.objects(source, predicate.graphData):
            inner = self.graph.value(data, UT.graph)
            file = self._file(data if inner is None else inner)
            label = self.graph.value(data, RDFS.label)
            self._put(self._iri(file) if label is None else str(label), file)

    def _query(self, kind: str) -> str:
        self._load(self.action, QT)
        file = self._file(self.graph.value(self.action, QT.query))
        text = file.read_text(encoding="utf-8")
        for name in set(_FROM.findall(text)):
            if (file.parent / name).exists():
                self._put(self._iri(file.parent / name), file.parent / name)
        expected = self.graph.value(self.node, MF.result)
        text = f"BASE <{self._iri(file)}>\n{text}"
        accept = (
            "text/csv" if kind == "CSVResultFormatTest" else "application/sparql-results+json, application/n-triples"
        )
        answer = self.client.post(self.at.query, data={"query": text}, headers={"Accept": accept})
        if not answer.is_success:
            return f"{answer.status_code}: {answer.text[:150]}"
        result = self._file(expected)
        if kind == "CSVResultFormatTest":
            return _same_csv(answer.text, result.read_text(encoding="utf-8"))
        if answer.headers["Content-Type"].startswith("application/n-triples"):
            ours = rdflib.Graph().parse(data=answer.text, format="nt")
            theirs = _rdflib(_parsed(result, self._iri(result)))
            return "" if isomorphic(ours, theirs) else f"another graph: {answer.text[:200]}"
        lax = self.graph.value(self.node, MF.resultCardinality) == MF.LaxCardinality
        return self._compare(ox.parse_query_results(answer.content, ox.QueryResultsFormat.JSON), result, text, lax=lax)

    def _compare(self, found: Any, result: Path, text: str, *, lax: bool) -> str:  # noqa: ANN401 - the engine's
        form = _RESULTS.get(result.suffix)
        if form is not None:
            expected: Any = ox.parse_query_results(path=str(result), format=form)
        else:
            expected = _result_set(_rdflib(_parsed(result, self._iri(result))))
        if isinstance(found, ox.QueryBoolean):
            return "" if bool(found) == bool(expected) else "the other answer"
        ours = _rows(found)
        theirs = _rows(expected) if not isinstance(expected, list) else expected
        if lax:
            ours, theirs = list(dict.fromkeys(ours)), list(dict.fromkeys(theirs))
        ordered = re.search(r"\border\s+by\b", text, re.IGNORECASE) is not None and form is not None
        if ordered and [_key(row) for row in ours] == [_key(row) for row in theirs]:
            return ""
        same = isomorphic(_as_graph(ours), _as_graph(theirs))
        return "" if same else f"{ours[:3]} … {theirs[:3]} ({len(ours)}, {len(theirs)})"

    def _update(self) -> str:
        self._load(self.action, UT)
        file = self._file(self.graph.value(self.action, UT.request))
        text = f"BASE <{self._iri(file)}>\n{file.read_text(encoding='utf-8')}"
        answer = self.client.post(self.at.update, data={"update": text})
        if not answer.is_success:
            return f"{answer.status_code}: {answer.text[:150]}"
        result = self.graph.value(self.node, MF.result)
        expected = rdflib.Dataset()
        for data in self.graph.objects(result, UT.data):
            _fill(expected.default_graph, self._file(data), self._iri(self._file(data)))
        for data in self.graph.objects(result, UT.graphData):
            inner = self.graph.value(data, UT.graph)
            each = self._file(data if inner is None else inner)
            label = self.graph.value(data, RDFS.label)
            iri = self._iri(each) if label is None else str(label)
            _fill(expected.graph(rdflib.URIRef(iri)), each, self._iri(each))
        names = self.client.post(self.at.query, data={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"}).json()
        graphs = {row["g"]["value"] for row in names["results"]["bindings"]}
        graphs |= {str(graph.identifier) for graph in expected.graphs() if len(graph)}
        for iri in ["", *sorted(graphs - {str(rdflib.graph.DATASET_DEFAULT_GRAPH_ID)})]:
            where = {"graph": iri} if iri else {"default": ""}
            got = self.client.get(self.at.store, params=where, headers={"Accept": "application/n-triples"})
            ours = rdflib.Graph().parse(data=got.text if got.is_success else "", format="nt")
            theirs = expected.graph(rdflib.URIRef(iri)) if iri else expected.default_graph
            if not isomorphic(ours, theirs):
                return f"another graph {iri}: {got.text[:150]}"
        return ""


def _parsed(file: Path, base: str) -> list[ox.Triple]:
    form = {".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}.get(file.suffix, ox.RdfFormat.TURTLE)
    return [quad.triple for quad in ox.parse(path=str(file), format=form, base_iri=base)]


def _rdflib(triples: list[ox.Triple]) -> rdflib.Graph:
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return rdflib.Graph().parse(data=text.decode(), format="nt")


def _fill(graph: rdflib.Graph, file: Path, base: str) -> None:
    for triple in _rdflib(_parsed(file, base)):
        graph.add(triple)


def _result_set(graph: rdflib.Graph) -> Any:  # noqa: ANN401 - rows, or a yes or no
    node = graph.value(None, RDF.type, RS.ResultSet)
    boolean = graph.value(node, RS.boolean)
    if boolean is not None:
        return str(boolean) == "true"
    rows = []
    for solution in graph.objects(node, RS.solution):
        row = {
            str(graph.value(binding, RS.variable)): _of_rdflib(graph.value(binding, RS.value))
            for binding in graph.objects(solution, RS.binding)
        }
        rows.append(tuple(sorted(row.items())))
    return rows


def _of_rdflib(term: Any) -> Any:  # noqa: ANN401 - a term of either library
    text = f"<x:s> <x:p> {term.n3()} ."
    (quad,) = ox.parse(text.encode(), format=ox.RdfFormat.N_TRIPLES)
    return _plain(quad.object)


def _rows(solutions: Any) -> list[Row]:  # noqa: ANN401 - the engine's
    names = [variable.value for variable in solutions.variables]
    return [tuple(sorted((name, _plain(row[name])) for name in names if row[name] is not None)) for row in solutions]


def _plain(term: Any) -> Any:  # noqa: ANN401 - a term of the engine; equal numbers become the same term
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        try:
            value = Decimal(term.value).normalize()
        except InvalidOperation:
            return term
        return ox.Literal(f"{value:f}" if value.is_finite() else str(value), datatype=term.datatype)
    return term


def _key(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((name, "_" if isinstance(term, ox.BlankNode) else str(term)) for name, term in row)


def _as_graph(rows: list[Row]) -> rdflib.Graph:
    """Make a graph of the rows, so that blank nodes compare as graphs do."""
    lines = []
    for number, (row, count) in enumerate(Counter(rows).items()):
        node = f"_:row{number}"
        lines.append(f'{node} <x:count> "{count}" .')
        lines += [f"{node} <x:var/{name}> {_shown(term)} ." for name, term in row]
    return rdflib.Graph().parse(data="\n".join(lines), format="nt")


def _shown(term: Any) -> str:  # noqa: ANN401 - a term of the engine
    return str(term) if not isinstance(term, ox.BlankNode) else f"_:b{term.value}"


def _same_csv(ours: str, theirs: str) -> str:
    def rows(text: str) -> list[list[str]]:
        return [[re.sub(r"^_:.*", "_:", cell) for cell in row] for row in csv.reader(io.StringIO(text))]

    (head, *mine), (expected_head, *expected) = rows(ours), rows(theirs)
    order = [head.index(name) if name in head else -1 for name in expected_head]  # SELECT * leaves the order open
    mine = [[row[place] for place in order] for row in mine]
    return "" if sorted(head) == sorted(expected_head) and sorted(mine) == sorted(expected) else ours[:200]
