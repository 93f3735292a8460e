from collections.abc import Iterator

import httpx
import pytest

import samples
from serving import Served, serving
from vetgraph.store import write_store


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A read-only service over the small graph."""
    store = tmp_path_factory.mktemp("served") / "store"
    write_store(store, samples.nquads())
    with serving(store) as running:
        yield running


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    """A client of the read-only service."""
    with served.client() as asking:
        yield asking


@pytest.fixture(scope="module")
def writable_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that takes updates, over an empty store, for one module of tests."""
    folder = tmp_path_factory.mktemp("writable")
    write_store(folder / "store", b"")
    with serving(folder / "store", tokens=folder / "tokens") as running:
        yield running
