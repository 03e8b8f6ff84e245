"""Event: which happening a document reports, decided in the order in which documents arrive.

The stream of `alignment.events` lives in memory and its result in the store. Before each batch the
two are compared by the number of the last arrival: a stream that has not seen what another process
stored, or that has seen what was then rolled back, is built again from the store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from alignment import events as stream
from service.steps.told import settled
from service.steps.translation import PIVOT, English, Wording, spoken
from service.store import claims as claim_queries
from service.store import documents, events, ids, pairs, translations
from service.store.insert import chunks
from service.store.tables import ClaimRow, DocumentRow, EventDocumentRow, SegmentRow

if TYPE_CHECKING:
    from models.encode import SentenceEncoder

#: Segments after the title that tell an event; a news text says what happened in its first lines.
LEAD = 5
#: The title can be several segments; beyond so many in all, nothing is read.
FIRST = 12
#: An event is open for so long after its last article; the hour is how often the stream looks.
WINDOW = stream.StreamOptions().window + timedelta(hours=1)


def _inside(event_id: str) -> str:
    """What the stream calls an event: `event:` and the name of the article that opened it."""
    return f"event:{event_id.removeprefix('evt_')}"


def _outside(event: str) -> str:
    """What everybody else calls it."""
    return f"evt_{event.removeprefix('event:')}"


def lead(document: DocumentRow, segments: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The segments of the title and the first lines of a document."""
    titles = [row for row in segments if row.end <= document.body_start]
    rest = [row for row in segments if row.end > document.body_start]
    return [*titles, *rest[:LEAD]][:FIRST]


class Grouping:
    """The event stream, kept equal to the store."""

    def __init__(self, encoder: SentenceEncoder | None) -> None:
        self.encoder = encoder
        self._stream: stream.EventStream | None = None
        self._arrival = -1

    def forget(self) -> None:
        """Drop what is in memory, because the store did not keep what it rests on."""
        self._stream = None

    def catch_up(self, session: Session) -> None:
        """Make the stream equal to the store; call it with the writer's place taken."""
        last = documents.next_arrival(session) - 1
        if self._stream is not None and last == self._arrival:
            return
        newest = documents.newest_date(session)
        stored = events.stream(session, seen_from=newest - WINDOW) if newest is not None else []
        redirects = events.redirects(session)
        self._stream = stream.EventStream.rebuild(
            self._articles(session, stored),
            {_inside(old): _inside(new) for old, new in redirects.items()},
        )
        self._arrival = last

    def place(
        self,
        session: Session,
        document: DocumentRow,
        segments: Sequence[SegmentRow],
        claims: Sequence[ClaimRow],
        english: English,
        replaced: DocumentRow | None,
    ) -> set[str]:
        """Put a stored document into its event, and return the events that this changed.

        A new version stays in the event of the version that it takes the place of.
        """
        assert self._stream is not None, "catch_up comes first"
        self._arrival = document.arrival
        if replaced is not None:
            before = events.membership(session, replaced.id)
            if before is not None:
                row = EventDocumentRow(
                    document_id=document.id,
                    event_id=before.event_id,
                    probability=before.probability,
                    assigned_by=before.assigned_by,
                    parts=before.parts,
                )
                events.place(session, row)
                return {before.event_id}
        article = make_article(
            document,
            lead(document, segments),
            claims,
            {key: row.text for key, row in english.rows.items()},
            self.encoder,
        )
        found = self._stream.assign(article)
        return self._settle(session, document, found, _outside(found.event))

    def move(self, session: Session, document: DocumentRow) -> set[str]:
        """Place a stored document again whose date was set right; return the events this changed.

        What an analyst placed stays, and so does a later version, which is where the first one is.
        """
        before = events.membership(session, document.id)
        if before is None:
            return set()
        if before.assigned_by == "analyst" or document.version > 1:
            return {before.event_id}
        self.forget()  # its memory has the document where it was
        home = before.event_id
        events.leave(session, document.id)
        article, _ = next(self._articles(session, [(document, before)]))
        found = self._around(session, document).assign(article)
        event_id = _outside(found.event)
        if found.created and not events.is_empty(session, event_id):
            # It opens an event, and the one that it opened before goes on with others.
            event_id = ids.make("evt", [document.id, document.dated_at.isoformat()])
        changed = self._settle(session, document, found, event_id)
        if event_id != home:
            pairs.withdraw_replaced(session, document.id)
            if events.is_empty(session, home):
                events.merge(session, home, event_id)
        return {home, *changed}

    def put(self, session: Session, document: DocumentRow, event_id: str | None) -> str:
        """Put a document where an analyst says, into an event or alone; return where that is.

        No later run takes it out again.
        """
        before = events.membership(session, document.id)
        home = before.event_id if before is not None else None
        if event_id is None and home and len(documents.of_event(session, home)) == 1:
            event_id = home  # it is alone already
        if event_id is None:
            event_id = _outside(f"event:{document.id.removeprefix('doc_')}")
            if not events.is_empty(session, event_id):  # the one it opened goes on with others
                event_id = ids.make("evt", [document.id, "analyst"])
        events.ensure(session, event_id, document.dated_at)
        if event_id != home:
            events.leave(session, document.id)
            pairs.withdraw_replaced(session, document.id)
        row = EventDocumentRow(
            document_id=document.id, event_id=event_id, probability=1.0, assigned_by="analyst"
        )
        events.place(session, row)
        events.refresh(session, {event_id} | ({home} if home else set()))
        if home and home != event_id and events.is_empty(session, home):
            events.merge(session, home, event_id)
        self.forget()
        return event_id

    def _around(self, session: Session, document: DocumentRow) -> stream.EventStream:
        """A stream of the events about the time of a document, however long ago that was."""
        stored = events.stream(session, seen_from=document.dated_at - WINDOW)
        near = {
            place.event_id for one, place in stored if one.dated_at <= document.dated_at + WINDOW
        }
        return stream.EventStream.rebuild(
            self._articles(session, [each for each in stored if each[1].event_id in near]),
            options=stream.StreamOptions(window=timedelta.max / 2),
        )

    def _settle(
        self, session: Session, document: DocumentRow, found: stream.Assignment, event_id: str
    ) -> set[str]:
        gone = {_outside(merged) for merged in found.merged}
        events.ensure(session, event_id, document.dated_at)
        for merged in sorted(gone):
            events.merge(session, merged, event_id)
        copy_of = f"doc_{found.copy_of}" if found.copy_of else None
        row = EventDocumentRow(
            document_id=document.id,
            event_id=event_id,
            probability=settled(found.probability),
            copy_of=copy_of,
            parts={name: settled(part) for name, part in (found.parts or {}).items()},
        )
        events.place(session, row)
        return {event_id, *gone}

    def _articles(
        self, session: Session, stored: Sequence[tuple[DocumentRow, EventDocumentRow]]
    ) -> Iterator[tuple[stream.Article, str]]:
        for chunk in chunks(stored, 200):
            keys = [document.id for document, _ in chunk]
            segments = documents.first_segments(session, keys, FIRST)
            found = claim_queries.of_first_segments(session, keys, FIRST)
            leads = {document.id: lead(document, segments[document.id]) for document, _ in chunk}
            words = [
                (row.text_hash, spoken(row.language, row.ambiguous, document.language))
                for document, _ in chunk
                for row in leads[document.id]
            ]
            english = {key: row.text for key, row in translations.newest(session, words).items()}
            for document, place in chunk:
                article = make_article(
                    document,
                    leads[document.id],
                    found[document.id],
                    english,
                    self.encoder,
                )
                yield article, _inside(place.event_id)


def make_article(
    document: DocumentRow,
    segments: Sequence[SegmentRow],
    claims: Sequence[ClaimRow],
    english: Mapping[tuple[str, str], str],
    encoder: SentenceEncoder | None,
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
    vector = None
    if encoder is not None and words:
        vector = encoder.encode([" ".join(words)])[0]
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
