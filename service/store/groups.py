"""Queries on claim groups: who says the same thing in which language, and who does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from alignment.contrasts import STRONGEST
from alignment.groups import EVEN
from service.errors import NotFound
from service.store import claim_english, documents, outlets
from service.store.claim_english import ClaimEnglish
from service.store.documents import DocumentSummary
from service.store.insert import insert_all, synchronise
from service.store.page import Page, fetch
from service.store.tables import (
    ClaimGroupRow,
    ClaimRow,
    DocumentRow,
    GroupMemberRow,
    PairRow,
    SilenceRow,
    TranslationRow,
)

#: Relations in which the sides do not agree.
DISPUTED = ("denies", "conflicting")


@dataclass(frozen=True, slots=True)
class MemberView:
    """A claim of a group with its document and the English of its sentence, where there is one.

    `own` is what the claim is compared in, where it is only a part of its sentence.
    """

    claim: ClaimRow
    document: DocumentSummary
    translation: TranslationRow | None
    own: ClaimEnglish | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    """A claim group ready to be read: members by language, silences by language, pairs inside.

    Members are in order of publication. A language has members, or a silence, or (when the group
    has not been searched for it) neither.
    """

    group: ClaimGroupRow
    members: dict[str, tuple[MemberView, ...]]
    silences: dict[str, SilenceRow]
    pairs: tuple[PairRow, ...]

    @property
    def doubtful(self) -> dict[str, int]:
        """Pairs across languages whose relation is in doubt, by that relation."""
        found = Counter(
            pair.relation
            for pair in self.pairs
            if pair.doubtful and pair.a_language != pair.b_language
        )
        return dict(sorted(found.items()))


def page(
    session: Session,
    event_id: str,
    *,
    language: str | None = None,
    relation: str | None = None,
    outlet: str | None = None,
    languages_at_least: int = 1,
    languages_at_most: int = 3,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[GroupView]:
    """The claim groups of an event: told in most languages first, then disputed, then large ones.

    `language` keeps groups that it speaks in, `relation` those with such a pair across languages (a
    doubtful one only where no pair is likely), `outlet` (id or name) those it is in,
    `languages_at_least` and `languages_at_most` those told in so many.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    # Pages go from large to small keys; the first group has the smallest position.
    order = -col(ClaimGroupRow.position)
    statement = sa.select(ClaimGroupRow).where(col(ClaimGroupRow.event_id) == event_id)
    members = sa.select(col(GroupMemberRow.group_id))
    if language:
        statement = statement.where(
            col(ClaimGroupRow.id).in_(members.where(col(GroupMemberRow.language) == language))
        )
    if languages_at_least > 1:
        told = members.group_by(col(GroupMemberRow.group_id)).having(
            sa.func.count(col(GroupMemberRow.language).distinct()) >= languages_at_least
        )
        statement = statement.where(col(ClaimGroupRow.id).in_(told))
    if languages_at_most < 3:
        few = members.group_by(col(GroupMemberRow.group_id)).having(
            sa.func.count(col(GroupMemberRow.language).distinct()) <= languages_at_most
        )
        statement = statement.where(col(ClaimGroupRow.id).in_(few))
    if outlet:
        printed = (
            members.join(ClaimRow, col(ClaimRow.id) == col(GroupMemberRow.claim_id))
            .join(DocumentRow, col(DocumentRow.id) == col(ClaimRow.document_id))
            .where(col(DocumentRow.outlet_id) == outlets.resolve(outlet))
        )
        statement = statement.where(col(ClaimGroupRow.id).in_(printed))
    if relation:
        crossing = sa.select(col(PairRow.group_id)).where(
            col(PairRow.event_id) == event_id,
            sa.not_(col(PairRow.withdrawn)),
            col(PairRow.group_id).is_not(None),
            col(PairRow.a_language) != col(PairRow.b_language),
        )
        likely = col(PairRow.probability) >= EVEN
        related = crossing.where(
            col(PairRow.relation) == relation,
            sa.or_(likely, col(PairRow.group_id).not_in(crossing.where(likely))),
        )
        statement = statement.where(col(ClaimGroupRow.id).in_(related))
    found: Page[ClaimGroupRow] = fetch(
        session,
        statement,
        (order, col(ClaimGroupRow.id)),
        (int, str),
        cursor=cursor,
        limit=limit,
        make=lambda row: row[0],
        key=lambda item: (-item.position, item.id),
    )
    return Page(tuple(views(session, found.items)), found.next)


def view(session: Session, group_id: str) -> GroupView:
    """The claim group with this id, ready to be read.

    Raises:
        NotFound: there is none.
    """
    row = session.get(ClaimGroupRow, group_id)
    if row is None:
        raise NotFound("claim group", group_id)
    return views(session, [row])[0]


def views(session: Session, rows: Sequence[ClaimGroupRow]) -> list[GroupView]:
    """Groups ready to be read, in the order given; a few queries for all of them."""
    group_ids = [row.id for row in rows]
    joined = (
        sa.select(GroupMemberRow, ClaimRow)
        .join(ClaimRow, col(ClaimRow.id) == col(GroupMemberRow.claim_id))
        .where(col(GroupMemberRow.group_id).in_(group_ids))
    )
    members: dict[str, list[ClaimRow]] = {}
    for member, claim in session.execute(joined):
        members.setdefault(member.group_id, []).append(claim)
    everyone = [claim for inside in members.values() for claim in inside]
    found = documents.summaries(session, (claim.document_id for claim in everyone))
    english = documents.english(session, ((claim.document_id, claim.segment) for claim in everyone))
    own = claim_english.of_claims(session, everyone, english)
    silent: dict[str, dict[str, SilenceRow]] = {}
    for silence in session.exec(
        select(SilenceRow).where(
            col(SilenceRow.group_id).in_(group_ids), col(SilenceRow.valid_to).is_(None)
        )
    ).all():
        silent.setdefault(silence.group_id, {})[silence.language] = silence
    pairs: dict[str, list[PairRow]] = {}
    for pair in session.exec(
        select(PairRow)
        .where(col(PairRow.group_id).in_(group_ids), sa.not_(col(PairRow.withdrawn)))
        .order_by(col(PairRow.probability).desc(), col(PairRow.id))
    ).all():
        pairs.setdefault(str(pair.group_id), []).append(pair)

    def order(claim: ClaimRow) -> tuple[datetime, str, int]:
        return (found[claim.document_id].dated_at, claim.document_id, claim.position)

    made = []
    for row in rows:
        by_language: dict[str, list[MemberView]] = {}
        for claim in sorted(members.get(row.id, ()), key=order):
            by_language.setdefault(claim.language, []).append(
                MemberView(
                    claim,
                    found[claim.document_id],
                    english.get((claim.document_id, claim.segment)),
                    own.get(claim.id),
                )
            )
        made.append(
            GroupView(
                row,
                {language: tuple(inside) for language, inside in by_language.items()},
                silent.get(row.id, {}),
                tuple(pairs.get(row.id, ())),
            )
        )
    return made


def told_alone(session: Session, event_ids: Sequence[str]) -> dict[str, int]:
    """How many claim groups of each event are told in one language only."""
    statement = sa.select(col(ClaimGroupRow.event_id), col(ClaimGroupRow.languages)).where(
        col(ClaimGroupRow.event_id).in_(event_ids)
    )
    found = dict.fromkeys(event_ids, 0)
    for event_id, languages in session.execute(statement):
        found[event_id] += len(languages) == 1
    return found


def disputed(session: Session, event_ids: Sequence[str]) -> dict[str, int]:
    """How many claim groups of each event have likely pairs that deny or contradict each other."""
    statement = (
        sa.select(col(PairRow.event_id), sa.func.count(col(PairRow.group_id).distinct()))
        .where(
            col(PairRow.event_id).in_(event_ids),
            sa.not_(col(PairRow.withdrawn)),
            col(PairRow.a_language) != col(PairRow.b_language),
            col(PairRow.probability) >= EVEN,
            col(PairRow.relation).in_(DISPUTED),
        )
        .group_by(col(PairRow.event_id))
    )
    counted = {str(row[0]): int(row[1]) for row in session.execute(statement)}
    return {event_id: counted.get(event_id, 0) for event_id in event_ids}


def telling(pairs: Iterable[PairRow]) -> tuple[str | None, bool]:
    """The relation that speaks for a group across languages, and whether a likely pair says so.

    It is the strongest among the likely pairs, or among all of them where none is likely.
    """
    crossing = [pair for pair in pairs if pair.a_language != pair.b_language]
    likely = [pair for pair in crossing if not pair.doubtful]
    found = {pair.relation for pair in likely or crossing}
    return next((relation for relation in STRONGEST if relation in found), None), bool(likely)


def of_claims(session: Session, claim_ids: Sequence[str]) -> dict[str, str]:
    """The groups of these claims: claim id to group id."""
    statement = sa.select(col(GroupMemberRow.claim_id), col(GroupMemberRow.group_id)).where(
        col(GroupMemberRow.claim_id).in_(claim_ids)
    )
    return {str(row[0]): str(row[1]) for row in session.execute(statement)}


def silences(session: Session, group_id: str) -> list[SilenceRow]:
    """Every answer ever filed on who does not say what a group says, the oldest first."""
    statement = (
        select(SilenceRow)
        .where(col(SilenceRow.group_id) == group_id)
        .order_by(col(SilenceRow.valid_from), col(SilenceRow.id))
    )
    return list(session.exec(statement).all())


def answered(session: Session, event_id: str, claim_ids: Sequence[str]) -> list[SilenceRow]:
    """Answers on who does not say what these claims say that were closed, the oldest first.

    They are found by claim: a group is called by its earliest claim, which late coverage changes.
    """
    statement = (
        select(SilenceRow)
        .where(
            col(SilenceRow.event_id) == event_id,
            col(SilenceRow.claim_id).in_(claim_ids),
            col(SilenceRow.valid_to).is_not(None),
        )
        .order_by(col(SilenceRow.valid_from), col(SilenceRow.language), col(SilenceRow.id))
    )
    return list(session.exec(statement).all())


def replace(
    session: Session,
    event_id: str,
    wanted: Sequence[ClaimGroupRow],
    members: Sequence[GroupMemberRow],
) -> None:
    """Make the stored claim groups of an event, and who is in them, equal to these."""
    stored = session.exec(
        select(ClaimGroupRow).where(col(ClaimGroupRow.event_id) == event_id)
    ).all()
    gone = synchronise(session, stored, wanted, keep=frozenset({"id"}))
    kept = [row.id for row in wanted]
    before = {
        (row.claim_id, row.group_id): row
        for row in session.exec(
            select(GroupMemberRow).where(
                sa.or_(
                    col(GroupMemberRow.group_id).in_(kept),
                    col(GroupMemberRow.claim_id).in_([row.claim_id for row in members]),
                )
            )
        ).all()
    }
    new = [row for row in members if (row.claim_id, row.group_id) not in before]
    current = {(row.claim_id, row.group_id) for row in members}
    for key, row in before.items():
        if key not in current:
            session.delete(row)
    session.flush()
    insert_all(session, new)
    for group in gone:
        session.delete(group)
    session.flush()


def answer(session: Session, event_id: str, wanted: Sequence[SilenceRow], now: datetime) -> None:
    """File the silences of an event: those that no longer hold are closed, never deleted."""
    standing = session.exec(
        select(SilenceRow).where(
            col(SilenceRow.event_id) == event_id, col(SilenceRow.valid_to).is_(None)
        )
    ).all()
    known = session.exec(
        select(SilenceRow).where(col(SilenceRow.id).in_([row.id for row in wanted]))
    ).all()
    every = {row.id: row for row in (*standing, *known)}
    gone = synchronise(
        session, every.values(), wanted, keep=frozenset({"id", "as_of", "valid_from"})
    )
    for row in gone:
        row.valid_to = row.valid_to or now
    session.flush()
