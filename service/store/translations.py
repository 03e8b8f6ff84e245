"""Queries on the translations of segments, a machine's or a person's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from service.store import ids
from service.store.insert import chunks, insert_missing
from service.store.tables import (
    CORRECTION,
    ClaimRow,
    EventDocumentRow,
    EventRow,
    SegmentRow,
    TranslationRow,
    TranslationUnitRow,
)


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
    """The translation for each (text hash, source language) that has one.

    A person's goes before every machine's; of two of a kind the newer one counts.
    """
    wanted = {(text_hash, source) for text_hash, source in words if source and source != target}
    found: dict[tuple[str, str], TranslationRow] = {}
    for chunk in chunks({text_hash for text_hash, _ in wanted}):
        statement = (
            select(TranslationRow)
            .where(col(TranslationRow.text_hash).in_(chunk), col(TranslationRow.target) == target)
            .order_by(
                col(TranslationRow.options).startswith(CORRECTION),
                col(TranslationRow.created_at),
                col(TranslationRow.id),
            )
        )
        for row in session.exec(statement).all():
            if (row.text_hash, row.source) in wanted:
                found[row.text_hash, row.source] = row
    return found


def add(session: Session, rows: Sequence[TranslationRow]) -> None:
    """Keep translations; those that are stored already stay as they are."""
    insert_missing(session, rows)


def correction(unit: TranslationUnitRow, text_hash: str) -> TranslationRow:
    """What a unit of the translation memory makes of words with this hash."""
    options = f"{CORRECTION}{unit.id}"
    return TranslationRow(
        id=ids.translation(text_hash, unit.source_language, unit.target_language, (), options),
        text_hash=text_hash,
        source=unit.source_language,
        target=unit.target_language,
        text=unit.target,
        route=f"{unit.source_language}→{unit.target_language}",
        packages=[],
        flags=[],
        options=options,
        created_at=unit.created_at,
    )


def correct(
    session: Session, units: Sequence[TranslationUnitRow], written: Sequence[str] = ()
) -> None:
    """Let units count in stored documents at once, and mark the events they touch as due.

    `written` are the originals of the units as they stand in a document, where they are wrapped
    or spaced otherwise than the memory keeps them.
    """
    by_hash = {ids.digest(unit.source): unit for unit in units if unit.target_language == "en"}
    if len(written) == len(units):
        by_hash |= {
            ids.digest(text): unit
            for text, unit in zip(written, units, strict=True)
            if unit.target_language == "en"
        }
    made: list[TranslationRow] = []
    for chunk in chunks(by_hash):
        held = select(SegmentRow.text_hash).where(col(SegmentRow.text_hash).in_(chunk))
        known = select(TranslationRow.text_hash).where(col(TranslationRow.text_hash).in_(chunk))
        of_segments = set(session.exec(held).all())
        of_claims = set(session.exec(known).all()) - of_segments
        for text_hash in sorted(of_segments | of_claims):
            made.append(correction(by_hash[text_hash], text_hash))
        touched = (
            sa.select(col(EventDocumentRow.event_id))
            .join(SegmentRow, col(SegmentRow.document_id) == col(EventDocumentRow.document_id))
            .where(col(SegmentRow.text_hash).in_(chunk))
        )
        _due(session, touched)
        if of_claims:  # words that no segment is, and yet were translated: a part of a sentence
            texts = [by_hash[text_hash].source for text_hash in sorted(of_claims)]
            _due(
                session,
                sa.select(col(EventDocumentRow.event_id))
                .join(ClaimRow, col(ClaimRow.document_id) == col(EventDocumentRow.document_id))
                .where(col(ClaimRow.text).in_(texts)),
            )
    insert_missing(session, made)
    for row in made:  # given again, it is the newest once more
        session.execute(
            sa.update(TranslationRow)
            .where(col(TranslationRow.id) == row.id)
            .values(created_at=row.created_at)
        )


def _due(session: Session, touched: sa.Select[str]) -> None:
    session.execute(
        sa.update(EventRow)
        .where(col(EventRow.id).in_(touched), col(EventRow.merged_into).is_(None))
        .values(due=True)
    )


def count(session: Session) -> int:
    """How many translations are held."""
    counted = session.execute(sa.select(sa.func.count()).select_from(TranslationRow))
    return int(counted.scalar_one())
