"""The three languages of Parallax and the directions between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """One of the three languages, as its BCP 47 code (`uk` is Ukrainian; `ua` is a country)."""

    RU = "ru"
    UK = "uk"
    EN = "en"


LANGUAGES: tuple[Language, ...] = (Language.RU, Language.UK, Language.EN)

#: English names by code. Package metadata misspells some, so names never come from there.
NAMES: dict[Language, str] = {
    Language.RU: "Russian",
    Language.UK: "Ukrainian",
    Language.EN: "English",
}


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction of translation, from `source` to `target`; its text form is `ru→en`."""

    source: Language
    target: Language

    @classmethod
    def parse(cls, text: str) -> Direction:
        """The direction written as `ru→en`, `ru-en` or `ru_en`.

        Raises:
            ValueError: the text is not two known language codes.
        """
        for mark in ("→", "-", "_"):
            source, found, target = text.partition(mark)
            if found:
                return cls(Language(source), Language(target))
        raise ValueError(f"{text!r} is not a direction; write it as ru-en.")

    @property
    def reverse(self) -> Direction:
        """The same two languages the other way round."""
        return Direction(self.target, self.source)

    def __str__(self) -> str:
        """The direction as shown to people: `ru→en`."""
        return f"{self.source}→{self.target}"


DIRECTIONS: tuple[Direction, ...] = tuple(
    Direction(a, b) for a in LANGUAGES for b in LANGUAGES if a != b
)
