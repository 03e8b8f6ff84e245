"""The recipe's teacher: phrases from linked pairs, a language model, and the decoder they serve."""

from __future__ import annotations

import numpy as np
import pytest

from models.training import packing
from models.training.align_words import NONE
from models.training.examples import Examples

pytest.importorskip("numba", reason="numba is a training extra: pip install '.[training]'")

from models.training import language_model, phrases
from models.training.phrase_options import Weights
from models.training.stack_decoder import Decoder

#: Piece w of the toy's source is w + 40 in its target; adjectives stand after their nouns there.
NOUNS, ADJECTIVES, NUMBERS = range(10, 18), range(20, 28), range(30, 34)
PIECES = [f"▁w{n}" if n not in NUMBERS else str(n - 30) for n in range(70)]
PIECES += [str(n - 70) if n - 70 < 4 else "x" for n in range(70, 80)]
DIGITS = phrases.digits_of([p if p.isdecimal() else "x" for p in PIECES])


def said(source: list[int]) -> tuple[list[int], list[int]]:
    """What the toy's target says, and from which place."""
    target: list[int] = []
    places: list[int] = []
    for place, piece in enumerate(source):
        if piece in NOUNS and place and source[place - 1] in ADJECTIVES:
            target.insert(-1, piece + 40)
            places.insert(-1, place)
        else:
            target.append(piece + 40)
            places.append(place)
    return target, places


def sentence(chance: np.random.Generator) -> list[int]:
    """Three times a number, an adjective, which may be left out, and a noun."""
    row: list[int] = []
    for _ in range(3):
        row += [int(chance.choice(NUMBERS))]
        row += [int(chance.choice(ADJECTIVES))] * int(chance.random() < 0.7)
        row += [int(chance.choice(NOUNS))]
    return row


def toy(count: int = 400) -> Examples:
    """Linked pairs of the toy's languages."""
    chance = np.random.default_rng(4)
    rows = [sentence(chance) for _ in range(count)]
    made = [said(row) for row in rows]
    ones = np.ones(count, dtype=np.float32)
    return Examples(
        packing.ragged(rows),
        packing.ragged([target for target, _ in made]),
        np.concatenate([np.array(places, dtype=np.uint8) for _, places in made]),
        ones,
        ones,
        4,
    )


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    examples = toy()
    model = language_model.estimate(examples.target, len(PIECES))
    return Decoder.of(phrases.build(examples, DIGITS), model, Weights())


def test_words_are_translated_in_combinations_never_seen(decoder: Decoder) -> None:
    chance = np.random.default_rng(9)
    source = toy().source
    seen = {tuple(source[i].tolist()) for i in range(len(source))}
    unseen = [row for row in (sentence(chance) for _ in range(60)) if tuple(row) not in seen]
    assert len(unseen) > 50
    for row in unseen:
        found = decoder.translate(np.array(row, dtype=np.uint16))
        target, places = said(row)
        assert found.pieces.tolist() == target
        assert found.places.tolist() == places, "each piece is linked to the one it translates"


def test_a_piece_never_seen_is_copied_in_its_place(decoder: Decoder) -> None:
    found = decoder.translate(np.array([10, 5, 11], dtype=np.uint16))
    assert found.pieces.tolist() == [50, 5, 51]
    assert found.places.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="at most 63"):
        decoder.translate(np.full(64, 10, dtype=np.uint16))
    assert decoder.translate(np.zeros(0, dtype=np.uint16)).pieces.tolist() == []


def test_the_other_direction_from_the_same_links() -> None:
    examples = toy()
    table = phrases.build(examples, DIGITS, swap=True)
    model = language_model.estimate(examples.source, len(PIECES))
    back = Decoder.of(table, model, Weights())
    found = back.translate(np.array([70, 50, 60, 71, 51], dtype=np.uint16))
    assert found.pieces.tolist() == [30, 20, 10, 31, 11]
    assert found.places.tolist() == [0, 2, 1, 3, 4]


def test_phrases_with_other_digits_stay_out() -> None:
    examples = toy()
    target = examples.target.flat.copy()
    # Now and then the pair says another number; more often than not, but not always.
    wrong = np.flatnonzero((target == 71) & (np.arange(len(target)) % 3 > 0))
    target[wrong] = 72
    spoilt = Examples(
        examples.source,
        packing.Ragged(target, examples.target.offsets),
        examples.links,
        examples.weight,
        examples.last_weight,
        4,
    )
    model = language_model.estimate(spoilt.target, len(PIECES))
    row = np.array([31, 20, 10], dtype=np.uint16)
    kept = Decoder.of(phrases.build(spoilt, DIGITS), model, Weights()).translate(row)
    assert kept.pieces.tolist() == [71, 50, 60]
    blind = phrases.build(spoilt, np.zeros(len(PIECES), dtype=np.int64))
    assert Decoder.of(blind, model, Weights()).translate(row).pieces[0] == 72


def test_digits_of_pieces_are_counted_whatever_their_order() -> None:
    one, two, twelve, again = phrases.digits_of(["▁1", "2", "▁12", "21"])
    assert one + two == twelve == again != 0
    assert phrases.digits_of(["▁слово", "²"]).tolist() == [0, 0]


def test_an_unlinked_piece_goes_along_with_its_neighbours() -> None:
    one = np.ones(1, dtype=np.float32)
    links = np.array([0, NONE, 1], dtype=np.uint8)
    pair = Examples(packing.ragged([[5, 6]]), packing.ragged([[7, 8, 9]]), links, one, one, 4)
    found = phrases.extract(pair)
    spans = {
        (int(x), int(m), int(y), int(n))
        for x, m, y, n in zip(
            found.source.start,
            found.source.length,
            found.target.start,
            found.target.length,
            strict=True,
        )
    }
    assert spans == {(0, 1, 0, 1), (0, 1, 0, 2), (1, 1, 2, 1), (1, 1, 1, 2), (0, 2, 0, 3)}
    assert len(phrases.extract(pair, swap=True).row) == len(spans)


@pytest.mark.parametrize("before", [[], [50], [1, 1, 1], [60, 50], [61, 51, 70, 3], [3, 3, 3]])
def test_every_context_sums_to_one(before: list[int]) -> None:
    model = language_model.estimate(toy(60).target, len(PIECES))
    chances = [np.exp(model.score(before, piece)) for piece in range(len(PIECES))]
    assert sum(chances) == pytest.approx(1, abs=1e-4)
    assert min(chances) > 0


def test_the_language_model_prefers_what_it_has_read() -> None:
    text = packing.ragged([[5, 6, 7, 8], [5, 6, 7, 9], [5, 6, 7, 8], [6, 5]])
    model = language_model.estimate(text, 12)
    assert np.exp(model.score([5, 6], 7)) == pytest.approx(1, abs=0.25)
    assert model.score([5, 6, 7], 8) > model.score([5, 6, 7], 9) > model.score([5, 6, 7], 10)
    assert model.score([6, 5], 2) > model.score([7, 5], 10)


def test_the_last_word_is_said_first_where_that_is_in_reach() -> None:
    # A rising run of nouns and an adjective, said with the adjective first: no phrase spans that.
    starts = np.random.default_rng(5).integers(0, 3, 300)
    rows = [[*NOUNS[start : start + 6], 20] for start in starts.tolist()]
    examples = Examples(
        packing.ragged(rows),
        packing.ragged([[60, *(piece + 40 for piece in row[:6])] for row in rows]),
        np.tile(np.array([6, 0, 1, 2, 3, 4, 5], dtype=np.uint8), 300),
        np.ones(300, dtype=np.float32),
        np.ones(300, dtype=np.float32),
        4,
    )
    table = phrases.build(examples, DIGITS)
    model = language_model.estimate(examples.target, len(PIECES))
    row = np.array([*NOUNS[:6], 20], dtype=np.uint16)
    straight = Decoder.of(table, model, Weights()).translate(row)
    assert straight.pieces.tolist() == [50, 51, 52, 53, 54, 55, 60]
    jumped = Decoder.of(table, model, Weights(), reach=7).translate(row)
    assert jumped.pieces.tolist() == [60, 50, 51, 52, 53, 54, 55]
    assert jumped.places.tolist() == [6, 0, 1, 2, 3, 4, 5]
