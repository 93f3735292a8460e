"""One row of a table to quads, as the CSVW schema says (W3C *Generating RDF from Tabular Data*, standard subset).

Terms are N-Quads texts, which a store loads without making an object of each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import uritemplate

from vetgraph import lexical, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vetgraph.csvw import Column, Schema

Quad = tuple[str, str, str, str]

_STRING = f"{names.PREFIXES['xsd']}string"
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
# What RFC 3987 forbids, and brackets, which it allows only in an IP address; a store would refuse the whole load.
_NO_IRI = re.compile(
    r"[\x00-\x20\x7f-\x9f<>\"{}|^`\\\[\]\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\U0010ffff]|%(?![0-9A-Fa-f]{2})|#.*#"
)
_KEY = re.compile(r"\{\+?([A-Za-z]\w*)\}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Triple:
    """A triple that a row makes, and the column that made it."""

    subject: str
    predicate: str
    object: str
    column: str


class BadIriError(ValueError):
    """A template gave a text that is no IRI.

    Attributes:
        variables: The variables of the template.
    """

    variables: frozenset[str] = frozenset()


def literal(text: str, *, datatype: str = _STRING, lang: str | None = None) -> str:
    """Return a literal as an N-Quads term.

    Args:
        text: The lexical form.
        datatype: The IRI of its datatype.
        lang: Its language tag, which goes before the datatype.

    Returns:
        The term.
    """
    quoted = f'"{text.translate(_ESCAPES)}"'
    if lang:
        return f"{quoted}@{lang}"
    return quoted if datatype == _STRING else f"{quoted}^^<{datatype}>"


def iri(text: str) -> str:
    """Return an IRI as an N-Quads term.

    Args:
        text: The IRI.

    Returns:
        The term.

    Raises:
        BadIriError: It has no scheme, or a character that no IRI may have.
    """
    if not _SCHEME.match(text) or _NO_IRI.search(text):
        raise BadIriError(text)
    return f"<{text}>"


class RowMapping:
    """The compiled mapping of one table."""

    def __init__(self, schema: Schema, group_id: str, report: str) -> None:
        """Compile a mapping.

        Args:
            schema: The table's schema.
            group_id: The IRI of the group of tables, as ``_group`` in templates.
            report: Its key, as ``_report`` in templates.
        """
        self.schema = schema
        self.fixed: Mapping[str, str] = {"_report": report, "_group": group_id}

    @property
    def start(self) -> str | None:
        """What the terms of all things begin with that the table's rows make; nothing if they make none."""
        about = self.schema.about_url or ""
        key = _KEY.search(about)
        makes = key is not None and (key[1] == "id" or about.startswith(names.ENTRIES))
        return f"<{uritemplate.expand(about[: key.start()], dict(self.fixed))}" if key and makes else None

    def values(self, row: int, cells: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of the row's templates.

        Args:
            row: The number of the row.
            cells: The text of each column; empty where there is none.

        Returns:
            The variables by name, defaults in place of empty cells, without those that are still empty.
        """
        values = {**self.fixed, "_row": str(row)}
        for column in self.schema.columns:
            text = cells.get(column.name, "") or column.default
            if text not in column.null:
                values[column.name] = text
        return values

    def graph(self, values: Mapping[str, str]) -> str | None:
        """Return the named graph of the row.

        Args:
            values: The variables of the row.

        Returns:
            The term, or nothing if a variable of the template is empty.
        """
        return expand(self.schema.graph_url, values)

    def triples(self, values: Mapping[str, str]) -> Iterator[Triple]:
        """Make the triples of a row.

        Args:
            values: The variables of the row.

        Yields:
            The triples, in the order of the columns.
        """
        own = expand(self.schema.about_url, values)
        for column in self.schema.columns:
            if column.suppress or column.property_url is None:
                continue
            subject = expand(column.about_url, values) if column.about_url else own
            predicate = expand(column.property_url, values)
            if subject is None or predicate is None:
                continue
            for term in _objects(column, values):
                yield Triple(subject, predicate, term, column.name)

    def subject(self, values: Mapping[str, str]) -> str | None:
        """Return the thing that the row is about.

        Args:
            values: The variables of the row.

        Returns:
            The term, or nothing if a variable of the template is empty.
        """
        return expand(self.schema.about_url, values)


def items(column: Column, text: str) -> Sequence[str]:
    """Split the text of a cell into its values.

    Args:
        column: The column.
        text: The text of the cell.

    Returns:
        The values: several only where the column has a separator, none for an empty cell.
    """
    if text in column.null:
        return ()
    if column.separator is None:
        return (text,)
    return tuple(part.strip() for part in text.split(column.separator) if part.strip())


def _objects(column: Column, values: Mapping[str, str]) -> Iterator[str]:
    if column.virtual and column.value_url:
        term = expand(column.value_url, values)
        if term is not None:
            yield term
        return
    # A virtual column without a template has no cell either; its text is its default.
    for item in items(column, values.get(column.name, "")):
        if column.value_url:
            term = expand(column.value_url, {**values, column.name: item})
            if term is not None:
                yield term
        else:
            text = lexical.canonical(item, column.datatype)
            yield literal(text, datatype=column.datatype.iri, lang=column.lang)


@lru_cache(maxsize=4096)
def _variables(template: str) -> frozenset[str]:
    return frozenset(uritemplate.variables(template))


def expand(template: str | None, values: Mapping[str, str]) -> str | None:
    """Expand a URI template to an IRI term.

    Args:
        template: The template.
        values: Its variables.

    Returns:
        The term, or nothing if there is no template or one of its variables is empty: such a triple is not made.

    Raises:
        BadIriError: The result is no IRI.
    """
    if template is None:
        return None
    wanted = _variables(template)
    if not wanted:
        return iri(template)
    if any(name not in values for name in wanted):
        return None
    try:
        return iri(_expand(template, tuple(values[name] for name in sorted(wanted))))
    except BadIriError as error:
        error.variables = wanted
        raise


@lru_cache(maxsize=65536)
def _expand(template: str, values: tuple[str, ...]) -> str:
    return uritemplate.expand(template, dict(zip(sorted(_variables(template)), values, strict=True)))
