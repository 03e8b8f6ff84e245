"""The monotone decoder: m:n beads of two texts in the same order."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bead:
    """Consecutive units that translate each other (Gale and Church 1993).

    One side empty: an insertion or a deletion, kept as evidence. `probability` is the posterior of
    the whole bead given both texts; `similarity` is the cosine of the two sides (0 when
    one is empty).
    `parts` maps a view's name to its share of the log-odds.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    probability: float
    similarity: float
    parts: dict[str, float] = field(default_factory=dict)
