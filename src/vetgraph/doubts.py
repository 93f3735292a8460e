"""What was noted where a report contradicts itself or leaves something open: where it stands, and what it concerns."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from vetgraph import queries, render
from vetgraph.errors import Cell, Problem, Text
from vetgraph.labels import Labels
from vetgraph.passages import Cited, Passages, lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.cells import Cells
    from vetgraph.results import Row
    from vetgraph.store import Store

_REMARK = "http://www.w3.org/2000/01/rdf-schema#comment"
_LANGS = ("zh", "en")


@dataclass(frozen=True)
class Place:
    """A passage that a doubt comes from.

    Attributes:
        iri: Its IRI.
        title: Number and heading of its section.
        lines: Its lines in the published text, in words; empty where they are not known.
        report: The name of its report.
        first: Its first line.
        last: Its last line.
    """

    iri: str
    title: str
    lines: Text
    report: Text
    first: int | None
    last: int | None


@dataclass(frozen=True)
class Concerned:
    """A thing that a doubt concerns.

    Attributes:
        iri: Its IRI.
        label: What it is called; a figure by what it counts.
        cell: Where it was read, if that is known.
    """

    iri: str
    label: Text
    cell: Cell | None


@dataclass
class Doubt:
    """A remark on a report.

    Attributes:
        iri: The note.
        kind: What kind of doubt it is.
        comment: The remark.
        cell: Where the remark was read, if that is known.
        passages: The passages that it comes from.
        targets: What it concerns.
    """

    iri: str
    kind: Text
    comment: Text
    cell: Cell | None
    passages: list[Place] = field(default_factory=list)
    targets: list[Concerned] = field(default_factory=list)


def recorded(store: Store, cells: Cells | None = None) -> list[Doubt]:
    """Read the doubts.

    Args:
        store: What to ask.
        cells: The way back to the cells that it was built from.

    Returns:
        Them, by kind.
    """
    found = _read(store, queries.page(store, "doubts"), cells)
    return sorted(found, key=lambda doubt: (doubt.kind.en, _order(doubt)))


def concerning(store: Store, things: Iterable[str]) -> dict[str, list[Doubt]]:
    """Read the doubts that concern some things.

    Args:
        store: What to ask.
        things: Their IRIs.

    Returns:
        The doubts of each thing that has any; what they concern has no name here but its IRI.
    """
    made: dict[str, list[Doubt]] = {}
    parts = queries.parts(dict.fromkeys(things))
    rows = [row for part in parts for row in queries.page(store, "doubts-of", {"target": part})]
    for doubt in _read(store, rows, named=False):
        for target in doubt.targets:
            made.setdefault(target.iri, []).append(doubt)
    return made


def _read(store: Store, rows: Iterable[Row], cells: Cells | None = None, *, named: bool = True) -> list[Doubt]:
    found: dict[str, Doubt] = {}
    passages: dict[str, dict[str, None]] = {}
    targets: dict[str, dict[str, None]] = {}
    for row in rows:
        iri, zh = str(row["note"]), str(row["zh"])
        kind = Text(str(row["kindZh"] or ""), str(row["kindEn"] or row["kindZh"] or ""))
        if iri not in found:
            found[iri] = Doubt(iri, kind, Text(zh, str(row["en"] or zh)), _cell(cells, iri, _REMARK))
        passages.setdefault(iri, {})[str(row["passage"])] = None
        if row["target"]:
            targets.setdefault(iri, {})[str(row["target"])] = None
    found_places = places(store, {iri for each in passages.values() for iri in each})
    concerned = _concerned(store, cells, {iri for each in targets.values() for iri in each}, named=named)
    for iri, doubt in found.items():
        doubt.passages = sorted(
            (found_places[each] for each in passages[iri]), key=lambda each: (each.report.zh, each.first or 0)
        )
        doubt.targets = sorted((concerned[each] for each in targets.get(iri, ())), key=_order)
    return list(found.values())


def _order(thing: Concerned | Doubt) -> tuple[str, int, str]:
    """Order things as they stand in the tables, and what stands in none by its IRI."""
    return (thing.cell.file, thing.cell.row or 0, "") if thing.cell else ("", 0, thing.iri)


def _cell(cells: Cells | None, iri: str, prop: str | None = None) -> Cell | None:
    """Return the first cell that tells of a thing."""
    return next(iter(cells.find(iri, prop)), None) if cells is not None else None


def places(store: Store, iris: Iterable[str]) -> dict[str, Place]:
    """Read where passages stand.

    Args:
        store: What to ask.
        iris: Their IRIs; of what is no passage only that is told.

    Returns:
        Their places by IRI.
    """
    iris = sorted(iris)
    known, labels = Passages().look_up(store, iris), Labels()
    cited = {iri: known.get(iri) or Cited(iri, "", "") for iri in iris}
    labels.look_up(store, sorted({each.report for each in cited.values()} - {""}))
    return {
        iri: Place(
            iri,
            f"{each.section} {each.heading}".strip() or iri,
            Text(*(lines(each, lang) for lang in _LANGS)),
            Text(*(labels.text(each.report, lang) if each.report else "" for lang in _LANGS)),
            each.first,
            each.last,
        )
        for iri, each in cited.items()
    }


def _concerned(store: Store, cells: Cells | None, iris: Iterable[str], *, named: bool) -> dict[str, Concerned]:
    labels, listed = Labels(), sorted(iris)
    if named:
        labels.look_up(store, listed)
        labels.tell_apart(store, listed)
    return {
        iri: Concerned(iri, Text(labels.text(iri, "zh"), labels.text(iri, "en")), _cell(cells, iri)) for iri in listed
    }


def plain(doubts: Iterable[Doubt]) -> list[dict[str, Any]]:
    """Return doubts as JSON holds them, texts in both languages.

    Args:
        doubts: The doubts.

    Returns:
        An object for each; ``cell`` is ``null`` where it is not known.
    """
    return [asdict(doubt) for doubt in doubts]


def text(doubts: Iterable[Doubt], lang: str) -> str:
    """Write doubts for people: the cell, the remark, the passages, and what it concerns with its cells.

    Args:
        doubts: The doubts.
        lang: ``zh`` or ``en``.

    Returns:
        Lines of text.
    """
    zh = lang == "zh"
    colon, comma, semicolon = ("：", "，", "；") if zh else (": ", ", ", "; ")
    written = []
    for doubt in doubts:
        head = f"{doubt.cell}: " if doubt.cell else ""
        written.append(f"{head}{doubt.kind.get(lang)}{colon}{doubt.comment.get(lang)}")
        for report, stand in groupby(doubt.passages, key=lambda each: each.report.get(lang)):
            told = semicolon.join(comma.join(filter(None, (each.title, each.lines.get(lang)))) for each in stand)
            written.append(f"  {'出处' if zh else 'source'}{colon}{comma.join(filter(None, (report, told)))}")
        for target in doubt.targets:
            where = f" ({target.cell})" if target.cell else ""
            written.append(f"  {'涉及' if zh else 'concerns'}{colon}{target.label.get(lang)}{where}")
    return "\n".join(written)


def notices(doubts: Iterable[Doubt], lang: str) -> str:
    """Write doubts as GitHub workflow commands, which annotate the lines of a pull request.

    Args:
        doubts: The doubts; those whose cell is not known stand at no line.
        lang: ``zh`` or ``en``.

    Returns:
        One command a line.
    """
    nowhere = Cell("")
    return render.problems_github(
        [
            Problem(cell.file, cell.row, cell.column, doubt.comment, doubt.kind, "info", line=cell.line)
            for doubt in doubts
            for cell in (doubt.cell or nowhere,)
        ],
        lang,
    )
