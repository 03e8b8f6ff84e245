"""The recipe's teacher: phrases from linked pairs, a language model, and the decoder they serve."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.training import packing
from models.training.align_words import NONE
from models.training.examples import Examples
from tests.linked import english, prepared

pytest.importorskip("numba", reason="numba is a training extra: pip install '.[training]'")

from models.training import language_model, phrases, triangulation
from models.training.phrase_options import Weights
from models.training.stack_decoder import Decoder

#: Piece w of the toy's source is w + 40 in its target; adjectives stand after their nouns there.
NOUNS, ADJECTIVES, NUMBERS = range(10, 18), range(20, 28), range(30, 34)
PIECES = [f"▁{chr(0x430 + n)}" if n not in NUMBERS else f"▁{n - 30}" for n in range(70)]
PIECES += [f"▁{n - 70}" if n - 70 < 4 else "▁x" for n in range(70, 80)]
MARKS = phrases.marks_of(PIECES)


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
    return Decoder.of(phrases.build(examples, MARKS), model, Weights())


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
    table = phrases.build(examples, MARKS, swap=True)
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
    kept = Decoder.of(phrases.build(spoilt, MARKS), model, Weights()).translate(row)
    assert kept.pieces.tolist() == [71, 50, 60]
    blind = phrases.build(spoilt, MARKS._replace(digits=np.zeros(len(PIECES), dtype=np.int64)))
    assert Decoder.of(blind, model, Weights()).translate(row).pieces[0] == 72


def test_digits_of_pieces_are_counted_whatever_their_order() -> None:
    one, two, twelve, again = phrases.marks_of(["▁1", "2", "▁12", "21"]).digits
    assert one + two == twelve == again != 0
    assert phrases.marks_of(["▁слово", "²"]).digits.tolist() == [0, 0]


def test_an_unlinked_piece_goes_along_with_its_neighbours() -> None:
    one = np.ones(1, dtype=np.float32)
    links = np.array([0, NONE, 1], dtype=np.uint8)
    pair = Examples(packing.ragged([[5, 6]]), packing.ragged([[7, 8, 9]]), links, one, one, 4)
    found = phrases.extract(pair, MARKS)
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
    assert len(phrases.extract(pair, MARKS, swap=True).row) == len(spans)


#: Pieces of words with endings, as two languages write them.
FORMS = ["▁loud", "▁ship", "s", "ment", "▁судно", "▁суда", "м", "▁гром", "кий", "кие", "▁rest", ","]
LOUD, SHIP, S, MENT, SUDNO, SUDA, M, GROM, KIJ, KIE, REST, COMMA = range(10, 22)


def of_forms(*pairs: tuple[list[int], list[int], list[int]]) -> tuple[phrases.Marks, Examples]:
    """Marks, and linked pairs, twenty of each."""
    rows = [pair for pair in pairs for _ in range(20)]
    ones = np.ones(len(rows), dtype=np.float32)
    return phrases.marks_of([*"abcdefghij", *FORMS]), Examples(
        packing.ragged([source for source, _, _ in rows]),
        packing.ragged([target for _, target, _ in rows]),
        np.concatenate([np.array(links, dtype=np.uint8) for _, _, links in rows]),
        ones,
        ones,
        4,
    )


def test_an_ending_is_never_put_behind_a_word_that_has_one() -> None:
    # "ships" is linked piece by piece; alone, "s" would be "м" and "▁ship" would be "▁судно".
    marks, examples = of_forms(
        ([LOUD, SHIP], [GROM, KIJ, SUDNO], [0, 0, 1]),
        ([LOUD, SHIP, S], [GROM, KIE, SUDA, M], [0, 0, 1, 2]),
    )
    table = phrases.build(examples, marks)
    parts = {tuple(table.targets[i].tolist()) for i in options(table, [SHIP], phrases.PART)}
    assert parts == {(SUDA,)}
    assert {tuple(table.targets[i].tolist()) for i in options(table, [SHIP])} == {(SUDNO,)}
    whole = {tuple(table.targets[i].tolist()) for i in options(table, [SHIP, S])}
    assert whole == {(SUDA, M)}
    assert not len(options(table, [LOUD, SHIP], phrases.PART)) or all(
        table.targets[i].tolist()[-1] == SUDA for i in options(table, [LOUD, SHIP], phrases.PART)
    )


def options(table: phrases.PhraseTable, source: list[int], how: int = phrases.WORD) -> range:
    """Numbers of the options of a phrase."""
    key = phrases.phrase_hash(np.array(source), 0, len(source), how)
    at = int(np.searchsorted(table.keys, key))
    found = at < len(table.keys) and table.keys[at] == key
    return range(table.starts[at], table.starts[at + 1]) if found else range(0)


def test_a_form_never_seen_becomes_what_its_stem_became() -> None:
    marks, examples = of_forms(
        ([SHIP, S], [SUDA], [0]), ([REST, S], [SUDNO], [0]), ([REST], [SUDA, M], [0, 0])
    )
    table = phrases.build(examples, marks)
    model = language_model.estimate(examples.target, len(marks.letters))
    decoder = Decoder.of(table, model, Weights())
    assert decoder.translate(np.array([SHIP], dtype=np.uint16)).pieces.tolist() == [SUDA]
    seen = decoder.translate(np.array([REST, S], dtype=np.uint16))
    assert seen.pieces.tolist() == [SUDNO], "a form that was seen needs no stem"
    # "ment" is too long for an ending: nothing is known of "shipment".
    long = decoder.translate(np.array([SHIP, MENT], dtype=np.uint16))
    assert long.pieces.tolist() == [SHIP, MENT]
    assert all(np.isfinite(table.features).ravel())


def test_no_link_leads_past_a_form_that_is_shorter_than_the_one_seen() -> None:
    marks, examples = of_forms(([SHIP, S], [SUDA], [1]))
    model = language_model.estimate(examples.target, len(marks.letters))
    decoder = Decoder.of(phrases.build(examples, marks), model, Weights())
    seen = decoder.translate(np.array([SHIP, S], dtype=np.uint16))
    assert (seen.pieces.tolist(), seen.places.tolist()) == ([SUDA], [1])
    short = decoder.translate(np.array([SHIP], dtype=np.uint16))
    assert (short.pieces.tolist(), short.places.tolist()) == ([SUDA], [0])


def test_phrases_unknown_between_two_languages_come_by_the_third() -> None:
    # SHIP is known between the languages, LOUD only from the first to the third (KIE, GROM) and on.
    marks, direct = of_forms(([SHIP], [SUDNO], [0]))
    _, first = of_forms(([SHIP], [M], [0]), ([LOUD], [GROM, KIE], [0, 0]), ([REST], [COMMA], [0]))
    _, second = of_forms(([GROM, KIE], [SUDA, M], [NONE, 1]), ([M], [REST], [0]))
    table = triangulation.extended(
        phrases.build(direct, marks), phrases.build(first, marks), phrases.build(second, marks)
    )
    assert (np.diff(table.keys.astype(object)) > 0).all()
    assert len(table.keys) == len(table.ends) == len(table.starts) - 1
    known = options(table, [SHIP])
    assert [table.targets[i].tolist() for i in known] == [[SUDNO]], "what is known stays"
    made = options(table, [LOUD])
    assert [table.targets[i].tolist() for i in made] == [[SUDA, M]]
    at = table.targets.offsets[made[0]]
    assert table.places[at : at + 2].tolist() == [NONE, 0], "through both steps"
    assert not options(table, [REST]), "the second step does not know it"
    model = language_model.estimate(direct.target, len(marks.letters))
    found = Decoder.of(table, model, Weights()).translate(np.array([LOUD, SHIP], dtype=np.uint16))
    assert found.pieces.tolist() == [SUDA, M, SUDNO]
    assert found.places.tolist() == [NONE, 0, 1]


def test_where_a_piece_goes_on_with_a_word() -> None:
    marks = phrases.marks_of(["▁п", "'", "ять", ",", "5", "▁", "▁«", "К"])
    joined = marks.joined(np.array([0, 1, 2, 3, 4, 4, 6, 7, 5]))
    assert joined.tolist() == [False, True, True, False, False, True, False, False, False, False]


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
    table = phrases.build(examples, MARKS)
    model = language_model.estimate(examples.target, len(PIECES))
    row = np.array([*NOUNS[:6], 20], dtype=np.uint16)
    straight = Decoder.of(table, model, Weights()).translate(row)
    assert straight.pieces.tolist() == [50, 51, 52, 53, 54, 55, 60]
    jumped = Decoder.of(table, model, Weights(), reach=7).translate(row)
    assert jumped.pieces.tolist() == [60, 50, 51, 52, 53, 54, 55]
    assert jumped.places.tolist() == [6, 0, 1, 2, 3, 4, 5]


# The step -------------------------------------------------------------------------------------


def test_the_step_writes_examples_both_ways_once(tmp_path: Path) -> None:
    from models.training import teacher, vocabulary
    from models.training.__main__ import main

    recipe = prepared(tmp_path)
    told: list[str] = []
    made = teacher.teach(recipe, 30, told.append)
    names = ["taught-ru-en", "backtaught-en-ru", "taught-en-ru", "backtaught-ru-en"]
    assert [path.name for path in made] == [f"examples.{name}.npz" for name in names]
    processor = vocabulary.load(recipe.tokenizer)
    russian, prefix = (processor.piece_to_id(f"__{code}__") for code in ("ru", "en"))
    taught, back = Examples.load(made[0]), Examples.load(made[1])
    assert (taught.prefix, back.prefix) == (prefix, russian)
    assert 20 < len(taught.source) == len(back.source) <= 30
    news = (tmp_path / "mono" / "news.ru.txt").read_text(encoding="utf-8").splitlines()
    right = 0
    for row in range(len(taught.source)):
        genuine = processor.decode(taught.source[row].tolist())
        said = processor.decode(taught.target[row].tolist())
        assert genuine in news[1:], "the excluded sentence stays out"
        assert sorted(filter(str.isdecimal, genuine)) == sorted(filter(str.isdecimal, said))
        right += said == english(genuine)
        assert back.source[row].tolist() == [russian, *taught.target[row].tolist()]
        assert back.target[row].tolist() == taught.source[row].tolist()
    assert right > 0.8 * len(taught.source)
    assert (back.links > 0).all(), "no word is linked to the tag"
    lengths = np.repeat(taught.source.lengths, taught.target.lengths)
    known = taught.links != NONE
    assert (taught.links[known] < lengths[known]).all()
    assert known.mean() > 0.5

    count, whole = len(told), made[0].read_bytes()
    made[0].unlink()
    arguments = ["--work", str(recipe.work), "--mono", str(recipe.mono), "--limit", "30"]
    arguments += ["--exclude", str(recipe.exclusion), "--directions", "ru-en", "en-ru"]
    times = [path.stat().st_mtime_ns for path in made[2:]]
    main(["teach", *arguments])
    assert made[0].read_bytes() == whole, "the same seed makes the same"
    assert [path.stat().st_mtime_ns for path in made[2:]] == times, "what is there stays"
    assert teacher.teach(recipe, 30, told.append) == made
    assert len(told) == count


def test_training_picks_up_what_was_taught(tmp_path: Path) -> None:
    from models.languages import Direction
    from models.training.recipe import Recipe

    recipe = Recipe(tmp_path, directions=(Direction.parse("ru-en"),))
    recipe.data.mkdir()
    for name in ("taught-ru-en", "backtaught-ru-en", "taught-uk-en"):
        (recipe.data / f"examples.{name}.npz").touch()
    assert [name for name, _ in recipe.examples()] == ["ru-en", "taught-ru-en", "backtaught-ru-en"]


def test_without_text_to_translate_the_step_says_what_to_add(tmp_path: Path) -> None:
    from dataclasses import replace

    from models.training import teacher

    recipe = prepared(tmp_path)
    with pytest.raises(ValueError, match="--mono"):
        teacher.teach(replace(recipe, mono=None), None, lambda _: None)
    (tmp_path / "mono" / "news.ru.txt").unlink()
    with pytest.raises(ValueError, match=r"add NAME\.ru\.txt"):
        teacher.teach(recipe, None, lambda _: None)
