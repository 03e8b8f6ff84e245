"""Queries on the translation memory: what people translated or corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from service.store import ids, translations
from service.store.insert import chunks, insert_missing
from service.store.page import Page, fetch
from service.store.tables import TranslationUnitRow


def add(
    session: Session,
    source: str,
    target: str,
    *,
    source_language: str,
    target_language: str,
    origin: str = "",
    who: str = "",
    written: str | None = None,
) -> TranslationUnitRow:
    """Keep a translation unit; it counts in stored documents at once.

    The same one twice is kept once, as the newest: a person may return to an earlier wording.
    `written` is the source as it stands in a document, where lines are broken in it.
    """
    made = row(
        source,
        target,
        source_language=source_language,
        target_language=target_language,
        origin=origin,
        who=who,
    )
    insert_missing(session, [made])
    session.execute(
        sa.update(TranslationUnitRow)
        .where(col(TranslationUnitRow.id) == made.id)
        .values(created_at=made.created_at, who=who, origin=origin)
    )
    translations.correct(session, [made], [source if written is None else written])
    return made


def add_all(session: Session, rows: Sequence[TranslationUnitRow]) -> None:
    """Keep translation units; those that are kept already stay as first given.

    Those that are the newest for their words count in stored documents at once.
    """
    insert_missing(session, rows)
    directions = {(row.source_language, row.target_language) for row in rows}
    for source, target in sorted(directions):
        words = [
            row.source
            for row in rows
            if (row.source_language, row.target_language) == (source, target)
        ]
        translations.correct(session, list(exact(session, words, source, target).values()))


def row(
    source: str,
    target: str,
    *,
    source_language: str,
    target_language: str,
    origin: str = "",
    who: str = "",
) -> TranslationUnitRow:
    """A translation unit of now, not kept yet."""
    return TranslationUnitRow(
        id=ids.unit(source, target, source_language, target_language),
        source_language=source_language,
        target_language=target_language,
        source_hash=ids.digest(source),
        source=source,
        target=target,
        origin=origin,
        who=who,
        created_at=datetime.now(UTC),
    )


def exact(
    session: Session, sources: Iterable[str], source_language: str, target_language: str
) -> dict[str, TranslationUnitRow]:
    """The newest unit for each source text that has one, by source text."""
    by_hash = {ids.digest(source): source for source in sources}
    found: dict[str, TranslationUnitRow] = {}
    for chunk in chunks(by_hash):
        statement = (
            select(TranslationUnitRow)
            .where(
                col(TranslationUnitRow.source_language) == source_language,
                col(TranslationUnitRow.target_language) == target_language,
                col(TranslationUnitRow.source_hash).in_(chunk),
            )
            .order_by(col(TranslationUnitRow.created_at), col(TranslationUnitRow.id))
        )
        for row in session.exec(statement).all():
            found[row.source] = row
    return found


def page(
    session: Session,
    *,
    source_language: str | None = None,
    target_language: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TranslationUnitRow]:
    """Translation units, the newest first.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    statement = sa.select(TranslationUnitRow)
    if source_language:
        statement = statement.where(col(TranslationUnitRow.source_language) == source_language)
    if target_language:
        statement = statement.where(col(TranslationUnitRow.target_language) == target_language)
    return fetch(
        session,
        statement,
        (col(TranslationUnitRow.created_at), col(TranslationUnitRow.id)),
        (datetime, str),
        cursor=cursor,
        limit=limit,
        make=lambda row: row[0],
        key=lambda item: (item.created_at, item.id),
    )
