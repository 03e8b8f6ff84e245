"""EPUB books: every chapter, and the old table of contents."""

from __future__ import annotations

from models import markup
from models.dialects import NCX, XHTML
from models.documents import container
from models.documents.source import Source
from models.errors import DocumentError
from models.paragraph import Conversation

_CHAPTERS = (".xhtml", ".html", ".htm")


def translated(source: Source) -> Conversation[None]:
    """The conversation about a book."""
    return source.counted(
        container.converse(
            source, lambda name: name.lower().endswith((*_CHAPTERS, ".ncx")), _chapter
        )
    )


def _chapter(name: str, data: bytes) -> Conversation[bytes]:
    try:
        wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(
            "A chapter of the book is locked or damaged; send a book without copy protection."
        ) from None
    dialect = NCX if name.lower().endswith(".ncx") else XHTML
    made = yield from markup.translated(text, dialect)
    return made.encode("utf-16" if wide else "utf-8")
