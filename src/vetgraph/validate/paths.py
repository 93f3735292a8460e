"""Property paths of SHACL (section 2.3.1): from a shapes graph to SPARQL, and back to a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from vetgraph.errors import Text, UsageError
from vetgraph.names import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SH: Final = PREFIXES["sh"]
_RDF: Final = PREFIXES["rdf"]
NIL: Final = f"<{_RDF}nil>"
_FIRST: Final = f"<{_RDF}first>"
_REST: Final = f"<{_RDF}rest>"
_UNARY: Final = {
    "inversePath": "^",
    "zeroOrMorePath": "*",
    "oneOrMorePath": "+",
    "zeroOrOnePath": "?",
}
_DEEP: Final = 50

Values: TypeAlias = "Callable[[str, str], list[str]]"
"""Gives the values of a property of a node, all as N-Quads terms."""


@dataclass(frozen=True)
class Path:
    """A property path.

    Attributes:
        operator: ``iri``, ``/`` (sequence), ``|`` (alternatives), ``^``, ``*``, ``+`` or ``?``.
        parts: The paths that it is made of.
        iri: The property, as an N-Quads term, where it is one.
    """

    operator: str
    parts: tuple[Path, ...] = ()
    iri: str = ""

    def __str__(self) -> str:
        """Return the path as SPARQL writes it."""
        if self.operator == "iri":
            return self.iri
        parts = [str(part) if part.operator == "iri" else f"({part})" for part in self.parts]
        if self.operator in {"/", "|"}:
            return self.operator.join(parts)
        return f"^{parts[0]}" if self.operator == "^" else f"{parts[0]}{self.operator}"

    @property
    def simple(self) -> bool:
        """Whether it is one property, so that no value is found twice."""
        return self.operator == "iri"

    @property
    def reaches_itself(self) -> bool:
        """Whether a node is a value of itself over no step at all."""
        if self.operator in {"*", "?"}:
            return True
        if self.operator == "/":
            return all(part.reaches_itself for part in self.parts)
        if self.operator == "iri":
            return False
        return any(part.reaches_itself for part in self.parts)

    def steps(self) -> Iterator[tuple[Path | None, str, bool]]:
        """Give each property that it goes over: the path to get there, the property, and whether it goes backwards."""
        if self.operator == "iri":
            yield None, self.iri, False
        elif self.operator == "^" and self.parts[0].operator == "iri":
            yield None, self.parts[0].iri, True
        elif self.operator == "^":
            yield from self.parts[0].reversed().steps()
        elif self.operator == "|":
            for part in self.parts:
                yield from part.steps()
        elif self.operator == "/":
            for at, part in enumerate(self.parts):
                for before, iri, backwards in part.steps():
                    yield joined(*self.parts[:at], before), iri, backwards
        else:
            again = Path("*", self.parts) if self.operator in {"*", "+"} else None
            for before, iri, backwards in self.parts[0].steps():
                yield joined(again, before), iri, backwards

    def reversed(self) -> Path:
        """Return the path from its value back to its node."""
        if self.operator == "iri":
            return Path("^", (self,))
        if self.operator == "^":
            return self.parts[0]
        parts = tuple(part.reversed() for part in self.parts)
        return Path(self.operator, parts[::-1] if self.operator == "/" else parts)

    def write(self, blank: Callable[[], str]) -> tuple[str, list[tuple[str, str, str]]]:
        """Write the path as a report has it.

        Args:
            blank: Makes a fresh blank node.

        Returns:
            The node that stands for the path, and the statements that describe it.
        """
        if self.operator == "iri":
            return self.iri, []
        written = [part.write(blank) for part in self.parts]
        statements = [statement for _, described in written for statement in described]
        if self.operator not in {"/", "|"}:
            name = next(name for name, sign in _UNARY.items() if sign == self.operator)
            node = blank()
            return node, [*statements, (node, f"<{SH}{name}>", written[0][0])]
        rest = NIL
        for node, _ in reversed(written):
            cell = blank()
            statements += [(cell, _FIRST, node), (cell, _REST, rest)]
            rest = cell
        if self.operator == "/":
            return rest, statements
        node = blank()
        return node, [*statements, (node, f"<{SH}alternativePath>", rest)]


def joined(*parts: Path | None) -> Path | None:
    """Return one path after another, leaving out those that are none."""
    kept = tuple(part for part in parts if part is not None)
    if len(kept) <= 1:
        return kept[0] if kept else None
    return Path("/", kept)


def read(node: str, values: Values, depth: int = 0) -> Path:
    """Read a path from a shapes graph.

    Args:
        node: The path's node, as an N-Quads term.
        values: Gives the values of a property of a node.
        depth: How deep it stands in another path.

    Returns:
        The path.

    Raises:
        UsageError: The node describes no path.
    """
    if node.startswith("<") and node != NIL:
        return Path("iri", iri=node)
    if depth < _DEEP:
        if values(node, _FIRST):
            return Path("/", tuple(read(each, values, depth + 1) for each in members(node, values)))
        for each in values(node, f"<{SH}alternativePath>"):
            return Path("|", tuple(read(one, values, depth + 1) for one in members(each, values)))
        for name, sign in _UNARY.items():
            for each in values(node, f"<{SH}{name}>"):
                return Path(sign, (read(each, values, depth + 1),))
    raise UsageError(
        Text(f"形状文件中的 {node} 不是属性路径", f"{node} of the shapes is no property path"),
        Text("写属性的 IRI，或 sh:inversePath 等", "write the IRI of a property, or sh:inversePath and the like"),
    )


def members(node: str, values: Values) -> list[str]:
    """Return the members of an RDF list; what is no list is empty.

    Args:
        node: Its first cell, as an N-Quads term.
        values: Gives the values of a property of a node.

    Returns:
        The members in order.
    """
    found: list[str] = []
    seen: set[str] = set()
    while node != NIL and node not in seen:
        seen.add(node)
        first, rest = values(node, _FIRST), values(node, _REST)
        if not first or not rest:
            break
        found.append(first[0])
        node = rest[0]
    return found
