"""Fits the monotone decoder's weights: conditional likelihood of gold beads, by language pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alignment.beads import TYPES, Band, Candidates, candidates
from alignment.lattice import multiplicity, posteriors, scored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from alignment.options import Options
    from alignment.views import Side

    Gold = list[tuple[tuple[int, ...], tuple[int, ...]]]


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
    names += ["length", "pieces", "figures", "counted", "hub", "merge"]
    return names + ["skip bias", "skip short"] + [f"skip best {view}" for view in views]


def _gradient(one: Example, weights: dict[str, float]) -> tuple[float, dict[str, float]]:
    """Negative log-likelihood of the gold path and its gradient by weight name."""
    chain = scored(one.features, weights)
    chance = posteriors(chain)
    loss = chance.log_total
    slope = dict.fromkeys(weights, 0.0)
    for kind, features in one.features.match.items():
        held = chance.match[kind]
        ends = one.gold.get(kind, [])
        for i, j in ends:
            loss -= float(chain.match[kind][i, j])
        slope["merge"] += multiplicity(kind) * (float(held.sum()) - len(ends))
        for name, grid in features.items():
            if name in slope:
                slope[name] += float((held * grid).sum()) - sum(float(grid[e]) for e in ends)
    for skip, gone, values, score in (
        (one.features.skip_a, one.gone_a, chance.skip_a, chain.skip_a),
        (one.features.skip_b, one.gone_b, chance.skip_b, chain.skip_b),
    ):
        loss -= float(score[gone].sum())
        for name, grid in skip.items():
            full = f"skip {name}"
            if full in slope:
                slope[full] += float((values * grid).sum()) - float(grid[gone].sum())
    return loss, slope


def fit(
    examples: Sequence[Example],
    views: Sequence[str],
    *,
    prior: dict[str, float] | None = None,
    strength: float = 0.05,
    steps: int = 80,
    report: Callable[[str], None] | None = None,
) -> dict[str, float]:
    """Weights that maximise the likelihood of gold paths, held near `prior` by `strength`."""
    from scipy.optimize import minimize

    names = names_of(views)
    centre = np.array([(prior or {}).get(name, 0.0) for name in names])

    def objective(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = dict(zip(names, point.tolist(), strict=True))
        loss = 0.0
        slope = np.zeros(len(names))
        for one in examples:
            part, by_name = _gradient(one, weights)
            loss += part
            slope += np.array([by_name[name] for name in names])
        away = point - centre
        if report:
            report(f"{loss:.1f}")
        return loss + strength * float(away @ away) / 2, slope + strength * away

    result = minimize(
        objective, centre, jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxfun": steps}
    )
    return dict(zip(names, [round(float(value), 4) for value in result.x], strict=True))


def comparable_names(views: Sequence[str]) -> list[str]:
    """The weights of the comparable decoder for these views, in order."""
    names = list(views) + [f"{view} gain" for view in views if view != "keys"]
    names += ["length", "pieces", "figures", "counted", "hub", "merge"]
    return [*names, "skip bias", "skip short", "skip hub"]


def fit_comparable(
    documents: Sequence[tuple[Options, Gold]],
    views: Sequence[str],
    *,
    prior: dict[str, float] | None = None,
    strength: float = 0.05,
    steps: int = 150,
) -> dict[str, float]:
    """Weights that maximise the likelihood of every unit's own choice (pseudo-likelihood).

    A unit whose gold bead is not among the candidates is left out.
    """
    from scipy.optimize import minimize

    names = comparable_names(views)
    of_bead = [name for name in names if not name.startswith("skip ")]
    of_none = [name.removeprefix("skip ") for name in names if name.startswith("skip ")]
    beads, nones, owners, rows, chosen = [], [], [], [], []
    unit_base = row_base = 0
    for found, gold in documents:
        beads.append(np.stack([found.features[name] for name in of_bead], axis=1))
        nones.append(np.stack([found.skip[name] for name in of_none], axis=1))
        units = found.units()
        inside = units >= 0
        owners.append(units[inside] + unit_base)
        rows.append(np.nonzero(inside)[0] + row_base)
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
    owner, row_of, pick = np.concatenate(owners), np.concatenate(rows), np.concatenate(chosen)
    counted = pick != -2
    use = counted.astype(np.float64)
    weigh = np.bincount(pick[pick >= 0], minlength=len(bead)).astype(np.float64)
    alone = (pick == -1).astype(np.float64)
    centre = np.array([(prior or {}).get(name, 0.0) for name in names])

    def objective(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = bead @ point[: len(of_bead)]
        empty = none @ point[len(of_bead) :]
        spread = scores[row_of]
        top = empty.copy()
        np.maximum.at(top, owner, spread)
        raised = np.exp(spread - top[owner])
        base = np.exp(empty - top)
        total = base + np.bincount(owner, weights=raised, minlength=len(empty))
        loss = float((use * (np.log(total) + top)).sum() - weigh @ scores - alone @ empty)
        chance = raised / total[owner] * use[owner]
        by_row = np.bincount(row_of, weights=chance, minlength=len(bead)) - weigh
        by_unit = use * base / total - alone
        slope = np.concatenate([by_row @ bead, by_unit @ none])
        away = point - centre
        return loss + strength * float(away @ away) / 2, slope + strength * away

    result = minimize(objective, centre, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    return dict(zip(names, [round(float(value), 4) for value in result.x], strict=True))
