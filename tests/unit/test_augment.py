from __future__ import annotations

import numpy as np
import pytest

from models.training.align_words import NONE
from models.training.augment import cut, varied

COMMA, STOP = 1, 2
MARKS = np.arange(40) == COMMA
STOPS = np.arange(40) == STOP
# Five words, a comma, five words and a full stop, said in the same order.
SOURCE = np.array([10, 11, 12, 13, 14, COMMA, 15, 16, 17, 18, 19, STOP], dtype=np.uint16)
TARGET = SOURCE + np.where(SOURCE > STOP, 20, 0).astype(np.uint16)
STRAIGHT = np.arange(12, dtype=np.uint8)


class Draws:
    """A generator that draws what it is told."""

    def __init__(self, *draws: float) -> None:
        self.draws = list(draws)

    def random(self) -> float:
        return self.draws.pop(0)


def test_a_pair_is_cut_where_both_sides_have_a_mark_and_no_link_crosses() -> None:
    assert cut(SOURCE, TARGET, STRAIGHT, MARKS) == (6, 6)
    crossing = STRAIGHT.copy()
    crossing[1] = 8
    assert cut(SOURCE, TARGET, crossing, MARKS) is None
    assert cut(SOURCE, np.where(TARGET == COMMA, 30, TARGET), STRAIGHT, MARKS) is None


def test_a_part_that_is_short_or_hardly_linked_is_none() -> None:
    assert cut(SOURCE[1:], TARGET[1:], STRAIGHT[:-1], MARKS) == (5, 5)
    assert cut(SOURCE[2:], TARGET[2:], STRAIGHT[:-2], MARKS) is None
    loose = STRAIGHT.copy()
    loose[6:10] = NONE
    assert cut(SOURCE, TARGET, loose, MARKS) is None


def test_links_of_what_is_made_point_to_the_same_words() -> None:
    pairs = [(SOURCE, TARGET, STRAIGHT)] * 2
    made = list(varied(pairs, MARKS, STOPS, Draws(0.3, 0.3)))  # type: ignore[arg-type]
    assert [len(source) for source, _, _ in made] == [6, 6, 6, 6, 24]
    for source, target, links in made:
        assert len(links) == len(target)
        assert [int(source[place]) % 20 for place in links] == [int(piece) % 20 for piece in target]


def test_the_last_mark_goes_on_both_sides_or_on_neither() -> None:
    bare = list(varied([(SOURCE, TARGET, STRAIGHT)], MARKS, STOPS, Draws(0.1)))  # type: ignore[arg-type]
    assert [len(target) for _, target, _ in bare] == [6, 6, 11]
    open_end = TARGET.copy()
    open_end[-1] = 30
    kept = list(varied([(SOURCE, open_end, STRAIGHT)], MARKS, STOPS, Draws(0.1)))  # type: ignore[arg-type]
    assert [len(target) for _, target, _ in kept] == [6, 6]


@pytest.mark.parametrize("draw", [0.5, 0.99])
def test_others_are_only_cut(draw: float) -> None:
    made = list(varied([(SOURCE, TARGET, STRAIGHT)], MARKS, STOPS, Draws(draw)))  # type: ignore[arg-type]
    assert [len(target) for _, target, _ in made] == [6, 6]
