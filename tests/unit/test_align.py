from __future__ import annotations

import numpy as np
import pytest

from alignment import align, monotone, views
from alignment.align import align_pair
from alignment.errors import TooLarge
from alignment.similarity import PairScorer, Unit, as_units, encoded

RUSSIAN = [
    "Президент Зеленский прибыл в Варшаву на переговоры.",
    "Министерство обороны сообщило о 90 сбитых дронах.",
    "В Харькове погибли три человека.",
    "Следующая встреча пройдёт в Стамбуле 4 февраля.",
]
UKRAINIAN = [
    "Президент Зеленський прибув до Варшави на переговори.",
    "Міністерство оборони повідомило про 90 збитих дронів.",
    "У Харкові загинули три людини.",
    "Наступна зустріч пройде у Стамбулі 4 лютого.",
]


class Bag:
    """A stand-in encoder: hashed letters of words, the same in every language of one script."""

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in views.fold(text).split():
                row[sum(map(ord, word[:4])) % 64] += 1
        return rows / np.maximum(1e-9, np.linalg.norm(rows, axis=1, keepdims=True))


def test_a_translated_copy_opens_the_gate_to_the_monotone_decoder() -> None:
    found = align_pair(as_units(RUSSIAN, "ru"), as_units(UKRAINIAN, "uk"))
    assert found.mode == "monotone"
    assert [(pair.a, pair.b) for pair in found.pairs] == [((i,), (i,)) for i in range(4)]
    assert found.missing == ("vector", "words", "english")


def test_the_gate_can_be_overruled_and_says_so() -> None:
    found = align_pair(as_units(RUSSIAN, "ru"), as_units(UKRAINIAN, "uk"), "comparable")
    assert found.mode == "comparable"
    assert found.gate.overruled
    assert {(pair.a, pair.b) for pair in found.pairs} == {((i,), (i,)) for i in range(4)}


def test_a_shuffled_story_is_matched_and_a_foreign_sentence_left_alone() -> None:
    told = [UKRAINIAN[2], "Зоопарк відкрив новий павільйон для слонів.", UKRAINIAN[0], UKRAINIAN[1]]
    found = align_pair(as_units(RUSSIAN, "ru"), as_units(told, "uk"), "comparable")
    assert {(pair.a, pair.b) for pair in found.pairs} == {((0,), (2,)), ((1,), (3,)), ((2,), (0,))}
    alone = {(one.side, one.index): one for one in found.unmatched}
    assert set(alone) == {("a", 3), ("b", 1)}
    assert alone["b", 1].null_probability > 0.5


def test_a_deleted_sentence_is_kept_as_a_bead() -> None:
    found = align_pair(as_units(RUSSIAN, "ru"), as_units(UKRAINIAN[:2] + UKRAINIAN[3:], "uk"))
    assert ((2,), ()) in [(bead.a, bead.b) for bead in found.beads]


def test_two_sentences_joined_in_one_make_a_bead() -> None:
    joined = [UKRAINIAN[0], f"{UKRAINIAN[1]} {UKRAINIAN[2]}", UKRAINIAN[3]]
    found = align_pair(as_units(RUSSIAN, "ru"), as_units(joined, "uk"), "monotone")
    assert ((1, 2), (1,)) in [(pair.a, pair.b) for pair in found.pairs]


@pytest.mark.parametrize("mode", ["monotone", "comparable"])
@pytest.mark.parametrize("encoder", [None, Bag()])
@pytest.mark.parametrize(
    ("text", "conflict"),
    [
        (UKRAINIAN[1], "Міністерство оборони повідомило про 75 збитих дронів."),
        (UKRAINIAN[2], "У Харкові не загинули три людини."),
    ],
)
def test_a_conflict_does_not_lower_the_probability(
    mode: str, encoder: Bag | None, text: str, conflict: str
) -> None:
    def chance(words: str) -> float:
        told = [words if one == text else one for one in UKRAINIAN]
        sides = as_units(RUSSIAN, "ru"), as_units(told, "uk")
        if encoder:
            sides = encoded(sides[0], encoder), encoded(sides[1], encoder)
        found = align_pair(*sides, mode)  # type: ignore[arg-type]
        place = UKRAINIAN.index(text)
        return next(pair.probability for pair in found.pairs if pair.a == (place,))

    assert chance(conflict) >= chance(text) - 0.02


def test_an_equal_figure_decides_between_rivals() -> None:
    left = ["Погибли 12 человек.", "Погибли 15 человек."]
    right = ["Загинули 15 людей.", "Загинули 12 людей."]
    found = align_pair(as_units(left, "ru"), as_units(right, "uk"), "comparable", least=0.0)
    assert {(pair.a, pair.b) for pair in found.pairs} == {((0,), (1,)), ((1,), (0,))}


def test_parts_add_up_to_the_log_odds() -> None:
    scorer = PairScorer(as_units(RUSSIAN, "ru"), as_units(UKRAINIAN, "uk"))
    pair = scorer.probability(2, 2)
    odds = sum(pair.parts.values())
    assert scorer.weights.calibrated(1 / (1 + np.exp(-odds))) == pytest.approx(
        pair.probability, abs=1e-3
    )


def test_vectors_of_two_encoders_are_refused() -> None:
    one = [Unit("a", "ru", vector=np.ones(4, dtype=np.float32))]
    two = [Unit("b", "uk", vector=np.ones(8, dtype=np.float32))]
    with pytest.raises(ValueError, match="one encoder"):
        align_pair(one, two)


def test_an_empty_side_gets_an_explicit_answer() -> None:
    found = align_pair(as_units(RUSSIAN, "ru"), [])
    assert found.pairs == ()
    assert [bead.a for bead in found.beads] == [(0,), (1,), (2,), (3,)]
    assert len(found.unmatched) == 4
    assert found.missing == ("text",)
    assert align_pair([], []).beads == ()


def test_odd_text_gets_an_answer() -> None:
    odd = ["", "   ", "12 15 2026", "!!!", "слово " * 10_000]
    found = align_pair(as_units(odd, "ru"), as_units(UKRAINIAN, "uk"))
    assert len({i for bead in found.beads for i in bead.a}) in (0, len(odd))


def test_a_long_text_is_aligned_in_a_band() -> None:
    left = [f"{RUSSIAN[i % 4]} Глава {i * 37}." for i in range(700)]
    right = [f"{UKRAINIAN[i % 4]} Розділ {i * 37}." for i in range(700)]
    del right[100:110]
    found = align_pair(as_units(left, "ru"), as_units(right, "uk"), "monotone")
    pairs = {(pair.a, pair.b) for pair in found.pairs}
    assert len(pairs & {((i,), (i,)) for i in range(100)}) >= 95
    assert len(pairs & {((i + 10,), (i,)) for i in range(110, 690)}) >= 570
    assert [j for bead in found.beads for j in bead.b] == list(range(690))


def test_many_equal_sentences_end_in_bounded_time() -> None:
    same = as_units(["Тривога."] * 1_000, "uk")
    found = align_pair(same, as_units(["Тревога."] * 1_000, "ru"), "monotone")
    assert len(found.pairs) > 950


def test_equal_sentences_told_in_any_order_pair_in_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(align, "CELLS", 100)
    left = as_units([RUSSIAN[0]] * 30 + [RUSSIAN[2]], "ru")
    right = as_units([UKRAINIAN[2]] + [UKRAINIAN[0]] * 20, "uk")
    found = align_pair(left, right, "comparable")
    pairs = {(pair.a, pair.b) for pair in found.pairs}
    assert pairs == {((30,), (0,))} | {((i,), (i + 1,)) for i in range(20)}
    assert [(one.side, one.index) for one in found.unmatched] == [("a", i) for i in range(20, 30)]
    back = align_pair(right, left, "comparable")
    assert {(pair.b, pair.a) for pair in back.pairs} == pairs


def test_fifty_thousand_equal_sentences_get_an_answer_in_the_comparable_decoder() -> None:
    found = align_pair(
        as_units(["Повітряна тривога."] * 50_000, "uk"),
        as_units(["Воздушная тревога."] * 50_000, "ru"),
        "comparable",
    )
    assert len(found.pairs) + len(found.unmatched) // 2 == 50_000
    assert all(pair.a == pair.b for pair in found.pairs)


def test_too_many_different_sentences_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(align, "CELLS", 10)
    with pytest.raises(TooLarge, match="too many to compare"):
        align_pair(as_units(RUSSIAN, "ru"), as_units(UKRAINIAN, "uk"), "comparable")


@pytest.mark.parametrize("mode", ["monotone", "comparable"])
def test_a_sentence_of_ten_thousand_words_is_one_unit(mode: str) -> None:
    endless = [*RUSSIAN, "президент прибыл на переговоры " * 2_500]
    sides = as_units(endless, "ru"), as_units(UKRAINIAN, "uk")
    found = align_pair(*(encoded(side, Bag()) for side in sides), mode)  # type: ignore[arg-type]
    assert {pair.a for pair in found.pairs} >= {(0,), (1,), (2,)}
    assert all(4 not in pair.a for pair in found.pairs)


def test_what_is_too_large_says_the_limit() -> None:
    with pytest.raises(TooLarge, match="200,000"):
        align_pair(as_units(["а" * (views.LONGEST + 1)], "ru"), as_units(["б"], "uk"))
    assert monotone.LARGEST == 200_000
