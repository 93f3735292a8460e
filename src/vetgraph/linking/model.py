"""From what agreed and differed to a probability.

The weights of evidence stand in ``tables/evidence.csv``; they are fitted on labelled pairs (benchmarks/linking.py).
Their sum is the log-odds that a pair is the same; the odds of all the candidates of
one source, and of none of them, then share one probability, so that two equal candidates get half each.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vetgraph.errors import Text
from vetgraph.linking import rules
from vetgraph.linking.entries import Decision, Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

#: From here on a candidate is accepted without a person: more than 99 % of such are right (docs/linking.md).
ACCEPT: Final = 0.98
#: From here on a candidate is worth a person's look.
REVIEW: Final = 0.1
_MOST: Final = 30.0


@dataclass(frozen=True, slots=True)
class Weight:
    """What one value of one piece of evidence counts.

    Attributes:
        weight: Log-odds.
        bars: Whether it keeps a pair from being accepted without a person, whatever the rest says.
        text: It in words.
    """

    weight: float
    bars: bool
    text: Text


@functools.cache
def weights() -> dict[tuple[str, str], Weight]:
    """Return the weights by key and value."""
    return {
        (row["key"], row["value"]): Weight(float(row["weight"]), row["bars"] == "yes", Text(row["zh"], row["en"]))
        for row in rules.rows("evidence")
    }


@functools.lru_cache(maxsize=1 << 14)
def odds(pairs: tuple[tuple[str, str], ...]) -> tuple[float, bool]:
    """Add up evidence.

    Args:
        pairs: Keys and values.

    Returns:
        The log-odds, and whether something bars the pair from being accepted.
    """
    known = weights()
    total, bars = known["base", ""].weight, False
    for pair in pairs:
        one = known[pair]
        total += one.weight
        bars = bars or one.bars
    return total, bars


def share(logits: Sequence[float]) -> list[float]:
    """Share one probability among the candidates of a source and none of them.

    Args:
        logits: The log-odds of each.

    Returns:
        Their probabilities.
    """
    each = [math.exp(min(logit, _MOST)) for logit in logits]
    whole = 1 + sum(each)
    return [calibrated(one / whole) for one in each]


def calibrated(probability: float) -> float:
    """Stretch a probability so that it says how often it is right.

    Args:
        probability: What the weights say.

    Returns:
        What was found on held-out pairs.
    """
    known = weights()
    if ("calibration", "slope") not in known or not 0 < probability < 1:
        return probability
    slope, offset = known["calibration", "slope"].weight, known["calibration", "offset"].weight
    logit = slope * math.log(probability / (1 - probability)) + offset
    return 1 / (1 + math.exp(-max(-_MOST, min(_MOST, logit))))


def decide(confidence: float, *, barred: bool, rival: bool = False) -> Decision:
    """Decide what becomes of a candidate.

    Args:
        confidence: Its probability.
        barred: Whether something keeps it from being accepted.
        rival: Whether another candidate is as good.

    Returns:
        ``match``, ``review`` or ``none``.
    """
    if confidence >= ACCEPT and not barred and not rival:
        return "match"
    return "review" if confidence >= REVIEW else "none"


@functools.lru_cache(maxsize=1 << 14)
def tell(pairs: tuple[tuple[str, str], ...]) -> tuple[Evidence, ...]:
    """Put evidence into words.

    Args:
        pairs: Keys and values.

    Returns:
        The evidence, what counts most first.
    """
    known = weights()
    told = [Evidence(key, value, known[key, value].weight, known[key, value].text) for key, value in pairs]
    return tuple(sorted(told, key=lambda one: -abs(one.weight)))
