"""The workbook template and the forms offer what the shapes allow: columns against the shapes' properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vetgraph import csvw, kinds, names, resources
from vetgraph.layout import find_layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vetgraph.csvw import Column
    from vetgraph.kinds import Field

TABLES = sorted(resources.folder("tables").glob("*.json"))
KINDS = kinds.load().by_key.values()
TYPE = names.expand("rdf:type")
LANG_STRING = names.expand("rdf:langString")


def pairs(table: Path) -> Iterator[tuple[Column, str, Field]]:
    """Give each column, its code list, and what the shape of its rows' things says of its property."""
    schema = csvw.read_schema(table, [])
    if schema is None:
        return
    classes = {column.value_url for column in schema.columns if column.property_url == TYPE}
    fields = {field.iri: field for kind in KINDS if kind.iri in classes for field in kind.fields.values()}
    for column in schema.real:
        if column.property_url in fields:
            yield column, find_layout(schema).schemes.get(column.name, ""), fields[column.property_url]


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_a_column_offers_what_the_shape_of_its_property_allows(table: Path) -> None:
    for column, scheme, field in pairs(table):
        assert scheme == field.scheme, column.name
        assert field.many or not column.separator, column.name
        if field.datatype == LANG_STRING or field.datatype.startswith(names.BASE):
            assert column.datatype.base == "string", column.name
        elif field.datatype:
            assert column.datatype.base == field.datatype.rpartition("#")[2], column.name


def test_most_columns_are_compared() -> None:
    compared = {(table.stem, column.name) for table in TABLES for column, _, _ in pairs(table)}
    assert {("awards", "prize"), ("figures", "value"), ("schools", "ownership"), ("passages", "position")} <= compared
    assert len(compared) > 100
