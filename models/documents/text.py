"""Plain text, block by block; what comes out is UTF-8."""

from __future__ import annotations

import re

from models.documents.source import Source
from models.paragraph import Conversation, Paragraph
from models.placement import Unchanged, place

#: Characters handed out together.
BLOCK = 20_000

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")


def translated(source: Source) -> Conversation[None]:
    """The conversation about a text file."""
    text, _ = source.text()
    return source.counted(_blocks(source, text))


def _blocks(source: Source, text: str) -> Conversation[None]:
    at = 0
    while at < len(text):
        # A block ends at a blank line, so that no paragraph is cut; a huge paragraph is a block.
        gap = _BLANK_LINE.search(text, at + BLOCK)
        end = gap.end() if gap else len(text)
        block = Paragraph(text[at:end])
        (parts,) = yield [block]
        for item in place(block, parts):
            words = block.text[item.start : item.end] if isinstance(item, Unchanged) else item
            if isinstance(words, str):
                source.target.write(words.encode("utf-8", "replace"))
        at = end
