"""Questions without SPARQL: a kind of thing, what to show of it, and on what condition; the SPARQL follows.

What can be asked comes from the shapes (``vetgraph.kinds``), one step further too: the ownership of an award's
recipient is ``recipient.ownership``. The query's variables are the labels of the columns, so that a table has
headings that its reader understands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph import kinds
from vetgraph.builder.writing import written
from vetgraph.errors import Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vetgraph.kinds import Field, Kind

OPERATORS: Final[dict[str, tuple[str, ...]]] = {
    "is": ("code",),
    "has": ("thing", "text"),
    "min": ("number", "time"),
    "max": ("number", "time"),
    "known": ("code", "thing", "text", "number", "time"),
}
"""Which ranges a condition goes with. ``known`` takes ``yes`` or ``no``."""


@dataclass(frozen=True)
class Column:
    """A property of a thing, or of what a property of it names.

    Attributes:
        key: As ``ownership`` or ``recipient.ownership``.
        label: What it is called.
        steps: The properties that lead there: one or two.
    """

    key: str
    label: Text
    steps: tuple[Field, ...]

    @property
    def end(self) -> Field:
        """The last property."""
        return self.steps[-1]


@dataclass(frozen=True)
class Condition:
    """What must hold of a column.

    Attributes:
        column: The column.
        operator: One of ``OPERATORS``.
        values: The values; a code may be one of several.
    """

    column: Column
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A question.

    Attributes:
        kind: Of what kind of thing.
        show: The columns of a list.
        conditions: All must hold.
        by: Count the things by this column instead of listing them.
        total: Add up this column where things are counted.
        lang: Language of names and headings, ``zh`` or ``en``.
    """

    kind: Kind
    show: tuple[Column, ...]
    conditions: tuple[Condition, ...] = ()
    by: Column | None = None
    total: Column | None = None
    lang: str = "zh"

    def sparql(self) -> str:
        """Return it as SPARQL.

        Returns:
            A SELECT query that needs nothing else.
        """
        return written(self)


def columns(kind: Kind) -> dict[str, Column]:
    """Return all that can be asked of a kind, its own properties and those of what they name.

    Args:
        kind: The kind.

    Returns:
        Columns by key, in the order of the shapes.
    """
    own = {key: Column(key, field.label, (field,)) for key, field in kind.fields.items()}
    further: dict[str, Column] = {}
    for key, field in kind.fields.items():
        if field.range != "thing" or key == "type":
            continue
        for other in (each for iri in field.classes for each in kinds.load().of_class(iri)):
            for name, step in other.fields.items():
                label = Text(f"{field.label.zh}的{step.label.zh}", f"{step.label.en} of {field.label.en}")
                further.setdefault(f"{key}.{name}", Column(f"{key}.{name}", label, (field, step)))
    return own | {key: column for key, column in further.items() if column.end.key not in {"type", "prefLabel"}}


def question(kind: str, asked: Mapping[str, Iterable[str]], lang: str) -> Question:
    """Read a question from the fields of a form.

    Args:
        kind: Key of the kind.
        asked: ``show`` (columns), ``by``, ``total``, and conditions as ``is.COLUMN``; empty values do not count.
        lang: Language of names and headings.

    Returns:
        The question; without ``show`` it shows the first columns.

    Raises:
        UsageError: There is no such kind, column or condition, or a value does not fit.
    """
    known = kinds.load().by_key
    if kind not in known:
        raise UsageError(
            Text(f"没有“{kind}”这一类", f'there is no kind "{kind}"'),
            Text(f"可用：{', '.join(known)}", f"use one of {', '.join(known)}"),
        )
    offered = columns(known[kind])
    given = {name: tuple(value.strip() for value in values if value.strip()) for name, values in asked.items()}
    told = [(*name.partition(".")[::2], values) for name, values in given.items() if "." in name and values]
    conditions = [_condition(offered, operator, key, values) for operator, key, values in told]
    show = tuple(_column(offered, key) for key in given.get("show", ())) or _usual(offered)
    by, total = (next((_column(offered, key) for key in given.get(name, ())), None) for name in ("by", "total"))
    if total is not None and total.end.range != "number":
        raise UsageError(
            Text(f"“{total.label.zh}”不是数，不能相加", f'"{total.label.en}" is no number and cannot be added up'),
            Text("选一个数值列", "choose a column of numbers"),
        )
    return Question(known[kind], show, tuple(conditions), by, total, lang)


_USUAL: Final = 6


def _usual(offered: Mapping[str, Column]) -> tuple[Column, ...]:
    """Return what is shown where nothing is chosen: the first own properties, without aliases and types."""
    own = [column for column in offered.values() if len(column.steps) == 1 and column.key not in {"altLabel", "type"}]
    return tuple(own[:_USUAL])


def _column(offered: Mapping[str, Column], key: str) -> Column:
    if key not in offered:
        raise UsageError(
            Text(f"没有“{key}”这一列", f'there is no column "{key}"'),
            Text(f"可用：{', '.join(offered)}", f"use one of {', '.join(offered)}"),
        )
    return offered[key]


def _condition(offered: Mapping[str, Column], operator: str, key: str, values: tuple[str, ...]) -> Condition:
    column = _column(offered, key)
    ranges = OPERATORS.get(operator, ())
    if column.end.range not in ranges and not (operator == "is" and column.end.scheme):
        fitting = ", ".join(name for name, ranges in OPERATORS.items() if column.end.range in ranges)
        raise UsageError(
            Text(f"“{column.label.zh}”没有“{operator}”这种条件", f'"{column.label.en}" has no condition "{operator}"'),
            Text(f"可用：{fitting}", f"use one of {fitting}"),
        )
    return Condition(column, operator, values)
