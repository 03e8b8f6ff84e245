"""Events: what happened, and who says what about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from models.languages import Language
from service.api import contracts, schemas, shaping
from service.api.admission import Reader
from service.api.reading import Cursor, Id, Limit, Word, reading, rows

router = APIRouter(prefix="/v1/events", tags=["Events"])
Told = Annotated[int, Query(ge=1, le=3, description="In at least so many languages.")]


@router.get("", responses=contracts.problems())
def list_events(
    request: Request,
    _: Reader,
    language: Language | None = None,
    outlet: Word = None,
    languages_at_least: Told = 1,
    words: Word = None,
    seen_from: schemas.Moment | None = None,
    seen_to: schemas.Moment | None = None,
    cursor: Cursor = None,
    limit: Limit = None,
) -> schemas.Page[schemas.Event]:
    """List events, the last seen first; `outlet` is an id or a name, `words` are in a headline."""
    from service.store import events

    with reading(request) as session:
        found = events.page(
            session,
            language=language,
            outlet=outlet,
            languages_at_least=languages_at_least,
            words=words,
            seen_from=seen_from,
            seen_to=seen_to,
            cursor=cursor,
            limit=rows(request, limit),
        )
        return shaping.page(found, shaping.event)


@router.get("/{event_id}", responses=contracts.problems(404))
def get_event(request: Request, _: Reader, event_id: Id, limit: Limit = None) -> schemas.EventWhole:
    """Get an event with its documents and its first claim groups; merged ids lead on."""
    from service.store import documents, events, groups

    with reading(request) as session:
        summary = events.summary(session, event_id)
        key = summary.event.id
        inside = groups.page(session, key, limit=rows(request, limit))
        return schemas.EventWhole(
            **shaping.event(summary).model_dump(),
            coverage=[shaping.document(each) for each in documents.of_event(session, key)],
            claim_groups=shaping.page(inside, shaping.group),
        )


@router.get("/{event_id}/groups", responses=contracts.problems(404))
def list_groups(
    request: Request,
    _: Reader,
    event_id: Id,
    language: Language | None = None,
    relation: schemas.Relation | None = None,
    languages_at_least: Told = 1,
    cursor: Cursor = None,
    limit: Limit = None,
) -> schemas.Page[schemas.Group]:
    """List the claim groups of an event, those told in most languages first."""
    from service.store import events, groups

    with reading(request) as session:
        event = events.get(session, event_id)
        found = groups.page(
            session,
            event.id,
            language=language,
            relation=relation,
            languages_at_least=languages_at_least,
            cursor=cursor,
            limit=rows(request, limit),
        )
        return shaping.page(found, shaping.group)
