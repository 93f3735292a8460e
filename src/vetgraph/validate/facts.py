"""The triples that validation looks at: their default graph, their named graphs, and who is of which class."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Quad = tuple[str, str, str, str]
Triple = tuple[str, str, str]

RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
SUBCLASS = "<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


class Facts:
    """Quads of N-Quads term strings; an empty graph name is the default graph.

    Args:
        quads: What to validate.
        codes: The code lists that it uses.

    Attributes:
        has_graphs: Whether what is validated stands in named graphs. The code lists always do, and do not count.
    """

    def __init__(self, quads: Iterable[Quad], codes: Iterable[Quad] = ()) -> None:
        self.quads: list[Quad] = list(dict.fromkeys(quads))
        self.has_graphs = any(graph for *_, graph in self.quads)
        self.quads = list(dict.fromkeys([*self.quads, *codes]))
        self.triples: list[Triple] = list(dict.fromkeys((s, p, o) for s, p, o, _ in self.quads))
        self._by_predicate: dict[str, list[Triple]] = defaultdict(list)
        for triple in self.triples:
            self._by_predicate[triple[1]].append(triple)
        self._by_class: dict[str, dict[str, None]] = defaultdict(dict)
        for subject, _, cls in self._by_predicate[RDF_TYPE]:
            self._by_class[cls][subject] = None
        self._subclasses: dict[str, list[str]] = defaultdict(list)
        for below, _, above in self._by_predicate[SUBCLASS]:
            self._subclasses[above].append(below)

    def instances(self, cls: str) -> dict[str, None]:
        """Return the things of a class or of a class below it, in the order of the data."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        todo = [cls]
        while todo:
            current = todo.pop()
            if current in seen:
                continue
            seen.add(current)
            found.update(self._by_class.get(current, {}))
            todo.extend(self._subclasses.get(current, []))
        return found

    def subjects_of(self, predicate: str) -> dict[str, None]:
        """Return what has the property."""
        return dict.fromkeys(s for s, _, _ in self._by_predicate.get(predicate, []))

    def objects_of(self, predicate: str) -> dict[str, None]:
        """Return what is a value of the property."""
        return dict.fromkeys(o for _, _, o in self._by_predicate.get(predicate, []))

    def nquads(self) -> bytes:
        """Return the dataset as N-Quads: the named graphs, and each statement once in the default graph."""
        return "".join(self._lines()).encode()

    def _lines(self) -> Iterator[str]:
        for s, p, o in self.triples:
            yield f"{s} {p} {o} .\n"
        for s, p, o, graph in self.quads:
            if graph:
                yield f"{s} {p} {o} {graph} .\n"
