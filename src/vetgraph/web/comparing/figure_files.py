"""A comparison of figures as files: what is seen, with definitions, differences, doubts and passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from vetgraph import names, views
from vetgraph.charts.frame import number as written
from vetgraph.errors import Text
from vetgraph.views import files
from vetgraph.web import wording
from vetgraph.web.comparing.compare import LEAST
from vetgraph.web.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.views.comparing import Comparison, Place
    from vetgraph.web.comparing.figure_rows import Beside

PARTS: Final = ("figures", "targets", "rates")


def sheet(beside: Beside, part: str, about: Sequence[tuple[str, str]]) -> files.Sheet:
    """Return a part of a comparison for a file; a workbook of the figures has the other parts on sheets of their own.

    Args:
        beside: The comparison.
        part: One of ``PARTS``; empty for the first.
        about: What the sheet of sources says.

    Returns:
        The sheet.

    Raises:
        Refusal: There is no such part.
    """
    made = {"figures": _figures, "targets": _targets, "rates": _rates}
    if part and part not in made:
        known = ", ".join(PARTS)
        raise Refusal(400, Text(f"没有 {part} 这一部分", f"there is no part {part}"), Text(f"可用：{known}", known))
    found = made[part or PARTS[0]](beside, about)
    if part in {"", PARTS[0]}:
        found.more.extend(each for each in (_targets(beside, ()), _rates(beside, ())) if each.rows)
    return found


def _figures(beside: Beside, about: Sequence[tuple[str, str]]) -> files.Sheet:
    say, lang, chosen = wording.in_language(beside.lang), beside.lang, beside.chosen
    columns = {column.name: column.label.get(lang) for column in views.get("figures").columns}
    two = len(chosen) == LEAST
    head = [say("compare-indicator"), say("compare-definition"), say("compare-coverage"), columns["about"]]
    head += [say("compare-role"), columns["unit"], columns["bound"], *map(beside.called, chosen)]
    head += [say("compare-difference"), f"{say('compare-percent')} %"] if two else []
    head += [say("compare-note"), say("compare-doubts"), say("tables-passages")]
    keys = ["indicator", "definition", "coverage", "about", "role", "unit", "bound", *map(_key, chosen)]
    keys += ["difference", "percent"] if two else []
    keys += ["note", "doubts", "passages"]
    told = [_row(beside, row, two=two) for row in beside.rows]
    return files.Sheet(say("compare-figures"), head, told, keys, about, say("tables-sources"))


def _row(beside: Beside, row: Comparison, *, two: bool) -> list[Any]:
    say, stop = wording.in_language(beside.lang), "；" if beside.lang == "zh" else "; "
    cells = [beside.name(row.indicator), beside.definition(row), beside.name(row.coverage), beside.name(row.about)]
    cells += [say("compare-target" if row.target else "compare-result"), beside.each(row, "unit")]
    cells.append(beside.each(row, "bound"))
    numbers = [_number(row, place) for place in beside.chosen]
    difference = row.difference(*beside.chosen) if two else None
    between = [_plain(difference[0]), _rounded(difference[1], 1)] if difference else [None, None]
    doubts = {
        beside.called(place): beside.remarks(noted)
        for place in beside.chosen
        if (noted := list({d.iri: d for f in row.cells.get(place, ()) for d in beside.doubted(f)}.values()))
    }
    if len(doubts) == 1 and len(beside.chosen) > 1:
        colon = "：" if beside.lang == "zh" else ": "
        doubts = {place: f"{place}{colon}{text}" for place, text in doubts.items()}
    tail = [stop.join(beside.differences(row)), beside.joined(doubts), beside.sources(row)]
    return [*cells, *numbers, *(between if two else []), *tail]


def _targets(beside: Beside, about: Sequence[tuple[str, str]]) -> files.Sheet:
    say = wording.in_language(beside.lang)
    unit = {column.name: column for column in views.get("figures").columns}["unit"].label.get(beside.lang)
    shape = "{}（{}）" if beside.lang == "zh" else "{} ({})"
    head = [say("compare-indicator"), say("compare-place")]
    for word in ("compare-target", "compare-result"):
        head += [say(word), shape.format(say("compare-bound"), say(word)), shape.format(unit, say(word))]
    head += [f"{say('compare-share')} %", say("compare-remark"), say("compare-doubts")]
    keys = ["indicator", "place", "target", "targetBound", "targetUnit", "result", "resultBound", "resultUnit"]
    keys += ["share", "note", "doubts"]
    told = [
        [
            pair.label,
            pair.place,
            *(
                cell
                for f in (pair.target, pair.result)
                for cell in (_plain(f.value), beside.name(f.bound), beside.name(f.unit))
            ),
            _rounded(pair.share and pair.share * 100, 1),
            pair.note,
            beside.remarks(pair.doubts),
        ]
        for pair in beside.pairs()
    ]
    return files.Sheet(say("compare-targets"), head, told, keys, about, say("tables-sources"))


def _rates(beside: Beside, about: Sequence[tuple[str, str]]) -> files.Sheet:
    say = wording.in_language(beside.lang)
    head = [say("compare-indicator"), say("compare-per"), *map(beside.called, beside.chosen)]
    keys = ["indicator", "per", *map(_key, beside.chosen)]
    told = [[label, by, *(_rounded(number, 2) for number in numbers)] for label, by, numbers in beside.rates()]
    return files.Sheet(say("compare-rates"), head, told, keys, about, say("tables-sources"))


def _key(place: Place) -> str:
    return f"{names.shorten(place.area)}@{place.year}"


def _number(row: Comparison, place: Place) -> Any:  # noqa: ANN401 - a number, a text of several, or none
    """Return the number of a column; where a report tells several, all of them as text."""
    found = list(dict.fromkeys(figure.value for figure in row.cells.get(place, ())))
    return _plain(found[0]) if len(found) == 1 else "；".join(map(written, found)) or None


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value
