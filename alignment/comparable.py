"""The comparable decoder: which units say the same thing when a story is told again.

A matching is a set of beads that share no unit; its weight is the sum of its beads' scores and of
the scores of being left alone. Loopy belief propagation gives each bead's marginal probability
over all matchings (Huang and Jebara 2009 for matchings; Yedidia et al. 2005 for the free energy):
a rival that has its own partner elsewhere stops being a rival.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alignment.options import Options

    Floats = NDArray[np.float64]
    Index = NDArray[np.int64]

ROUNDS = 10  # of message passing; articles settle in about ten
DAMPING = 0.5  # share of the old message kept, in the log domain
BOUND = 40.0  # of log-odds in messages


@dataclass(frozen=True, slots=True)
class Marginals:
    """Probabilities over all matchings: of every bead `(k,)`, of every unit alone `(n + m,)`."""

    bead: Floats
    alone: Floats
    log_total: float


def propagate(scores: Floats, alone: Floats, units: Index, rounds: int = ROUNDS) -> Marginals:
    """Marginals of beads with `scores` over `units` `(k, w)` (-1: none); `alone` by unit.

    `log_total` is the Bethe approximation of the log-weight of all matchings.
    """
    inside = units >= 0
    owner = units[inside]
    row = np.nonzero(inside)[0]
    degree = inside.sum(axis=1)
    base = np.exp(alone)
    count = len(alone)
    to_bead = np.zeros(len(owner))  # log-odds messages, unit → bead
    incoming = np.zeros(len(owner))
    for turn in range(rounds + 1):
        total = np.bincount(row, weights=to_bead, minlength=len(scores)) + scores
        incoming = np.exp(np.clip(total[row] - to_bead, -BOUND, BOUND))
        mass = base + np.bincount(owner, weights=incoming, minlength=count)
        if turn == rounds:
            break
        rest = np.maximum(mass[owner] - incoming, 1e-12 * mass[owner])
        fresh = -np.log(rest)
        to_bead = fresh if turn == 0 else DAMPING * to_bead + (1 - DAMPING) * fresh
    total = np.bincount(row, weights=to_bead, minlength=len(scores)) + scores
    odds = np.clip(total, -BOUND, BOUND)
    bead = 1.0 / (1.0 + np.exp(-odds))
    log_total = float(np.log(mass).sum() - ((degree - 1) * np.logaddexp(0.0, odds)).sum())
    return Marginals(bead, base / mass, log_total)


def choices(found: Options, weights: dict[str, float]) -> Marginals:
    """The marginals of all candidate beads of two sides."""
    scores = np.zeros(len(found.a))
    for name, values in found.features.items():
        scores += weights.get(name, 0.0) * values
    alone = np.zeros(found.n + found.m)
    for name, values in found.skip.items():
        alone += weights.get(f"skip {name}", 0.0) * values
    return propagate(scores, alone, found.units())


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
