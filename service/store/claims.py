"""Queries on claims, and their two forms: `alignment.claims.Claim` and a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from alignment.claims import Claim
from service.store import ids
from service.store.insert import chunks
from service.store.tables import ClaimRow, DocumentRow, EventDocumentRow

#: Fields of a claim that have a column of their own; the rest stands in `data`.
_COLUMNS = ("sentence", "start", "end", "text", "language", "polarity", "certainty")


@cache
def _adapter() -> TypeAdapter[Claim]:
    return TypeAdapter(Claim)


def to_rows(document_id: str, claims: Sequence[Claim], algorithm: str) -> list[ClaimRow]:
    """The rows of a document's claims, in their order."""
    rows: list[ClaimRow] = []
    seen: dict[tuple[int, int], int] = {}
    for position, claim in enumerate(claims):
        span = (claim.start, claim.end)
        ordinal = seen[span] = seen.get(span, -1) + 1
        data = _adapter().dump_python(claim, mode="json", exclude=set(_COLUMNS))
        attribution = claim.attribution
        innermost = attribution.speakers[-1] if attribution and attribution.speakers else None
        rows.append(
            ClaimRow(
                id=ids.claim(document_id, *span, ordinal),
                document_id=document_id,
                position=position,
                segment=claim.sentence,
                start=claim.start,
                end=claim.end,
                text=claim.text,
                language=claim.language,
                polarity=claim.polarity,
                certainty=claim.certainty,
                speaker=innermost.text if innermost else None,
                stance=attribution.stance if attribution else None,
                data=data,
                algorithm=algorithm,
            )
        )
    return rows


def from_row(row: ClaimRow) -> Claim:
    """The claim that a row holds."""
    plain = {
        "sentence": row.segment,
        "start": row.start,
        "end": row.end,
        "text": row.text,
        "language": row.language,
        "polarity": row.polarity,
        "certainty": row.certainty,
        **row.data,
    }
    return _adapter().validate_python(plain)


def of_document(session: Session, document_id: str) -> list[ClaimRow]:
    """The claims of a document in reading order."""
    statement = (
        select(ClaimRow)
        .where(col(ClaimRow.document_id) == document_id)
        .order_by(col(ClaimRow.position))
    )
    return list(session.exec(statement).all())


def of_first_segments(
    session: Session, document_ids: Sequence[str], count: int
) -> dict[str, list[ClaimRow]]:
    """The claims of the first segments of each of these documents, in reading order."""
    found: dict[str, list[ClaimRow]] = {document_id: [] for document_id in document_ids}
    statement = (
        select(ClaimRow)
        .where(col(ClaimRow.document_id).in_(document_ids), col(ClaimRow.segment) < count)
        .order_by(col(ClaimRow.document_id), col(ClaimRow.position))
    )
    for row in session.exec(statement).all():
        found[row.document_id].append(row)
    return found


def of_event(session: Session, event_id: str) -> list[ClaimRow]:
    """The claims of the current documents of an event, by document and place."""
    statement = (
        select(ClaimRow)
        .join(DocumentRow, col(DocumentRow.id) == col(ClaimRow.document_id))
        .join(EventDocumentRow, col(EventDocumentRow.document_id) == col(DocumentRow.id))
        .where(col(EventDocumentRow.event_id) == event_id, col(DocumentRow.current))
        .order_by(col(ClaimRow.document_id), col(ClaimRow.position))
    )
    return list(session.exec(statement).all())


def by_id(session: Session, claim_ids: Iterable[str]) -> dict[str, ClaimRow]:
    """These claims by id; unknown ids are left out."""
    found: dict[str, ClaimRow] = {}
    for chunk in chunks(set(claim_ids)):
        for row in session.exec(select(ClaimRow).where(col(ClaimRow.id).in_(chunk))).all():
            found[row.id] = row
    return found
