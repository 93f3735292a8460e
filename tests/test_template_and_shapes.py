"""The workbook template and the forms offer what the shapes allow: columns against the shapes' properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl.utils import get_column_letter

from vetgraph import csvw, kinds, names, resources, template
from vetgraph.layout import find_layout
from vetgraph.validate import shapes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import openpyxl
    from openpyxl.worksheet.datavalidation import DataValidation

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


def changed(tmp_path: Path, old: str, new: str) -> openpyxl.Workbook:
    """Return the template that the project's shapes make after a change of their text."""
    for file in resources.folder("shapes").glob("*.ttl"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace(old, new), encoding="utf-8")
    return template.template(kinds.read(shapes.load(tmp_path)))


def rule(book: openpyxl.Workbook, table: str, column: str) -> DataValidation:
    schema = csvw.read_schema(resources.folder("tables") / f"{table}.json", [])
    assert schema is not None
    letter = get_column_letter([each.name for each in schema.real].index(column) + 1)
    rules: list[DataValidation] = book[table].data_validations.dataValidation
    return next(each for each in rules if f"{letter}2" in each.sqref)


def note(book: openpyxl.Workbook, table: str, column: str) -> str:
    titles = {cell.comment.text.partition(" ")[0]: cell.comment.text for cell in book[table][1] if cell.comment}
    return titles[column]


def test_the_template_offers_what_the_shapes_say_now(tmp_path: Path) -> None:
    book = template.template(kinds.load())
    prizes = rule(book, "awards", "prize").formula1
    other = changed(tmp_path, "sh:node shape:Code-prize", "sh:node shape:Code-ownership")
    assert rule(other, "awards", "prize").formula1 == rule(book, "schools", "ownership").formula1 != prizes
    assert "public = " in note(other, "awards", "prize")
    assert "public = " not in note(book, "awards", "prize")


def test_the_template_demands_what_the_shapes_demand(tmp_path: Path) -> None:
    demand = "prize: expected a code of prize levels"
    book = template.template(kinds.load())
    said = kinds.load().by_key["AwardResult"].fields["prize"].demand
    assert said is not None
    assert said.zh in note(book, "awards", "prize")
    assert demand in note(changed(tmp_path, said.en, demand), "awards", "prize")


def test_the_template_keeps_the_least_number_of_the_shapes(tmp_path: Path) -> None:
    assert rule(template.template(kinds.load()), "figures", "value").formula1 == "0"
    assert rule(changed(tmp_path, "sh:minInclusive 0", "sh:minInclusive 7"), "figures", "value").formula1 == "7"
