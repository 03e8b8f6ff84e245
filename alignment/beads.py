"""Candidate beads of two texts and their features, inside a band of the alignment grid.

Nodes (i, j) of the grid say that i units of side a and j of side b are done. A bead of type (p, q)
that ends at a node covers the p units before i and the q units before j. A `Band` keeps, for every
i, a window of `width` values of j that starts at `low[i]`; a full grid is a band of width m + 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alignment.words import Coverage, mass_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from alignment.views import Side

    Grid = NDArray[np.float32]
    Kinds = Sequence[tuple[int, int]]

TYPES = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 2))
WIDE = (*TYPES, (1, 4), (4, 1), (2, 3), (3, 2))  # where the boundary pass looks
NEIGHBOURS = 3  # nearest units whose mean similarity says how much of a hub a unit is
DEVIATION = 0.17  # of log(length a / length b) between translations, long texts
SHORT = 2.0  # characters⁻¹: how much wider that gets for short ones


@dataclass(frozen=True, slots=True)
class Band:
    """A window of the grid: `low` (n + 1,), non-decreasing; one `width`; `m` units on side b."""

    low: NDArray[np.int64]
    width: int
    m: int

    @classmethod
    def full(cls, n: int, m: int) -> Band:
        """The whole grid of n × m units."""
        return cls(np.zeros(n + 1, dtype=np.int64), m + 1, m)

    @property
    def is_full(self) -> bool:
        """Whether every node is inside."""
        return self.width == self.m + 1

    def columns(self) -> NDArray[np.int64]:
        """The j of every cell, `(n + 1, width)`."""
        return self.low[:, None] + np.arange(self.width)[None, :]

    def places(self) -> NDArray[np.int64]:
        """The j of every cell, `m` beyond it; of a full grid one row, `(1, m + 1)`, for all."""
        if self.is_full:
            return np.arange(self.width)[None, :]
        return np.clip(self.columns(), 0, self.m)

    def shift(self, grid: Grid, p: int, q: int, fill: float = 0.0) -> Grid:
        """For every node (i, j) the value of `grid` at (i - p, j - q), `fill` outside."""
        out = np.full_like(grid, fill)
        if self.is_full:
            if p < grid.shape[0] and q < grid.shape[1]:
                out[p:, q:] = grid[: grid.shape[0] - p, : grid.shape[1] - q]
            return out
        if p >= grid.shape[0]:
            return out
        columns = self.columns()[p:] - q - self.low[: len(self.low) - p, None]
        inside = (columns >= 0) & (columns < self.width)
        values = np.take_along_axis(
            grid[: grid.shape[0] - p], np.clip(columns, 0, self.width - 1), axis=1
        )
        out[p:] = np.where(inside, values, np.float32(fill))
        return out

    def products(self, a: NDArray[np.float32], b: NDArray[np.float32]) -> Grid:
        """Dot products of unit i - 1 of a and j - 1 of b at every node (0 on the borders)."""
        out = np.zeros((len(self.low), self.width), dtype=np.float32)
        if self.is_full:
            out[1:, 1:] = a @ b.T
            return out
        for start, stop in _blocks(len(a), 128):
            left, right = self.low[start + 1], min(self.m, self.low[stop] + self.width)
            first = max(0, left - 1)
            block = a[start:stop] @ b[first:right].T
            columns = self.columns()[start + 1 : stop + 1] - 1 - first
            inside = (columns >= 0) & (columns < block.shape[1])
            picked = np.take_along_axis(block, np.clip(columns, 0, block.shape[1] - 1), axis=1)
            out[start + 1 : stop + 1] = np.where(inside, picked, 0)
        return out


def _blocks(length: int, size: int) -> Iterator[tuple[int, int]]:
    for start in range(0, length, size):
        yield start, min(length, start + size)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Features of all candidate beads of one document pair.

    `match[type][name]` is a grid at the node where the bead ends; `skip_a[name]` is `(n,)`,
    `skip_b[name]` `(m,)`. `valid[type]` marks nodes where the bead fits. `cosine[type]` is the
    similarity shown to people.
    """

    band: Band
    match: dict[tuple[int, int], dict[str, Grid]]
    valid: dict[tuple[int, int], NDArray[np.bool_]]
    cosine: dict[tuple[int, int], Grid]
    skip_a: dict[str, NDArray[np.float32]]
    skip_b: dict[str, NDArray[np.float32]]


def window_sums(rows: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Sums of `size` consecutive rows, `(n + 1 - size, ...)`, in order."""
    total: NDArray[np.float32] = rows[: len(rows) + 1 - size].copy()
    for step in range(1, size):
        total += rows[step : len(rows) + 1 - size + step]
    return total


def candidates(
    a: Side,
    b: Side,
    band: Band,
    views: tuple[str, ...],
    ratio: float,
    types: Kinds = TYPES,
) -> Candidates:
    """All candidate beads inside `band`; `ratio` as in `Parameters.ratio`."""
    n, m = len(a), len(b)
    columns = band.columns()
    places = band.places()
    cosines = {
        view: _cosines(a.rows[view], b.rows[view], band, places, types)
        for view in views
        if view != "words"
    }
    covered: Coverage | None = None
    if "words" in views:
        covered = Coverage.of(a, b)
        cosines["words"] = covered.grids(types)
    figures = _cosines(a.figures, b.figures, band, places, types)
    best_figures = _best(figures[1, 1], band, n, m)
    main = "vector" if "vector" in views else "english" if "english" in views else "cognate"
    match: dict[tuple[int, int], dict[str, Grid]] = {}
    valid = {}
    hub_a, hub_b = _hubs(cosines[main][1, 1], band, n, m)
    sums_a = _by_size(a, hub_a, covered.a.mass if covered else None)
    sums_b = _by_size(b, hub_b, covered.b.mass if covered else None)
    rows = np.arange(n + 1)[:, None]
    for p, q in types:
        valid[p, q] = (rows >= p) & (columns >= q) & (columns <= m)
        features: dict[str, Grid] = {view: cosines[view][p, q] for view in views}
        if p * q > 1:
            for view in views:
                if view != "keys":
                    features[f"{view} gain"] = _gain(cosines[view], band, p, q)
        of_a = sums_a[p][:, :, None]
        of_b = sums_b[q][:, places]
        features["length"] = _length(of_a[0], of_b[0], ratio)
        features["pieces"] = -np.minimum(np.float32(2), np.abs(of_a[1] - of_b[1]))
        features["figures"] = _margin(figures[p, q], best_figures, band, p, q)
        features["counted"] = -np.minimum(np.float32(3), np.abs(of_a[2] - of_b[2]))
        features["marks"] = -np.minimum(np.float32(3), np.abs(of_a[3] - of_b[3]))
        features["hub"] = (of_a[4] / p + of_b[4] / q) / np.float32(2)
        if covered:
            features["words mass"] = mass_share(features["words"], of_a[5] + of_b[5])
        match[p, q] = features
    skip_a, skip_b = _skips(a, b, cosines, band, views)
    return Candidates(band, match, valid, cosines[main], skip_a, skip_b)


def _by_size(
    side: Side, hub: NDArray[np.float64], mass: NDArray[np.float64] | None
) -> dict[int, Grid]:
    """What 1 to 4 units before each node have together, by their number, `(6, n + 1)`.

    Characters, pieces, figures, marks, hub, weight of their words.
    """
    rows = [side.characters, side.pieces, side.counted, side.marks, hub]
    stacked = np.stack([*rows, np.zeros(len(side)) if mass is None else mass])
    total = np.concatenate([np.zeros((len(stacked), 1)), np.cumsum(stacked, axis=1)], axis=1)
    out = {}
    for size in (1, 2, 3, 4):
        sums = np.zeros_like(total)
        sums[:, size:] = total[:, size:] - total[:, : max(0, total.shape[1] - size)]
        out[size] = sums.astype(np.float32)
    return out


def _cosines(
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    band: Band,
    places: NDArray[np.int64],
    types: Kinds,
) -> dict[tuple[int, int], Grid]:
    """Cosines of the summed rows of every candidate bead, by type, at its end node."""
    products = band.products(a, b)
    norms_a = {p: _norms(a, p) for p in {p for p, _ in types}}
    norms_b = {q: _norms(b, q)[places] for q in {q for _, q in types}}
    moves = {(up, left) for p, q in types for up in range(p) for left in range(q)}
    moved = {
        (up, left): band.shift(products, up, left) if up or left else products for up, left in moves
    }
    tables = {}
    for p, q in types:
        total = products.copy()
        for up in range(p):
            for left in range(q):
                if up or left:
                    total += moved[up, left]
        total /= norms_a[p][:, None]
        total /= norms_b[q]
        tables[p, q] = total
    return tables


def _margin(
    figures: Grid,
    best: tuple[NDArray[np.float32], NDArray[np.float32]],
    band: Band,
    p: int,
    q: int,
) -> Grid:
    """How far a bead's figures agree less than its units' figures do elsewhere (0 or below).

    Nothing is lost where no rival agrees better: two reports that differ in a figure still pair.
    """
    best_a = np.concatenate((np.zeros(1, np.float32), best[0]))
    best_b = np.concatenate((np.zeros(1, np.float32), best[1]))
    places = band.places()
    rival = np.zeros_like(figures)
    for up in range(p):
        rows = np.maximum(np.arange(len(band.low)) - up, 0)
        rival = np.maximum(rival, best_a[rows][:, None])
    for left in range(q):
        rival = np.maximum(rival, best_b[np.maximum(places - left, 0)])
    return np.asarray(np.minimum(0.0, figures - rival), dtype=np.float32)


def _best(
    grid: Grid, band: Band, n: int, m: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The largest value of every unit of a `(n,)` and of b `(m,)`, 0 where none is positive."""
    inner = grid[1:]
    column = np.zeros(m + band.width + 2, dtype=np.float32)
    if band.is_full:
        column[: m + 1] = inner.max(axis=0, initial=0.0)
    else:
        for i in range(1, n + 1):
            window = slice(band.low[i], band.low[i] + band.width)
            np.maximum(column[window], inner[i - 1], out=column[window])
    return inner.max(axis=1, initial=0.0), column[1 : m + 1]


def _norms(rows: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Norms of the sum of the `size` rows before each node, `(n + 1,)`, inf for none or zero."""
    out = np.full(len(rows) + 1, np.inf, dtype=np.float32)
    if len(rows) >= size:
        summed = window_sums(rows, size)
        lengths = np.sqrt(np.einsum("ij,ij->i", summed, summed))
        out[size:] = np.where(lengths > 0, lengths, np.float32(np.inf))
    return out


def _gain(tables: dict[tuple[int, int], Grid], band: Band, p: int, q: int) -> Grid:
    """What the joined bead has over the best bead with an outer unit left out."""
    best: Grid | None = None
    for fewer_p, fewer_q in ((p - 1, q), (p, q - 1)):
        if (fewer_p, fewer_q) not in tables:
            continue
        without_first = tables[fewer_p, fewer_q]
        without_last = band.shift(without_first, p - fewer_p, q - fewer_q)
        both = np.maximum(without_first, without_last)
        best = both if best is None else np.maximum(best, both)
    whole = tables[p, q]
    return whole if best is None else whole - best


def _length(of_a: Grid, of_b: Grid, ratio: float) -> Grid:
    """Student-like log-density of the ratio of characters (0 at best, negative away from it)."""
    sums_a, sums_b = np.maximum(np.float32(1), of_a), np.maximum(np.float32(1), of_b)
    variance = np.float32(DEVIATION**2) + np.float32(SHORT) / np.minimum(sums_a, sums_b)
    deviation = (np.log(sums_a) - np.log(sums_b) - np.float32(ratio)) ** 2 / variance
    return np.asarray(-np.log1p(deviation / 2), dtype=np.float32)


def _hubs(
    cosine: Grid, band: Band, n: int, m: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean similarity of every unit to its nearest units of the other side (Conneau 2018)."""
    inner = cosine[1:]
    inside = (band.columns()[1:] >= 1) & (band.columns()[1:] <= m)
    by_row = np.where(inside, inner, -1.0)
    hub_a = _top_mean(by_row, min(NEIGHBOURS, m))
    if band.is_full:
        return hub_a, _top_mean(by_row[:, 1:].T, min(NEIGHBOURS, n))
    best = np.full((NEIGHBOURS, m + band.width + 1), -1.0)
    for i in range(1, n + 1):
        window = slice(band.low[i], band.low[i] + band.width)
        value = by_row[i - 1].copy()
        for rank in range(NEIGHBOURS):
            held = best[rank, window]
            best[rank, window], value = np.maximum(held, value), np.minimum(held, value)
    known = np.where(best > -1.0, best, np.nan)[:, 1 : m + 1]
    counts = np.maximum(1, (~np.isnan(known)).sum(axis=0))
    return hub_a, np.nansum(known, axis=0) / counts


def _top_mean(grid: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    if grid.shape[0] == 0 or count == 0:
        return np.zeros(grid.shape[0])
    top = np.partition(grid, grid.shape[1] - count, axis=1)[:, grid.shape[1] - count :]
    return np.asarray(np.where(top > -1.0, top, 0.0).mean(axis=1), dtype=np.float64)


def _skips(
    a: Side,
    b: Side,
    cosines: dict[str, dict[tuple[int, int], Grid]],
    band: Band,
    views: tuple[str, ...],
) -> tuple[dict[str, NDArray[np.float32]], dict[str, NDArray[np.float32]]]:
    skip_a: dict[str, NDArray[np.float32]] = {}
    skip_b: dict[str, NDArray[np.float32]] = {}
    for view in views:
        best = _best(cosines[view][1, 1], band, len(a), len(b))
        skip_a[f"best {view}"], skip_b[f"best {view}"] = best
    for side, skip in ((a, skip_a), (b, skip_b)):
        skip["bias"] = np.ones(len(side), dtype=np.float32)
        skip["short"] = np.exp(-side.characters / 20.0).astype(np.float32)
    return skip_a, skip_b
