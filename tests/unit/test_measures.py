"""Measures that hold their number in a word: shares, multiples, ranks, times, adjectives."""

from __future__ import annotations

import pytest

from alignment.quantities import quantities


@pytest.mark.parametrize(
    ("text", "language", "low", "high", "unit", "role"),
    [
        ("Треть избирателей против", "ru", 33.33, 33.33, "percent", ""),
        ("дві третини шкіл", "uk", 66.67, 66.67, "percent", ""),
        ("more than half of the homes", "en", 50, None, "percent", ""),
        ("every fifth resident left", "en", 20, 20, "percent", ""),
        ("кожен третій мешканець", "uk", 33.33, 33.33, "percent", ""),
        ("one in five companies", "en", 20, 20, "percent", ""),
        ("цены выросли втрое", "ru", 3, 3, "times", ""),
        ("exports more than doubled", "en", 2, None, "times", ""),
        ("у 2,5 раза", "uk", 2.5, 2.5, "times", ""),
        ("19-й пакет санкций", "ru", 19, 19, "rank", "package"),
        ("the 19th package of sanctions", "en", 19, 19, "rank", "package"),
        ("у першому читанні", "uk", 1, 1, "rank", "reading"),
        ("в 14:30", "ru", 14.5, 14.5, "clock", ""),
        ("at 6:15 p.m.", "en", 18.25, 18.25, "clock", ""),
        ("о 5 ранку", "uk", 5, 5, "clock", ""),
        ("a 30-day truce", "en", 30, 30, "day", ""),
        ("двухнедельное перемирие", "ru", 2, 2, "week", ""),
        ("тримісячний термін", "uk", 3, 3, "month", ""),
        ("a 45-year-old man", "en", 45, 45, "year", "age"),
        ("eight-year-old girl", "en", 8, 8, "year", "age"),
        ("62-річний чоловік", "uk", 62, 62, "year", "age"),
        ("10-летний срок", "ru", 10, 10, "year", ""),
        ("a 12-member crew", "en", 12, 12, "", "people"),
        ("более тысячи человек", "ru", 1000, None, "", "people"),
        ("понад три десятки будинків", "uk", 30, None, "", "buildings"),
        ("2 метра 1 сантиметр", "ru", 2.01, 2.01, "m", ""),
        ("two years and six months", "en", 2.5, 2.5, "year", ""),
        ("3 години й 15 хвилин", "uk", 3.25, 3.25, "hour", ""),
    ],
)
def test_measures(
    text: str, language: str, low: float, high: float | None, unit: str, role: str
) -> None:
    [found] = quantities(text, language)
    assert (found.low, found.high, found.unit, found.role) == (low, high, unit, role)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("во второй половине дня", "ru"),
        ("in the first half", "en"),
        ("a third suspect was held", "en"),
        ("every third day", "en"),
        ("каждый второй день", "ru"),
        ("бойцы 47-й бригады", "ru"),
        ("первый заместитель", "ru"),
        ("перша половина дня", "uk"),
        ("The New York Times", "en"),
        ("ни одна ракета", "ru"),
    ],
)
def test_what_only_looks_like_a_measure(text: str, language: str) -> None:
    assert quantities(text, language) == []


def test_figures_side_by_side_that_are_no_whole_stay_two() -> None:
    both = quantities("2 hours after 30 minutes of talks", "en")
    assert [(q.low, q.unit) for q in both] == [(2, "hour"), (30, "minute")]


def test_from_one_figure_to_another_is_a_change_and_no_range() -> None:
    rose = quantities("The death toll rose from 10 to 17.", "en")
    assert [(q.low, q.high) for q in rose] == [(10, 10), (17, 17)]
    fell = quantities("Население сократилось с 70 тысяч до 12 тысяч.", "ru")
    assert [(q.low, q.high) for q in fell] == [(70_000, 70_000), (12_000, 12_000)]
    between = quantities("from 10 to 12 tanks", "en")
    assert [(q.low, q.high) for q in between] == [(10, 12)]
