"""Queries on headlines: what a title says in English, for lists of articles and events."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from service.store import translations
from service.store.insert import chunks
from service.store.tables import DocumentRow, SegmentRow, TranslationRow


def english(session: Session, document_ids: Iterable[str]) -> dict[str, list[TranslationRow]]:
    """The newest translations of the sentences of each title, in their order.

    A document without a title, with an English one, or with one that is translated only in part is
    left out.
    """
    found: dict[str, list[TranslationRow]] = {}
    for chunk in chunks(sorted(set(document_ids))):
        statement = (
            sa.select(
                col(SegmentRow.document_id), col(SegmentRow.text_hash), col(SegmentRow.language)
            )
            .join(DocumentRow, col(DocumentRow.id) == col(SegmentRow.document_id))
            .where(
                col(SegmentRow.document_id).in_(chunk),
                col(SegmentRow.end) <= col(DocumentRow.body_start),
                col(DocumentRow.title) != "",
            )
            .order_by(col(SegmentRow.document_id), col(SegmentRow.position))
        )
        parts: dict[str, list[tuple[str, str]]] = {}
        for document_id, text_hash, language in session.execute(statement):
            parts.setdefault(document_id, []).append((text_hash, language or ""))
        rows = translations.newest(session, (part for told in parts.values() for part in told))
        for document_id, told in parts.items():
            if all(part in rows for part in told):
                found[document_id] = [rows[part] for part in told]
    return found
