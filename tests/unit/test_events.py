from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from alignment.events import CLOCK, Article, EventStream, StreamOptions

START = datetime(2026, 1, 29, 6, tzinfo=UTC)


def article(key: str, title: str, lead: str, hours: float = 0.0, language: str = "en") -> Article:
    return Article(key, language, title, lead, START + timedelta(hours=hours))


STRIKE = (
    "Missiles hit a power station near Kharkiv",
    "Governor Syniehubov said that three workers of the Zmiivska power station were killed.",
)
STRIKE_AGAIN = (
    "Three workers killed at power station near Kharkiv",
    "The Zmiivska power station was hit by missiles, governor Syniehubov said on Thursday.",
)
ZOO = (
    "A baby elephant is born at the zoo",
    "Keepers named the calf Daryna and visitors may see her from Saturday, the director said.",
)


def test_articles_about_one_happening_share_an_event() -> None:
    stream = EventStream()
    first = stream.assign(article("1", *STRIKE))
    other = stream.assign(article("2", *ZOO, hours=1))
    again = stream.assign(article("3", *STRIKE_AGAIN, hours=2))
    assert first.created
    assert other.created
    assert again.event == first.event
    assert again.probability >= 0.5
    assert abs(sum((again.parts or {}).values())) > 0


def test_a_copy_joins_its_original_and_says_so() -> None:
    stream = EventStream()
    text = " ".join(f"{word}{n}" for n in range(40) for word in ("alpha", "beta"))
    first = stream.assign(article("1", "A long agency report", text))
    copy = stream.assign(article("2", "A long agency report", text, hours=3))
    assert copy.copy_of == "1"
    assert copy.event == first.event


def test_merged_events_leave_a_redirect() -> None:
    stream = EventStream()
    first = stream.assign(article("1", *STRIKE)).event
    second = stream.assign(article("2", *ZOO)).event
    stream.merge(second, first)
    assert stream.resolve(second) == first
    assert stream.redirects == {second: first}
    third = stream.assign(article("3", ZOO[0], ZOO[1], hours=1))
    assert stream.resolve(third.event) == first


def test_an_event_closes_after_the_window_and_keeps_its_id() -> None:
    stream = EventStream(StreamOptions(window=timedelta(days=2)))
    first = stream.assign(article("1", *STRIKE))
    late = stream.assign(article("2", *STRIKE_AGAIN, hours=24 * 5))
    assert late.created
    assert late.event != first.event
    for n in range(CLOCK):
        stream.assign(article(f"z{n}", *ZOO, hours=24 * 5))
    assert len(stream) == 2
    assert stream.resolve(first.event) == first.event


def test_open_events_never_exceed_the_bound() -> None:
    stream = EventStream(StreamOptions(active=5))
    for n in range(40):
        stream.assign(
            article(str(n), f"Unique{n} headline{n * 7}", f"word{n} term{n * 13}", n / 10)
        )
    assert len(stream) <= 5


def test_rebuilding_gives_the_same_answer_as_the_stream_that_lived() -> None:
    lived = EventStream()
    told = [article("1", *STRIKE), article("2", *ZOO, hours=1)]
    stored = [(one, lived.assign(one).event) for one in told]
    rebuilt = EventStream.rebuild(stored)
    late = article("3", *STRIKE_AGAIN, hours=2)
    assert rebuilt.assign(late) == lived.assign(late)


def test_a_date_without_a_zone_is_refused() -> None:
    naive = Article("1", "en", "Title", "Lead", datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="time zone"):
        EventStream().assign(naive)


def test_vectors_of_another_length_are_refused() -> None:
    stream = EventStream()
    one = Article("1", "en", *STRIKE, START, vector=np.full(4, 0.5, dtype=np.float32))
    stream.assign(one)
    other = Article("2", "en", *ZOO, START, vector=np.full(9, 1 / 3, dtype=np.float32))
    with pytest.raises(ValueError, match="one encoder"):
        stream.assign(other)


def test_a_date_decades_off_closes_nothing_and_joins_nothing() -> None:
    stream = EventStream()
    first = stream.assign(article("1", *STRIKE))
    leads = STRIKE_AGAIN[1], "Governor Syniehubov said on Thursday who was killed at Zmiivska."
    for years, lead in zip((-90, 70), leads, strict=True):
        wrong = stream.assign(article(f"w{years}", STRIKE[0], lead, hours=24 * 365 * years))
        assert wrong.created
        assert wrong.event != first.event
    again = stream.assign(article("3", STRIKE_AGAIN[0], STRIKE[1], hours=2))
    assert again.event == first.event


def test_a_copy_with_a_wrong_date_does_not_stretch_its_event() -> None:
    stream = EventStream()
    text = " ".join(f"{word}{n}" for n in range(40) for word in ("alpha", "beta"))
    first = stream.assign(article("1", "A long agency report", text))
    copy = stream.assign(article("2", "A long agency report", text, hours=24 * 365 * 50))
    assert copy.event == first.event
    for n in range(CLOCK):
        stream.assign(article(f"z{n}", *ZOO, hours=24 * 30))
    assert len(stream) == 1


def test_thousands_of_identical_or_empty_articles_are_one_voice() -> None:
    stream = EventStream()
    text = " ".join(f"word{n}" for n in range(60))
    for title, lead in (("The same headline", text), ("", "")):
        answers = [
            stream.assign(article(f"{title}{n}", title, lead, hours=n / 100)) for n in range(1_500)
        ]
        assert {one.event for one in answers} == {answers[0].event}
        assert all(one.copy_of == f"{title}0" for one in answers[1:])
    assert len(stream) == 2
    assert len(stream._copies) == 2  # what is kept is what costs


def test_the_chance_to_join_falls_as_an_event_grows() -> None:
    stream = EventStream()
    sizes = []
    for n in range(12):
        lead = " ".join(f"witness{n}x{m}" for m in range(8)) + " at Zmiivska station"
        found = stream.assign(article(str(n), STRIKE[0], lead, hours=n / 10))
        if not found.created:
            sizes.append((found.parts or {})["size"])
    assert len(sizes) >= 8
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0]


def test_an_article_whose_event_name_is_taken_opens_another() -> None:
    stream = EventStream()
    first = article("1", *STRIKE)
    stream.assign(first)
    stream.assign(article("2", *STRIKE_AGAIN, hours=1))
    assert stream.withdraw(first)
    moved = stream.assign(article("1", *STRIKE, hours=-24 * 400))
    assert moved.created
    assert moved.event != "event:1"
    assert len(stream) == 2


def test_a_stream_rebuilt_in_any_order_of_time_holds_the_window_about_the_last() -> None:
    told = [
        article(str(n), f"Unique{n} headline{n}", f"word{n} term{n}", 24.0 * n) for n in range(30)
    ]
    ordered = [(one, f"event:{one.key}") for one in told]
    # The archive of another outlet came after, from the start: the last dates are old again.
    other = [
        (article(f"o{n}", f"Other{n} matter{n}", f"thing{n} fact{n}", 24.0 * n), f"event:o{n}")
        for n in range(10)
    ]
    rebuilt = EventStream.rebuild([*ordered, *other])
    late = rebuilt.assign(article("late", "Unique9 headline9", "word9 term9", 24.0 * 9))
    assert late.event == "event:9"
    assert rebuilt.held[1] > 0
