from __future__ import annotations

import numpy as np
import pytest

from alignment.bitext import VIEWS, mine_texts
from alignment.calibration import Parameters, sigmoid
from alignment.errors import TooLarge

WEIGHTS = {
    "vector": 20.0,
    "words": 10.0,
    "figures same": 2.0,
    "figures other": 6.0,
    "length": 1.0,
    "skip bias": 8.0,
}
PARAMETERS = Parameters(
    "test",
    {
        "ru-uk": {
            "ratio": 0.0,
            "mining": {
                "vector+words+cognate+keys": {"weights": WEIGHTS, "slope": 1.0, "offset": 0.0}
            },
        }
    },
    {},
)
LEFT = [
    "Суд арестовал активы компании на 40 миллионов",
    "В городе открыли новый мост через реку",
    "Погода на неделе останется тёплой",
    "Суд арестовал активы компании на 75 миллионов",
]
RIGHT = [
    "Зоопарк показал новорожденного слона",
    "Суд арестовал активы компании на 75 миллионов",
    "В городе открыли новый мост через реку",
    "Суд арестовал активы компании на 40 миллионов",
]


class Letters:
    """A stand-in encoder: words hashed by their letters."""

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[sum(ord(letter) * (place + 1) for place, letter in enumerate(word)) % 64] += 1
        return rows / np.maximum(1e-9, np.linalg.norm(rows, axis=1, keepdims=True))


def mined(left: list[str], right: list[str]) -> list:
    return mine_texts(left, right, ("ru", "uk"), Letters(), parameters=PARAMETERS)


def test_equal_vectors_are_told_apart_by_their_figures() -> None:
    assert {(one.a, one.b) for one in mined(LEFT, RIGHT)} == {(0, 3), (3, 1), (1, 2)}


def test_parts_add_up_to_the_log_odds_and_the_likeliest_comes_first() -> None:
    found = mined(LEFT, RIGHT)
    for one in found:
        assert sigmoid(sum(one.parts.values())) == pytest.approx(one.probability, abs=1e-3)
    assert [one.probability for one in found] == sorted(
        (one.probability for one in found), reverse=True
    )


def test_sentences_without_words_and_empty_collections_are_no_error() -> None:
    assert mined([], RIGHT) == []
    assert mined(LEFT, []) == []
    assert {(one.a, one.b) for one in mined(["", "—", LEFT[1]], [RIGHT[2], "…"])} == {(2, 0)}


def test_swapped_collections_give_the_same_pairs() -> None:
    there = {(one.a, one.b) for one in mined(LEFT, RIGHT)}
    back = mine_texts(RIGHT, LEFT, ("uk", "ru"), Letters(), parameters=PARAMETERS)
    assert {(one.b, one.a) for one in back} == there


def test_too_many_sentences_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment.mining.LARGEST", 3)
    with pytest.raises(TooLarge, match="limit is 3"):
        mined(LEFT, RIGHT)


@pytest.mark.parametrize("languages", [("en", "ru"), ("uk", "en"), ("ru", "uk")])
def test_weights_ship_for_every_language_pair(languages: tuple[str, str]) -> None:
    weights = Parameters.load().weights(*languages, "mining", VIEWS)
    assert weights.values["vector"] > 0
