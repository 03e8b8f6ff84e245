"""The routes of the pages: each reads the store, builds its context and renders it."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from models.languages import LANGUAGES, NAMES
from service.api.admission import Reader, Worker, resources_of
from service.store import claims, documents, events, groups, judgements, outlets, pairs
from service.web import contexts, installed, present
from service.web.contexts import EventCard, LanguageCount, Page
from service.web.highlight import marked

if TYPE_CHECKING:
    from sqlmodel import Session
    from starlette.types import Scope

    from service.store.documents import DocumentSummary
    from service.store.events import EventSummary

HERE = Path(__file__).parent
EVENTS, GROUPS, DOCUMENTS = 20, 40, 60

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"asset": asset, "names": NAMES, "relations": present.RELATIONS}
    return made


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the content, so that it may be kept long."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def render(template: str, context: Any, status: int = 200) -> HTMLResponse:
    """A page from its template and its context, whose fields are the only names it knows."""
    named = {field.name: getattr(context, field.name) for field in fields(context)}
    return HTMLResponse(_environment().get_template(template).render(named), status)


@router.get("/")
def event_list(
    request: Request,
    _: Reader,
    q: Annotated[str, Query(max_length=200)] = "",
    several: bool = True,
    cursor: str | None = None,
) -> HTMLResponse:
    """The list of events, newest first."""
    with resources_of(request).store.session() as session:
        found = events.page(
            session,
            words=q.strip() or None,
            languages_at_least=2 if several else 1,
            cursor=cursor,
            limit=EVENTS,
        )
        alone = groups.told_alone(session, [item.event.id for item in found.items])
        context = contexts.EventsPage(
            page=Page("/"),
            events=tuple(_card(session, item, alone[item.event.id]) for item in found.items),
            total_documents=sum(documents.counts(session).values()),
            query=q,
            several=several,
            next_cursor=found.next,
        )
    return render("events.html", context)


@router.get("/events/{event_id}")
def event_page(
    request: Request,
    _: Reader,
    event_id: str,
    relation: str = "",
    outlet: str = "",
    cursor: str | None = None,
) -> HTMLResponse:
    """One event: three columns, one row a claim group."""
    with resources_of(request).store.session() as session:
        summary = events.summary(session, event_id)
        event = summary.event
        found = groups.page(
            session,
            event.id,
            relation=relation if relation in present.RELATIONS else None,
            outlet=outlet or None,
            languages_at_most=1 if relation == "alone" else len(LANGUAGES),
            cursor=cursor,
            limit=GROUPS,
        )
        inside = documents.of_event(session, event.id)
        alone = groups.told_alone(session, [event.id])
        notices = _went_without(event.missing)
        if event.due:
            notices += ("Coverage arrived since this event was aligned; it is aligned again soon.",)
        context = contexts.EventPage(
            page=Page(f"/events/{event.id}", notices),
            card=_card(session, summary, alone[event.id]),
            rows=_rows(session, found.items, inside),
            total=summary.groups,
            next_cursor=found.next,
            relation=relation,
            outlet=outlet,
            outlets=tuple(sorted({item.outlet for item in inside if item.outlet})),
            documents=tuple(_line(item) for item in inside),
            computed=f"Aligned by {event.algorithm or 'nothing yet'}"
            + (f" at {event.aligned_at:%Y-%m-%d %H:%M} UTC." if event.aligned_at else "."),
        )
    return render("event.html", context)


@router.get("/groups/{group_id}")
def group_page(request: Request, _: Reader, group_id: str) -> HTMLResponse:
    """One claim group with every pair in it and the evidence of each."""
    with resources_of(request).store.session() as session:
        view = groups.view(session, group_id)
        event = events.get(session, view.group.event_id)
        inside = documents.of_event(session, event.id)
        crossing = [pair for pair in view.pairs if pair.a_language != pair.b_language]
        seen = pairs.views(session, crossing)
        sentences = _sentences(session, (c for v in seen for s in (v.a, v.b) for c in s.claims))
        context = contexts.GroupPage(
            page=Page(f"/groups/{group_id}"),
            event=event.id,
            event_title=event.title,
            row=_rows(session, [view], inside)[0],
            pairs=tuple(present.pair(item, sentences) for item in seen),
        )
    return render("group.html", context)


@router.get("/review")
def review_page(
    request: Request, _: Reader, skip: str = "", pair: str = "", last: str = ""
) -> HTMLResponse:
    """The next pair to judge, most uncertain first, or the one named."""
    skipped = tuple(part for part in skip.split(",") if part)[-200:]
    with resources_of(request).store.session() as session:
        chosen = pairs.get(session, pair) if pair else pairs.most_uncertain(session, skipped)
        waiting, judged = pairs.progress(session)
        shown = None
        if chosen is not None:
            view = pairs.views(session, [chosen])[0]
            shown = present.pair(view, _sentences(session, (*view.a.claims, *view.b.claims)))
        context = contexts.ReviewPage(
            page=Page("/review"),
            pair=shown,
            event=chosen.event_id if chosen else "",
            waiting=waiting,
            judged=judged,
            skipped=skipped,
            last=last,
        )
    return render("review.html", context)


@router.post("/pairs/{pair_id}/judgements")
def judge(
    request: Request,
    caller: Worker,
    pair_id: str,
    judgement: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/review",
    note: Annotated[str, Form(max_length=500)] = "",
    who: Annotated[str, Form(max_length=60)] = "",
) -> RedirectResponse:
    """File an analyst's judgement and go on; earlier ones stay."""
    name = (caller.key.name if caller.key else who.strip()) or "analyst"
    with resources_of(request).store.session(write=True) as session:
        judgements.add(session, pair_id, judgement, who=name, note=note.strip())
    here = next.startswith("/") and not next.startswith(("//", "/\\"))
    return RedirectResponse(next if here else "/review", status_code=303)


@router.get("/documents")
def document_list(
    request: Request, _: Reader, language: str = "", outlet: str = "", cursor: str | None = None
) -> HTMLResponse:
    """The stored documents, newest first."""
    with resources_of(request).store.session() as session:
        found = documents.page(
            session,
            language=language or None,
            outlet=outlet or None,
            cursor=cursor,
            limit=DOCUMENTS,
        )
        context = contexts.DocumentsPage(
            page=Page("/documents"),
            documents=tuple(_line(item) for item in found.items),
            language=language,
            outlet=outlet,
            outlets=tuple(sorted(item.name for item in outlets.listed(session))),
            several=found.next is not None,
            next_cursor=found.next,
        )
    return render("documents.html", context)


@router.get("/documents/{document_id}")
def document_page(request: Request, _: Reader, document_id: str) -> HTMLResponse:
    """One version of an article, segment by segment."""
    with resources_of(request).store.session() as session:
        view = documents.view(session, document_id)
        row, summary = view.document, view.summary
        event = events.get(session, summary.event_id) if summary.event_id else None
        by_segment: dict[int, list[Any]] = {}
        for claim in view.claims:
            by_segment.setdefault(claim.segment, []).append(claim)
        segments = []
        for segment in view.segments:
            inside = by_segment.get(segment.position, [])
            marks = [mark for claim in inside for mark in present.marks_of(claim)]
            lines = dict.fromkeys(line for claim in inside if (line := present.said(claim)))
            segments.append(
                contexts.SegmentView(
                    start=segment.start,
                    end=segment.end,
                    language=segment.language or "",
                    ambiguous=segment.ambiguous,
                    original=marked(segment.text, segment.start, marks),
                    gloss=present.gloss(segment.translation),
                    said=" · ".join(lines),
                )
            )
        context = contexts.DocumentPage(
            page=Page(f"/documents/{document_id}", (*row.notes, *_went_without(row.missing))),
            id=row.id,
            title=row.title or "Untitled",
            outlet=summary.outlet or "",
            url=row.url or "",
            language=row.language or "",
            published=row.published_at,
            fetched=row.fetched_at,
            digest=row.content_hash,
            version=row.version,
            versions=len(view.versions),
            event=event.id if event else "",
            event_title=event.title if event else "",
            segments=tuple(segments),
        )
    return render("document.html", context)


@router.get("/about")
def about_page(request: Request, _: Reader) -> HTMLResponse:
    """What is installed, what is missing, and what the figures rest on."""
    return render("about.html", installed.about(resources_of(request)))


def page_of_error(scope: Scope, status: int, detail: str) -> HTMLResponse:
    """The page for an error: what went wrong, and what to do next."""
    title = "There is no such page" if status == 404 else "This did not work"
    context = contexts.ProblemPage(page=Page(scope["path"]), title=title, detail=detail)
    return render("problem.html", context, status)


def _card(session: Session, summary: EventSummary, alone: int) -> EventCard:
    event = summary.event
    inside = documents.of_event(session, event.id)
    counts, titles = [], []
    for language in LANGUAGES:
        told = [item for item in inside if item.language == language]
        counts.append(
            LanguageCount(
                language,
                len(told),
                sum(item.copy_of is None for item in told),
                len({item.outlet_id for item in told if item.outlet_id}),
            )
        )
        first = next((item for item in told if item.title and not item.copy_of), None)
        if first and first.title != event.title:
            titles.append((str(language), first.title))
    relations = pairs.relations(session, event.id)
    return EventCard(
        id=event.id,
        title=event.title or "Untitled event",
        title_language=event.title_language or "",
        titles=tuple(titles),
        first_seen=event.first_seen,
        last_seen=event.last_seen,
        counts=tuple(counts),
        groups=summary.groups,
        conflicts=relations.get("conflicting", 0) + relations.get("denies", 0),
        gaps=alone,
    )


def _rows(session: Session, views: Any, inside: list[DocumentSummary]) -> tuple[contexts.Row, ...]:
    members = [m.claim for view in views for side in view.members.values() for m in side]
    wanted = [s.best_claim for view in views for s in view.silences.values() if s.best_claim]
    rejected = claims.by_id(session, wanted)
    sentences = _sentences(session, members)
    copies: dict[str, int] = {}
    for item in inside:
        if item.copy_of:
            copies[item.copy_of] = copies.get(item.copy_of, 0) + 1
    judged = judgements.standing(session, (p.id for view in views for p in view.pairs))
    rows = []
    for view in views:
        count = sum(pair.id in judged for pair in view.pairs)
        words = f"{count} of {len(view.pairs)} pairs judged" if count else ""
        rows.append(present.row(view, sentences, rejected, copies, words))
    return tuple(rows)


def _sentences(session: Session, rows: Any) -> present.Sentences:
    return documents.sentences(session, ((row.document_id, row.segment) for row in rows))


def _line(item: DocumentSummary) -> tuple[str, str, str, str, Any]:
    return (
        item.id,
        item.language or "",
        item.outlet or "",
        item.title or "Untitled",
        item.published_at,
    )


def _went_without(missing: Any) -> tuple[str, ...]:
    if not missing:
        return ()
    return (
        f"Made without {', '.join(missing)}: originals were compared by what was there. "
        f"“What is installed” says how to add it.",
    )
