"""The store's promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlmodel import select

from service.errors import BadCursor, BadInput, NotFound, StoreError, StoreFull
from service.settings import Settings
from service.store import (
    claims,
    documents,
    events,
    groups,
    ids,
    judgements,
    keys,
    memory,
    outlets,
    pairs,
    runs,
    translations,
)
from service.store.database import Store
from service.store.tables import (
    ClaimGroupRow,
    DisagreementRow,
    EventRow,
    GroupMemberRow,
    JudgementRow,
    OutletRow,
    PairRow,
    SilenceRow,
    TranslationRow,
)
from tests.rows import NOW, article, pair, plant
from tests.stores import migrated, postgres, store, store_url

__all__ = ["migrated", "postgres", "store", "store_url"]


def test_moments_come_back_in_utc_whatever_zone_they_went_in(store: Store) -> None:
    kyiv = datetime(2026, 1, 20, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    with store.session(write=True) as session:
        session.add(OutletRow(id="out_a", name="A", created_at=kyiv))
    with store.session() as session:
        row = session.get(OutletRow, "out_a")
        assert row is not None
        assert row.created_at == kyiv
        assert row.created_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="time zone"), store.session(write=True) as s:
        s.add(OutletRow(id="out_a", name="A", created_at=datetime(2026, 1, 1)))


def test_a_reading_session_cannot_change_anything(store: Store) -> None:
    with store.session() as session:
        session.add(OutletRow(id="out_a", name="A", created_at=NOW))
        with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
            session.flush()
        session.rollback()
    with store.session() as session:
        assert session.get(OutletRow, "out_a") is None


def test_a_unit_of_work_is_stored_whole_or_not_at_all(store: Store) -> None:
    def half_way() -> None:
        with store.session(write=True) as session:
            plant(session, [article("ru")])
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        half_way()
    with store.session() as session:
        assert documents.counts(session) == {}


def test_segments_and_claims_are_cut_from_the_document_text(store: Store) -> None:
    with store.session(write=True) as session:
        planted = plant(session, [article(code) for code in ("ru", "uk", "en")])
    with store.session() as session:
        for one in planted:
            view = documents.view(session, one.document.id)
            assert view.segments
            for part in view.segments:
                assert view.document.text[part.start : part.end] == part.text
            for row in view.claims:
                assert view.document.text[row.start : row.end] == row.text
                assert claims.from_row(row) in one.claims


def test_a_changed_article_is_a_new_version_and_the_old_one_stays(store: Store) -> None:
    with store.session(write=True) as session:
        first = plant(session, [article("en")])[0]
        second = plant(session, [article("en", text="The mayor now says five were hurt.")])[0]
        assert first.document.article_id == second.document.article_id
    with store.session() as session:
        view = documents.view(session, second.document.id)
        assert [(item.version, item.current) for item in view.versions] == [(1, False), (2, True)]
        listed = documents.page(session)
        assert [item.id for item in listed.items] == [second.document.id]
        assert len(documents.page(session, versions=True).items) == 2
        assert "three people" in documents.get(session, first.document.id).text


def test_pages_show_every_row_once_even_where_the_key_is_equal(store: Store) -> None:
    with store.session(write=True) as session:
        planted = plant(session, [article("ru", n) for n in range(6)])
        english = plant(session, [article("en", n) for n in range(4)])
        rows = [
            pair(a, b, probability=0.5 + 0.125 * (n % 3))
            for n, (a, b) in enumerate((a, b) for a in planted for b in english)
        ]
        pairs.replace(session, "evt_one", rows)
    with store.session() as session:
        seen: list[PairRow] = []
        cursor = None
        while True:
            page = pairs.page(session, cursor=cursor, limit=5)
            seen.extend(page.items)
            if page.next is None:
                break
            cursor = page.next
    assert len(seen) == len(rows) == len({row.id for row in seen})
    assert [row.probability for row in seen] == sorted(
        (row.probability for row in rows), reverse=True
    )


@pytest.mark.parametrize(
    "cursor", ["x", "!!", "é", "bnVsbA", "WzEsMl0", "WyJhIiwxXQ", "W10", "WzAuNSwiXHUwMDAwIl0"]
)
def test_a_cursor_from_elsewhere_is_refused(store: Store, cursor: str) -> None:
    with store.session() as session:
        with pytest.raises(BadCursor):
            pairs.page(session, cursor=cursor)
        with pytest.raises(BadCursor):
            documents.page(session, cursor=cursor)


def test_pairs_are_filtered_by_event_language_outlet_relation_and_probability(
    store: Store,
) -> None:
    with store.session(write=True) as session:
        ru, uk, en = plant(session, [article(code) for code in ("ru", "uk", "en")])
        rows = [
            pair(ru, uk, probability=0.9, relation="denies"),
            pair(ru, en, probability=0.7),
            pair(uk, en, probability=0.6, relation="conflicting"),
        ]
        pairs.replace(session, "evt_one", rows)
    with store.session() as session:

        def found(**filters: object) -> list[str]:
            return [row.relation for row in pairs.page(session, **filters).items]  # type: ignore[arg-type]

        assert found() == ["denies", "same", "conflicting"]
        assert found(event="evt_one", language="ru") == ["denies", "same"]
        assert found(languages=("en", "uk")) == ["conflicting"]
        assert found(outlet="outlet EN") == ["same", "conflicting"]
        assert found(outlet=str(ru.document.outlet_id)) == ["denies", "same"]
        assert found(relation="denies") == ["denies"]
        assert found(probability_from=0.65, probability_to=0.8) == ["same"]
        assert found(document=uk.document.id) == ["denies", "conflicting"]
        assert found(event="evt_other") == []
        assert pairs.relations(session) == {"denies": 1, "same": 1, "conflicting": 1}
        assert [view.a.document.id for view in pairs.every(session, relation="denies")] == [
            ru.document.id
        ]


def test_documents_and_events_are_filtered_and_counted(store: Store) -> None:
    with store.session(write=True) as session:
        plant(session, [article(code) for code in ("ru", "uk", "en")])
        plant(session, [article("ru", 50)], event="evt_two")
    with store.session() as session:
        assert [item.language for item in documents.page(session, event="evt_one").items]
        assert [i.language for i in documents.page(session, language="uk").items] == ["uk"]
        assert len(documents.page(session, outlet="Outlet ru").items) == 2
        late = documents.page(session, published_from=NOW + timedelta(hours=1)).items
        assert [item.event_id for item in late] == ["evt_two"]
        both = events.page(session).items
        assert [item.event.id for item in both] == ["evt_two", "evt_one"]
        assert both[1].event.languages == {"en": 1, "ru": 1, "uk": 1}
        assert both[1].event.title_language == "en"
        assert [i.event.id for i in events.page(session, language="en").items] == ["evt_one"]
        assert [i.event.id for i in events.page(session, languages_at_least=2).items] == ["evt_one"]
        assert [(o.name, o.documents) for o in outlets.listed(session)] == [
            ("Outlet en", 1),
            ("Outlet ru", 2),
            ("Outlet uk", 1),
        ]
        with pytest.raises(NotFound):
            events.get(session, "evt_none")


def test_a_merge_leaves_a_redirect_and_moves_what_was_judged(store: Store) -> None:
    with store.session(write=True) as session:
        ru, en = plant(session, [article("ru"), article("en")], event="evt_old")
        plant(session, [article("uk")], event="evt_new")
        row = pair(ru, en, event_id="evt_old")
        pairs.replace(session, "evt_old", [row])
        judgements.add(session, row.id, "same", who="anna")
        events.merge(session, "evt_old", "evt_new")
        events.merge(session, "evt_new", "evt_new")
    with store.session() as session:
        assert events.get(session, "evt_old").id == "evt_new"
        assert events.get(session, "evt_new").documents == 3
        assert [item.event.id for item in events.page(session).items] == ["evt_new"]
        assert [found.pair_id for found in judgements.of_event(session, "evt_new").values()] == [
            row.id
        ]
        assert events.redirects(session) == {"evt_old": "evt_new"}
        assert events.due(session) == ["evt_new"]


def test_a_rerun_keeps_judgements_and_files_where_it_disagrees(store: Store) -> None:
    with store.session(write=True) as session:
        ru, uk, en = plant(session, [article(code) for code in ("ru", "uk", "en")])
        good, bad = pair(ru, en), pair(ru, uk)
        unjudged = pair(uk, en)
        pairs.replace(session, "evt_one", [good, bad, unjudged])
        judgements.add(session, good.id, "same", who="anna", note="both name the mayor")
        judgements.add(session, bad.id, "unsure", who="anna")
        judgements.add(session, bad.id, "different", who="anna")
    with store.session() as session:
        judged = judgements.of_event(session, "evt_one")
    assert {row.judgement for row in judged.values()} == {"same", "different"}
    with store.session(write=True) as session:  # a re-run that loses two and keeps the bad one
        found = pair(ru, uk, probability=0.95)
        pairs.replace(session, "evt_one", [found])
        judgements.file_disagreements(session, judged, {found.id: found}, "test 2")
        judgements.file_disagreements(session, judged, {found.id: found}, "test 2")
    with store.session() as session:
        assert len(session.exec(select(JudgementRow)).all()) == 3
        against = session.exec(select(DisagreementRow)).all()
        assert {(row.pair_id, row.machine) for row in against} == {
            (good.id, "no pair"),
            (bad.id, "pair"),
        }
        kept = pairs.get(session, good.id)
        assert kept.withdrawn
        assert kept.probability == 0.8
        assert pairs.get(session, bad.id).probability == 0.95
        with pytest.raises(NotFound):
            pairs.get(session, unjudged.id)
        assert [row.id for row in pairs.page(session).items] == [bad.id]
    with store.session(write=True) as session:  # and one that agrees again
        again = pair(ru, en)
        pairs.replace(session, "evt_one", [again])
        judgements.file_disagreements(session, judged, {again.id: again}, "test 3")
    with store.session() as session:
        assert judgements.disagreements(session, [good.id, bad.id]) == {}
        assert not pairs.get(session, good.id).withdrawn


def test_judgements_are_checked(store: Store) -> None:
    with store.session(write=True) as session:
        ru, en = plant(session, [article("ru"), article("en")])
        row = pair(ru, en)
        pairs.replace(session, "evt_one", [row])
        with pytest.raises(BadInput, match="same, different, unsure"):
            judgements.add(session, row.id, "maybe", who="anna")
        with pytest.raises(NotFound):
            judgements.add(session, "pair_none", "same", who="anna")


def group_of(name: str, members: list[str], position: int, **changes: object) -> ClaimGroupRow:
    fields: dict[str, object] = {
        "id": name,
        "event_id": "evt_one",
        "anchor": members[0],
        "position": position,
        "consistency": 0.8,
        "algorithm": "test 1",
    }
    return ClaimGroupRow(**{**fields, **changes})


def silence(name: str, group: str, language: str) -> SilenceRow:
    return SilenceRow(
        id=name,
        event_id="evt_one",
        group_id=group,
        claim_id="clm_x",
        language=language,
        kind="no counterpart",
        articles=3,
        outlets=3,
        copies=0,
        null_probability=0.9,
        as_of=NOW,
        valid_from=NOW,
        algorithm="test 1",
    )


def test_groups_are_read_with_members_silences_and_pairs(store: Store) -> None:
    with store.session(write=True) as session:
        ru, uk, en = plant(session, [article(code) for code in ("ru", "uk", "en")])
        first = [one.claim_rows[0].id for one in (ru, en)]
        alone = uk.claim_rows[0].id
        rows = [group_of("grp_b", [alone], 1), group_of("grp_a", first, 0)]
        members = [
            GroupMemberRow(claim_id=first[0], group_id="grp_a", language="ru"),
            GroupMemberRow(claim_id=first[1], group_id="grp_a", language="en"),
            GroupMemberRow(claim_id=alone, group_id="grp_b", language="uk"),
        ]
        groups.replace(session, "evt_one", rows, members)
        pairs.replace(session, "evt_one", [pair(ru, en, group_id="grp_a")])
        groups.answer(session, "evt_one", [silence("sil_1", "grp_a", "uk")], NOW)
    with store.session() as session:
        page = groups.page(session, "evt_one", limit=1)
        assert [view.group.id for view in page.items] == ["grp_a"]
        view = page.items[0]
        assert {code: len(inside) for code, inside in view.members.items()} == {"ru": 1, "en": 1}
        assert view.silences["uk"].articles == 3
        assert [row.relation for row in view.pairs] == ["same"]
        rest = groups.page(session, "evt_one", cursor=page.next)
        assert [view.group.id for view in rest.items] == ["grp_b"]
        assert rest.next is None
        assert [
            view.group.id for view in groups.page(session, "evt_one", languages_at_least=2).items
        ] == ["grp_a"]
        assert [
            view.group.id for view in groups.page(session, "evt_one", relation="same").items
        ] == ["grp_a"]
    with store.session(write=True) as session:  # a re-run moves the lone claim into the group
        joined = [GroupMemberRow(claim_id=alone, group_id="grp_a", language="uk")]
        groups.replace(session, "evt_one", [group_of("grp_a", first, 0)], [*members[:2], *joined])
        groups.answer(session, "evt_one", [], NOW + timedelta(days=1))
    with store.session() as session:
        view = groups.view(session, "grp_a")
        assert set(view.members) == {"ru", "en", "uk"}
        assert view.silences == {}
        history = groups.silences(session, "grp_a")
        assert [row.valid_to for row in history] == [NOW + timedelta(days=1)]
        with pytest.raises(NotFound):
            groups.view(session, "grp_b")


def test_translations_are_kept_once_and_the_newest_is_shown(store: Store) -> None:
    def translated(package: str, text: str, hours: int) -> TranslationRow:
        return TranslationRow(
            id=ids.translation("h", "ru", "en", [package], "beam=4"),
            text_hash="h",
            source="ru",
            target="en",
            text=text,
            route="ru→en",
            packages=[package],
            options="beam=4",
            created_at=NOW + timedelta(hours=hours),
        )

    old, new = translated("p1", "old", 0), translated("p2", "new", 1)
    with store.session(write=True) as session:
        translations.add(session, [old, new])
        translations.add(session, [translated("p1", "other words", 2)])
    with store.session() as session:
        assert translations.count(session) == 2
        assert translations.newest(session, [("h", "ru")])["h", "ru"].text == "new"
        assert translations.newest(session, [("h", "uk"), ("h", None), ("h", "en")]) == {}
        assert translations.known(session, [old.id, "trn_none"])[old.id].text == "old"


def test_keys_are_found_by_their_secret_alone_and_not_after_they_are_revoked(store: Store) -> None:
    with store.session(write=True) as session:
        row, key = keys.add(session, "newsroom", "work")
        with pytest.raises(BadInput):
            keys.add(session, "x", "owner")
    with store.session() as session:
        found = keys.find(session, key)
        assert found is not None
        assert found.name == "newsroom"
        assert key.split("_", 2)[2] not in str(found.model_dump())
        for wrong in ("", "plx", "plx__", key + "x", key[:-1], key.upper(), "plx_é_ü", f"{key}\0"):
            assert keys.find(session, wrong) is None
    with store.session(write=True) as session:
        keys.revoke(session, row.id)
    with store.session() as session:
        assert keys.find(session, key) is None


def test_memory_and_runs(store: Store) -> None:
    with store.session(write=True) as session:
        for target in ("house", "home", "house"):
            memory.add(session, "дом", target, source_language="ru", target_language="en")
        run = runs.start(session, "ingest", total=2)
        runs.progress(session, run.id, 1, {"stored": 1})
        runs.finish(session, run.id)
    with store.session() as session:
        assert memory.exact(session, ["дом", "кот"], "ru", "en")["дом"].target == "house"
        assert len(memory.page(session, source_language="ru").items) == 2
        assert [row.state for row in runs.page(session).items] == ["done"]


def test_no_space_left_is_told_and_nothing_is_lost(tmp_path) -> None:
    with Store(f"sqlite:///{tmp_path / 'small.sqlite3'}") as small:
        small.upgrade()
        with small.session(write=True) as session:
            plant(session, [article("en")])
            pages = session.execute(sa.text("PRAGMA page_count")).scalar_one()

        @sa.event.listens_for(small.engine, "begin")
        def full(connection: sa.Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")

        with (
            pytest.raises(StoreFull, match="free some space"),
            small.session(write=True) as session,
        ):
            plant(session, [article("ru", n, text="Слово. " * 5000) for n in range(20)])
        sa.event.remove(small.engine, "begin", full)
        with small.session() as session:
            assert documents.counts(session) == {"en": 1}
            assert session.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"


@pytest.mark.parametrize("bad", ["doc_\0", "doc_\ud800"])
def test_an_id_that_no_database_can_hold_is_no_server_error(store: Store, bad: str) -> None:
    with pytest.raises((NotFound, BadInput)), store.session() as session:
        documents.get(session, bad)


def test_a_store_that_cannot_be_reached_says_what_to_check(tmp_path) -> None:
    secret = "postgresql+psycopg://user:hush@127.0.0.1:9/none"
    with Store(secret) as away, pytest.raises(StoreError, match="does not answer") as told:
        away.upgrade()
    assert "hush" not in str(told.value)
    (tmp_path / "text.sqlite3").write_text("this is no database, it is a text " * 100)
    with Store(f"sqlite:///{tmp_path / 'text.sqlite3'}") as broken, pytest.raises(StoreError):
        broken.upgrade()
    with pytest.raises(BadInput, match="PARALLAX_DATABASE_URL"):
        Store("mysql://user@host/name")
    with pytest.raises(BadInput, match="PARALLAX_DATABASE_URL"):
        Store("nonsense")


def test_a_new_store_waits_for_a_process_that_is_just_making_it(tmp_path) -> None:
    path = tmp_path / "new.sqlite3"
    first = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    first.execute("CREATE TABLE made (id)")
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        sqlite3.connect(path, timeout=30).execute("PRAGMA journal_mode=WAL")
    end = threading.Timer(0.3, lambda: first.execute("COMMIT"))
    end.start()
    with Store(f"sqlite:///{path}") as second:
        second.upgrade()
        second.ready()
    end.join()
    first.close()


def test_the_store_opens_in_a_new_data_folder_and_twice(tmp_path) -> None:
    settings = Settings(data_folder=tmp_path / "new" / "folder")
    with Store.open(settings) as one, Store.open(settings) as two:
        with one.session(write=True) as session:
            plant(session, [article("uk")])
        with two.session() as session:
            assert len(session.exec(select(EventRow)).all()) == 1
