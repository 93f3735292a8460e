"""What CSVW metadata say of tables: groups, tables, schemas, columns and datatypes, as `vetgraph.csvw` reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from vetgraph import names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

GRAPH_URL: Final = f"{names.PREFIXES['vetg']}graphUrl"
DATATYPES: Final = {
    **{
        name: f"{names.PREFIXES['xsd']}{name}"
        for name in (
            "string",
            "integer",
            "nonNegativeInteger",
            "positiveInteger",
            "decimal",
            "boolean",
            "date",
            "gYear",
            "gYearMonth",
            "anyURI",
        )
    },
    "number": f"{names.PREFIXES['xsd']}double",
}


@dataclass(frozen=True)
class Datatype:
    """The datatype of a column.

    Attributes:
        base: One of `DATATYPES`.
        iri: The datatype of the literals; an own one if the metadata name it.
        format: A regular expression that the whole text must match.
        minimum: The least number allowed.
        maximum: The greatest number allowed.
        min_length: The least length.
        max_length: The greatest length.
    """

    base: str = "string"
    iri: str = DATATYPES["string"]
    format: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class Column:
    """One column, real or virtual; the URLs are URI templates."""

    name: str
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    datatype: Datatype = field(default_factory=Datatype)
    lang: str | None = None
    separator: str | None = None
    null: tuple[str, ...] = ("",)
    default: str = ""
    required: bool = False
    virtual: bool = False
    suppress: bool = False
    about_url: str | None = None
    property_url: str | None = None
    value_url: str | None = None

    def headers(self) -> tuple[str, ...]:
        """Return every header under which the column may stand in a file: its name and its titles."""
        return (self.name, *(title for titles in self.titles.values() for title in titles))


@dataclass(frozen=True)
class Schema:
    """The schema of one kind of table."""

    file: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    about_url: str | None = None
    graph_url: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)

    @property
    def real(self) -> tuple[Column, ...]:
        """The columns that a file has."""
        return tuple(column for column in self.columns if not column.virtual)


@dataclass(frozen=True)
class Table:
    """One table of a group: where it is and how it is read."""

    url: str
    schema: Schema


@dataclass(frozen=True)
class Group:
    """A table group: a report, or the registry.

    Attributes:
        file: The metadata file.
        id: The IRI of the report, or of the graph.
        tables: The tables.
        about: What the metadata say of the group: the texts of each key by language, ``und`` where none is given.
    """

    file: Path
    id: str
    tables: tuple[Table, ...]
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The last segment of the IRI: the report's key."""
        return self.id.rstrip("/").rpartition("/")[2]
