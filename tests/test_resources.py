"""Where our resources are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vetgraph import resources

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("ontology", "vetgraph.ttl"),
        ("shapes", "school.ttl"),
        ("tables", "schools.json"),
        ("queries", "private-schools.rq"),
    ],
)
def test_a_folder_holds_its_files(name: str, file: str) -> None:
    assert (resources.folder(name) / file).is_file()


def test_a_wheel_carries_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_resources" / "shapes").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    resources.folder.cache_clear()
    try:
        assert resources.folder("shapes") == tmp_path / "_resources" / "shapes"
    finally:
        resources.folder.cache_clear()


def test_an_unknown_folder() -> None:
    with pytest.raises(FileNotFoundError, match="secrets"):
        resources.folder("secrets")
