"""A view as a table that can be filtered, counted, sorted and grouped, in one language."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names
from vetgraph.views.choosing import NOTHING, SIZE
from vetgraph.views.ordering import position, spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vetgraph.views import Column, View
    from vetgraph.views.choosing import Choice
    from vetgraph.views.rows import Line

_FIRST_DIGITS: Final = 4


@dataclass(frozen=True)
class Bin:
    """A value of a facet.

    Attributes:
        value: What the address says for it.
        text: What it is called.
        count: How many rows have it.
        chosen: Whether the reader has chosen it.
    """

    value: str
    text: str
    count: int
    chosen: bool


def key(value: Any) -> str:  # noqa: ANN401 - an RDF term, or a number
    """Return what an address says for a value.

    Args:
        value: A value of a cell.

    Returns:
        A compact IRI, or the text of a literal.
    """
    if isinstance(value, ox.NamedNode):
        return names.shorten(value.value)
    return value.value if isinstance(value, ox.Literal) else str(value)


class Table:
    """All rows of a view, with what each cell is called."""

    def __init__(self, view: View, lines: Sequence[Line], name: Callable[[Any], str], lang: str) -> None:
        """Prepare the rows.

        Args:
            view: The view.
            lines: Its rows.
            name: From a term to what the reader calls it.
            lang: The reader's language.
        """
        self.view = view
        self.lang = lang
        self.lines = list(lines)
        self._name = name
        self._texts: dict[Any, str] = {}
        self._hay: list[str] | None = None
        self._facets: dict[str, list[tuple[str, ...]]] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._seen: dict[str, dict[str, Any]] = {}
        self._ranks: dict[str, dict[str, int]] = {}

    def text(self, value: Any) -> str:  # noqa: ANN401 - an RDF term, or a number
        """Return what a value is called.

        Args:
            value: A value of a cell.

        Returns:
            Its name.
        """
        found = self._texts.get(value)
        if found is None:
            found = self._texts[value] = self._name(value)
        return found

    def values(self, line: Line, column: str) -> tuple[Any, ...]:
        """Return the values of a cell.

        Args:
            line: A row.
            column: The name of the column.

        Returns:
            Terms or numbers.
        """
        return (ox.NamedNode(line.thing),) if column == "thing" else line.cells.get(column, ())

    def columns(self, choice: Choice) -> list[Column]:
        """Return the columns shown.

        Args:
            choice: What the reader has chosen.

        Returns:
            Columns.
        """
        if choice.columns:
            return [column for column in self.view.columns if column.name in choice.columns]
        return [column for column in self.view.columns if not column.off]

    def _haystack(self) -> list[str]:
        if self._hay is None:
            cells = (
                "\n".join(self.text(value) for column in self.view.columns for value in self.values(line, column.name))
                for line in self.lines
            )
            self._hay = [text.casefold() for text in cells]
        return self._hay

    def chosen(self, choice: Choice) -> tuple[list[Line], dict[str, list[Bin]]]:
        """Filter the rows and count the values of the facets.

        Args:
            choice: What the reader has chosen.

        Returns:
            The rows that fit, and the values of each facet: a row counts for a facet if it fits all the others.
        """
        facets = [column.name for column in self.view.columns if column.facet or column.name in choice.facets]
        wanted = {name: set(values) for name, values in choice.facets.items()}
        keys = {name: self._facet(name) for name in facets}
        if not (wanted or choice.q or choice.least or choice.most):
            return self.lines, {name: self._bins(name, self._whole(name), set()) for name in facets}
        counts: dict[str, Counter[str]] = {name: Counter() for name in facets}
        words = choice.q.casefold().split()
        hay = self._haystack() if words else []
        kept = []
        for number, line in enumerate(self.lines):
            if words and not all(word in hay[number] for word in words):
                continue
            if not self._within(line, choice):
                continue
            failed = [name for name, values in wanted.items() if values.isdisjoint(keys[name][number])]
            if len(failed) > 1:
                continue
            for name in failed or facets:
                counts[name].update(keys[name][number])
            if not failed:
                kept.append(line)
        return kept, {name: self._bins(name, counts[name], wanted.get(name, set())) for name in facets}

    def _facet(self, name: str) -> list[tuple[str, ...]]:
        """Return the values of a facet for each row, found out once."""
        if name not in self._facets:
            seen = self._seen.setdefault(name, {})
            self._facets[name] = [tuple(self.keys(line, name, seen)) for line in self.lines]
        return self._facets[name]

    def term(self, name: str, value: str) -> Any:  # noqa: ANN401 - an RDF term, or a number
        """Return the value of a column that an address means.

        Args:
            name: The column.
            value: What the address says.

        Returns:
            The value, ``None`` where no row has it.
        """
        self._facet(name)
        return self._seen[name].get(value)

    def _whole(self, name: str) -> Counter[str]:
        """Return how many rows have each value of a facet."""
        if name not in self._counts:
            self._counts[name] = Counter(value for values in self._facet(name) for value in values)
        return self._counts[name]

    def keys(self, line: Line, name: str, seen: dict[str, Any]) -> dict[str, None]:
        """Return what an address says for the values of a cell.

        Args:
            line: A row.
            name: A column.
            seen: Takes the value behind each.

        Returns:
            Them, or ``NOTHING``.
        """
        found: dict[str, None] = {}
        for value in self.values(line, name):
            made = key(value)
            found[made] = None
            seen.setdefault(made, value)
        return found or {NOTHING: None}

    def _within(self, line: Line, choice: Choice) -> bool:
        for name, least in choice.least.items():
            number = self.number(line, name)
            if number is None or number < least:
                return False
        for name, most in choice.most.items():
            number = self.number(line, name)
            if number is None or number > most:
                return False
        return True

    def number(self, line: Line, name: str) -> float | None:
        """Return a cell as a number; a date is its year.

        Args:
            line: A row.
            name: The column.

        Returns:
            The number, or ``None``.
        """
        column = self.view.column(name)
        if column is not None and column.kind == "time":
            texts = [key(value)[:_FIRST_DIGITS] for value in self.values(line, name)]
            return next((float(text) for text in texts if text.isdigit()), None)
        return line.number(name)

    def _bins(self, name: str, counts: Counter[str], wanted: set[str]) -> list[Bin]:
        column, seen = self.view.column(name), self._seen[name]
        bins = [
            Bin(value, self.text(seen[value]) if value in seen else "", counts.get(value, 0), value in wanted)
            for value in {**dict.fromkeys(counts), **dict.fromkeys(wanted)}
        ]
        if column is not None and column.kind == "time":
            return sorted(bins, key=lambda each: each.value, reverse=True)
        return sorted(bins, key=lambda each: (each.value == NOTHING, -each.count, spoken(each.text)))

    def sorted(self, lines: list[Line], choice: Choice) -> list[Line]:
        """Sort rows.

        Args:
            lines: Rows.
            choice: What the reader has chosen.

        Returns:
            The rows in order; those without a value last.
        """
        first = self.view.columns[0].name
        tail = self._order(first)
        ranked = sorted(lines, key=tail)
        if not choice.sort:
            return ranked
        main = self._order(choice.sort)
        told = [line for line in ranked if self.values(line, choice.sort)]
        none = [line for line in ranked if not self.values(line, choice.sort)]
        return [*sorted(told, key=main, reverse=choice.down), *none]

    def _order(self, name: str) -> Callable[[Line], int]:
        """Return what sorts rows by a column: their ranks, found out once; equal values have one rank."""
        if name not in self._ranks:
            found = self._key(name)
            ranks: dict[str, int] = {}
            last, rank = None, -1
            for value, thing in sorted((found(line), line.thing) for line in self.lines):
                if value != last:
                    last, rank = value, rank + 1
                ranks[thing] = rank
            self._ranks[name] = ranks
        ranked = self._ranks[name]
        return lambda line: ranked[line.thing]

    def _key(self, name: str) -> Callable[[Line], Any]:
        column = self.view.column(name)
        kind = column.kind if column else "text"
        if kind in {"number", "count", "total"}:
            return lambda line: line.number(name) or 0.0
        if kind == "code":
            return lambda line: min((position(value) for value in self.values(line, name)), default=(0, ""))
        return lambda line: spoken(self.text(self.values(line, name)[0])) if self.values(line, name) else b"\xff"

    @staticmethod
    def page(lines: list[Line], choice: Choice) -> tuple[list[Line], int]:
        """Return the rows of the page.

        Args:
            lines: Rows.
            choice: What the reader has chosen.

        Returns:
            The rows, and how many pages there are.
        """
        pages = max(1, -(-len(lines) // SIZE))
        start = (min(choice.page, pages) - 1) * SIZE
        return lines[start : start + SIZE], pages
