"""Documents: coverage in, and each document as it is held."""

from __future__ import annotations

from fastapi import APIRouter, Request

from models.languages import Language
from service.api import contracts, schemas, shaping
from service.api.admission import Reader
from service.api.reading import Cursor, Id, Limit, Moment, Word, reading, rows

router = APIRouter(prefix="/v1/documents", tags=["Documents"])


@router.get("", responses=contracts.problems())
def list_documents(
    request: Request,
    _: Reader,
    event: Word = None,
    language: Language | None = None,
    outlet: Word = None,
    published_from: Moment | None = None,
    published_to: Moment | None = None,
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
