"""A rough path through two long texts, coarse to fine, in time linear in their length.

Rows of neighbouring units are summed two by two until a text is short; the path found there is
refined level by level inside a band (Salvador and Chan 2007; Thompson and Koehn 2019).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from alignment.beads import Band
from alignment.lattice import Lattice, best_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Path = NDArray[np.int64]

TOP = 256  # units at the coarsest level, where the whole grid is searched
RADIUS = 24  # columns kept on both sides of the path of the level above
SAMPLE = 2_000  # random pairs that say what an accidental similarity is


def rough_path(a: NDArray[np.float32], b: NDArray[np.float32]) -> Path:
    """For every node row i of `a` the column j of the rough path, `(n + 1,)`, non-decreasing."""
    levels = [(a, b)]
    while max(len(levels[-1][0]), len(levels[-1][1])) > TOP:
        levels.append((_halved(levels[-1][0]), _halved(levels[-1][1])))
    path: Path | None = None
    for rows_a, rows_b in reversed(levels):
        n, m = len(rows_a), len(rows_b)
        if path is None:
            band = Band.full(n, m)
        else:
            band = around(np.repeat(path, 2)[: n + 1] * 2, n, m, RADIUS)
        path = _path(_unit(rows_a), _unit(rows_b), band)
    assert path is not None
    return path


def around(path: Path, n: int, m: int, radius: int) -> Band:
    """A band `radius` wide on both sides of a path; wider where the path jumps."""
    path = np.clip(path, 0, m)
    if len(path) < n + 1:
        path = np.concatenate([path, np.full(n + 1 - len(path), m)])
    path[-1] = m
    low = np.maximum(0, path - radius)
    low[0] = 0
    # Every row must reach the column where the next one starts.
    following = np.concatenate([path[1:], [m]])
    width = int(min(m + 1, (following + radius + 1 - low).max()))
    low = np.minimum(low, max(0, m + 1 - width))
    return Band(np.maximum.accumulate(low), width, m)


def _halved(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(rows) % 2:
        rows = np.concatenate([rows, np.zeros((1, rows.shape[1]), dtype=rows.dtype)])
    return np.asarray(rows[0::2] + rows[1::2])


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-9), dtype=np.float32)


def _path(a: NDArray[np.float32], b: NDArray[np.float32], band: Band) -> Path:
    """The path with the most similarity above chance; leaving a unit out costs nothing."""
    n, m = len(a), len(b)
    random = np.random.default_rng(n * 31 + m)
    left, right = random.integers(0, n, SAMPLE), random.integers(0, m, SAMPLE)
    accidental = np.einsum("ij,ij->i", a[left], b[right])
    chance = float(accidental.mean() + accidental.std())
    if chance > 0.999:  # all alike: any diagonal is as good, so prefer matching to leaving out
        chance = 0.0
    scores = band.products(a, b).astype(np.float64) - chance
    columns = band.columns()
    scores[(columns < 1) | (columns > m)] = -1e30
    scores[0] = -1e30
    lattice = Lattice(band, {(1, 1): scores}, np.zeros(n), np.zeros(m))
    path = np.zeros(n + 1, dtype=np.int64)
    for i, j, _, _ in best_path(lattice):
        path[i] = max(path[i], j)
    return np.maximum.accumulate(path)
