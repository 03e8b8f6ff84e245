"""The path: read, identify, segment, claims, translate, encode, event, align, contrast, store.

`Pipeline.ingest` takes articles as they come and `Pipeline.align` compares what became due. The
command line, HTTP and batches all call these two. Each step is in `service/steps/`.

A run may be killed at any moment. Articles are sorted inside a bounded window and stored in small
batches, in one order; a second run skips what is stored and goes on in the same order, so that it
ends with the store that one undisturbed run would have made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from alignment.errors import AlignmentError
from models.errors import ModelError
from service.errors import BadInput
from service.ingest.article import Article, Refusal
from service.settings import Settings
from service.steps import correction
from service.steps.aligner import Aligned, Aligner, wording_of
from service.steps.grouping import Grouping
from service.steps.preparation import Prepared, prepare
from service.steps.reading import Original, read
from service.steps.translation import English, Translator, Wording, spoken
from service.stop import Stop
from service.store import (
    documents,
    events,
    outlets,
    pairs,
    translations,
)
from service.store.database import Store
from service.store.documents import DocumentSummary

if TYPE_CHECKING:
    from sqlmodel import Session

    from models.encode import SentenceEncoder
    from models.translate import Engine
    from service.glossaries import Glossaries

#: Articles, and their characters, that are read ahead to be put in order of publication.
WINDOW_ARTICLES = 1_000
WINDOW_CHARACTERS = 20_000_000


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one article.

    `stored` is new, `changed` a new version, `corrected` the same text with another date, outlet or
    title, `known` was there already, `refused` could not be used and `reason` says why. `notes` are
    doubts that a person should see.
    """

    status: Literal["stored", "changed", "corrected", "known", "refused"]
    origin: str
    document_id: str | None = None
    event_id: str | None = None
    title: str = ""
    language: str | None = None
    reason: str | None = None
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Pipeline:
    """The path over one store; safe to call from any thread, and beside other processes."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        engine: Engine | None = None,
        encoder: SentenceEncoder | None = None,
        glossaries: Glossaries | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self.translator = Translator(store, engine, glossaries)
        self.grouping = Grouping(encoder)
        self.aligner = Aligner(store, self.translator, encoder)
        self._one_at_a_time = Lock()  # the event stream is one thing in memory

    def ingest(
        self,
        articles: Iterable[Article | Refusal],
        *,
        now: datetime | None = None,
        stop: Stop | None = None,
    ) -> Iterator[Ingested]:
        """Take in articles, and say what became of each once it is stored.

        The order of the answers is that of publication inside a window of 1,000 articles.

        Raises:
            StoreError: the store failed; what was answered so far is stored.
            Cancelled: `stop` was set; what was answered so far is stored.
        """
        stop = stop or Stop()
        for window in _windows(articles):
            for first in range(0, len(window), self.settings.batch_articles):
                stop.check()
                batch = window[first : first + self.settings.batch_articles]
                yield from self._take_in(
                    [self._read(article, now or datetime.now(UTC)) for article in batch], stop
                )

    def warm_up(self, stop: Stop | None = None) -> None:
        """Read the event stream from the store, which the first article would wait for otherwise.

        Raises:
            StoreError: the store cannot be read.
            Cancelled: `stop` was set.
        """
        with self._one_at_a_time, self.store.session() as session:
            self.grouping.catch_up(session, stop)

    def align(
        self, event_ids: Iterable[str] | None = None, *, stop: Stop | None = None
    ) -> Iterator[Aligned]:
        """Compare the claims of these events, or of every event that has become due.

        Due is what got documents, corrections or judgements since, or was compared without a
        package or an encoder that is here now.

        Raises:
            StoreError: the store failed; events that were answered so far are stored.
            Cancelled: `stop` was set; events that were answered so far are stored.
        """
        if event_ids is None:
            with self.store.session() as session:
                due = events.due(session)
            event_ids = sorted({*due, *self.aligner.stale()})
        for event_id in event_ids:
            yield self.realign(event_id, stop)

    def realign(self, event_id: str, stop: Stop | None = None) -> Aligned:
        """Compare the claims of one event (again) and store what comes out.

        What analysts judged stays; where the comparison says otherwise, a disagreement is filed.

        Raises:
            NotFound: there is no such event.
            StoreError: the store failed; the event is as it was.
            Cancelled: `stop` was set; the event is as it was.
        """
        return self.aligner.align(event_id, stop or Stop())

    def _read(self, article: Article | Refusal, now: datetime) -> Original | Ingested:
        if isinstance(article, Refusal):
            return Ingested("refused", article.origin, reason=article.reason)
        try:
            return read(article, self.settings, now)
        except BadInput as error:
            return _refused(article.origin or "-", article.title or "", error)

    def _take_in(self, batch: Sequence[Original | Ingested], stop: Stop) -> Iterator[Ingested]:
        with self.store.session() as session:
            batch = correction.recognised(session, batch)
            originals = [one for one in batch if isinstance(one, Original)]
            known = documents.known(session, (one.document_id for one in originals))
        prepared: dict[str, Prepared | Ingested] = {}
        for one in originals:
            if one.document_id not in known and one.document_id not in prepared:
                stop.check()
                try:
                    prepared[one.document_id] = prepare(one)
                except (AlignmentError, ModelError) as error:
                    prepared[one.document_id] = _refused(one.origin, one.title, error)
        fresh = [one for one in prepared.values() if isinstance(one, Prepared)]
        english = self.translator.english(
            (wording for one in fresh for wording in _wordings(one)), stop
        )
        with self._one_at_a_time:
            try:
                answers = self._commit(batch, prepared, english)
            except BaseException:
                # Documents were assigned to events in memory that the store does not have.
                self.grouping.forget()
                raise
        yield from answers

    def _commit(
        self,
        batch: Sequence[Original | Ingested],
        prepared: Mapping[str, Prepared | Ingested],
        english: English,
    ) -> list[Ingested]:
        answers: list[Ingested] = []
        touched: set[str] = set()
        with self.store.session(write=True) as session:
            # Another process may have stored some of these since; only now is the place ours.
            known = documents.summaries(
                session, (one.document_id for one in batch if isinstance(one, Original))
            )
            for one in batch:
                if isinstance(one, Ingested):
                    answers.append(one)
                elif one.document_id in known:
                    stored = known[one.document_id]
                    facts = correction.facts(one, stored)
                    if facts:
                        touched |= self._correct(session, one, facts)
                        stored = documents.summaries(session, [stored.id])[stored.id]
                        known[stored.id] = stored
                    answers.append(_known(one, stored, "corrected" if facts else "known"))
                else:
                    made = prepared[one.document_id]
                    if isinstance(made, Prepared):
                        self.grouping.catch_up(session)
                        made, moved = self._keep(session, made, english)
                        touched |= moved
                        known.update(documents.summaries(session, [one.document_id]))
                    answers.append(made)
            events.refresh(session, touched)
        return answers

    def _correct(self, session: Session, one: Original, facts: dict[str, Any]) -> set[str]:
        """Set a stored document right, and tell which events that changed."""
        document, far = correction.apply(session, one, facts)
        if far:
            return self.grouping.move(session, document)
        if facts.keys() & {"title", "published_at"}:  # the stream has read them
            self.grouping.forget()
        place = events.membership(session, document.id)
        return {place.event_id} if place else set()

    def _keep(self, session: Session, one: Prepared, english: English) -> tuple[Ingested, set[str]]:
        """Store a new document with everything on it, and tell which events that changed."""
        document = one.document
        wordings = list(_wordings(one))
        wanted = {wording.key for wording in wordings}
        document.missing = english.lacking(wordings)
        if one.original.outlet:
            outlets.ensure(session, [one.original.outlet])
        replaced = documents.add(session, document, one.original.key, one.segments, one.claim_rows)
        translations.add(
            session, [english.rows[key] for key in sorted(wanted) if key in english.rows]
        )
        moved = self.grouping.place(
            session, document, one.segments, one.claim_rows, english, replaced
        )
        if replaced is not None:
            pairs.withdraw_replaced(session, replaced.id)
        place = events.membership(session, document.id)
        return Ingested(
            "changed" if replaced else "stored",
            one.original.origin,
            document.id,
            place.event_id if place else None,
            document.title,
            document.language,
            notes=tuple(document.notes),
            missing=tuple(document.missing),
        ), moved


def _windows(articles: Iterable[Article | Refusal]) -> Iterator[list[Article | Refusal]]:
    """The articles in windows, each in order of publication; refusals come first, undated last."""
    window: list[Article | Refusal] = []
    characters = 0
    for article in articles:
        window.append(article)
        characters += 0 if isinstance(article, Refusal) else len(article.text)
        if len(window) >= WINDOW_ARTICLES or characters >= WINDOW_CHARACTERS:
            yield sorted(window, key=_order)
            window, characters = [], 0
    if window:
        yield sorted(window, key=_order)


def _order(article: Article | Refusal) -> tuple[int, float, str, str]:
    if isinstance(article, Refusal):
        return (0, 0.0, article.origin, "")
    moment = article.published_at
    if moment is None:
        return (2, 0.0, article.url or "", article.title or "")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    return (1, seconds, article.url or "", article.title or "")


def _wordings(prepared: Prepared) -> Iterator[Wording]:
    """What has to be in English: every segment for readers, and every claim for comparing."""
    main = prepared.document.language
    for row in prepared.segments:
        language = spoken(row.language, row.ambiguous, main)
        if language:
            yield Wording(prepared.words(row), language)
    for claim in prepared.claims:
        yield wording_of(claim, prepared.words(prepared.segments[claim.sentence]))


def _known(
    original: Original, found: DocumentSummary, status: Literal["known", "corrected"]
) -> Ingested:
    return Ingested(
        status,
        original.origin,
        found.id,
        found.event_id,
        found.title,
        found.language,
        notes=tuple(found.notes),
        missing=tuple(found.missing),
    )


def _refused(origin: str, title: str, error: Exception) -> Ingested:
    return Ingested("refused", origin, title=title, reason=str(error))
