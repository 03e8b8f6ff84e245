"""Span: the event stream of a stretch of time, read from the store with what it sees."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from alignment import events as stream
from service.steps.translation import PIVOT, Wording, spoken
from service.store import claims as claim_queries
from service.store import documents, events, translations
from service.store.events import Placed
from service.store.insert import chunks
from service.store.tables import ClaimRow, DocumentRow, SegmentRow

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.encode import SentenceEncoder
    from service.stop import Stop

#: Segments after the title that tell an event; a news text says what happened in its first lines.
LEAD = 5
#: The title can be several segments; beyond so many in all, nothing is read.
FIRST = 12
#: An event is open for so long after its last article; the hour is how often the stream looks.
WINDOW = stream.StreamOptions().window + timedelta(hours=1)
#: What is told further apart hardly joins; so much on both sides of a date has to be in memory.
REACH = timedelta(days=3)
#: Documents that are read at a time, so that a window is never in memory as rows.
CHUNK = 200

_FIRST_DAY = datetime(1, 1, 3, tzinfo=UTC)  # the ends of time, but for zones
_LAST_DAY = datetime(9999, 12, 29, tzinfo=UTC)


@dataclass(slots=True)
class Span:
    """A stream that holds every event of the store that was told between `low` and `high`."""

    stream: stream.EventStream
    low: datetime
    high: datetime
    placed: dict[str, Placed] = field(default_factory=dict)  # by document, as it was read or put

    def covers(self, moment: datetime) -> bool:
        """Whether an article of that date would meet all it could belong to."""
        return self.low <= earlier(moment, REACH) and later(moment, REACH) <= self.high

    def shrink(self) -> None:
        """Leave out the times of which the stream has closed events, though the store has them."""
        oldest, newest = self.stream.held
        if oldest > -math.inf:
            self.low = max(self.low, datetime.fromtimestamp(oldest * 3600, UTC))
        if newest < math.inf:
            self.high = min(self.high, datetime.fromtimestamp(newest * 3600, UTC))


def load(
    session: Session,
    encoder: SentenceEncoder | None,
    centre: datetime,
    half: timedelta,
    *,
    closing: bool = True,
    stop: Stop | None = None,
) -> Span:
    """The span around a date, read from the store.

    With `closing` it goes on from there: what falls out of the stream's window closes. Ends of the
    span beyond which the store has nothing are open.
    """
    low, high = earlier(centre, half), later(centre, half)
    placed = events.stream(session, seen_from=low, seen_to=high)
    redirects = events.redirects(session, seen_from=low)
    options = stream.StreamOptions()
    if not closing:
        options = stream.StreamOptions(window=timedelta.max / 2, active=max(1, len(placed)) + 1)
    made = stream.EventStream.rebuild(
        articles(session, [(one.document_id, one.event_id) for one in placed], encoder, stop),
        {inside(old): inside(new) for old, new in redirects.items()},
        options,
    )
    oldest, newest = documents.date_range(session)
    return Span(
        made,
        _FIRST_DAY if oldest is None or oldest >= low else low,
        _LAST_DAY if newest is None or newest <= high else high,
        {one.document_id: one for one in placed},
    )


def follow(
    session: Session,
    span: Span,
    encoder: SentenceEncoder | None,
    arrival: int,
    stop: Stop | None = None,
) -> bool:
    """Put what others stored after the arrival of this number into the span, which they changed.

    It reads the new articles and no others. False where more was changed than new articles explain
    (an article that was moved, or whose date or title was set right): the span is then to be read
    again, and no use any more.
    """
    span.shrink()
    held = span.placed
    told = {
        one.document_id: one
        for one in events.stream(session, seen_from=span.low, seen_to=span.high)
    }
    for old, new in events.redirects(session, seen_from=span.low).items():
        span.stream.merge(inside(old), inside(new))
    for key, one in held.items():
        now = told.get(key)
        if now is None:
            if span.low <= one.dated_at <= span.high:
                return False
        elif (now.dated_at, now.title) != (one.dated_at, one.title) or now.event_id != outside(
            span.stream.resolve(inside(one.event_id))
        ):
            return False
    fresh = [one for key, one in told.items() if key not in held]
    if any(one.arrival <= arrival for one in fresh):
        return False
    fresh = [one for one in fresh if span.low <= one.dated_at <= span.high]
    pairs = [(one.document_id, one.event_id) for one in fresh]
    for one, (article, event) in zip(fresh, articles(session, pairs, encoder, stop), strict=True):
        span.stream.keep(article, event)
        held[one.document_id] = one
    return True


def earlier(moment: datetime, by: timedelta) -> datetime:
    """A moment so much before, but in time."""
    return moment - by if moment - _FIRST_DAY > by else _FIRST_DAY


def later(moment: datetime, by: timedelta) -> datetime:
    """A moment so much after, but in time."""
    return moment + by if _LAST_DAY - moment > by else _LAST_DAY


def inside(event_id: str) -> str:
    """What the stream calls an event: `event:` and the name of the article that opened it."""
    return f"event:{event_id.removeprefix('evt_')}"


def outside(event: str) -> str:
    """What everybody else calls it."""
    return f"evt_{event.removeprefix('event:')}"


def lead(document: DocumentRow, segments: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The segments of the title and the first lines of a document."""
    titles = [row for row in segments if row.end <= document.body_start]
    rest = [row for row in segments if row.end > document.body_start]
    return [*titles, *rest[:LEAD]][:FIRST]


def articles(
    session: Session,
    placed: Sequence[tuple[str, str]],
    encoder: SentenceEncoder | None,
    stop: Stop | None = None,
) -> Iterator[tuple[stream.Article, str]]:
    """These documents as the stream sees them, with their events, from ids of both.

    Raises:
        Cancelled: `stop` was set.
    """
    for chunk in chunks(placed, CHUNK):
        if stop is not None:
            stop.check()
        keys = [document_id for document_id, _ in chunk]
        rows = documents.rows(session, keys)
        segments = documents.first_segments(session, keys, FIRST)
        found = claim_queries.of_first_segments(session, keys, FIRST)
        leads = {key: lead(rows[key], segments[key]) for key in keys}
        words = [
            (row.text_hash, spoken(row.language, row.ambiguous, rows[key].language))
            for key in keys
            for row in leads[key]
        ]
        english = {key: row.text for key, row in translations.newest(session, words).items()}
        vectors = encoded([(rows[key], leads[key]) for key in keys], encoder)
        for (key, event_id), vector in zip(chunk, vectors, strict=True):
            article = make_article(rows[key], leads[key], found[key], english, vector)
            yield article, inside(event_id)


def encoded(
    told: Sequence[tuple[DocumentRow, Sequence[SegmentRow]]], encoder: SentenceEncoder | None
) -> list[NDArray[np.float32] | None]:
    """The vectors of documents' titles and leads, None for one without words or encoder."""
    texts = [
        " ".join(document.text[row.start : row.end] for row in segments)
        for document, segments in told
    ]
    if encoder is None or not texts:
        return [None] * len(texts)
    vectors = encoder.encode(texts)
    return [
        vector if segments else None for vector, (_, segments) in zip(vectors, told, strict=True)
    ]


def make_article(
    document: DocumentRow,
    segments: Sequence[SegmentRow],
    claims: Sequence[ClaimRow],
    english: Mapping[tuple[str, str], str],
    vector: NDArray[np.float32] | None,
) -> stream.Article:
    """A document as the event stream sees it: `segments` are its title and lead."""
    words = [document.text[row.start : row.end] for row in segments]
    body = [
        text for row, text in zip(segments, words, strict=True) if row.end > document.body_start
    ]
    translated: list[str] = []
    for row, text in zip(segments, words, strict=True):
        language = spoken(row.language, row.ambiguous, document.language)
        if language and language != PIVOT:
            pivot = english.get(Wording(text, language).key)
            if pivot is None:  # half a translation would make the article look like another
                translated = []
                break
            translated.append(pivot)
        else:
            translated.append(text)
    inside = {row.position for row in segments}
    keys = {
        str(entity["key"])
        for claim in claims
        if claim.segment in inside
        for entity in claim.data.get("entities", ())
        if entity["key"]
    }
    return stream.Article(
        key=document.id.removeprefix("doc_"),
        language=document.language or "",
        title=document.title,
        lead=" ".join(body),
        published_at=document.dated_at,
        outlet=document.outlet_id or "",
        english=" ".join(translated) if translated and document.language != PIVOT else None,
        vector=vector,
        keys=tuple(sorted(keys)),
    )
