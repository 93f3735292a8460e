"""Rows of a table put together by the values of one column or two, counted and added up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vetgraph.views.choosing import NOTHING
from vetgraph.views.ordering import position, spoken

if TYPE_CHECKING:
    from vetgraph.views import Column
    from vetgraph.views.choosing import Choice
    from vetgraph.views.rows import Line
    from vetgraph.views.table import Table


@dataclass(frozen=True)
class Crossed:
    """Groups of two columns as a table of both.

    Attributes:
        parts: Value and name of each column of the table.
        rows: Value and name of each row, its number in each column (``None`` where there is nothing), and their sum.
        summed: The column whose numbers they are; ``None`` where rows are counted.
    """

    parts: list[tuple[str, str]]
    rows: list[tuple[str, str, list[float | None], float]]
    summed: Column | None


@dataclass(frozen=True)
class Group:
    """Rows put together.

    Attributes:
        value: What the address says for their value.
        text: What it is called.
        part: The value that parts it further; empty where nothing does.
        part_text: What that is called.
        count: How many rows.
        sums: The sum of each column that can be added up.
        rank: The place of the part among all parts.
    """

    value: str
    text: str
    part: str
    part_text: str
    count: int
    sums: dict[str, float]
    rank: int = 0


def grouped(table: Table, lines: list[Line], choice: Choice) -> list[Group]:
    """Put rows together by the values of a column, and of a second.

    Args:
        table: The table.
        lines: Rows.
        choice: What the reader has chosen; it names the columns.

    Returns:
        Groups, the largest first; a row with two values is in both.
    """
    sums, main = [column.name for column in table.view.columns if column.sum], summed(table, choice)
    made: dict[tuple[str, str], tuple[int, dict[str, float]]] = {}
    seen: dict[str, dict[str, Any]] = {choice.group: {}, choice.by: {}}
    for line in lines:
        parts = table.keys(line, choice.by, seen[choice.by]) if choice.by else {"": None}
        for value in table.keys(line, choice.group, seen[choice.group]):
            for part in parts:
                count, added = made.get((value, part), (0, {}))
                for name in sums:
                    added[name] = added.get(name, 0.0) + (line.number(name) or 0.0)
                made[value, part] = (count + 1, added)
    told = {name: {value: table.text(term) for value, term in terms.items()} for name, terms in seen.items()}
    wholes: dict[str, float] = dict.fromkeys((value for value, _ in made), 0.0)
    for (value, _), (count, added) in made.items():
        wholes[value] += added[main.name] if main else count
    order = _rank(table, choice.by, seen[choice.by]) if choice.by else {}
    found = [
        Group(
            value,
            told[choice.group].get(value, ""),
            part,
            told[choice.by].get(part, "") if choice.by else "",
            count,
            added,
            order.get(part, len(order)),
        )
        for (value, part), (count, added) in made.items()
    ]
    return sorted(found, key=lambda g: (g.value == NOTHING, -wholes[g.value], spoken(g.text), g.rank))


def summed(table: Table, choice: Choice) -> Column | None:
    """Return the column whose sums are crossed and drawn.

    Args:
        table: The table.
        choice: What the reader has chosen.

    Returns:
        The column chosen, else the first that can be added up; ``None`` where rows are counted.
    """
    added = [column for column in table.view.columns if column.sum and choice.total in {"", column.name}]
    return next(iter(added), None)


def crossed(table: Table, groups: list[Group], choice: Choice) -> Crossed:
    """Cross groups of two columns.

    Args:
        table: The table.
        groups: As of ``grouped``.
        choice: What the reader has chosen.

    Returns:
        The table.
    """
    main = summed(table, choice)
    parts: dict[str, str] = {}
    found: dict[str, tuple[str, dict[str, float]]] = {}
    for group in groups:
        number = group.sums[main.name] if main else float(group.count)
        found.setdefault(group.value, (group.text, {}))[1][group.part] = number
    for group in sorted(groups, key=lambda each: each.rank):
        parts.setdefault(group.part, group.part_text)
    rows = [(v, text, [cells.get(part) for part in parts], sum(cells.values())) for v, (text, cells) in found.items()]
    return Crossed(list(parts.items()), rows, main)


def _rank(table: Table, name: str, seen: dict[str, Any]) -> dict[str, int]:
    """Return the order of the values that part groups: that of their code list, else of their names."""
    column = table.view.column(name)
    if column is not None and column.kind == "code":
        ranked = sorted(seen, key=lambda value: position(seen[value]))
    else:
        ranked = sorted(seen, key=lambda value: spoken(table.text(seen[value])))
    return {value: number for number, value in enumerate(ranked)}
