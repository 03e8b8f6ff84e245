"""The recipe's lists of rare words, and the examples that teach a network to follow them."""

from __future__ import annotations

import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.languages import Direction, Language
from models.training import packing, vocabulary
from models.training.align_words import NONE
from models.training.cognates import cognates, spellings, turned
from models.training.examples import Examples
from models.training.recipe import Recipe
from tests.linked import WORDS, english, prepared

pytest.importorskip("numba", reason="numba is a training extra: pip install '.[training]'")

from models.rare_words import Hinted
from models.training import phrases, rare_words
from models.training.rare_words import Words, both_ways, by_cognates, count, drawn, listed, relinked

RU_EN, UK_EN, EN_RU, EN_UK, UK_RU, RU_UK = (
    Direction.parse(each) for each in ("ru-en", "uk-en", "en-ru", "en-uk", "uk-ru", "ru-uk")
)


@pytest.mark.parametrize(
    ("word", "russian"),
    [
        ("кавалерії", "кавалерии"),
        ("латинський", "латинский"),
        ("ніч", "ночь"),  # not by letters alone
        ("пісня", "песня"),
        ("об'їзд", "объизд"),
        ("виставка", "выставка"),
    ],
)
def test_how_a_ukrainian_word_is_written_in_russian(word: str, russian: str) -> None:
    assert (russian in spellings(word)) == (russian != "ночь")


def test_cognates_are_words_that_the_other_language_writes() -> None:
    ukrainian = {"кавалерії": 3, "кавалерии": 1, "кіт": 9, "зброя": 4}
    found = cognates(ukrainian, {"кавалерии": 2, "кот": 50, "сброя": 1})
    assert found == {"кавалерії": "кавалерии", "кавалерии": "кавалерии"}
    assert turned(found, ukrainian) == {"кавалерии": "кавалерії"}


PIECES = ["<unk>", "▁сед", "ло", "▁дом", "«", "дом", "▁19", "▁а", "-", "а"]


def test_words_are_counted_as_they_are_spelled() -> None:
    rows = packing.ragged([[1, 2, 3], [4, 5, 3], [6, 1], [2, 7, 8, 9, 1, 2]])
    found = count(rows, PIECES, phrases.marks_of(PIECES))
    assert dict(found.seen) == {"седло": 2, "дом": 3, "сед": 1, "ло": 1, "а": 2}
    assert found.pieces["седло"] == (1, 2)
    assert found.pieces["дом"] == (3,), "as it is mostly written"


def words(*known: str) -> Words:
    return Words(dict.fromkeys(known, 5), {})


def test_what_one_language_lacks_its_cognate_knows() -> None:
    texts = {Language.RU: words("кавалерии"), Language.UK: words("кавалерії")}
    texts[Language.EN] = words("cavalry")
    known = {RU_EN: {"кавалерии": "cavalry"}, EN_RU: {"cavalry": "кавалерии"}}
    near = both_ways(texts)
    assert by_cognates(UK_EN, known, *near) == {"кавалерії": "cavalry"}
    assert by_cognates(EN_UK, known, *near) == {"cavalry": "кавалерії"}
    assert by_cognates(UK_RU, {}, *near) == {"кавалерії": "кавалерии"}
    assert by_cognates(RU_UK, {}, *near) == {"кавалерии": "кавалерії"}
    assert by_cognates(RU_EN, known, *near) == {}, "nothing is known of the Ukrainian word"
    assert by_cognates(UK_EN, {RU_EN: {"кавалерии": ""}}, *near) == {}
    assert by_cognates(EN_RU, known, *both_ways({Language.EN: words(), Language.RU: words()})) == {}


def test_a_list_holds_what_is_written_in_pieces() -> None:
    class Processor:
        def encode(self, word: str) -> list[int]:
            return [1, 2]

    pieces = {"седло": (1, 2), "Седло": (4, 2), "дом": (3,), "год": (5, 6), "Рим": (7, 8)}
    seen = dict.fromkeys(pieces, 4) | {"год": 1000}
    found = {"седло": "saddle", "Седло": "Saddle", "дом": "house", "год": "year", "Рим": "Rome"}
    found |= {"iPhone": "iPhone", "конь": "horse", "небо": "sky", "юла": "", "волчок": ""}
    seen |= {"небо": 5}
    every = Words(seen, pieces | {"конь": (9,), "небо": (10,), "юла": (11,), "волчок": (12, 13)})
    entries = listed(found, every, Processor())  # type: ignore[arg-type]
    expected = {"седло": "saddle", "год": "", "Рим": "Rome", "iPhone": "iPhone"}
    assert entries == expected
    more = listed(found, every, Processor(), seldom=5)  # type: ignore[arg-type]
    assert more == expected | {"конь": "horse"}, "of one piece, but seen less than five times"


def test_a_word_with_capitals_is_listed_where_it_is_a_word_of_its_own() -> None:
    seen = {"выпущены": 4, "Выпущены": 1, "Март": 6, "март": 2, "Стойка": 1}
    every = Words(seen, dict.fromkeys(seen, (1, 2)))
    found = {"выпущены": "released", "Выпущены": "Let's", "Март": "March", "март": "mart"}
    found |= {"Стойка": "Rack"}
    entries = listed(found, every, None)  # type: ignore[arg-type]
    kept = {"выпущены": "released", "Март": "March", "март": "mart", "Стойка": "Rack"}
    assert entries == kept
    known = {"март": "month of March", "Выпущены": "Let's", "стойка": "counter", "бубен": "drum"}
    entries = listed(found, every, None, known=known)  # type: ignore[arg-type]
    del known["Выпущены"]
    assert entries == kept | known


def test_what_is_known_by_hand_has_the_last_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Processor:
        def encode(self, word: str) -> list[int]:
            return [1] if word == "дом" else [1, 2]

        def normalize(self, word: str) -> str:
            return f"▁{word.replace('ё', 'е')}"

    monkeypatch.setattr(rare_words, "DICTIONARY", tmp_path)
    assert rare_words.corrections(RU_EN, {}, Processor()) == {}  # type: ignore[arg-type]
    by_hand = "дом\thouse\nседло\tsaddle\nстремя\tstirrup\nгод\tyear\nпри\t\n"
    (tmp_path / "ru-en.tsv").write_text(by_hand, encoding="utf-8")
    entries = {"седло": "sat", "год": "", "при": "the"}
    found = rare_words.corrections(RU_EN, entries, Processor())  # type: ignore[arg-type]
    assert found == {"седло": "saddle", "стремя": "stirrup", "при": ""}
    # A word is listed as the tokenizer spells it; what is spelled so already has the last word.
    (tmp_path / "ru-en.tsv").write_text(
        "везет	is lucky\nвезёт	drives\nёж	hedgehog\n", "utf-8"
    )
    found = rare_words.corrections(RU_EN, {}, Processor())  # type: ignore[arg-type]
    assert found == {"везет": "is lucky", "еж": "hedgehog"}


def test_what_is_taken_over_is_linked_to_itself() -> None:
    # "a bc d" with "bc" called "x y z": the target says "z" and something for the others.
    hinted = Hinted(["a", "x", "y", "z", "d"], [0, 1, 1, 2, 3])
    source = np.array([10, 21, 22, 23, 11])
    links = np.array([0, 1, 2, 3, NONE], dtype=np.uint8)
    found = relinked(links, hinted, source, np.array([50, 23, 60, 51, 52]))
    assert found.tolist() == [0, 3, 3, 4, NONE]


def test_examples_are_drawn_by_their_weight() -> None:
    rows = [[n] for n in range(100)]
    weight = np.where(np.arange(100) < 50, 3.0, 0.0).astype(np.float32)
    last = np.where(np.arange(100) < 10, 6.0, 0.0).astype(np.float32)
    links = np.zeros(100, dtype=np.uint8)
    whole = Examples(packing.ragged(rows), packing.ragged(rows), links, weight, last, 4)
    assert drawn(whole, 50, 1) is whole
    some = drawn(whole, 40, 1)
    assert len(some.source) == len(some.links) == 40
    assert set(some.source.flat.tolist()) <= set(range(50))
    assert (some.weight == 1).all()
    assert (some.last_weight == np.where(some.source.flat < 10, 2, 0)).all()
    assert drawn(whole, 40, 1).source.flat.tolist() == some.source.flat.tolist()


def test_the_step_writes_lists_and_hinted_examples_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rare_words, "DICTIONARY", tmp_path)
    recipe = prepared(tmp_path)
    told: list[str] = []
    made = rare_words.teach(recipe, None, told.append)
    assert [path.name for path in made] == ["hinted.ru-en.npz", "hinted.en-ru.npz"]
    processor = vocabulary.load(recipe.tokenizer)
    entries = dict(
        line.split("\t")
        for line in lzma.decompress(recipe.rare_words(RU_EN).read_bytes()).decode().splitlines()
    )
    longest = phrases.LONGEST_SOURCE
    rare = [word for word in WORDS if 1 < len(processor.encode(word)) <= longest]
    right = [word for word in rare if entries.get(word) == WORDS[word]]
    assert right
    assert all(not entries.get(word) for word in set(rare) - set(right))
    assert not {word for word in WORDS if len(processor.encode(word)) == 1} & entries.keys()
    assert list(entries) == sorted(entries)

    plain, hinted = Examples.load(recipe.of_direction("examples", RU_EN)), Examples.load(made[0])
    assert hinted.target.flat.tolist() == plain.target.flat.tolist()
    assert hinted.prefix == plain.prefix
    changed = same = linked = 0
    for row in range(len(plain.source)):
        before = processor.decode(plain.source[row].tolist())
        after = processor.decode(hinted.source[row].tolist())
        assert english(before) == english(after)
        changed += before != after
        same += before == after and any(word in right for word in before.split())
        start = int(plain.target.offsets[row])
        for at, piece in enumerate(plain.target[row].tolist()):
            place = hinted.links[start + at]
            assert place == NONE or place < len(hinted.source[row])
            linked += place != NONE and hinted.source[row][place] == piece
    assert changed > 4 * same > 0, "some examples and some words stay as they are"
    assert linked > changed

    count = len(told)
    assert rare_words.teach(recipe, None, told.append) == made
    assert len(told) == count, "what is there stays"


def test_training_takes_the_hinted_examples(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is a training extra: pip install '.[training]'")
    from models.training.fit_network import prepared as sets_of

    recipe = prepared(tmp_path)
    (plain, _), _ = sets_of(recipe)
    rare_words.teach(recipe, 20, lambda _: None)
    (hinted, _), _ = sets_of(recipe)
    assert len(plain.source) > len(hinted.source) == 20


def test_without_a_list_there_are_no_hints(tmp_path: Path) -> None:
    from models.errors import PackageError

    recipe: Recipe = replace(prepared(tmp_path))
    with pytest.raises(PackageError, match="cannot be read"):
        rare_words.Hinter(recipe, RU_EN)
