"""Queries on documents: one version each of an article, with its segments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from service.errors import NotFound
from service.store import claims, outlets, translations
from service.store.insert import chunks, insert_all, synchronise
from service.store.page import Page, fetch
from service.store.tables import (
    ArticleRow,
    ClaimRow,
    DocumentRow,
    EventDocumentRow,
    OutletRow,
    SegmentRow,
    TranslationRow,
)


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document without its text: what a list shows.

    `opening` are its first characters, `belonging` is the probability of its place in its event,
    `placed_by` says whether the machine or an analyst put it there.
    """

    id: str
    article_id: str
    version: int
    current: bool
    title: str
    outlet_id: str | None
    outlet: str | None
    url: str | None
    language: str | None
    ambiguous: bool
    languages: dict[str, float]
    published_at: datetime | None
    fetched_at: datetime
    dated_at: datetime
    event_id: str | None
    copy_of: str | None
    notes: Sequence[str] = ()
    missing: Sequence[str] = ()
    opening: str = ""
    belonging: float | None = None
    placed_by: str | None = None

    @property
    def headline(self) -> str:
        """The title, or the first words of the text where the article has none."""
        return headline(self.title, self.opening)


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment with its words and, where there is one, its newest translation into English."""

    position: int
    start: int
    end: int
    text: str
    paragraph: int
    language: str | None
    ambiguous: bool
    translation: TranslationRow | None = None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with everything on it: what a page or `parallax show` prints."""

    document: DocumentRow
    summary: DocumentSummary
    segments: tuple[SegmentView, ...]
    claims: tuple[ClaimRow, ...]
    versions: tuple[DocumentSummary, ...]


#: Characters at the head of a text that can stand for a missing title, and those that are shown.
OPENING, SHOWN = 120, 80

_SUMMARY: tuple[Any, ...] = (
    col(DocumentRow.id),
    col(DocumentRow.article_id),
    col(DocumentRow.version),
    col(DocumentRow.current),
    col(DocumentRow.title),
    col(DocumentRow.outlet_id),
    col(OutletRow.name),
    col(DocumentRow.url),
    col(DocumentRow.language),
    col(DocumentRow.ambiguous),
    col(DocumentRow.languages),
    col(DocumentRow.published_at),
    col(DocumentRow.fetched_at),
    col(DocumentRow.dated_at),
    col(EventDocumentRow.event_id),
    col(EventDocumentRow.copy_of),
    col(DocumentRow.notes),
    col(DocumentRow.missing),
    sa.func.substr(col(DocumentRow.text), 1, OPENING),
    col(EventDocumentRow.probability),
    col(EventDocumentRow.assigned_by),
)


def headline(title: str, text: str) -> str:
    """A title, or in its place the first words of a text and an ellipsis."""
    if title:
        return title
    words = " ".join(text[:OPENING].split())
    if len(words) <= SHOWN and len(text) < OPENING:
        return words
    return words[:SHOWN].rpartition(" ")[0].rstrip(" ,;:—–-") + "…" if words else ""


def _summaries() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*_SUMMARY)
        .join(OutletRow, col(OutletRow.id) == col(DocumentRow.outlet_id), isouter=True)
        .join(
            EventDocumentRow, col(EventDocumentRow.document_id) == col(DocumentRow.id), isouter=True
        )
    )


def _summary(row: Any) -> DocumentSummary:
    return DocumentSummary(*row)


def page(
    session: Session,
    *,
    event: str | None = None,
    language: str | None = None,
    outlet: str | None = None,
    published_from: datetime | None = None,
    published_to: datetime | None = None,
    words: str | None = None,
    versions: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[DocumentSummary]:
    """Documents, newest first; `outlet` is an id or a name, `versions` adds replaced ones.

    `words` keeps those whose title holds them, or whose first words where there is no title.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    statement = _summaries()
    if not versions:
        statement = statement.where(col(DocumentRow.current))
    if event:
        statement = statement.where(col(EventDocumentRow.event_id) == event)
    if language:
        statement = statement.where(col(DocumentRow.language) == language)
    if outlet:
        statement = statement.where(col(DocumentRow.outlet_id) == outlets.resolve(outlet))
    if published_from:
        statement = statement.where(col(DocumentRow.dated_at) >= published_from)
    if published_to:
        statement = statement.where(col(DocumentRow.dated_at) < published_to)
    if words:
        opening = sa.func.substr(col(DocumentRow.text), 1, OPENING)
        statement = statement.where(
            sa.func.coalesce(sa.func.nullif(col(DocumentRow.title), ""), opening).icontains(
                words, autoescape=True
            )
        )
    return fetch(
        session,
        statement,
        (col(DocumentRow.dated_at), col(DocumentRow.id)),
        (datetime, str),
        cursor=cursor,
        limit=limit,
        make=_summary,
        key=lambda item: (item.dated_at, item.id),
    )


def summaries(session: Session, document_ids: Iterable[str]) -> dict[str, DocumentSummary]:
    """These documents without their text, by id; unknown ids are left out."""
    found: dict[str, DocumentSummary] = {}
    for chunk in chunks(set(document_ids)):
        for row in session.execute(_summaries().where(col(DocumentRow.id).in_(chunk))):
            found[row[0]] = _summary(row)
    return found


def of_event(session: Session, event_id: str) -> list[DocumentSummary]:
    """The current documents of an event, oldest first."""
    statement = (
        _summaries()
        .where(col(EventDocumentRow.event_id) == event_id, col(DocumentRow.current))
        .order_by(col(DocumentRow.dated_at), col(DocumentRow.id))
    )
    return [_summary(row) for row in session.execute(statement)]


def get(session: Session, document_id: str) -> DocumentRow:
    """The document with this id.

    Raises:
        NotFound: there is none.
    """
    row = session.get(DocumentRow, document_id)
    if row is None:
        raise NotFound("document", document_id)
    return row


def view(session: Session, document_id: str) -> DocumentView:
    """The document with its segments, translations, claims and versions.

    Raises:
        NotFound: there is none.
    """
    document = get(session, document_id)
    statement = (
        _summaries()
        .where(col(DocumentRow.article_id) == document.article_id)
        .order_by(col(DocumentRow.version))
    )
    versions = tuple(_summary(row) for row in session.execute(statement))
    return DocumentView(
        document,
        next(item for item in versions if item.id == document_id),
        tuple(segments(session, document)),
        tuple(claims.of_document(session, document_id)),
        versions,
    )


def segments(session: Session, document: DocumentRow) -> list[SegmentView]:
    """The segments of a document in reading order."""
    rows = segment_rows(session, document.id)
    english = translations.newest(session, ((row.text_hash, row.language) for row in rows))
    return [
        SegmentView(
            row.position,
            row.start,
            row.end,
            document.text[row.start : row.end],
            row.paragraph,
            row.language,
            row.ambiguous,
            english.get((row.text_hash, row.language or "")),
        )
        for row in rows
    ]


def segment_rows(session: Session, document_id: str) -> list[SegmentRow]:
    """The segments of a document in reading order, as offsets."""
    statement = (
        select(SegmentRow)
        .where(col(SegmentRow.document_id) == document_id)
        .order_by(col(SegmentRow.position))
    )
    return list(session.exec(statement).all())


def sentences(
    session: Session, places: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], tuple[int, str]]:
    """The segments at these places (document, position): where each starts, and its words."""
    wanted = set(places)
    words = sa.func.substr(
        col(DocumentRow.text),
        col(SegmentRow.start) + 1,
        col(SegmentRow.end) - col(SegmentRow.start),
    )
    found: dict[tuple[str, int], tuple[int, str]] = {}
    for chunk in chunks({document for document, _ in wanted}):
        statement = (
            sa.select(
                col(SegmentRow.document_id), col(SegmentRow.position), col(SegmentRow.start), words
            )
            .join(DocumentRow, col(DocumentRow.id) == col(SegmentRow.document_id))
            .where(col(SegmentRow.document_id).in_(chunk))
        )
        for document, position, start, text in session.execute(statement):
            if (document, position) in wanted:
                found[document, position] = (start, text)
    return found


def first_segments(
    session: Session, document_ids: Sequence[str], count: int
) -> dict[str, list[SegmentRow]]:
    """The first segments of each of these documents, as offsets, in reading order."""
    found: dict[str, list[SegmentRow]] = {document_id: [] for document_id in document_ids}
    statement = (
        select(SegmentRow)
        .where(col(SegmentRow.document_id).in_(document_ids), col(SegmentRow.position) < count)
        .order_by(col(SegmentRow.document_id), col(SegmentRow.position))
    )
    for row in session.exec(statement).all():
        found[row.document_id].append(row)
    return found


def english(
    session: Session, places: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], TranslationRow]:
    """The newest English translation of the segments at (document id, position), where any."""
    wanted = set(places)
    hashes: dict[tuple[str, int], tuple[str, str | None]] = {}
    for chunk in chunks({document for document, _ in wanted}):
        statement = sa.select(
            col(SegmentRow.document_id),
            col(SegmentRow.position),
            col(SegmentRow.text_hash),
            col(SegmentRow.language),
        ).where(col(SegmentRow.document_id).in_(chunk))
        for document, position, text_hash, language in session.execute(statement):
            if (document, position) in wanted:
                hashes[document, position] = (text_hash, language)
    newest = translations.newest(session, hashes.values())
    return {
        place: newest[text_hash, language]
        for place, (text_hash, language) in hashes.items()
        if language and (text_hash, language) in newest
    }


def known(session: Session, document_ids: Iterable[str]) -> set[str]:
    """Those of the ids that are stored."""
    found: set[str] = set()
    for chunk in chunks(set(document_ids)):
        statement = sa.select(col(DocumentRow.id)).where(col(DocumentRow.id).in_(chunk))
        found.update(session.scalars(statement))
    return found


def articles(session: Session, article_ids: Iterable[str]) -> set[str]:
    """Those of the ids that are stored articles."""
    found: set[str] = set()
    for chunk in chunks(set(article_ids)):
        found.update(
            session.scalars(sa.select(col(ArticleRow.id)).where(col(ArticleRow.id).in_(chunk)))
        )
    return found


def read_before(
    session: Session, *, origins: Sequence[str], hashes: Sequence[str], dates: Sequence[datetime]
) -> list[DocumentRow]:
    """The current documents with one of the texts, or with a date and from an origin of these."""
    if not hashes:
        return []
    statement = select(DocumentRow).where(
        sa.or_(
            col(DocumentRow.content_hash).in_(hashes),
            sa.and_(col(DocumentRow.dated_at).in_(dates), col(DocumentRow.origin).in_(origins)),
        ),
        col(DocumentRow.current),
    )
    return list(session.exec(statement).all())


def correct(
    session: Session,
    document: DocumentRow,
    values: Mapping[str, Any],
    claim_rows: Sequence[ClaimRow],
) -> None:
    """Set columns of a stored document right, and what its claims hold."""
    for name, value in values.items():
        setattr(document, name, value)
    article = session.get(ArticleRow, document.article_id)
    if article is not None:
        article.outlet_id, article.url = document.outlet_id, document.url
    stored = claims.of_document(session, document.id)
    synchronise(session, stored, claim_rows, keep=frozenset({"id"}))


def counts(session: Session) -> dict[str, int]:
    """How many current documents are held, by language; "unknown" for those without one."""
    statement = (
        sa.select(col(DocumentRow.language), sa.func.count())
        .where(col(DocumentRow.current))
        .group_by(col(DocumentRow.language))
    )
    return {language or "unknown": count for language, count in session.execute(statement)}


def date_range(session: Session) -> tuple[datetime | None, datetime | None]:
    """When the oldest and the newest document are dated; None in an empty store."""
    oldest: datetime | None = session.scalar(sa.select(sa.func.min(col(DocumentRow.dated_at))))
    newest: datetime | None = session.scalar(sa.select(sa.func.max(col(DocumentRow.dated_at))))
    return oldest, newest


def last_dates(session: Session, count: int) -> list[datetime]:
    """The dates of the documents that arrived last, in order of arrival."""
    newest = sa.select(col(DocumentRow.dated_at)).order_by(col(DocumentRow.arrival).desc())
    return list(session.scalars(newest.limit(count)))[::-1]


def rows(session: Session, document_ids: Sequence[str]) -> dict[str, DocumentRow]:
    """These documents, by id."""
    statement = select(DocumentRow).where(col(DocumentRow.id).in_(document_ids))
    return {row.id: row for row in session.exec(statement)}


def next_arrival(session: Session) -> int:
    """The arrival number of the next document; call it with the writer's place taken."""
    last = session.execute(sa.select(sa.func.max(col(DocumentRow.arrival)))).scalar()
    return 0 if last is None else int(last) + 1


def lack(session: Session, missing: Mapping[str, list[str]]) -> None:
    """Say of these documents what the path goes without now."""
    for document_id, names in missing.items():
        session.execute(
            sa.update(DocumentRow)
            .where(col(DocumentRow.id) == document_id, col(DocumentRow.missing) != names)
            .values(missing=names)
        )


def add(
    session: Session,
    document: DocumentRow,
    article_key: str,
    segment_rows: Sequence[SegmentRow],
    claim_rows: Sequence[ClaimRow],
) -> DocumentRow | None:
    """Keep a new document, and return the version that it takes the place of, if any.

    `version`, `current` and `arrival` are set here.
    """
    article = session.get(ArticleRow, document.article_id)
    before: DocumentRow | None = None
    if article is None:
        article = ArticleRow(
            id=document.article_id,
            key=article_key,
            outlet_id=document.outlet_id,
            url=document.url,
            document_id=document.id,
        )
        session.add(article)
    else:
        before = session.get(DocumentRow, article.document_id)
        article.versions += 1
        article.document_id = document.id
    document.version = article.versions
    document.current = True
    document.arrival = next_arrival(session)
    if before is not None:
        before.current = False
    session.flush()
    session.add(document)
    session.flush()
    insert_all(session, segment_rows)
    insert_all(session, claim_rows)
    return before
