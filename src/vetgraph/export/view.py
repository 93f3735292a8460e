"""A network as the interactive view reads it: one compact JSON, columns instead of objects, both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from vetgraph import names
from vetgraph.errors import Text
from vetgraph.export.figure import PALETTE
from vetgraph.networks.measures import GRAPH_MEASURES, NODE_MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from vetgraph.export.figure import Figure

_DIGITS: Final = 6


class _List:
    """Values that are told once and named by their number."""

    def __init__(self, name: Callable[[str], Text], more: Callable[[str], dict[str, Any]] | None = None) -> None:
        self._name = name
        self._more = more
        self._numbers: dict[str, int] = {}

    def number(self, key: str) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def told(self) -> list[dict[str, Any]]:
        return [{"key": key, **_both(self._name(key)), **(self._more(key) if self._more else {})} for key in self]

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of keys
        return iter(self._numbers)


def view(figure: Figure, lang: str = "zh") -> bytes:
    """Write what the view needs, and nothing twice.

    Args:
        figure: The network.
        lang: Not used: both languages are in it.

    Returns:
        JSON.
    """
    del lang
    network, words = figure.network, figure.network.words
    lists = {
        "kind": _List(figure.kind, lambda key: {"colour": figure.kinds[key]}),
        "ownership": _List(_named(words.ownerships)),
        "level": _List(_named(words.levels)),
        "group": _List(_named(words.groups)),
        "relation": _List(figure.relation, lambda key: {"colour": figure.relations[key]}),
        "shared": _List(_named(words.shared)),
        "report": _List(
            lambda key: network.reports[key].title if key in network.reports else Text(key, key),
            lambda key: {"issued": network.reports[key].issued if key in network.reports else ""},
        ),
    }
    for kind in figure.kinds:
        lists["kind"].number(kind)
    for relation in figure.relations:
        lists["relation"].number(relation)
    passages = {passage: number for number, passage in enumerate(network.passages)}
    told = {
        "title": _both(network.title),
        "description": _both(network.description),
        "directed": network.directed,
        "modes": _modes(figure),
        "base": names.BASE,
        "palette": PALETTE,
        "whole": figure.measures.whole,
        "names": {
            "node": {name: [_both(title), _both(told)] for name, (title, told) in NODE_MEASURES.items()},
            "whole": {name: [_both(title), _both(told)] for name, (title, told) in GRAPH_MEASURES.items()},
        },
        "nodes": _nodes(figure, lists),
        "ties": _ties(figure, lists, passages),
        "passages": [
            {
                "id": iri,
                "section": passage.section,
                "heading": passage.heading,
                "report": lists["report"].number(passage.report) if passage.report else -1,
            }
            for iri, passage in network.passages.items()
        ],
    }
    told["lists"] = {name: found.told() for name, found in lists.items()}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _modes(figure: Figure) -> dict[str, list[dict[str, str]]] | None:
    """Return the kinds of the sources and of the targets of a two-mode network."""
    network = figure.network
    if network.modes != "two-mode":
        return None
    return {
        end: [_both(figure.kind(kind)) for kind in figure.kinds if kind in {node.kind for node in nodes}]
        for end in ("source", "target")
        for nodes in ([node for node in network.nodes.values() if node.mode == end],)
    }


def _nodes(figure: Figure, lists: dict[str, _List]) -> dict[str, Any]:
    nodes = list(figure.network.nodes.values())
    measures = figure.measures.nodes
    names_of = next(iter(measures.values()), {})
    return {
        "id": [node.id for node in nodes],
        "zh": [node.label.zh for node in nodes],
        "en": [node.label.en if node.label.en != node.label.zh else 0 for node in nodes],
        "kind": [lists["kind"].number(node.kind) for node in nodes],
        "ownership": _column(lists["ownership"], (node.ownership for node in nodes)),
        "level": _column(lists["level"], (node.level for node in nodes)),
        "groups": [[lists["group"].number(group) for group in node.groups] for node in nodes],
        "x": [round(figure.places[node.id][0], 3) for node in nodes],
        "y": [round(figure.places[node.id][1], 3) for node in nodes],
        "measures": {name: [_number(measures[node.id][name]) for node in nodes] for name in names_of},
    }


def _ties(figure: Figure, lists: dict[str, _List], passages: dict[str, int]) -> dict[str, Any]:
    ties = figure.network.ties
    numbers = {node: number for number, node in enumerate(figure.network.nodes)}
    return {
        "source": [numbers[tie.source] for tie in ties],
        "target": [numbers[tie.target] for tie in ties],
        "relation": [lists["relation"].number(tie.relation) for tie in ties],
        "weight": [_number(tie.weight) for tie in ties],
        "shared": [[lists["shared"].number(part) for part in tie.shared] for tie in ties],
        "passages": [[passages[each] for each in tie.passages if each in passages] for tie in ties],
    }


def _column(listed: _List, keys: Iterable[str]) -> list[int]:
    return [listed.number(key) if key else -1 for key in keys]


def _named(words: dict[str, Text]) -> Callable[[str], Text]:
    return lambda key: words.get(key) or Text(key, key)


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _number(value: float | None) -> float | None:
    if value is None:
        return None
    whole = int(value) if abs(value) < 1e15 else value  # noqa: PLR2004 - beyond it a float has no fractions
    return whole if whole == value else float(f"{value:.{_DIGITS}g}")
