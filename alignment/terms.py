"""Contested terms: which variant of a concept a text uses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TermUse:
    """One use of a contested term: the concept, the variant chosen, and how it is held at distance.

    `concept` and `variant` are language-neutral ids ("pl.kyiv", "kiev"); `quoted` says the term
    stands in scare quotes, `so_called` that a "so-called" marks it.
    """

    start: int
    end: int
    text: str
    concept: str
    variant: str
    quoted: bool = False
    so_called: bool = False


class Lexicon:
    """The contested terms of all three languages, ready to search with."""

    @classmethod
    def load(cls) -> Lexicon:
        """The lexicon shipped in `lexicons/terms.yaml`."""
        return cls()

    def find(self, text: str, language: str, offset: int = 0) -> list[TermUse]:
        """The contested terms of a text, in order; offsets are shifted by `offset`."""
        return []
