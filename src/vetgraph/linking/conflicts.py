"""Conflicts of names and codes: what a person should know before a link is believed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from vetgraph.errors import Text
from vetgraph.linking.script import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.linking.entries import Candidate, Entry, Link

_UNLIKE = frozenset({("core", "differ"), ("core", "contrast"), ("core", "missing"), ("place", "conflict")})
_ALIKE = frozenset({"same", "agrees"})


def reported(links: Sequence[Link]) -> list[Link]:
    """Add what conflicts to each link: within the list, and with its likeliest candidate.

    Args:
        links: What was found.

    Returns:
        The links with notes, in the same order.
    """
    within = _within([link.source for link in links])
    return [
        replace(link, notes=(*link.notes, *within[at], *_with(link.candidates[0] if link.candidates else None)))
        for at, link in enumerate(links)
    ]


def _with(candidate: Candidate | None) -> list[Text]:
    if candidate is None:
        return []
    told = {(one.key, one.value) for one in candidate.evidence}
    label = candidate.label
    if ("code", "same") in told and told & _UNLIKE:
        return [Text(f"代码相同而名称不同：{label}", f"the same code, another name: {label}")]
    if ("code", "conflict") in told and any(("name", value) in told for value in _ALIKE):
        return [Text(f"名称相同而代码不同：{label}", f"the same name, two codes: {label}")]
    return []


def _within(entries: Sequence[Entry]) -> defaultdict[int, list[Text]]:
    """Find codes with two names, and names with two codes, in one list."""
    names, codes = defaultdict(set), defaultdict(set)
    folded = [fold(entry.label) for entry in entries]
    for name, entry in zip(folded, entries, strict=True):
        for code in entry.codes:
            names[code].add(name)
            codes[name, entry.region].add(code)
    found: defaultdict[int, list[Text]] = defaultdict(list)
    for at, (name, entry) in enumerate(zip(folded, entries, strict=True)):
        for code in entry.codes:
            if len(names[code]) > 1:
                found[at].append(Text(f"名单中代码 {code} 有多个名称", f"the list gives the code {code} several names"))
        if len(codes[name, entry.region]) > 1:
            listed = ", ".join(sorted(codes[name, entry.region]))
            found[at].append(
                Text(f"名单中此名称有多个代码：{listed}", f"the list gives this name several codes: {listed}")
            )
    return found
