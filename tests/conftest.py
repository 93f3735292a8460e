from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import samples
from serving import Served, serving
from vetgraph.build import build
from vetgraph.store import write_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from playwright.sync_api import Browser


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


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A read-only service over the graph of the Xuchang report."""
    store = tmp_path_factory.mktemp("report") / "store"
    build(Path(__file__).parent.parent / "data", store, validate=False)
    with serving(store) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from browsing import chromium

    with chromium() as started:
        yield started
