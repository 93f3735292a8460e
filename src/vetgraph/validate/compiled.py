"""SHACL Core as SPARQL: each shape becomes a few queries that are asked once for all its focus nodes.

The reading of SHACL is that of the recommendation of 20 July 2017, sections 2 to 4. What no query can tell, or none
that was thought worth writing, is said to the caller, who has pySHACL check that shape.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from vetgraph.errors import QueryError
from vetgraph.names import ONTOLOGY
from vetgraph.results import Row, Solutions
from vetgraph.validate import paths, screen, values
from vetgraph.validate.components import template
from vetgraph.validate.place import Place
from vetgraph.validate.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from vetgraph.store import EmbeddedStore
    from vetgraph.validate.screen import Sign
    from vetgraph.validate.shapes import Shapes

_ORDERS: Final = {"lessThan": "<", "lessThanOrEquals": "<="}

_OF_PROPERTIES: Final = (
    *("minCount", "maxCount", "hasValue", "uniqueLang", "qualifiedMinCount", "qualifiedMaxCount"),
    *_ORDERS,
)


_MARK: Final = "\x00"
_MARKED: Final = re.compile("\x00([^\x00]*)\x00")


class NotCompilableError(Exception):
    """A shape asks what is not asked in SPARQL here."""


class _Query(NamedTuple):
    """A question, and what its answers mean.

    Attributes:
        text: The query, with marks where focus nodes may be told.
        shape: The shape that asks.
        outer: As of its place.
        results: Makes results of a row.
        sign: What every result shows to a cheaper question, where there is one.
    """

    text: str
    shape: str
    outer: str
    results: Callable[[Row], Iterable[Result]]
    sign: Sign | None


def _among(text: str, only: Sequence[str] | None) -> str:
    """Put the focus nodes to look at where a query's marks are."""
    if only is None:
        return _MARKED.sub("", text)
    nodes = " ".join(only)
    return _MARKED.sub(lambda found: f"VALUES {found[1]} {{ {nodes} }}", text)


class Compiled:
    """The shapes as questions to one store."""

    def __init__(self, store: EmbeddedStore, shapes: Shapes) -> None:
        """Remember both.

        Args:
            store: The data, with the classes they use.
            shapes: The shapes.
        """
        self.store = store
        self.shapes = shapes
        self._below = functools.cache(self._classes_below)
        self._context = values.Context(shapes, self._below)
        self._written = functools.cache(self._write)

    def check(self, shape: str, only: Sequence[str] | None = None) -> list[Result]:
        """Check the focus nodes of a shape against SHACL Core.

        Args:
            shape: A shape with targets, as an N-Quads term.
            only: The focus nodes to look at, of those that the shape names; all where left out.

        Returns:
            The results.

        Raises:
            NotCompilableError: The shape is one for another engine.
        """
        results: list[Result] = []
        queries = self._written(shape)
        suspects = self._suspects(shape, queries, only)
        for number, query in enumerate(queries):
            nodes = suspects.get(number, only)
            if nodes is not None and not nodes:
                continue
            try:
                for row in self._rows(_among(query.text, nodes)):
                    results += query.results(row)
            except QueryError as error:
                raise self.shapes.not_askable(query.shape, error) from None
        return results

    def _suspects(
        self, shape: str, queries: Sequence[_Query], only: Sequence[str] | None
    ) -> dict[int, list[str] | None]:
        """Return the only focus nodes where a query can find something, for the queries that show a sign of it."""
        nodes = self._targets(shape)
        if nodes is None:
            return {}
        signs = [query.sign for query in queries]
        try:
            return screen.suspects(signs, _among(nodes("?focus"), only), self._rows)
        except QueryError:  # too long for one query, or wrong: the exact queries tell
            return {}

    def pattern(self, shape: str, variable: str, only: Sequence[str] | None = None, *, once: bool = True) -> str | None:
        """Return the pattern that binds the focus nodes of a shape.

        Args:
            shape: A shape, as an N-Quads term.
            variable: The variable that they are bound to, with its question mark.
            only: Nodes of which the rest is left out.
            once: Whether it gives a node once that is named in several ways, which takes time.

        Returns:
            The pattern; ``None`` where the shape names none.
        """
        named = self._named(shape)
        nodes = self._targets(shape) if once else named and named[0]
        return None if nodes is None else _among(nodes(variable), only)

    def focus(self, shape: str, only: Sequence[str] | None = None) -> list[str]:
        """Return the focus nodes of a shape.

        Args:
            shape: A shape, as an N-Quads term.
            only: Nodes of which the rest is left out.

        Returns:
            The nodes; none where the shape names none.
        """
        nodes = self._targets(shape)
        if nodes is None:
            return []
        rows = self._rows(_among(template("focus").substitute(FOCUS=nodes("?focus")), only))
        return [str(row.term("focus")) for row in rows]

    def local(self, shape: str) -> bool:
        """Tell whether each result of a shape is about one of its own focus nodes."""
        try:
            return not any(query.outer for query in self._written(shape))
        except NotCompilableError:
            return False

    def _write(self, shape: str) -> list[_Query]:
        """Return the queries of a shape."""
        nodes = self._targets(shape)
        if nodes is None or self.shapes.deactivated(shape):
            return []
        return [query for place in self._walk(Place(shape, nodes)) for query in self._queries(place)]

    def _targets(self, shape: str) -> Callable[[str], str] | None:
        """Return the pattern of the focus nodes that a shape names itself, each once, for any variable."""
        found = self._named(shape)
        if found is None:
            return None
        named, single = found
        return named if single else lambda v: f"{{ SELECT DISTINCT {v} WHERE {{ {named(v)} }} }}"

    def _named(self, shape: str) -> tuple[Callable[[str], str], bool] | None:
        """Return the pattern of the focus nodes that a shape names (SHACL 2.1.3), and whether it gives each once."""
        shapes = self.shapes
        subjects, objects = shapes.iris(shape, "sh:targetSubjectsOf"), shapes.iris(shape, "sh:targetObjectsOf")
        named = [node for node in shapes.iris(shape, "sh:targetNode") if not node.startswith("_")]
        classes = list(dict.fromkeys(cls for each in shapes.classes(shape) for cls in self._below(each)))
        if not (subjects or objects or named or classes):
            return None

        def nodes(v: str) -> str:
            among = f"{_MARK}{v}{_MARK} "
            found = [f"{v} {each} ?target_any" for each in subjects]
            found += [f"?target_any {each} {v}" for each in objects]
            found += [f"VALUES {v} {{ {' '.join(named)} }}"] if named else []
            if len(classes) == 1:
                found.append(f"{v} a {classes[0]}")
            elif classes:
                found.append(f"VALUES ?target_class {{ {' '.join(classes)} }} {v} a ?target_class")
            if len(found) == 1:
                return f"{among}{found[0]} ."
            return f"{{ {' } UNION { '.join(f'{among}{each}' for each in found)} }}"

        return nodes, len(classes) == 1 and not (subjects or objects or named)

    def _walk(self, place: Place, around: values.Around = ()) -> list[Place]:
        """Return a shape and the property shapes in it, or refuse it as a whole."""
        shapes = self.shapes
        if shapes.deactivated(place.shape):
            return []
        node = next(iter(shapes.iris(place.shape, "sh:path")), None)
        if node is not None:
            place = replace(place, path=paths.read(node, shapes.by_iri))
        asked = shapes.asked(place.shape)
        handled = len(values.asked(self._context, place.shape, "?value"))
        handled += sum(asked.get(name, 0) for name in ("property", "closed", "equals", "disjoint"))
        handled += asked.get("sparql", 0) if not around else 0
        if place.path is not None:
            handled += sum(asked.get(name, 0) for name in _OF_PROPERTIES)
        if handled != sum(asked.values()) or place.shape in around or not self._countable(place):
            raise NotCompilableError(place.shape)
        found = [place]
        for nested in shapes.iris(place.shape, "sh:property"):
            found += self._walk(self._inside(place, nested), (*around, place.shape))
        return found

    def _countable(self, place: Place) -> bool:
        shape = place.shape
        inner = self.shapes.iris(shape, "sh:qualifiedValueShape")
        if not inner or not self.shapes.asked(shape).keys() & {"qualifiedMinCount", "qualifiedMaxCount"}:
            return True
        if self.shapes.true(shape, "sh:qualifiedValueShapesDisjoint") or len(inner) > 1:
            return False
        return values.expression(self._context, inner[0], "?value") is not None

    def _inside(self, place: Place, nested: str) -> Place:
        """Return the place of a property shape, whose focus nodes are the values of the shape around it."""
        if place.path is None:
            return Place(nested, place.nodes, outer=place.outer)
        path, before = place.path, f"?f{next(self._context.number)}"
        focus, outer = place.nodes(before), f"{place.outer} {before}"

        def nodes(v: str) -> str:
            step = f"{focus} {before} {path} {v}"
            if path.reaches_itself:
                step = f"{{ {step} }} UNION {{ {focus} BIND({before} AS {v}) }}"
            return f"{{ SELECT DISTINCT {outer} {v} WHERE {{ {step} }} }}"

        return Place(nested, nodes, outer=outer)

    def _queries(self, place: Place) -> Iterator[_Query]:
        """Write everything that is asked of one shape in one place."""
        yield from self._by_value(place)
        yield from self._by_pair(place)
        if place.path is not None:
            yield from self._by_count(place)

    def _by_value(self, place: Place) -> Iterator[_Query]:
        """What each value is asked by itself, in one query."""
        tests = values.asked(self._context, place.shape, "?value")
        if tests:
            flags = " ".join(f"(IF({test.holds}, 0, 1) AS ?fails{n})" for n, test in enumerate(tests))
            holds = " && ".join(test.holds for test in tests)
            sign = place.sign("wrong", holds)
            yield self._query("values", place, self._failed(place, tests), sign, FLAGS=flags, HOLDS=holds)
        for each in self.shapes.iris(place.shape, "sh:hasValue") if place.path else []:
            sign = place.sign("few", f"sameTerm(?value, {each})")
            yield from self._found(place, "hasValue", "has-value", "", sign, TERM=each)

    def _by_pair(self, place: Place) -> Iterator[_Query]:
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

    def _by_count(self, place: Place) -> Iterator[_Query]:
        """What counts the values of each focus node."""
        shapes, shape = self.shapes, place.shape
        for number in shapes.numbers(shape, "sh:minCount"):
            yield from self._at_least(place, "minCount", number, "true")
        for number in shapes.numbers(shape, "sh:maxCount"):
            yield from self._at_most(place, "maxCount", number, "true")
        if shapes.true(shape, "sh:uniqueLang"):
            yield from self._found(place, "uniqueLang", "unique-lang", "", place.sign("many"))
        for inner in shapes.iris(shape, "sh:qualifiedValueShape"):
            holds = values.expression(self._context, inner, "?value") or "false"
            for number in shapes.numbers(shape, "sh:qualifiedMinCount"):
                yield from self._at_least(place, "qualifiedMinCount", number, holds)
            for number in shapes.numbers(shape, "sh:qualifiedMaxCount"):
                yield from self._at_most(place, "qualifiedMaxCount", number, holds)

    def _at_least(self, place: Place, name: str, number: int, holds: str) -> Iterator[_Query]:
        if number == 1:
            yield from self._found(place, name, "none", "", place.sign("few", holds), HOLDS=holds)
        elif number > 1:
            yield from self._found(place, name, "fewer", "", None, HOLDS=holds, NUMBER=str(number))

    def _at_most(self, place: Place, name: str, number: int, holds: str) -> Iterator[_Query]:
        sign = place.sign("many") if number > 0 else place.sign("wrong", f"!({holds})")
        yield from self._found(place, name, "more", "", sign, HOLDS=holds, NUMBER=str(number))

    def _failed(self, place: Place, tests: Sequence[values.Asked]) -> Callable[[Row], Iterator[Result]]:
        def results(row: Row) -> Iterator[Result]:
            for number, test in enumerate(tests):
                if int(getattr(row.term(f"fails{number}"), "value", "0")):
                    told = "" if test.component == values.component("hasValue") else "value"
                    yield self._result(place, test.component, row, told)

        return results

    def _found(
        self, place: Place, name: str, query: str, value: str, sign: Sign | None = None, **parts: str
    ) -> Iterator[_Query]:
        component = values.component(name)
        yield self._query(query, place, lambda row: [self._result(place, component, row, value)], sign, **parts)

    def _query(
        self, name: str, place: Place, results: Callable[[Row], Iterable[Result]], sign: Sign | None, **parts: str
    ) -> _Query:
        text = template(name).substitute(FOCUS=place.focus, VALUE=place.value, OUTER=place.outer, **parts)
        return _Query(text, place.shape, place.outer, results, sign)

    def _rows(self, text: str) -> Iterable[Row]:
        answer = self.store.query(text)
        if not isinstance(answer, Solutions):
            raise TypeError(text)
        return answer

    def _classes_below(self, cls: str) -> tuple[str, ...]:
        """Return a class and those below it."""
        found, todo = {cls: None}, [cls]
        while todo:
            fresh = sorted(self._right_below.get(todo.pop(), set()) - found.keys())
            found.update(dict.fromkeys(fresh))
            todo += fresh
        return tuple(found)

    @functools.cached_property
    def _right_below(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in self._rows(template("subclasses").substitute(ONTOLOGY=f"<{ONTOLOGY}>")):
            found.setdefault(str(row.term("above")), set()).add(str(row.term("class")))
        return found

    def _result(self, place: Place, component: str, row: Row, value: str) -> Result:
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
