"""The semi-Markov chain over beads: best path, posteriors, expected features.

A path from node (0, 0) to (n, m) is a sequence of beads; its weight is the sum of their scores.
Rows are computed one after the other, each as whole arrays: all beads but insertions come from
earlier rows, and insertions are a running scan inside the row. The model: Sarawagi and Cohen 2004.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from alignment.beads import Band, Candidates

    Scores = NDArray[np.floating[Any]]

NEVER = -1e30
UNFITTED_MERGE = 2.0  # a 1:3 or 2:2 bead pays the merge bias this many times over


@dataclass(frozen=True, slots=True)
class Lattice:
    """Scores of beads on a band: `match[type]` at end nodes, `skip_a` `(n,)`, `skip_b` `(m,)`."""

    band: Band
    match: Mapping[tuple[int, int], Scores]
    skip_a: Scores
    skip_b: Scores


def multiplicity(kind: tuple[int, int]) -> float:
    """How many times a bead type pays the merge bias."""
    p, q = kind
    return 0.0 if p * q == 1 else 1.0 if p * q == 2 else UNFITTED_MERGE


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


def _row(table: Scores, band: Band, i: int, start: int) -> Scores:
    """Row i of a node table as seen from columns start … start + width."""
    offset = int(start - band.low[i])
    width = band.width
    if offset == 0:
        row: Scores = table[i]
        return row
    out = np.full(width, NEVER)
    if 0 < offset < width:
        out[: width - offset] = table[i, offset:]
    elif -width < offset < 0:
        out[-offset:] = table[i, : width + offset]
    return out


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
    rows = len(band.low)
    table = np.full((rows, band.width), NEVER)
    cumulated = _skips_in_row(lattice)
    scan = np.maximum if best else np.logaddexp
    for i in range(rows):
        start = int(band.low[i])
        if i == 0:
            row = np.full(band.width, NEVER)
            if start == 0:
                row[0] = 0.0
        else:
            row = _row(table, band, i - 1, start) + lattice.skip_a[i - 1]
            for (p, q), scores in lattice.match.items():
                if i >= p:
                    row = scan(row, _row(table, band, i - p, start - q) + scores[i])
        sums = cumulated[start : start + band.width]
        table[i] = _guard(lattice, i, scan.accumulate(row - sums) + sums)
    return table


def backward(lattice: Lattice) -> Scores:
    """Log-weights of all paths from every node to the end."""
    band = lattice.band
    rows = len(band.low)
    table = np.full((rows, band.width), NEVER)
    cumulated = _skips_in_row(lattice)
    for i in range(rows - 1, -1, -1):
        start = int(band.low[i])
        if i == rows - 1:
            row = np.full(band.width, NEVER)
            row[band.m - start] = 0.0
        else:
            row = _row(table, band, i + 1, start) + lattice.skip_a[i]
            for (p, q), scores in lattice.match.items():
                if i + p < rows:
                    ahead = _row(scores, band, i + p, start + q)
                    row = np.logaddexp(row, _row(table, band, i + p, start + q) + ahead)
        sums = cumulated[start : start + band.width]
        scanned = np.logaddexp.accumulate((row + sums)[::-1])[::-1] - sums
        table[i] = _guard(lattice, i, scanned)
    return table


@dataclass(frozen=True, slots=True)
class Posteriors:
    """Probabilities of beads given both texts, on the band of the lattice."""

    match: dict[tuple[int, int], Scores]
    skip_a: Scores
    skip_b: Scores
    log_total: float


def posteriors(lattice: Lattice) -> Posteriors:
    """The probability of every bead over all paths (forward–backward)."""
    band = lattice.band
    ahead, behind = backward(lattice), forward(lattice, best=False)
    total = float(behind[-1, band.m - band.low[-1]])
    match = {}
    for (p, q), scores in lattice.match.items():
        logs = np.full_like(scores, NEVER)
        for i in range(p, len(band.low)):
            start = int(band.low[i])
            logs[i] = _row(behind, band, i - p, start - q) + scores[i] + ahead[i]
        match[p, q] = np.exp(np.minimum(0.0, logs - total))
    n = len(band.low) - 1
    skip_a = np.zeros(n)
    for i in range(1, n + 1):
        start = int(band.low[i])
        logs = _row(behind, band, i - 1, start) + lattice.skip_a[i - 1] + ahead[i] - total
        skip_a[i - 1] = np.exp(np.minimum(0.0, logs)).sum()
    used = np.zeros(band.m)
    for (p, q), values in match.items():
        columns = band.columns()
        for left in range(q):
            places = columns - 1 - left
            inside = (places >= 0) & (places < band.m) & (values > 0)
            np.add.at(used, places[inside], values[inside])
        del p
    return Posteriors(match, skip_a, np.clip(1.0 - used, 0.0, 1.0), total)


def best_path(lattice: Lattice) -> list[tuple[int, int, int, int]]:
    """The best path as (i, j, p, q): a bead of p and q units that ends at node (i, j), in order."""
    band = lattice.band
    table = forward(lattice, best=True)
    i, j = len(band.low) - 1, band.m
    path = []
    while i > 0 or j > 0:
        here = table[i, j - band.low[i]]
        options: list[tuple[float, int, int]] = []
        for (p, q), scores in lattice.match.items():
            if i >= p and j >= q and 0 <= j - q - band.low[i - p] < band.width:
                before = table[i - p, j - q - band.low[i - p]]
                options.append((before + scores[i, j - band.low[i]], p, q))
        if i and 0 <= j - band.low[i - 1] < band.width:
            before = table[i - 1, j - band.low[i - 1]]
            options.append((before + lattice.skip_a[i - 1], 1, 0))
        if j > band.low[i]:
            before = table[i, j - 1 - band.low[i]]
            options.append((before + lattice.skip_b[j - 1], 0, 1))
        _, p, q = min(options, key=lambda option: abs(option[0] - here))
        path.append((i, j, p, q))
        i, j = i - p, j - q
    return path[::-1]
