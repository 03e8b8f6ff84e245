"""The boundary pass: where the borders of beads are in doubt, they are drawn again by finer means.

The dynamic programme finds the best path among the beads and views it is given. What is too dear
for a whole grid it is not given: beads of five units, and in long texts the words' view. Between
sure beads a text is short again, and there the same exact search runs with both. So beads are
split, units shift between neighbours, units without a partner are taken in and others released, all
by the scores that the first decoding used, and what was sure stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alignment.monotone import Bead

SURE = 0.95  # probability from which a bead stays as it is
CONTEXT = 8  # units on both sides that a window is read with: articles are about as long
LARGEST = 64  # units of one side of a window; in a longer one the text has no partner at all


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring beads that are decoded again: `first` to before `last`, and their units."""

    first: int
    last: int
    a: slice
    b: slice


def crowded(kinds: Iterable[tuple[int, int]]) -> bool:
    """Whether a bead has as many units as the first decoding allows: it may want more."""
    return any(p and q and p + q >= 4 for p, q in kinds)


def windows(beads: Sequence[Bead], sure: float = SURE) -> list[Window]:
    """The stretches of beads in doubt, each with the sure bead before and after it.

    `sure` 0 leaves only beads that are `crowded`. Neighbouring stretches are one; those with one
    side only, or longer than `LARGEST`, are left as they are.
    """
    doubtful = [
        place
        for place, bead in enumerate(beads)
        if bead.probability < sure or crowded([(len(bead.a), len(bead.b))])
    ]
    spans: list[list[int]] = []
    for place in doubtful:
        first, last = max(0, place - 1), min(len(beads), place + 2)
        if spans and first <= spans[-1][1]:
            spans[-1][1] = last
        else:
            spans.append([first, last])
    starts_a, starts_b = (
        _starts([len(bead.a) for bead in beads]),
        _starts([len(bead.b) for bead in beads]),
    )
    found = [
        Window(
            first,
            last,
            slice(starts_a[first], starts_a[last]),
            slice(starts_b[first], starts_b[last]),
        )
        for first, last in spans
    ]
    return [
        window
        for window in found
        if 0 < window.a.stop - window.a.start <= LARGEST
        and 0 < window.b.stop - window.b.start <= LARGEST
    ]


def _starts(sizes: Sequence[int]) -> list[int]:
    total = [0]
    for size in sizes:
        total.append(total[-1] + size)
    return total
