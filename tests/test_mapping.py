"""One row to quads: terms, templates, separators; every text survives."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetgraph import csvw, mapping, sheets

if TYPE_CHECKING:
    from vetgraph.errors import Problem

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/"
ANY = st.text(st.characters(exclude_categories=["Cs"]))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"))


def column(**parts: object) -> csvw.Column:
    return csvw.Column(**{"name": "a", "property_url": f"{EX}p", **parts})  # type: ignore[arg-type]


def objects(one: csvw.Column, **cells: str) -> list[str]:
    schema = csvw.Schema("s.json", (one,), about_url=f"{EX}s", graph_url=f"{EX}g")
    row = mapping.RowMapping(schema, f"{EX}report/r-1", "r-1")
    return [triple.object for triple in row.triples(row.values(7, cells))]


def number(base: str) -> csvw.Datatype:
    return csvw.Datatype(base, f"{XSD}{base}")


@pytest.mark.parametrize(
    ("one", "text", "terms"),
    [
        (column(), "甲", ['"甲"']),
        (column(lang="zh"), "甲", ['"甲"@zh']),
        (column(datatype=number("decimal")), "+007.50", [f'"7.5"^^<{XSD}decimal>']),
        (column(datatype=number("decimal")), "-0.0", [f'"0"^^<{XSD}decimal>']),
        (column(datatype=number("boolean")), "1", [f'"true"^^<{XSD}boolean>']),
        (column(separator=";"), "x; y ;;z", ['"x"', '"y"', '"z"']),
        (column(), "", []),
        (column(null=("", "-")), "-", []),
        (column(null=("", "-"), separator=";"), "-", []),
        (column(default="d"), "", ['"d"']),
        (column(default="d"), "e", ['"e"']),
        (column(value_url=f"{EX}v/{{a}}"), "x y", [f"<{EX}v/x%20y>"]),
        (column(value_url=f"{EX}v/{{+a}}"), "k/x", [f"<{EX}v/k/x>"]),
        (column(value_url=f"{EX}v/{{a}}", separator=";"), "x;y", [f"<{EX}v/x>", f"<{EX}v/y>"]),
        (column(value_url="{+_group}/{_report}/{_row}"), "x", [f"<{EX}report/r-1/r-1/7>"]),
        (column(virtual=True, default="d", lang="en"), "", ['"d"@en']),
        (column(virtual=True), "", []),
        (column(virtual=True, value_url=f"{EX}T"), "", [f"<{EX}T>"]),
        (column(virtual=True, value_url=f"{EX}T/{{b}}"), "", []),
        (column(suppress=True), "x", []),
        (column(property_url=None), "x", []),
        (column(about_url=f"{EX}{{b}}"), "x", []),
    ],
)
def test_the_objects_of_a_cell(one: csvw.Column, text: str, terms: list[str]) -> None:
    assert objects(one, a=text) == terms


@pytest.mark.parametrize(
    "text", ['say "hi"', "a\nb\r\n\tc", "back\\slash \\n", "🏫 学校", "\x08\x0c\x7f\x1f", "e\u0301"]
)
def test_awkward_texts(text: str) -> None:
    quad = next(iter(ox.parse(f"<x:s> <x:p> {mapping.literal(text)} .", format=ox.RdfFormat.N_QUADS)))
    assert quad.object == ox.Literal(text)


@given(ANY)
def test_every_text_survives_as_a_literal(text: str) -> None:
    for term in (mapping.literal(text), mapping.literal(text, lang="zh"), mapping.literal(text, datatype=f"{EX}d")):
        quad = next(iter(ox.parse(f"<x:s> <x:p> {term} .", format=ox.RdfFormat.N_QUADS)))
        assert isinstance(quad.object, ox.Literal)
        assert quad.object.value == text


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_every_text_survives_from_a_file_to_the_graph(rows: list[tuple[str, str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([("a", "b"), *rows])
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "t.csv"
        file.write_bytes(stream.getvalue().encode())
        sheet = sheets.read_csv(file, problems)
    assert problems == []
    assert sheet is not None
    columns = (column(), column(name="b", value_url=f"{EX}{{b}}"))
    row_mapping = mapping.RowMapping(csvw.Schema("s", columns, about_url=f"{EX}s"), f"{EX}g", "g")
    made = [
        triple
        for row in sheet.rows
        for triple in row_mapping.triples(row_mapping.values(row.number, dict(zip("ab", row.cells, strict=True))))
    ]
    document = "".join(f"{one.subject} {one.predicate} {one.object} .\n" for one in made)
    parsed = [quad.object for quad in ox.parse(document.encode(), format=ox.RdfFormat.N_QUADS)]
    literals = [term.value for term in parsed if isinstance(term, ox.Literal)]
    assert literals == [first.strip() for first, _ in rows if first.strip()]
    assert len(parsed) == len(literals) + sum(1 for _, second in rows if second.strip())


@pytest.mark.parametrize(
    "text", ["", "no-scheme", "a b:c", "http://x/ y", "http://x/<", "http://x/%zz", "http://x/[", "1:a"]
)
def test_what_is_no_iri(text: str) -> None:
    with pytest.raises(mapping.BadIriError):
        mapping.iri(text)


@given(ANY)
def test_what_passes_as_an_iri_the_store_takes(text: str) -> None:
    try:
        term = mapping.iri(f"https://example.org/{text}")
    except mapping.BadIriError:
        return
    assert len(list(ox.parse(f"{term} {term} {term} .".encode(), format=ox.RdfFormat.N_QUADS))) == 1


def test_a_bad_iri_names_the_variables_of_its_template() -> None:
    with pytest.raises(mapping.BadIriError) as caught:
        mapping.expand("{+a}", {"a": "x"})
    assert caught.value.variables == {"a"}
