"""The benchmarks measure something: a graph that is the same each time, and queries that find something in it."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from vetgraph.networks.measures import measure
from vetgraph.results import Solutions
from vetgraph.store import EmbeddedStore

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

import mix
import networks as benchmarked
import synthetic

SIZE = 3000


@pytest.fixture(scope="module")
def nquads() -> bytes:
    out = io.StringIO()
    synthetic.write(out, SIZE)
    return out.getvalue().encode()


@pytest.fixture(scope="module")
def store(nquads: bytes) -> EmbeddedStore:
    return EmbeddedStore.of(nquads)


def test_the_same_size_gives_the_same_graph(nquads: bytes, store: EmbeddedStore) -> None:
    again = io.StringIO()
    synthetic.write(again, SIZE)
    assert again.getvalue().encode() == nquads
    statements = store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert isinstance(statements, Solutions)
    assert SIZE * 0.8 < int(str(statements[0]["n"])) < SIZE * 1.2


@pytest.mark.parametrize("name", mix.NAMES)
def test_a_query_finds_something(store: EmbeddedStore, name: str) -> None:
    assert any(len(list(store.query(text))) for text in mix.texts(name, SIZE)[:50])  # type: ignore[arg-type]


def test_the_networks_that_are_measured_are_the_same_each_time() -> None:
    made, again = benchmarked.network(200, 800), benchmarked.network(200, 800)
    assert made == again
    assert len(made.nodes) == 200
    assert max(told["degree"] for told in measure(made).nodes.values()) > 2 * 8  # twice the mean: there are hubs
    assert "the same pairs" in benchmarked.projection(60, 12, 3)
