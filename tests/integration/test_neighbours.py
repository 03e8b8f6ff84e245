"""An article in the wrong event breaks no silence unheard: the store knows where else it may be."""

from __future__ import annotations

import pytest

from models.encode import SHIPPED, WEIGHTS, Encoder
from service.pipeline import Pipeline
from service.settings import Settings
from service.store import documents, events, groups
from service.store.database import Store
from service.store.tables import EventDocumentRow
from tests.rows import article, plant
from tests.stores import migrated, postgres, store, store_url

__all__ = ["migrated", "postgres", "store", "store_url"]

CLAIM = "Ракета С-300 разрушила дом 14 в Харькове. Погибли 3 человека, ранены 11."
SAME = "Ракета С-300 зруйнувала будинок 14 у Харкові. Загинули 3 людини, поранено 11."
OTHERS = (
    "Міністр освіти відкрив нову школу в Полтаві. Діти отримали підручники. Вчителі задоволені.",
    "Національний банк залишив ставку. Гривня стабільна. Експерти чекають на зростання ринку.",
    "Синоптики обіцяють дощ на вихідних. У Карпатах випав сніг. Туристів просять бути обережними.",
)


def may_be(store: Store, document_id: str, event_id: str | None, chance: float = 0.3) -> None:
    """Say that a document might have been placed in this event."""
    with store.session(write=True) as session:
        row = session.get(EventDocumentRow, document_id)
        assert row is not None
        row.runner_up, row.runner_up_probability = event_id, chance if event_id else None


@pytest.fixture
def planted(store: Store) -> dict[str, str]:
    """A Russian article among Ukrainian ones on other things; one that says the same elsewhere."""
    with store.session(write=True) as session:
        told = [article("ru", text=CLAIM, title="")]
        told += [article("uk", i, text=text, title="") for i, text in enumerate(OTHERS)]
        ru, *_ = plant(session, told)
        (uk,) = plant(session, [article("uk", 9, text=SAME, title="")], event="evt_two")
        plant(session, [article("en", 9)], event="evt_three")
    return {"ru": ru.document.id, "uk": uk.document.id}


def near(store: Store, event: str = "evt_one", most: int = 4) -> list[str]:
    with store.session() as session:
        return list(events.neighbours(session, event, ["uk", "en"], most=most))


def test_neighbours_are_those_that_may_belong_here_and_those_where_one_of_ours_may(
    store: Store, planted: dict[str, str]
) -> None:
    assert near(store) == []
    may_be(store, planted["uk"], "evt_one")
    assert near(store) == [planted["uk"]]
    assert near(store, most=0) == []
    may_be(store, planted["uk"], "evt_one", 0.01)
    assert near(store) == []
    may_be(store, planted["ru"], "evt_two")
    assert near(store) == [planted["uk"]]
    assert near(store, "evt_three") == []


def test_a_merge_makes_the_runner_up_what_it_was_merged_into(
    store: Store, planted: dict[str, str]
) -> None:
    may_be(store, planted["uk"], "evt_three")
    with store.session(write=True) as session:
        events.merge(session, "evt_three", "evt_one")
    assert near(store) == [planted["uk"]]
    with store.session(write=True) as session:
        events.merge(session, "evt_two", "evt_one")
        place = events.membership(session, planted["uk"])
        assert place is not None
        assert (place.event_id, place.runner_up) == ("evt_one", None)


@pytest.mark.skipif(
    not (SHIPPED / WEIGHTS).is_file(), reason="no sentence encoder is shipped in this checkout"
)
def test_a_possible_counterpart_in_another_event_leaves_a_silence_undecided(
    store: Store, planted: dict[str, str]
) -> None:
    pipeline = Pipeline(Settings(), store, encoder=Encoder.load())

    def told() -> dict[str, tuple[str, bool]]:
        pipeline.realign("evt_one")
        with store.session() as session:
            page = groups.page(session, "evt_one")
            return {
                view.group.anchor: (view.silences["uk"].kind, view.silences["uk"].elsewhere)
                for view in page.items
                if "uk" in view.silences and "ru" in view.members
            }

    assert set(told().values()) == {("no counterpart", False)}
    may_be(store, planted["uk"], "evt_one", 0.45)
    with store.session() as session:
        assert events.asking(session, planted["uk"], "uk") == {"evt_one"}
        assert events.asking(session, planted["uk"], "en") == set()
    assert ("insufficient coverage", True) in set(told().values())
    with store.session() as session:
        assert events.asking(session, planted["uk"], "uk") <= {"evt_one"}
        assert documents.summaries(session, [planted["uk"]])[planted["uk"]].event_id == "evt_two"
