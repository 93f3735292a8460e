"""What a comparison of figures says in words: definitions, differences, doubts, targets and rates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pyoxigraph as ox

from vetgraph import doubts, names, queries
from vetgraph.charts.frame import number as written
from vetgraph.views import comparing
from vetgraph.web import wording
from vetgraph.web.comparing.compare import LEAST
from vetgraph.web.tabular import tabling
from vetgraph.web.things import citing, linked, locations
from vetgraph.web.things.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from vetgraph.doubts import Doubt
    from vetgraph.labels import Labels
    from vetgraph.views.comparing import Comparison, Figure, Place

    Namer: TypeAlias = Callable[[Any], str]

_SIGNS: Final = {"at-least": "≥ ", "more-than": "> ", "at-most": "≤ "}
_CELL: Final = 6
"""Figures of one report that differ and stand in one cell."""
_APART: Final = 3


@dataclass
class Pair:
    """A target with its result.

    Attributes:
        label: The indicator.
        place: Region and year.
        result: The result.
        target: The target.
        note: What a reader must know before dividing one by the other.
        doubts: What was noted on either.
    """

    label: str
    place: str
    result: Figure
    target: Figure
    note: str
    doubts: list[Doubt]

    @property
    def share(self) -> float | None:
        """The result as a part of the target."""
        return self.result.value / self.target.value if self.target.value else None


@dataclass
class Beside:
    """Figures of some columns beside each other, in one language.

    Attributes:
        rows: The comparison.
        chosen: The columns.
        labels: The names of what is in it.
        lang: The reader's language.
        doubts: What was noted on each figure.
        definitions: The definition of each code that has one.
        marks: The citation mark of each passage.
    """

    rows: list[Comparison]
    chosen: list[Place]
    labels: Labels
    lang: str
    doubts: dict[str, list[Doubt]] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    marks: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look up what is told of the figures."""
        store = linked.store()
        listed = [figure for row in self.rows for found in row.cells.values() for figure in found]
        self.doubts = doubts.concerning(store, (figure.line.thing for figure in listed))
        codes = {row.indicator: None for row in self.rows} | {f.unit: None for f in listed if f.unit}
        self.definitions = _definitions(list(codes), self.lang)
        graphs = [graph for figure in listed for graph in figure.line.passages]
        graphs += [place.iri for noted in self.doubts.values() for doubt in noted for place in doubt.passages]
        self.marks = citing.marks(store, graphs, self.labels, self.lang)
        self._namer = tabling.namer(self.labels, self.lang)
        self._say = wording.in_language(self.lang)

    def name(self, iri: str) -> str:
        """Return what the reader calls a thing; nothing for an empty IRI."""
        return self._namer(ox.NamedNode(iri)) if iri else ""

    def called(self, place: Place) -> str:
        """Return what a column is called."""
        return f"{self.name(place.area)} {place.year}"

    def measured(self, figure: Figure) -> str:
        """Return a figure with its bound and its unit."""
        return f"{sign(figure.bound)}{written(figure.value)} {self.name(figure.unit)}".strip()

    def coverage(self, row: Comparison) -> str:
        """Return the coverage of a row, where it is not the whole."""
        return "" if row.coverage.rpartition("/")[2] == "all" else self.name(row.coverage)

    def doubted(self, figure: Figure) -> list[Doubt]:
        """Return what was noted on a figure."""
        return self.doubts.get(figure.line.thing, [])

    def definition(self, row: Comparison) -> str:
        """Return the definition of the indicator, and of the units that need one."""
        units = dict.fromkeys(f.unit for place in self.chosen for f in row.cells.get(place, ()) if f.unit)
        told = [self.definitions[row.indicator]] if row.indicator in self.definitions else []
        colon = "：" if self.lang == "zh" else ": "
        told += [f"{self.name(unit)}{colon}{self.definitions[unit]}" for unit in units if unit in self.definitions]
        return ("；" if self.lang == "zh" else "; ").join(told)

    def differences(self, row: Comparison) -> list[str]:
        """Return in words how the figures of a row differ in what they mean."""
        told = [
            self._say(f"compare-differs-{name}").format(each=self.each(row, name) if name in {"unit", "bound"} else "")
            for name in row.differs
        ]
        comma = "、" if self.lang == "zh" else ", "
        for place, coverages in row.elsewhere.items():
            listed = comma.join(self.name(coverage) for coverage in coverages)
            told.append(self._say("compare-elsewhere").format(place=self.called(place), coverages=listed))
        for place, things in row.apart.items():
            listed = comma.join(self.name(each) for each in things[:_APART])
            more = " …" if len(things) > _APART else ""
            told.append(self._say("compare-apart").format(place=self.called(place), things=f"{listed}{more}"))
        return told

    def each(self, row: Comparison, what: str) -> str:
        """Return unit or bound of a row: once where all columns have the same, else column by column."""
        found: dict[str, str] = {}
        for place in self.chosen:
            names_ = dict.fromkeys(self.name(getattr(figure, what)) for figure in row.cells.get(place, ()))
            if names_:
                found[self.called(place)] = "、".join(names_)
        return self.joined(found)

    def joined(self, told: dict[str, str]) -> str:
        """Return what is told of columns: once where it is the same of all, else column by column."""
        if len(set(told.values())) <= 1:
            return next(iter(told.values()), "")
        colon, stop = ("：", "；") if self.lang == "zh" else (": ", "; ")
        return stop.join(f"{place}{colon}{text}" for place, text in told.items())

    def pairs(self) -> list[Pair]:
        """Return the targets with their results."""
        found = []
        for place in self.chosen:
            for result, target in comparing.against(self.rows, place):
                reached, aim = result.cells[place][0], target.cells[place][0]
                note = ""
                if reached.unit != aim.unit:
                    units = {"target": self.name(aim.unit), "result": self.name(reached.unit)}
                    note = self._say("compare-share-unit").format(**units)
                noted = {doubt.iri: doubt for doubt in (*self.doubted(reached), *self.doubted(aim))}
                label = " ".join(part for part in (self.name(result.indicator), self.coverage(result)) if part)
                if result.about:
                    label = f"{label} · {self.name(result.about)}"
                found.append(Pair(label, self.called(place), reached, aim, note, list(noted.values())))
        return found

    def rates(self) -> list[tuple[str, str, list[float | None]]]:
        """Return what is divided by students or teachers: the indicator, by what, and a number for each column."""
        of = comparing.students(self.rows)
        by = self._say("compare-per-students")
        found = [
            (self.name(r.indicator), by, [comparing.rate(r, place, of) for place in self.chosen]) for r in self.rows
        ]
        ratios = [comparing.per_teacher(self.rows, place) for place in self.chosen]
        found.append((self.name(comparing.STUDENTS), self._say("compare-per-teacher"), ratios))
        return [each for each in found if any(value is not None for value in each[2])]

    def shown(self, row: Comparison) -> dict[str, Any]:
        """Return what the page shows of a row.

        Args:
            row: A row of the comparison.

        Returns:
            Values for the template.
        """
        showing = Showing(self.labels, self.lang)
        cells = [
            [self._figure(figure, showing) for figure in row.cells.get(place, [])[:_CELL]] for place in self.chosen
        ]
        difference = row.difference(self.chosen[0], self.chosen[1]) if len(self.chosen) == LEAST else None
        return {
            "label": self.name(row.indicator),
            "href": locations.link(row.indicator),
            "coverage": self.coverage(row),
            "about": showing.node(row.about) if row.about else None,
            "definition": self.definition(row),
            "target": row.target,
            "cells": cells,
            "notes": self.differences(row),
            "difference": f"{difference[0]:+,.2f}".rstrip("0").rstrip(".") if difference else "",
            "percent": f"{difference[1]:+.1f}%" if difference and difference[1] is not None else "",
        }

    def _figure(self, figure: Figure, showing: Showing) -> dict[str, Any]:
        return {
            "text": f"{sign(figure.bound)}{written(figure.value)}",
            "unit": self.name(figure.unit),
            "href": showing.node(figure.line.thing)["href"],
            "marks": [self.marks[graph] for graph in figure.line.passages],
            "doubts": self.marked(self.doubted(figure)),
        }

    def marked(self, noted: Iterable[Doubt]) -> list[dict[str, Any]]:
        """Return the marks of doubts, each with the passages that it comes from.

        Args:
            noted: Doubts.

        Returns:
            For each ``href``, ``kind``, ``comment`` and ``passages``.
        """
        return [
            {
                "href": locations.link(doubt.iri),
                "kind": doubt.kind.get(self.lang),
                "comment": doubt.comment.get(self.lang),
                "passages": [self.marks[place.iri] for place in doubt.passages],
            }
            for doubt in noted
        ]

    def remarks(self, noted: Sequence[Doubt]) -> str:
        """Return doubts in words, for a file: the remark and where it comes from."""
        zh = self.lang == "zh"
        told = []
        for doubt in noted:
            places = ("；" if zh else "; ").join(
                dict.fromkeys(self.marks[place.iri]["heading"] for place in doubt.passages)
            )
            told.append(f"{doubt.comment.get(self.lang)}{f'（{places}）' if zh else f' ({places})'}")
        return ("；" if zh else "; ").join(told)

    def sources(self, row: Comparison) -> str:
        """Return the passages of a row, for a file."""
        stop = "；" if self.lang == "zh" else "; "
        found = {}
        for place in self.chosen:
            graphs = dict.fromkeys(graph for f in row.cells.get(place, ()) for graph in f.line.passages)
            marks = [self.marks[graph] for graph in graphs]
            if marks:
                found[self.called(place)] = stop.join(f"{m['report']} {m['heading']}".strip() for m in marks)
        return self.joined(found)


def sign(bound: str) -> str:
    """Return the sign of a bound.

    Args:
        bound: Its IRI.

    Returns:
        As ``≥``; empty for an exact number.
    """
    return _SIGNS.get(bound.rpartition("/")[2], "")


def _definitions(codes: Sequence[str], lang: str) -> dict[str, str]:
    """Read the definitions of codes, in the reader's language where there is one."""
    found: dict[str, str] = {}
    for part in queries.parts([code for code in codes if code.startswith(names.PREFIXES["code"])]):
        for row in queries.page(linked.store(), "definitions-of", {"code": part}):
            term = row.term("definition")
            if str(row["code"]) not in found or getattr(term, "language", None) == lang:
                found[str(row["code"])] = str(row["definition"])
    return found
