"""What ``vetgraph validate --watch`` does: look at a folder of tables again and again, and check what has changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from vetgraph import changes, tables, vocabulary
from vetgraph.checking import Check, summary
from vetgraph.errors import Text
from vetgraph.reading import Memory, stamp_of
from vetgraph.store import EmbeddedStore
from vetgraph.validate import Report, report_of, shapes
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import Facts
from vetgraph.validate.standing import Standing

if TYPE_CHECKING:
    from pathlib import Path

    from vetgraph.reading import Reading, Stamp


class Watch:
    """The problems of a folder of tables, kept up to date.

    Attributes:
        seconds: How long the last look took that found a change.
        read: The files that it read.
    """

    def __init__(self, folder: Path) -> None:
        """Remember the folder.

        Args:
            folder: The data folder.
        """
        self.seconds = 0.0
        self.read: tuple[Path, ...] = ()
        self._folder = folder
        self._memory = Memory()
        self._seen: Stamp | None = None
        self._quads: set[tuple[str, str, str, str]] = set()
        self._standing: Standing | None = None

    def look(self) -> Check | None:
        """Look at the files.

        Returns:
            What is wrong with them now; ``None`` when none of them has changed.
        """
        seen = stamp_of(
            sorted(file for file in self._folder.rglob("*") if file.suffix in {".csv", ".json", ".xlsx", ".tsv"})
        )
        if seen == self._seen:
            return None
        start = time.perf_counter()
        self._seen = seen
        found = self._check(tables.read(self._folder, memory=self._memory))
        self.read = tuple(self._memory.read)
        self.seconds = time.perf_counter() - start
        return found

    def summary(self, found: Check) -> Text:
        """Tell in one line what was found and what it took.

        Args:
            found: What the last look found.

        Returns:
            The line.
        """
        told, count, taken = summary(found), len(self.read), round(self.seconds * 1000)
        return Text(
            f"{told.zh}（读了 {count} 个文件，{taken} 毫秒；Ctrl-C 停止）",
            f"{told.en} (files read: {count}, {taken} ms; Ctrl-C stops)",
        )

    def _check(self, reading: Reading) -> Check:
        problems, files = tuple(reading.problems), tuple(reading.files)
        if any(problem.severity == "violation" for problem in problems):
            return Check(problems, None, files)
        report = self._report(reading)
        return Check(tuple(dict.fromkeys([*problems, *report.problems])), report, files)

    def _report(self, reading: Reading) -> Report:
        quads = set(reading.quads)
        if self._standing is None:
            asked = shapes.load()
            store = EmbeddedStore.of(Facts(reading.quads, vocabulary.codes()).nquads())
            self._standing = Standing(Checker(store, asked))
            self._standing.reach.prepare()
        else:
            removed, added = sorted(self._quads - quads), sorted(quads - self._quads)
            kept, store = self._standing, self._standing.checker.store
            kept.change(removed, added, lambda: changes.apply(store.native, removed, added))
        self._quads = quads
        return report_of(self._standing.results, self._standing.checker.shapes, reading)
