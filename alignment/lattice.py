"""The semi-Markov chain over beads: best path and log-weights.

A path from node (0, 0) to (n, m) is a sequence of beads; its weight is the sum of their scores.
Rows are computed one after the other, each as whole arrays: all beads but insertions come from
earlier rows, and insertions are a running scan inside the row. The model: Sarawagi and Cohen 2004.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from alignment.beads import Band

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from alignment.beads import Candidates

    Scores = NDArray[np.floating[Any]]

NEVER = -1e30
REACH = 4  # units of one side that a bead has at most


@dataclass(frozen=True, slots=True)
class Lattice:
    """Scores of beads on a band: `match[type]` at end nodes, `skip_a` `(n,)`, `skip_b` `(m,)`."""

    band: Band
    match: Mapping[tuple[int, int], Scores]
    skip_a: Scores
    skip_b: Scores

    def part(self, a: slice, b: slice) -> Lattice:
        """The chain over some units of both sides of a full grid."""
        n, m = a.stop - a.start, b.stop - b.start
        match = {}
        for (p, q), scores in self.match.items():
            grid = scores[a.start : a.stop + 1, b.start : b.stop + 1].copy()
            grid[:p] = NEVER
            grid[:, :q] = NEVER
            match[p, q] = grid
        return Lattice(Band.full(n, m), match, self.skip_a[a], self.skip_b[b])


def multiplicity(kind: tuple[int, int]) -> float:
    """How many times a bead type pays the merge bias: once for every unit beyond one and one.

    Fitted for 1:2 beads only, the others are too rare.
    """
    return float(sum(kind) - 2)


def scored(found: Candidates, weights: dict[str, float]) -> Lattice:
    """Scores of all candidates under `weights`."""
    match = {}
    for kind, features in found.match.items():
        scores = np.full(found.band.columns().shape, weights["merge"] * multiplicity(kind))
        for name, grid in features.items():
            scores += weights.get(name, 0.0) * grid
        match[kind] = np.where(found.valid[kind], scores, -1e30)
    skips = [
        sum(
            (weights.get(f"skip {name}", 0.0) * values.astype(np.float64))
            for name, values in skip.items()
        )
        for skip in (found.skip_a, found.skip_b)
    ]
    return Lattice(found.band, match, np.asarray(skips[0]), np.asarray(skips[1]))


def _shared(width: int, offset: int) -> tuple[slice, slice]:
    """The part of a row that another row reaches into, and that part of the other row.

    `offset` is how far right the row starts of the other, both `width` long.
    """
    if offset >= 0:
        return slice(0, max(0, width - offset)), slice(min(width, offset), width)
    return slice(min(width, -offset), width), slice(0, max(0, width + offset))


def _skips_in_row(lattice: Lattice) -> Scores:
    """Cumulated insertion scores by column, `(m + width + 2,)`: entry j sums skip_b[:j]."""
    m = lattice.band.m
    total = np.zeros(m + lattice.band.width + 2)
    total[1 : m + 1] = np.cumsum(lattice.skip_b)
    total[m + 1 :] = total[m]
    return total


def _guard(lattice: Lattice, i: int, row: Scores) -> Scores:
    """A row with the columns beyond m closed."""
    over = int(lattice.band.low[i] + lattice.band.width - 1 - lattice.band.m)
    if over > 0:
        row[-over:] = NEVER
    return row


def forward(lattice: Lattice, *, best: bool) -> Scores:
    """Log-weights of all paths (`best`: of the best path) from the start to every node."""
    band = lattice.band
    width = band.width
    low = band.low.tolist()
    cumulated = _skips_in_row(lattice)
    scan = np.maximum if best else np.logaddexp
    ways = _Ways(lattice, 1)
    table = ways.table
    for i, start in enumerate(low):
        if i == 0:
            row = np.full(width, NEVER)
            if start == 0:
                row[0] = 0.0
        else:
            row = ways.best(i) if best else ways.total(i)
        sums = cumulated[start : start + width]
        table[i] = _guard(lattice, i, scan.accumulate(row - sums) + sums)
    return table


def backward(lattice: Lattice) -> Scores:
    """Log-weights of all paths from every node to the end."""
    band = lattice.band
    rows, width = len(band.low), band.width
    low = band.low.tolist()
    cumulated = _skips_in_row(lattice)
    ways = _Ways(lattice, -1)
    table = ways.table
    for i in range(rows - 1, -1, -1):
        start = low[i]
        if i == rows - 1:
            row = np.full(width, NEVER)
            row[band.m - start] = 0.0
        else:
            row = ways.total(i)
        sums = cumulated[start : start + width]
        scanned = np.logaddexp.accumulate((row + sums)[::-1])[::-1] - sums
        table[i] = _guard(lattice, i, scanned)
    return table


@dataclass(frozen=True, slots=True)
class Decoded:
    """The best path of a chain as `best_path` gives it, and what `forward` and `backward` give."""

    path: list[tuple[int, int, int, int]]
    behind: Scores
    ahead: Scores


def decode(lattice: Lattice) -> Decoded:
    """The best path and the weights of all paths."""
    if lattice.band.is_full:
        best, behind, ahead = _whole(lattice)
        return Decoded(_traced(lattice, best), behind, ahead)
    return Decoded(best_path(lattice), forward(lattice, best=False), backward(lattice))


def _whole(lattice: Lattice) -> tuple[Scores, Scores, Scores]:
    """Of a full grid what `forward` gives with `best` and without, and what `backward` gives.

    All three in one run of three lanes, the last on the grid turned round.
    """
    kinds = list(lattice.match)
    rows, width = len(lattice.band.low), lattice.band.width
    scores = np.full((rows, len(kinds), 3, width), NEVER)
    for k, (p, q) in enumerate(kinds):
        grid = lattice.match[p, q]
        scores[:, k, :2] = grid[:, None]
        if p < rows and q < width:
            scores[p:, k, 2, q:] = grid[p:, q:][::-1, ::-1]
    skip_a = np.stack([lattice.skip_a, lattice.skip_a, lattice.skip_a[::-1]])[:, :, None]
    sums = np.zeros((3, width))
    sums[:, 1:] = np.cumsum([lattice.skip_b, lattice.skip_b, lattice.skip_b[::-1]], axis=1)
    wide = np.full((3, rows + REACH, width + REACH), NEVER)
    table, line = wide[:, REACH:, REACH:], width + REACH
    moves = np.array([(REACH - p) * line + REACH - q for p, q in kinds])
    lanes = np.arange(3) * (rows + REACH) * line
    where = moves[:, None, None] + lanes[None, :, None] + np.arange(width)
    ways = np.empty((1 + len(kinds), 3, width))
    row = np.full((3, width), NEVER)
    row[:, 0] = 0.0
    for i in range(rows):
        if i:
            np.add(table[:, i - 1], skip_a[:, i - 1], out=ways[0])
            np.take(wide, where + i * line, out=ways[1:], mode="clip")
            ways[1:] += scores[i]
            row = ways.max(axis=0)
            row[1:] += np.log(np.exp(ways[:, 1:] - row[1:]).sum(axis=0))
        row -= sums
        np.maximum.accumulate(row[0], out=row[0])
        row[1:] = np.logaddexp.accumulate(row[1:], axis=1)
        table[:, i] = row + sums
    return table[0], table[1], table[2, ::-1, ::-1]


class _Ways:
    """The ways into (`step` 1) or out of (-1) the nodes of a row, but for insertions.

    `table` is the node table they read, to be filled row by row.
    """

    def __init__(self, lattice: Lattice, step: int) -> None:
        self.lattice, self.step = lattice, step
        self.low = lattice.band.low.tolist()
        rows, width = len(self.low), lattice.band.width
        self.ways = np.full((1 + len(lattice.match), width), NEVER)
        self.table = np.full((rows, width), NEVER)

    def best(self, i: int) -> Scores:
        """The likeliest way of every node of row i."""
        row: Scores = self._filled(i).max(axis=0)
        return row

    def total(self, i: int) -> Scores:
        """The logarithm of the summed weights of all ways of every node of row i."""
        ways = self._filled(i)
        top = ways.max(axis=0)
        row: Scores = np.log(np.exp(ways - top).sum(axis=0)) + top
        return row

    def _filled(self, i: int) -> Scores:
        table, low, step, ways = self.table, self.low, self.step, self.ways
        skip = self.lattice.skip_a[i - 1 if step > 0 else i]
        width, last = table.shape[1], len(table) - 1
        ways.fill(NEVER)
        own, other = _shared(width, low[i] - low[i - step])
        np.add(table[i - step, other], skip, out=ways[0, own])
        for way, ((p, q), scores) in zip(ways[1:], self.lattice.match.items(), strict=True):
            k = i - step * p
            if 0 <= k <= last:
                own, other = _shared(width, low[i] - step * q - low[k])
                at = scores[i, own] if step > 0 else scores[k, other]
                np.add(table[k, other], at, out=way[own])
        return ways


def _near(option: tuple[float, int, int]) -> float:
    """How far off a way is; equally good ones, such as two skips in either order, are alike."""
    return round(option[0], 6)


def best_path(lattice: Lattice) -> list[tuple[int, int, int, int]]:
    """The best path as (i, j, p, q): a bead of p and q units that ends at node (i, j), in order."""
    return _traced(lattice, forward(lattice, best=True))


def _traced(lattice: Lattice, table: Scores) -> list[tuple[int, int, int, int]]:
    """The path that made the best weights of all nodes, `table`."""
    band = lattice.band
    low, width = band.low.tolist(), band.width
    i, j = len(low) - 1, band.m
    path = []
    while i > 0 or j > 0:
        at = j - low[i]
        here = float(table[i, at])
        options: list[tuple[float, int, int]] = []
        for (p, q), scores in lattice.match.items():
            if i >= p and j >= q and 0 <= j - q - low[i - p] < width:
                before = float(table[i - p, j - q - low[i - p]])
                options.append((abs(before + float(scores[i, at]) - here), p, q))
        if i and 0 <= j - low[i - 1] < width:
            before = float(table[i - 1, j - low[i - 1]])
            options.append((abs(before + float(lattice.skip_a[i - 1]) - here), 1, 0))
        if at > 0:
            before = float(table[i, at - 1])
            options.append((abs(before + float(lattice.skip_b[j - 1]) - here), 0, 1))
        _, p, q = min(options, key=_near)
        path.append((i, j, p, q))
        i, j = i - p, j - q
    return path[::-1]
