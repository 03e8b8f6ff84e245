"""What helps with news told again: rarity of words, course of the text, kinds of figures."""

from __future__ import annotations

import numpy as np
import pytest

from alignment.options import options
from alignment.similarity import Unit
from alignment.views import read_side
from alignment.words import Coverage

AXES = np.eye(6, dtype=np.float32)
TRAIN, BRIDGE, BOMB, MOTHER, RAIN, HALF = AXES
VIEWS = ("words", "cognate", "keys")


def unit(*words: np.ndarray, kinds: tuple[str, ...] = (), language: str = "en") -> Unit:
    return Unit("Words.", language, words=np.stack(words), kinds=kinds)


def features(a: list[Unit], b: list[Unit]) -> dict[tuple[int, int], dict[str, float]]:
    found = options(read_side(a), read_side(b), VIEWS, 0.0, told=True)
    return {
        (int(i[0]), int(j[0])): {name: float(row[k]) for name, row in found.features.items()}
        for k, (i, j) in enumerate(zip(found.a, found.b, strict=True))
        if i[1] < 0 and j[1] < 0
    }


def test_a_word_that_every_sentence_says_covers_less_than_a_rare_one() -> None:
    a = [unit(TRAIN, BOMB), unit(TRAIN, MOTHER)]
    b = [unit(TRAIN, RAIN, language="ru"), unit(BRIDGE, BOMB, language="ru")]
    found = features(a, b)
    assert found[0, 0]["words"] == pytest.approx(found[0, 1]["words"])
    assert found[0, 0]["words rare"] < found[0, 1]["words rare"]


def test_rarity_leaves_the_plain_coverage_as_it_is() -> None:
    side = read_side([unit(TRAIN, BOMB), unit(TRAIN, RAIN)])
    plain = Coverage.of(side, side)
    before = plain.a.weight.copy()
    rarer = plain.rarer()
    assert (plain.a.weight == before).all()
    assert (rarer.a.weight > 0).all()


def test_places_compare_the_course_of_texts_of_any_length() -> None:
    found = features([unit(TRAIN)] * 3, [unit(TRAIN, language="ru")] * 5)
    assert found[2, 4]["place"] == pytest.approx(0.0)
    assert found[0, 4]["place"] == pytest.approx(-1.0)
    assert found[0, 0]["place early"] > found[1, 2]["place early"] > found[2, 4]["place early"]


def test_one_sentence_a_side_has_a_place() -> None:
    found = features([unit(TRAIN)], [unit(TRAIN, language="ru")])
    assert found[0, 0]["place"] == found[0, 0]["place early"] == 0.0


def test_kinds_of_figures_speak_where_both_sides_have_some() -> None:
    a = [unit(TRAIN, kinds=("killed",)), unit(TRAIN)]
    b = [
        unit(TRAIN, kinds=("killed", "percent"), language="ru"),
        unit(TRAIN, kinds=("usd",), language="ru"),
    ]
    found = features(a, b)
    assert found[0, 0]["kinds"] > 0.5
    assert found[0, 0]["kinds other"] == 0.0
    assert found[0, 1]["kinds other"] == -1.0
    assert found[1, 0]["kinds"] == found[1, 0]["kinds other"] == 0.0


def test_sides_may_be_swapped() -> None:
    a = [unit(TRAIN, BOMB, kinds=("killed",)), unit(RAIN, HALF), unit(TRAIN, MOTHER)]
    b = [unit(BRIDGE, BOMB, kinds=("usd",), language="ru"), unit(TRAIN, RAIN, language="ru")]
    there, back = features(a, b), features(b, a)
    for (i, j), values in there.items():
        assert values == pytest.approx(back[j, i], abs=1e-6)
