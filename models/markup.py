"""HTML and XML, read into paragraphs and written again with the translation in their place.

Inline tags stay around their words, blocks end sentences, and everything that is not translated
comes out byte for byte: tags, comments, doctype, `script`, `style`, code, whatever is marked
`translate="no"` or `class="notranslate"`, and every sentence the translation left alone. Attributes
that a reader sees (`alt`, `title`, `placeholder`, `aria-label`, the description of the page) are
translated too. New words are escaped, so text never turns into markup.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from models.attributes import Value, written
from models.dialects import HTML, Dialect
from models.markup_reader import Draft, Raw, Reader
from models.paragraph import Conversation, Part
from models.placement import Unchanged, place

#: Paragraphs handed out together.
BATCH = 200

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escaped(text: str) -> str:
    """Text as it stands between tags; characters that no document may hold are dropped."""
    return html.escape(_ILLEGAL.sub("", text), quote=False)


def literal(text: str) -> str:
    """Text as it stands in a CDATA section, which it cannot end."""
    return _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>")


def translated(source: str, dialect: Dialect = HTML) -> Conversation[str]:
    """A conversation about a document that ends with the document in translation."""
    page = Page(source, dialect)
    parts: list[Sequence[Part]] = []
    for first in range(0, len(page.paragraphs), BATCH):
        parts += yield page.paragraphs[first : first + BATCH]
    return page.write(parts)


class Page:
    """A document, as paragraphs and what stands around them.

    Attributes:
        source: the document.
        paragraphs: what there is to translate, in order.

    Raises:
        DocumentError: notes are nested too deep.
    """

    def __init__(self, source: str, dialect: Dialect = HTML) -> None:
        self.source = source
        reader = Reader(source, dialect)
        reader.read()
        self._drafts = [*reader.finished, *(draft for _, draft in reader.attributes)]
        self._top = reader.top
        self._values = [value for value, _ in reader.attributes]
        self._starts = [value.start for value in self._values]
        self._replaced: dict[int, str] = {}
        self.paragraphs = tuple(draft.paragraph() for draft in self._drafts)

    @property
    def text(self) -> str:
        """The words alone, a line for each paragraph; for finding out the language."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    def offset(self, paragraph: int, at: int) -> int:
        """Where in the document a character of a paragraph stands; its end for the last one."""
        pieces = self._drafts[paragraph].pieces
        found = pieces[max(0, bisect_right(pieces, at, key=lambda piece: piece.at) - 1)]
        return min(found.end, found.start + (at - found.at if found.plain else 0))

    def write(self, parts: Sequence[Sequence[Part]]) -> str:
        """The document with the parts of each paragraph in translation."""
        done: list[str] = []
        body = len(self._drafts) - len(self._values)
        self._replaced = {}
        for number, value in enumerate(self._values):
            draft, these = self._drafts[body + number], parts[body + number]
            if these:
                self._replaced[number] = self._value(value, draft, these)
        for draft, these in zip(self._drafts[:body], parts[:body], strict=True):
            done.append("".join(self._render(draft, these, done)))
        return "".join(self._assembled(self._top, done))

    def _assembled(self, pieces: Sequence[Raw], done: list[str]) -> Iterator[str]:
        for piece in pieces:
            if isinstance(piece, int):
                yield done[piece]
                done[piece] = ""
            else:
                yield self._as_sent(*piece)

    def _as_sent(self, start: int, end: int) -> str:
        """A stretch of the document as it is, but for the attributes that are translated."""
        number = bisect_left(self._starts, start)
        parts: list[str] = []
        at = start
        while number < len(self._starts) and self._starts[number] < end:
            if number in self._replaced:
                value = self._values[number]
                parts += self.source[at : value.start], self._replaced[number]
                at = value.end
            number += 1
        return "".join((*parts, self.source[at:end])) if parts else self.source[start:end]

    def _value(self, value: Value, draft: Draft, parts: Sequence[Part]) -> str:
        """The value of an attribute in translation, as it is written."""
        words: list[str] = []
        for item in place(draft.paragraph(), parts):
            if isinstance(item, Unchanged):
                words += self._raw(draft, item)
            elif isinstance(item, str):
                words.append(written(_ILLEGAL.sub("", item), value.quote))
        new = "".join(words)
        return new if value.quote else f'"{new}"'

    def _render(self, draft: Draft, parts: Sequence[Part], done: list[str]) -> Iterator[str]:
        for item in place(draft.paragraph(), parts):
            if isinstance(item, str):
                yield literal(item) if draft.literal else escaped(item)
            elif isinstance(item, Unchanged):
                yield from self._raw(draft, item)
            else:
                yield from self._assembled(draft.raw[item], done)

    def _raw(self, draft: Draft, stretch: Unchanged) -> Iterator[str]:
        """A stretch of a paragraph as it stands in the document."""
        first = bisect_right(draft.pieces, stretch.start, key=lambda piece: piece.at) - 1
        for number in range(max(0, first), len(draft.pieces)):
            piece = draft.pieces[number]
            if piece.at >= stretch.end:
                break
            if piece.plain:
                begin = piece.start + max(0, stretch.start - piece.at)
                yield self.source[begin : min(piece.end, piece.start + stretch.end - piece.at)]
            elif piece.at >= stretch.start:
                yield self.source[piece.start : piece.end]
