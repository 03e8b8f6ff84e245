"""Reads HTML or XML once, token by token, into paragraphs and the markup between them."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from models.attributes import Value, seen
from models.dialects import HTML, Dialect
from models.errors import DocumentError
from models.paragraph import Kind, Mark, Paragraph, without_kept
from models.tags import TagKind, Token, attributes, tokens

#: Notes inside notes beyond which a document is refused.
MOST_NOTES = 32
#: Kept words that stand in their sentence; longer ones, or whole sentences, stand outside.
KEPT_WORDS = re.compile(r"\w(?:[^\s.!?…]|[.!?…](?!\s)| ){0,59}")

#: Around a CDATA section of XML.
SECTION = "<![CDATA[", "]]>"

_EMBEDDED = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\w{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
_WORDS = re.compile(r"[^\W\d_]{4}")
_SPLIT = re.compile(
    r"(?P<entity>&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};?))"
    r"|[\t\n\f\r ]+"
)

#: What is written for a mark or around paragraphs: a paragraph by its number, or source text.
Raw: TypeAlias = int | tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a paragraph's text and where it stands in the document.

    Attributes:
        at: offset in the paragraph's text.
        start: offset in the document.
        end: offset after it in the document.
        plain: it is the same there, character for character.
    """

    at: int
    start: int
    end: int
    plain: bool


@dataclass(slots=True)
class Draft:
    """A paragraph being read, or read: its text, its marks, and the source of both.

    Where it is `literal`, no character of it means markup, and new words are not escaped.
    """

    pieces: list[Piece] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    size: int = 0
    marks: list[Mark] = field(default_factory=list)
    raw: dict[Mark, list[Raw]] = field(default_factory=dict)
    literal: bool = False

    def add(self, text: str, start: int, end: int, *, plain: bool) -> None:
        """Take some text that stands at [start, end) of the document."""
        self.pieces.append(Piece(self.size, start, end, plain))
        self.words.append(text)
        self.size += len(text)

    def take(self, source: str, token: Token, *, verbatim: bool) -> None:
        """Take a token of text: entities become characters, whitespace one space."""
        at = token.start
        for found in _SPLIT.finditer(source, token.start, token.end):
            start, end = found.span()
            text = html.unescape(found[0]) if found["entity"] else " "
            if text == found[0] or (verbatim and not found["entity"]):
                continue
            if start > at:
                self.add(source[at:start], at, start, plain=True)
            self.add(text, start, end, plain=False)
            at = end
        if token.end > at:
            self.add(source[at : token.end], at, token.end, plain=True)

    def paragraph(self) -> Paragraph:
        """What has been read."""
        return Paragraph("".join(self.words), tuple(self.marks))


@dataclass(slots=True)
class _Open:
    """An element that has begun and not ended."""

    name: str
    translate: bool
    verbatim: bool
    block: bool = False
    note: bool = False
    key: int = -1  # of its opening mark, if it has one
    capture: int = -1  # where it began, if its inside is no part of the sentence
    keep: bool = False  # its words stand in the sentence and come out as they are


class Reader:
    """The reading of one document, with the elements that are open on a stack.

    Attributes:
        finished: the paragraphs, those of a note before the one that the note is in.
        top: the document as source text and paragraphs, in order.
        attributes: the values of attributes that are translated, each with its words, in order.
    """

    def __init__(self, source: str, dialect: Dialect) -> None:
        self.source = source
        self.dialect = dialect
        self.finished: list[Draft] = []
        self.top: list[Raw] = []
        self.attributes: list[tuple[Value, Draft]] = []
        self._written = self.top
        self._draft = Draft()
        self._from = 0  # the first character that is in no piece of output yet
        self._outside: list[tuple[list[Raw], Draft, int]] = []  # around the notes
        self._stack = [_Open("", not dialect.translated, verbatim=False, block=True)]
        self._blocks = [0]  # where in the stack the blocks are
        self._open_blocks: Counter[str] = Counter()
        self._scopes: list[Counter[str]] = [Counter()]  # inline elements in each block
        self._capture: _Open | None = None
        self._captured: list[str] = []
        self._keys = 0

    def read(self) -> None:
        """Read it all.

        Raises:
            DocumentError: notes are nested too deep.
        """
        self._take(tokens(self.source, xml=self.dialect.xml))
        self._pop_to(0, len(self.source), len(self.source))
        self._flush(len(self.source))

    def _take(self, found: Iterable[Token]) -> None:
        take = {
            TagKind.TEXT: self._text,
            TagKind.OPEN: self._opening,
            TagKind.CLOSE: self._closing,
            TagKind.ALONE: self._opening,
            TagKind.OTHER: self._other,
        }
        for token in found:
            if self.dialect.attributes and token.kind in (TagKind.OPEN, TagKind.ALONE):
                self._look_at_attributes(token)
            take[token.kind](token)

    def _text(self, token: Token) -> None:
        if self._capture is not None:
            self._captured.append(self.source[token.start : token.end])
        elif self._stack[-1].translate:
            self._draft.take(self.source, token, verbatim=self._stack[-1].verbatim)

    def _other(self, token: Token) -> None:
        if self._capture is not None or not self._stack[-1].translate:
            return
        if self.dialect.sections and self.source.startswith(SECTION[0], token.start):
            self._section(token)
        else:
            self._mark(Kind.POINT, (token.start, token.end))

    def _section(self, section: Token) -> None:
        """Take what is inside a CDATA section: HTML where it has tags or entities, else words.

        It is a paragraph of its own, since what is escaped outside is not inside.
        """
        start, end = section.start + len(SECTION[0]), section.end - len(SECTION[1])
        self._flush(section.start)
        self._flush(start)
        inside = self.source[start:end]
        if _EMBEDDED.search(inside):
            self._embedded(inside, start, end)
        else:
            self._draft.literal = True
            self._draft.take(self.source, Token(TagKind.TEXT, start, end), verbatim=False)
        self._flush(end)
        self._draft.literal = False
        self._flush(section.end)

    def _embedded(self, inside: str, start: int, end: int) -> None:
        """Take HTML that stands in XML; nothing in it ends or begins what is outside."""
        around = self.dialect, self._stack, self._blocks, self._open_blocks, self._scopes
        self.dialect = HTML
        self._stack = [_Open("", translate=True, verbatim=False, block=True)]
        self._blocks, self._open_blocks, self._scopes = [0], Counter(), [Counter()]
        self._take(
            Token(each.kind, each.start + start, each.end + start, each.name)
            for each in tokens(inside)
        )
        self._pop_to(0, end, end)
        self.dialect, self._stack, self._blocks, self._open_blocks, self._scopes = around

    def _opening(self, token: Token) -> None:
        dialect, name = self.dialect, token.name
        alone = token.kind is TagKind.ALONE or name in dialect.void
        block = name in dialect.blocks
        if self._capture is not None:
            if not alone:
                self._push(_Open(name, translate=False, verbatim=False, block=block))
            return
        if block and not dialect.xml:
            self._end_before(name, token.start)
        around = self._stack[-1]
        if alone:
            if block:
                self._boundary(token)
            elif around.translate:
                self._mark(Kind.POINT, (token.start, token.end))
            return
        wanted = self._wanted(token)
        opened = _Open(
            name,
            around.translate if wanted is None else wanted,
            around.verbatim or name in dialect.verbatim,
            block=block,
        )
        if name in dialect.notes and around.translate:
            self._begin_note(token)
            opened.note, opened.translate = True, not dialect.translated
        elif block:
            opened.translate = opened.translate and name not in dialect.silent
            self._boundary(token)
        elif not around.translate:
            if opened.translate:
                self._boundary(token)
        elif self._is_silent(token) or name in dialect.kept or not opened.translate:
            opened.capture = token.start
            opened.keep = not self._is_silent(token)
            self._capture, self._captured = opened, []
        else:
            opened.key = self._mark(Kind.OPEN, (token.start, token.end))
        self._push(opened)

    def _look_at_attributes(self, token: Token) -> None:
        """Take the attributes of a tag that a reader sees, unless it is in what stays as it is."""
        if self._capture is not None or token.name in self.dialect.kept:
            return
        wanted = self._wanted(token)
        if not (self._stack[-1].translate if wanted is None else wanted):
            return
        for value in seen(self.source, token.name, token.start, token.end):
            draft = Draft()
            draft.take(self.source, Token(TagKind.TEXT, value.start, value.end), verbatim=False)
            self.attributes.append((value, draft))

    def _wanted(self, token: Token) -> bool | None:
        """Whether the element asks to be translated or not; None where it says nothing."""
        if token.name in self.dialect.translated:
            return True
        tag = self.source[token.start : token.end]
        if "translate" not in tag.lower():
            return None
        given = attributes(tag)
        if "notranslate" in given.get("class", "").split():
            return False
        answer = given.get("translate", "").strip().lower()
        return {"no": False, "yes": True}.get(answer)

    def _is_silent(self, token: Token) -> bool:
        if token.name in self.dialect.raised:
            inside = self.source[token.end : token.end + 200].partition("<")[0]
            return not _WORDS.search(inside)
        return token.name in self.dialect.silent

    def _closing(self, token: Token) -> None:
        name = token.name
        if name in self.dialect.blocks:
            if self._open_blocks[name]:
                at = next(i for i in reversed(self._blocks) if self._stack[i].name == name)
                self._pop_to(at, token.start, token.end)
            if self._capture is None:
                self._boundary(token)
        elif self._scopes[-1][name]:
            at = len(self._stack) - 1
            while self._stack[at].name != name:
                at -= 1
            opened = self._stack[at]
            free = self._capture is None
            self._pop_to(at, token.start, token.end)
            # Only what stands outside a capture has a key: its end tag may also end a capture that
            # was never closed inside it, and is written all the same.
            if opened.key >= 0:
                self._mark(Kind.CLOSE, (token.start, token.end), opened.key)
            elif free and opened.translate and not self._stack[-1].translate:
                self._boundary(token)
        elif self._capture is None and self._stack[-1].translate:
            self._mark(Kind.POINT, (token.start, token.end))

    def _end_before(self, name: str, at: int) -> None:
        """End the elements that the beginning of another one ends, as HTML says."""
        ended = self.dialect.closed_by.get(name, frozenset())
        if name in self.dialect.ends_paragraph:
            ended |= {"p"}
        while len(self._blocks) > 1 and self._stack[self._blocks[-1]].name in ended:
            self._pop_to(self._blocks[-1], at, at)

    def _push(self, opened: _Open) -> None:
        if opened.block:
            self._blocks.append(len(self._stack))
            self._open_blocks[opened.name] += 1
            self._scopes.append(Counter())
        else:
            self._scopes[-1][opened.name] += 1
        self._stack.append(opened)

    def _pop_to(self, at: int, start: int, end: int) -> None:
        """End the element at a place in the stack and all in it; its end tag is [start, end)."""
        while len(self._stack) > max(at, 1):
            opened = self._stack.pop()
            if opened.block:
                self._blocks.pop()
                self._scopes.pop()
                self._open_blocks[opened.name] -= 1
            else:
                self._scopes[-1][opened.name] -= 1
            last = end if len(self._stack) == at else start
            if opened is self._capture:
                self._end_capture(opened, last)
            elif opened.note:
                self._end_note(last)

    def _end_capture(self, opened: _Open, end: int) -> None:
        self._capture = None
        text = " ".join(html.unescape("".join(self._captured)).split())
        if opened.keep and KEPT_WORDS.fullmatch(text):
            self._mark(Kind.KEPT, (opened.capture, end), text=text)
        else:
            self._mark(Kind.POINT, (opened.capture, end))

    def _begin_note(self, token: Token) -> None:
        if len(self._outside) >= MOST_NOTES:
            raise DocumentError(
                f"The document has more than {MOST_NOTES} notes or frames inside one another; "
                f"take some of them out."
            )
        self._outside.append((self._written, self._draft, self._from))
        self._written, self._draft, self._from = [], Draft(), token.start

    def _end_note(self, end: int) -> None:
        self._flush(end)
        inside = self._written
        self._written, self._draft, self._from = self._outside.pop()
        self._mark(Kind.POINT, inside)

    def _mark(
        self, kind: Kind, raw: tuple[int, int] | list[Raw], key: int = -1, *, text: str = ""
    ) -> int:
        if key < 0:
            self._keys += 1
            key = self._keys
        mark = Mark(self._draft.size, kind, key, len(text))
        self._draft.marks.append(mark)
        self._draft.raw[mark] = raw if isinstance(raw, list) else [raw]
        if text and isinstance(raw, tuple):
            self._draft.add(text, *raw, plain=False)
        return key

    def _boundary(self, token: Token) -> None:
        """End the paragraph before a tag; the tag itself is no part of any."""
        self._flush(token.start)
        self._flush(token.end)

    def _flush(self, at: int) -> None:
        """End the paragraph being read, or what was read without finding one."""
        draft = self._draft
        if draft.size or draft.marks:
            self._draft = Draft()
            paragraph = draft.paragraph()
            if any(map(str.isalpha, without_kept(paragraph, 0, len(paragraph.text)))):
                self._written.append(len(self.finished))
                self.finished.append(draft)
                self._from = at
                return
            for mark in draft.marks:  # no words, but perhaps a note that has some
                self._write_out(draft.raw[mark])
        if at > self._from:
            self._written.append((self._from, at))
            self._from = at

    def _write_out(self, inside: list[Raw]) -> None:
        """Write what a mark without a paragraph stands for, if there are paragraphs in it."""
        spans = [each for each in inside if not isinstance(each, int)]
        if len(spans) < len(inside):
            self._written += [(self._from, spans[0][0]), *inside]
            self._from = spans[-1][1]
