"""The triples that validation looks at: their default graph and their named graphs."""

from __future__ import annotations

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

    def nquads(self) -> bytes:
        """Return the dataset as N-Quads: the named graphs, and each statement once in the default graph."""
        return "".join(self._lines()).encode()

    def _lines(self) -> Iterator[str]:
        for s, p, o in self.triples:
            yield f"{s} {p} {o} .\n"
        for s, p, o, graph in self.quads:
            if graph:
                yield f"{s} {p} {o} {graph} .\n"
