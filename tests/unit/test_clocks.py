"""Times of day: how they are read, and when two of them are one moment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alignment.claims import Claim, Sentence, extract
from alignment.clocks import meet
from alignment.quantities import quantities

WINTER = datetime(2025, 2, 3, 10, tzinfo=UTC)


def claim(language: str, text: str, published_at: datetime = WINTER) -> Claim:
    (found,) = extract([Sentence(text, language, 0, 0)], published_at=published_at)
    return found


@pytest.mark.parametrize(
    ("text", "language", "hours", "words"),
    [
        ("в 14:30", "ru", 14.5, "14:30"),
        ("в 11:40 по московскому времени", "ru", 11.6667, "11:40 по московскому времени"),
        ("в 3 часа ночи по Москве", "ru", 3, "3 часа ночи по Москве"),
        ("о 15:00 за київським часом", "uk", 15, "15:00 за київським часом"),
        ("at 9:40 a.m. Moscow time", "en", 9.6667, "9:40 a.m. Moscow time"),
        ("0840 GMT", "en", 8.6667, "0840 GMT"),
        ("It starts at 10 p.m.", "en", 22, "10 p.m"),
        ("до 18:00", "ru", 18, "18:00"),
        ("until 3.40am", "en", 3.6667, "3.40am"),
        ("at two in the morning", "en", 2, "two in the morning"),
        ("half past seven", "en", 7.5, "half past seven"),
        ("в шесть утра", "ru", 6, "шесть утра"),
        ("в половине восьмого", "ru", 7.5, "половине восьмого"),
        ("о другій ночі", "uk", 2, "другій ночі"),
        ("о пів на восьму ранку", "uk", 7.5, "пів на восьму ранку"),
    ],
)
def test_a_time_is_read_with_its_zone(text: str, language: str, hours: float, words: str) -> None:
    (found,) = quantities(text, language)
    assert (found.unit, found.low, found.high) == ("clock", hours, hours)
    assert found.text.endswith(words)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3 часа в пути", "ru"),
        ("The score was 2:1", "en"),
        ("in 0840 cases", "en"),
        ("ждали два дня", "ru"),
        ("третя пляшка", "uk"),
    ],
)
def test_what_is_no_time_of_day(text: str, language: str) -> None:
    assert all(q.unit != "clock" for q in quantities(text, language))


@pytest.mark.parametrize(
    ("a", "b", "zones"),
    [
        (("ru", "Взрыв был в 15:00."), ("uk", "Вибух був о 15:00."), None),
        (("ru", "Взрыв был в 15:00."), ("uk", "Вибух був о 14:00."), ("Moscow", "Kyiv")),
        (("ru", "Взрыв был в 00:30."), ("uk", "Вибух був о 23:30."), ("Moscow", "Kyiv")),
        (("ru", "Взрыв был в 15:00."), ("en", "The blast was at 12:00."), ("Moscow", "UTC")),
        (
            ("en", "The blast in Odesa was at 12:00."),
            ("ru", "Взрыв в Одессе был в 13:00."),
            ("Kyiv", "Moscow"),
        ),
        (
            ("en", "Talks open at 9 am Eastern time."),
            ("uk", "Перемовини почнуться о 16:00."),
            ("Washington", "Kyiv"),
        ),
        (("ru", "Взрыв был около 15:00."), ("en", "The blast was at 12:20."), ("Moscow", "UTC")),
    ],
)
def test_hours_apart_are_one_moment_where_zones_explain_them(
    a: tuple[str, str], b: tuple[str, str], zones: tuple[str, str] | None
) -> None:
    one, other = claim(*a), claim(*b)
    met = meet(one.quantities[0], other.quantities[0], one, other)
    assert met is not None
    assert met.zones == zones
    back = meet(other.quantities[0], one.quantities[0], other, one)
    assert back is not None
    assert back.zones == (zones and zones[::-1])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("ru", "Взрыв был в 14:00."), ("uk", "Вибух був о 15:00.")),
        (("ru", "Взрыв был в 15:00."), ("uk", "Вибух був о 13:00.")),
        (("uk", "Вибух був о 14:00."), ("uk", "Вибух був о 15:00.")),
        (("ru", "Взрыв был в 14:00."), ("en", "The blast was at 12:00.")),
        (("ru", "Взрыв был в 11:40 мск."), ("en", "The blast was at 10:40 a.m. Moscow time.")),
        (
            ("ru", "Взрыв был 3 февраля в 11:00 мск."),
            ("uk", "Вибух був 3 лютого об 11:00 за Києвом."),
        ),
    ],
)
def test_hours_apart_without_such_zones_are_two_moments(
    a: tuple[str, str], b: tuple[str, str]
) -> None:
    one, other = claim(*a), claim(*b)
    assert meet(one.quantities[0], other.quantities[0], one, other) is None


def test_the_date_tells_whether_clocks_are_put_forward() -> None:
    ru, uk = claim("ru", "Взрыв был 3 июля в 15:00."), claim("uk", "Вибух був 3 липня о 14:00.")
    assert meet(ru.quantities[0], uk.quantities[0], ru, uk) is None
