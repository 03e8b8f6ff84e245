"""Texts aligned as they are, without the store."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from service.api.schemas.shape import (
    DOUBTFUL,
    Moment,
    Relation,
    Request,
    Shape,
    Text,
    shown,
    sound,
)


class AlignText(Request):
    """One side: an article, or its ready segments."""

    text: Annotated[str, BeforeValidator(sound), Field(min_length=1)] | None = None
    segments: Annotated[list[Text], Field(min_length=1)] | None = None
    published_at: Moment | None = Field(
        default=None, description="What relative dates (yesterday) count from."
    )


class AlignRequest(Request):
    """Two or three texts to align as they are, without the store."""

    model_config = shown(
        {
            "texts": [
                {"segments": ["Обменяли по сто человек.", "Переговоры шли всю ночь."]},
                {"segments": ["The talks lasted all night.", "Each side freed 100 people."]},
            ]
        }
    )

    texts: Annotated[list[AlignText], Field(min_length=2, max_length=3)]
    mode: Literal["auto", "monotone", "comparable"] = "auto"


class AlignedTranslation(Shape):
    """The English that a segment was compared in, with what made it."""

    text: str
    origin: Literal["engine", "glossary", "memory", "kept"] = Field(
        description="The engine; the engine under terms of a glossary; a person's own words from "
        "the translation memory; or nothing in it to translate (kept)."
    )
    route: str
    log_prob: float | None
    flags: list[str] = Field(description="Doubts about it.")
    packages: list[str] = Field(description="sha256 of each package used.")
    options: str


class AlignedSegment(Shape):
    """A segment of one of the texts; offsets count in its NFC text."""

    start: int
    end: int
    text: str
    language: str | None
    ambiguous: bool
    translation: AlignedTranslation | None = Field(
        description="Null for English, and where nothing translates it."
    )


class AlignedText(Shape):
    """One of the texts with its segments, which links name by number from 0."""

    language: str | None
    segments: list[AlignedSegment]


class Link(Shape):
    """Segments that say the same thing, how they relate, and why."""

    a: list[int]
    b: list[int]
    probability: float
    relation: Relation
    doubtful: bool = Field(description=DOUBTFUL)
    reasons: list[str]
    parts: dict[str, float]


class Unmatched(Shape):
    """A segment without a counterpart, and the best candidate that was rejected."""

    side: Literal["a", "b"]
    index: int
    null_probability: float
    best: int | None
    best_probability: float


class Comparison(Shape):
    """What was found between two of the texts, named by their places from 0."""

    a: int
    b: int
    mode: Literal["monotone", "comparable"]
    overruled: bool = Field(description="The mode is the caller's and not the one found fitting.")
    links: list[Link]
    unmatched: list[Unmatched]
    missing: list[str] = Field(
        description="What the comparison went without; `text` where a side holds no words, `words` "
        "also where there are too many to be compared one by one."
    )


class AlignedGroup(Shape):
    """Segments of three texts that say the same thing: numbers by the text's place."""

    members: dict[int, list[int]]


class AlignAnswer(Shape):
    """The texts as they were read, every two of them compared, and the groups over all."""

    texts: list[AlignedText]
    comparisons: list[Comparison]
    groups: list[AlignedGroup]
