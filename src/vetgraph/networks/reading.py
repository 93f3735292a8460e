"""From the rows of a query to a network."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from vetgraph.errors import BudgetError, Text
from vetgraph.networks.building import Network, Node, Report, Tie
from vetgraph.networks.describing import cited, describe, local, within, year
from vetgraph.networks.meanings import NODE_MEASURES
from vetgraph.networks.progress import report
from vetgraph.terms import python_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from vetgraph.networks.building import Passage, Value
    from vetgraph.results import Row, Solutions
    from vetgraph.store import Store

Key = tuple[str, str, str]
_PASSAGE: Final = re.compile(r"passage\d*")
_KNOWN: Final = frozenset({"label", "kind", "ownership", "level"})
_OWN: Final = (
    "id",
    "iri",
    "name",
    "value",
    "x",
    "y",
    "mode",
    "bipartite",
    "label_zh",
    "label_en",
    "group_zh",
    "group_en",
)
_TAKEN: Final = frozenset((*NODE_MEASURES, *_OWN))
"""What nodes have anyway: a column of the query of the same name gets an underscore."""


def network_of(  # noqa: PLR0913 - the parts of a network
    store: Store,
    rows: Solutions,
    title: Text,
    description: Text,
    *,
    directed: bool,
    modes: str = "mixed",
    reports: Collection[str] = (),
    most: int | None = None,
) -> Network:
    """Make a network of a query's answer.

    Args:
        store: What the query was asked of; it says what the nodes are called.
        rows: The answer, with ``?source`` and ``?target``.
        title: What to call the network.
        description: What its ties mean.
        directed: Whether a tie leads from its source to its target.
        modes: ``one-mode`` or ``two-mode`` where it is known.
        reports: IRIs of reports: only what their passages say is taken; all where there are none.
        most: How many ties it may have.

    Returns:
        The network. A row without source or target is left out; a tie from a node to itself is kept.

    Raises:
        BudgetError: It has more ties; the rest of the answer is not read then.
    """
    report(Text("读取查询结果", "reading the answer"), 0, 3)
    read = _Read(rows.variables, directed=directed, passages=within(store, reports) if reports else None)
    for row in rows.once():
        read.add(row)
        if most is not None and len(read.ties) > most:
            raise too_many(most)
    report(Text("读取节点的名称", "reading what nodes are called"), 1, 3)
    ends, parts = sorted(read.sources | read.targets), sorted(read.parts())
    nodes, words = describe(store, {*ends, *parts}, read.relations)
    words.shared = {nodes[part].label.zh: nodes[part].label for part in parts}
    report(Text("读取段落", "reading where passages stand"), 2, 3)
    passages, cited_reports = cited(store, read.passages())
    read.finish(nodes, passages, cited_reports)
    found = {end: nodes[end] for end in ends}
    read.give(found)
    ties = [read.ties[key] for key in sorted(read.ties)]
    made = Network(title, description, directed, found, ties, passages, cited_reports, words)
    made.modes = _modes(made, modes)
    return made


def too_many(most: int) -> BudgetError:
    """Return the error of a network that is too large.

    Args:
        most: How many ties it may have.

    Returns:
        The error.
    """
    return BudgetError(
        Text(f"网络太大（超过 {most} 条边）", f"the network is too large: more than {most} ties"),
        Text("缩小查询，或用 vetgraph export network", "narrow the query, or use vetgraph export network"),
        resource="rows",
    )


class _Read:
    """What has been read of an answer."""

    def __init__(self, variables: Iterable[str], *, directed: bool, passages: set[str] | None) -> None:
        self._directed, self._allowed = directed, passages
        self._proving = [name for name in variables if _PASSAGE.fullmatch(name)]
        self._columns = [
            (end, name, column) for name in variables for end in ("source", "target") if (column := _column(name, end))
        ]
        self.ties: dict[Key, Tie] = {}
        self.relations: set[str] = set()
        self.sources: set[str] = set()
        self.targets: set[str] = set()
        self._proofs: dict[Key, set[str]] = {}
        self._shared: dict[Key, set[str]] = {}
        self._years: dict[Key, set[int]] = {}
        self._given: dict[str, dict[str, set[Any]]] = {}

    def add(self, row: Row) -> None:
        """Take a row."""
        source, target = _id(row, "source"), _id(row, "target")
        proofs = {_id(row, name) for name in self._proving} - {""}
        if not source or not target or not (self._allowed is None or (proofs and proofs <= self._allowed)):
            return
        self.sources.add(source)
        self.targets.add(target)
        for end, name, column in self._columns:
            if row.term(name) is not None:
                told = self._given.setdefault(source if end == "source" else target, {})
                told.setdefault(column, set()).add(row.term(name))
        if not self._directed and source > target:
            source, target = target, source
        relation = _id(row, "relation")
        self.relations.add(relation)
        key = (source, target, local(relation))
        tie = self.ties.setdefault(key, Tie(*key))
        self._proofs.setdefault(key, set()).update(proofs)
        self._shared.setdefault(key, set()).update({_id(row, "shared")} - {""})
        if (told_year := year(_id(row, "year"))) is not None:
            self._years.setdefault(key, set()).add(told_year)
        if (weight := _number(row, "weight")) is not None:
            tie.weight = weight
        tie.label = max(tie.label, _id(row, "label"))

    def parts(self) -> set[str]:
        """Return what ends of ties share."""
        return {part for some in self._shared.values() for part in some}

    def passages(self) -> set[str]:
        """Return what proves ties."""
        return {passage for some in self._proofs.values() for passage in some}

    def finish(self, nodes: Mapping[str, Node], passages: Mapping[str, Passage], reports: Mapping[str, Report]) -> None:
        """Give ties what was read of them in several rows."""
        for key, tie in self.ties.items():
            tie.passages = sorted(self._proofs[key])
            tie.shared = sorted(nodes[part].label.zh for part in self._shared[key])
            if self._shared[key]:
                tie.weight = float(len(self._shared[key]))
            stated = [reports[passages[each].report].year for each in tie.passages if passages[each].report]
            tie.years = sorted(self._years.get(key) or {told for told in stated if told is not None})

    def give(self, nodes: Mapping[str, Node]) -> None:
        """Give nodes what the query says of them, and which end of ties they are."""
        for node in nodes.values():
            ends = (node.id in self.sources, node.id in self.targets)
            node.mode = {(True, False): "source", (False, True): "target"}.get(ends, "")
            for column, terms in self._given.get(node.id, {}).items():
                if column == "label":
                    node.label = _label(terms)
                elif column in _KNOWN:
                    setattr(node, column, local(min(_text(term) for term in terms)))
                else:
                    node.columns[column] = _told(terms)


def _column(variable: str, end: str) -> str:
    """Return the name of the column that ``?sourceStudents`` gives a source, else nothing."""
    rest = variable.removeprefix(end)
    if rest == variable or not rest or rest[0].islower():
        return ""
    name = (rest[0].lower() + rest[1:]).lstrip("_") or rest
    name = {"type": "kind", "class": "kind", "adminLevel": "level"}.get(name, name)
    return f"{name}_" if name in _TAKEN else name


def _label(terms: Collection[Any]) -> Text:
    """Return a label of literals in one or both languages."""
    told = {getattr(term, "language", None) or "": _text(term) for term in sorted(terms, key=_text)}
    every = min(told.values())
    zh = next((text for lang, text in sorted(told.items()) if lang.partition("-")[0] == "zh"), told.get(""))
    return Text(zh or every, told.get("en") or told.get("") or every)


def _told(terms: Collection[Any]) -> Value:
    """Return what is said as a number or a text; of several, all as a text."""
    found = {python_value(term) for term in terms}
    if len(found) == 1:
        (one,) = found
        if isinstance(one, Decimal):
            return float(one)
        if isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one):
            return one
    return "；".join(sorted(_text(term) for term in terms))


def _modes(network: Network, asked: str) -> str:
    """Tell two-mode networks: the query says so, or all sources are of other classes than all targets."""
    ends = {end: [node for node in network.nodes.values() if node.mode == end] for end in ("source", "target", "")}
    if asked == "one-mode" or ends[""]:
        return "one-mode" if asked == "one-mode" else "mixed"
    kinds = [{node.kind for node in ends[end]} for end in ("source", "target")]
    apart = kinds[0].isdisjoint(kinds[1]) and "" not in kinds[0] | kinds[1]
    return "two-mode" if asked == "two-mode" or (apart and network.ties) else "mixed"


def _id(row: Row, name: str) -> str:
    term: Any = row.term(name) if name in row else None
    return "" if term is None else _text(term)


def _text(term: Any) -> str:  # noqa: ANN401 - the engine's terms share no class
    return str(getattr(term, "value", term))


def _number(row: Row, name: str) -> float | None:
    """Read a weight; what is no finite number is none."""
    try:
        found = float(_id(row, name))
    except ValueError:
        return None
    return found if math.isfinite(found) else None
