"""Documents: coverage in, and each document as it is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from models.languages import Language
from models.translate import Lane
from service.access import Role
from service.api import contracts, schemas, shaping
from service.api.admission import Reader, admit, resources_of
from service.api.reading import Cursor, Id, Limit, Word, reading, rows
from service.errors import BadInput, TooMuch
from service.ingest.article import Article

if TYPE_CHECKING:
    from service.pipeline import Ingested
    from service.resources import Resources
    from service.stop import Stop

_STATUS = {
    "stored": "new",
    "changed": "version",
    "corrected": "corrected",
    "known": "known",
    "refused": "refused",
}
#: After these an event has to be compared again.
_CHANGING = {"stored", "changed", "corrected"}

router = APIRouter(prefix="/v1/documents", tags=["Documents"])


@router.get("", responses=contracts.problems())
def list_documents(
    request: Request,
    _: Reader,
    event: Word = None,
    language: Language | None = None,
    outlet: Word = None,
    published_from: schemas.Moment | None = None,
    published_to: schemas.Moment | None = None,
    versions: bool = False,
    cursor: Cursor = None,
    limit: Limit = None,
) -> schemas.Page[schemas.Document]:
    """List documents, the newest first; `outlet` is an id or a name, `versions` adds old ones."""
    from service.store import documents

    with reading(request) as session:
        found = documents.page(
            session,
            event=event,
            language=language,
            outlet=outlet,
            published_from=published_from,
            published_to=published_to,
            versions=versions,
            cursor=cursor,
            limit=rows(request, limit),
        )
        return shaping.page(found, shaping.document)


@router.get("/{document_id}", responses=contracts.problems(404))
def get_document(request: Request, _: Reader, document_id: Id) -> schemas.DocumentWhole:
    """Get a document with its text, segments, translations, claims and versions."""
    from service.store import documents

    with reading(request) as session:
        return shaping.whole_document(documents.view(session, document_id))


@router.post(
    "",
    responses={**contracts.problems(408, 413, 504), 201: {"description": "Something was stored."}},
)
async def add_documents(
    request: Request,
    response: Response,
    sent: schemas.OneOrMore,
    align: Annotated[
        bool, Query(description="Compare the claims of the events that changed, before answering.")
    ] = True,
) -> schemas.TakenAll:
    """Take in one article, or several as `documents`; sent again, they are known and not doubled.

    One article that cannot be used is an error; among several it is refused and the others go in.
    """
    resources = resources_of(request)
    articles = sent.documents if isinstance(sent, schemas.NewDocuments) else [sent]
    await admit(request, Role.WORK, cost=len(articles))
    most = resources.settings.request_documents
    if len(articles) > most:
        raise TooMuch(f"A call takes {most:,} articles; send the rest in another.")
    taken = await resources.workroom.run(
        request,
        Lane.BULK,
        lambda: resources.workroom.in_writer(lambda stop: take(resources, articles, align, stop)),
    )
    if articles[0] is sent and taken.documents[0].status == "refused":
        raise BadInput(taken.documents[0].detail or "The article cannot be used.")
    if any(each.status in {"new", "version"} for each in taken.documents):
        response.status_code = 201
    return taken


def take(
    resources: Resources, sent: list[schemas.NewDocument], align: bool, stop: Stop
) -> schemas.TakenAll:
    """Send articles along the path, and say what became of each in the order they came.

    Raises:
        Cancelled: the caller has gone; what was stored until then stays.
    """
    pipeline = resources.pipeline
    articles = [article(each, index) for index, each in enumerate(sent)]
    found = sorted(pipeline.ingest(articles, stop=stop), key=lambda each: _index(each.origin))
    missing = {name for each in found for name in each.missing}
    changed = {each.event_id for each in found if each.status in _CHANGING}
    if align:
        for done in pipeline.align(sorted(key for key in changed if key), stop=stop):
            missing.update(done.missing)
    return schemas.TakenAll(documents=[_taken(each) for each in found], missing=sorted(missing))


def article(sent: schemas.NewDocument, index: int) -> Article:
    """An article of a request as the path takes it; its place in the request is its origin."""
    return Article(
        text=sent.text,
        title=sent.title,
        outlet=sent.outlet,
        url=sent.url,
        language=sent.language,
        published_at=sent.published_at,
        origin=f"http:{index}",
    )


def _index(origin: str) -> int:
    return int(origin.partition(":")[2])


def _taken(found: Ingested) -> schemas.Taken:
    return schemas.Taken.model_validate(
        {
            "index": _index(found.origin),
            "status": _STATUS[found.status],
            "id": found.document_id,
            "event_id": found.event_id,
            "detail": found.reason,
            "notes": found.notes,
        }
    )
