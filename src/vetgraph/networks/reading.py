"""From the rows of a query to a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vetgraph.errors import BudgetError, Text
from vetgraph.networks.building import Network, Tie
from vetgraph.networks.describing import cited, describe, local

if TYPE_CHECKING:
    from vetgraph.results import Row, Solutions
    from vetgraph.store import Store


def network_of(  # noqa: PLR0913 - the parts of a network
    store: Store, rows: Solutions, title: Text, description: Text, *, directed: bool, most: int | None = None
) -> Network:
    """Make a network of a query's answer.

    Args:
        store: What the query was asked of; it says what the nodes are called.
        rows: The answer, with ``?source`` and ``?target``.
        title: What to call the network.
        description: What its ties mean.
        directed: Whether a tie leads from its source to its target.
        most: How many ties it may have.

    Returns:
        The network. A row without source or target is left out; a tie from a node to itself is kept.

    Raises:
        BudgetError: It has more ties; the rest of the answer is not read then.
    """
    ties: dict[tuple[str, str, str], Tie] = {}
    proofs: dict[tuple[str, str, str], set[str]] = {}
    shared: dict[tuple[str, str, str], set[str]] = {}
    relations: set[str] = set()
    for row in rows.once():
        source, target = _id(row, "source"), _id(row, "target")
        if not source or not target:
            continue
        if not directed and source > target:
            source, target = target, source
        relation = _id(row, "relation")
        relations.add(relation)
        key = (source, target, local(relation))
        tie = ties.setdefault(key, Tie(*key))
        if most is not None and len(ties) > most:
            raise _too_many(most)
        proofs.setdefault(key, set()).update([passage] if (passage := _id(row, "passage")) else [])
        shared.setdefault(key, set()).update([part] if (part := _id(row, "shared")) else [])
        if (weight := _number(row, "weight")) is not None:
            tie.weight = weight
    parts = {part for some in shared.values() for part in some}
    ends = sorted({end for source, target, _ in ties for end in (source, target)})
    nodes, words = describe(store, {*ends, *parts}, relations)
    for key, tie in ties.items():
        tie.passages = sorted(proofs[key])
        tie.shared = sorted(nodes[part].label.zh for part in shared[key])
        if shared[key]:
            tie.weight = float(len(shared[key]))
    words.shared = {nodes[part].label.zh: nodes[part].label for part in sorted(parts)}
    passages, reports = cited(store, {passage for some in proofs.values() for passage in some})
    found = {end: nodes[end] for end in ends}
    return Network(title, description, directed, found, [ties[key] for key in sorted(ties)], passages, reports, words)


def _too_many(most: int) -> BudgetError:
    return BudgetError(
        Text(f"网络太大（超过 {most} 条边）", f"the network is too large: more than {most} ties"),
        Text("缩小查询，或用 vetgraph export network", "narrow the query, or use vetgraph export network"),
        resource="rows",
    )


def _id(row: Row, name: str) -> str:
    term: Any = row.term(name) if name in row else None
    return "" if term is None else str(getattr(term, "value", term))


def _number(row: Row, name: str) -> float | None:
    try:
        return float(_id(row, name))
    except ValueError:
        return None
