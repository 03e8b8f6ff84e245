"""Fits the monotone decoder's weights: conditional likelihood of gold beads, by language pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alignment.beads import TYPES, Band, Candidates, candidates
from alignment.bitext import BY_LENGTH
from alignment.comparable import propagate
from alignment.lattice import NEVER, multiplicity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from alignment.options import Options
    from alignment.views import Side

    Gold = list[tuple[tuple[int, ...], tuple[int, ...]]]


BATCH = 24  # documents of like size that are computed together


@dataclass(frozen=True, slots=True)
class Example:
    """One document pair with its candidates and the gold path as end nodes by type."""

    features: Candidates
    gold: dict[tuple[int, int], list[tuple[int, int]]]
    gone_a: list[int]
    gone_b: list[int]


def example(a: Side, b: Side, gold: Gold, views: tuple[str, ...], ratio: float) -> Example:
    """An example from gold links; units in no link are deletions."""
    found = candidates(a, b, Band.full(len(a), len(b)), views, ratio)
    places: dict[tuple[int, int], list[tuple[int, int]]] = {kind: [] for kind in TYPES}
    for left, right in gold:
        kind = (len(left), len(right))
        if kind in places:
            places[kind].append((max(left) + 1, max(right) + 1))
    in_a = {i for left, _ in gold for i in left}
    in_b = {j for _, right in gold for j in right}
    return Example(
        found,
        places,
        [i for i in range(len(a)) if i not in in_a],
        [j for j in range(len(b)) if j not in in_b],
    )


def names_of(views: Sequence[str]) -> list[str]:
    """The weights of the monotone decoder for these views, in order."""
    names = list(views) + [f"{view} gain" for view in views if view != "keys"]
    names += ["words mass"] if "words" in views else []
    names += ["length", "pieces", "figures", "counted", "marks", "hub", "merge"]
    return names + ["skip bias", "skip short"] + [f"skip best {view}" for view in views]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Examples of like size as one stack of grids, `(documents, rows, columns)`."""

    ends: NDArray[np.int64]
    match: dict[tuple[int, int], tuple[NDArray[np.float64], NDArray[np.bool_]]]
    gold: dict[tuple[int, int], NDArray[np.float64]]
    skip: tuple[NDArray[np.float64], NDArray[np.float64]]
    present: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    gone: tuple[NDArray[np.float64], NDArray[np.float64]]


def _stack(examples: Sequence[Example], names: Sequence[str]) -> _Batch:
    """One batch; features are stacked last, in the order of `names` (the merge bias included)."""
    shapes = [one.features.valid[1, 1].shape for one in examples]
    n, m = max(shape[0] for shape in shapes), max(shape[1] for shape in shapes)
    count = len(examples)
    of_bead = [name for name in names if not name.startswith("skip ")]
    of_skip = [name.removeprefix("skip ") for name in names if name.startswith("skip ")]
    match, gold = {}, {}
    for kind in TYPES:
        grid = np.zeros((count, n, m, len(of_bead)))
        fits = np.zeros((count, n, m), dtype=bool)
        ends = np.zeros((count, n, m))
        for d, one in enumerate(examples):
            rows, columns = shapes[d]
            fits[d, :rows, :columns] = one.features.valid[kind]
            for k, name in enumerate(of_bead):
                if name == "merge":
                    grid[d, :rows, :columns, k] = multiplicity(kind)
                elif name in one.features.match[kind]:
                    grid[d, :rows, :columns, k] = one.features.match[kind][name]
            for i, j in one.gold.get(kind, []):
                ends[d, i, j] = 1.0
        match[kind] = (grid, fits)
        gold[kind] = ends
    skip = np.zeros((count, n - 1, len(of_skip))), np.zeros((count, m - 1, len(of_skip)))
    present = np.zeros((count, n - 1), dtype=bool), np.zeros((count, m - 1), dtype=bool)
    gone = np.zeros((count, n - 1)), np.zeros((count, m - 1))
    for d, one in enumerate(examples):
        for side, values, places in (
            (0, one.features.skip_a, one.gone_a),
            (1, one.features.skip_b, one.gone_b),
        ):
            size = shapes[d][side] - 1
            present[side][d, :size] = True
            gone[side][d, places] = 1.0
            for k, name in enumerate(of_skip):
                skip[side][d, :size, k] = values[name]
    return _Batch(np.array(shapes) - 1, match, gold, skip, present, gone)


def _shifted(table: NDArray[np.float64], p: int, q: int) -> NDArray[np.float64]:
    """Columns moved q to the right, NEVER where nothing comes in; `p` is handled by the caller."""
    del p
    if not q:
        return table
    out = np.full_like(table, NEVER)
    out[:, q:] = table[:, :-q]
    return out


def _gradient(
    batch: _Batch, point: NDArray[np.float64], beads: int
) -> tuple[float, NDArray[np.float64]]:
    """Negative log-likelihood of the gold paths of a batch, and its gradient."""
    scores = {
        kind: np.where(fits, grid @ point[:beads], NEVER)
        for kind, (grid, fits) in batch.match.items()
    }
    skips = [
        np.where(batch.present[side], batch.skip[side] @ point[beads:], NEVER) for side in (0, 1)
    ]
    count, n, m = scores[1, 1].shape
    each = np.arange(count)
    inserted = np.where(batch.present[1], skips[1], 0.0)
    sums = np.concatenate([np.zeros((count, 1)), np.cumsum(inserted, axis=1)], axis=1)
    closed = np.arange(m)[None, :] > batch.ends[:, 1:2]
    behind = np.full((count, n, m), NEVER)
    for i in range(n):
        row = np.full((count, m), NEVER)
        if i == 0:
            row[:, 0] = 0.0
        else:
            row = behind[:, i - 1] + skips[0][:, i - 1, None]
            for (p, q), values in scores.items():
                if i >= p:
                    row = np.logaddexp(row, _shifted(behind[:, i - p], p, q) + values[:, i])
        row = np.logaddexp.accumulate(row - sums, axis=1) + sums
        behind[:, i] = np.where(closed, NEVER, row)
    total = behind[each, batch.ends[:, 0], batch.ends[:, 1]]
    ahead = np.full((count, n, m), NEVER)
    for i in range(n - 1, -1, -1):
        row = np.full((count, m), NEVER)
        last = batch.ends[:, 0] == i
        row[last, batch.ends[last, 1]] = 0.0
        if i + 1 < n:
            row = np.logaddexp(row, ahead[:, i + 1] + skips[0][:, i, None])
            for (p, q), values in scores.items():
                if i + p < n:
                    later = ahead[:, i + p] + values[:, i + p]
                    moved = np.full_like(later, NEVER)
                    moved[:, : m - q] = later[:, q:]
                    row = np.logaddexp(row, moved)
        row = np.logaddexp.accumulate((row + sums)[:, ::-1], axis=1)[:, ::-1] - sums
        ahead[:, i] = np.where(closed, NEVER, row)
    loss = float(total.sum())
    slope = np.zeros(len(point))
    used = np.zeros((count, m + 3))
    for (p, q), values in scores.items():
        grid, _ = batch.match[p, q]
        chance = np.zeros_like(values)
        for i in range(p, n):
            logs = _shifted(behind[:, i - p], p, q) + values[:, i] + ahead[:, i] - total[:, None]
            chance[:, i] = np.exp(np.minimum(0.0, logs))
        for left in range(q):
            used[:, : m - left] += chance.sum(axis=1)[:, left:]
        loss -= float((batch.gold[p, q] * np.where(values > NEVER / 2, values, 0.0)).sum())
        slope[:beads] += np.tensordot(chance - batch.gold[p, q], grid, axes=3)
    deleted = np.exp(
        np.minimum(
            0.0,
            np.logaddexp.reduce(behind[:, :-1] + ahead[:, 1:], axis=2) + skips[0] - total[:, None],
        )
    )
    alone = (deleted, np.clip(1.0 - used[:, 1:m], 0.0, 1.0))
    for side in (0, 1):
        chance = np.where(batch.present[side], alone[side], 0.0)
        loss -= float((batch.gone[side] * np.where(batch.present[side], skips[side], 0.0)).sum())
        slope[beads:] += np.tensordot(chance - batch.gone[side], batch.skip[side], axes=2)
    return loss, slope


def fit(
    examples: Sequence[Example],
    views: Sequence[str],
    *,
    prior: dict[str, float] | None = None,
    strength: float = 0.05,
    steps: int = 60,
) -> dict[str, float]:
    """Weights that maximise the likelihood of gold paths, held near `prior` by `strength`."""
    from scipy.optimize import minimize

    names = names_of(views)
    beads = sum(not name.startswith("skip ") for name in names)
    centre = np.array([(prior or {}).get(name, 0.0) for name in names])
    by_size = sorted(examples, key=lambda one: one.features.valid[1, 1].size)
    batches = [
        _stack(by_size[start : start + BATCH], names) for start in range(0, len(by_size), BATCH)
    ]

    def objective(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        parts = [_gradient(batch, point, beads) for batch in batches]
        away = point - centre
        loss = sum(part[0] for part in parts) + strength * float(away @ away) / 2
        return loss, sum((part[1] for part in parts), strength * away)

    result = minimize(objective, centre, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return dict(zip(names, [round(float(value), 4) for value in result.x], strict=True))


def comparable_names(views: Sequence[str]) -> list[str]:
    """The weights of the comparable decoder for these views, in order."""
    names = list(views) + [f"{view} gain" for view in views if view != "keys"]
    names += ["words mass"] if "words" in views else []
    names += ["length", "pieces", "figures", "counted", "marks", "hub", "merge"]
    return [*names, "skip bias", "skip short", "skip hub"]


def retold_names(views: Sequence[str]) -> list[str]:
    """The weights of news told again for these views, in order."""
    names = comparable_names(views)
    place = names.index("figures")
    told = ["words rare", "words rare gain"] if "words" in views else []
    told += ["place", "place early", "kinds", "kinds other", "figures same"]
    return [*names[:place], *told, *names[place:]]


def mining_names() -> list[str]:
    """The weights of pairs mined from two collections, in order."""
    names = ["vector", "margin", "words", "words mass", "words linked", "words lost", "cognate"]
    names += ["keys", "length", "pieces", "figures same", "figures other"]
    names += ["figures", "counted", "marks", "hub", "long", *(f"{view} long" for view in BY_LENGTH)]
    return [*names, "skip bias", "skip short", "skip hub"]


def fit_comparable(
    documents: Sequence[tuple[Options, Gold]],
    names: Sequence[str],
    *,
    prior: dict[str, float] | None = None,
    strength: float = 0.05,
    steps: int = 30,
) -> dict[str, float]:
    """Weights that maximise the Bethe likelihood of the gold matchings.

    `names` as `comparable_names` or `mining_names` give them: those of having no partner are last.
    Units whose gold bead is not among the candidates count as alone.
    """
    from scipy.optimize import minimize

    of_bead = [name for name in names if not name.startswith("skip ")]
    of_none = [name.removeprefix("skip ") for name in names if name.startswith("skip ")]
    beads, nones, numbered, chosen = [], [], [], []
    unit_base = row_base = 0
    for found, gold in documents:
        beads.append(np.stack([found.features[name] for name in of_bead], axis=1))
        nones.append(np.stack([found.skip[name] for name in of_none], axis=1))
        units = found.units()
        inside = units >= 0
        numbered.append(np.where(inside, units + unit_base, -1))
        pick = np.full(found.n + found.m, -1, dtype=np.int64)  # -1: none
        place = {
            (tuple(a[a >= 0].tolist()), tuple(b[b >= 0].tolist())): row
            for row, (a, b) in enumerate(zip(found.a, found.b, strict=True))
        }
        for left, right in gold:
            row = place.get((tuple(sorted(left)), tuple(sorted(right))))
            for unit in [*left, *(j + found.n for j in right)]:
                pick[unit] = -2 if row is None else row + row_base
        chosen.append(pick)
        unit_base += found.n + found.m
        row_base += len(found.a)
    bead, none = np.concatenate(beads), np.concatenate(nones)
    all_units, pick = np.concatenate(numbered), np.concatenate(chosen)
    weigh = np.zeros(len(bead))
    weigh[np.unique(pick[pick >= 0])] = 1.0
    alone = (pick < 0).astype(np.float64)
    centre = np.array([(prior or {}).get(name, 0.0) for name in names])

    def objective(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = bead @ point[: len(of_bead)]
        empty = none @ point[len(of_bead) :]
        chance = propagate(scores, empty, all_units)
        loss = chance.log_total - float(weigh @ scores + alone @ empty)
        slope = np.concatenate([(chance.bead - weigh) @ bead, (chance.alone - alone) @ none])
        away = point - centre
        return loss + strength * float(away @ away) / 2, slope + strength * away

    result = minimize(objective, centre, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return dict(zip(names, [round(float(value), 4) for value in result.x], strict=True))
