"""A backup restores exactly; a damaged one changes nothing."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest

import samples
from vetgraph.backup import backup, restore
from vetgraph.errors import StoreError
from vetgraph.results import Solutions
from vetgraph.store import open_store, write_store

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    write_store(tmp_path / "store", samples.nquads())
    return tmp_path / "store"


def content(store: Path) -> set[str]:
    found = open_store(store).query("SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
    assert isinstance(found, Solutions)
    return {repr(row) for row in found}


def members(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        opened = ((each.name, archive.extractfile(each)) for each in archive.getmembers())
        return {name: data.read() for name, data in opened if data is not None}


def rewrite(file: Path, parts: dict[str, bytes]) -> None:
    with tarfile.open(file, "w") as archive:
        for name, data in parts.items():
            head = tarfile.TarInfo(name)
            head.size = len(data)
            archive.addfile(head, io.BytesIO(data))


@pytest.mark.parametrize("name", ["graph.tar", "graph.tar.gz"])
def test_a_backup_restores_what_it_was_made_of(store: Path, tmp_path: Path, name: str) -> None:
    before = content(store)
    backup(store, tmp_path / name)
    write_store(store, b"<x:s> <x:p> <x:o> .\n")
    assert content(store) != before
    assert restore(tmp_path / name, store) == len(samples.triples()) * 2
    assert content(store) == before
    restore(tmp_path / name, tmp_path / "elsewhere")
    assert content(tmp_path / "elsewhere") == before
    assert not list(tmp_path.glob("*.part"))


def test_a_damaged_backup_changes_nothing(store: Path, tmp_path: Path) -> None:
    before = content(store)
    file = tmp_path / "graph.tar"
    backup(store, file)
    parts = members(file)
    victim = max((name for name in parts if name != "MANIFEST.json"), key=lambda name: len(parts[name]))
    flipped = bytes([parts[victim][0] ^ 1]) + parts[victim][1:]
    for changed in (
        {**parts, victim: flipped},
        {name: data for name, data in parts.items() if name != victim},
        {**parts, "MANIFEST.json": b"[]"},
        {**parts, "MANIFEST.json": parts["MANIFEST.json"].replace(victim.encode(), b"../out")},
        {name: data for name, data in parts.items() if name != "MANIFEST.json"},
    ):
        rewrite(file, changed)
        with pytest.raises(StoreError, match="is no whole backup"):
            restore(file, store)
        assert content(store) == before
    file.write_bytes(b"no archive")
    with pytest.raises(StoreError, match="is no whole backup"):
        restore(file, store)
    with pytest.raises(StoreError, match="restoring"):
        restore(tmp_path / "none.tar", store)
    assert content(store) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph.tar", "store"]


def test_a_backup_that_cannot_be_written(store: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="backing up to"):
        backup(store, tmp_path / "no" / "such" / "folder.tar")
    with pytest.raises(StoreError, match="no store"):
        backup(tmp_path / "none", tmp_path / "graph.tar")
