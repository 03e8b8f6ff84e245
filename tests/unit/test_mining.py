from __future__ import annotations

import numpy as np
import pytest

from alignment import mining
from alignment.errors import TooLarge
from alignment.mining import mine


def rows(count: int, seed: int) -> np.ndarray:
    made = np.random.default_rng(seed).standard_normal((count, 64)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def test_true_pairs_are_found_among_distractors_whatever_the_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = rows(300, 1), rows(900, 2)
    places = np.random.default_rng(3).permutation(900)[:40]
    b[places] = a[:40] + 0.02 * rows(40, 4)
    b /= np.linalg.norm(b, axis=1, keepdims=True)
    whole = mine(a, b, least=1.4)
    assert {(one.a, one.b) for one in whole} == set(zip(range(40), places.tolist(), strict=True))
    monkeypatch.setattr(mining, "BLOCK", 7)
    assert [(one.a, one.b) for one in mine(a, b, least=1.4)] == [(one.a, one.b) for one in whole]


def test_every_row_is_in_at_most_one_pair() -> None:
    found = mine(rows(50, 1), rows(60, 2), least=0.0)
    assert len({one.a for one in found}) == len(found) == len({one.b for one in found})


def test_nothing_is_mined_from_nothing_and_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert mine(rows(0, 1), rows(5, 2)) == []
    monkeypatch.setattr(mining, "LARGEST", 10)
    with pytest.raises(TooLarge, match="limit is 10"):
        mine(rows(5, 1), rows(5, 2))
