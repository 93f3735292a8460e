"""The rows of a view: the solutions of its query, those of one thing together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names
from vetgraph.results import Solutions
from vetgraph.terms import python_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.store import Store
    from vetgraph.views import Panel, View

_REPORTS: Final = names.PREFIXES["report"]
_WHERE: Final = re.compile(r"\bWHERE\s*\{")
_HEAD: Final = re.compile(r"^#\s*(?:class|column|panel|chart|param):.*\n", re.MULTILINE)
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True)
class Line:
    """What a view tells of one thing.

    Attributes:
        thing: The thing.
        cells: The values of each column by its name; of a ``count`` or ``total`` one number.
        passages: The passages that state that it is what it is.
    """

    thing: str
    cells: dict[str, tuple[Any, ...]]
    passages: tuple[str, ...]

    def number(self, name: str) -> float | None:
        """Return the number of a cell.

        Args:
            name: The column.

        Returns:
            Its first value as a number, ``None`` where there is none.
        """
        for value in self.cells.get(name, ()):
            plain = python_value(value) if isinstance(value, ox.Literal) else value
            if isinstance(plain, (int, float, Decimal)) and not isinstance(plain, bool):
                return float(plain)
        return None


def text(view: View, panel: Panel | None = None, about: str = "", most: int | None = None) -> str:
    """Return the query of a view, or of one of its panels on the page of a thing.

    Args:
        view: The view.
        panel: The panel.
        about: IRI of the thing.
        most: How many things at most.

    Returns:
        SPARQL, as a reader can open it in the editor.

    Raises:
        ValueError: ``about`` is no IRI.
    """
    whole = _HEAD.sub("", view.query.text)
    if panel is None:
        return whole
    step = f"{ox.NamedNode(about)} {panel.path} ?thing"
    if not panel.path.startswith("^"):
        step += f" . FILTER(?thing != {ox.NamedNode(about)})"
    limit = f" LIMIT {most}" if most is not None else ""
    chosen = f"WHERE {{\n  {{ SELECT DISTINCT ?thing WHERE {{ {step} }}{limit} }}"
    return _WHERE.sub(lambda _: chosen, whole, count=1)


def read(store: Store, view: View, panel: Panel | None = None, about: str = "", most: int | None = None) -> list[Line]:
    """Ask for the rows of a view, or of one of its panels.

    Args:
        store: What to ask.
        view: The view.
        panel: The panel.
        about: IRI of the thing whose page it stands on.
        most: How many things at most.

    Returns:
        Rows, in no order.
    """
    found = store.query(text(view, panel, about, most))
    if not isinstance(found, Solutions):
        raise TypeError(f"tables/{view.name}.rq is no SELECT")
    return gathered(view, found)


def gathered(view: View, solutions: Solutions) -> list[Line]:
    """Put the solutions of each thing together.

    Args:
        view: The view.
        solutions: The answer to its query.

    Returns:
        Rows.
    """
    columns = [column for column in view.columns if column.name != "thing"]
    plain = [column.name for column in columns if column.kind != "total"]
    totals = [column.name for column in columns if column.kind == "total"]
    cells: dict[str, dict[str, dict[Any, None]]] = {}
    sums: dict[str, dict[str, float]] = {}
    passages: dict[str, dict[str, None]] = {}
    for row in solutions:
        node = row.term("thing")
        if not isinstance(node, ox.NamedNode):
            continue
        thing = node.value
        own = cells.get(thing)
        if own is None:
            own, passages[thing], sums[thing] = cells.setdefault(thing, {}), {}, {}
        for name in plain:
            term = row.term(name)
            if term is not None:
                own.setdefault(name, {})[term] = None
        for name in totals:
            value = row[name]
            if value is not None and not isinstance(value, str):
                sums[thing][name] = sums[thing].get(name, 0.0) + float(value)  # type: ignore[arg-type]
        graph = row.term("passage") if "passage" in solutions.variables else None
        if graph is not None and graph.value.startswith(_REPORTS):
            passages[thing][graph.value] = None
    counts = {column.name for column in columns if column.kind == "count"}
    return [
        Line(thing, _cells(own, counts, sums[thing], totals), tuple(sorted(passages[thing])))
        for thing, own in cells.items()
    ]


def _cells(
    own: dict[str, dict[Any, None]], counts: Iterable[str], sums: dict[str, float], totals: Iterable[str]
) -> dict[str, tuple[Any, ...]]:
    made: dict[str, tuple[Any, ...]] = {name: tuple(values) for name, values in own.items() if name not in counts}
    made |= {name: (len(own.get(name, ())),) for name in counts}
    made |= {name: (_whole(sums.get(name, 0.0)),) for name in totals}
    return made


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
