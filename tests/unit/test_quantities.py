from __future__ import annotations

import pytest

from alignment.quantities import Quantity, quantities


def one(text: str, language: str) -> Quantity:
    found = quantities(text, language)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "language", "low", "high", "unit", "role"),
    [
        ("За ночь сбили 47 беспилотников", "ru", 47, 47, "", "drones"),
        ("Собралось около 35 тысяч человек", "ru", 31500, 38500, "", "people"),
        ("Сбито двадцатью пятью дронами", "ru", 25, 25, "", "drones"),
        ("Обменяли двухсот сорока трёх пленных", "ru", 243, 243, "", "prisoners"),
        ("Там полторы тысячи человек", "ru", 1500, 1500, "", "people"),
        ("Ущерб превышает 120 миллионов долларов", "ru", 120e6, None, "usd", ""),
        ("Туда ввели до 50 тыс. военных", "ru", None, 50000, "", "soldiers"),
        ("Выпустили от 10 до 12 ракет", "ru", 10, 12, "", "missiles"),
        ("Прошли более чем на 10 километров", "ru", 10, None, "km", ""),
        ("Похолодало до минус двадцати градусов", "ru", -20, -20, "degree", ""),
        ("Понад 40 тисяч споживачів без світла", "uk", 40000, None, "", "households"),
        ("Зібралося близько двохсот людей", "uk", 180, 220, "", "people"),
        ("Випустили від трьох до п'яти ракет", "uk", 3, 5, "", "missiles"),
        ("Виділено 2,3 млрд грн", "uk", 2.3e9, 2.3e9, "uah", ""),
        ("Це двадцять п’ять дронів", "uk", 25, 25, "", "drones"),
        ("Потяг їде дві з половиною години", "uk", 2.5, 2.5, "hour", ""),
        ("Up to 200 soldiers were there", "en", None, 200, "", "soldiers"),
        ("Two hundred and fifty-three people came", "en", 253, 253, "", "people"),
        ("They got €9 billion in loans", "en", 9e9, 9e9, "eur", ""),
        ("At least 31 civilians were killed", "en", 31, None, "", "killed"),
        ("Between 10 and 12 missiles fell", "en", 10, 12, "", "missiles"),
        ("Half a million people left", "en", 5e5, 5e5, "", "people"),
        ("They fired 40,000 shells", "en", 40000, 40000, "", "shells"),
    ],
)
def test_value_bounds_unit_and_role(
    text: str, language: str, low: float | None, high: float | None, unit: str, role: str
) -> None:
    found = one(text, language)
    assert (found.low, found.high, found.unit, found.role) == (low, high, unit, role)


def test_each_number_takes_the_casualty_word_of_its_clause() -> None:
    ru = quantities("Погибли два человека, ещё пятеро доставлены в больницу", "ru")
    assert [(q.low, q.role) for q in ru] == [(2, "killed"), (5, "wounded")]
    en = quantities("two people were killed and five wounded", "en")
    assert [(q.low, q.role) for q in en] == [(2, "killed"), (5, "wounded")]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("24 февраля 2022 года", "ru"),
        ("в 1994 году", "ru"),
        ("бойцы 47-й бригады", "ru"),
        ("у ніч на 5 березня", "uk"),
        ("on March 5, 2024", "en"),
        ("in 1994", "en"),
        ("an F-16 jet", "en"),
    ],
)
def test_dates_times_ordinals_and_types_are_no_quantities(text: str, language: str) -> None:
    assert quantities(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "low", "high"),
    [
        ("Dozens of people were injured", "en", 20, 200),
        ("Several hundred people came", "en", 200, 900),
        ("Пришли несколько сотен человек", "ru", 200, 900),
        ("Пошкоджено кілька десятків будинків", "uk", 20, 90),
        ("Прийшло сотні півтори людей", "uk", 135, 165),
        ("До окна метров пятьсот", "ru", 450, 550),
        ("Чекали хвилин двадцять", "uk", 18, 22),
    ],
)
def test_numbers_told_by_words_of_quantity_or_by_order_are_rough(
    text: str, language: str, low: float, high: float
) -> None:
    found = one(text, language)
    assert (found.low, found.high, found.approximate) == (low, high, True)


def test_over_a_span_of_time_is_no_bound() -> None:
    lent = quantities("They will lend $45 billion over two years", "en")[-1]
    assert (lent.low, lent.high, lent.unit) == (2, 2, "year")
    assert one("It lasted for over two years", "en").high is None


def test_a_number_behind_a_counted_noun_of_its_own_is_not_turned() -> None:
    assert [q.unit for q in quantities("Прошли пять метров, десять осталось", "ru")] == ["m", ""]


def test_a_verb_of_change_takes_the_bound_away_from_do() -> None:
    assert one("Население сократилось до 300 человек", "ru").low == 300


def test_offsets_are_shifted_and_exact() -> None:
    text = "Сбили 47 беспилотников."
    found = quantities(text, "ru", offset=100)[0]
    assert text[found.start - 100 : found.end - 100] == found.text == "47 беспилотников"
