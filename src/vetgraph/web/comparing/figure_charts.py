"""The charts of a comparison of figures: one indicator, and the targets of each unit with their results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetgraph import charts, names
from vetgraph.errors import Text
from vetgraph.views import comparing
from vetgraph.web import wording
from vetgraph.web.refusal import Refusal
from vetgraph.web.tabular import tabling

if TYPE_CHECKING:
    from vetgraph.charts import Chart
    from vetgraph.web.comparing.figure_rows import Beside, Pair


def aims(beside: Beside) -> list[Chart]:
    """Draw the targets with their results, those of one unit together: persons and person-times have no one scale.

    Args:
        beside: The comparison.

    Returns:
        A chart for each unit, and for each two units of target and result that differ.
    """
    pairs = beside.pairs()
    units: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        units.setdefault((pair.result.unit, pair.target.unit), []).append(pair)
    many = len({pair.place for pair in pairs}) > 1
    return [_aims(beside, found, number, many=many) for number, found in enumerate(units.values(), 1)]


def _aims(beside: Beside, pairs: list[Pair], number: int, *, many: bool) -> Chart:
    lang, say = beside.lang, wording.in_language(beside.lang)
    result, target = say("compare-result"), say("compare-target")
    units = [beside.name(pairs[0].result.unit), beside.name(pairs[0].target.unit)]
    if units[0] != units[1]:
        shape = "{}（{}）" if lang == "zh" else "{} ({})"
        result, target = shape.format(result, units[0]), shape.format(target, units[1])
    told = []
    for pair in pairs:
        name = f"{pair.place} {pair.label}" if many else pair.label
        told += [(name, result, pair.result.value), (name, target, pair.target.value)]
    return charts.chart(
        say("compare-targets"),
        told,
        kind="targets",
        unit=units[0] if units[0] == units[1] else "",
        source=f"{tabling.reports(lang)} · vetgraph",
        note=pairs[0].note,
        lang=lang,
        key=f"targets-{number}",
    )


def drawn(beside: Beside, asked: str) -> str | None:
    """Return the indicator that is drawn.

    Args:
        beside: The comparison.
        asked: The compact IRI of the indicator; empty for that of students, or the first.

    Returns:
        Its IRI; ``None`` where there are no figures.

    Raises:
        Refusal: There are no figures of it.
    """
    known = list(dict.fromkeys(row.indicator for row in beside.rows))
    if not asked:
        return comparing.STUDENTS if comparing.STUDENTS in known else next(iter(known), None)
    found = next((each for each in known if names.shorten(each) == asked), None)
    if found is None:
        raise Refusal(
            404,
            Text(f"没有指标 {asked} 的数字", f"there are no figures of the indicator {asked}"),
            Text("从列表中选", "choose one of the list"),
        )
    return found


def indicator(beside: Beside, asked: str) -> Chart | None:
    """Draw one indicator: lines over the years, bars of places, or of coverages where there is one place.

    Args:
        beside: The comparison.
        asked: The compact IRI of the indicator; empty for that of students.

    Returns:
        The chart; ``None`` where there is nothing to draw.

    Raises:
        Refusal: There are no figures of it.
    """
    lang, chosen = beside.lang, beside.chosen
    found_ = drawn(beside, asked)
    found = [row for row in beside.rows if row.indicator == found_ and not row.target] or [
        row for row in beside.rows if row.indicator == found_
    ]
    if not found or found_ is None:
        return None
    whole = found[0]
    told_of = [row for row in found if row.differs == whole.differs or "unit" not in row.differs]
    unit = next((beside.name(f.unit) for cells in whole.cells.values() for f in cells if f.unit), "")
    kind = "lines" if len({place.year for place in chosen}) > 1 else "bars"
    if kind == "lines":
        told = [(place.year, beside.name(place.area), whole.value(place)) for place in chosen]
    elif len(told_of) > 1:
        told = [
            (_part(beside, row), beside.called(place) if len(chosen) > 1 else "", row.value(place))
            for place in chosen
            for row in told_of
        ]
    else:
        told = [(beside.called(place), "", whole.value(place)) for place in chosen]
    return charts.chart(
        beside.name(found_),
        told,
        kind=kind,
        unit="" if "unit" in whole.differs else unit,
        source=f"{tabling.reports(lang)} · vetgraph",
        note=("；" if lang == "zh" else "; ").join(beside.differences(whole)),
        lang=lang,
        key="indicator",
    )


def _part(beside: Beside, row: comparing.Comparison) -> str:
    return beside.name(row.about) if row.about else beside.name(row.coverage)
