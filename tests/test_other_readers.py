"""A second program reads our CSVW metadata and tables, and finds the same rows."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from csvw import Table

ROOT = Path(__file__).parent.parent
GROUPS = [ROOT / "data/registry/registry.json", ROOT / "data/reports/xuchang-2025/report.json"]
TABLES = [
    (group, table["url"], table["tableSchema"])
    for group in GROUPS
    for table in json.loads(group.read_text("utf-8"))["tables"]
]


@pytest.mark.parametrize(("group", "url", "schema"), TABLES, ids=lambda value: Path(value).stem)
def test_csvw_reads_the_same_rows(group: Path, url: str, schema: str, tmp_path: Path) -> None:
    # The csvw package reads a schema that stands in the table's own metadata.
    inline = json.loads((group.parent / schema).read_text("utf-8"))
    metadata = {"@context": inline.pop("@context"), "url": url, "tableSchema": inline}
    shutil.copy(group.parent / url, tmp_path / url)
    (tmp_path / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    read = list(Table.from_file(tmp_path / "metadata.json").iterdicts(strict=True))
    with (tmp_path / url).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(read) == len(rows)
    for there, here in zip(read, rows, strict=True):
        # Virtual columns come with the row; only those of the file are compared.
        filled = {name for name in here if there[name] not in (None, [])}
        assert filled == {name for name, text in here.items() if text}
