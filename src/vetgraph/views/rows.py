"""The rows of a view: the solutions of its query, those of one thing together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from vetgraph import names, queries
from vetgraph.results import Solutions
from vetgraph.terms import python_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.results import Answer, Triples
    from vetgraph.store import Store
    from vetgraph.views import Panel, View

_REPORTS: Final = names.PREFIXES["report"]
_BRANCH: Final = re.compile(r"^  \{(?: SELECT DISTINCT [?\w ]+ WHERE \{)?", re.MULTILINE)
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


def text(view: View, panel: Panel | None = None, about: str = "") -> str:
    """Return the query of a view, or of one of its panels on the page of a thing.

    Args:
        view: The view.
        panel: The panel.
        about: IRI of the thing.

    Returns:
        SPARQL, as a reader can open it in the editor.

    Raises:
        ValueError: ``about`` is no IRI.
    """
    whole = _HEAD.sub("", view.query.text)
    return whole if panel is None else _each(whole, f"{_step(panel, about)} .")


def _step(panel: Panel, about: str) -> str:
    """Return the pattern that leads from the thing of a page to the things of its panel."""
    step = f"{ox.NamedNode(about)} {panel.path} ?thing"
    return step if panel.path.startswith("^") else f"{step} . FILTER(?thing != {ox.NamedNode(about)})"


def _each(whole: str, pattern: str) -> str:
    """Begin each branch of a view with a pattern; what binds the things first makes the engine begin with them."""
    return _BRANCH.sub(lambda match: f"{match[0]} {pattern}", whole)


def read(store: Store, view: View, panel: Panel | None = None, about: str = "", most: int | None = None) -> list[Line]:
    """Ask for the rows of a view, or of one of its panels.

    Args:
        store: What to ask.
        view: The view.
        panel: The panel.
        about: IRI of the thing whose page it stands on.
        most: How many things at most; of more than these, those are shown that the engine finds first.

    Returns:
        Rows, in no order.
    """
    if panel is None:
        return gathered(view, _solutions(store.query(text(view))))
    limit = f" LIMIT {most + 1}" if most is not None else ""
    step = f"SELECT DISTINCT ?thing WHERE {{ {_step(panel, about)} . ?thing a {ox.NamedNode(view.type)} }}{limit}"
    things = [row.term("thing") for row in _solutions(store.query(step))]
    listed = [thing.value for thing in things if isinstance(thing, ox.NamedNode)][:most]
    whole, lines = _HEAD.sub("", view.query.text), []
    for part in queries.parts(listed, max(len(_BRANCH.findall(whole)), 1)):
        chosen = f"VALUES ?thing {{ {' '.join(str(ox.NamedNode(iri)) for iri in part)} }}"
        lines += gathered(view, _solutions(store.query(_each(whole, chosen))))
    return lines


def count(store: Store, view: View, panel: Panel, about: str) -> int:
    """Count the things of a panel.

    Args:
        store: What to ask.
        view: The view.
        panel: The panel.
        about: IRI of the thing whose page it stands on.

    Returns:
        How many there are.
    """
    step = f"{_step(panel, about)} . ?thing a {ox.NamedNode(view.type)}"
    found = _solutions(store.query(f"SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {step} }}"))
    return next((int(str(row["count"])) for row in found), 0)


def _solutions(found: Solutions | Answer | Triples) -> Solutions:
    if not isinstance(found, Solutions):
        raise TypeError("the query of a view is no SELECT")
    return found


def gathered(view: View, solutions: Solutions) -> list[Line]:
    """Put the solutions of each thing together.

    Args:
        view: The view.
        solutions: The answer to its query.

    Returns:
        Rows.
    """
    columns = [column for column in view.columns if column.name != "thing"]
    plain = {column.name for column in columns if column.kind != "total"}
    totals = [column.name for column in columns if column.kind == "total"]
    cells: dict[str, dict[str, dict[Any, None]]] = {}
    sums: dict[str, dict[str, float]] = {}
    passages: dict[str, dict[str, None]] = {}
    for row in solutions.once():
        terms = row.terms()
        node, graph = terms.pop("thing", None), terms.pop("passage", None)
        if not isinstance(node, ox.NamedNode):
            continue
        thing = node.value
        own = cells.get(thing)
        if own is None:
            own, passages[thing], sums[thing] = cells.setdefault(thing, {}), {}, {}
        for name, term in terms.items():
            if name in plain:
                own.setdefault(name, {})[term] = None
            elif name in totals:
                value = python_value(term)
                if value is not None and not isinstance(value, str):
                    sums[thing][name] = sums[thing].get(name, 0.0) + float(value)  # type: ignore[arg-type]
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
