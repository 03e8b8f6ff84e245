"""The comparison of one event: what is compared, what is taken over, what counts as one voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from alignment.errors import TooLarge
from service.settings import Settings
from service.steps import comparison
from service.steps.comparison import compare
from service.steps.preparation import prepare
from service.steps.reading import read
from service.steps.told import Compared, Made, Told
from service.store.documents import DocumentSummary
from service.store.tables import AlignmentRow, JudgementRow, PairRow
from tests.rows import NOW, article

MADE = Made((), None, "test", "weights 1")

RU = "17 января ракета С-300 разрушила дом 14 в Харькове. Погибли 3 человека, ранены 11."
UK = "17 січня ракета С-300 зруйнувала будинок 14 у Харкові. Загинули 3 людини, поранено 11."


def told(language: str, number: int, text: str, copy_of: str | None = None) -> Told:
    one = prepare(
        read(article(language, number, text=text, title=""), Settings(), NOW + timedelta(days=9))
    )
    row = one.document
    summary = DocumentSummary(
        row.id, row.article_id, 1, True, row.title, row.outlet_id, f"{language} {number}", row.url,
        row.language, row.ambiguous, row.languages, row.published_at, row.fetched_at, row.dated_at,
        "evt_one", copy_of,
    )  # fmt: skip
    return Told(
        summary,
        tuple(claim.id for claim in one.claim_rows),
        one.claims,
        (None,) * len(one.claims),
        None,
    )


def run(
    documents: Sequence[Told],
    earlier: dict[tuple[str, str], tuple[AlignmentRow, list[PairRow]]] | None = None,
    judged: dict[str, JudgementRow] | None = None,
    made: Made = MADE,
) -> Compared:
    return compare(
        "evt_one", documents, judged=judged or {}, earlier=earlier or {}, made=made, now=NOW
    )


def said(result: Compared) -> dict[str, tuple[float, str]]:
    return {pair.id: (pair.probability, pair.relation) for pair in result.pairs}


def test_every_claim_is_in_one_group_and_every_silence_has_its_denominator() -> None:
    documents = [told("ru", 0, RU), told("uk", 0, UK)]
    result = run(documents)
    assert sorted(row.claim_id for row in result.members) == sorted(
        key for one in documents for key in one.claim_ids
    )
    languages = {row.id: set(row.languages) for row in result.groups}
    for row in result.silences:
        assert row.language not in languages[row.group_id]
        assert row.kind == "insufficient coverage"
        assert row.articles == len(row.documents) - row.copies
    assert {row.language for row in result.silences} >= {"en"}


def test_the_order_in_which_documents_are_given_does_not_matter() -> None:
    documents = [told("ru", 0, RU), told("uk", 0, UK), told("ru", 1, f"{RU} Мэр уехал.")]
    one, other = run(documents), run(documents[::-1])
    assert said(one) == said(other)
    assert [row.id for row in one.groups] == [row.id for row in other.groups]


def test_an_unrelated_article_changes_no_pair() -> None:
    documents = [told("ru", 0, RU), told("uk", 0, UK)]
    before = said(run(documents))
    after = said(run([*documents, told("en", 5, "A museum of umbrellas opened. It rained.")]))
    assert before
    assert before.items() <= after.items()


def test_what_was_aligned_with_the_same_parts_is_taken_over() -> None:
    documents = [told("ru", 0, RU), told("uk", 0, UK)]
    first = run(documents)
    row = first.alignments[0]
    for candidate in row.candidates:
        candidate[2] = 0.123
    earlier = {(row.a_document, row.b_document): (row, first.pairs)}
    assert {pair.probability for pair in run(documents, earlier).pairs} == {0.123}
    other = replace(MADE, parameters="weights 2")
    again = run(documents, earlier, made=other)
    assert 0.123 not in {pair.probability for pair in again.pairs}


def test_a_copy_is_no_second_voice() -> None:
    original = told("uk", 0, UK)
    copy = told("uk", 1, f"{UK} Передрук.", copy_of=original.id)
    result = run([told("ru", 0, RU), original, copy])
    assert {copy.id} & {row.a_document for row in result.alignments} == set()
    assert {copy.id} & {row.b_document for row in result.alignments} == set()
    assert not set(copy.claim_ids) & {row.claim_id for row in result.members}
    for row in result.silences:
        if row.language == "uk":
            assert (row.articles, row.copies) == (1, 1)


def test_in_a_long_story_documents_meet_their_neighbours_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparison, "NEAREST", 1)
    documents = [told("uk", hour, f"{UK} {hour}") for hour in range(0, 60, 10)]
    result = run(documents)
    assert len(result.alignments) == len(documents) - 1
    everyone = run([*documents, told("ru", 0, RU)])
    searched = {
        len(row.documents)
        for row in everyone.silences
        if row.language == "uk" and row.claim_id in told("ru", 0, RU).claim_ids
    }
    assert all(0 < count < len(documents) for count in searched)


def test_what_is_too_large_to_compare_is_kept_and_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise TooLarge("too many to compare")

    monkeypatch.setattr(comparison, "align_pair", refuse)
    result = run([told("ru", 0, RU), told("uk", 0, UK)])
    assert [row.missing for row in result.alignments] == [[comparison.BEYOND]]
    assert result.pairs == []
    assert result.groups


def test_people_join_and_part_claims_over_the_machine() -> None:
    documents = [told("ru", 0, RU), told("uk", 0, UK)]
    pair = max(run(documents).pairs, key=lambda one: one.probability)
    others = run(documents, judged={pair.id: judgement(pair, "different")})
    home = {row.claim_id: row.group_id for row in others.members}
    assert home[pair.a_claim] != home[pair.b_claim]
    a, b = documents[0].claim_ids[-1], documents[1].claim_ids[0]
    wanted = judgement(replace_sides(pair, a, b), "same")
    joined = run(documents, judged={"pair_x": wanted})
    home = {row.claim_id: row.group_id for row in joined.members}
    assert home[a] == home[b]


def replace_sides(pair: PairRow, a: str, b: str) -> PairRow:
    return PairRow(**{**pair.model_dump(), "a_claims": [a], "b_claims": [b]})


def judgement(pair: PairRow, verdict: str) -> JudgementRow:
    return JudgementRow(
        id="jdg_x",
        pair_id=pair.id,
        event_id="evt_one",
        a_claims=pair.a_claims,
        b_claims=pair.b_claims,
        a_text="",
        b_text="",
        judgement=verdict,
        who="anna",
        at=NOW,
    )
