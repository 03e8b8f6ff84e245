"""A correction of a sentence reaches the claims that are only a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from models.languages import Direction, Language
from models.registry import Registry
from models.translate import Engine
from service.export.record import record
from service.memory import StoredMemory
from service.pipeline import Pipeline
from service.settings import Settings
from service.store import events, groups, memory, pairs
from service.store.claim_english import ClaimEnglish
from service.store.database import Store
from service.store.tables import AlignmentRow, ClaimGroupRow, TranslationRow
from service.web import present
from tests.packages import dictionary_package
from tests.rows import article
from tests.stores import migrated, postgres, store, store_url

__all__ = ["migrated", "postgres", "store", "store_url"]

SENTENCE = "Мэр сообщил, что школа закрыта в Харькове."
CLAIM = "школа закрыта в Харькове"
CORRECTED = "The mayor of the city has let it be known that the college in Kharkiv is closed."
WORDS = {
    "Мэр": "mayor", "сообщил": "said", "что": "that", "школа": "school",
    "закрыта": "shut", "в": "in", "Харькове": "Kharkiv",
}  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dictionary_package(tmp_path_factory.mktemp("packages"), WORDS)


@pytest.fixture
def path(store: Store, package: Path) -> Iterator[Pipeline]:
    engine = Engine(Registry([package.parent], links_within=package.parent))
    path = Pipeline(Settings(), store, engine)
    english = "The mayor said that the school in Kharkiv is closed."
    list(path.ingest([article("ru", text=SENTENCE), article("en", text=english)]))
    with store.session(write=True) as session:
        first, *others = events.all_ids(session)
        for other in others:
            events.merge(session, other, first)
    list(path.align())
    yield path
    engine.close()


def shown(store: Store) -> tuple[TranslationRow | None, ClaimEnglish | None]:
    """The English of the claim's sentence, and the claim's own."""
    with store.session() as session:
        for group in groups.views(session, session.exec(select(ClaimGroupRow)).all()):
            for member in group.members.get("ru", ()):
                if member.claim.text == CLAIM:
                    return member.translation, member.own
    raise AssertionError("The claim was not read.")


def keys(store: Store) -> list[str]:
    with store.session() as session:
        return [row.key for row in session.exec(select(AlignmentRow)).all()]


def due(store: Store) -> bool:
    with store.session() as session:
        return bool(events.due(session))


def event(store: Store) -> str:
    with store.session() as session:
        return events.all_ids(session)[0]


def corrected(store: Store, source: str, target: str) -> None:
    with store.session(write=True) as session:
        memory.add(session, source, target, source_language="ru", target_language="en")


def test_both_are_shown_and_say_whose_words_they_are(store: Store, path: Pipeline) -> None:
    sentence, own = shown(store)
    assert sentence is not None
    assert own is not None
    assert (sentence.origin, own.origin, own.part) == ("engine", "engine", False)
    assert own.text == "school shut in Kharkiv"
    assert own.packages == tuple(sentence.packages)
    mark = present.part(own)
    assert mark is not None
    assert mark.mark == "Claim, MT ru→en"


def test_a_corrected_sentence_takes_the_place_of_the_machines_claim(
    store: Store, path: Pipeline
) -> None:
    before = keys(store)
    corrected(store, SENTENCE, CORRECTED)
    sentence, own = shown(store)
    assert sentence is not None
    assert own is not None
    assert sentence.text == CORRECTED
    assert (own.origin, own.part, own.packages) == ("memory", True, ())
    assert own.text in CORRECTED
    assert "Kharkiv" in own.text
    assert "mayor" not in own.text
    assert own.options == sentence.options
    mark = present.part(own)
    assert mark is not None
    assert mark.mark == "Claim, from the correction"
    # What is compared is what is shown, so the documents are compared anew.
    assert due(store)
    list(path.align())
    assert keys(store) != before
    assert shown(store) == (sentence, own)
    again = keys(store)
    path.realign(event(store))
    assert keys(store) == again


def test_a_persons_words_for_the_claim_go_before_those_for_its_sentence(
    store: Store, path: Pipeline
) -> None:
    corrected(store, SENTENCE, CORRECTED)
    list(path.align())
    corrected(store, CLAIM, "Kharkiv's school is shut")
    _, own = shown(store)
    assert own is not None
    assert (own.text, own.origin, own.part) == ("Kharkiv's school is shut", "memory", False)
    assert due(store)


def test_a_sentence_with_a_space_that_does_not_break_is_reached(store: Store) -> None:
    path = Pipeline(Settings(), store)
    printed = SENTENCE.replace("Мэр ", "Мэр\N{NO-BREAK SPACE}")
    list(path.ingest([article("ru", text=printed)]))
    list(path.align())
    kept = StoredMemory(lambda: store, None)
    kept.add(Direction(Language.RU, Language.EN), printed, CORRECTED)
    sentence, own = shown(store)
    assert sentence is not None
    assert own is not None
    assert (sentence.text, own.part) == (CORRECTED, True)
    assert due(store)


def test_pairs_and_their_export_say_it_too(store: Store, path: Pipeline) -> None:
    corrected(store, SENTENCE, CORRECTED)
    list(path.align())
    with store.session() as session:
        found = list(pairs.every(session))
        sides = [
            record(view).a for view in found if CLAIM in {claim.text for claim in view.a.claims}
        ]
    if not sides:
        pytest.skip("the two articles were not aligned")
    assert sides[0]["english"] == CORRECTED
    assert sides[0]["english_origins"] == ["memory"]
    (own,) = sides[0]["english_claims"]
    assert own.endswith("(part of the sentence, memory)")
