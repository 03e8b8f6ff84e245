from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alignment.dates import dates

WEDNESDAY = datetime(2025, 3, 5, 10, tzinfo=UTC)


def interval(text: str, language: str, zone: str = "Europe/Kyiv") -> tuple[str, str]:
    found = dates(text, language, WEDNESDAY, zone=zone)
    assert len(found) == 1, found
    return f"{found[0].earliest:%m-%d %H}", f"{found[0].latest:%m-%d %H}"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        # the families that general parsers miss
        ("вчера вечером", "ru", ("03-04 15", "03-04 22")),
        ("в ночь на 1 марта", "ru", ("02-28 16", "03-01 04")),
        ("у ніч на 1 березня", "uk", ("02-28 16", "03-01 04")),
        ("в минувшую среду", "ru", ("02-25 22", "02-26 22")),
        ("у середу", "uk", ("03-04 22", "03-05 22")),
        # and the rest
        ("24 февраля", "ru", ("02-23 22", "02-24 22")),
        ("три дні тому", "uk", ("03-01 22", "03-02 22")),
        ("overnight into Tuesday", "en", ("03-03 16", "03-04 04")),
        ("last night", "en", ("03-04 16", "03-05 04")),
        ("on Monday", "en", ("03-02 22", "03-03 22")),
        ("last week", "en", ("02-23 22", "03-02 22")),
        ("на прошлой неделе", "ru", ("02-23 22", "03-02 22")),
        ("за минулу добу", "uk", ("03-04 10", "03-05 10")),
        ("23–24 лютого", "uk", ("02-22 22", "02-24 22")),
        ("next Friday", "en", ("03-06 22", "03-07 22")),
        ("by Friday", "en", ("03-06 22", "03-07 22")),
        ("до п'ятниці", "uk", ("03-06 22", "03-07 22")),
        ("over the weekend", "en", ("02-28 22", "03-02 22")),
    ],
)
def test_relative_dates_are_intervals_in_utc(
    text: str, language: str, expected: tuple[str, str]
) -> None:
    assert interval(text, language) == expected


def test_the_zone_moves_the_day() -> None:
    assert interval("вчера", "ru", "Europe/Moscow") == ("03-03 21", "03-04 21")
    assert interval("вчера", "ru", "Europe/Kyiv") == ("03-03 22", "03-04 22")


def test_without_a_publication_date_only_full_dates_are_resolved() -> None:
    assert dates("вчера и в среду", "ru", None) == []
    found = dates("24 лютого 2022 року", "uk", None)
    assert [d.earliest for d in found] == [datetime(2022, 2, 23, 22, tzinfo=UTC)]


@pytest.mark.parametrize("text", ["He may march on.", "The second 31 men left.", "99.99.9999"])
def test_words_that_only_look_like_dates_are_left(text: str) -> None:
    assert dates(text, "en", WEDNESDAY) == []


def test_ends_of_the_calendar_do_not_break_it() -> None:
    for moment in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)):
        assert isinstance(dates("вчера, завтра, 1 января и через 3000 лет", "ru", moment), list)
