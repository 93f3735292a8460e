"""Where the nodes of a large connected network stand: ForceAtlas2, its repulsion summed on a grid.

Jacomy, Venturini, Heymann and Bastian 2014, "ForceAtlas2"; the sum over all pairs is a convolution, taken by FFT as in
particle-mesh methods (Hockney and Eastwood 1981), so that a step costs as much as there are ties. It starts from
distances to pivots (Brandes and Pich 2006, "Eigensolver methods for progressive multidimensional scaling").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vetgraph.errors import Text
from vetgraph.networks.progress import report

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vetgraph.networks.arrays import Arrays, Floats

_PIVOTS: Final = 48
_STEPS: Final = 180
_MANY: Final = 2000
_GRAVITY: Final = 1.0
_NEAR: Final = 0.35


def place(arrays: Arrays, seed: int) -> Floats:
    """Place the nodes of a connected network.

    Args:
        arrays: The network.
        seed: What breaks ties between nodes that would stand at the same place.

    Returns:
        A row of two coordinates for each node, around the origin.
    """
    points = sketch(arrays, seed)
    low, high = arrays.ends
    mass = (arrays.degrees + 1).astype(np.float64)
    before, speed = np.zeros_like(points), 1.0
    coarse = _Field(128 if arrays.count > _MANY else 64)
    fine = _Field(256) if arrays.count > _MANY else coarse
    for step in range(_STEPS):
        if step % 20 == 0:
            report(Text("布局", "layout"), step, _STEPS)
        field = coarse if step < _STEPS * 2 // 3 else fine
        apart = points[high] - points[low]
        pull = np.stack(
            [
                np.bincount(low, apart[:, axis], arrays.count) - np.bincount(high, apart[:, axis], arrays.count)
                for axis in (0, 1)
            ],
            axis=1,
        )
        away = np.linalg.norm(points, axis=1, keepdims=True)
        force = pull + mass[:, None] * (field(points, mass) - _GRAVITY * points / np.maximum(away, 1e-9))
        swing = np.linalg.norm(force - before, axis=1)
        drawn = np.linalg.norm(force + before, axis=1) / 2
        wanted = float((mass * drawn).sum() / max((mass * swing).sum(), 1e-9))
        speed = min(wanted, speed * 1.5)
        points = points + force * (speed / (1 + speed * np.sqrt(swing)))[:, None]
        points -= points.mean(axis=0)
        before = force
    return np.asarray(points)


def sketch(arrays: Arrays, seed: int) -> Floats:
    """Place the nodes of a connected network by their distances to some of them, in some milliseconds.

    Args:
        arrays: The network.
        seed: What breaks ties between nodes that would stand at the same place.

    Returns:
        A row of two coordinates for each node, around the origin.
    """
    from scipy.sparse import csgraph

    matrix = arrays.matrix()
    nearest = np.full(arrays.count, np.inf)
    pivot, columns = int(arrays.degrees.argmax()), []
    for _ in range(min(_PIVOTS, arrays.count)):
        steps = csgraph.shortest_path(matrix, unweighted=True, indices=pivot)
        columns.append(steps)
        nearest = np.minimum(nearest, steps)
        pivot = int(nearest.argmax())
    told = np.stack(columns, axis=1) ** 2
    told = told - told.mean(axis=0) - told.mean(axis=1, keepdims=True) + told.mean()
    _, vectors = np.linalg.eigh(told.T @ told)
    points = told @ vectors[:, [-1, -2]]
    for axis in (0, 1):  # an eigenvector's sign is arbitrary
        points[:, axis] *= np.sign(points[np.abs(points[:, axis]).argmax(), axis]) or 1.0
    points /= max(float(np.abs(points).max()), 1e-9)
    side = np.sqrt(arrays.count) * 4
    jitter = np.random.default_rng(seed).normal(size=points.shape) * 0.02
    return np.asarray((points + jitter) * side)


class _Field:
    """How hard all nodes together push at each place, the sum of mass over distance, on a square grid."""

    def __init__(self, size: int) -> None:
        self._size = size
        at = np.fft.fftfreq(2 * size, 1 / (2 * size))
        x, y = np.meshgrid(at, at, indexing="ij")
        square = x**2 + y**2 + _NEAR
        self._kernels = [np.fft.rfft2(part / square) for part in (x, y)]

    def __call__(self, points: Floats, mass: Floats) -> Floats:
        """Return the push on a unit mass at each point.

        Args:
            points: Where the masses are.
            mass: The masses.

        Returns:
            A row of two coordinates for each point.
        """
        size = self._size
        lowest = points.min(axis=0)
        cell = max(float((points.max(axis=0) - lowest).max()), 1e-9) / (size - 2)
        place = (points - lowest) / cell
        corner = np.minimum(place.astype(np.int64), size - 2)
        rest = place - corner
        corners: list[tuple[NDArray[np.int64], Any]] = []
        for right in (0, 1):
            for up in (0, 1):
                share = np.abs(1 - right - rest[:, 0]) * np.abs(1 - up - rest[:, 1])
                corners.append(((corner[:, 0] + right) * size + corner[:, 1] + up, share))
        grid = np.zeros(size * size)
        for at, share in corners:
            grid += np.bincount(at, mass * share, size * size)
        told = np.fft.rfft2(grid.reshape(size, size), s=(2 * size, 2 * size))
        pushed = []
        for kernel in self._kernels:
            field = np.fft.irfft2(told * kernel, s=(2 * size, 2 * size))[:size, :size].ravel() / cell
            pushed.append(sum(field[at] * share for at, share in corners))
        return np.stack(pushed, axis=1)
