"""Nodes that a layout has put upon each other, moved apart."""

from __future__ import annotations

from typing import Final

_MOST: Final = 400
_ROUNDS: Final = 60
_GAP: Final = 0.3


def apart(places: dict[str, tuple[float, float]], sizes: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Move nodes that touch each other, as little as is needed, and always the same way.

    Args:
        places: Where each node stands.
        sizes: The radius of each.

    Returns:
        Places; those of a large network as they were, for there nodes are small.
    """
    if len(places) > _MOST or len(places) < 2:  # noqa: PLR2004 - one node touches none
        return places
    import numpy as np

    at = np.array([places[node] for node in places], dtype=float)
    radius = np.array([sizes[node] for node in places])
    least = radius[:, None] + radius[None, :] + _GAP
    np.fill_diagonal(least, 0.0)
    for _ in range(_ROUNDS):
        off = at[:, None, :] - at[None, :, :]
        far = np.hypot(off[..., 0], off[..., 1])
        short = least - far
        np.fill_diagonal(short, 0.0)
        if float(short.max()) < 1e-3:  # noqa: PLR2004 - a thousandth of a tie's length
            break
        push = np.where(short > 0, short, 0.0) * 0.5
        same = far < 1e-9  # noqa: PLR2004 - two in one point: the first goes up
        order = np.sign(np.arange(len(at))[:, None] - np.arange(len(at))[None, :])
        way = np.where(same[..., None], np.stack([np.zeros_like(far), order], axis=-1), off)
        way = way / np.maximum(np.hypot(way[..., 0], way[..., 1]), 1e-9)[..., None]
        at += (way * push[..., None]).sum(axis=1) * 0.7
    return {node: (float(x), float(y)) for node, (x, y) in zip(places, at, strict=True)}
