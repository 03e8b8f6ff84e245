"""The comparable decoder: which units say the same thing when a story is told again.

Every unit of both sides chooses among the beads that cover it and having no partner; a bead's
strength is the mean of its units' choices. Beads are taken from the strongest down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alignment.options import Options


def choices(
    found: Options, weights: dict[str, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Each unit's probability of every bead that covers it, of none, and the beads' strengths.

    Returns `(k, 4)` in the places of `Options.units()`, `(n + m,)` and `(k,)`.
    """
    scores = np.zeros(len(found.a))
    for name, values in found.features.items():
        scores += weights.get(name, 0.0) * values
    none = np.zeros(found.n + found.m)
    for name, values in found.skip.items():
        none += weights.get(f"skip {name}", 0.0) * values
    units = found.units()
    inside = units >= 0
    owner = units[inside]
    spread = np.broadcast_to(scores[:, None], units.shape)[inside]
    top = none.copy()
    np.maximum.at(top, owner, spread)
    total = np.exp(none - top)
    total += np.bincount(owner, weights=np.exp(spread - top[owner]), minlength=len(none))
    chance = np.zeros(units.shape)
    chance[inside] = np.exp(spread - top[owner]) / total[owner]
    strength = np.exp(
        np.where(inside, np.log(np.maximum(chance, 1e-300)), 0.0).sum(axis=1) / inside.sum(axis=1)
    )
    return chance, np.exp(none - top) / total, strength


def decode(found: Options, strength: NDArray[np.float64], least: float) -> NDArray[np.int64]:
    """Rows of the beads kept: disjoint, strongest first, none below `least`."""
    order = np.argsort(-strength, kind="stable")
    order = order[strength[order] >= least]
    units = found.units()
    used = np.zeros(found.n + found.m + 1, dtype=bool)
    kept = []
    for row in order:
        own = units[row]
        if not used[own[own >= 0]].any():
            used[own[own >= 0]] = True
            kept.append(int(row))
    return np.array(kept, dtype=np.int64)
