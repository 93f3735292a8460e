"""One-to-one assignment: where both lists are sets, no two names may mean the same thing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from vetgraph.errors import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.linking.entries import Link


def one_to_one(links: Sequence[Link]) -> list[Link]:
    """Give each target to one source at most, so that the sum of confidences is greatest.

    A source that loses its likeliest target to another keeps it as a candidate, for review; it is not pushed to the
    next one.

    Args:
        links: What was found for each source alone.

    Returns:
        The links, in the same order.
    """
    wanted = [(at, one.target, one.confidence) for at, link in enumerate(links) for one in link.candidates]
    if not wanted:
        return list(links)
    ids = {target: at for at, target in enumerate(dict.fromkeys(target for _, target, _ in wanted))}
    given = _assign(
        np.array([at for at, _, _ in wanted]),
        np.array([ids[target] for _, target, _ in wanted]),
        np.array([confidence for _, _, confidence in wanted]),
        len(links),
        len(ids),
    )
    return [_settled(link, at, given, ids) for at, link in enumerate(links)]


def _assign(rows: np.ndarray, columns: np.ndarray, scores: np.ndarray, height: int, width: int) -> dict[int, int]:
    """Solve each group of sources and targets that hang together by itself: most are of one or two."""
    graph = coo_matrix((np.ones(len(rows)), (rows, columns + height)), shape=(height + width, height + width))
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label[rows], kind="stable")
    given: dict[int, int] = {}
    for part in np.split(order, np.flatnonzero(np.diff(label[rows][order])) + 1):
        left, l_at = np.unique(rows[part], return_inverse=True)
        right, r_at = np.unique(columns[part], return_inverse=True)
        table = np.zeros((len(left), len(right)))
        table[l_at, r_at] = scores[part]
        chosen = linear_sum_assignment(table, maximize=True)
        given.update((int(left[i]), int(right[j])) for i, j in zip(*chosen, strict=True) if table[i, j] > 0)
    return given


def _settled(link: Link, at: int, given: dict[int, int], ids: dict[str, int]) -> Link:
    if not link.candidates or link.decision == "none":
        return link
    first = link.candidates[0]
    if given.get(at) == ids[first.target]:
        return link
    note = Text("另一行与此目标更相符", "another row fits this target better")
    lowered = replace(first, decision="review")
    return replace(link, candidates=(lowered, *link.candidates[1:]), decision="review", notes=(*link.notes, note))
