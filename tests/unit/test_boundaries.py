from __future__ import annotations

import numpy as np
import pytest

from alignment import monotone
from alignment.boundaries import LARGEST, crowded, windows
from alignment.calibration import Weights
from alignment.monotone import Bead, align
from alignment.similarity import Unit
from alignment.views import Side, read_side

WEIGHTS = Weights(
    ("vector",),
    {
        "vector": 40.0,
        "vector gain": 30.0,
        "length": 2.0,
        "merge": -1.0,
        "skip bias": 3.0,
        "skip short": -1.0,
    },
)


def pair(a: int, b: int, probability: float) -> Bead:
    return Bead((a,), (b,), probability, 0.5)


AXES = np.linalg.qr(np.random.default_rng(0).standard_normal((32, 32)))[0].astype(np.float32)


def side(language: str, *groups: list[int]) -> Side:
    """Units whose vectors are sums of axes: one with the axes 1 and 2 says what 1 and 2 say."""
    units = []
    for group in groups:
        row = AXES[group].sum(axis=0)
        units.append(Unit("слово " * 8 * len(group), language, vector=row / np.linalg.norm(row)))
    return read_side(units)


def test_doubt_is_bordered_by_sure_beads_and_neighbouring_doubts_are_one() -> None:
    beads = [pair(i, i, 0.5 if i in (3, 5, 12) else 0.99) for i in range(16)]
    assert [(one.first, one.last, one.a, one.b) for one in windows(beads)] == [
        (2, 7, slice(2, 7), slice(2, 7)),
        (11, 14, slice(11, 14), slice(11, 14)),
    ]


def test_text_that_is_sure_one_sided_or_endless_is_left_as_it_is() -> None:
    assert windows([pair(i, i, 0.99) for i in range(9)]) == []
    assert windows([Bead((i,), (), 0.4, 0.0) for i in range(9)]) == []
    assert windows([pair(i, i, 0.4) for i in range(LARGEST + 1)]) == []


def test_only_full_beads_are_crowded() -> None:
    assert crowded([(1, 1), (2, 2)])
    assert crowded([(1, 3)])
    assert not crowded([(1, 2), (2, 1), (0, 1)])


@pytest.mark.parametrize("exact", [monotone.EXACT, 0])
def test_a_unit_that_the_types_of_beads_left_over_is_taken_in(
    monkeypatch: pytest.MonkeyPatch, exact: int
) -> None:
    monkeypatch.setattr(monotone, "EXACT", exact)
    a = side("ru", [0], [1], [2, 3, 4, 5], [6], [7], [8])
    b = side("en", [0], [1], [2], [3], [4], [5], [6], [7], [8])
    found = [(bead.a, bead.b) for bead in align(a, b, WEIGHTS, 0.0)]
    assert ((2,), (2, 3, 4, 5)) in found
    assert [j for _, right in found for j in right] == list(range(9))


def test_words_shift_a_border_that_vectors_left_in_doubt() -> None:
    def spoken(language: str, *groups: list[int]) -> Side:
        units = []
        for group in groups:
            units.append(Unit("слово " * 9, language, vector=AXES[9], words=AXES[group]))
        return read_side(units)

    a, b = spoken("ru", [0, 1], [2, 3], [4, 5]), spoken("en", [0, 1], [4, 5])
    fine = Weights(("vector", "words"), {**WEIGHTS.values, "words": 60.0, "skip bias": 25.0})
    found = [(bead.a, bead.b) for bead in align(a, b, WEIGHTS, 0.0, fine)]
    assert found == [((0,), (0,)), ((1,), ()), ((2,), (1,))]
