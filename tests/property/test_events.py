"""What holds for every stream of articles: nobody else's article moves one, and ids stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from alignment.events import Article, EventStream, StreamOptions

START = datetime(2026, 1, 29, 6, tzinfo=UTC)
# Happenings that share topics, names and days, so that joining and merging are in question.
WORDS = [
    "missiles", "Kharkiv", "power", "station", "workers", "killed", "governor", "Odesa", "harbour",
    "talks", "exchange", "prisoners", "ministry", "Thursday", "hospital", "damaged", "12", "340",
]  # fmt: skip
UNRELATED = [
    "glacier", "violin", "orchard", "Lisbon", "tournament", "beetle", "sculpture", "Oslo", "recipe",
    "marathon", "comet", "Quito", "dictionary", "lighthouse", "saffron", "77",
]  # fmt: skip
AXES = np.eye(8, dtype=np.float32)

hours = st.one_of(
    st.floats(0, 24 * 30, allow_nan=False),
    st.sampled_from([-24 * 365 * 40.0, 24 * 365 * 60.0]),  # decades off
)


@st.composite
def streams(draw: st.DrawFn, most: int = 14) -> list[Article]:
    """Articles in any order of time; some with vectors of a few directions, some without text."""
    with_vectors = draw(st.booleans())
    made = []
    for number in range(draw(st.integers(0, most))):
        words = draw(st.lists(st.sampled_from(WORDS), max_size=14))
        vector = AXES[draw(st.integers(0, 4))] if with_vectors else None
        made.append(
            Article(
                str(number),
                draw(st.sampled_from(["ru", "uk", "en"])),
                " ".join(words[:5]),
                " ".join(words[5:]),
                START + timedelta(hours=draw(hours)),
                vector=vector,
            )
        )
    return made


def told(
    articles: list[Article], options: StreamOptions | None = None
) -> tuple[EventStream, dict[str, str]]:
    stream = EventStream(options)
    return stream, {one.key: stream.assign(one).event for one in articles}


@settings(max_examples=80, deadline=None)
@given(streams(), st.lists(st.sampled_from(UNRELATED), min_size=6, max_size=14, unique=True), hours)
def test_an_unrelated_article_moves_no_other(
    articles: list[Article], words: list[str], when: float
) -> None:
    stream, first = told(articles)
    before = {key: stream.resolve(event) for key, event in first.items()}
    redirects = stream.redirects
    vector = AXES[7] if articles and articles[0].vector is not None else None
    found = stream.assign(
        Article(
            "stranger", "en", " ".join(words[:4]), " ".join(words[4:]),
            START + timedelta(hours=when), vector=vector,
        )
    )  # fmt: skip
    assert found.created
    assert found.event not in set(before.values())
    assert stream.redirects == redirects
    assert {key: stream.resolve(event) for key, event in first.items()} == before


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=12),
    st.integers(0, 12),
    hours,
)
def test_an_unrelated_article_anywhere_leaves_the_groups_as_they_are(
    tellings: list[tuple[int, int]], place: int, when: float
) -> None:
    stories = [
        "Missiles hit the Zmiivska power station near Kharkiv, governor Syniehubov said",
        "A baby elephant named Daryna is born at the Mykolaiv zoo, keepers said",
        "Envoys meet in Abu Dhabi for talks on prisoners, the ministry said",
    ]
    articles = [
        Article(
            str(number), "en", stories[story], f"{WORDS[extra]} {WORDS[extra + 3]} number {number}",
            START + timedelta(hours=number),
        )
        for number, (story, extra) in enumerate(tellings)
    ]  # fmt: skip
    stranger = Article(
        "stranger", "en", "Violin tournament in Lisbon", "A comet over the lighthouse of Quito",
        START + timedelta(hours=when),
    )  # fmt: skip
    without, plain = told(articles)
    with_it, mixed = told([*articles[:place], stranger, *articles[place:]])
    assert {key: without.resolve(event) for key, event in plain.items()} == {
        key: with_it.resolve(mixed[key]) for key in plain
    }


@settings(max_examples=60, deadline=None)
@given(streams())
def test_groups_only_ever_come_together_and_old_ids_lead_on(articles: list[Article]) -> None:
    stream = EventStream()
    first: dict[str, str] = {}
    before: dict[str, str] = {}
    for article in articles:
        found = stream.assign(article)
        assert 0.0 <= found.probability <= 1.0
        first[article.key] = found.event
        now = {key: stream.resolve(event) for key, event in first.items()}
        assert now[article.key] == found.event
        for gone in found.merged:
            assert stream.resolve(gone) == found.event
        for key, event in before.items():
            assert now[key] == stream.resolve(event)
            assert now[key] == event or event in stream.redirects
        assert all(stream.resolve(event) == event for event in now.values())
        before = now
    assert len(stream) <= max(1, len(set(before.values())))


@settings(max_examples=60, deadline=None)
@given(streams(), st.lists(st.sampled_from(WORDS), min_size=3, max_size=12, unique=True))
def test_an_article_taken_back_leaves_no_trace(articles: list[Article], words: list[str]) -> None:
    endless = StreamOptions(window=timedelta(days=365 * 200))  # the clock closes nothing
    stream = EventStream(endless)
    # A copy may stretch its event's time, which is not undone: only originals are kept with theirs.
    assume(not any(stream.assign(each).copy_of for each in articles))
    vector = AXES[1] if articles and articles[0].vector is not None else None
    one = Article("one", "en", "", " ".join(words), START + timedelta(days=2), vector=vector)
    other = Article("two", "en", "", " ".join(words[1:]), START + timedelta(days=2), vector=vector)
    found = stream.assign(one)
    if found.copy_of or found.merged:
        assert not (found.copy_of and stream.withdraw(one))
        return
    assert stream.withdraw(one)
    assert not stream.withdraw(one)
    untouched, _ = told(articles, endless)
    again, expected = stream.assign(other), untouched.assign(other)
    assert again.event == expected.event
    assert abs(again.probability - expected.probability) < 1e-6
