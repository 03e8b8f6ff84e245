"""Files in LibreTranslate's way: send one, get an address, fetch the translation there."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from models.translate import Lane
from service.access import Role
from service.api import contracts, parameters
from service.api.admission import admit, resources_of
from service.api.problems import Refusal
from service.api.translate import key_of, language_of, missing, source_of
from service.files import Upload, media_type, shown_name

router = APIRouter(tags=["LibreTranslate"])


@router.post(
    "/translate_file", openapi_extra=contracts.TRANSLATE_FILE, responses=contracts.TRANSLATED_FILE
)
async def translate_file(request: Request) -> JSONResponse:
    """Translate a file; the answer says where the translation can be fetched for a while."""
    given = await parameters.read(request)
    resources = resources_of(request)
    settings = resources.settings
    sent = parameters.uploaded(given.get("file"))
    try:
        size = (sent.size or 0) if sent else 0
        cost = 1 + size // settings.request_characters
        await admit(request, Role.WORK, token=key_of(given), cost=cost)
        if not settings.translate_files:
            raise Refusal(403, "Files translation are disabled on this server.")
        if sent is None:
            raise missing("file")
        source, target = source_of(given), language_of(given, "target")
        if not sent.filename or not size:
            raise Refusal(400, "Invalid request: empty file")
        upload = Upload(sent.file, sent.filename, target, source)
        if upload.format is None:
            raise Refusal(400, "Invalid request: file format not supported")
        name = await resources.workroom.run(
            request,
            Lane.BULK,
            lambda: resources.files.translate(upload, resources.translator, resources.workroom),
            seconds=settings.file_seconds,
        )
    finally:
        if sent is not None:
            await sent.close()  # which deletes it
    return JSONResponse({"translatedFileUrl": f"{request.base_url}download_file/{quote(name)}"})


@router.get("/download_file/{name}", responses=contracts.DOWNLOADED_FILE)
async def download_file(request: Request, name: str) -> Response:
    """Fetch a translated file."""
    resources = resources_of(request)
    path = await resources.workroom.in_thread(Lane.INTERACTIVE, lambda: resources.files.fetch(name))
    if path is None:
        raise Refusal(404, "There is no such file, or its time is up; send the original again.")
    return FileResponse(path, media_type=media_type(name), filename=shown_name(name))
