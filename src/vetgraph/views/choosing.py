"""What a reader has chosen to see of a table, as the query string of its address says it.

``q`` is a text that a row must have; the name of a column that has facets gives a value (again for another, of which
one must fit); ``NAME.min`` and ``NAME.max`` bound a number or a time; ``sort`` names a column, with ``-`` before it
the other way round; ``group`` puts the rows of a value together, ``by`` parts them further, ``sum`` says which sums are
crossed and drawn; ``col`` names a column to show (again for more); ``page`` counts from 1. Where a column is itself
called ``group`` or ``by``, what is no name of a column is a value of it.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from vetgraph.views import Column, View

SIZE: Final = 50
NOTHING: Final = "-"
"""What stands for a cell without a value."""

ROWS: Final = "rows"
"""What stands for the number of rows, where sums are chosen from."""

_BOUNDED: Final = frozenset({"number", "time", "count", "total"})
_LONG: Final = 200
_MANY: Final = 100


@dataclass(frozen=True)
class Choice:
    """What a reader has chosen.

    Attributes:
        q: A text that a row must have.
        facets: The values of which a row must have one, by column.
        least: Smallest number, by column.
        most: Largest number, by column.
        sort: The column to sort by; empty for the first.
        down: Whether the largest comes first.
        group: The column whose values put rows together.
        by: The column that parts a group.
        total: The column whose sums are crossed and drawn, ``rows`` for how many rows; empty for the first.
        columns: The columns shown; none for those of the view.
        page: Which page of rows.
    """

    q: str = ""
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    least: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    sort: str = ""
    down: bool = False
    group: str = ""
    by: str = ""
    total: str = ""
    columns: tuple[str, ...] = ()
    page: int = 1

    def pairs(self) -> list[tuple[str, str]]:
        """Return the choice as the parameters of an address."""
        found = [("q", self.q)] if self.q else []
        found += [(name, value) for name, values in self.facets.items() for value in values]
        found += [(f"{name}.min", f"{value:g}") for name, value in self.least.items()]
        found += [(f"{name}.max", f"{value:g}") for name, value in self.most.items()]
        if self.sort:
            found.append(("sort", f"{'-' if self.down else ''}{self.sort}"))
        found += [
            (name, value) for name, value in (("group", self.group), ("by", self.by), ("sum", self.total)) if value
        ]
        found += [("col", name) for name in self.columns]
        if self.page > 1:
            found.append(("page", str(self.page)))
        return found

    def toggled(self, name: str, value: str) -> Choice:
        """Return the choice with a value of a facet added, or taken away.

        Args:
            name: The column.
            value: The value.

        Returns:
            The other choice, on its first page.
        """
        now = self.facets.get(name, ())
        values = tuple(each for each in now if each != value) if value in now else (*now, value)
        facets = {**self.facets, name: values}
        return replace(self, facets={key: each for key, each in facets.items() if each}, page=1)

    def with_(self, **changes: Any) -> Choice:  # noqa: ANN401 - as of replace
        """Return the choice with some parts changed, on its first page.

        Args:
            **changes: Attributes.

        Returns:
            The other choice.
        """
        return replace(self, **{"page": 1, **changes})


def read(view: View, given: Iterable[tuple[str, str]]) -> Choice:
    """Read a choice.

    Args:
        view: The table.
        given: Parameters, as of an address.

    Returns:
        The choice.

    Raises:
        UsageError: A parameter names no column, or its value cannot be.
    """
    made: dict[str, Any] = {"facets": {}, "least": {}, "most": {}}
    columns: list[str] = []
    for name, raw in given:
        value = raw.strip()
        if not value:
            continue
        stem, _, bound = name.partition(".")
        arranged = _arranged(view, name, value)
        if name == "q":
            made["q"] = value[:_LONG]
        elif arranged:
            made |= arranged
        elif name == "col":
            columns.append(_known(view, value).name)
        elif name == "page":
            made["page"] = _page(value)
        elif bound in {"min", "max"}:
            made["least" if bound == "min" else "most"][_bounded(view, stem).name] = _number(name, value)
        else:
            values = made["facets"].setdefault(_known(view, name).name, [])
            if value not in values and len(values) < _MANY:
                values.append(value)
    made["facets"] = {name: tuple(values) for name, values in made["facets"].items()}
    return Choice(**made, columns=tuple(dict.fromkeys(columns)))


def _known(view: View, name: str) -> Column:
    column = view.column(name)
    if column is None:
        known = [column.name for column in view.columns]
        close = ", ".join(difflib.get_close_matches(name, known, n=3) or known)
        raise UsageError(
            Text(f"表 {view.name} 没有列“{name}”", f'the table {view.name} has no column "{name}"'),
            Text(f"可用：{close}", f"use one of {close}"),
        )
    return column


def _arranged(view: View, name: str, value: str) -> dict[str, Any]:
    """Read how rows are ordered and put together; empty for a parameter that says nothing of it."""
    if name == "sort":
        return {"sort": _known(view, value.removeprefix("-")).name, "down": value.startswith("-")}
    if name == "sum":
        return {"total": _added(view, value)}
    if name in {"group", "by"} and (view.column(value) is not None or view.column(name) is None):
        return {name: _known(view, value).name}
    return {}


def _added(view: View, name: str) -> str:
    if name != ROWS and not _known(view, name).sum:
        known = ", ".join([*(column.name for column in view.columns if column.sum), ROWS])
        raise UsageError(
            Text(f"列 {name} 不能相加", f"the column {name} cannot be added up"),
            Text(f"可用：{known}", f"use one of {known}"),
        )
    return name


def _bounded(view: View, name: str) -> Column:
    column = _known(view, name)
    if column.kind not in _BOUNDED:
        raise UsageError(
            Text(f"列 {name} 不是数字或时间", f"the column {name} has no numbers or times"),
            Text(f"写 {name}=值", f"write {name}=VALUE"),
        )
    return column


def _number(name: str, value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if not abs(found) < float("inf"):
        raise UsageError(
            Text(f"{name} 应为数字：“{value}”", f'{name} should be a number: "{value}"'),
            Text("如 count.min=3", "as count.min=3"),
        )
    return found


def _page(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value[:9]) < 1:
        raise UsageError(
            Text(f"page 应为正整数：“{value}”", f'page should be a positive number: "{value}"'),
            Text("写 page=1", "write page=1"),
        )
    return int(value[:9])
