"""What SHACL asks of one value by itself, as SPARQL expressions (SHACL 4.1.2, 4.1.3, 4.3, 4.4, 4.6 and 4.8).

Each expression is true or false and never an error, so that "not true" is "violated".
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from vetgraph.names import PREFIXES
from vetgraph.validate import paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vetgraph.validate.shapes import Shapes

Around: TypeAlias = tuple[str, ...]

DEEP: Final = 20
"""How deep shapes may stand in each other; deeper ones, and those that contain themselves, go to pySHACL."""

XSD: Final = PREFIXES["xsd"]
_LANG_STRING: Final = f"<{PREFIXES['rdf']}langString>"

_KINDS: Final = {
    "IRI": "isIRI({v})",
    "BlankNode": "isBlank({v})",
    "Literal": "isLiteral({v})",
    "BlankNodeOrIRI": "(isBlank({v}) || isIRI({v}))",
    "BlankNodeOrLiteral": "(isBlank({v}) || isLiteral({v}))",
    "IRIOrLiteral": "(isIRI({v}) || isLiteral({v}))",
}
_ORDERS: Final = {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}
_LENGTHS: Final = {"minLength": ">=", "maxLength": "<="}

_INTEGERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
"""The least and the greatest value of each type of whole numbers (XML Schema part 2, 3.4)."""

_ZONE: Final = "(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR: Final = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_MONTH: Final = "(0[1-9]|1[0-2])"
_DAY: Final = "(0[1-9]|[12][0-9]|3[01])"
_TIME: Final = "(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\\\.[0-9]+)?|24:00:00(\\\\.0+)?)"
_FLOAT: Final = "([+-]?([0-9]+(\\\\.[0-9]*)?|\\\\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN)"
_FORMS: Final = {
    "boolean": "(true|false|1|0)",
    "decimal": "[+-]?([0-9]+(\\\\.[0-9]*)?|\\\\.[0-9]+)",
    "double": _FLOAT,
    "float": _FLOAT,
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE.rstrip('?')}",
    "time": f"{_TIME}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "anyURI": '[^\\\\s<>\\"{}|\\\\\\\\^`]*',
    "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "base64Binary": "[A-Za-z0-9+/= ]*",
}
"""The lexical form of other datatypes, as a regular expression inside a SPARQL string."""

_DAYS_OF_MONTH: Final = (
    '!REGEX({s}, "^-?[0-9]+-(02-3|(04|06|09|11)-31)") && (!REGEX({s}, "^-?[0-9]+-02-29") '
    '|| REGEX({s}, "^-?[0-9]*(([2468][048]|[13579][26]|0[48])-|([02468][048]|[13579][26])00-)"))'
)


@dataclass(frozen=True)
class Context:
    """What expressions are made from.

    Attributes:
        shapes: The shapes graph.
        below: Gives a class and the classes below it, as N-Quads terms.
        number: Numbers variables, so that no two expressions share one.
    """

    shapes: Shapes
    below: Callable[[str], tuple[str, ...]]
    number: Iterator[int] = field(default_factory=itertools.count)


class Asked(NamedTuple):
    """One thing asked of a value."""

    component: str
    """The constraint component, as an N-Quads term."""
    holds: str
    """The SPARQL expression that is true for a good value."""


def asked(context: Context, shape: str, variable: str, around: Around = ()) -> list[Asked]:
    """Return what a shape asks of each value by itself.

    Args:
        context: What expressions are made from.
        shape: The shape, as an N-Quads term.
        variable: The variable that holds the value, with its question mark.
        around: The shapes that it stands in.

    Returns:
        The tests; what needs more than the value is not among them.
    """
    shapes = context.shapes
    found: list[Asked] = []

    def add(name: str, expressions: Iterator[str | None]) -> None:
        found.extend(Asked(component(name), text) for text in expressions if text is not None)

    for name in ("datatype", "nodeKind", *_ORDERS, *_LENGTHS, "pattern", "languageIn", "in"):
        add(name, (_simple(shapes, shape, name, value, variable) for value in shapes.iris(shape, f"sh:{name}")))
    add("class", (_of_class(context, value, variable) for value in shapes.iris(shape, "sh:class")))
    if not shapes.iris(shape, "sh:path"):
        add("hasValue", (f"sameTerm({variable}, {value})" for value in shapes.iris(shape, "sh:hasValue")))
    inside = (*around, shape)
    for name in ("not", "and", "or", "xone", "node"):
        add(name, (_logical(context, name, value, variable, inside) for value in shapes.iris(shape, f"sh:{name}")))
    return found


def component(name: str) -> str:
    """Return the constraint component of a parameter, e.g. ``sh:MinCountConstraintComponent`` of ``minCount``."""
    return f"<{paths.SH}{name[0].upper()}{name[1:]}ConstraintComponent>"


def expression(context: Context, shape: str, variable: str, around: Around = ()) -> str | None:
    """Return a shape as one expression.

    Args:
        context: What expressions are made from.
        shape: The shape, as an N-Quads term.
        variable: The variable that holds the value, with its question mark.
        around: The shapes that it stands in.

    Returns:
        The expression, true where the value conforms; ``None`` where the shape asks what no expression can tell.
    """
    shapes = context.shapes
    if shapes.deactivated(shape):
        return "true"
    if shape in around or len(around) >= DEEP:
        return None
    node = next(iter(shapes.iris(shape, "sh:path")), None)
    if node is not None:
        return _over(context, shape, paths.read(node, shapes.by_iri), variable, around)
    inside = (*around, shape)
    nested = [expression(context, each, variable, inside) for each in shapes.iris(shape, "sh:property")]
    found = asked(context, shape, variable, around)
    if None in nested or len(found) + len(nested) != sum(shapes.asked(shape).values()):
        return None
    parts = [test.holds for test in found] + [text for text in nested if text is not None]
    return f"({' && '.join(parts)})" if parts else "true"


def _over(context: Context, shape: str, path: paths.Path, v: str, around: Around) -> str | None:
    """Return a property shape as one expression: what it asks of every value, and whether there is one."""
    shapes = context.shapes
    if path.reaches_itself:
        return None
    w = f"?w{next(context.number)}"
    step = f"{v} {path} {w}"
    found = [test.holds for test in asked(context, shape, w, around)]
    nested = [expression(context, each, w, (*around, shape)) for each in shapes.iris(shape, "sh:property")]
    have = [f"EXISTS {{ {step} FILTER(sameTerm({w}, {term})) }}" for term in shapes.iris(shape, "sh:hasValue")]
    have += [f"EXISTS {{ {step} }}" for number in shapes.numbers(shape, "sh:minCount") if number == 1]
    have += ["true" for number in shapes.numbers(shape, "sh:minCount") if number == 0]
    have += [f"NOT EXISTS {{ {step} }}" for number in shapes.numbers(shape, "sh:maxCount") if number == 0]
    other = f"{w}o"
    have += [
        f"NOT EXISTS {{ {step} . {v} {path} {other} FILTER(!sameTerm({w}, {other})) }}"
        for number in shapes.numbers(shape, "sh:maxCount")
        if number == 1
    ]
    if None in nested or len(found) + len(nested) + len(have) != sum(shapes.asked(shape).values()):
        return None
    every = found + [text for text in nested if text is not None]
    if every:
        have.append(f"NOT EXISTS {{ {step} FILTER(!({' && '.join(every)})) }}")
    return f"({' && '.join(have)})" if have else "true"


def _of_class(context: Context, value: str, v: str) -> str:
    classes = context.below(value)
    if len(classes) == 1:
        return f"EXISTS {{ {v} a {value} }}"
    of = f"?c{next(context.number)}"
    return f"EXISTS {{ {v} a {of} FILTER({of} IN ({', '.join(classes)})) }}"


def _simple(shapes: Shapes, shape: str, name: str, value: str, v: str) -> str | None:  # noqa: PLR0911 - one a component
    if name == "datatype":
        return datatype(value, v)
    if name == "nodeKind":
        kind = _KINDS.get(value.strip("<>").removeprefix(paths.SH))
        return kind.format(v=v) if kind else "false"
    if name in _ORDERS:
        return f"COALESCE({v} {_ORDERS[name]} {value}, false)"
    if name in _LENGTHS:
        return f"COALESCE(!isBlank({v}) && STRLEN(STR({v})) {_LENGTHS[name]} {value}, false)"
    if name == "pattern":
        flags = next(iter(shapes.iris(shape, "sh:flags")), '""')
        return f"COALESCE(!isBlank({v}) && REGEX(STR({v}), {value}, {flags}), false)"
    members = paths.members(value, shapes.by_iri)
    if name == "languageIn":
        matches = " || ".join(f"langMatches(LANG({v}), {tag})" for tag in members) or "false"
        return f'COALESCE(LANG({v}) != "" && ({matches}), false)'
    return _among(members, v)


def _among(terms: list[str], v: str) -> str:
    iris = [term for term in terms if term.startswith("<")]
    others = [f"sameTerm({v}, {term})" for term in terms if term.startswith('"')]
    some = [f"{v} IN ({', '.join(iris)})"] if iris else []
    return f"COALESCE({' || '.join([*some, *others])}, false)" if some or others else "false"


def _logical(context: Context, name: str, value: str, v: str, around: Around) -> str | None:
    if name in {"not", "node"}:
        inner = expression(context, value, v, around)
        return inner if inner is None or name == "node" else f"(!{inner})"
    members = paths.members(value, context.shapes.by_iri)
    parts = [expression(context, member, v, around) for member in members]
    if None in parts:
        return None
    kept = [part for part in parts if part is not None]
    if name == "and":
        return f"({' && '.join(kept) or 'true'})"
    if name == "or":
        return f"({' || '.join(kept) or 'false'})"
    return f"(({' + '.join(f'IF({part}, 1, 0)' for part in kept) or '0'}) = 1)"


def datatype(value: str, v: str) -> str:
    """Return the expression that a value is a well-formed literal of a datatype.

    The embedded engine keeps a whole number as ``xsd:integer`` whatever type it was written in, so a type derived from
    it is told by its range.

    Args:
        value: The datatype, as an N-Quads term.
        v: The variable that holds the value.

    Returns:
        The expression.
    """
    name = value.strip("<>").removeprefix(XSD)
    same = f"DATATYPE({v}) = {value}"
    text = f"STR({v})"
    if name in _INTEGERS:
        low, high = _INTEGERS[name]
        if name != "integer":
            same = f"DATATYPE({v}) IN ({value}, <{XSD}integer>)"
        number = f"<{XSD}integer>({text})"
        bounds = [f"{number} >= {low}"] if low is not None else []
        bounds += [f"{number} <= {high}"] if high is not None else []
        return f"COALESCE({' && '.join([same, _like(text, '[+-]?[0-9]+'), *bounds])}, false)"
    if name in _FORMS:
        form = _like(text, _FORMS[name])
        if name in {"date", "dateTime", "dateTimeStamp"}:
            form += f" && {_DAYS_OF_MONTH.format(s=text)}"
        return f"COALESCE({same} && {form}, false)"
    if value == _LANG_STRING:
        return f'COALESCE(LANG({v}) != "", false)'
    return f"COALESCE({same}, false)"


def _like(text: str, form: str) -> str:
    return f'REGEX({text}, "^{form}$")'
