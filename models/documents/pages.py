"""HTML pages; what comes out is in the encoding that the page says it is in."""

from __future__ import annotations

from models import markup
from models.documents.source import Source
from models.paragraph import Conversation


def translated(source: Source) -> Conversation[None]:
    """The conversation about an HTML page."""
    text, encoding = source.text()
    return source.counted(_page(source, text, encoding))


def _page(source: Source, text: str, encoding: str) -> Conversation[None]:
    made = yield from markup.translated(text)
    # Only new words can lack a place in the encoding; as references they mean the same.
    source.target.write(made.encode(encoding, "xmlcharrefreplace"))
