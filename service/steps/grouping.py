"""Event: which happening a document reports, decided in the order in which documents arrive.

The stream of `alignment.events` lives in memory and its result in the store. Before each batch the
two are compared by the number of the last arrival. What another process stored since is put into
the stream; one that has seen what was then rolled back, or where more was changed than new articles
explain, is built again from the store.

Only a span of time is in memory: that about the dates of the last arrivals. What is dated elsewhere
(a late article, one whose date was set right) is placed in a span of its own, and when arrivals go
on elsewhere (the archive of another outlet), the span follows them. So the cost of a document
depends on how much was told about its date, not on how much is stored.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlmodel import Session

from alignment import events as stream
from service.steps.span import (
    REACH,
    WINDOW,
    Span,
    articles,
    encoded,
    follow,
    lead,
    load,
    make_article,
    outside,
)
from service.steps.told import settled
from service.steps.translation import English
from service.store import documents, events, ids, pairs
from service.store.events import Placed
from service.store.tables import ClaimRow, DocumentRow, EventDocumentRow, SegmentRow

if TYPE_CHECKING:
    from models.encode import SentenceEncoder
    from service.stop import Stop

#: Documents dated so near to one another are placed in one span aside.
NEAR = timedelta(days=1)


class Grouping:
    """The event stream, kept equal to the store."""

    def __init__(self, encoder: SentenceEncoder | None) -> None:
        self.encoder = encoder
        self._main: Span | None = None
        self._aside: Span | None = None  # about the date of the last document dated elsewhere
        self._dates: deque[datetime] = deque(maxlen=stream.CLOCK)
        self._arrival = -1

    def forget(self) -> None:
        """Drop what is in memory, because the store did not keep what it rests on."""
        self._main = self._aside = None

    def catch_up(self, session: Session, stop: Stop | None = None) -> None:
        """Make the stream equal to the store.

        To place a document, call it with the writer's place taken. Without it the stream is what
        the store was; what has changed by the time of the next call is read then.
        """
        last = documents.next_arrival(session) - 1
        if self._main is not None and last == self._arrival:
            return
        main, before = self._main, self._arrival
        self.forget()
        self._dates.clear()
        self._dates.extend(documents.last_dates(session, stream.CLOCK))
        self._arrival = last
        if main and before < last and follow(session, main, self.encoder, before, stop):
            self._main = main
        elif self._dates:
            self._main = load(session, self.encoder, self._now(), WINDOW, stop=stop)

    def _now(self) -> datetime:
        """The middle of the dates of the last arrivals: one wrong date does not move it."""
        return sorted(self._dates)[(len(self._dates) - 1) // 2]

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
        assert self._arrival == document.arrival - 1, "catch_up comes first"
        self._arrival = document.arrival
        self._dates.append(document.dated_at)
        if replaced is not None:
            before = events.membership(session, replaced.id)
            if before is not None:
                row = EventDocumentRow(
                    document_id=document.id,
                    event_id=before.event_id,
                    probability=before.probability,
                    assigned_by=before.assigned_by,
                    parts=before.parts,
                    runner_up=before.runner_up,
                    runner_up_probability=before.runner_up_probability,
                )
                events.place(session, row)
                return {before.event_id, *self._asking(session, document)}
        told = lead(document, segments)
        (vector,) = encoded([(document, told)], self.encoder)
        words = {key: row.text for key, row in english.rows.items()}
        article = make_article(document, told, claims, words, vector)
        span = self._span(session, document.dated_at)
        found = span.stream.assign(article)
        put = Placed(
            document.id,
            outside(found.event),
            document.arrival,
            document.dated_at,
            document.title,
        )
        span.placed[document.id] = put
        for other in (self._main, self._aside):
            if other and other is not span and other.low <= document.dated_at <= other.high:
                other.stream.keep(article, found.event, found.merged)
                other.placed[document.id] = put
        return self._settle(session, document, found, outside(found.event))

    def move(self, session: Session, document: DocumentRow) -> set[str]:
        """Place a stored document again whose date was set right; return the events this changed.

        What an analyst placed stays, and so does a later version, which is where the first one is.
        """
        before = events.membership(session, document.id)
        if before is None:
            return set()
        if before.assigned_by == "analyst" or document.version > 1:
            return {before.event_id}
        self._main = None  # it has the document where it was
        home = before.event_id
        if events.leave(session, document.id):  # a copy stands for it from now on
            self._aside = None
        article, _ = next(articles(session, [(document.id, home)], self.encoder))
        around = self._around(session, document.dated_at).stream
        around.withdraw(article)
        found = around.assign(article)
        event_id = outside(found.event)
        if found.created:
            event_id = outside(f"event:{document.id.removeprefix('doc_')}")
            if not events.is_empty(session, event_id):
                # It opens an event, and the one that it opened before goes on with others.
                event_id = ids.make("evt", [document.id, document.dated_at.isoformat()])
                self._aside = None  # which calls it otherwise
        changed = self._settle(session, document, found, event_id)
        if event_id != home:
            pairs.withdraw_replaced(session, document.id)
            if events.is_empty(session, home):
                events.merge(session, home, event_id)
                self._aside = None  # it does not know of the redirect
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
            event_id = outside(f"event:{document.id.removeprefix('doc_')}")
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

    def _span(self, session: Session, moment: datetime) -> Span:
        """The span in which a document of that date, the last to arrive, is placed."""
        now = self._now()
        main = self._main
        if main is not None:
            main.shrink()
        if main is None or not main.covers(now):
            main = self._main = load(session, self.encoder, now, WINDOW)
            self._aside = None
        if main.covers(moment):
            return main
        return self._around(session, moment)

    def _around(self, session: Session, moment: datetime) -> Span:
        """A span of the events about a date, however long ago that was."""
        if self._aside is None or not self._aside.covers(moment):
            self._aside = load(session, self.encoder, moment, REACH + NEAR, closing=False)
        return self._aside

    def _settle(
        self, session: Session, document: DocumentRow, found: stream.Assignment, event_id: str
    ) -> set[str]:
        gone = {outside(merged) for merged in found.merged}
        events.ensure(session, event_id, document.dated_at)
        for merged in sorted(gone):
            events.merge(session, merged, event_id)
        copy_of = f"doc_{found.copy_of}" if found.copy_of else None
        other = outside(found.runner_up) if found.runner_up else None
        row = EventDocumentRow(
            document_id=document.id,
            event_id=event_id,
            probability=settled(found.probability),
            copy_of=copy_of,
            parts={name: settled(part) for name, part in (found.parts or {}).items()},
            runner_up=other if other != event_id else None,
            runner_up_probability=settled(found.runner_up_probability) if other else None,
        )
        events.place(session, row)
        return {event_id, *gone, *self._asking(session, document)}

    @staticmethod
    def _asking(session: Session, document: DocumentRow) -> set[str]:
        """The events whose silence a document that came to another event may break."""
        return (
            events.asking(session, document.id, document.language) if document.language else set()
        )
