"""The W3C's tests of SHACL: what each asks and expects."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote, urlparse

import pyoxigraph as ox

from vetgraph.names import PREFIXES
from vetgraph.validate import paths
from vetgraph.validate.shapes import Shapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vetgraph.validate.facts import Quad
    from vetgraph.validate.result import Result

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
SH = PREFIXES["sh"]

Found: TypeAlias = "Counter[tuple[str, ...]]"


@dataclass(frozen=True)
class Case:
    """One test: its files, and the results that the standard wants; ``None`` where it wants a failure."""

    name: str
    data: Path
    shapes: Path
    expected: Found | None

    def quads(self) -> list[Quad]:
        """Return the data."""
        base = self.data.resolve().as_uri()
        parsed = ox.parse(path=self.data, format=ox.RdfFormat.TURTLE, base_iri=base, rename_blank_nodes=True)
        return [(str(q.subject), str(q.predicate), str(q.object), "") for q in parsed]


def cases(folder: Path) -> Iterator[Case]:
    """Give the tests of a folder, over its manifests."""
    for file in sorted(folder.rglob("*.ttl")):
        if file.name == "manifest.ttl":
            continue
        graph = Shapes([file])
        kind = f"<{SHT}Validate>"
        for test in {str(t.subject) for t in graph.triples if str(t.object) == kind}:
            (action,) = graph.by_iri(test, f"{MF}action")
            (result,) = graph.by_iri(test, f"{MF}result")
            data, shapes = (_file(graph.by_iri(action, SHT + name)[0]) for name in ("dataGraph", "shapesGraph"))
            expected = None if result == f"<{SHT}Failure>" else Counter(_expected(graph, result))
            yield Case(f"{file.parent.name}/{file.stem}", data, shapes, expected)


def _file(iri: str) -> Path:
    return Path(unquote(urlparse(iri.strip("<>")).path))


def _expected(graph: Shapes, report: str) -> Iterator[tuple[str, ...]]:
    for node in graph.by_iri(report, f"{SH}result"):
        one = {name: next(iter(graph.by_iri(node, SH + name)), "") for name in _PARTS}
        if one["resultPath"].startswith("_"):
            one["resultPath"] = str(paths.read(one["resultPath"], graph.by_iri))
        yield tuple(_named(one[name]) for name in _PARTS)


_PARTS = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape")


def found(results: Iterable[Result]) -> Found:
    """Return results so that they can be compared: blank nodes have no names."""
    return Counter(
        tuple(_named(part or "") for part in (r.focus, r.path, r.value, r.component, r.severity, r.shape))
        for r in results
    )


def _named(term: str) -> str:
    return "_" if term.startswith("_") else term
