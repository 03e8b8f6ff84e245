"""Plain text positions: a sentence handed in, and a span inside a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of the document, in characters: `document[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a document: its text, language code, offset in the document and paragraph."""

    text: str
    language: str
    start: int
    paragraph: int
