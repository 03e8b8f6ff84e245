"""The whole path on both databases: what it stores, repeats, and says that it went without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog
from sqlmodel import select

from models.errors import Cancelled
from models.languages import Language
from models.registry import Registry
from models.translate import Engine
from service.errors import StoreFull
from service.glossaries import Glossaries
from service.ingest.article import Article, Refusal
from service.pipeline import Pipeline
from service.settings import Settings
from service.stop import Stop
from service.store import documents, events, groups, judgements, memory, pairs, translations
from service.store.database import Store
from service.store.tables import JudgementRow, SilenceRow, TranslationRow
from tests.made_coverage import NOW, coverage, dump
from tests.packages import dictionary_package
from tests.rows import article
from tests.stores import migrated, postgres, store, store_url

__all__ = ["migrated", "postgres", "store", "store_url"]

WORDS = {
    "Ночью": "overnight", "в": "in", "Харькове": "Kharkiv", "прогремели": "were",
    "взрывы": "explosions", "Мэр": "mayor", "сообщил": "said", "о": "about",
    "трёх": "three", "пострадавших": "hurt",
}  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dictionary_package(tmp_path_factory.mktemp("packages"), WORDS)


@pytest.fixture
def engine(package: Path) -> Iterator[Engine]:
    made = Engine(Registry([package.parent], links_within=package.parent))
    yield made
    made.close()


def pipeline(store: Store, engine: Engine | None = None, **settings: object) -> Pipeline:
    return Pipeline(Settings(batch_articles=4, **settings), store, engine)  # type: ignore[arg-type]


def in_one_event(store: Store) -> str:
    """Merge all events: what is tested is what happens inside one, not how it is found."""
    with store.session(write=True) as session:
        first, *others = events.all_ids(session)
        for other in others:
            events.merge(session, other, first)
    return first


def three() -> list[Article]:
    return [article(code) for code in ("ru", "uk", "en")]


def test_articles_go_in_once_and_a_changed_one_becomes_a_version(store: Store) -> None:
    path = pipeline(store)
    first = list(path.ingest(three()))
    assert [one.status for one in first] == ["stored"] * 3
    assert {one.language for one in first} == {"ru", "uk", "en"}
    again = list(path.ingest([*three(), *three()]))
    assert [one.status for one in again] == ["known"] * 6
    assert {one.document_id for one in again} == {one.document_id for one in first}
    changed = list(path.ingest([article("en", text="Now five people are said to be hurt.")]))
    assert [one.status for one in changed] == ["changed"]
    english = next(one for one in first if one.language == "en")
    assert changed[0].event_id == english.event_id
    with store.session() as session:
        view = documents.view(session, str(changed[0].document_id))
        assert [item.version for item in view.versions] == [1, 2]
        assert events.get(session, str(changed[0].event_id)).due


def test_bad_articles_are_refused_one_by_one_and_the_others_go_in(store: Store) -> None:
    path = pipeline(store, document_characters=1_000)
    mixed: list[Article | Refusal] = [
        three()[0],
        Refusal("archive.jsonl:2", "is no JSON"),
        Article("", origin="archive.jsonl:3"),
        Article("слово " * 500, origin="archive.jsonl:4"),
        Article("Text with \x00 and \ud800 in it.", outlet="A\x00", origin="archive.jsonl:5"),
        replace(three()[2], published_at=NOW + timedelta(days=4_000)),
    ]
    answers = {one.origin: one for one in path.ingest(mixed, now=NOW)}
    refused = {origin for origin, one in answers.items() if one.status == "refused"}
    assert refused == {"archive.jsonl:2", "archive.jsonl:3", "archive.jsonl:4"}
    assert "PARALLAX_DOCUMENT_CHARACTERS" in str(answers["archive.jsonl:4"].reason)
    with store.session() as session:
        assert sum(documents.counts(session).values()) == 3
        kept = documents.page(session, language="en").items
        assert any("future" in note for one in kept for note in one.notes)


def test_a_second_run_changes_nothing(store: Store) -> None:
    path = pipeline(store)
    list(path.ingest(coverage(12), now=NOW))
    in_one_event(store)
    list(path.align())
    before = dump(store)
    assert before["pair"]
    again = pipeline(store)
    assert {one.status for one in again.ingest(coverage(12), now=NOW)} == {"known"}
    assert list(again.align()) == []
    with store.session() as session:
        everything = events.all_ids(session)
    list(again.align(everything))
    assert dump(store) == before


def test_every_offset_in_the_store_cuts_its_words(store: Store) -> None:
    path = pipeline(store)
    list(path.ingest(coverage(12), now=NOW))
    in_one_event(store)
    list(path.align())
    with store.session() as session:
        assert pairs.relations(session)
        for view in pairs.every(session):
            for side in (view.a, view.b):
                text = documents.get(session, side.document.id).text
                assert [text[one.start : one.end] for one in side.claims] == [
                    one.text for one in side.claims
                ]


def test_without_a_package_the_path_runs_and_says_so(store: Store) -> None:
    path = pipeline(store)
    answers = list(path.ingest(three()))
    assert {one.language: one.missing for one in answers} == {
        "ru": ("ru→en",),
        "uk": ("uk→en",),
        "en": (),
    }
    aligned = list(path.align())
    assert {"ru→en", "uk→en", "encoder"} <= {name for one in aligned for name in one.missing}
    with store.session() as session:
        assert translations.count(session) == 0


def test_translations_are_made_once_and_name_what_made_them(store: Store, engine: Engine) -> None:
    path = pipeline(store, engine)
    answer = next(iter(path.ingest([article("ru")])))
    assert answer.missing == ()
    with store.session() as session:
        view = documents.view(session, str(answer.document_id))
        english = [part.translation for part in view.segments if part.language]
        assert all(english)
        row = english[0]
        assert row is not None
        assert "explosions" in row.text
        assert row.route == "ru→en"
        assert len(row.packages) == 1
        assert len(row.packages[0]) == 64
        assert row.options
        before = {row.id: row.created_at for row in session.exec(select(TranslationRow)).all()}
    changed = article("ru", text=f"{article('ru').text}\n\nВзрывы прогремели в Харькове.")
    list(path.ingest([changed, article("ru", outlet="A copy", url="https://copy.example/1")]))
    with store.session() as session:
        after = {row.id: row.created_at for row in session.exec(select(TranslationRow)).all()}
    new = after.keys() - before.keys()
    assert before.items() <= after.items()
    assert len(new) == 1


def test_a_package_that_comes_later_is_used_for_what_is_stored(
    store: Store, engine: Engine
) -> None:
    path = pipeline(store)
    answer = next(iter(path.ingest([article("ru")])))
    list(path.align())
    later = pipeline(store, engine)
    aligned = list(later.align())
    assert [one.event_id for one in aligned] == [answer.event_id]
    with store.session() as session:
        view = documents.view(session, str(answer.document_id))
        assert all(part.translation for part in view.segments if part.language)
        assert view.document.missing == []
    assert list(later.align()) == []


def test_two_processes_share_one_store(store_url: str, tmp_path: Path) -> None:
    articles = list(coverage(12))
    with Store(store_url) as store:
        store.upgrade()
        one, two = pipeline(store), pipeline(store)
        for start in range(0, 12, 3):
            path = one if start % 6 == 0 else two
            list(path.ingest(articles[start : start + 3], now=NOW))
        list(two.align())
        shared = dump(store)
    with Store(f"sqlite:///{tmp_path / 'alone.sqlite3'}") as store:
        store.upgrade()
        alone = pipeline(store)
        for start in range(0, 12, 3):
            list(alone.ingest(articles[start : start + 3], now=NOW))
        list(alone.align())
        expected = dump(store)
    for table in ("document", "claim", "event_document", "group_member"):
        assert len(shared[table]) == len(expected[table])
    if store_url.startswith("sqlite"):
        assert shared == expected


def test_a_full_disk_loses_nothing_and_the_run_can_go_on(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'small.sqlite3'}") as store:
        store.upgrade()
        path = pipeline(store)
        with store.session() as session:
            pages = session.execute(sa.text("PRAGMA page_count")).scalar_one()

        @sa.event.listens_for(store.engine, "begin")
        def full(connection: sa.Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 12}")

        told = []
        with pytest.raises(StoreFull, match="run the same command again"):
            told.extend(one for one in path.ingest(coverage(40), now=NOW))
        sa.event.remove(store.engine, "begin", full)
        store.engine.dispose()
        with store.session() as session:
            kept = sum(documents.counts(session).values())
        assert 0 < kept < 40
        assert kept % 4 == 0
        assert (
            sum(one.status == "stored" for one in path.ingest(coverage(40), now=NOW)) == 40 - kept
        )
        list(path.align())
        after = dump(store)
    with Store(f"sqlite:///{tmp_path / 'large.sqlite3'}") as store:
        store.upgrade()
        path = pipeline(store)
        list(path.ingest(coverage(40), now=NOW))
        list(path.align())
        assert dump(store) == after


def test_a_long_ingest_is_answered_as_it_goes(store: Store) -> None:
    path = pipeline(store)
    read: list[int] = []

    def reading() -> Iterator[Article]:
        for number, one in enumerate(coverage(1_010)):
            read.append(number)
            yield one

    answers = path.ingest(reading(), now=NOW)
    next(answers)
    assert len(read) == 1_000
    with store.session() as session:
        assert sum(documents.counts(session).values()) == 4
    answers.close()


def pairable() -> list[Article]:
    """Two outlets in each of two languages that tell the same story in the same order."""
    made = []
    for language in ("ru", "uk"):
        for outlet in range(2):
            made.append(
                article(
                    language,
                    outlet,
                    outlet=f"{language} {outlet}",
                    text=(
                        "17 января в Харькове ракета С-300 разрушила дом 14. "
                        f"Погибли 3 человека. Сообщил Терехов {outlet}."
                        if language == "ru"
                        else "17 січня в Харкові ракета С-300 зруйнувала будинок 14. "
                        f"Загинули 3 людини. Повідомив Терехов {outlet}."
                    ),
                )
            )
    return made


def test_what_people_judged_decides_and_survives_every_rerun(store: Store) -> None:
    path = pipeline(store)
    list(path.ingest(pairable()))
    event_id = in_one_event(store)
    done = path.realign(event_id)
    assert done.documents == 4
    with store.session() as session:
        found = pairs.page(session, event=event_id).items
    assert found, "the same story in two languages gives pairs"
    wrong = found[0]
    with store.session(write=True) as session:
        judgements.add(session, wrong.id, "different", who="anna", note="not the same house")
    assert [one.event_id for one in path.align()] == [event_id]
    with store.session() as session:
        kept = session.exec(select(JudgementRow)).all()
        assert [(row.judgement, row.note) for row in kept] == [("different", "not the same house")]
        against = judgements.disagreements(session, [wrong.id])
        assert [row.machine for row in against[wrong.id]] == ["pair"]
        edge = groups.of_claims(session, [wrong.a_claim, wrong.b_claim])
        direct = [
            pair
            for pair in pairs.of_event(session, event_id)
            if {wrong.a_claim, wrong.b_claim} <= {pair.a_claim, pair.b_claim}
        ]
        assert [pair.id for pair in direct] == [wrong.id]
        if edge[wrong.a_claim] != edge[wrong.b_claim]:
            assert direct[0].group_id is None


def test_a_late_article_closes_a_silence_and_files_the_new_answer(store: Store) -> None:
    path = pipeline(store)
    first = next(iter(path.ingest([article("ru")])))
    list(path.align())
    with store.session() as session:
        before = session.exec(select(SilenceRow)).all()
        assert {row.kind for row in before} == {"insufficient coverage"}
        assert {row.language for row in before} == {"uk", "en"}
        assert {row.articles for row in before} == {0}
    late = next(iter(path.ingest([article("uk", 1)])))
    if late.event_id != first.event_id:
        with store.session(write=True) as session:
            events.merge(session, str(late.event_id), str(first.event_id))
    list(path.align())
    with store.session() as session:
        rows = session.exec(select(SilenceRow)).all()
        of_first = [row for row in rows if row.claim_id in {old.claim_id for old in before}]
        closed = [row for row in of_first if row.language == "uk" and row.valid_to is not None]
        assert len(closed) == len([row for row in before if row.language == "uk"])
        standing = [row for row in of_first if row.language == "uk" and row.valid_to is None]
        assert all(row.articles == 1 for row in standing)


def test_the_language_given_is_kept_beside_what_was_found(store: Store) -> None:
    path = pipeline(store)
    answer = next(iter(path.ingest([replace(article("uk"), language=Language.RU)])))
    with store.session() as session:
        row = documents.get(session, str(answer.document_id))
        assert (row.language_given, row.language) == ("ru", "uk")


def test_a_persons_words_go_before_the_engine_and_say_so(store: Store, engine: Engine) -> None:
    with store.session(write=True) as session:
        memory.add(
            session,
            "Ночью в Харькове прогремели взрывы.",
            "Kharkiv heard blasts at night.",
            source_language="ru",
            target_language="en",
            who="olena",
        )
    (taken,) = pipeline(store, engine).ingest([article("ru")])
    with store.session() as session:
        segments = documents.view(session, str(taken.document_id)).segments
    found = [
        (each.translation.text, each.translation.origin) for each in segments if each.translation
    ]
    assert ("Kharkiv heard blasts at night.", "memory") in found
    assert {origin for _, origin in found} == {"memory", "engine"}


def test_a_correction_shows_in_stored_documents_and_makes_their_events_due(
    store: Store, engine: Engine
) -> None:
    """The newest correction counts, also where it is an earlier wording given again."""
    path = pipeline(store, engine)
    (taken,) = path.ingest([article("ru")])
    list(path.align())
    words = "Ночью в Харькове прогремели взрывы."

    def shown() -> tuple[str, str, bool]:
        with store.session() as session:
            view = documents.view(session, str(taken.document_id))
            found = next(each.translation for each in view.segments if each.text == words)
            assert found is not None
            return found.text, found.origin, bool(events.due(session))

    assert shown()[1:] == ("engine", False)
    for wording in ("Blasts in Kharkiv.", "Explosions in Kharkiv.", "Blasts in Kharkiv."):
        with store.session(write=True) as session:
            memory.add(session, words, wording, source_language="ru", target_language="en")
        assert shown() == (wording, "memory", True)
        list(path.align())
        assert shown() == (wording, "memory", False)


def test_terms_mark_the_translations_they_shaped_and_a_new_term_redoes_them(
    store: Store, engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "ru-en.tsv").write_text("мэр\tcity head\n", encoding="utf-8")
    glossaries = Glossaries(tmp_path, structlog.get_logger())
    path = Pipeline(Settings(), store, engine, glossaries=glossaries)
    (taken,) = path.ingest([article("ru")])
    event_id = str(taken.event_id)

    def shown(beginning: str) -> TranslationRow:
        with store.session() as session:
            view = documents.view(session, str(taken.document_id))
        return next(
            each.translation
            for each in view.segments
            if each.text.startswith(beginning) and each.translation
        )

    assert (shown("Мэр").origin, shown("Мэр").flags.count("term")) == ("glossary", 1)
    assert shown("Ночью").origin == "engine"
    untouched = shown("Ночью").id
    (tmp_path / "ru-en.tsv").write_text("мэр\tmayor\n", encoding="utf-8")
    path.realign(event_id)
    assert (shown("Мэр").origin, shown("Мэр").flags.count("term")) == ("glossary", 0)
    assert shown("Ночью").id == untouched


def test_a_run_that_is_not_wanted_any_more_ends_where_the_store_is_whole(store: Store) -> None:
    stop = Stop()
    path = pipeline(store)
    run = path.ingest([article("ru", n) for n in range(8)], stop=stop)
    first = [next(run) for _ in range(4)]
    stop.set()
    with pytest.raises(Cancelled):
        next(run)
    with store.session() as session:
        held = documents.page(session, limit=50)
    assert {one.id for one in held.items} == {one.document_id for one in first}
    with pytest.raises(Cancelled):
        next(path.align(stop=stop))
