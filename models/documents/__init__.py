"""Documents in translation: a file goes in, the same kind of file comes out.

`translated` opens a document by the end of its name and gives the conversation about it (see
`models.paragraph`). Pages, styles, pictures and everything else that is not words come out as they
went in. A PDF is the exception: its text comes out as plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO

from models.documents.limits import Limits
from models.documents.source import Source, unicode_text
from models.errors import DocumentError
from models.paragraph import Conversation

__all__ = ["FORMATS", "Format", "Limits", "translated"]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document.

    Attributes:
        extension: the end of a file's name, with its full stop.
        output: the end of the translated file's name.
        media_type: of the translated file.
        opener: module of this package that reads it.
    """

    extension: str
    output: str
    media_type: str
    opener: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OASIS = "application/vnd.oasis.opendocument."

#: Every kind of document that can be translated, by extension.
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        extension: Format(extension, output, media_type, opener)
        for extension, output, media_type, opener in (
            (".txt", ".txt", "text/plain; charset=utf-8", "text"),
            (".html", ".html", "text/html", "pages"),
            (".htm", ".htm", "text/html", "pages"),
            (".srt", ".srt", "application/x-subrip; charset=utf-8", "subtitles"),
            (".docx", ".docx", f"{_OFFICE}wordprocessingml.document", "office"),
            (".pptx", ".pptx", f"{_OFFICE}presentationml.presentation", "office"),
            (".odt", ".odt", f"{_OASIS}text", "open_document"),
            (".odp", ".odp", f"{_OASIS}presentation", "open_document"),
            (".epub", ".epub", "application/epub+zip", "epub"),
            (".pdf", ".txt", "text/plain; charset=utf-8", "pdf"),
        )
    }
)


def translated(
    source: BinaryIO,
    target: BinaryIO,
    extension: str,
    *,
    limits: Limits | None = None,
    decode: Callable[[bytes], tuple[str, str]] = unicode_text,
) -> Conversation[None]:
    """A conversation about the document in `source` that writes its translation to `target`.

    Both are open binary files, and `source` can be read from any place in it. `decode` gives the
    text of some bytes and the name of their encoding; the default knows Unicode only.

    Raises:
        DocumentError: the document is broken, locked, beyond the limits, or of no format that is
            translated. It may come at any step, when something of the translation is written.
    """
    found = FORMATS.get(extension.lower())
    if found is None:
        raise DocumentError(
            f"Files that end in {extension[:20]} are not translated; "
            f"send one of {', '.join(FORMATS)}."
        )
    given = Source(source, target, found.extension, limits or Limits(), decode)
    # Imported by name when it is needed: a format may bring a library with it.
    reader = import_module(f"models.documents.{found.opener}")
    conversation: Conversation[None] = reader.translated(given)
    return conversation
