"""The routes of the pages: each reads the store, builds its context and renders it."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from models.languages import LANGUAGES, NAMES
from service.api.admission import Reader, resources_of
from service.store import claims, documents, events, groups, headlines, judgements, outlets, pairs
from service.web import acts, contexts, downloads, installed, present
from service.web.contexts import EventCard, LanguageCount, Page
from service.web.highlight import marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session
    from starlette.types import Scope

    from service.store.documents import DocumentSummary
    from service.store.events import EventSummary

HERE = Path(__file__).parent
EVENTS, GROUPS, DOCUMENTS = 20, 40, 60

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
router.include_router(acts.router)
router.include_router(downloads.router)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["chance"] = present.chance
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
        context = contexts.EventsPage(
            page=Page("/"),
            events=_cards(session, found.items),
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
        context = contexts.EventPage(
            page=Page(f"/events/{event.id}", _went_without(event.missing)),
            card=_cards(session, [summary])[0],
            rows=_rows(session, found.items, inside),
            total=summary.groups,
            next_cursor=found.next,
            relation=relation,
            outlet=outlet,
            outlets=tuple(sorted({item.outlet for item in inside if item.outlet})),
            documents=_lines(session, inside),
            computed=f"Aligned by {event.algorithm or 'nothing yet'}"
            + (f" at {event.aligned_at:%Y-%m-%d %H:%M} UTC." if event.aligned_at else "."),
            due=event.due,
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
        told = [member.claim.id for side in view.members.values() for member in side]
        context = contexts.GroupPage(
            page=Page(f"/groups/{group_id}"),
            event=event.id,
            event_title=event.title,
            event_language=event.title_language or "",
            row=_rows(session, [view], inside)[0],
            pairs=tuple(present.pair(item, sentences) for item in seen),
            earlier=present.earlier(groups.answered(session, event.id, told)),
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


@router.get("/documents")
def document_list(
    request: Request,
    _: Reader,
    q: Annotated[str, Query(max_length=200)] = "",
    language: str = "",
    outlet: str = "",
    cursor: str | None = None,
) -> HTMLResponse:
    """The stored documents, newest first."""
    with resources_of(request).store.session() as session:
        found = documents.page(
            session,
            language=language or None,
            outlet=outlet or None,
            words=q.strip() or None,
            cursor=cursor,
            limit=DOCUMENTS,
        )
        context = contexts.DocumentsPage(
            page=Page("/documents"),
            documents=_lines(session, found.items),
            query=q,
            language=language,
            outlet=outlet,
            outlets=tuple(sorted(item.name for item in outlets.listed(session))),
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
            title=summary.headline,
            outlet=summary.outlet or "",
            url=row.url or "",
            language=row.language or "",
            published=row.published_at,
            fetched=row.fetched_at,
            digest=row.content_hash,
            origin=row.origin or "",
            version=row.version,
            versions=tuple((item.version, item.id) for item in view.versions),
            copy_of=summary.copy_of or "",
            event=event.id if event else "",
            event_title=event.title if event else "",
            event_language=(event.title_language if event else None) or "",
            placed=summary.placed_by == "analyst",
            opener=present.line(summary).opener,
            belonging=summary.belonging,
            other=_runner_up(session, document_id),
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


def _lines(session: Session, found: Sequence[DocumentSummary]) -> tuple[contexts.DocumentLine, ...]:
    english = headlines.english(session, (item.id for item in found))
    return tuple(present.line(item, english.get(item.id, ())) for item in found)


def _cards(session: Session, found: Sequence[EventSummary]) -> tuple[EventCard, ...]:
    ids = [item.event.id for item in found]
    alone, disputed = groups.told_alone(session, ids), groups.disputed(session, ids)
    matched = pairs.likely_by_document(session, ids)
    return tuple(
        _card(session, item, alone[item.event.id], disputed[item.event.id], matched)
        for item in found
    )


def _card(
    session: Session, summary: EventSummary, alone: int, disputed: int, matched: Mapping[str, int]
) -> EventCard:
    event = summary.event
    inside = documents.of_event(session, event.id)
    counts, told_best = [], []
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
        # The article that most is found of in other languages tells best what they share.
        original = [item for item in told if item.copy_of is None]
        best = max(original, key=lambda item: matched.get(item.id, 0), default=None)
        if best and best.headline != event.title and language != event.title_language:
            told_best.append((str(language), best))
    english = headlines.english(session, (best.id for _, best in told_best))
    titles = [
        (language, best.headline, present.headline(english.get(best.id, ())))
        for language, best in told_best
    ]
    return EventCard(
        id=event.id,
        title=event.title or "Untitled event",
        title_language=event.title_language or "",
        titles=tuple(titles),
        first_seen=event.first_seen,
        last_seen=event.last_seen,
        counts=tuple(counts),
        groups=summary.groups,
        conflicts=disputed,
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
    named = {item.id: item.outlet or "" for item in inside}
    others = documents.summaries(
        session,
        {claim.document_id for claim in rejected.values() if claim.document_id not in named},
    )
    named |= {key: item.outlet or "" for key, item in others.items()}
    elsewhere = {
        key: events.get(session, item.event_id) for key, item in others.items() if item.event_id
    }
    judged = judgements.standing(session, (p.id for view in views for p in view.pairs))
    rows = []
    for view in views:
        count = sum(pair.id in judged for pair in view.pairs)
        words = f"{count} of {len(view.pairs)} pairs judged" if count else ""
        rows.append(present.row(view, sentences, rejected, copies, named, elsewhere, words))
    return tuple(rows)


def _sentences(session: Session, rows: Any) -> present.Sentences:
    return documents.sentences(session, ((row.document_id, row.segment) for row in rows))


def _runner_up(session: Session, document_id: str) -> contexts.RunnerUp | None:
    found = events.runner_up(session, document_id)
    if found is None:
        return None
    event, probability = found
    return contexts.RunnerUp(
        event.id, event.title or "Untitled event", event.title_language or "", probability
    )


def _went_without(missing: Any) -> tuple[str, ...]:
    if not missing:
        return ()
    return (
        f"Made without {', '.join(missing)}: originals were compared by what was there. "
        f"“What is installed” says how to add it.",
    )
