"""`parallax show`: one document, event, claim group or pair, for a person or as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.commands import opening, terminal
from service.commands.printed_document import print_document
from service.commands.printed_event import print_event, print_group, print_pair
from service.errors import NotFound

if TYPE_CHECKING:
    from sqlmodel import Session

    from alignment.dissent import Dissent
    from service.store.documents import DocumentView
    from service.store.groups import GroupView

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def show(
    public_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="doc_…, evt_…, grp_… or pair_…, as other commands give."),
    ],
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also the claims of an event that one language alone makes."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON, whole.")] = False,
) -> None:
    """Print what is known about one thing.

    A document: its segments with offsets, their machine translation, and the claims in each: who
    says it, denial, doubt, numbers, dates, contested terms. An event: its claim groups, what each
    language says and how the wording differs, and why a language is absent. JSON has the shapes of
    the HTTP API.

    \b
    Example:
      parallax show evt_abcdefghijklmnop
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    kinds = {"doc": _document, "evt": _event, "grp": _group, "pair": _pair}
    kind = kinds.get(public_id.partition("_")[0])
    if kind is None:
        raise NotFound("document, event, claim group or pair", public_id)
    with opening.store(opening.settings()) as store, store.session() as session:
        kind(session, public_id, everything=everything, json=json)


def _document(session: Session, public_id: str, *, everything: bool, json: bool) -> None:  # noqa: ARG001
    from service.store import documents, events

    view = documents.view(session, public_id)
    if json:
        _emit("whole_document", view)
    else:
        other = events.runner_up(session, public_id)
        print_document(view, _contradictions(view), other)


def _contradictions(view: DocumentView) -> list[Dissent]:
    """The speakers of a document who may contradict each other; none without an encoder."""
    from alignment.dissent import dissents
    from service.store.claims import from_row

    encoder = opening.encoder_if_any(opening.settings())
    if encoder is None or not view.claims:
        return []
    held = [from_row(row) for row in view.claims]
    return dissents(held, encoder.encode([claim.text for claim in held]))


def _event(session: Session, public_id: str, *, everything: bool, json: bool) -> None:
    from service.store import documents, events

    summary = events.summary(session, public_id)
    coverage = documents.of_event(session, summary.event.id)
    if json:
        from service.api import schemas, shaping

        found = _groups(session, summary.event.id, languages_at_least=1)
        whole = schemas.EventWhole(
            **shaping.event(summary).model_dump(),
            coverage=[shaping.document(each) for each in coverage],
            claim_groups=schemas.Page[Any](items=[shaping.group(each) for each in found]),
        )
        terminal.emit(whole.model_dump(mode="json"))
        return
    found = _groups(session, summary.event.id, languages_at_least=1 if everything else 2)
    print_event(summary, coverage, found, public_id)


def _groups(session: Session, event_id: str, *, languages_at_least: int) -> list[GroupView]:
    from service.store import groups

    found: list[GroupView] = []
    cursor = None
    while True:
        page = groups.page(
            session, event_id, languages_at_least=languages_at_least, cursor=cursor, limit=500
        )
        found += page.items
        cursor = page.next
        if cursor is None:
            return found


def _group(session: Session, public_id: str, *, everything: bool, json: bool) -> None:  # noqa: ARG001
    from service.store import groups

    view = groups.view(session, public_id)
    if json:
        _emit("group", view)
    else:
        print_group(terminal.console(), view)


def _pair(session: Session, public_id: str, *, everything: bool, json: bool) -> None:  # noqa: ARG001
    from service.store import pairs

    view = pairs.view(session, public_id)
    if json:
        _emit("pair", view)
    else:
        print_pair(view)


def _emit(shape: str, view: Any) -> None:
    from service.api import shaping

    terminal.emit(getattr(shaping, shape)(view).model_dump(mode="json"))


__all__: Sequence[str] = ("app", "show")
