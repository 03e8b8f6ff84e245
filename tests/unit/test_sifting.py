"""What a phrase table put into the lists of rare words by chance, and what stays."""

from __future__ import annotations

import pytest

from models.languages import Direction, Language
from models.training.sifting import sifted, trimmed

RU_EN, EN_RU = Direction(Language.RU, Language.EN), Direction(Language.EN, Language.RU)
RU_UK, UK_RU = Direction(Language.RU, Language.UK), Direction(Language.UK, Language.RU)


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("the", Language.EN, ""),
        ("of the", Language.EN, ""),
        ("a weak", Language.EN, "weak"),
        ("of the Championship", Language.EN, "Championship"),
        ("Servant of the", Language.EN, "Servant"),
        ("temples a", Language.EN, "temples"),
        ("was pushed into", Language.EN, "was pushed"),
        ("give up", Language.EN, "give up"),
        ("to attack", Language.EN, "to attack"),
        ("s", Language.EN, ""),
        ("EU", Language.EN, "EU"),
        ("не", Language.RU, ""),
        ("в паре", Language.RU, "в паре"),
        ("що він", Language.UK, ""),
    ],
)
def test_what_hangs_on_a_translation_goes(said: str, language: Language, expected: str) -> None:
    assert trimmed(said, language) == expected


@pytest.mark.parametrize(
    ("word", "said", "direction"),
    [
        ("обжалование", "of", RU_EN),
        ("колониализма", "коло", RU_UK),
        ("реэкспорте", "export", RU_UK),
        ("Шенефельд", "Шeнефельд", EN_RU),
        ("влучають", "с", UK_RU),
    ],
)
def test_entries_of_chance_go(word: str, said: str, direction: Direction) -> None:
    assert sifted({word: said}, direction, ()) == {}
    assert sifted({word: said}, direction, {word}) == {word: said}, "by hand"


@pytest.mark.parametrize(
    ("word", "said", "direction"),
    [
        ("обжалование", "appeal", RU_EN),
        ("их", "their", RU_EN),
        ("haven't", "не", EN_RU),
        ("Stinger", "Stinger", RU_UK),
        ("Телеграме", "Telegram", RU_UK),
        ("годинники", "часики", UK_RU),
        ("небо", "", RU_EN),
    ],
)
def test_the_rest_stays(word: str, said: str, direction: Direction) -> None:
    assert sifted({word: said}, direction, ()) == {word: said}


def test_a_capital_is_no_other_word() -> None:
    listed = {
        "чемпионата": "championship",
        "Чемпионата": "World Cup",
        "палица": "cudgel",
        "Палица": "Cudgels",
        "роза": "flower",
        "Роза": "Rosa",
        "ООО": "LLC",
        "ооо": "wow",
    }
    kept = sifted(listed, RU_EN, ())
    assert {word for word in listed if word not in kept} == {"Чемпионата"}
