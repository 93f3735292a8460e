"""What ``vetgraph validate`` does: check tables or Turtle files, and write what was found in one of five formats."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetgraph.errors import Problem, Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from vetgraph.cells import Cells
    from vetgraph.doubts import Doubt
    from vetgraph.store import Store
    from vetgraph.validate import Report


@dataclass(frozen=True)
class Check:
    """What a check found."""

    problems: tuple[Problem, ...]
    report: Report | None
    """The shapes' report; ``None`` where the tables could not be read well enough to ask the shapes."""
    files: tuple[Path, ...]
    doubts: tuple[Doubt, ...] | None = None
    """What was noted about the reports; ``None`` where nobody asked for it, or the tables could not be read."""

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not any(problem.severity == "violation" for problem in self.problems)

    @property
    def notes(self) -> tuple[Text, ...]:
        """What was not checked and why, one line each."""
        return self.report.notes if self.report else ()


def check(paths: Sequence[Path], engine: str = "auto", *, doubts: bool = False) -> Check:
    """Check a folder of tables, or Turtle files.

    Args:
        paths: One folder, or files.
        engine: Which engine checks the shapes.
        doubts: Whether the doubts noted in a folder's tables are wanted, too.

    Returns:
        What was found.

    Raises:
        UsageError: A path is missing, or folders and files are mixed.
    """
    for path in paths:
        if not path.exists():
            raise UsageError(Text(f"没有 {path}", f"there is no {path}"), Text("检查路径", "check the path"))
    if len(paths) == 1 and paths[0].is_dir():
        return _check_tables(paths[0], engine, doubts=doubts)
    if any(path.is_dir() for path in paths):
        raise UsageError(
            Text("一次校验一个文件夹，或若干 Turtle 文件", "check one folder at a time, or Turtle files"),
            Text("分几次运行", "run it once for each folder"),
        )
    if doubts:
        raise UsageError(
            Text("--doubts 用于表格文件夹或 --store", "--doubts is for a folder of tables, or for --store"),
            Text("运行 vetgraph validate --doubts data", "run: vetgraph validate --doubts data"),
        )
    from vetgraph.validate import validate_files

    report = validate_files(list(paths), engine=engine)
    return Check(tuple(report.problems), report, tuple(paths))


def check_store(where: str, engine: str = "auto", *, doubts: bool = False) -> Check:
    """Check what a store holds, on this machine or behind a service.

    Args:
        where: Its folder, or the address of the service.
        engine: Which engine checks the shapes.
        doubts: Whether the doubts noted in it are wanted, too.

    Returns:
        What was found; the problems name the cells that the store was built from, or where these are not known, it.

    Raises:
        StoreError: There is no store, or the service fails.
    """
    from vetgraph import origins
    from vetgraph.opening import facts, open_store
    from vetgraph.validate import validate_quads

    opened = open_store(where)
    try:
        with origins.opened(opened) as cells:
            report = validate_quads(facts(opened), where, engine=engine, cells=cells)
            noted = _noted(opened, cells) if doubts else None
    finally:
        opened.close()
    return Check(tuple(report.problems), report, (), noted)


def _noted(store: Store, cells: Cells | None) -> tuple[Doubt, ...]:
    from vetgraph.doubts import recorded

    return tuple(recorded(store, cells))


def _check_tables(folder: Path, engine: str, *, doubts: bool) -> Check:
    from vetgraph import tables, vocabulary
    from vetgraph.store import EmbeddedStore

    reading = tables.read(folder)
    problems = tuple(reading.problems)
    if any(problem.severity == "violation" for problem in problems):
        # A cell that could not be read leaves a hole in the graph, which the shapes would report as well.
        return Check(problems, None, tuple(reading.files))
    from vetgraph.validate import validate
    from vetgraph.validate.facts import Facts

    report = validate(reading, engine=engine)
    found = tuple(dict.fromkeys([*problems, *report.problems]))
    if not doubts:
        return Check(found, report, tuple(reading.files))
    known = Facts([*reading.quads, *vocabulary.ontology()], vocabulary.codes())
    noted = _noted(EmbeddedStore.of(known.nquads()), reading.cells)
    return Check(found, report, tuple(reading.files), noted)


def written(found: Check, style: str, lang: str) -> str:
    """Write what was found.

    Args:
        found: What a check found.
        style: ``text``, ``json``, ``github`` or ``ttl``.
        lang: Language of text, ``zh`` or ``en``.

    Returns:
        The text.

    Raises:
        UsageError: There is no Turtle report, since the tables could not be read.
    """
    from vetgraph import doubts, render

    noted: Iterable[Doubt] = found.doubts or ()
    if style == "json" and found.doubts is not None:
        both = {"problems": render.problems_plain(found.problems), "doubts": doubts.plain(noted)}
        return json.dumps(both, ensure_ascii=False, indent=2)
    if style == "json":
        return render.problems_json(found.problems)
    if style == "github":
        return "\n".join(filter(None, (render.problems_github(found.problems, lang), doubts.notices(noted, lang))))
    if style == "ttl":
        if found.report is None:
            raise UsageError(
                Text("表格有误，还没有图可以校验", "the tables have errors, so there is no graph yet to report on"),
                Text("先按 --format text 改正", "mend what --format text lists first"),
            )
        return found.report.turtle().rstrip("\n")
    return "\n".join(filter(None, (render.problems_text(found.problems, lang), doubts.text(noted, lang))))


def mark(found: Check, output: Path) -> None:
    """Write a copy of the tables with the bad cells marked.

    Args:
        found: What a check found.
        output: The workbook to write.
    """
    from vetgraph import workbook

    workbook.mark(found.problems, found.files, output)


def summary(found: Check) -> Text:
    """Count the problems in one line.

    Args:
        found: What a check found.

    Returns:
        The line.
    """
    violations = sum(problem.severity == "violation" for problem in found.problems)
    others = len(found.problems) - violations
    plural = ("" if violations == 1 else "s", "" if others == 1 else "s")
    many = None if found.doubts is None else len(found.doubts)
    noted = Text("", "") if many is None else Text(f"，{many} 处存疑", f", {many} doubt{'' if many == 1 else 's'}")
    return Text(
        f"{violations} 处错误，{others} 条警告或提示{noted.zh}",
        f"{violations} violation{plural[0]}, {others} warning{plural[1]} or notes{noted.en}",
    )
