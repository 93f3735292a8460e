"""Which focus nodes a changed statement can concern.

A shape looks at statements: those of its targets, those along its paths, and those that its constraints ask for. Each
such place is a `Touch`: a pattern that the changed statement must match, and what must hold around it. Statements that
go are sought in the data before the change, statements that come in the data after it: a solution that goes used all
of its statements before, and one that comes uses all of its statements after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph.results import Solutions
from vetgraph.validate import paths
from vetgraph.validate.components import template
from vetgraph.validate.facts import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vetgraph.store import EmbeddedStore
    from vetgraph.validate.facts import Quad
    from vetgraph.validate.shapes import Shapes

THIS: Final = "?this"
_NODE: Final = "?node"
_ANY: Final = "?any"
_NESTED: Final = ("sh:node", "sh:property", "sh:not", "sh:qualifiedValueShape")
_LISTS: Final = ("sh:and", "sh:or", "sh:xone")
_COMPARED: Final = ("sh:equals", "sh:disjoint", "sh:lessThan", "sh:lessThanOrEquals")


class BoundlessError(Exception):
    """Any change of the data may concern any focus node."""


@dataclass(frozen=True)
class Touch:
    """A place where a shape looks at a statement.

    Attributes:
        statement: Subject, predicate and object of the statements: variables, or N-Quads terms.
        around: What leads from there to ``?this``, as a SPARQL pattern; empty where the statement itself names it.
        graph: The graph it must be in: a variable or a term; empty for any.
    """

    statement: tuple[str, str, str]
    around: str = ""
    graph: str = ""

    def rows(self, quads: Iterable[Quad]) -> Iterator[dict[str, str]]:
        """Give what the variables stand for in each quad that matches."""
        wanted = (*self.statement, self.graph)
        for quad in quads:
            found: dict[str, str] = {}
            for name, term in zip(wanted, quad, strict=True):
                if name.startswith("?"):
                    if found.setdefault(name, term) != term:
                        break
                elif name and name != term:
                    break
            else:
                if not (self.graph and not quad[3]):
                    yield found


def concerned(store: EmbeddedStore, touches: Iterable[Touch], quads: Sequence[Quad]) -> set[str]:
    """Find the nodes that quads can concern.

    Args:
        store: The data that have the quads.
        touches: Where a shape looks.
        quads: The quads.

    Returns:
        The nodes, as N-Quads terms; some may be no focus nodes.

    Raises:
        BoundlessError: They cannot be told.
    """
    found: set[str] = set()
    for touch in touches:
        rows = list(touch.rows(quads))
        if rows:
            found |= _led_to(store, touch, rows)
    if any(node.startswith("_") for node in found):  # no query can name them
        raise BoundlessError
    return found


def _led_to(store: EmbeddedStore, touch: Touch, rows: list[dict[str, str]]) -> set[str]:
    if not touch.around:
        if THIS not in rows[0]:
            raise BoundlessError
        return {row[THIS] for row in rows}
    names = [name for name in rows[0] if name == THIS or f"{name} " in touch.around]
    distinct = dict.fromkeys(tuple(row[name] for name in names) for row in rows)
    if any(term.startswith("_") for values in distinct for term in values):
        raise BoundlessError
    text = template("concerned").substitute(
        VARIABLES=" ".join(names),
        ROWS=" ".join(f"({' '.join(values)})" for values in distinct),
        AROUND=touch.around,
    )
    answer = store.query(text)
    if not isinstance(answer, Solutions):
        raise TypeError(text)
    return {str(row.term("this")) for row in answer if "this" in row}


def of_targets(shapes: Shapes, shape: str) -> Iterator[Touch]:
    """Give the statements that make a node a focus node of a shape.

    Args:
        shapes: The shapes.
        shape: A shape with targets.

    Yields:
        The places.
    """
    if shapes.classes(shape):
        yield Touch((THIS, RDF_TYPE, _ANY))
    for each in shapes.iris(shape, "sh:targetSubjectsOf"):
        yield Touch((THIS, each, _ANY))
    for each in shapes.iris(shape, "sh:targetObjectsOf"):
        yield Touch((_ANY, each, THIS))


def of_shape(shapes: Shapes, shape: str) -> tuple[Touch, ...]:
    """Return where a shape looks by SHACL Core.

    Args:
        shapes: The shapes.
        shape: A shape with targets.

    Returns:
        The places.

    Raises:
        BoundlessError: The shape contains itself.
    """
    found = []
    for before, predicate, backwards in _looked_at(shapes, shape, None, ()):
        node = THIS if before is None else _NODE
        statement = (_ANY, predicate, node) if backwards else (node, predicate, f"{_ANY}_")
        found.append(Touch(statement, "" if before is None else f"{THIS} {before} {_NODE} ."))
    return tuple(dict.fromkeys(found))


def _looked_at(
    shapes: Shapes, shape: str, before: paths.Path | None, around: tuple[str, ...]
) -> Iterator[tuple[paths.Path | None, str, bool]]:
    """Give each property that is looked at: the path to there, the property, and whether it is gone backwards."""
    if shape in around:
        raise BoundlessError
    values = before
    for node in shapes.iris(shape, "sh:path"):
        path = paths.read(node, shapes.by_iri)
        for step, predicate, backwards in path.steps():
            yield paths.joined(before, step), predicate, backwards
        values = paths.joined(before, path)
    for name in _COMPARED:
        for predicate in shapes.iris(shape, name):
            yield before, predicate, False
    if shapes.true(shape, "sh:closed"):
        yield values, f"{_ANY}_property", False
    if shapes.iris(shape, "sh:class"):
        yield values, RDF_TYPE, False
    for nested in nested_shapes(shapes, shape):
        yield from _looked_at(shapes, nested, values, (*around, shape))


def nested_shapes(shapes: Shapes, shape: str) -> Iterator[str]:
    """Give the shapes that a shape has its values conform to.

    Args:
        shapes: The shapes.
        shape: The shape around them.

    Yields:
        Shapes, as N-Quads terms.
    """
    for name in _NESTED:
        yield from shapes.iris(shape, name)
    for name in _LISTS:
        for node in shapes.iris(shape, name):
            yield from paths.members(node, shapes.by_iri)
