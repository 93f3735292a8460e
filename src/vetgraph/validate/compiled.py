"""SHACL Core as SPARQL: each shape becomes a few queries that are asked once for all its focus nodes.

The reading of SHACL is that of the recommendation of 20 July 2017, sections 2 to 4. What no query can tell, or none
that was thought worth writing, is said to the caller, who has pySHACL check that shape.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from vetgraph.errors import QueryError
from vetgraph.results import Row, Solutions
from vetgraph.validate import paths, values
from vetgraph.validate.components import template
from vetgraph.validate.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vetgraph.store import EmbeddedStore
    from vetgraph.validate.shapes import Shapes

_ORDERS: Final = {"lessThan": "<", "lessThanOrEquals": "<="}

_OF_PROPERTIES: Final = (
    *("minCount", "maxCount", "hasValue", "uniqueLang", "qualifiedMinCount", "qualifiedMaxCount"),
    *_ORDERS,
)


class NotCompilableError(Exception):
    """A shape asks what is not asked in SPARQL here."""


def check(store: EmbeddedStore, shapes: Shapes) -> tuple[list[Result], list[str]]:
    """Check the data of a store against SHACL Core.

    Args:
        store: The data, with the classes they use.
        shapes: The shapes.

    Returns:
        The results, in the order of the shapes, and the shapes with targets that were left for another engine.
    """
    compiled = _Compiled(store, shapes)
    results: list[Result] = []
    left: list[str] = []
    for shape in shapes.targeted():
        nodes = compiled.targets(shape)
        if nodes is None or shapes.deactivated(shape):
            continue
        try:
            compiled.walk(_Place(shape, nodes))
        except NotCompilableError:
            left.append(shape)
            continue
        finally:
            places, compiled.places = compiled.places, []
        for place in places:
            results += compiled.results(place)
    return results, left


@dataclass(frozen=True)
class _Place:
    """A shape where it stands: with its focus nodes.

    Attributes:
        shape: The shape, as an N-Quads term.
        nodes: Gives the pattern that binds the focus nodes to a variable.
        path: The path of a property shape.
        outer: Variables of the focus nodes around it: a node that is reached from two of them is reported twice.
    """

    shape: str
    nodes: Callable[[str], str]
    path: paths.Path | None = None
    outer: str = ""

    @property
    def focus(self) -> str:
        """The pattern that binds the focus nodes to ``?focus``."""
        return self.nodes("?focus")

    @property
    def value(self) -> str:
        """The pattern from a focus node to its values."""
        if self.path is None:
            return "BIND(?focus AS ?value)"
        step = f"?focus {self.path} ?value ."
        if self.path.reaches_itself:  # the engine does not find a node over no step if no statement has it
            return f"{{ {self.focus} {step} }} UNION {{ {self.focus} BIND(?focus AS ?value) }}"
        return step


class _Compiled:
    def __init__(self, store: EmbeddedStore, shapes: Shapes) -> None:
        self.store = store
        self.shapes = shapes
        self.places: list[_Place] = []
        self.below = functools.cache(self._below)
        self.context = values.Context(shapes, self.below)

    def targets(self, shape: str) -> Callable[[str], str] | None:
        """Return the pattern of the focus nodes that a shape names itself (SHACL 2.1.3), for any variable."""
        shapes = self.shapes
        subjects, objects = shapes.iris(shape, "sh:targetSubjectsOf"), shapes.iris(shape, "sh:targetObjectsOf")
        named = [node for node in shapes.iris(shape, "sh:targetNode") if not node.startswith("_")]
        classes = list(dict.fromkeys(cls for each in shapes.classes(shape) for cls in self.below(each)))
        if not (subjects or objects or named or classes):
            return None

        def nodes(v: str) -> str:
            found = [f"{v} {each} ?any" for each in subjects] + [f"?any {each} {v}" for each in objects]
            if len(classes) == 1 and not found and not named:
                return f"{v} a {classes[0]} ."
            found += [f"VALUES {v} {{ {' '.join(named)} }}"] if named else []
            found += [f"VALUES ?class {{ {' '.join(classes)} }} {v} a ?class"] if classes else []
            return f"{{ SELECT DISTINCT {v} WHERE {{ {{ {' } UNION { '.join(found)} }} }} }}"

        return nodes

    def walk(self, place: _Place, around: values.Around = ()) -> None:
        """Collect a shape and the property shapes in it, or refuse it as a whole."""
        shapes = self.shapes
        if shapes.deactivated(place.shape):
            return
        node = next(iter(shapes.iris(place.shape, "sh:path")), None)
        if node is not None:
            place = replace(place, path=paths.read(node, shapes.by_iri))
        asked = shapes.asked(place.shape)
        handled = len(values.asked(self.context, place.shape, "?value"))
        handled += sum(asked.get(name, 0) for name in ("property", "closed", "equals", "disjoint"))
        handled += asked.get("sparql", 0) if not around else 0
        if place.path is not None:
            handled += sum(asked.get(name, 0) for name in _OF_PROPERTIES)
        if handled != sum(asked.values()) or place.shape in around or not self._countable(place):
            raise NotCompilableError(place.shape)
        self.places.append(place)
        for nested in shapes.iris(place.shape, "sh:property"):
            self.walk(self._inside(place, nested), (*around, place.shape))

    def _countable(self, place: _Place) -> bool:
        shape = place.shape
        inner = self.shapes.iris(shape, "sh:qualifiedValueShape")
        if not inner or not self.shapes.asked(shape).keys() & {"qualifiedMinCount", "qualifiedMaxCount"}:
            return True
        if self.shapes.true(shape, "sh:qualifiedValueShapesDisjoint") or len(inner) > 1:
            return False
        return values.expression(self.context, inner[0], "?value") is not None

    def _inside(self, place: _Place, nested: str) -> _Place:
        """Return the place of a property shape, whose focus nodes are the values of the shape around it."""
        if place.path is None:
            return _Place(nested, place.nodes, outer=place.outer)
        path, before = place.path, f"?f{next(self.context.number)}"
        focus, outer = place.nodes(before), f"{place.outer} {before}"

        def nodes(v: str) -> str:
            step = f"{focus} {before} {path} {v}"
            if path.reaches_itself:
                step = f"{{ {step} }} UNION {{ {focus} BIND({before} AS {v}) }}"
            return f"{{ SELECT DISTINCT {outer} {v} WHERE {{ {step} }} }}"

        return _Place(nested, nodes, outer=outer)

    def results(self, place: _Place) -> Iterable[Result]:
        """Ask everything of one shape in one place."""
        yield from self._by_value(place)
        yield from self._by_pair(place)
        if place.path is not None:
            yield from self._by_count(place)

    def _by_value(self, place: _Place) -> Iterable[Result]:
        """What each value is asked by itself, in one query."""
        tests = values.asked(self.context, place.shape, "?value")
        if tests:
            flags = " ".join(f"(IF({test.holds}, 0, 1) AS ?fails{n})" for n, test in enumerate(tests))
            holds = " && ".join(test.holds for test in tests)
            for row in self._ask("values", place, FLAGS=flags, HOLDS=holds):
                for number, test in enumerate(tests):
                    if int(getattr(row.term(f"fails{number}"), "value", "0")):
                        told = "" if test.component == values.component("hasValue") else "value"
                        yield self._result(place, test.component, row, told)
        for each in self.shapes.iris(place.shape, "sh:hasValue") if place.path else []:
            yield from self._found(place, "hasValue", "has-value", "", TERM=each)

    def _by_pair(self, place: _Place) -> Iterable[Result]:
        """What compares the values of two properties, and what allows no others."""
        shapes, shape = self.shapes, place.shape
        for name in ("equals", "disjoint"):
            for each in shapes.iris(shape, f"sh:{name}"):
                yield from self._found(place, name, name, "value", PROPERTY=each)
        for name, order in _ORDERS.items():
            for each in shapes.iris(shape, f"sh:{name}"):
                yield from self._found(place, name, "less-than", "value", PROPERTY=each, ORDER=order)
        if shapes.true(shape, "sh:closed"):
            allowed = [each for node in shapes.iris(shape, "sh:property") for each in shapes.iris(node, "sh:path")]
            for node in shapes.iris(shape, "sh:ignoredProperties"):
                allowed += paths.members(node, shapes.by_iri)
            terms = ", ".join(each for each in allowed if each.startswith("<"))
            yield from self._found(place, "closed", "closed", "other", TERMS=terms)

    def _by_count(self, place: _Place) -> Iterable[Result]:
        """What counts the values of each focus node."""
        shapes, shape = self.shapes, place.shape
        for number in shapes.numbers(shape, "sh:minCount"):
            if number == 1:
                yield from self._found(place, "minCount", "none", "")
            elif number > 1:
                yield from self._found(place, "minCount", "fewer", "", HOLDS="true", NUMBER=str(number))
        for number in shapes.numbers(shape, "sh:maxCount"):
            yield from self._found(place, "maxCount", "more", "", HOLDS="true", NUMBER=str(number))
        if shapes.true(shape, "sh:uniqueLang"):
            yield from self._found(place, "uniqueLang", "unique-lang", "")
        for inner in shapes.iris(shape, "sh:qualifiedValueShape"):
            holds = values.expression(self.context, inner, "?value") or "false"
            for name, query in (("qualifiedMinCount", "fewer"), ("qualifiedMaxCount", "more")):
                for number in shapes.numbers(shape, f"sh:{name}"):
                    yield from self._found(place, name, query, "", HOLDS=holds, NUMBER=str(number))

    def _found(self, place: _Place, name: str, query: str, value: str, **parts: str) -> Iterable[Result]:
        for row in self._ask(query, place, **parts):
            yield self._result(place, values.component(name), row, value)

    def _ask(self, query: str, place: _Place, **parts: str) -> Iterable[Row]:
        text = template(query).substitute(FOCUS=place.focus, VALUE=place.value, OUTER=place.outer, **parts)
        try:
            return self._rows(text)
        except QueryError as error:
            raise self.shapes.not_askable(place.shape, error) from None

    def _rows(self, text: str) -> Iterable[Row]:
        answer = self.store.query(text)
        if not isinstance(answer, Solutions):
            raise TypeError(text)
        return answer

    def _below(self, cls: str) -> tuple[str, ...]:
        rows = self._rows(template("subclasses").substitute(CLASS=cls))
        return tuple(dict.fromkeys([cls, *sorted(str(row.term("class")) for row in rows)]))

    def _result(self, place: _Place, component: str, row: Row, value: str) -> Result:
        path, property_path = None, place.path
        if property_path is not None:
            path = str(property_path)
        elif "property" in row:
            path = str(row.term("property"))
        name = component.rpartition("#")[2].removesuffix("ConstraintComponent>")
        said = {"zh": f"不满足 sh:{name}", "en": f"sh:{name} does not hold"}
        return Result(
            focus=str(row.term("focus")),
            shape=place.shape,
            component=component,
            severity=self.shapes.severity(place.shape),
            path=path,
            value=str(row.term(value)) if value else None,
            messages=self.shapes.message(place.shape) or said,
            described=property_path if property_path is not None and not property_path.simple else None,
        )
