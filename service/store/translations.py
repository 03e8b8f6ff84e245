"""Queries on machine translations of segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from service.store.insert import chunks, insert_missing
from service.store.tables import TranslationRow


def known(session: Session, translation_ids: Iterable[str]) -> dict[str, TranslationRow]:
    """The stored translations with these ids (`ids.translation`), by id."""
    found: dict[str, TranslationRow] = {}
    for chunk in chunks(translation_ids):
        for row in session.exec(
            select(TranslationRow).where(col(TranslationRow.id).in_(chunk))
        ).all():
            found[row.id] = row
    return found


def newest(
    session: Session, words: Iterable[tuple[str, str | None]], target: str = "en"
) -> dict[tuple[str, str], TranslationRow]:
    """The newest translation for each (text hash, source language) that has one."""
    wanted = {(text_hash, source) for text_hash, source in words if source and source != target}
    found: dict[tuple[str, str], TranslationRow] = {}
    for chunk in chunks({text_hash for text_hash, _ in wanted}):
        statement = (
            select(TranslationRow)
            .where(col(TranslationRow.text_hash).in_(chunk), col(TranslationRow.target) == target)
            .order_by(col(TranslationRow.created_at), col(TranslationRow.id))
        )
        for row in session.exec(statement).all():
            if (row.text_hash, row.source) in wanted:
                found[row.text_hash, row.source] = row
    return found


def add(session: Session, rows: Sequence[TranslationRow]) -> None:
    """Keep translations; those that are stored already stay as they are."""
    insert_missing(session, rows)


def count(session: Session) -> int:
    """How many translations are held."""
    counted = session.execute(sa.select(sa.func.count()).select_from(TranslationRow))
    return int(counted.scalar_one())
