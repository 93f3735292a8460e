"""The coverage table of the docs against the rows of the data."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "data/reports/xuchang-2025"
NOT_OF_THE_REPORT = {"passages", "notes"}


def listed() -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for line in (ROOT / "docs/coverage.md").read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"\| ([\w-]+) \| ([\w-]+) \| (\d+) \| .+ \|", line)
        if match:
            assert (match[1], match[2]) not in counts
            counts[match[1], match[2]] = int(match[3])
    return counts


def present() -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for file in REPORT.glob("*.csv"):
        if file.stem not in NOT_OF_THE_REPORT:
            with file.open(encoding="utf-8", newline="") as stream:
                counts.update((row["passage"], file.stem) for row in csv.DictReader(stream))
    return counts


def test_every_passage_and_table_has_the_rows_that_are_listed() -> None:
    assert listed() == present()


def test_the_totals_add_up() -> None:
    text = (ROOT / "docs/coverage.md").read_text(encoding="utf-8")
    sections = [int(number) for number in re.findall(r"^Rows: (\d+)$", text, re.MULTILINE)]
    assert sum(sections) == sum(listed().values())
    assert re.findall(r"^All rows: (\d+)$", text, re.MULTILINE) == [str(sum(sections))]


def test_every_passage_with_facts_is_listed_in_its_order() -> None:
    with (REPORT / "passages.csv").open(encoding="utf-8", newline="") as stream:
        passages = [row["id"] for row in csv.DictReader(stream)]
    assert {passage for passage, _ in listed()} == set(passages)
