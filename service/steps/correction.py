"""Correction: what a later reading says otherwise about an article whose text has not changed.

A date, an outlet or a title that an archive had wrong is set right in place. The text stays, and
with it every id and offset; what follows from the date and the outlet is computed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlmodel import Session

from service.steps.preparation import prepare
from service.steps.reading import Original
from service.store import alignments, documents, ids, outlets
from service.store.documents import DocumentSummary
from service.store.tables import DocumentRow

T = TypeVar("T")

#: How the origin of what comes from a pipe or a request begins: it names no place to come back to.
NOWHERE = ("-", "http:")
#: A date that moves further may make it the article of another event.
NEAR = timedelta(days=1)


def recognised(session: Session, batch: Sequence[Original | T]) -> list[Original | T]:
    """The batch, where a record that was read before is the article it was then.

    Without an address, outlet, day and title make an article, so that correcting one of them would
    make another of it. The same place in the same file with the same body is the same article
    though, unless two addresses say otherwise; a body that moved elsewhere is not recognised.
    """
    originals = [one for one in batch if isinstance(one, Original)]
    here = documents.articles(session, (one.article_id for one in originals))
    strangers = [one for one in originals if one.article_id not in here]
    found = documents.read_before(
        session,
        origins=[one.origin for one in strangers if not one.origin.startswith(NOWHERE)],
        hashes=[one.content_hash for one in strangers],
        dates=[one.published_at for one in strangers if one.published_at],
    )
    by_place = {(row.origin, row.text[row.body_start :].strip()): row for row in found}
    by_facts = {_printed(row.outlet_id, row.dated_at, row.content_hash): row for row in found}
    same: dict[int, Original] = {}
    for one in strangers:
        row = None
        if not one.origin.startswith(NOWHERE):
            row = by_place.get((one.origin, one.text[one.body_start :].strip()))
        if row is None and one.title and one.outlet and one.published_at:
            # A copy of what was set right: it has the facts that the article has by now.
            outlet = ids.outlet(one.outlet)
            row = by_facts.get(_printed(outlet, one.published_at, one.content_hash))
        if row is not None and not (one.url and row.url):
            key = row.article_id
            same[id(one)] = replace(
                one, article_id=key, document_id=ids.document(key, one.content_hash)
            )
    return [same.get(id(one), one) for one in batch]


def facts(read: Original, stored: DocumentSummary) -> dict[str, Any]:
    """The columns of a stored document that a reading of it says otherwise, with their new values.

    What the reading leaves out stays as it is, and a day never replaces an hour of that day.
    """
    found: dict[str, Any] = {}
    if read.outlet and ids.outlet(read.outlet) != stored.outlet_id:
        found["outlet_id"] = ids.outlet(read.outlet)
    moment = read.published_at
    if moment and moment != stored.published_at and not _vaguer(moment, stored.published_at):
        found["published_at"] = found["dated_at"] = moment
    if read.url and not stored.url:
        found["url"] = read.url
    if read.title and read.title != stored.title:
        found["title"], found["body_start"] = read.title, read.body_start
    return found


def apply(session: Session, read: Original, found: dict[str, Any]) -> tuple[DocumentRow, bool]:
    """The document set right, and whether its date moved so far that its event may be another."""
    document = documents.get(session, read.document_id)
    before = document.dated_at
    prepared = prepare(read)
    if read.outlet:
        outlets.ensure(session, [read.outlet])
    notes = [*prepared.document.notes, *_told(document, found)]
    # Relative dates ("on Friday") hang on the day of publication, so the claims are read again.
    documents.correct(session, document, {**found, "notes": notes}, prepared.claim_rows)
    # What was aligned is kept by the text, which is the same: only forgetting it has it done again.
    alignments.forget(session, document.id)
    return document, abs(document.dated_at - before) > NEAR


def _printed(outlet: str | None, moment: datetime, digest: str) -> tuple[str | None, date, str]:
    return outlet, moment.date(), digest


def _vaguer(moment: datetime, stored: datetime | None) -> bool:
    day_only = moment.time() == time(0)
    return day_only and stored is not None and moment.date() == stored.date()


def _told(document: DocumentRow, found: dict[str, Any]) -> list[str]:
    """A note on what was set right, for those who read the document before."""
    told = []
    if "published_at" in found:
        old = document.published_at
        before = f"{old:%Y-%m-%d %H:%M} UTC" if old else "not given"
        told.append(f"The publication date was corrected on reading it again; it was {before}.")
    if "outlet_id" in found and document.outlet_id:
        told.append("The outlet was corrected on reading it again.")
    return told
