"""The pairs of an event as a file, in the formats of `parallax export`."""

from __future__ import annotations

from codecs import BOM_UTF8
from importlib import import_module
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from service.api.admission import Reader, resources_of
from service.errors import NotFound
from service.store import events, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(include_in_schema=False)

#: Media types by format, which is also the ending of the file's name.
FORMATS = {"csv": "text/csv", "jsonl": "application/jsonl", "tmx": "application/x-tmx+xml"}
#: Bytes of a file that are kept in memory; more goes to disk until it is sent.
IN_MEMORY = 2**20
CHUNK = 2**16


@router.get("/events/{event_id}/pairs.{kind}")
def event_pairs(request: Request, _: Reader, event_id: str, kind: str) -> StreamingResponse:
    """Every pair of an event across languages."""
    if kind not in FORMATS:
        raise NotFound("format", kind)
    from service.export.record import record

    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed when it is sent
    with resources_of(request).store.session() as session:
        event = events.get(session, event_id)
        if kind == "csv":
            file.write(BOM_UTF8)  # without it spreadsheet programs garble Cyrillic
        found = (record(view) for view in pairs.every(session, event=event.id))
        import_module(f"service.export.{kind}").write(found, file)
    file.seek(0)

    def content() -> Iterator[bytes]:
        with file:
            while piece := file.read(CHUNK):
                yield piece

    name = f'attachment; filename="{event.id}.{kind}"'
    return StreamingResponse(
        content(), media_type=FORMATS[kind], headers={"Content-Disposition": name}
    )
