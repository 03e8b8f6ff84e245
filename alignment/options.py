"""Candidate beads of two texts told in any order, as one list with features.

A bead joins one unit with one or two units of the other side, adjacent or not. Candidates come
from each unit's nearest units, so the list grows with n + m, not with n · m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alignment.beads import DEVIATION, SHORT
from alignment.words import Coverage, mass_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from alignment.calibration import Weights
    from alignment.views import Side

    Index = NDArray[np.int64]

NEAREST = 12  # units of the other side that a unit may pair with, by the quick similarity
HALVES = 10  # of those, the nearest ones that may be halves of a 1:2 bead with it
DOUBLES = 10  # 1:2 beads kept for each unit, by similarity, length and sentence ends
LOSS = -0.04  # a 1:2 bead that gains less than this in similarity is no candidate
DENSE = 250_000  # cells up to which all products of two sides are computed at once
SMALL = 400  # cells up to which all 1:1 beads are candidates
BLOCK = 512
WEIGHT = {
    "vector": 1.0,
    "pivot": 1.0,
    "english": 1.0,
    "cognate": 0.7,
    "keys": 0.2,
}  # of the candidate search


@dataclass(frozen=True, slots=True)
class Options:
    """Beads as rows: units `a` and `b` `(k, 2)` (-1: none), `features[name]` `(k,)`.

    `skip[name]` `(n + m,)` are features of having no partner, side a first. `cosine` `(k,)` is the
    similarity shown to people.
    """

    n: int
    m: int
    a: Index
    b: Index
    features: dict[str, NDArray[np.float64]]
    skip: dict[str, NDArray[np.float64]]
    cosine: NDArray[np.float64]

    def units(self) -> Index:
        """The units of every bead in one numbering, side b after side a, `(k, 4)`, -1: none."""
        return np.concatenate([self.a, np.where(self.b >= 0, self.b + self.n, -1)], axis=1)


def options(a: Side, b: Side, views: Sequence[str], ratio: float, *, told: bool = False) -> Options:
    """All candidate beads of two sides, 1:1 first; `told` adds what helps with news told again."""
    n, m = len(a), len(b)
    weights = {view: WEIGHT[view] for view in views if view in WEIGHT}
    unit_a = {view: unit_rows(a.rows[view]) for view in weights}
    unit_b = {view: unit_rows(b.rows[view]) for view in weights}
    near_a, hub_a = nearest(unit_a, unit_b, weights, NEAREST)
    near_b, hub_b = nearest(unit_b, unit_a, weights, NEAREST)
    singles = _singles(n, m, near_a, near_b)
    left = [np.stack([singles[:, 0], np.full(len(singles), -1)], axis=1)]
    right = [np.stack([singles[:, 1], np.full(len(singles), -1)], axis=1)]
    main = next(view for view in ("vector", "english", "cognate") if view in views)
    ones, twos = _doubles(near_a[:, :HALVES])
    kept = _worthy(main, a, b, ones, twos, ratio)
    left.append(np.stack([ones[kept], np.full(len(kept), -1)], axis=1))
    right.append(twos[kept])
    ones, twos = _doubles(near_b[:, :HALVES])
    kept = _worthy(main, b, a, ones, twos, -ratio)
    right.append(np.stack([ones[kept], np.full(len(kept), -1)], axis=1))
    left.append(twos[kept])
    in_a, in_b = np.concatenate(left), np.concatenate(right)
    covered = Coverage.of(a, b) if "words" in views else None
    features, cosine = _features(a, b, in_a, in_b, views, covered, ratio, hub_a, hub_b)
    if told:
        features |= _told(a, b, in_a, in_b, covered)
    characters = np.concatenate([a.characters, b.characters])
    skip = {"bias": np.ones(n + m), "short": np.exp(-characters / 20.0)}
    skip["hub"] = np.concatenate([hub_a, hub_b])
    return Options(n, m, in_a, in_b, features, skip, cosine)


def nearest(
    a: dict[str, NDArray[np.float32]],
    b: dict[str, NDArray[np.float32]],
    weights: dict[str, float],
    count: int,
) -> tuple[Index, NDArray[np.float64]]:
    """The nearest units of b for every unit of a, `(n, k)` best first, and their mean similarity.

    The mean leaves the nearest one out: it says how crowded the neighbourhood is.
    """
    views = list(weights)
    n, m = len(a[views[0]]), len(b[views[0]])
    count = min(count, m)
    found = np.zeros((n, count), dtype=np.int64)
    hubs = np.zeros(n)
    total = sum(weights.values())
    for start in range(0, n, BLOCK):
        stop = min(n, start + BLOCK)
        alike = np.zeros((stop - start, m), dtype=np.float32)
        for view in views:
            alike += weights[view] / total * (a[view][start:stop] @ b[view].T)
        if count < m:
            top = np.argpartition(-alike, count - 1, axis=1)[:, :count]
        else:
            top = np.tile(np.arange(m), (stop - start, 1))
        values = np.take_along_axis(alike, top, axis=1)
        order = np.lexsort((top, -values), axis=1)
        found[start:stop] = np.take_along_axis(top, order, axis=1)
        ranked = np.take_along_axis(values, order, axis=1)
        if count > 1:
            hubs[start:stop] = ranked[:, 1:4].mean(axis=1)
    return found, hubs


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows scaled to length 1 (zero rows stay zero)."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(norms, 1e-9), dtype=np.float32)


def _singles(n: int, m: int, near_a: Index, near_b: Index) -> Index:
    if n * m <= SMALL:
        grid = np.indices((n, m)).reshape(2, -1).T
        return np.ascontiguousarray(grid)
    one = np.stack([np.repeat(np.arange(n), near_a.shape[1]), near_a.ravel()], axis=1)
    two = np.stack([near_b.ravel(), np.repeat(np.arange(m), near_b.shape[1])], axis=1)
    return np.unique(np.concatenate([one, two]), axis=0)


def _doubles(near: Index) -> tuple[Index, Index]:
    """Every unit with every two of its nearest: `(k,)` and `(k, 2)` in ascending order."""
    count = near.shape[1]
    first, second = np.triu_indices(count, 1)
    pairs = np.stack([near[:, first], near[:, second]], axis=2).reshape(-1, 2)
    return np.repeat(np.arange(len(near)), len(first)), np.sort(pairs, axis=1)


def _worthy(view: str, a: Side, b: Side, ones: Index, twos: Index, ratio: float) -> Index:
    """Which beads of one unit of a and two of b to keep: the best `DOUBLES` of each unit."""
    if not len(ones):
        return np.zeros(0, dtype=np.int64)
    in_a = np.stack([ones, np.full(len(ones), -1)], axis=1)
    whole, best = _joined(a.rows[view], b.rows[view], in_a, twos)
    apart = np.minimum(2.0, np.abs(a.pieces[ones] - _summed(b.pieces, twos)))
    quick = 20.0 * whole + 2.0 * _length(a, b, in_a, twos, ratio) - 2.5 * apart
    order = np.lexsort((-quick, ones))
    first = np.concatenate(([0], np.nonzero(np.diff(ones[order]))[0] + 1))
    lengths = np.diff(np.append(first, len(ones)))
    rank = np.arange(len(ones)) - np.repeat(first, lengths)
    return np.sort(order[(rank < DOUBLES) & ((whole - best)[order] >= LOSS)])


def _length(a: Side, b: Side, in_a: Index, in_b: Index, ratio: float) -> NDArray[np.float64]:
    """Student-like log-density of the length ratio of every bead (0 at best)."""
    characters_a = _summed(a.characters, in_a)
    characters_b = _summed(b.characters, in_b)
    variance = DEVIATION**2 + SHORT / np.minimum(characters_a, characters_b)
    deviation = (np.log(characters_a / characters_b) - ratio) ** 2 / variance
    return np.asarray(-np.log1p(deviation / 2))


def _features(
    a: Side,
    b: Side,
    in_a: Index,
    in_b: Index,
    views: Sequence[str],
    covered: Coverage | None,
    ratio: float,
    hub_a: NDArray[np.float64],
    hub_b: NDArray[np.float64],
) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
    two_a, two_b = in_a[:, 1] >= 0, in_b[:, 1] >= 0
    features: dict[str, NDArray[np.float64]] = {}
    main: NDArray[np.float64] | None = None
    for view in views:
        if view == "words":
            assert covered is not None
            whole, best_part = covered.beads(in_a, in_b)
            mass = _summed(covered.a.mass, in_a) + _summed(covered.b.mass, in_b)
            features["words mass"] = mass_share(whole, mass)
        else:
            whole, best_part = _joined(a.rows[view], b.rows[view], in_a, in_b)
        features[view] = whole
        if view != "keys":
            features[f"{view} gain"] = np.where(two_a | two_b, whole - best_part, 0.0)
        if main is None and view != "words":
            main = whole
    shared = _joined(a.figures, b.figures, in_a, in_b)[0]
    features["figures"] = _margin(shared, a, b, in_a, in_b)
    features["figures same"] = np.maximum(0.0, shared)
    counted = np.abs(_summed(a.counted, in_a) - _summed(b.counted, in_b))
    features["counted"] = -np.minimum(3.0, counted)
    marked = np.abs(_summed(a.marks, in_a) - _summed(b.marks, in_b))
    features["marks"] = -np.minimum(3.0, marked)
    features["length"] = _length(a, b, in_a, in_b, ratio)
    apart = np.abs(_summed(a.pieces, in_a) - _summed(b.pieces, in_b))
    features["pieces"] = -np.minimum(2.0, apart)
    features["hub"] = (_summed(hub_a, in_a) / (1 + two_a) + _summed(hub_b, in_b) / (1 + two_b)) / 2
    features["merge"] = (two_a | two_b).astype(np.float64)
    return features, main if main is not None else np.zeros(len(in_a))


def _told(
    a: Side, b: Side, in_a: Index, in_b: Index, covered: Coverage | None
) -> dict[str, NDArray[np.float64]]:
    """Features of news told again.

    Words weighted by their rarity in the two texts; how far apart beads stand in the course of
    their texts, and how early, for all tell the main things first; whether their figures count
    the same kinds of things or others.
    """
    features: dict[str, NDArray[np.float64]] = {}
    if covered is not None:
        whole, best = covered.rarer().beads(in_a, in_b)
        features["words rare"], features["words rare gain"] = whole, whole - best
    at_a, at_b = _place(len(a), in_a), _place(len(b), in_b)
    features["place"] = -np.abs(at_a - at_b)
    features["place early"] = -(at_a + at_b) / 2
    if a.kinds is not None and b.kinds is not None:
        shared = _joined(a.kinds, b.kinds, in_a, in_b)[0]
        has_a, has_b = (np.abs(rows).max(axis=1) > 0 for rows in (a.kinds, b.kinds))
        both = (_summed(1.0 * has_a, in_a) > 0) & (_summed(1.0 * has_b, in_b) > 0)
        features["kinds"] = np.maximum(0.0, shared)
        features["kinds other"] = -(both & (shared < 0.1)).astype(np.float64)
    return features


def _place(count: int, places: Index) -> NDArray[np.float64]:
    """Where in the course of a text each bead stands: 0 first, 1 last."""
    alone = places[:, 1] < 0
    mean = np.where(alone, places[:, 0], places.sum(axis=1) / 2)
    return np.asarray(mean / max(1, count - 1))


def _joined(
    rows_a: NDArray[np.float32], rows_b: NDArray[np.float32], in_a: Index, in_b: Index
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cosine of every bead's summed rows, and of its better half alone (1:1: of the bead)."""
    two_a, two_b = in_a[:, 1] >= 0, in_b[:, 1] >= 0
    table = rows_a @ rows_b.T if len(rows_a) * len(rows_b) <= DENSE else None

    def dot(i: Index, j: Index) -> NDArray[np.float32]:
        return _paired(rows_a, i, rows_b, j) if table is None else table[i, j]

    square_a, square_b = (rows_a**2).sum(axis=1), (rows_b**2).sum(axis=1)
    first = dot(in_a[:, 0], in_b[:, 0]).astype(np.float64)
    second = np.zeros(len(in_a))
    second[two_a] = dot(in_a[two_a, 1], in_b[two_a, 0])
    second[two_b] = dot(in_a[two_b, 0], in_b[two_b, 1])
    size_a = square_a[in_a[:, 0]].astype(np.float64)
    size_b = square_b[in_b[:, 0]].astype(np.float64)
    other_a, other_b = np.zeros(len(in_a)), np.zeros(len(in_a))
    other_a[two_a] = square_a[in_a[two_a, 1]]
    other_b[two_b] = square_b[in_b[two_b, 1]]
    cross_a, cross_b = np.zeros(len(in_a)), np.zeros(len(in_a))
    cross_a[two_a] = _inside(rows_a, in_a[two_a])
    cross_b[two_b] = _inside(rows_b, in_b[two_b])
    whole = _cosine(first + second, size_a + other_a + 2 * cross_a, size_b + other_b + 2 * cross_b)
    alone = _cosine(first, size_a, size_b)
    rest = _cosine(second, np.where(two_a, other_a, size_a), np.where(two_b, other_b, size_b))
    return whole, np.where(two_a | two_b, np.maximum(alone, rest), whole)


def _margin(
    figures: NDArray[np.float64], a: Side, b: Side, in_a: Index, in_b: Index
) -> NDArray[np.float64]:
    """How far a bead's figures agree less than its units' figures do elsewhere (0 or below)."""
    single = (in_a[:, 1] < 0) & (in_b[:, 1] < 0)
    best_a, best_b = np.zeros(len(a) + 1), np.zeros(len(b) + 1)
    np.maximum.at(best_a, in_a[single, 0], figures[single])
    np.maximum.at(best_b, in_b[single, 0], figures[single])
    rivals = np.maximum(best_a[in_a].max(axis=1), best_b[in_b].max(axis=1))
    return np.asarray(np.minimum(0.0, figures - rivals))


def _paired(
    left: NDArray[np.float32], i: Index, right: NDArray[np.float32], j: Index
) -> NDArray[np.float32]:
    """Dot products of rows i of left and rows j of right, in blocks."""
    out = np.empty(len(i), dtype=np.float32)
    for start in range(0, len(i), 8192):
        part = slice(start, start + 8192)
        out[part] = np.einsum("ij,ij->i", left[i[part]], right[j[part]])
    return out


def _inside(rows: NDArray[np.float32], units: Index) -> NDArray[np.float32]:
    """Dot products of the two units of every pair `(k, 2)` of one side."""
    if len(rows) ** 2 <= DENSE:
        return np.asarray((rows @ rows.T)[units[:, 0], units[:, 1]])
    return _paired(rows, units[:, 0], rows, units[:, 1])


def _cosine(
    dot: NDArray[np.float64], square_a: NDArray[np.float64], square_b: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.asarray(dot / np.sqrt(np.maximum(square_a * square_b, 1e-18)))


def _summed(values: NDArray[np.float64], places: Index) -> NDArray[np.float64]:
    return np.asarray(values[places[:, 0]] + np.where(places[:, 1] >= 0, values[places[:, 1]], 0.0))


def joined_parts(
    a: Side,
    b: Side,
    beads: Sequence[tuple[list[int], list[int]]],
    weights: Weights,
    ratio: float,
) -> tuple[list[float], list[dict[str, float]]]:
    """Similarity of each bead's sides, and what each view, length and counts give its log-odds."""
    values = weights.values
    left, right = _Groups.of([one for one, _ in beads]), _Groups.of([other for _, other in beads])
    shares: dict[str, NDArray[np.floating]] = {}
    similarities: list[float] | None = None
    for view in weights.views:
        if view == "words":  # kept in the context: its share depends on the neighbours' words
            continue
        rows_a, rows_b = unit_rows(left.summed(a.rows[view])), unit_rows(right.summed(b.rows[view]))
        shares[view] = np.einsum("ij,ij->i", rows_a, rows_b)
        if similarities is None:
            similarities = shares[view].tolist()
    counts_a, counts_b = left.counts(a), right.counts(b)
    (long_a, piece_a, count_a, mark_a), (long_b, piece_b, count_b, mark_b) = counts_a, counts_b
    variance = DEVIATION**2 + SHORT / np.minimum(long_a, long_b)
    deviation = (np.log(long_a / long_b) - ratio) ** 2 / variance
    shares["length"] = -np.log1p(deviation / 2)
    shares["pieces"] = -np.minimum(2.0, np.abs(piece_a - piece_b))
    shares["counted"] = -np.minimum(3.0, np.abs(count_a - count_b))
    shares["marks"] = -np.minimum(3.0, np.abs(mark_a - mark_b))
    weighed = [(values.get(name, 0.0) * column).tolist() for name, column in shares.items()]
    parts = [dict(zip(shares, one, strict=True)) for one in zip(*weighed, strict=True)]
    return similarities or [0.0] * len(beads), parts


@dataclass(frozen=True, slots=True)
class _Groups:
    """Groups of units of one side: `units` one after the other, `starts` where each begins."""

    units: Index
    starts: Index

    @classmethod
    def of(cls, groups: Sequence[Sequence[int]]) -> _Groups:
        """The groups, none empty."""
        units = np.array([unit for group in groups for unit in group], dtype=np.int64)
        return cls(units, np.cumsum([0] + [len(group) for group in groups[:-1]]))

    def summed(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sum of each group's rows, `(groups, d)`."""
        if len(self.units) == len(self.starts):
            return rows[self.units]
        return np.asarray(np.add.reduceat(rows[self.units], self.starts, axis=0), dtype=np.float32)

    def counts(self, side: Side) -> NDArray[np.float64]:
        """Characters, pieces, figures and marks of every group, `(4, groups)`."""
        stacked = np.stack([side.characters, side.pieces, side.counted, side.marks])
        return np.asarray(np.add.reduceat(stacked[:, self.units], self.starts, axis=1))
