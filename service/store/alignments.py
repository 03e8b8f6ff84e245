"""Queries on alignments: which two documents were compared, how, and what found no partner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from service.store.insert import chunks, synchronise
from service.store.tables import AlignmentRow


def among(session: Session, document_ids: Iterable[str]) -> dict[tuple[str, str], AlignmentRow]:
    """The alignments between these documents, by (a, b)."""
    wanted = set(document_ids)
    found: dict[tuple[str, str], AlignmentRow] = {}
    for chunk in chunks(wanted):
        statement = select(AlignmentRow).where(col(AlignmentRow.a_document).in_(chunk))
        for row in session.exec(statement).all():
            if row.b_document in wanted:
                found[row.a_document, row.b_document] = row
    return found


def of_document(session: Session, document_id: str) -> list[AlignmentRow]:
    """The alignments of a document with any other."""
    statement = select(AlignmentRow).where(
        sa.or_(
            col(AlignmentRow.a_document) == document_id, col(AlignmentRow.b_document) == document_id
        )
    )
    return list(session.exec(statement).all())


def forget(session: Session, document_id: str) -> None:
    """Drop the alignments of a document, so that it is compared anew."""
    session.execute(
        sa.delete(AlignmentRow).where(
            sa.or_(
                col(AlignmentRow.a_document) == document_id,
                col(AlignmentRow.b_document) == document_id,
            )
        )
    )


def keep(session: Session, rows: Sequence[AlignmentRow]) -> None:
    """Store alignments; an older one of the same two documents gives way."""
    stored: list[AlignmentRow] = []
    for chunk in chunks(row.id for row in rows):
        stored.extend(session.exec(select(AlignmentRow).where(col(AlignmentRow.id).in_(chunk))))
    synchronise(session, stored, rows, keep=frozenset({"id"}))
