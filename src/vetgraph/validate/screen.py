"""Cheap questions that come first: one for all properties of a node shape, rather than one for each.

Most data are right. Whether any value of any property is wrong, any property has too many values or too few, is
asked of all focus nodes in three scans; only what shows a sign of it is then asked exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from vetgraph.validate.components import template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from vetgraph.results import Row

    Rows: TypeAlias = "Callable[[str], Iterable[Row]]"
    Numbered: TypeAlias = "tuple[int, Sign]"

_AT_ONCE: Final = 30
"""So many properties are asked about in one query: more make it slow to read."""
_MANY: Final = 500
"""So many suspects are named in the exact question; where there are more, it is asked of all."""


class Sign(NamedTuple):
    """What every result of a query shows.

    Attributes:
        kind: ``wrong``: a value fails; ``many``: there are two values or more; ``few``: no value is as it must be.
        path: The property, as an N-Quads term.
        holds: For ``wrong`` and ``few``, the expression that is true of a good ``?value``.
    """

    kind: Literal["wrong", "many", "few"]
    path: str
    holds: str = "true"


def suspects(signs: Sequence[Sign | None], focus: str, rows: Rows) -> dict[int, list[str] | None]:
    """Find the focus nodes that show the signs of queries.

    Args:
        signs: The sign of each query; ``None`` for one that has none.
        focus: The pattern that binds the focus nodes to ``?focus``.
        rows: Asks the store.

    Returns:
        For each query that has a sign, by its place, the only focus nodes where it can find something; ``None``
        where they are too many to name, or have no name. A query that is alone with its sign is left out: asking it
        costs no more.
    """
    found: dict[int, list[str] | None] = {}
    for kind in ("wrong", "many", "few"):
        of_kind = [(number, sign) for number, sign in enumerate(signs) if sign is not None and sign.kind == kind]
        for start in range(0, len(of_kind), _AT_ONCE):
            some = of_kind[start : start + _AT_ONCE]
            if len({sign for _, sign in some}) > 1:
                found |= _shown(kind, some, focus, rows)
    return found


def _shown(kind: str, signs: Sequence[Numbered], focus: str, rows: Rows) -> dict[int, list[str] | None]:
    by_path: dict[str, list[str]] = {}
    for row in rows(_text(kind, [sign for _, sign in signs], focus)):
        path = str(row.term("property")) if "property" in row else ""
        by_path.setdefault(path, []).append(str(row.term("focus")))
    return {number: _nameable(by_path.get("" if kind == "few" else sign.path, [])) for number, sign in signs}


def _text(kind: str, signs: Sequence[Sign], focus: str) -> str:
    one = template(f"screen-{kind}")
    if kind == "wrong":  # IF looks at one property's tests only; || was measured to cost twice as much
        fails = "false"
        for sign in _by_path(signs):
            fails = f"IF(sameTerm(?property, {sign.path}), !({sign.holds}), {fails})"
        return one.substitute(FOCUS=focus, FAILS=fails)
    if kind == "many":
        return one.substitute(FOCUS=focus, PROPERTIES=", ".join(dict.fromkeys(sign.path for sign in signs)))
    there = (f"EXISTS {{ ?focus {sign.path} ?value FILTER({sign.holds}) }}" for sign in dict.fromkeys(signs))
    return one.substitute(FOCUS=focus, HOLDS=" && ".join(there))


def _by_path(signs: Sequence[Sign]) -> list[Sign]:
    """Join what several shapes ask of the values of one property."""
    joined: dict[str, Sign] = {}
    for sign in signs:
        known = joined.get(sign.path)
        joined[sign.path] = sign if known is None else sign._replace(holds=f"{known.holds} && {sign.holds}")
    return list(joined.values())


def _nameable(nodes: Iterable[str]) -> list[str] | None:
    """Return nodes that can stand in a query: few, and no blank node or statement."""
    named = list(nodes)
    return None if len(named) > _MANY or any(node.startswith(("_", "<<")) for node in named) else named
