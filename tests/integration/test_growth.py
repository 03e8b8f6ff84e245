"""What one article costs in a store that has many: it reads what was told about its date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.errors import Cancelled
from models.languages import Language
from service.ingest.article import Article
from service.pipeline import Pipeline
from service.settings import Settings
from service.stop import Stop
from service.store.database import Store
from service.store.tables import DocumentRow, EventDocumentRow, EventRow
from tests.made_coverage import NOW, START
from tests.stores import migrated, postgres, store, store_url

__all__ = ["migrated", "postgres", "store", "store_url"]

ROWS = (DocumentRow, EventDocumentRow, EventRow)


@contextmanager
def counted(store: Store) -> Iterator[dict[str, int]]:
    """Statements run and rows loaded as objects inside the block."""
    found = {"statements": 0, "rows": 0}

    def statement(*_: object) -> None:
        found["statements"] += 1

    def row(*_: object) -> None:
        found["rows"] += 1

    sa.event.listen(store.engine, "before_cursor_execute", statement)
    for kind in ROWS:
        sa.event.listen(kind, "load", row)
    try:
        yield found
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", statement)
        for kind in ROWS:
            sa.event.remove(kind, "load", row)


def told(happening: int, telling: int) -> Article:
    """One of six tellings of a happening: its own names and words, two outlets, six hours."""
    names = [f"{stem}{_letters(happening)}" for stem in ("Kor", "Mal", "Sen", "Vad")]
    words = [f"{stem}{_letters(happening)}" for stem in ("bridg", "flam", "strik", "march", "clos")]
    return Article(
        f"The {words[telling % 5]} at {names[0]} was seen by {names[1]} and {names[2]}. "
        f"The {words[(telling + 1) % 5]} and the {words[(telling + 2) % 5]} went on in {names[3]}.",
        title=f"{names[0]} and {names[1]}: {words[0]} after {words[1]} at {names[2]}",
        outlet=f"Outlet {telling % 2}",
        url=f"https://{telling % 2}.example/{happening}/{telling}",
        published_at=START + timedelta(hours=20 * happening + telling),
        language=Language.EN,
    )


def _letters(number: int) -> str:
    vowel = "aeiou"[number % 5]
    return "".join(f"{'bdfgklmnprst'[number // 12**place % 12]}{vowel}" for place in (0, 1))


def ordered(count: int) -> list[Article]:
    """Articles in order of publication: six a happening, a happening every 20 hours."""
    return [told(number // 6, number % 6) for number in range(count)]


def taken(path: Pipeline, articles: list[Article]) -> list[str | None]:
    return [one.event_id for one in path.ingest(articles, now=NOW)]


def test_a_batch_costs_the_same_in_a_large_store_as_in_a_small_one(store: Store) -> None:
    path = Pipeline(Settings(batch_articles=12), store)
    articles = ordered(240)
    taken(path, articles[:48])
    with counted(store) as small:
        taken(path, articles[48:60])
    taken(path, articles[60:228])
    with counted(store) as large:
        taken(path, articles[228:])
    assert large["statements"] <= small["statements"] * 1.2
    assert large["rows"] <= small["rows"] * 1.2


def test_a_new_process_and_a_late_article_read_only_about_their_dates(store: Store) -> None:
    articles = ordered(360)  # 50 days
    late = articles[60]
    telling = replace(late, url=f"{late.url}/again", text=f"{late.text} More of it comes later.")
    taken(Pipeline(Settings(), store), articles)
    path = Pipeline(Settings(), store)
    last = replace(articles[-1], url="https://new.example/1", text=f"{articles[-1].text} Again.")
    with counted(store) as opened:
        (event,) = taken(path, [last])
    with counted(store) as past:
        (home,) = taken(path, [telling])
    with counted(store) as beside:
        taken(path, [replace(telling, url="https://new.example/2", title=f"{late.title} again")])
    with store.session() as session:
        placed = session.get(EventRow, home)
        newest = session.get(EventRow, event)
    assert placed is not None
    assert newest is not None
    assert late.published_at is not None
    assert abs(placed.first_seen - late.published_at) < timedelta(days=1)
    assert placed.documents == 8
    window = 28 * 24 / 20 * 6  # documents of four weeks
    assert opened["rows"] < window * 1.2
    assert past["rows"] < window / 2
    assert beside["rows"] < 25, "what was read for the one is there for the next"


def test_a_path_that_was_warmed_up_reads_nothing_again_unless_another_stored_meanwhile(
    store: Store,
) -> None:
    articles = ordered(66)
    taken(Pipeline(Settings(), store), articles[:60])
    path, other = Pipeline(Settings(), store), Pipeline(Settings(), store)
    path.warm_up()
    with counted(store) as warm:
        (first,) = taken(path, articles[60:61])
    assert warm["rows"] < 10
    assert taken(other, articles[61:64]) == [first] * 3
    assert taken(path, articles[64:]) == [first] * 2, "what another stored is known"
    stop = Stop()
    stop.set()
    late = Pipeline(Settings(), store)
    with pytest.raises(Cancelled):
        late.warm_up(stop)
    again = replace(articles[65], url="https://new.example/3", text=f"{articles[65].text} Later.")
    assert taken(late, [again]) == [first], "what was broken off is read when it is needed"


def test_two_that_store_by_turns_read_of_each_other_only_what_is_new(store: Store) -> None:
    articles = ordered(84)
    taken(Pipeline(Settings(), store), articles[:60])
    one, two = Pipeline(Settings(), store), Pipeline(Settings(), store)
    for path in (one, two):
        path.warm_up()
    given: list[str | None] = []
    with counted(store) as found:
        for start in range(60, 84, 3):
            given += taken(one if start % 2 else two, articles[start : start + 3])
    happenings = [given[start : start + 6] for start in range(0, 24, 6)]
    assert [len(set(each)) for each in happenings] == [1] * 4, "each met what the other stored"
    assert len(set(given)) == 4
    # A stream read again each turn would be some 60 articles of 8 turns.
    assert found["rows"] < 24 * 6


def test_what_another_moved_or_set_right_is_seen_at_the_next_article(store: Store) -> None:
    articles = ordered(66)
    path, other = Pipeline(Settings(), store), Pipeline(Settings(), store)
    (*_, last) = taken(path, articles[:60])
    assert last is not None
    moved = replace(articles[59], published_at=START - timedelta(days=300))
    (answer,) = other.ingest([moved], now=NOW)
    assert answer.status == "corrected"
    alone = answer.event_id
    assert alone != last
    taken(other, articles[60:61])
    again = replace(
        articles[59], url="https://new.example/9", text=f"{articles[59].text} More of it."
    )
    assert taken(path, [again]) == [last]
    main = path.grouping._main
    assert main is not None
    for one in main.placed.values():
        with store.session() as session:
            place = session.get(EventDocumentRow, one.document_id)
        assert place is not None
        assert place.event_id == one.event_id


def test_an_archive_read_after_a_newer_one_meets_what_is_stored_of_its_time(store: Store) -> None:
    articles = ordered(240)
    for outlet in ("Outlet 0", "Outlet 1"):
        path = Pipeline(Settings(batch_articles=40), store)
        taken(path, [one for one in articles if one.outlet == outlet])
    with store.session() as session:
        met = session.execute(
            sa.select(sa.func.count()).where(
                EventRow.merged_into.is_(None),  # type: ignore[union-attr]
                EventRow.documents == 6,  # type: ignore[arg-type]
            )
        ).scalar_one()
    assert met >= 36, "of 40 happenings"
