"""The W3C's suites over HTTP against our running service; where they are is told by VETGRAPH_RDF_TESTS."""

import os
from pathlib import Path

import evaluation
import exchanges
import pytest

from serving import Served

FOLDER = os.environ.get("VETGRAPH_RDF_TESTS", "")
pytestmark = [
    pytest.mark.w3c,
    pytest.mark.skipif(not FOLDER, reason="VETGRAPH_RDF_TESTS names no copy of w3c/rdf-tests' sparql folder"),
    pytest.mark.filterwarnings("ignore"),  # the suites hold values that rdflib warns of
]


@pytest.fixture
def at(writable_server: Served) -> exchanges.Endpoints:
    url = writable_server.url
    return exchanges.Endpoints(f"{url}/sparql", f"{url}/update", f"{url}/store", writable_server.token)


def failed(results: dict[str, str]) -> dict[str, str]:
    return {name: why for name, why in results.items() if why}


def test_protocol(at: exchanges.Endpoints) -> None:
    results = exchanges.protocol(Path(FOLDER), at)
    assert failed(results) == {}
    assert len(results) == 34


def test_graph_store(at: exchanges.Endpoints) -> None:
    results = exchanges.graph_store(Path(FOLDER), at)
    assert failed(results) == {}
    assert len(results) == 13


def test_service_description(at: exchanges.Endpoints) -> None:
    results = exchanges.description(Path(FOLDER), at)
    assert failed(results) == {}
    assert len(results) == 3


def test_evaluation(at: exchanges.Endpoints) -> None:
    results = evaluation.run(Path(FOLDER), at)
    assert len(results) == 980
    assert len(results) - len(failed(results)) >= 954, sorted(failed(results))
