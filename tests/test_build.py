from pathlib import Path
from types import SimpleNamespace

import pytest

import samples
import vetgraph
from vetgraph import build as building
from vetgraph import generations, names, vocabulary
from vetgraph.build import build
from vetgraph.cells import CellIndex
from vetgraph.errors import DataError, Problem, Severity, Text
from vetgraph.results import Solutions
from vetgraph.store import open_store

DATA = Path(__file__).parent.parent / "data"


def problem(severity: Severity) -> Problem:
    return Problem("a.csv", 2, "x", Text("错", "wrong"), Text("改", "mend"), severity)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Tables that hold the sample graph; a test may add problems."""
    made = SimpleNamespace(quads=samples.triples(), problems=[], files=(), found=[], cells=CellIndex())
    monkeypatch.setattr("vetgraph.tables.read", lambda _data, memory=None: made)  # noqa: ARG005 - as it is called
    monkeypatch.setattr("vetgraph.validate.validate", lambda _reading: SimpleNamespace(problems=tuple(made.found)))
    return made


def count(path: Path, text: str) -> object:
    store = open_store(path)
    found = store.query(text)
    assert isinstance(found, Solutions)
    value = found[0]["n"]
    store.close()
    return value


@pytest.mark.usefixtures("reading")
def test_every_statement_is_once_in_the_default_graph(tmp_path: Path) -> None:
    result = build("data", tmp_path / "store")
    assert count(tmp_path / "store", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == result.triples
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(tmp_path / "store", named) == result.quads
    distinct = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }"
    assert count(tmp_path / "store", distinct) == result.triples
    assert result.problems == ()


def test_violations_stop_the_build_and_leave_the_old_store(reading: SimpleNamespace, tmp_path: Path) -> None:
    build("data", tmp_path / "store")
    before = generations.current(tmp_path / "store")
    reading.problems = [problem("violation"), problem("warning")]
    with pytest.raises(DataError) as caught:
        build("data", tmp_path / "store")
    assert len(caught.value.problems) == 2
    reading.problems, reading.found = [], [problem("violation")]
    with pytest.raises(DataError):
        build("data", tmp_path / "store")
    assert generations.current(tmp_path / "store") == before
    build("data", tmp_path / "store", validate=False)
    assert generations.current(tmp_path / "store") != before


def test_warnings_do_not_stop_it(reading: SimpleNamespace, tmp_path: Path) -> None:
    reading.found = [problem("warning"), problem("info")]
    assert len(build("data", tmp_path / "store").problems) == 2


@pytest.mark.usefixtures("reading")
def test_in_memory_and_on_disk_are_the_same(tmp_path: Path) -> None:
    with vetgraph.build("data") as memory, vetgraph.build("data", tmp_path / "store") as disk:
        assert len(memory) == len(disk) > 0


def test_vocabulary_stands_in_its_graphs() -> None:
    graphs = {quad[3] for quad in [*vocabulary.ontology(), *vocabulary.codes()]}
    assert graphs == {f"<{names.ONTOLOGY}>", f"<{names.CODES}>"}


def test_the_module_is_the_function_too() -> None:
    assert callable(building)


def test_the_real_data_build_fast_and_answer(tmp_path: Path) -> None:
    result = build(DATA, tmp_path / "store")
    assert result.seconds < 30
    private = "SELECT (COUNT(*) AS ?n) { ?s vetg:ownership <https://w3id.org/vetgraph/code/ownership/private> }"
    assert count(tmp_path / "store", private) == 4
