"""Files sent for translation, and the translated ones that wait to be fetched.

An upload lives as long as its request. A translation is kept under a name that cannot be guessed
and deleted when its time is up, at the latest by the next server that uses the folder.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from models.documents import FORMATS, Format, Limits
from models.translate import Lane
from service.translations import Detected, Order

if TYPE_CHECKING:
    from models.languages import Language
    from models.paragraph import Conversation, Paragraph, Part
    from service.api.work import Workroom
    from service.translations import Translator

_NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[\w .()+-]{1,100}")
_UNSAFE = re.compile(r"[^\w()+-]+")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to translate.

    Attributes:
        file: its bytes, readable from any place.
        name: as its sender calls it.
        source: its language, None to find it out.
        target: the language wanted.
    """

    file: BinaryIO
    name: str
    target: Language
    source: Language | None = None

    @property
    def format(self) -> Format | None:
        """What kind of document it is by its name, None where it is none that is translated."""
        return FORMATS.get(Path(self.name).suffix.lower())


class Files:
    """A folder of translated files.

    Args:
        folder: where they are; made when first needed.
        minutes: how long each is kept.
        characters: words of a document beyond which it is refused.
    """

    def __init__(self, folder: Path, *, minutes: float, characters: int) -> None:
        self._folder = folder
        self._seconds = minutes * 60
        self._limits = Limits(characters=characters)

    async def translate(self, upload: Upload, translator: Translator, workroom: Workroom) -> str:
        """The name under which the translated file can be fetched.

        What was written is deleted when it fails or the caller leaves.

        Raises:
            DocumentError: the document is broken, locked, beyond the limits or of another kind.
            BadInput: its encoding cannot be found out.
            NoRoute: nothing installed serves a direction that is needed.
            Busy: the engine's queue is full.
        """
        lane = Lane.BULK
        path = await workroom.in_thread(lane, partial(self._new, upload))
        order = Order((), upload.target, source=upload.source, lane=lane)
        try:
            with path.open("xb") as target:
                steps = await workroom.in_thread(lane, partial(self._begin, upload, target))
                try:
                    await self._carry_out(steps, order, translator, workroom)
                finally:
                    with suppress(ValueError):  # a thread is still at a step; it ends by itself
                        steps.close()
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return path.name

    async def _carry_out(
        self, steps: Conversation[None], order: Order, translator: Translator, workroom: Workroom
    ) -> None:
        found: Detected | None = None
        batch = await workroom.in_thread(order.lane, partial(_step, steps, None))
        while batch is not None:
            parts, found = await translator.parts(batch, order, found)
            batch = await workroom.in_thread(order.lane, partial(_step, steps, parts))

    def fetch(self, name: str) -> Path | None:
        """The translated file of this name, None where there is none any more."""
        if not _NAME.fullmatch(name):
            return None
        path = self._folder / name
        try:
            return path if path.stat().st_mtime > time.time() - self._seconds else None
        except OSError:
            return None

    def sweep(self) -> None:
        """Delete the files whose time is up."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if _NAME.fullmatch(path.name) and self.fetch(path.name) is None:
                path.unlink(missing_ok=True)

    def _begin(self, upload: Upload, target: BinaryIO) -> Conversation[None]:
        from models.documents import translated
        from service.ingest.encodings import decode

        upload.file.seek(0)
        extension = Path(upload.name).suffix
        return translated(upload.file, target, extension, limits=self._limits, decode=decode)

    def _new(self, upload: Upload) -> Path:
        """Where a translation is written: `<uuid>.<name>_<language><extension>`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.sweep()
        stem = _UNSAFE.sub("_", Path(upload.name).stem)[:60].strip("_") or "file"
        extension = upload.format.output if upload.format else ""
        return self._folder / f"{uuid.uuid4()}.{stem}_{upload.target}{extension}"


def shown_name(name: str) -> str:
    """The name of a translated file without what makes it unguessable."""
    return name.partition(".")[2]


def media_type(name: str) -> str:
    """The media type of a translated file."""
    suffix = Path(name).suffix
    known = {each.output: each.media_type for each in FORMATS.values()}
    return known.get(suffix, "application/octet-stream")


def _step(
    steps: Conversation[None], parts: Sequence[Sequence[Part]] | None
) -> Sequence[Paragraph] | None:
    """What is to be translated next, None at the end; blocks."""
    try:
        return next(steps) if parts is None else steps.send(parts)
    except StopIteration:
        return None
