"""Build a store: read the tables, validate, write, swap in."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from vetgraph import tables, vocabulary
from vetgraph.errors import DataError, Problem
from vetgraph.graph import VetGraph, open_graph
from vetgraph.opening import is_address, write_store
from vetgraph.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vetgraph.mapping import Quad
    from vetgraph.tables import Reading


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
    quads, problems = _checked(Path(data), say if validate else None)
    nquads, triples = _merge(quads)
    say("write")
    write_store(output, nquads, update_url=update_url, gsp_url=gsp_url)
    path = None if is_address(output) else Path(output)
    return BuildResult(path, triples, len(quads), problems, time.perf_counter() - start)


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
    quads, _ = _checked(Path(data), (lambda _step: None) if validate else None)
    return VetGraph(EmbeddedStore.of(_merge(quads)[0]))


def _checked(data: Path, say: Callable[[str], None] | None) -> tuple[set[Quad], tuple[Problem, ...]]:
    """Read the tables and, unless ``say`` is ``None``, validate them."""
    reading = tables.read(data)
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


class _CallableModule(ModuleType):
    """``vetgraph.build`` is this module once anything imports it, and must stay the function that users call."""

    __call__ = staticmethod(build_graph)


sys.modules[__name__].__class__ = _CallableModule
