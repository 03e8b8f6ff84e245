from __future__ import annotations

import pytest

from models.casing import begun, is_title, is_upper, lowered, untitled
from models.languages import Language


@pytest.mark.parametrize(
    ("text", "upper"),
    [
        ("ПРЕЗИДЕНТ ПОДПИСАЛ ЗАКОН", True),
        ("УРЯД УХВАЛИВ РІШЕННЯ!", True),
        ("NATO AND EU", False),
        ("НАТО и ЕС", False),
        ("ООН", False),
        ("Президент подписал", False),
        ("123 456", False),
        ("", False),
    ],
)
def test_capitals_are_told_from_abbreviations(text: str, upper: bool) -> None:
    assert is_upper(text) is upper


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Putin Says Ukraine Must Withdraw From the East", True),
        ("Putin says Ukraine must withdraw from the east", False),
        ("United Nations Security Council", True),
        ("He met Angela Merkel and Emmanuel Macron", False),
        ("Breaking News", False),
    ],
)
def test_a_title_case_headline_is_known(text: str, title: bool) -> None:
    assert is_title(text) is title


def test_capitals_become_a_sentence() -> None:
    assert lowered("«УРЯД УХВАЛИВ РІШЕННЯ»") == "«Уряд ухвалив рішення»"


def test_a_title_becomes_a_sentence_and_abbreviations_stay() -> None:
    assert untitled("NATO Says US Must Help Kyiv") == "NATO says US must help kyiv"


@pytest.mark.parametrize(
    ("source", "target", "made"),
    [
        ("Мужчина задержан.", "a man detained.", "A man detained."),
        ("мужчина задержан.", "A man detained.", "a man detained."),
        ("мужчина задержан.", "Man detained.", "Man detained."),  # which may be an island
        ("российский город", "Russian city", "Russian city"),
        ("«Дом» стоит", '"the house" stands', '"The house" stands'),
        ("Айфон стоит дорого", "iPhone is dear", "iPhone is dear"),
        ("Его нет", "He is not here", "He is not here"),
        ("он сказал", "He said", "he said"),
        ("дом стоит", "A house stands", "a house stands"),
        ("айти растет", "IT grows", "IT grows"),
        ("я пришел", "I came", "I came"),
        ("В 2004 году", "2004 was the year", "2004 was the year"),
        ("2004 год", "The year 2004", "The year 2004"),
        ("Да", "", ""),
        ("", "yes", "yes"),
    ],
)
def test_a_translation_begins_with_a_capital_where_its_source_does(
    source: str, target: str, made: str
) -> None:
    assert begun(source, target, Language.EN) == made


def test_into_russian_what_is_small_in_the_source_is_small() -> None:
    assert begun("man detained", "Мужчина задержан", Language.RU) == "мужчина задержан"
    assert begun("in town", "В городе", Language.RU) == "в городе"
    assert begun("a Kyiv man", "Киевлянин", Language.RU) == "киевлянин"
    assert begun("the NATO summit", "НАТО", Language.RU) == "НАТО"
    assert begun("Man detained", "мужчина задержан", Language.RU) == "Мужчина задержан"
