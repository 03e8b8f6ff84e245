"""Cuts HTML or XML into tags and text without losing a byte, in one pass, at any depth.

It follows the tokenizer of the HTML standard where a difference could matter: a tag ends at the
first `>` outside a quoted value, a value whose quote is never closed swallows the rest, the inside
of `script` and `style` is no markup. Nothing is repaired and nothing is expanded: XML entities
stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_SPACE = r"[\t\n\f\r ]"
_TAG = re.compile(
    r"</?([A-Za-z_][^\t\n\f\r />]*+)"
    rf"(?:[^>=]++|={_SPACE}*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])))*+>"
)
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_ATTRIBUTE = re.compile(
    rf"([^\t\n\f\r />=\"']++)(?:{_SPACE}*+={_SPACE}*+(\"[^\"]*+\"|'[^']*+'|[^\t\n\f\r >]++))?"
)

_TAG_NAME = re.compile(r"</?[^\t\n\f\r />]*")

#: Elements of HTML whose inside is text to its end tag, whatever it looks like.
RAW_TEXT = frozenset(
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"]
)


class TagKind(Enum):
    """What a token is."""

    TEXT = "text"
    OPEN = "open"
    CLOSE = "close"
    ALONE = "alone"  #: `<x/>` of XML
    OTHER = "other"  #: comment, doctype, instruction, the inside of a script


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the document; together the tokens are the document.

    Attributes:
        kind: what it is.
        start: offset in the document.
        end: offset after it.
        name: of the element, small in HTML; empty for text and others.
    """

    kind: TagKind
    start: int
    end: int
    name: str = ""


def tokens(source: str, *, xml: bool = False) -> Iterator[Token]:
    """The tokens of a document in order."""
    at = 0
    foreign = 0  # inside <svg> and <math> HTML knows CDATA
    while at < len(source):
        begin = source.find("<", at)
        if begin < 0:
            yield Token(TagKind.TEXT, at, len(source))
            return
        token = _at(source, begin, xml=xml, cdata=xml or foreign > 0)
        if token is None:  # a bare `<` is text
            following = source.find("<", begin + 1)
            end = len(source) if following < 0 else following
            yield Token(TagKind.TEXT, at, end)
            at = end
            continue
        if begin > at:
            yield Token(TagKind.TEXT, at, begin)
        yield token
        at = token.end
        if not xml and token.name in ("svg", "math"):
            foreign = max(0, foreign + (1 if token.kind is TagKind.OPEN else -1))
        if not xml and token.kind is TagKind.OPEN and not foreign:
            inside = _raw_text(source, token)
            if inside is not None:
                yield inside
                at = inside.end


def _at(source: str, at: int, *, xml: bool, cdata: bool) -> Token | None:
    """The token that a `<` begins; None where it is only a character."""
    tag = _TAG.match(source, at)
    if tag is not None:
        name = tag.group(1) if xml else tag.group(1).lower()
        if source.startswith("/", at + 1):
            return Token(TagKind.CLOSE, at, tag.end(), name)
        alone = source[tag.end() - 2] == "/" and xml
        return Token(TagKind.ALONE if alone else TagKind.OPEN, at, tag.end(), name.rstrip("/"))
    following = source[at + 1 : at + 2]
    if following.isascii() and (following.isalpha() or following == "_"):
        return Token(TagKind.OTHER, at, len(source))  # a tag that never ends
    if following not in ("!", "?", "/"):
        return None
    if following == "/" and source[at + 2 : at + 3] == "":
        return None
    if source.startswith("<!--", at):
        comment = _COMMENT.match(source, at)
        return Token(TagKind.OTHER, at, comment.end() if comment else len(source))
    close = ">"
    if cdata and source.startswith("<![CDATA[", at):
        close = "]]>"
    elif xml and following == "?":
        close = "?>"
    elif xml and source.startswith("<!DOCTYPE", at):
        subset, plain = source.find("[", at), source.find(">", at)
        close = "]>" if 0 <= subset < plain else ">"
    end = source.find(close, at + 1)
    return Token(TagKind.OTHER, at, len(source) if end < 0 else end + len(close))


def _raw_text(source: str, opened: Token) -> Token | None:
    """What is inside an element that holds no markup, up to its end tag."""
    if opened.name == "plaintext":
        return Token(TagKind.OTHER, opened.end, len(source))
    if opened.name not in RAW_TEXT:
        return None
    close = re.compile(rf"</{opened.name}(?=[\t\n\f\r />])", re.IGNORECASE)
    found = close.search(source, opened.end)
    end = found.start() if found else len(source)
    if end == opened.end:
        return None
    kind = TagKind.TEXT if opened.name == "title" else TagKind.OTHER
    return Token(kind, opened.end, end)


def spans_of_attributes(source: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Each attribute of the tag `source[start:end]` that has a value: name in small letters, span.

    The span holds the quotes, where there are any.
    """
    name = _TAG_NAME.match(source, start, end)
    last = end - 2 if source.startswith("/>", end - 2) else end - 1
    for match in _ATTRIBUTE.finditer(source, name.end() if name else start, last):
        if match.group(2) is not None:
            yield match.group(1).lower(), *match.span(2)


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag, names small, values without quotes and as written inside."""
    body = tag[1:-1].lstrip("/")
    name = re.match(r"[^\t\n\f\r />]*", body)
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(body, name.end() if name else 0):
        value = match.group(2) or ""
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        found.setdefault(match.group(1).lower(), value)
    return found
