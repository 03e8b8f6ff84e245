"""Queries on judgements: what analysts decided, which no re-run changes, and who disagrees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from service.errors import BadInput, NotFound
from service.store import claims, ids
from service.store.insert import chunks
from service.store.page import Page, fetch
from service.store.tables import (
    JUDGEMENTS,
    RELATIONS,
    DisagreementRow,
    EventRow,
    JudgementRow,
    PairRow,
)


def add(
    session: Session,
    pair_id: str,
    judgement: str,
    *,
    who: str,
    relation: str | None = None,
    note: str = "",
) -> JudgementRow:
    """File an analyst's judgement on a pair, with the words that were judged.

    Earlier judgements stay; the newest of each person counts.

    Raises:
        NotFound: no pair has this id.
        BadInput: the judgement or the relation is not one of those there are.
    """
    if judgement not in JUDGEMENTS:
        raise BadInput(f"A judgement is one of {', '.join(JUDGEMENTS)}; {judgement!r} is not.")
    if relation is not None and relation not in RELATIONS:
        raise BadInput(f"A relation is one of {', '.join(RELATIONS)}; {relation!r} is not.")
    pair = session.get(PairRow, pair_id)
    if pair is None:
        raise NotFound("pair", pair_id)
    words = claims.by_id(session, [*pair.a_claims, *pair.b_claims])
    row = JudgementRow(
        id=ids.fresh("jdg"),
        pair_id=pair_id,
        event_id=pair.event_id,
        a_claims=pair.a_claims,
        b_claims=pair.b_claims,
        a_text=" ".join(words[key].text for key in pair.a_claims if key in words),
        b_text=" ".join(words[key].text for key in pair.b_claims if key in words),
        judgement=judgement,
        relation=relation,
        who=who,
        at=datetime.now(UTC),
        note=note,
        seen_probability=pair.probability,
        seen_relation=pair.relation,
    )
    session.add(row)
    event = session.get(EventRow, pair.event_id)
    if event is not None and event.merged_into is None:
        event.due = True  # its claim groups follow what people say
    session.flush()
    return row


def page(
    session: Session,
    *,
    pair: str | None = None,
    event: str | None = None,
    who: str | None = None,
    judgement: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[JudgementRow]:
    """Judgements, the newest first.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    statement = sa.select(JudgementRow)
    for column, value in (
        (col(JudgementRow.pair_id), pair),
        (col(JudgementRow.event_id), event),
        (col(JudgementRow.who), who),
        (col(JudgementRow.judgement), judgement),
    ):
        if value:
            statement = statement.where(column == value)
    return fetch(
        session,
        statement,
        (col(JudgementRow.at), col(JudgementRow.id)),
        (datetime, str),
        cursor=cursor,
        limit=limit,
        make=lambda row: row[0],
        key=lambda item: (item.at, item.id),
    )


def standing(session: Session, pair_ids: Iterable[str]) -> dict[str, list[JudgementRow]]:
    """The newest judgement of each person on these pairs, newest first, by pair."""
    found: dict[str, list[JudgementRow]] = {}
    for chunk in chunks(set(pair_ids)):
        statement = (
            select(JudgementRow)
            .where(col(JudgementRow.pair_id).in_(chunk))
            .order_by(col(JudgementRow.at).desc(), col(JudgementRow.id).desc())
        )
        for row in session.exec(statement).all():
            rows = found.setdefault(row.pair_id, [])
            if all(other.who != row.who for other in rows):
                rows.append(row)
    return found


def of_event(session: Session, event_id: str) -> dict[str, JudgementRow]:
    """What counts for each judged pair of an event: the newest judgement that is not unsure.

    An unsure one counts when there is no other.
    """
    statement = (
        sa.select(col(JudgementRow.pair_id))
        .where(col(JudgementRow.event_id) == event_id)
        .distinct()
    )
    return {
        pair_id: next((row for row in rows if row.judgement != "unsure"), rows[0])
        for pair_id, rows in standing(session, session.scalars(statement)).items()
    }


def file_disagreements(
    session: Session,
    judged: Mapping[str, JudgementRow],
    found: Mapping[str, PairRow],
    algorithm: str,
) -> list[DisagreementRow]:
    """Put beside each judgement where a re-run says otherwise, and settle what it now agrees with.

    `found` holds the pairs that the re-run made, by id.
    """
    now = datetime.now(UTC)
    filed: list[DisagreementRow] = []
    earlier = _unsettled(session, [row.id for row in judged.values()])
    for pair_id, judgement in judged.items():
        pair = found.get(pair_id)
        machine = _contradiction(judgement, pair)
        for row in earlier.get(judgement.id, []):
            if row.machine != machine:
                row.settled_at = now
        if machine is None:
            continue
        public_id = ids.make("dis", [judgement.id, machine, algorithm])
        stored = session.get(DisagreementRow, public_id)
        if stored is not None:
            stored.settled_at = None
            continue
        row = DisagreementRow(
            id=public_id,
            judgement_id=judgement.id,
            pair_id=pair_id,
            machine=machine,
            probability=pair.probability if pair else None,
            relation=pair.relation if pair else None,
            algorithm=algorithm,
            filed_at=now,
        )
        session.add(row)
        filed.append(row)
    session.flush()
    return filed


def _contradiction(judgement: JudgementRow, pair: PairRow | None) -> str | None:
    if judgement.judgement == "same" and pair is None:
        return "no pair"
    if judgement.judgement == "different" and pair is not None:
        return "pair"
    if judgement.judgement == "same" and pair is not None and judgement.relation:
        return pair.relation if pair.relation != judgement.relation else None
    return None


def _unsettled(session: Session, judgement_ids: list[str]) -> dict[str, list[DisagreementRow]]:
    found: dict[str, list[DisagreementRow]] = {}
    for chunk in chunks(judgement_ids):
        statement = select(DisagreementRow).where(
            col(DisagreementRow.judgement_id).in_(chunk), col(DisagreementRow.settled_at).is_(None)
        )
        for row in session.exec(statement).all():
            found.setdefault(row.judgement_id, []).append(row)
    return found


def disagreements(session: Session, pair_ids: Iterable[str]) -> dict[str, list[DisagreementRow]]:
    """The unsettled disagreements on these pairs, by pair."""
    found: dict[str, list[DisagreementRow]] = {}
    for chunk in chunks(set(pair_ids)):
        statement = (
            select(DisagreementRow)
            .where(
                col(DisagreementRow.pair_id).in_(chunk), col(DisagreementRow.settled_at).is_(None)
            )
            .order_by(col(DisagreementRow.filed_at), col(DisagreementRow.id))
        )
        for row in session.exec(statement).all():
            found.setdefault(row.pair_id, []).append(row)
    return found
