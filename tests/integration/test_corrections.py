"""A date, an outlet or a title set right: no second article, and what hangs on it follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from service.ingest.article import Article
from service.pipeline import Ingested, Pipeline
from service.settings import Settings
from service.store import claims, documents, events, pairs
from service.store.database import Store
from tests.made_coverage import NOW as LATER
from tests.made_coverage import coverage, dump
from tests.rows import NOW, article
from tests.stores import migrated, postgres, store, store_url

__all__ = ["migrated", "postgres", "store", "store_url"]

BODY = "Explosions were heard in Kharkiv yesterday evening. The mayor said three people were hurt."


def taken(path: Pipeline, *articles: Article) -> list[Ingested]:
    return list(path.ingest(articles, now=LATER))


def filed(folder: Path, **changes: object) -> Article:
    """The article of a file of its own that gives no address."""
    fields: dict[str, object] = {
        "text": BODY,
        "title": "Kharkiv hit",
        "outlet": "Harbour Ledger",
        "published_at": NOW,
        "origin": str(folder / "article.txt"),
        "whole_file": True,
    }
    return Article(**{**fields, **changes})  # type: ignore[arg-type]


def count(store: Store) -> int:
    with store.session() as session:
        return sum(documents.counts(session).values())


def test_a_corrected_date_is_taken_over_with_what_hangs_on_it(store: Store) -> None:
    path = Pipeline(Settings(), store)
    given = article("en", text=BODY)
    (first,) = taken(path, given)
    list(path.align())
    right = replace(given, published_at=NOW + timedelta(hours=13))
    (corrected,) = taken(path, right)
    assert (corrected.status, corrected.document_id) == ("corrected", first.document_id)
    with store.session() as session:
        row = documents.get(session, str(first.document_id))
        assert row.published_at == row.dated_at == right.published_at
        assert any("it was 2026-01-20 12:00 UTC" in note for note in row.notes)
        event = events.get(session, str(first.event_id))
        assert (event.last_seen, event.due) == (right.published_at, True)
        told = [claim.data["dates"] for claim in claims.of_document(session, row.id)]
        assert any("2026-01-20" in str(dates) for dates in told)  # the day before the 21st
    assert [one.status for one in taken(path, right)] == ["known"]


def test_what_a_reading_does_not_say_or_says_less_well_stays(store: Store) -> None:
    path = Pipeline(Settings(), store)
    given = article("en")
    taken(path, given)
    before = dump(store)
    vaguer = replace(given, published_at=NOW.replace(hour=0), outlet=None, title=given.title)
    nothing = replace(given, published_at=None, outlet=None)
    assert [one.status for one in taken(path, vaguer, nothing)] == ["known"] * 2
    assert dump(store) == before


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"published_at": NOW + timedelta(days=3)}, "corrected"),
        ({"outlet": "Northgate Wire"}, "corrected"),
        ({"title": "Kharkiv was hit"}, "changed"),
    ],
)
def test_a_file_that_gives_no_address_stays_one_article(
    store: Store, tmp_path: Path, changes: dict[str, object], status: str
) -> None:
    path = Pipeline(Settings(), store)
    (first,) = taken(path, filed(tmp_path))
    (again,) = taken(path, filed(tmp_path, **changes))
    assert again.status == status
    assert count(store) == 1
    with store.session() as session:
        one, other = (documents.get(session, str(each.document_id)) for each in (first, again))
        assert one.article_id == other.article_id
        summary = documents.summaries(session, [other.id])[other.id]
        assert summary.outlet == changes.get("outlet", "Harbour Ledger")
        assert summary.title == changes.get("title", "Kharkiv hit")
    copied = filed(tmp_path / "copied", **changes)
    answers = taken(path, filed(tmp_path, **changes), copied)
    assert [one.status for one in answers] == ["known"] * 2


def test_the_same_words_elsewhere_are_another_article(store: Store, tmp_path: Path) -> None:
    path = Pipeline(Settings(), store)
    other = filed(tmp_path / "other", outlet="Northgate Wire")
    posted = replace(filed(tmp_path, outlet="Third"), origin="http:0", whole_file=False)
    again = replace(posted, outlet="Fourth")
    answers = taken(path, filed(tmp_path), other, posted, again)
    assert [one.status for one in answers] == ["stored"] * 4
    assert count(store) == 4


def test_a_date_set_right_by_years_brings_an_article_to_its_event(store: Store) -> None:
    path = Pipeline(Settings(), store)
    (first,) = taken(path, article("en", text=BODY))
    wrong = article("uk", 1)
    wrong = replace(wrong, published_at=NOW - timedelta(days=800))
    (alone,) = taken(path, wrong)
    assert alone.event_id != first.event_id
    (right,) = taken(path, replace(wrong, published_at=NOW + timedelta(hours=2)))
    assert (right.status, right.event_id) == ("corrected", first.event_id)
    list(path.align())
    with store.session() as session:
        assert events.get(session, str(alone.event_id)).id == first.event_id
        assert len(documents.of_event(session, str(first.event_id))) == 2
        assert pairs.of_event(session, str(first.event_id))


def test_the_article_that_opened_an_event_can_leave_it(store: Store) -> None:
    path = Pipeline(Settings(), store)
    opener = article("en", text=BODY)
    other = article("uk", 1)
    first, second = taken(path, opener, other)
    assert first.event_id == second.event_id
    list(path.align())
    (moved,) = taken(path, replace(opener, published_at=NOW - timedelta(days=800)))
    assert moved.event_id != second.event_id
    list(path.align())
    with store.session() as session:
        for event_id in (str(moved.event_id), str(second.event_id)):
            assert events.get(session, event_id).id == event_id
            assert len(documents.of_event(session, event_id)) == 1
        assert pairs.of_event(session, str(second.event_id)) == []


def test_after_a_correction_the_stream_goes_on_as_before(store: Store) -> None:
    path = Pipeline(Settings(batch_articles=4), store)
    articles = list(coverage(12))
    taken(path, *articles[:6])
    shifted = [replace(articles[0], published_at=articles[0].published_at + timedelta(hours=1))]  # type: ignore[operator]
    answers = taken(path, *shifted, *articles[6:])
    assert sorted(one.status for one in answers) == ["corrected"] + ["stored"] * 6
    list(path.align())
    again = Pipeline(Settings(batch_articles=4), store)
    before = dump(store)
    assert {one.status for one in taken(again, *shifted, *articles[1:])} == {"known"}
    assert dump(store) == before
