"""Queries on pairs: claims aligned across languages, with both sides and what people decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from alignment.groups import EVEN
from service.errors import NotFound
from service.store import claim_english, claims, documents, judgements, outlets
from service.store.claim_english import ClaimEnglish
from service.store.documents import DocumentSummary
from service.store.insert import synchronise
from service.store.page import Page, fetch
from service.store.tables import (
    ClaimRow,
    DisagreementRow,
    JudgementRow,
    PairRow,
    TranslationRow,
)

__all__ = ["PairView", "Side", "every", "get", "page", "replace", "view", "views"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: its claims in order, their document, their sentences in English.

    `own[i]` is what claim i is compared in, where it is only a part of its sentence.
    """

    claims: tuple[ClaimRow, ...]
    document: DocumentSummary
    translations: tuple[TranslationRow, ...]
    own: tuple[ClaimEnglish | None, ...] = ()

    @property
    def text(self) -> str:
        """The words of the claims."""
        return " ".join(claim.text for claim in self.claims)


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair with both sides, the judgements that count and the disagreements that stand."""

    pair: PairRow
    a: Side
    b: Side
    judgements: tuple[JudgementRow, ...]
    disagreements: tuple[DisagreementRow, ...]


def _filtered(
    *,
    event: str | None,
    group: str | None,
    language: str | None,
    languages: tuple[str, str] | None,
    outlet: str | None,
    document: str | None,
    relation: str | None,
    probability_from: float | None,
    probability_to: float | None,
    judgement: str | None,
    withdrawn: bool,
    one_language: bool,
) -> sa.Select[PairRow]:
    statement = sa.select(PairRow)
    if not withdrawn:
        statement = statement.where(sa.not_(col(PairRow.withdrawn)))
    if not one_language:
        statement = statement.where(col(PairRow.a_language) != col(PairRow.b_language))
    if event:
        statement = statement.where(col(PairRow.event_id) == event)
    if group:
        statement = statement.where(col(PairRow.group_id) == group)
    if language:
        statement = statement.where(
            sa.or_(col(PairRow.a_language) == language, col(PairRow.b_language) == language)
        )
    if languages:
        one, two = languages
        statement = statement.where(
            sa.or_(
                sa.and_(col(PairRow.a_language) == one, col(PairRow.b_language) == two),
                sa.and_(col(PairRow.a_language) == two, col(PairRow.b_language) == one),
            )
        )
    if outlet:
        outlet_id = outlets.resolve(outlet)
        statement = statement.where(
            sa.or_(col(PairRow.a_outlet) == outlet_id, col(PairRow.b_outlet) == outlet_id)
        )
    if document:
        statement = statement.where(
            sa.or_(col(PairRow.a_document) == document, col(PairRow.b_document) == document)
        )
    if relation:
        statement = statement.where(col(PairRow.relation) == relation)
    if probability_from is not None:
        statement = statement.where(col(PairRow.probability) >= probability_from)
    if probability_to is not None:
        statement = statement.where(col(PairRow.probability) <= probability_to)
    if judgement:
        judged = sa.select(col(JudgementRow.pair_id))
        if judgement == "none":
            statement = statement.where(col(PairRow.id).not_in(judged))
        else:
            judged = judged.where(col(JudgementRow.judgement) == judgement)
            statement = statement.where(col(PairRow.id).in_(judged))
    return statement


def page(
    session: Session,
    *,
    event: str | None = None,
    group: str | None = None,
    language: str | None = None,
    languages: tuple[str, str] | None = None,
    outlet: str | None = None,
    document: str | None = None,
    relation: str | None = None,
    probability_from: float | None = None,
    probability_to: float | None = None,
    judgement: str | None = None,
    withdrawn: bool = False,
    one_language: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[PairRow]:
    """Pairs, the most probable first.

    `language`, `outlet` (id or name) and `document` keep pairs with it on either side, `languages`
    those between the two. `judgement` keeps pairs that somebody has judged so, or "none" those that
    nobody has. `withdrawn` adds judged pairs that the machine no longer finds, `one_language` pairs
    of two outlets that write in the same language.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    statement = _filtered(
        event=event,
        group=group,
        language=language,
        languages=languages,
        outlet=outlet,
        document=document,
        relation=relation,
        probability_from=probability_from,
        probability_to=probability_to,
        judgement=judgement,
        withdrawn=withdrawn,
        one_language=one_language,
    )
    return fetch(
        session,
        statement,
        (col(PairRow.probability), col(PairRow.id)),
        (float, str),
        cursor=cursor,
        limit=limit,
        make=lambda row: row[0],
        key=lambda item: (item.probability, item.id),
    )


def every(
    session: Session,
    *,
    event: str | None = None,
    language: str | None = None,
    languages: tuple[str, str] | None = None,
    outlet: str | None = None,
    relation: str | None = None,
    probability_from: float | None = None,
    judgement: str | None = None,
) -> Iterator[PairView]:
    """Every pair that the filters of `page` keep, with both sides, read page by page."""
    cursor: str | None = None
    while True:
        found = page(
            session,
            event=event,
            language=language,
            languages=languages,
            outlet=outlet,
            relation=relation,
            probability_from=probability_from,
            judgement=judgement,
            cursor=cursor,
            limit=500,
        )
        yield from views(session, found.items)
        session.expunge_all()  # what was handed out must not pile up in a long export
        if found.next is None:
            return
        cursor = found.next


def get(session: Session, pair_id: str) -> PairRow:
    """The pair with this id.

    Raises:
        NotFound: there is none.
    """
    row = session.get(PairRow, pair_id)
    if row is None:
        raise NotFound("pair", pair_id)
    return row


def view(session: Session, pair_id: str) -> PairView:
    """The pair with both sides.

    Raises:
        NotFound: there is none.
    """
    return views(session, [get(session, pair_id)])[0]


def views(session: Session, rows: Sequence[PairRow]) -> list[PairView]:
    """Pairs with both sides, in the order given; a few queries for all of them."""
    words = claims.by_id(session, (key for row in rows for key in (*row.a_claims, *row.b_claims)))
    found = documents.summaries(
        session, (key for row in rows for key in (row.a_document, row.b_document))
    )
    english = documents.english(
        session, ((claim.document_id, claim.segment) for claim in words.values())
    )
    own = claim_english.of_claims(session, words.values(), english)
    judged = judgements.standing(session, (row.id for row in rows))
    against = judgements.disagreements(session, (row.id for row in rows))

    def side(claim_ids: Sequence[str], document_id: str) -> Side:
        of_side = tuple(words[key] for key in claim_ids if key in words)
        places = dict.fromkeys((claim.document_id, claim.segment) for claim in of_side)
        return Side(
            of_side,
            found[document_id],
            tuple(english[place] for place in places if place in english),
            tuple(own.get(claim.id) for claim in of_side),
        )

    return [
        PairView(
            row,
            side(row.a_claims, row.a_document),
            side(row.b_claims, row.b_document),
            tuple(judged.get(row.id, ())),
            tuple(against.get(row.id, ())),
        )
        for row in rows
    ]


def relations(
    session: Session, event_id: str | None = None, *, doubtful: bool | None = None
) -> dict[str, int]:
    """How many pairs across languages have each relation, in the whole store or in one event.

    `doubtful` counts those alone whose relation is in doubt, or those alone where it is not.
    """
    statement = (
        sa.select(col(PairRow.relation), sa.func.count())
        .where(sa.not_(col(PairRow.withdrawn)), col(PairRow.a_language) != col(PairRow.b_language))
        .group_by(col(PairRow.relation))
    )
    if event_id:
        statement = statement.where(col(PairRow.event_id) == event_id)
    if doubtful is not None:
        likely = col(PairRow.probability) >= EVEN
        statement = statement.where(sa.not_(likely) if doubtful else likely)
    return {str(row[0]): int(row[1]) for row in session.execute(statement)}


def likely_by_document(session: Session, event_ids: Sequence[str]) -> dict[str, int]:
    """How many pairs across languages, likelier than not, each document of these events is in."""
    counted: dict[str, int] = {}
    for side in (col(PairRow.a_document), col(PairRow.b_document)):
        statement = (
            sa.select(side, sa.func.count())
            .where(
                col(PairRow.event_id).in_(event_ids),
                sa.not_(col(PairRow.withdrawn)),
                col(PairRow.a_language) != col(PairRow.b_language),
                col(PairRow.probability) >= EVEN,
            )
            .group_by(side)
        )
        for document, count in session.execute(statement):
            counted[document] = counted.get(document, 0) + count
    return counted


def of_event(session: Session, event_id: str) -> list[PairRow]:
    """Every pair of an event, withdrawn ones and those of one language too."""
    return list(session.exec(select(PairRow).where(col(PairRow.event_id) == event_id)).all())


def most_uncertain(session: Session, skipped: Sequence[str] = ()) -> PairRow | None:
    """The pair that nobody has judged and the machine knows least about; None when all are."""
    statement = (
        sa.select(PairRow)
        .where(
            sa.not_(col(PairRow.withdrawn)),
            col(PairRow.a_language) != col(PairRow.b_language),
            col(PairRow.id).not_in(sa.select(col(JudgementRow.pair_id))),
            col(PairRow.id).not_in(skipped),
        )
        .order_by(sa.func.abs(col(PairRow.probability) - 0.5), col(PairRow.id))
        .limit(1)
    )
    return session.scalars(statement).first()


def progress(session: Session) -> tuple[int, int]:
    """How many pairs across languages wait for a judgement, and how many have one."""
    judged = col(PairRow.id).in_(sa.select(col(JudgementRow.pair_id)))
    statement = sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(sa.case((judged, 1), else_=0)), 0)
    ).where(sa.not_(col(PairRow.withdrawn)), col(PairRow.a_language) != col(PairRow.b_language))
    total, done = session.execute(statement).one()
    return int(total) - int(done), int(done)


def replace(session: Session, event_id: str, wanted: Sequence[PairRow]) -> None:
    """Make the stored pairs of an event equal to these.

    A pair that is no longer found goes, unless a person has judged it: then it stays, withdrawn.
    """
    stored = of_event(session, event_id)
    here = {row.id for row in stored}
    elsewhere = session.exec(
        select(PairRow).where(col(PairRow.id).in_([row.id for row in wanted if row.id not in here]))
    ).all()
    gone = synchronise(session, [*stored, *elsewhere], wanted, keep=frozenset({"id", "created_at"}))
    judged = judgements.standing(session, (row.id for row in gone))
    for row in gone:
        if row.id in judged:
            row.withdrawn = True
            row.group_id = None
        else:
            session.delete(row)
    session.flush()


def withdraw_replaced(session: Session, document_id: str) -> None:
    """Take back the pairs of a version that was replaced, or of a document that left its event.

    It is done at once, and not by the next comparison.
    """
    statement = select(PairRow).where(
        sa.or_(col(PairRow.a_document) == document_id, col(PairRow.b_document) == document_id)
    )
    rows = session.exec(statement).all()
    judged = judgements.standing(session, (row.id for row in rows))
    for row in rows:
        if row.id in judged:
            row.withdrawn = True
        else:
            session.delete(row)
    session.flush()
