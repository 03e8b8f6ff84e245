"""What an analyst does on a page: judge a pair, move an article, have an event compared again."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from models.translate import Lane
from service.api.admission import Worker, resources_of
from service.errors import BadInput
from service.stop import Stop
from service.store import documents, events, judgements

router = APIRouter(include_in_schema=False)

#: An event's id, alone or in the address of its page.
EVENT = re.compile(r"\bevt_[a-z0-9_]+")


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
    return RedirectResponse(_here(next, "/review"), status_code=303)


@router.post("/events/{event_id}/compare")
async def compare(request: Request, _: Worker, event_id: str) -> RedirectResponse:
    """Compare the claims of an event again, with the coverage and judgements that came since."""
    resources = resources_of(request)

    def again(_: Stop) -> str:  # what was begun is finished for the next who looks
        with resources.store.session() as session:
            standing = events.get(session, event_id).id
        return resources.pipeline.realign(standing).event_id

    standing = await resources.workroom.run(
        request, Lane.BULK, lambda: resources.workroom.in_writer(again)
    )
    return RedirectResponse(f"/events/{standing}", status_code=303)


@router.post("/documents/{document_id}/event")
async def place(
    request: Request,
    _: Worker,
    document_id: str,
    event: Annotated[str, Form(max_length=200)] = "",
) -> RedirectResponse:
    """Put an article into the event that is named, or into one of its own; no run undoes it."""
    resources = resources_of(request)

    def put(_: Stop) -> str:
        with resources.store.session(write=True) as session:
            found = EVENT.search(event)
            if event.strip() and found is None:
                raise BadInput("This names no event; copy the address of one, or leave it empty.")
            wanted = events.get(session, found[0]).id if found else None
            document = documents.get(session, document_id)
            return resources.pipeline.grouping.put(session, document, wanted)

    await resources.workroom.run(request, Lane.BULK, lambda: resources.workroom.in_writer(put))
    return RedirectResponse(f"/documents/{document_id}", status_code=303)


def _here(address: str, otherwise: str) -> str:
    """The address, if it is a path of this server."""
    here = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if here else otherwise
