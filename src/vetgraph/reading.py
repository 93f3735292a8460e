"""What was read from tables: quads, problems, the way back to cells, and what a later reading can take from it."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from vetgraph.cells import CellIndex
from vetgraph.codelists import CodeLists
from vetgraph.errors import Cell, Problem, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from vetgraph.mapping import Quad


@dataclass
class Reading:
    """What was read from a folder of tables.

    Attributes:
        quads: The quads as N-Quads terms.
        problems: What is wrong.
        cells: The way back from a triple to its cell.
        files: The files read: metadata, tables, workbooks.
    """

    quads: list[Quad] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    cells: CellIndex = field(default_factory=CellIndex)
    files: list[Path] = field(default_factory=list)

    def nquads(self, *, default_graph: bool = True) -> bytes:
        """Return the quads as N-Quads.

        Args:
            default_graph: Whether to state each triple in the default graph as well.

        Returns:
            The document in UTF-8.
        """
        lines = [f"{s} {p} {o} {g} .\n" for s, p, o, g in self.quads]
        if default_graph:
            lines += dict.fromkeys(f"{s} {p} {o} .\n" for s, p, o, _ in self.quads)
        return "".join(lines).encode()


@dataclass
class References:
    """What the rows define and what they refer to, compared once all tables are read."""

    codes: CodeLists
    defined: dict[str, tuple[str, Cell, str]] = field(default_factory=dict)
    """The schema, the cell and, where its row is good, the key of each thing that a row defines."""
    used: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    graphs: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    unread: list[str] = field(default_factory=list)
    """Beginnings of the things whose table could not be read: what refers to them cannot be judged."""
    elsewhere: Container[str] = frozenset()
    """Things that are defined elsewhere."""

    def knows(self, term: str) -> bool:
        """Tell whether something is defined, here or elsewhere.

        Args:
            term: The thing, as an N-Quads term.

        Returns:
            Whether it is.
        """
        return term in self.defined or term in self.elsewhere

    def missing(self) -> set[str]:
        """Return what is referred to and not defined."""
        return {*self.used, *self.graphs} - self.defined.keys()

    def allow(self, things: Container[str]) -> None:
        """Take things as defined.

        Args:
            things: The things, as N-Quads terms.
        """
        self.elsewhere = things


Stamp: TypeAlias = tuple[tuple[Path, int, int], ...]
"""Files with the time of their last change, in nanoseconds, and their size in bytes."""


@dataclass
class Part:
    """What was read from one table, and what its files were."""

    stamp: Stamp
    reading: Reading
    references: References

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it; problems are left out."""
        named = self.references
        return {
            "stamp": [(str(path), *state) for path, *state in self.stamp],
            "files": [str(path) for path in self.reading.files],
            "quads": self.reading.quads,
            "cells": self.reading.cells.plain(),
            "places": {thing: _told(cell) for thing, cell in self.reading.cells.places.items()},
            "defined": {own: (file, _told(cell), key) for own, (file, cell, key) in named.defined.items()},
            "used": {term: [_told(cell) for cell in cells] for term, cells in named.used.items()},
            "graphs": {term: [_told(cell) for cell in cells] for term, cells in named.graphs.items()},
            "unread": named.unread,
        }

    @classmethod
    def of(cls, plain: dict[str, Any], read: Callable[[], CellIndex]) -> Part:
        """Make it of what `plain` returned.

        Args:
            plain: What it returned.
            read: Reads the table again, for its cells.

        Returns:
            The part; its code lists are not those it was read with, and are not asked any more.
        """
        reading = Reading(
            [(s, p, o, g) for s, p, o, g in plain["quads"]],
            cells=CellIndex.recalled(plain["cells"], read),
            files=[Path(path) for path in plain["files"]],
        )
        reading.cells.places.update({thing: Cell(*cell) for thing, cell in plain["places"].items()})
        named = References(CodeLists({}, {}), unread=plain["unread"])
        named.defined = {own: (file, Cell(*cell), key) for own, (file, cell, key) in plain["defined"].items()}
        for into, found in ((named.used, plain["used"]), (named.graphs, plain["graphs"])):
            into.update({term: [Cell(*cell) for cell in cells] for term, cells in found.items()})
        return cls(tuple((Path(path), changed, size) for path, changed, size in plain["stamp"]), reading, named)

    def join(self, reading: Reading, references: References) -> None:
        """Add it to what was read from others, and compare keys with theirs.

        Args:
            reading: What was read from others.
            references: What they define and refer to.
        """
        reading.quads += self.reading.quads
        reading.problems += self.reading.problems
        reading.cells.include(self.reading.cells)
        for own, found in self.references.defined.items():
            file, cell, key = found
            known_file, first, _ = references.defined.setdefault(own, found)
            if key and known_file != file:
                reading.problems.append(
                    Problem(
                        cell.file,
                        cell.row,
                        cell.column,
                        Text(f"编号“{key}”已在 {first} 用过", f'the key "{key}" is taken at {first}'),
                        Text("换一个编号", "choose another key"),
                        related=(first,),
                        line=cell.line,
                    )
                )
        for mine, theirs in ((self.references.used, references.used), (self.references.graphs, references.graphs)):
            for term, cells in mine.items():
                theirs[term] += cells
        references.unread += self.references.unread


def _told(cell: Cell) -> tuple[str, int | None, str | None, int | None]:
    return cell.file, cell.row, cell.column, cell.line


class Memory:
    """What was read from each table, so that another reading reads only the tables that have changed since.

    Attributes:
        read: The files that the last reading read anew.
    """

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.read: list[Path] = []
        self._parts: dict[tuple[Path, str], Part] = {}
        self._plain: dict[str, dict[str, Any]] = {}

    def part(self, name: tuple[Path, str], stamp: Stamp, read_part: Callable[[], Part]) -> Part:
        """Return what a table says.

        Args:
            name: The metadata file and the name of the table.
            stamp: What its files are now.
            read_part: Reads them.

        Returns:
            What was read, now or before.
        """
        found = self._parts.get(name) or self._recalled(name, read_part)
        if found is None or found.stamp != stamp:
            found = read_part()
            self.read += found.reading.files
        self._parts[name] = found
        return found

    def _recalled(self, name: tuple[Path, str], read_part: Callable[[], Part]) -> Part | None:
        plain = self._plain.get(str(name))
        return Part.of(plain, lambda: read_part().reading.cells) if plain else None

    def save(self, file: Path, made_by: str) -> None:
        """Write down the tables that have no problems.

        Args:
            file: The file to write; a disk that refuses is no problem, since the tables can be read again.
            made_by: Names everything else that a reading depends on.
        """
        parts = {str(name): part.plain() for name, part in self._parts.items() if not part.reading.problems}
        with suppress(OSError):
            file.write_text(json.dumps({"made_by": made_by, "parts": parts}), encoding="utf-8")

    @classmethod
    def load(cls, file: Path, made_by: str) -> Memory:
        """Read what was written down; nothing is remembered where that cannot be used.

        Args:
            file: The file.
            made_by: What `save` was told.

        Returns:
            The memory.
        """
        memory = cls()
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return memory
        if found.get("made_by") == made_by:
            memory._plain = found["parts"]
        return memory


def stamp_of(files: Iterable[Path]) -> Stamp:
    """Return what files are now; those that are not there are left out.

    Args:
        files: The files.

    Returns:
        Their times and sizes.
    """
    found = []
    for file in files:
        try:
            state = file.stat()
        except OSError:
            continue
        found.append((file, state.st_mtime_ns, state.st_size))
    return tuple(found)
