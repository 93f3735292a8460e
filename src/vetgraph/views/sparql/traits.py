"""What the values of a column are, found out once for each table, so that a query shows them as the table does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import pyoxigraph as ox

from vetgraph import names

if TYPE_CHECKING:
    from vetgraph.views.table import Table

PASSAGES: Final = names.PREFIXES["report"]
"""What the IRIs of passages begin with."""

_KNOWN: Final[WeakKeyDictionary[Table, dict[str, Traits]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Traits:
    """What the values of a column are.

    Attributes:
        things: Whether there are IRIs among them.
        passages: Whether there are passages among them.
        single: Whether no row has more than one.
        translated: Whether there are texts in several languages, and every cell with some has one in the reader's.
    """

    things: bool
    passages: bool
    single: bool
    translated: bool


def of(table: Table, name: str) -> Traits:
    """Return what the values of a column are.

    Args:
        table: The table.
        name: The column.

    Returns:
        Its traits.
    """
    kept = _KNOWN.setdefault(table, {})
    if name not in kept:
        kept[name] = _found(table, name)
    return kept[name]


def _found(table: Table, name: str) -> Traits:
    things = passages = False
    single = whole = True
    tongues: set[str] = set()
    for line in table.lines:
        values = table.values(line, name)
        single = single and len(values) <= 1
        own = False
        for value in values:
            if isinstance(value, ox.NamedNode):
                things = True
                passages = passages or value.value.startswith(PASSAGES)
            elif isinstance(value, ox.Literal) and value.language:
                tongues.add(value.language)
                own = own or value.language == table.lang
        whole = whole and (own or not values)
    return Traits(things, passages, single, len(tongues) > 1 and whole)
