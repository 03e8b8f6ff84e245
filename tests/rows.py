"""Small stores for tests of queries: documents from real articles, pairs and groups as told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from service.ingest.article import Article
from service.settings import Settings
from service.steps.preparation import Prepared, prepare
from service.steps.reading import read
from service.store import documents, events, ids, outlets
from service.store.tables import EventDocumentRow, PairRow

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)

TEXTS = {
    "ru": "Ночью в Харькове прогремели взрывы. Мэр сообщил о трёх пострадавших.",
    "uk": "Уночі в Харкові пролунали вибухи. Мер повідомив про трьох постраждалих.",
    "en": "Explosions were heard in Kharkiv overnight. The mayor said three people were hurt.",
}


def article(language: str, number: int = 0, **changes: object) -> Article:
    """An article in a language; `number` makes it another one, an hour later."""
    fields: dict[str, object] = {
        "text": f"{TEXTS[language]} {number}",
        "title": TEXTS[language].partition(".")[0],
        "outlet": f"Outlet {language}",
        "url": f"https://outlet-{language}.example/{number}",
        "published_at": NOW + timedelta(hours=number),
    }
    return Article(**{**fields, **changes})  # type: ignore[arg-type]


def plant(session: Session, articles: Sequence[Article], event: str = "evt_one") -> list[Prepared]:
    """Store the articles as documents of one event."""
    planted = []
    for one in articles:
        prepared = prepare(read(one, Settings(), NOW + timedelta(days=2)))
        if prepared.original.outlet:
            outlets.ensure(session, [prepared.original.outlet])
        documents.add(
            session,
            prepared.document,
            prepared.original.key,
            prepared.segments,
            prepared.claim_rows,
        )
        events.ensure(session, event, prepared.document.dated_at)
        place = EventDocumentRow(document_id=prepared.document.id, event_id=event, probability=0.9)
        events.place(session, place)
        planted.append(prepared)
    events.refresh(session, [event])
    return planted


def pair(a: Prepared, b: Prepared, index: int = 0, **changes: object) -> PairRow:
    """A pair of the claims at `index` of two planted documents."""
    one, two = a.claim_rows[index], b.claim_rows[index]
    fields: dict[str, object] = {
        "id": ids.pair([one.id], [two.id]),
        "event_id": "evt_one",
        "a_claim": one.id,
        "b_claim": two.id,
        "a_claims": [one.id],
        "b_claims": [two.id],
        "a_document": a.document.id,
        "b_document": b.document.id,
        "a_language": one.language,
        "b_language": two.language,
        "a_outlet": a.document.outlet_id,
        "b_outlet": b.document.outlet_id,
        "probability": 0.8,
        "parts": {"cognate": 1.25},
        "relation": "same",
        "mode": "comparable",
        "algorithm": "test 1",
        "created_at": NOW,
    }
    return PairRow(**{**fields, **changes})
