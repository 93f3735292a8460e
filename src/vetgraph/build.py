"""Build a store: read the tables, validate, write, swap in."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from vetgraph import __version__, origins, resources, tables, vocabulary
from vetgraph.errors import DataError, Problem
from vetgraph.generations import READ
from vetgraph.graph import VetGraph, open_graph
from vetgraph.opening import is_address, write_store
from vetgraph.reading import Memory, Reading, stamp_of
from vetgraph.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vetgraph.mapping import Quad


@dataclass(frozen=True)
class BuildResult:
    """What a build made."""

    path: Path | None
    """Folder of the store; ``None`` where it is a service."""
    triples: int
    """Distinct statements: the size of the default graph."""
    quads: int
    """Statements with their named graphs."""
    problems: tuple[Problem, ...]
    """Warnings and remarks."""
    seconds: float
    read: tuple[Path, ...] = ()
    """The files that were read; those that are as they were at the last build are not."""
    files: tuple[Path, ...] = ()
    """All tables and workbooks that the store is made of."""


def build(  # noqa: PLR0913 - what a build may be told
    data: str | Path = "data",
    output: str | Path = "store",
    *,
    validate: bool = True,
    progress: Callable[[str], None] | None = None,
    update_url: str | None = None,
    gsp_url: str | None = None,
) -> BuildResult:
    """Build a store. On disk the old one stays whole until the new one is; in a service graph after graph is replaced.

    Args:
        data: Folder of the tables.
        output: Folder of the store, or the address where a SPARQL service takes queries.
        validate: Whether to check the data against the shapes first.
        progress: Called with the name of each step.
        update_url: Where the service takes updates.
        gsp_url: Where the service takes whole graphs.

    Returns:
        Counts, warnings and time.

    Raises:
        DataError: The data have violations; nothing was written.
        StoreError: The store cannot be written.
    """
    start = time.perf_counter()
    say = progress or (lambda _step: None)
    say("read")
    path = None if is_address(output) else Path(output)
    made_by = _made_by(Path(data))
    memory = Memory.load(path / READ, made_by) if path is not None else Memory()
    reading = tables.read(Path(data), memory=memory)
    quads, problems = _checked(reading, say if validate else None)
    nquads, triples = _merge(quads)
    say("write")
    write_store(output, nquads, update_url=update_url, gsp_url=gsp_url, beside=partial(_beside, reading, Path(data)))
    if path is not None:
        memory.save(path / READ, made_by)
    took = time.perf_counter() - start
    files = tuple(file for file in reading.files if file.suffix != ".json")
    return BuildResult(path, triples, len(quads), problems, took, tuple(memory.read), files)


def _made_by(data: Path) -> str:
    """Name everything but the tables that a reading depends on: the folder, the code lists and this program."""
    program = stamp_of(sorted(Path(__file__).parent.glob("*.py")))
    codes = stamp_of(sorted(resources.folder("ontology").rglob("*.ttl")))
    return repr((__version__, str(data), Path.cwd().as_posix(), program, codes))


def build_graph(data: str | Path = "data", output: str | Path | None = None, *, validate: bool = True) -> VetGraph:
    """Build a graph and open it.

    Args:
        data: Folder of the tables.
        output: Folder of the store; ``None`` keeps the graph in memory.
        validate: Whether to check the data against the shapes first.

    Returns:
        The graph.

    Raises:
        DataError: The data have violations.
        StoreError: The store cannot be written.
    """
    if output is not None:
        build(data, output, validate=validate)
        return open_graph(output)
    quads, _ = _checked(tables.read(Path(data)), (lambda _step: None) if validate else None)
    return VetGraph(EmbeddedStore.of(_merge(quads)[0]))


def _checked(reading: Reading, say: Callable[[str], None] | None) -> tuple[set[Quad], tuple[Problem, ...]]:
    """Refuse tables with bad cells and, unless ``say`` is ``None``, validate them."""
    problems = list(reading.problems)
    _stop_at_violations(problems)
    if say is not None:
        say("validate")
        problems = _validate(reading, problems)
        _stop_at_violations(problems)
    return {*reading.quads, *vocabulary.ontology(), *vocabulary.codes()}, tuple(problems)


def _validate(reading: Reading, problems: list[Problem]) -> list[Problem]:
    from vetgraph.validate import validate

    found = validate(reading).problems
    return list(dict.fromkeys([*problems, *found]))


def _stop_at_violations(problems: Iterable[Problem]) -> None:
    listed = tuple(problems)
    if any(problem.severity == "violation" for problem in listed):
        raise DataError(listed)


def _merge(quads: Iterable[Quad]) -> tuple[bytes, int]:
    """Write quads as N-Quads, and every statement once more in the default graph."""
    named = sorted(quads)
    statements = dict.fromkeys((s, p, o) for s, p, o, _ in named)
    lines = [f"{s} {p} {o} {g} .\n" for s, p, o, g in named]
    lines += [f"{s} {p} {o} .\n" for s, p, o in statements]
    return "".join(lines).encode(), len(statements)


def _beside(reading: Reading, data: Path, written: EmbeddedStore, folder: Path) -> None:
    """Leave the index of names beside the content, and the cells that it was read from."""
    from vetgraph.search import keeping, writing

    writing.write_file(written, folder / keeping.FILE)
    origins.write(reading.cells, folder / origins.FILE, data)


class _CallableModule(ModuleType):
    """``vetgraph.build`` is this module once anything imports it, and must stay the function that users call."""

    __call__ = staticmethod(build_graph)


sys.modules[__name__].__class__ = _CallableModule
