"""RDF terms and Python values, in both directions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable

Value: TypeAlias = str | int | float | bool | Decimal | dt.date | dt.datetime | None
"""What a cell of an answer is in Python; an IRI and an unknown datatype are ``str``."""

XSD = "http://www.w3.org/2001/XMLSchema#"

_INTEGERS = (
    "integer positiveInteger nonNegativeInteger negativeInteger nonPositiveInteger long int short byte "
    "unsignedLong unsignedInt unsignedShort unsignedByte"
)
_READERS: dict[str, Callable[[str], Value]] = {
    **{XSD + name: int for name in _INTEGERS.split()},
    XSD + "gYear": int,
    XSD + "decimal": Decimal,
    XSD + "double": float,
    XSD + "float": float,
    XSD + "boolean": lambda text: text in {"true", "1"},
    XSD + "date": dt.date.fromisoformat,
    XSD + "dateTime": dt.datetime.fromisoformat,
}


def python_value(term: Any) -> Value:  # noqa: ANN401 - any of the engine's term classes
    """Return the Python value of an RDF term.

    Args:
        term: A pyoxigraph term or ``None``.

    Returns:
        A number, date, boolean or string; the text as it stands where it is not a valid value of its datatype.
    """
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        reader = _READERS.get(term.datatype.value)
        if reader is None:
            return term.value
        try:
            return reader(term.value)
        except (ValueError, InvalidOperation):
            return term.value
    if isinstance(term, ox.NamedNode):
        return term.value
    return str(term)


def to_term(value: Any) -> Any:  # noqa: ANN401 - Python values, pyoxigraph or rdflib terms
    """Return the RDF term for a Python value.

    Args:
        value: A pyoxigraph or rdflib term, or a Python value; ``str`` becomes a plain literal, not an IRI.

    Returns:
        A pyoxigraph term.
    """
    if isinstance(value, (ox.NamedNode, ox.BlankNode, ox.Literal, ox.Triple)):
        return value
    if type(value).__module__.startswith("rdflib"):  # rdflib's terms are str too
        from oxrdflib._converter import to_ox

        return to_ox(value)
    if isinstance(value, Decimal):
        return ox.Literal(format(value, "f"), datatype=ox.NamedNode(XSD + "decimal"))
    if isinstance(value, dt.datetime):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD + "dateTime"))
    if isinstance(value, dt.date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD + "date"))
    return ox.Literal(value)


def parse_term(text: str) -> Any:  # noqa: ANN401 - any of the engine's term classes
    """Return the term that an N-Quads text stands for.

    Args:
        text: An IRI in brackets, a blank node or a literal.

    Returns:
        A pyoxigraph term.

    Raises:
        SyntaxError: It is no term.
    """
    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    (quad,) = ox.parse(input=f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    return quad.object
