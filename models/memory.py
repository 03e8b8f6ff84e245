"""Translation memory: segments with the translation an analyst gave them, exact and fuzzy."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from models.languages import Direction

_WORD = re.compile(r"\w+")
_SPACES = re.compile(r"\s+")
#: Units compared closely for one fuzzy question.
_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Unit:
    """A segment and its translation as somebody gave it.

    Attributes:
        source: the segment.
        target: its translation.
        direction: of the two.
        author: who gave it, as the caller names people.
        reference: the caller's own name for it, such as an id.
    """

    source: str
    target: str
    direction: Direction
    author: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A unit that is like a segment; `similarity` is 0 to 1, and 1 means equal."""

    unit: Unit
    similarity: float


class TranslationMemory:
    """Units by segment and direction; the unit added last wins. Safe between threads."""

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        self._lock = threading.Lock()
        self._exact: dict[tuple[Direction, str], int] = {}
        self._units: dict[int, Unit] = {}
        self._words: dict[tuple[Direction, str], set[int]] = defaultdict(set)
        self._next = 0
        for unit in units:
            self.add(unit)

    def __len__(self) -> int:
        """How many segments are known."""
        return len(self._units)

    def add(self, unit: Unit) -> None:
        """Take a unit in; it replaces one with the same segment and direction."""
        key = unit.direction, normal(unit.source)
        with self._lock:
            self._drop(key)
            number = self._next
            self._next += 1
            self._exact[key] = number
            self._units[number] = unit
            for word in _words(unit.source):
                self._words[unit.direction, word].add(number)

    def remove(self, source: str, direction: Direction) -> bool:
        """Forget a segment; whether it was known."""
        with self._lock:
            return self._drop((direction, normal(source)))

    def exact(self, source: str, direction: Direction) -> str | None:
        """The translation of a segment that is equal but for whitespace, or None."""
        with self._lock:
            number = self._exact.get((direction, normal(source)))
            return None if number is None else self._units[number].target

    def fuzzy(
        self, source: str, direction: Direction, *, threshold: float = 0.7, limit: int = 3
    ) -> list[Match]:
        """Units whose segments are like `source`, the most similar first.

        Similarity is the mean of the normalised edit similarities over words and over
        characters (Levenshtein 1966), as translation memories have it.
        """
        from rapidfuzz.distance import Levenshtein

        wanted = normal(source)
        words = _words(source)
        with self._lock:
            shared: Counter[int] = Counter()
            # Rare words first: they find the few units worth comparing.
            for word in sorted(words, key=lambda each: len(self._words.get((direction, each), ()))):
                numbers = self._words.get((direction, word), ())
                if len(shared) < _CANDIDATES * 5:
                    shared.update(numbers)
                else:
                    shared.update(number for number in numbers if number in shared)
            units = [self._units[number] for number, _ in shared.most_common(_CANDIDATES)]
        tokens = wanted.split(" ")
        found = []
        for unit in units:
            other = normal(unit.source)
            similarity = (
                Levenshtein.normalized_similarity(wanted, other)
                + Levenshtein.normalized_similarity(tokens, other.split(" "))
            ) / 2
            if similarity >= threshold:
                found.append(Match(unit, similarity))
        found.sort(key=lambda each: (-each.similarity, each.unit.source))
        return found[:limit]

    def _drop(self, key: tuple[Direction, str]) -> bool:
        number = self._exact.pop(key, None)
        if number is None:
            return False
        unit = self._units.pop(number)
        for word in _words(unit.source):
            self._words[unit.direction, word].discard(number)
        return True


def normal(text: str) -> str:
    """A segment as it is looked up: NFC, single spaces, none at the ends; case counts."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(unicodedata.normalize("NFC", text))}
