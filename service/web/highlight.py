"""Marks inside an original sentence: escaped text with a labelled element round each span."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

#: Where two spans meet, the earlier kind in this order keeps the characters.
KINDS = ("term", "negation", "hedge", "attribution", "number", "date")


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to mark, in the document's offsets; `label` says in words what it is."""

    start: int
    end: int
    kind: str
    label: str


def marked(
    text: str, offset: int, marks: Iterable[Mark], focus: tuple[int, int] | None = None
) -> Markup:
    """`text`, escaped, with a `<mark>` round each span that lies wholly inside it.

    Args:
        text: the original; it starts at `offset` in its document.
        offset: characters before the text in its document.
        marks: spans in document offsets; those that overlap one of a stronger kind are left out.
        focus: the part that is meant; what stands round it is set back as context.
    """
    start, end = focus or (offset, offset + len(text))
    start, end = max(start - offset, 0), min(end - offset, len(text))
    before, after = text[:start], text[end:]
    out: list[Markup] = [_context(before)]
    at = start
    for mark in _kept(marks, offset + start, offset + end):
        first, last = mark.start - offset, mark.end - offset
        out.append(escape(text[at:first]))
        out.append(
            Markup('<mark class="{}" title="{}">{}</mark>').format(
                mark.kind, mark.label, text[first:last]
            )
        )
        at = last
    return Markup("").join([*out, escape(text[at:end]), _context(after)])


def _kept(marks: Iterable[Mark], start: int, end: int) -> list[Mark]:
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (KINDS.index(m.kind), m.start, -m.end)):
        inside = start <= mark.start < mark.end <= end
        if inside and all(mark.end <= other.start or other.end <= mark.start for other in kept):
            kept.append(mark)
    return sorted(kept, key=lambda m: m.start)


def _context(text: str) -> Markup:
    return Markup('<span class="context">{}</span>').format(text) if text.strip() else escape(text)
