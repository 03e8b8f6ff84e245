"""Carries on the conversation about a document with a plain function that translates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from models.identify import identify
from models.languages import Language
from models.paragraph import Conversation, Paragraph, Part, segments, spoken
from models.placement import probes
from models.segment import Segment

T = TypeVar("T")
#: Gives one translation for each text; all of them are in one language.
Translate = Callable[[list[str], Language], Sequence[str]]


def answer(
    conversation: Conversation[T], translate: Translate, language: Language | None = None
) -> T:
    """What a conversation ends with when `translate` translates its segments.

    Without `language` each segment is translated from the one it is found to be in; the first
    words of the document decide for those that could be in several. A segment in none of the
    languages stays as it is.
    """
    document = language
    try:
        batch = next(conversation)
        while True:
            document = document or _language(batch)
            found = [_settled(segments(each, language), document) for each in batch]
            batch = conversation.send(_parts(batch, found, translate))
    except StopIteration as stop:
        return cast(T, stop.value)


def _parts(
    batch: Sequence[Paragraph], found: Sequence[Sequence[Segment]], translate: Translate
) -> list[list[Part]]:
    """The parts of each paragraph; every text is translated once."""
    wanted: dict[Language, dict[str, None]] = defaultdict(dict)
    for paragraph, these in zip(batch, found, strict=True):
        for each in these:
            if each.language is not None:
                texts = (spoken(each.text), *probes(paragraph, each.start, each.end))
                wanted[each.language].update(dict.fromkeys(texts))
    known = {
        language: dict(zip(texts, translate(list(texts), language), strict=True))
        for language, texts in wanted.items()
    }
    return [
        [
            Part(
                each.start,
                each.end,
                known[each.language][spoken(each.text)],
                tuple(
                    known[each.language][text] for text in probes(paragraph, each.start, each.end)
                ),
            )
            for each in these
            if each.language is not None
        ]
        for paragraph, these in zip(batch, found, strict=True)
    ]


def _language(batch: Sequence[Paragraph]) -> Language | None:
    """The language of some paragraphs together, None where it is in doubt."""
    seen = identify("\n".join(paragraph.text for paragraph in batch))
    return None if seen.ambiguous else seen.language


def _settled(found: list[Segment], document: Language | None) -> list[Segment]:
    """The segments, where one in doubt takes the language of the document."""
    return [
        replace(each, language=document, ambiguous=False)
        if document and (each.ambiguous or each.language is None)
        else each
        for each in found
    ]
