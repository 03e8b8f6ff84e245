"""The shipped packages: floors for chrF2, and what no translation of ours may do to a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.languages import Direction
from models.registry import Registry
from models.training.score import compare, first, open_sets
from models.translate import Engine

EVALUATION = Path(__file__).parents[2].parent / "shared" / "eval"
SENTENCES = 200

#: chrF2 on the first 200 sentences of FLORES-200 dev; one point below what was measured.
FLOORS = {
    "ru-en": 53.3,
    "uk-en": 53.1,
    "en-ru": 46.0,
    "en-uk": 46.4,
    "ru-uk": 51.4,
    "uk-ru": 50.8,
}
DIRECTIONS = [Direction.parse(name) for name in FLOORS]
TEXTS = {
    "ru-en": {
        "words": ["президент", "война", "правительство", "выборы", "границы", "Киев", "НАТО"],
        "headlines": [
            "Минобороны сообщило о перехвате 12 беспилотников над Крымом",
            "Цены на нефть упали ниже 70 долларов впервые с 2021 года",
            "Путин и Эрдоган обсудили зерновую сделку",
            "В Госдуме предложили запретить рекламу микрозаймов",
        ],
        "capitals": ["МИНИСТЕРСТВО ОБОРОНЫ СООБЩИЛО О ПОТЕРЯХ", "СРОЧНО: ВЗРЫВ В ЦЕНТРЕ ГОРОДА"],
        "numbers": [
            "В 2022 году погибли 1 345 человек, ранены 27.",
            "Курс составил 61,75 рубля, рост на 0,4 %.",
            "Рейсы 318 и 4071 отменены 24.02.2022 в 15:30.",
        ],
        "names": ["Щербаков Иннокентий Варфоломеевич", "Заявил Кшиштоф Пшездецкий из Лодзи"],
    },
    "uk-en": {
        "words": ["президент", "війна", "уряд", "вибори", "кордон", "Київ", "НАТО"],
        "headlines": [
            "Генштаб повідомив про знищення 12 безпілотників над Одесою",
            "Верховна Рада ухвалила бюджет на 2024 рік",
            "Зеленський зустрівся з Макроном у Парижі",
            "У Харкові без світла залишилися 40 тисяч людей",
        ],
        "capitals": ["МІНІСТЕРСТВО ОБОРОНИ ПОВІДОМИЛО ПРО ВТРАТИ", "УВАГА: ПОВІТРЯНА ТРИВОГА"],
        "numbers": [
            "У 2022 році загинули 1 345 людей, поранені 27.",
            "Курс становив 41,75 гривні, зростання на 0,4 %.",
            "Рейси 318 і 4071 скасовано 24.02.2022 о 15:30.",
        ],
        "names": ["Щербак Інокентій Варфоломійович", "Заявив Кшиштоф Пшездецький із Лодзі"],
    },
    "en-ru": {
        "words": ["president", "war", "government", "elections", "border"],
        "headlines": [
            "Ministry of Defence reports 12 drones shot down over Crimea",
            "Putin and Erdogan discuss the grain deal",
        ],
        "capitals": ["THE MINISTRY OF DEFENCE REPORTED LOSSES"],
        "numbers": ["In 2022, 345 people were killed and 27 were wounded."],
        "names": ["Said Scholz in Berlin on Friday."],
    },
    "en-uk": {
        "words": ["president", "war", "government", "elections", "border"],
        "headlines": [
            "General Staff reports 12 drones destroyed over Odesa",
            "Zelensky met Macron in Paris",
        ],
        "capitals": ["THE MINISTRY OF DEFENCE REPORTED LOSSES"],
        "numbers": ["In 2022, 345 people were killed and 27 were wounded."],
        "names": ["Said Scholz in Berlin on Friday."],
    },
    "ru-uk": {
        "words": ["президент", "война", "правительство", "выборы", "граница"],
        "headlines": [
            "Минобороны сообщило о перехвате 12 беспилотников над Крымом",
            "Путин и Эрдоган обсудили зерновую сделку",
        ],
        "capitals": ["МИНИСТЕРСТВО ОБОРОНЫ СООБЩИЛО О ПОТЕРЯХ"],
        "numbers": ["В 2022 году погибли 345 человек, ранены 27."],
        "names": ["Заявил Шольц в Берлине в пятницу."],
    },
    "uk-ru": {
        "words": ["президент", "війна", "уряд", "вибори", "кордон"],
        "headlines": [
            "Генштаб повідомив про знищення 12 безпілотників над Одесою",
            "Зеленський зустрівся з Макроном у Парижі",
        ],
        "capitals": ["МІНІСТЕРСТВО ОБОРОНИ ПОВІДОМИЛО ПРО ВТРАТИ"],
        "numbers": ["У 2022 році загинули 345 людей, поранені 27."],
        "names": ["Заявив Шольц у Берліні в п'ятницю."],
    },
}
EXPECTED = {
    "ru-en": {"президент": "president", "выборы": "election", "Киев": "K[yi]+e?v", "НАТО": "NATO"},
    "uk-en": {
        "президент": "president",
        "вибори": "election",
        "Київ": "K[yi]+e?v",
        "НАТО": "NATO",
    },
    "en-ru": {"president": "президент", "war": "войн", "government": "правительств"},
    "en-uk": {"president": "президент", "war": "війн", "government": "уряд"},
    "ru-uk": {"президент": "президент", "война": "війн", "правительство": "уряд"},
    "uk-ru": {"президент": "президент", "війна": "войн", "уряд": "правительств"},
}
#: Letters that a language does not have.
ALIEN = {
    "en": re.compile("[\u0400-\u04ff]"),
    "ru": re.compile("[іїєґІЇЄҐ]"),
    "uk": re.compile("[ыэёъЫЭЁЪ]"),
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine on the packages that ship."""
    registry = Registry([Registry.default_folder()])
    if not registry.packages():
        pytest.skip("no trained package ships yet")
    engine = Engine(registry)
    yield engine
    engine.close()


@pytest.mark.parametrize("direction", DIRECTIONS, ids=str)
def test_translation_is_no_worse_than_it_was(engine: Engine, direction: Direction) -> None:
    if not EVALUATION.is_dir():
        pytest.skip("the open test sets (../shared/eval) are not beside the checkout")
    test = first(next(open_sets(EVALUATION, [direction])), SENTENCES)
    results = engine.translate_segments(list(test.sources), direction)
    score = compare(test, [result.text for result in results])
    assert score.chrf >= FLOORS[f"{direction.source}-{direction.target}"]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("kind", ["words", "headlines", "capitals", "numbers", "names"])
def test_every_kind_of_input_comes_out_whole(engine: Engine, name: str, kind: str) -> None:
    texts = TEXTS[name][kind]
    for text, result in zip(texts, engine.translate(texts, Direction.parse(name)), strict=True):
        assert result.text.strip(), text
        assert not ALIEN[name[3:]].search(result.text), (text, result.text)
        assert not {"repetition", "cut", "script"} & set(result.flags), (text, result)
        # Not many times longer or shorter: nothing was left out wholesale, nothing invented.
        assert 0.3 * len(text) < len(result.text) < 2.5 * len(text) + 10, (text, result.text)


@pytest.mark.parametrize("name", TEXTS)
def test_digits_are_copied(engine: Engine, name: str) -> None:
    texts = TEXTS[name]["numbers"]
    for text, result in zip(texts, engine.translate(texts, Direction.parse(name)), strict=True):
        # In any order: "In 2022 27 were killed" may become "27 were killed in 2022".
        assert sorted(re.findall(r"\d", result.text)) == sorted(re.findall(r"\d", text)), (
            text,
            result.text,
        )


@pytest.mark.parametrize("name", EXPECTED)
def test_single_words(engine: Engine, name: str) -> None:
    words = list(EXPECTED[name])
    for word, result in zip(words, engine.translate(words, Direction.parse(name)), strict=True):
        assert re.search(EXPECTED[name][word], result.text, re.IGNORECASE), (word, result.text)


def test_addresses_and_empty_lines_stay(engine: Engine) -> None:
    text = "Подробнее: https://example.org/news?id=12\n\n\nПишите на press@example.org.\n"
    (result,) = engine.translate([text], Direction.parse("ru-en"))
    assert "https://example.org/news?id=12" in result.text
    assert "press@example.org" in result.text
    assert [not line for line in result.text.split("\n")] == [not line for line in text.split("\n")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ru-en", "Подробности: https://t.me/canal/123, пишите на info@site.ru"),
        ("uk-ru", "Подробиці: https://t.me/canal/123, пишіть на info@site.ru"),
        ("en-uk", "Details: https://t.me/canal/123, write to info@site.ru"),
    ],
)
def test_words_do_not_run_into_an_address(engine: Engine, name: str, text: str) -> None:
    (result,) = engine.translate([text], Direction.parse(name))
    assert ": https://t.me/canal/123, " in result.text
    assert result.text.endswith(" info@site.ru")
    assert "script" not in result.flags


def test_a_long_sentence_is_not_cut(engine: Engine) -> None:
    names = ", ".join(f"город номер {number}" for number in range(1, 61))
    (result,) = engine.translate([f"Обстреляны {names}."], Direction.parse("ru-en"))
    assert re.findall(r"\d+", result.text) == [str(number) for number in range(1, 61)]
