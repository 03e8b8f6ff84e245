"""Queries on events: what happened, which documents report it, and what became of merged ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from service.errors import NotFound
from service.store import documents, outlets
from service.store.insert import chunks
from service.store.page import Page, fetch
from service.store.tables import (
    ClaimGroupRow,
    DocumentRow,
    EventDocumentRow,
    EventRow,
    JudgementRow,
    PairRow,
    SilenceRow,
)

#: Probability from which a document may belong to an event that it was not placed in.
POSSIBLE = 0.05


@dataclass(frozen=True, slots=True)
class EventSummary:
    """An event as a list shows it, with the number of its claim groups and pairs."""

    event: EventRow
    groups: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A document in its event, with what of it the event stream has read."""

    document_id: str
    event_id: str
    arrival: int
    dated_at: datetime
    title: str


def page(
    session: Session,
    *,
    language: str | None = None,
    outlet: str | None = None,
    languages_at_least: int = 1,
    words: str | None = None,
    seen_from: datetime | None = None,
    seen_to: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[EventSummary]:
    """Events, the last seen first, merged ones left out.

    `language` and `outlet` (id or name) keep events that such a document reports,
    `languages_at_least` those told in so many languages, `words` those that a headline in any
    language calls so.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    groups = _count(ClaimGroupRow)
    pairs = _count(PairRow)
    statement: sa.Select[*tuple[Any, ...]] = sa.select(EventRow, groups, pairs).where(
        col(EventRow.merged_into).is_(None), col(EventRow.documents) > 0
    )
    if language or outlet:
        inside = (
            sa.select(col(EventDocumentRow.event_id))
            .join(DocumentRow, col(DocumentRow.id) == col(EventDocumentRow.document_id))
            .where(col(DocumentRow.current))
        )
        if language:
            inside = inside.where(col(DocumentRow.language) == language)
        if outlet:
            inside = inside.where(col(DocumentRow.outlet_id) == outlets.resolve(outlet))
        statement = statement.where(col(EventRow.id).in_(inside))
    if languages_at_least > 1:
        told = (
            sa.select(col(EventDocumentRow.event_id))
            .join(DocumentRow, col(DocumentRow.id) == col(EventDocumentRow.document_id))
            .where(col(DocumentRow.current))
            .group_by(col(EventDocumentRow.event_id))
            .having(sa.func.count(col(DocumentRow.language).distinct()) >= languages_at_least)
        )
        statement = statement.where(col(EventRow.id).in_(told))
    if words:
        called = (
            sa.select(col(EventDocumentRow.event_id))
            .join(DocumentRow, col(DocumentRow.id) == col(EventDocumentRow.document_id))
            .where(col(DocumentRow.current))
            .where(col(DocumentRow.title).icontains(words, autoescape=True))
        )
        statement = statement.where(
            sa.or_(
                col(EventRow.title).icontains(words, autoescape=True), col(EventRow.id).in_(called)
            )
        )
    if seen_from:
        statement = statement.where(col(EventRow.last_seen) >= seen_from)
    if seen_to:
        statement = statement.where(col(EventRow.first_seen) < seen_to)
    return fetch(
        session,
        statement,
        (col(EventRow.last_seen), col(EventRow.id)),
        (datetime, str),
        cursor=cursor,
        limit=limit,
        make=lambda row: EventSummary(*row),
        key=lambda item: (item.event.last_seen, item.event.id),
    )


def _count(kind: type[ClaimGroupRow] | type[PairRow]) -> sa.ScalarSelect[int]:
    counted = sa.select(sa.func.count()).where(col(kind.event_id) == col(EventRow.id))
    if kind is PairRow:
        counted = counted.where(
            sa.not_(col(PairRow.withdrawn)), col(PairRow.a_language) != col(PairRow.b_language)
        )
    return counted.correlate(EventRow).scalar_subquery()


def get(session: Session, event_id: str) -> EventRow:
    """The event with this id, or the one that took its place by a merge.

    Raises:
        NotFound: there never was one.
    """
    row = session.get(EventRow, event_id)
    seen = {event_id}
    while row is not None and row.merged_into and row.merged_into not in seen:
        seen.add(row.merged_into)
        row = session.get(EventRow, row.merged_into)
    if row is None:
        raise NotFound("event", event_id)
    return row


def summary(session: Session, event_id: str) -> EventSummary:
    """The event with its counts; redirects are followed.

    Raises:
        NotFound: there never was one.
    """
    event = get(session, event_id)
    statement = sa.select(_count(ClaimGroupRow), _count(PairRow)).select_from(EventRow)
    groups, pairs = session.execute(statement.where(col(EventRow.id) == event.id)).one()
    return EventSummary(event, groups, pairs)


def redirects(session: Session, *, seen_from: datetime | None = None) -> dict[str, str]:
    """Merged events' ids and the id each leads to next; `seen_from`: into events seen since."""
    statement = sa.select(col(EventRow.id), col(EventRow.merged_into)).where(
        col(EventRow.merged_into).is_not(None)
    )
    if seen_from is not None:
        into = sa.select(col(EventRow.id)).where(col(EventRow.last_seen) >= seen_from)
        statement = statement.where(col(EventRow.merged_into).in_(into))
    return {str(row[0]): str(row[1]) for row in session.execute(statement)}


def due(session: Session) -> list[str]:
    """The events whose claims have to be aligned (again), by id."""
    statement = (
        sa.select(col(EventRow.id))
        .where(col(EventRow.due), col(EventRow.merged_into).is_(None))
        .order_by(col(EventRow.id))
    )
    return list(session.scalars(statement))


def lacking(session: Session) -> dict[str, list[str]]:
    """The events that were compared without something, and what that was, by id."""
    statement = (
        sa.select(col(EventRow.id), col(EventRow.missing))
        .where(
            col(EventRow.merged_into).is_(None),
            col(EventRow.aligned_at).is_not(None),
            col(EventRow.missing) != [],
        )
        .order_by(col(EventRow.id))
    )
    return {str(row[0]): list(row[1]) for row in session.execute(statement)}


def all_ids(session: Session) -> list[str]:
    """Every event that stands, by id."""
    statement = (
        sa.select(col(EventRow.id))
        .where(col(EventRow.merged_into).is_(None))
        .order_by(col(EventRow.id))
    )
    return list(session.scalars(statement))


def ensure(session: Session, event_id: str, seen: datetime) -> EventRow:
    """The event with this id, made if new."""
    row = session.get(EventRow, event_id)
    if row is None:
        row = EventRow(id=event_id, first_seen=seen, last_seen=seen)
        session.add(row)
        session.flush()
    return row


def place(session: Session, row: EventDocumentRow) -> None:
    """Put a document into its event; where it was before does not matter."""
    session.merge(row)
    session.flush()


def leave(session: Session, document_id: str) -> int:
    """Take a document out of its event, and return how many copies of it stay there.

    The first of them stands for the others from now on.
    """
    place = session.get(EventDocumentRow, document_id)
    if place is None:
        return 0
    session.delete(place)
    copies = session.exec(
        select(EventDocumentRow)
        .join(DocumentRow, col(DocumentRow.id) == col(EventDocumentRow.document_id))
        .where(
            col(EventDocumentRow.event_id) == place.event_id,
            col(EventDocumentRow.copy_of) == document_id,
        )
        .order_by(col(DocumentRow.arrival))
    ).all()
    for one in copies:
        one.copy_of = None if one is copies[0] else copies[0].document_id
    session.flush()
    return len(copies)


def is_empty(session: Session, event_id: str) -> bool:
    """Whether no document is in the event, and it does not lead to another."""
    row = session.get(EventRow, event_id)
    inside = sa.select(col(EventDocumentRow.document_id)).where(
        col(EventDocumentRow.event_id) == event_id
    )
    merged = row is not None and row.merged_into is not None
    return not merged and session.execute(inside.limit(1)).first() is None


def membership(session: Session, document_id: str) -> EventDocumentRow | None:
    """Where a document belongs, or None when it has no event."""
    return session.get(EventDocumentRow, document_id)


def runner_up(session: Session, document_id: str) -> tuple[EventRow, float] | None:
    """The event that a document may belong to instead of its own, and how probable that is.

    None where nothing else is likely enough, where an analyst placed it, or where it is a copy,
    which is where its original is.
    """
    own = membership(session, document_id)
    if own is None or own.assigned_by == "analyst" or own.copy_of or not own.runner_up:
        return None
    chance = own.runner_up_probability or 0.0
    if chance < POSSIBLE or session.get(EventRow, own.runner_up) is None:
        return None
    other = get(session, own.runner_up)
    return None if other.id == own.event_id else (other, chance)


def merge(session: Session, event_id: str, into: str) -> None:
    """Move everything of an event into another and leave a redirect.

    Raises:
        NotFound: one of them never was.
    """
    gone, kept = get(session, event_id), get(session, into)
    if gone.id == kept.id:
        return
    session.execute(
        sa.update(EventDocumentRow)
        .where(col(EventDocumentRow.event_id) == gone.id)
        .values(event_id=kept.id)
    )
    # Its groups are made anew in the event that takes them in; its pairs may be judged already.
    session.execute(
        sa.update(PairRow)
        .where(col(PairRow.event_id) == gone.id)
        .values(event_id=kept.id, group_id=None)
    )
    session.execute(
        sa.update(JudgementRow)
        .where(col(JudgementRow.event_id) == gone.id)
        .values(event_id=kept.id)
    )
    session.execute(sa.delete(ClaimGroupRow).where(col(ClaimGroupRow.event_id) == gone.id))
    session.execute(
        sa.update(EventDocumentRow)
        .where(col(EventDocumentRow.runner_up) == gone.id)
        .values(runner_up=kept.id)
    )
    session.execute(  # what might have been the other event is in it
        sa.update(EventDocumentRow)
        .where(
            col(EventDocumentRow.event_id) == kept.id, col(EventDocumentRow.runner_up) == kept.id
        )
        .values(runner_up=None, runner_up_probability=None)
    )
    gone.merged_into = kept.id
    gone.due = False
    session.flush()
    refresh(session, [gone.id, kept.id])


def refresh(session: Session, event_ids: Iterable[str]) -> None:
    """Count the events' documents again, and mark those that stand as due.

    An event is called by its earliest title; English ones go first, for they are read by most.
    Where no article has a title, the first words of one stand in for it.
    """
    for chunk in chunks(sorted(set(event_ids))):
        statement = (
            sa.select(
                col(EventDocumentRow.event_id),
                col(EventDocumentRow.copy_of),
                col(DocumentRow.language),
                col(DocumentRow.outlet_id),
                col(DocumentRow.title),
                col(DocumentRow.dated_at),
                sa.func.substr(col(DocumentRow.text), 1, documents.OPENING).label("opening"),
            )
            .join(DocumentRow, col(DocumentRow.id) == col(EventDocumentRow.document_id))
            .where(col(EventDocumentRow.event_id).in_(chunk), col(DocumentRow.current))
            .order_by(col(DocumentRow.dated_at), col(DocumentRow.id))
        )
        found: dict[str, list[sa.Row[Any]]] = {}
        for row in session.execute(statement):
            found.setdefault(row[0], []).append(row)
        for event in session.exec(select(EventRow).where(col(EventRow.id).in_(chunk))).all():
            rows = found.get(event.id, [])
            event.documents = len(rows)
            event.outlets = len({row.outlet_id for row in rows if row.outlet_id})
            event.languages = _tally(row.language or "unknown" for row in rows)
            event.due = event.merged_into is None
            if rows:
                event.first_seen, event.last_seen = rows[0].dated_at, rows[-1].dated_at
                titled = [row for row in rows if row.title] or rows
                named = [row for row in titled if row.language == "en"] or titled
                event.title = documents.headline(named[0].title, named[0].opening)
                event.title_language = named[0].language
    session.flush()


def aligned(
    session: Session, event_id: str, at: datetime, algorithm: str, missing: Sequence[str]
) -> None:
    """Say that the claims of an event are aligned, with what, and without which views."""
    event = get(session, event_id)
    event.due = False
    event.aligned_at = at
    event.algorithm = algorithm
    event.missing = list(missing)
    session.flush()


def _tally(names: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    return dict(sorted(counted.items()))


def neighbours(
    session: Session, event_id: str, languages: Iterable[str], *, most: int
) -> dict[str, float]:
    """Documents of other events that may report this one, and how likely: `most` of a language.

    They are documents that might have been placed here, and those of an event where one of this
    event might have been placed; the likeliest first.
    """
    here, there = aliased(EventDocumentRow), aliased(EventDocumentRow)
    other_way = (
        sa.select(
            col(here.runner_up).label("event_id"),
            sa.func.max(col(here.runner_up_probability)).label("chance"),
        )
        .where(col(here.event_id) == event_id, col(here.runner_up_probability) >= POSSIBLE)
        .group_by(col(here.runner_up))
        .subquery()
    )
    likely = sa.case(
        (col(there.runner_up) == event_id, col(there.runner_up_probability)),
        else_=other_way.c.chance,
    )
    found: dict[str, float] = {}
    for language in sorted(languages):
        statement = (
            sa.select(col(there.document_id), likely)
            .join(DocumentRow, col(DocumentRow.id) == col(there.document_id))
            .outerjoin(other_way, other_way.c.event_id == col(there.event_id))
            .where(
                sa.or_(
                    sa.and_(
                        col(there.runner_up) == event_id,
                        col(there.runner_up_probability) >= POSSIBLE,
                    ),
                    other_way.c.chance.is_not(None),
                ),
                col(there.event_id) != event_id,
                col(there.copy_of).is_(None),
                col(DocumentRow.current),
                col(DocumentRow.language) == language,
            )
            .order_by(likely.desc(), col(there.document_id))
            .limit(most)
        )
        found |= {str(row[0]): float(row[1]) for row in session.execute(statement)}
    return found


def asking(session: Session, document_id: str, language: str) -> set[str]:
    """Events that would ask this document before they call its language silent, and did call it.

    They are those of `neighbours` seen from the document.
    """
    own = membership(session, document_id)
    if own is None:
        return set()
    wanted = sa.select(col(EventDocumentRow.event_id)).where(
        col(EventDocumentRow.runner_up) == own.event_id,
        col(EventDocumentRow.runner_up_probability) >= POSSIBLE,
    )
    found = set(session.scalars(wanted))
    if own.runner_up and (own.runner_up_probability or 0.0) >= POSSIBLE:
        found.add(own.runner_up)
    silent = sa.select(col(SilenceRow.event_id)).where(
        col(SilenceRow.event_id).in_(sorted(found)),
        col(SilenceRow.language) == language,
        col(SilenceRow.kind) == "no counterpart",
        col(SilenceRow.valid_to).is_(None),
    )
    return set(session.scalars(silent.distinct()))


def stream(session: Session, *, seen_from: datetime, seen_to: datetime) -> list[Placed]:
    """First versions in events that were seen between, and their events, in order of arrival.

    It is what an event stream is built from: an event that reaches into the time comes whole.
    """
    near = sa.select(col(EventRow.id)).where(
        col(EventRow.last_seen) >= seen_from, col(EventRow.first_seen) <= seen_to
    )
    statement = (
        sa.select(
            col(DocumentRow.id),
            col(EventDocumentRow.event_id),
            col(DocumentRow.arrival),
            col(DocumentRow.dated_at),
            col(DocumentRow.title),
        )
        .join(EventDocumentRow, col(EventDocumentRow.document_id) == col(DocumentRow.id))
        .where(col(DocumentRow.version) == 1, col(EventDocumentRow.event_id).in_(near))
        .order_by(col(DocumentRow.arrival))
    )
    return [Placed(*row) for row in session.execute(statement)]
