"""Names that the recipe's teacher copied, spelled in the script of the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.languages import Direction, Language
from models.training import vocabulary
from models.training.align_words import NONE
from models.training.copied_names import Speller, native_latin
from models.transliterate import spelled

if TYPE_CHECKING:
    import sentencepiece

    from models.training.stack_decoder import Translation

RU, UK, EN = Language.RU, Language.UK, Language.EN


@pytest.mark.parametrize(
    ("word", "source", "target", "made"),
    [
        ("Таубер", RU, EN, "Tauber"),
        ("Щукин", RU, EN, "Shchukin"),
        ("Елена", RU, EN, "Yelena"),
        ("Зеленський", UK, EN, "Zelenskyi"),
        ("Гайовий", UK, EN, "Haiovyi"),
        ("Їжакевич", UK, EN, "Yizhakevych"),
        ("Згурівка", UK, EN, "Zghurivka"),
        ("ПСРМ", RU, EN, "PSRM"),
        ("Rosenberg", EN, RU, "Росенберг"),
        ("Schmidt", EN, UK, "Шмідт"),
        ("Edwards", EN, RU, "Эдуардс"),
        ("Edwards", EN, UK, "Едвардс"),
        ("Steele", EN, RU, "Стил"),
        ("Київська", UK, RU, "Киивска"),
        ("Зеленский", RU, UK, "Зеленський"),
        ("Петровских", RU, UK, "Петровських"),
        ("Бирмингем", RU, UK, "Бірмінгем"),
        ("Мустяцэ", RU, UK, "Мустяце"),
        ("O", EN, RU, "О"),
        ("O'Mahony", EN, RU, "О'Махони"),
        ("O’Mahony", EN, UK, "О'Магони"),
        ("McGregor", EN, UK, "Макгрегор"),
        ("McHale", EN, RU, "Макхал"),
    ],
)
def test_a_name_is_spelled_by_rule(
    word: str, source: Language, target: Language, made: str
) -> None:
    assert spelled(word, source, target) == made


def test_what_a_language_writes_in_latin_itself() -> None:
    texts = ["Компания Apple и iPhone", "Apple и Apple", "iPhone, iPhone of of of", "Gordon"]
    assert native_latin(texts) == {"Apple", "iPhone"}


@pytest.fixture(scope="module")
def processor(tmp_path_factory: pytest.TempPathFactory) -> sentencepiece.SentencePieceProcessor:
    text = (
        'Таубер встретил министра Gordon, Тауберs met minister Гордон "Таубер" Apple Аппл в Tauber'
    )
    folder = tmp_path_factory.mktemp("pieces")
    return vocabulary.load(vocabulary.train([text] * 50, folder, size=90))


def amended(
    processor: sentencepiece.SentencePieceProcessor, direction: str, text: str, *latin: str
) -> tuple[str, Translation] | None:
    pytest.importorskip("numba", reason="numba is a training extra: pip install '.[training]'")
    from models.training.stack_decoder import Translation

    pieces = np.array(processor.encode(text), dtype=np.uint16)
    places = (np.arange(len(pieces)) % 200).astype(np.uint8)
    places[-1] = NONE
    speller = Speller(processor, Direction.parse(direction), frozenset(latin))
    made = speller.amend(Translation(pieces, places))
    return None if made is None else (processor.decode(made.pieces.tolist()), made)


def test_copied_names_are_spelled_and_keep_their_places(
    processor: sentencepiece.SentencePieceProcessor,
) -> None:
    found = amended(processor, "ru-en", 'Таубер met "Таубер" в')
    assert found is None, "a common word that was copied makes a bad example"
    found = amended(processor, "ru-en", 'Таубер met "Таубер"')
    assert found is not None
    text, made = found
    assert text == 'Tauber met "Tauber"'
    assert len(made.places) == len(made.pieces)
    known = made.places[made.places != NONE].astype(int)
    assert (np.diff(known) >= 0).all(), "still in the order of the source"
    assert made.places[0] == 0


def test_mixed_scripts_are_refused(processor: sentencepiece.SentencePieceProcessor) -> None:
    assert amended(processor, "ru-en", "Тауберs met") is None


def test_latin_stays_where_the_language_writes_it(
    processor: sentencepiece.SentencePieceProcessor,
) -> None:
    def text(direction: str, *latin: str) -> str | None:
        found = amended(processor, direction, "Gordon встретил Apple", *latin)
        return found and found[0]

    assert text("en-ru") == "Гордон встретил Аппл"
    assert text("en-ru", "Apple") == "Гордон встретил Apple"
    assert text("uk-ru") == "Gordon встретил Apple"
    assert amended(processor, "en-ru", "Таубер met Gordon") is None


def test_nothing_copied_is_nothing_changed(
    processor: sentencepiece.SentencePieceProcessor,
) -> None:
    found = amended(processor, "en-ru", "Таубер встретил министра")
    assert found is not None
    assert found[0] == "Таубер встретил министра"
