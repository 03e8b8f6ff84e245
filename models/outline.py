"""How XML of any kind is to be read: which elements part sentences and which stand in them.

Nothing is known of such a text but its own shape. An element that somewhere stands beside words is
part of their sentence; one that never does is structure and parts sentences. Callers may say so
themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from models.dialects import Dialect
from models.errors import DocumentError
from models.tags import TagKind, tokens

_ALONE_IN_DOCUMENT = ("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")


@dataclass(frozen=True, slots=True)
class Outline:
    """What a caller says of the elements of its XML, by their names, in which case counts.

    Attributes:
        ignored: their words come out as they are.
        splitting: they begin and end sentences.
        inside: they never do.
        automatic: of the others the shape of the text tells; otherwise they never do.
    """

    ignored: frozenset[str] = frozenset()
    splitting: frozenset[str] = frozenset()
    inside: frozenset[str] = frozenset()
    automatic: bool = True

    def dialect(self, source: str) -> Dialect:
        """How to read an XML text or a part of one.

        Raises:
            DocumentError: its tags do not match.
        """
        alone = _structure(source)
        blocks = set(self.splitting)
        if self.automatic:
            blocks |= alone - self.inside - self.ignored
        return Dialect(
            blocks=frozenset(blocks),
            kept=self.ignored - blocks,
            silent=self.ignored & blocks,
            xml=True,
            sections=True,
        )


@dataclass(slots=True)
class _Open:
    """An element that has begun: whether words stand in it, and which elements do."""

    name: str
    words: bool = False
    inside: set[str] = field(default_factory=set)


def _structure(source: str) -> set[str]:
    """The names of the elements that never stand beside words, once all tags match."""
    stack = [_Open("")]
    seen: set[str] = set()
    beside: set[str] = set()
    for token in tokens(source, xml=True):
        if token.kind is TagKind.TEXT:
            if not stack[-1].words:
                text = source[token.start : token.end]
                stack[-1].words = any(map(str.isalnum, text))
        elif token.kind is TagKind.OTHER:
            _check_other(source, token.start, token.end)
        elif token.kind is TagKind.CLOSE:
            done = stack.pop() if len(stack) > 1 else None
            if done is None or done.name != token.name:
                what = f"</{token.name[:40]}> at character {token.start}"
                raise DocumentError(f"The XML is not well-formed: nothing opens {what}.")
            if done.words:
                beside |= done.inside
        else:
            stack[-1].inside.add(token.name)
            seen.add(token.name)
            if token.kind is TagKind.OPEN:
                stack.append(_Open(token.name))
    if len(stack) > 1:
        raise DocumentError(f"The XML is not well-formed: <{stack[-1].name[:40]}> is never closed.")
    if stack[0].words:
        beside |= stack[0].inside
    return seen - beside


def _check_other(source: str, start: int, end: int) -> None:
    """Refuse a tag, comment or instruction that is cut off."""
    for begins, ends in _ALONE_IN_DOCUMENT:
        if source.startswith(begins, start):
            if source.endswith(ends, start + len(begins), end):
                return
            break
    raise DocumentError(f"The XML is not well-formed: a tag at character {start} never ends.")
