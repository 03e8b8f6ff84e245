"""A paragraph of a document: its words, with what stands between them (tags, pictures) set aside.

Every format with markup is read into paragraphs. `text` is what gets translated; `marks` say where
in it the markup stood. After translation `models.placement` puts the marks back among the new
words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, TypeVar

from models.languages import Language
from models.segment import Segment, segment


class Kind(Enum):
    """What a mark is."""

    OPEN = "open"  #: an inline element begins
    CLOSE = "close"  #: the element with the same key ends
    POINT = "point"  #: something without words of the sentence: a picture, a comment, a note
    KEPT = "kept"  #: words of the sentence that must come out as they are: code, translate="no"


@dataclass(frozen=True, slots=True)
class Mark:
    """Markup at one place of a paragraph.

    Attributes:
        at: offset in the text.
        kind: what it is.
        key: the format's own number for it; OPEN and CLOSE of one element share it.
        length: characters of the text that a KEPT mark covers; 0 for the others.
    """

    at: int
    kind: Kind
    key: int
    length: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that are translated together, and the marks among them in the order they stood in.

    Attributes:
        text: the words; whitespace between them counts for nothing unless the format keeps it.
        marks: the markup, `at` never going down.
    """

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One segment of a paragraph, translated.

    Attributes:
        start: offset of the segment in the paragraph's text.
        end: offset after it.
        target: its translation.
        probes: translations of what `models.placement.probes` asked for, in the same order;
            empty when nothing was asked.
        links: which words belong together, as offsets (start, end) in the segment and
            (start, end) in the translation; empty where the network gives none.
    """

    start: int
    end: int
    target: str
    probes: tuple[str, ...] = ()
    links: tuple[tuple[int, int, int, int], ...] = ()


T = TypeVar("T")
#: A translation in progress: it gives paragraphs in batches and is sent the parts of each paragraph
#: of the batch. Whoever drives it decides how; `models.conversation` is one way.
Conversation: TypeAlias = Generator[Sequence[Paragraph], Sequence[Sequence[Part]], T]


def segments(paragraph: Paragraph, language: Language | None = None) -> list[Segment]:
    """The segments of a paragraph that hold something to translate, in order.

    A KEPT mark never lies across two segments, and a segment of nothing but such marks is left
    out.
    """
    kept = [mark for mark in paragraph.marks if mark.kind is Kind.KEPT]
    found = segment(paragraph.text, language)
    joined: list[Segment] = []
    for each in found:
        before = joined[-1] if joined else None
        if before and kept:
            # Kept stretches do not overlap, so only the last that begins before can reach in.
            last = bisect_left(kept, each.start, key=lambda mark: mark.at) - 1
            if last >= 0 and kept[last].at + kept[last].length > before.end:
                joined[-1] = _joined(paragraph.text, before, each)
                continue
        joined.append(each)
    return [each for each in joined if _has_letter(without_kept(paragraph, each.start, each.end))]


def without_kept(paragraph: Paragraph, start: int, end: int) -> str:
    """The text between two offsets without what KEPT marks cover."""
    parts: list[str] = []
    at = start
    first = bisect_left(paragraph.marks, start, key=lambda mark: mark.at)
    for number in range(first, len(paragraph.marks)):
        mark = paragraph.marks[number]
        if mark.at >= end:
            break
        if mark.kind is Kind.KEPT and mark.at + mark.length <= end:
            parts.append(paragraph.text[at : mark.at])
            at = mark.at + mark.length
    parts.append(paragraph.text[at:end])
    return " ".join("".join(parts).split())


def spoken(text: str) -> str:
    """A segment as the engine should see it: no soft hyphens, one space for any whitespace."""
    return " ".join(text.replace("\u00ad", "").split())


def _joined(text: str, first: Segment, second: Segment) -> Segment:
    return Segment(
        first.start,
        second.end,
        text[first.start : second.end],
        first.paragraph,
        first.language or second.language,
        first.ambiguous or second.ambiguous or first.language is not second.language,
    )


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))
