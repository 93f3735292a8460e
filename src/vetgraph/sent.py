"""Files that somebody sends to be checked: an RDF graph, or the tables of a report as a workbook or CSV files."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from vetgraph import origins, sheets, tables, template, workbook
from vetgraph.errors import Problem, QueryError, Text, UnsupportedError
from vetgraph.opening import facts
from vetgraph.render import problems_plain
from vetgraph.store import EmbeddedStore
from vetgraph.validate import validate_quads, validate_store
from vetgraph.validate.context import stated, validate_sent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.remote import RemoteStore
    from vetgraph.store import Store
    from vetgraph.validate import Report

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABLES: Final = {XLSX: ".xlsx", "text/csv": ".csv"}
_KEY: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLAIN: Final = re.compile(r"[^\w.\- ()（）]")


@dataclass(frozen=True)
class File:
    """A file that was sent.

    Attributes:
        name: What the sender calls it; may be empty.
        media: Its media type.
        path: Where it is.
    """

    name: str
    media: str
    path: Path

    @property
    def suffix(self) -> str:
        """The ending that tells its format: that of the name, else that of the media type."""
        ending = Path(self.name).suffix.lower()
        if ending in {".xlsx", ".csv"} or _rdf(ending) is not None:
            return ending
        form = ox.RdfFormat.from_media_type(self.media) if self.media else None
        return _TABLES.get(self.media) or (f".{form.file_extension}" if form is not None else ending)


@dataclass(frozen=True)
class Checked:
    """What was found.

    Attributes:
        problems: What is wrong; files are named as the sender named them.
        report: The shapes' report; ``None`` where cells could not be read.
        marked: The tables as a workbook with the bad cells marked; ``None`` for a graph.
    """

    problems: tuple[Problem, ...]
    report: Report | None
    marked: bytes | None


def check(sent: Sequence[File], store: Store) -> Checked:
    """Check files without storing them.

    Args:
        sent: RDF files, or tables of one report.
        store: What is known already: tables may name its schools, programmes and passages.

    Returns:
        What was found.

    Raises:
        QueryError: A file is of no kind that is read, or malformed RDF.
    """
    kinds = {file.suffix for file in sent}
    if sent and kinds <= {".xlsx", ".csv"}:
        return _check_tables(sent, store)
    if sent and all(_rdf(kind) is not None for kind in kinds):
        return _check_graph(sent, store)
    named = "、".join(file.name or file.media for file in sent)
    raise QueryError(
        Text(f"不能校验：{named or '没有文件'}", f"this cannot be checked: {named or 'there is no file'}"),
        Text(
            "发送一个 .xlsx 工作簿、若干 .csv 表，或 .ttl .trig .nt .nq .rdf .jsonld",
            "send an .xlsx workbook, .csv tables, or .ttl, .trig, .nt, .nq, .rdf or .jsonld",
        ),
    )


def check_store(store: EmbeddedStore | RemoteStore) -> Checked:
    """Check what a store holds: where it lies, or, where it is a service, what that gives of its graphs.

    Args:
        store: The store.
        cells: The way back to the cells that it was built from.

    Returns:
        What was found.

    Raises:
        StoreError: The service fails, or gives only a part of a graph.
    """
    with origins.opened(store) as cells:
        if isinstance(store, EmbeddedStore):
            report = validate_store(store, cells=cells)
        else:
            report = validate_quads(facts(store), "", cells=cells)
    return Checked(report.problems, report, None)


def written(found: Checked, form: str) -> bytes:
    """Write what was found.

    Args:
        found: What was found.
        form: ``json``, ``ttl`` or ``xlsx``.

    Returns:
        The document.

    Raises:
        UnsupportedError: There is no such document of it.
    """
    if form == "json":
        conforms = not any(problem.severity == "violation" for problem in found.problems)
        notes = [{"zh": note.zh, "en": note.en} for note in found.report.notes] if found.report else []
        return json.dumps(
            {"conforms": conforms, "problems": problems_plain(found.problems), "notes": notes}, ensure_ascii=False
        ).encode()
    if form == "ttl" and found.report is not None:
        return found.report.turtle().encode()
    if form == "xlsx" and found.marked is not None:
        return found.marked
    raise UnsupportedError(
        Text("有的单元格读不出，还没有图可以校验", "cells cannot be read, so there is no graph yet to report on")
        if form == "ttl"
        else Text("只有表格能标出错误的单元格", "only tables have cells to mark"),
        Text("要 JSON", "ask for JSON"),
    )


def _rdf(suffix: str) -> ox.RdfFormat | None:
    return ox.RdfFormat.from_extension(suffix.removeprefix("."))


def _check_graph(sent: Sequence[File], store: Store) -> Checked:
    quads = []
    for file in sent:
        try:
            for quad in ox.parse(path=str(file.path), format=_rdf(file.suffix), rename_blank_nodes=True):
                graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
                quads.append((str(quad.subject), str(quad.predicate), str(quad.object), graph))
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            reason = getattr(error, "msg", None) or str(error)
            raise QueryError(
                Text(f"{file.name} 格式有误：{reason}", f"{file.name} is malformed: {reason}"),
                Text("改正该行", "correct this line"),
                line=line,
            ) from None
    report = validate_sent(quads, store, where=sent[0].name)
    return Checked(report.problems, report, None)


def _check_tables(sent: Sequence[File], store: Store) -> Checked:
    with tempfile.TemporaryDirectory(prefix="vetgraph-sent-") as made:
        folder = Path(made)
        key = next((Path(file.name).stem for file in sent if _KEY.fullmatch(Path(file.name).stem)), "sent")
        copies = [folder / _file_name(file) for file in sent]
        for file, copy in zip(sent, copies, strict=True):
            shutil.copyfile(file.path, copy)
        target = template.report_folder(folder / "reports", key, _table_names(copies))
        for copy in copies:
            copy.rename(target / copy.name)
        reading = tables.read(folder, known=lambda terms: {quad[0] for quad in stated(store, terms)})
        problems, report = [*reading.problems, *_unknown(target, copies)], None
        if not any(problem.severity == "violation" for problem in problems):
            report = validate_sent(reading.quads, store, reading.cells)
            problems += report.problems
        out = folder / "marked.xlsx"
        workbook.mark(problems, reading.files, out)
        start = f"{target}/"
        return Checked(tuple(_named(problem, start) for problem in dict.fromkeys(problems)), report, out.read_bytes())


def _file_name(file: File) -> str:
    """Return a name that is safe on this machine."""
    name = _PLAIN.sub("_", Path(file.name).name)
    return name if name.lower().endswith(file.suffix) else f"{name or 'sent'}{file.suffix}"


def _table_names(files: Sequence[Path]) -> set[str]:
    """Return the names of the tables: the stems of CSV files, and the sheets of workbooks."""
    found = {file.stem for file in files if file.suffix.lower() == ".csv"}
    for file in files:
        if file.suffix.lower() == ".xlsx":
            found |= set(sheets.Workbook(file, []).names)
    return found


def _unknown(target: Path, files: Sequence[Path]) -> list[Problem]:
    """Tell of CSV files that are no table of a report."""
    known = template.table_names()
    return [
        Problem(
            str(target / file.name),
            None,
            None,
            Text(f"“{file.stem}”不是任何一张表", f'"{file.stem}" is no table of a report'),
            Text(f"用表名作文件名：{', '.join(known)}", f"name the file by its table: {', '.join(known)}"),
        )
        for file in files
        if file.suffix.lower() == ".csv" and file.stem not in known
    ]


def _named(problem: Problem, start: str) -> Problem:
    """Name files as their sender does, not as they lie here."""
    related = tuple(replace(cell, file=cell.file.removeprefix(start)) for cell in problem.related)
    return replace(
        problem,
        file=problem.file.removeprefix(start),
        related=related,
        message=Text(problem.message.zh.replace(start, ""), problem.message.en.replace(start, "")),
    )
