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


def marked(text: str, offset: int, marks: Iterable[Mark]) -> Markup:
    """`text`, escaped, with a `<mark>` round each span that lies wholly inside it.

    Args:
        text: the original; it starts at `offset` in its document.
        offset: characters before the text in its document.
        marks: spans in document offsets; those that overlap one of a stronger kind are left out.
    """
    taken: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (KINDS.index(m.kind), m.start, -m.end)):
        inside = offset <= mark.start < mark.end <= offset + len(text)
        if inside and all(mark.end <= other.start or other.end <= mark.start for other in taken):
            taken.append(mark)
    out: list[Markup] = []
    at = 0
    for mark in sorted(taken, key=lambda m: m.start):
        start, end = mark.start - offset, mark.end - offset
        out.append(escape(text[at:start]))
        out.append(
            Markup('<mark class="{}" title="{}">{}</mark>').format(
                mark.kind, mark.label, text[start:end]
            )
        )
        at = end
    out.append(escape(text[at:]))
    return Markup("").join(out)
