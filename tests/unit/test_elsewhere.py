"""A silence is asked once more of articles that stand in another event and may belong here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from alignment.align import Alignment, align_pair
from alignment.similarity import word_rows
from alignment.views import matching_text
from models.encode import SHIPPED, WEIGHTS, Encoder
from service.steps import elsewhere
from service.steps.told import Compared, Told
from service.store import ids
from service.store.tables import GroupMemberRow, SilenceRow
from tests.rows import NOW
from tests.unit.test_comparison import RU, UK, told

HERE = ["doc_a", "doc_b", "doc_c"]
EMPTY = align_pair([], [])
OTHER = "Футболісти зіграли внічию. Стадіон був повний. Тренер задоволений. Погода була теплою."


pytestmark = pytest.mark.skipif(
    not (SHIPPED / WEIGHTS).is_file(), reason="no sentence encoder is shipped in this checkout"
)


def read(language: str, number: int, text: str) -> Told:
    """An article with its sentence vectors, without which short texts are hardly told apart."""
    one = told(language, number, text)
    encoder = Encoder.load()
    texts = [matching_text(claim.text, claim.language) for claim in one.claims]
    return replace(one, vectors=encoder.encode(texts), words=word_rows(texts, encoder))


@pytest.fixture
def event() -> tuple[list[Told], Compared]:
    """A Russian article; three Ukrainian ones were searched for each of its claims in vain."""
    one = read("ru", 0, RU)
    result = Compared()
    for key in one.claim_ids:
        result.members.append(GroupMemberRow(claim_id=key, group_id=f"grp_{key}", language="ru"))
        result.silences += [
            SilenceRow(
                id=ids.silence(key, language, HERE, "no counterpart"),
                event_id="evt_one",
                group_id=f"grp_{key}",
                claim_id=key,
                language=language,
                kind="no counterpart",
                articles=3,
                outlets=3,
                copies=0,
                documents=HERE,
                best_claim="clm_a",
                best_document="doc_a",
                best_probability=0.02,
                null_probability=0.9,
                as_of=NOW,
                valid_from=NOW,
                algorithm="test",
            )
            for language in ("uk", "en")
        ]
    return [one], result


def plain(row: SilenceRow) -> dict[str, Any]:
    return row.model_dump()


def test_an_article_of_another_event_that_says_it_leaves_it_undecided(
    event: tuple[list[Told], Compared],
) -> None:
    documents, result = event
    chance = 0.45
    before = list(map(plain, result.silences))
    assert elsewhere.languages(result) == {"uk", "en"}
    other = read("uk", 7, UK)
    elsewhere.ask(documents, [other], {other.id: chance}, result)
    for row, was in zip(result.silences, before, strict=True):
        if row.language == "en":
            assert plain(row) == was
            continue
        assert row.kind == "insufficient coverage"
        assert row.elsewhere
        assert row.best_document == other.id
        assert row.best_claim in other.claim_ids
        assert 0.3 <= (row.best_probability or 0) <= chance
        assert row.null_probability < was["null_probability"]
        assert (row.articles, row.documents) == (3, HERE)
        assert row.id != was["id"]
    assert elsewhere.languages(result) == {"en"}


def test_one_that_says_something_else_leaves_the_silence(
    event: tuple[list[Told], Compared],
) -> None:
    documents, result = event
    chance = 0.45
    before = list(map(plain, result.silences))
    other = read("uk", 7, OTHER)
    elsewhere.ask(documents, [other], {other.id: chance}, result)
    for row, was in zip(result.silences, before, strict=True):
        assert (row.kind, row.id) == (was["kind"], was["id"])
        assert row.elsewhere is (row.best_document == other.id)


def test_one_that_hardly_belongs_here_is_told_as_the_nearest(
    event: tuple[list[Told], Compared],
) -> None:
    documents, result = event
    other = read("uk", 7, UK)
    elsewhere.ask(documents, [other], {other.id: 0.1}, result)
    for row in result.silences:
        assert row.kind == "no counterpart"
        assert row.elsewhere is (row.language == "uk")
        assert not row.undecided


def test_the_articles_compared_are_bounded_however_many_there_are(
    event: tuple[list[Told], Compared], monkeypatch: pytest.MonkeyPatch
) -> None:
    documents, result = event
    asked: list[object] = []

    def align(*sides: object, **_: object) -> Alignment:
        asked.append(sides)
        return EMPTY

    monkeypatch.setattr(elsewhere, "align_pair", align)
    others = [told("uk", 20 + i, UK) for i in range(3 * elsewhere.ASKED)]
    elsewhere.ask(documents, others, dict.fromkeys((one.id for one in others), 0.4), result)
    assert len(asked) == elsewhere.ASKED
