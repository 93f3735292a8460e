"""Results of SHACL to problems that point at cells; the parts of one sum become one problem."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Cell, Problem, Severity, Text
from vetgraph.names import PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vetgraph.cells import Cells
    from vetgraph.validate.facts import Quad
    from vetgraph.validate.result import Result
    from vetgraph.validate.shapes import Shapes

_SEVERITY: Final[Mapping[str, Severity]] = {"Violation": "violation", "Warning": "warning", "Info": "info"}
_LONG = 80


@dataclass(frozen=True)
class Sources:
    """Where what was checked came from.

    Attributes:
        cells: The way back to the cells, if the data came from tables.
        home: The file of each subject, if they came from RDF files.
        default: The file to name where nothing else is known.
        quads: What was checked, with the graphs that state it; those that are passages are named.
    """

    cells: Cells | None = None
    home: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    quads: Iterable[Quad] = ()


class _Passages:
    """The passages that state what was found wrong."""

    def __init__(self, quads: Iterable[Quad], about: set[str]) -> None:
        self._found: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        start = f"<{PREFIXES['report']}"
        for subject, predicate, value, graph in quads if about else ():
            if subject in about and graph.startswith(start):
                for key in ((subject, predicate, value), (subject, predicate), (subject,)):
                    self._found[key].add(graph.strip("<>"))

    def of(self, group: Iterable[Result]) -> tuple[str, ...]:
        """Return the passages that state the values; failing that, the property; failing that, the thing."""
        every: set[str] = set()
        for result in group:
            keys = ((result.focus, result.path or "", result.value or ""), (result.focus, result.path or ""))
            every |= next((found for key in (*keys, (result.focus,)) if (found := self._found.get(key))), set())
        return tuple(sorted(every))


def problems_of(results: Iterable[Result], shapes: Shapes, sources: Sources) -> tuple[Problem, ...]:
    """Turn results into problems.

    Args:
        results: The results.
        shapes: The shapes that made them.
        sources: Where the data came from.

    Returns:
        The problems, in the order of the results. Results of one constraint at one focus node are one problem: its
        own cell is that of the focus, and the cells of the parts are its related ones.
    """
    groups: dict[tuple[str, ...], list[Result]] = {}
    results = list(results)
    passages = _Passages(sources.quads, {result.focus for result in results})
    for result in results:
        key: tuple[str, ...] = (result.focus, result.constraint or "")
        if result.constraint is None:
            key = (result.focus, result.shape, result.component, result.path or "", result.value or "")
        groups.setdefault(key, []).append(result)
    return tuple(dict.fromkeys(_problem(group, shapes, sources, passages) for group in groups.values()))


def _problem(group: Sequence[Result], shapes: Shapes, sources: Sources, passages: _Passages) -> Problem:
    first, cells = group[0], sources.cells
    source = first.constraint or first.shape
    places: list[Cell] = []
    if cells is not None:
        value_path = next(iter(shapes.iris(source, "vetg:valuePath")), None)
        for result in group:
            places += _cells_of(result, cells, value_path)
    own, *related = dict.fromkeys(places) if places else [Cell(sources.home.get(first.focus, sources.default))]
    return Problem(
        file=own.file,
        row=own.row,
        column=own.column,
        message=_message(first, located=cells is not None and bool(places)),
        fix=shapes.fix(source),
        severity=_SEVERITY.get(first.severity.strip("<>").rpartition("#")[2], "violation"),
        related=tuple(sorted(related, key=lambda cell: (cell.file, cell.row or 0, cell.column or ""))),
        line=own.line,
        shape=source.strip("<>"),
        passages=passages.of(group),
    )


def _cells_of(result: Result, cells: Cells, value_path: str | None) -> list[Cell]:
    """Find the focus's cell, then that of the part which the result names."""
    part = result.value if result.value != result.focus else None
    own = cells.find(result.focus, result.path, part)
    found = [own[0]] if own else []
    if value_path is not None and part is not None and part.startswith("<"):
        found += cells.find(part, value_path)[:1]
    elif len(own) > 1 and result.constraint is None:
        found += own[1:]
    return found


def _message(result: Result, *, located: bool) -> Text:
    got = ""
    if result.constraint is None and result.value is not None and result.value != result.focus:
        text = _shown(result.value)
        got = text if len(text) <= _LONG else f"{text[:_LONG]}…"
    said = result.messages
    zh = said.get("zh") or said.get("") or said.get("en", "")
    en = said.get("en") or said.get("") or said.get("zh", "")
    if got:
        zh, en = f"{zh}；实为 {got}", f"{en}; got {got}"
    if not located:
        focus = _shown(result.focus)
        zh, en = f"{focus}：{zh}", f"{focus}: {en}"
    return Text(zh, en)


def _shown(term: str) -> str:
    return shorten(term[1:-1]) if term.startswith("<") else term
