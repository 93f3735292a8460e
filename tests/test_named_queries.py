"""Every named query answers on the real data as its files in ``queries/`` say.

``NAME.csv`` or ``NAME.CASE.csv`` is an answer, checked by hand against the report; a ``.json`` beside it holds the
parameters (without it, the query's own defaults). The order of the rows counts; the order within a cell that lists
things does not, because SPARQL leaves it open.
"""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from vetgraph import queries
from vetgraph.build import build_graph
from vetgraph.graph import VetGraph
from vetgraph.results import Solutions

ROOT = Path(__file__).parents[1]
EXPECTED = ROOT / "tests" / "queries"
CASES = sorted(path.stem for path in EXPECTED.glob("*.csv"))
NAMES = sorted(queries.catalogue())
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(ROOT / "data", validate=False)


@pytest.fixture(scope="module")
def reference() -> dict[str, str]:
    """Return the reference's section of each query."""
    parts = re.split(r"^## `([\w-]+)`", (ROOT / "docs" / "queries.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """Read CSV, with the items of a listing cell sorted."""
    return [[listing(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def listing(cell: str) -> str:
    for separator in ("；", " + "):
        cell = separator.join(sorted(cell.split(separator)))
    return cell


def answer(graph: VetGraph, name: str, params: dict[str, str]) -> str:
    found = graph.run(name, **params)
    assert isinstance(found, Solutions)
    return found.serialize("csv").decode()


@pytest.mark.parametrize("case", CASES)
def test_answer(graph: VetGraph, case: str) -> None:
    values = EXPECTED / f"{case}.json"
    params = json.loads(values.read_text(encoding="utf-8")) if values.exists() else {}
    expected = (EXPECTED / f"{case}.csv").read_text(encoding="utf-8")
    assert rows(answer(graph, case.partition(".")[0], params)) == rows(expected)


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_an_answer_in_both_languages(name: str) -> None:
    assert name in {case.partition(".")[0] for case in CASES}
    query = queries.get(name)
    for text in (query.title, query.description, *(param.label for param in query.params)):
        assert CHINESE.search(text.zh)
        assert text.en
        assert not CHINESE.search(text.en)


def test_every_answer_belongs_to_a_query() -> None:
    assert {case.partition(".")[0] for case in CASES} == set(NAMES)
    assert {path.stem for path in EXPECTED.glob("*.json")} <= set(CASES)
    assert len(NAMES) >= 24


@pytest.mark.parametrize("name", NAMES)
def test_every_query_stands_alone(graph: VetGraph, name: str) -> None:
    """A file declares its prefixes and is standard SPARQL 1.1: two engines read it."""
    from rdflib.plugins.sparql import prepareQuery

    text = queries.get(name).text
    graph.store.query(text, prefixes=False)
    prepareQuery(text)


@pytest.mark.parametrize("name", NAMES)
def test_every_query_is_in_the_reference(reference: dict[str, str], name: str) -> None:
    query = queries.get(name)
    section = reference[name]
    for text in (query.title, query.description):
        assert text.zh in section
        assert text.en in section
    for param in query.params:
        assert f"`{param.name}`" in section
        assert (param.default or "") in section
    block = re.search(r"```csv\n(.*?)```", section, re.DOTALL)
    assert block is not None
    assert (EXPECTED / f"{name}.csv").read_text(encoding="utf-8").startswith(block[1])


def test_the_reference_lists_no_other_query(reference: dict[str, str]) -> None:
    assert sorted(reference) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_a_theme_and_every_column_a_heading(graph: VetGraph, name: str) -> None:
    assert queries.get(name).theme in queries.themes()
    answer = graph.run(name)
    assert isinstance(answer, Solutions)
    for variable in answer.variables:
        assert {variable, re.sub(r"(Zh|En)$", "", variable)} & queries.headings().keys(), variable
