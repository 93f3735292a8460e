"""Which queries of constraints can have ``$this`` bound before they are asked (SHACL 5.2.1 and appendix A)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vetgraph import querytext
from vetgraph.errors import Text, UsageError

if TYPE_CHECKING:
    from vetgraph.validate.shapes import Constraint

_REFUSED: Final = frozenset({"minus", "values", "service"})
_BOUND: Final = frozenset({"this", "shapesGraph", "currentShape"})


def check(constraint: Constraint) -> None:
    """Refuse a constraint whose query the standard gives no meaning.

    Args:
        constraint: A constraint that is asked once for each focus node.

    Raises:
        UsageError: Its query has ``MINUS``, ``VALUES`` or ``SERVICE``, a nested ``SELECT`` that does not select
            ``$this``, or sets ``$this`` itself.
    """
    found = [token for token in querytext.tokens(constraint.select) if token.lastgroup != "comment"]
    words = [token.group().lower() if token.lastgroup == "word" else "" for token in found]
    for word in words:
        if word in _REFUSED:
            raise _refusal(constraint, word.upper())
    for at, word in enumerate(words[:-1]):
        if word == "as" and found[at + 1].group()[1:] in _BOUND:
            raise _refusal(constraint, f"AS {found[at + 1].group()}")
    starts = [at for at, word in enumerate(words) if word == "select"]
    for start in starts[1:]:
        chosen = []
        for token in found[start + 1 :]:
            if token.group().lower() in {"where", "{"}:
                break
            chosen.append(token.group())
        if not {"?this", "$this"} & set(chosen):
            raise _refusal(constraint, "SELECT")


def _refusal(constraint: Constraint, what: str) -> UsageError:
    return UsageError(
        Text(f"{constraint.iri} 的查询不能用 {what}", f"the query of {constraint.iri} may not use {what} in this way"),
        Text(
            "标准规定 $this 在查询前绑定：不用 MINUS、VALUES、SERVICE，内层 SELECT 选 $this",
            "$this is bound before the query: use no MINUS, VALUES or SERVICE, and select $this in every SELECT",
        ),
    )
