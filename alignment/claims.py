"""Claims: the smallest attributed propositions of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from alignment.attribution import Attribution, Speaker
from alignment.dates import DateInterval
from alignment.entities import Entity
from alignment.quantities import Quantity
from alignment.span import Sentence, Span
from alignment.terms import TermUse

__all__ = ["Attribution", "Claim", "Sentence", "Span", "Speaker", "extract"]

Polarity = Literal["affirmed", "denied", "unknown"]
Certainty = Literal["certain", "probable", "possible", "unknown"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One proposition with who says it, how surely, and what can be compared in it.

    `sentence` indexes the sentences given to `extract`; every offset counts characters of the
    document. `polarity` is as held by the innermost speaker: a denied claim keeps its own words.
    """

    sentence: int
    start: int
    end: int
    text: str
    language: str
    attribution: Attribution | None = None
    polarity: Polarity = "affirmed"
    certainty: Certainty = "certain"
    hedges: tuple[Span, ...] = ()
    negations: tuple[Span, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[DateInterval, ...] = ()
    places: tuple[str, ...] = ()
    entities: tuple[Entity, ...] = ()
    quotes: tuple[Span, ...] = ()
    terms: tuple[TermUse, ...] = ()


def extract(
    sentences: Sequence[Sentence],
    *,
    published_at: datetime | None = None,
    zone: str = "Europe/Kyiv",
) -> list[Claim]:
    """The claims of a document, in order of their start; one sentence gives one or more."""
    return [
        Claim(i, s.start, s.start + len(s.text), s.text, s.language)
        for i, s in enumerate(sentences)
        if s.text.strip()
    ]
