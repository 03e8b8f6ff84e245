"""OpenDocument texts and presentations (ISO/IEC 26300): `content.xml`, and headers in styles."""

from __future__ import annotations

from models import markup
from models.dialects import OPEN_DOCUMENT
from models.documents import container
from models.documents.source import Source
from models.errors import DocumentError
from models.paragraph import Conversation

_PARTS = frozenset(["content.xml", "styles.xml"])


def translated(source: Source) -> Conversation[None]:
    """The conversation about an OpenDocument file.

    Raises:
        DocumentError: it is locked, broken or beyond the limits.
    """
    with container.opened(source.file, source.limits) as archive:
        if "META-INF/manifest.xml" in archive.namelist():
            manifest = container.contents(archive, "META-INF/manifest.xml", source.limits)
            if b"encryption-data" in manifest:
                raise DocumentError("The document is locked; save it without a password.")
    return source.counted(container.converse(source, _PARTS.__contains__, _part))


def _part(name: str, data: bytes) -> Conversation[bytes]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(f"{name} in the file is not in UTF-8; save it again.") from None
    made = yield from markup.translated(text, OPEN_DOCUMENT)
    return made.encode()
