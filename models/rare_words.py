"""What a network's rare words are called in its target language, said to it before it translates.

A small network knows frequent words; a word it has seldom seen it spells wrong, piece by piece.
A package may therefore bring a list of what rare words become (`rare_words.tsv.xz`, made by
`models/training/rare_words.py`). Those words are replaced in the source, and the network, which was
trained on such sources, gives them their place and their ending (Song et al. 2019 do so for
terms). A word of several pieces that is not listed goes by its nearest form that is, a name in
English by its nominative or else by the rules of `models.transliterate`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from models.casing import like
from models.inflection import nominatives
from models.languages import Direction, Language
from models.packed import unpacked
from models.transliterate import CYRILLIC, LATIN, abbreviated, spelled

#: The list of a package: lines of a word, a tab and its translation, sorted by code points.
FILE = "rare_words.tsv.xz"
#: What a word is made of besides letters.
APOSTROPHES = "'’ʼ"
#: SentencePiece's mark of a space.
SPACE = "▁"
#: Letters two forms of a word begin with at least, and letters of an ending at most.
STEM, ENDING = 5, 3
#: Behind these a word is written without its space, in other pieces than elsewhere.
OPENING = "(\"'["
#: Behind these another sentence begins.
ENDING_MARKS = ".!?…:"
#: Endings that tell forms of one English word apart from other words.
_ENGLISH_ENDINGS = frozenset(["", "s", "es", "ed", "d", "ing", "e", "er", "ly", "'s"])
_POSSESSIVE = re.compile("['’](s|)$")
#: Letters of an abbreviation at most: in capitals, a word of no more is not looked for in small.
ABBREVIATION = 5
#: Lines on either side of a word's place that are looked at for another form of it.
_NEIGHBOURS = 3
_KEPT = 50_000
#: Letters of a word from which it is looked for in a translation, and those of a short one at most,
#: the forms of which begin with fewer letters alike.
_TELLING, _SHORT = 4, 5
_WORD = re.compile(rf"[^\W\d_]+(?:[{APOSTROPHES}][^\W\d_]+)*")


class Pieces(Protocol):
    """A tokenizer, as far as it is needed here."""

    def encode(self, text: str) -> list[str]:
        """The pieces of a text, the first of which begins with SPACE."""


@dataclass(frozen=True, slots=True)
class Hinted:
    """A source with its rare words replaced.

    `places` has, for every piece, the number of the piece of the plain source that it stands for.
    `said` are words put in that a network may get wrong though the list has them right: those of
    several pieces. A word of one piece it copies, or takes another on purpose, and one spelled by
    rule it may know better.
    """

    pieces: list[str]
    places: list[int]
    said: list[str] = field(default_factory=list)


class RareWords:
    """The list of a package, and how it is read; safe to share between threads."""

    def __init__(self, listed: bytes, direction: Direction, tokenizer: Pieces) -> None:
        """`listed`: the lines of the list as UTF-8, each ended by a line feed."""
        self._lines = _Lines(listed)
        self._direction = direction
        self._tokenizer = tokenizer
        self._translation = lru_cache(maxsize=_KEPT)(self.translation)
        self._known = lru_cache(maxsize=_KEPT)(self._by_list)
        self._listed = lru_cache(maxsize=_KEPT)(self._found)

    @classmethod
    def load(cls, path: Path, direction: Direction, tokenizer: Pieces) -> RareWords:
        """A list in a file.

        Raises:
            PackageError: it cannot be read.
        """
        return cls(unpacked(path.parent, path.name), direction, tokenizer)

    def read(self, pieces: Sequence[str], chosen: Callable[[str], bool] = lambda _: True) -> Hinted:
        """The pieces of a source with the rare words replaced that are `chosen`."""
        found = Hinted([], [])
        begins = True
        for start, end in _words(pieces):
            behind = start > 0 and opens(pieces[start - 1])
            new = self._said(pieces[start:end], chosen, behind=behind, begins=begins or behind)
            begins = pieces[end - 1][-1] in ENDING_MARKS
            count = end - start
            if new:
                found.pieces.extend(new)
                found.places.extend(start + k * count // len(new) for k in range(len(new)))
                if self._known("".join(pieces[start:end]).lstrip(SPACE)):
                    found.said.extend(_spelled_out(new))
            else:
                found.pieces.extend(pieces[start:end])
                found.places.extend(range(start, end))
        return found

    def translation(self, word: str) -> str:
        """What a word in pieces is to be called; nothing where the network is better left alone."""
        known = self._known(word)
        return self._name(word) if known is None else known

    def _by_list(self, word: str) -> str | None:
        """What the list says of a word or of another form of it; None if nothing."""
        listed = self._listed(word)
        if listed is None and word.isupper() and 1 < len(word) <= ABBREVIATION:
            return None
        small = word.lower()
        if listed is None and small != word:
            listed = self._listed(small)
            listed = listed and like(word, listed)
        if listed is not None:
            return listed
        return self._case(word) or like(word, self._form(small)) or None

    def _said(
        self, pieces: Sequence[str], chosen: Callable[[str], bool], *, behind: bool, begins: bool
    ) -> list[str]:
        """The pieces that replace those of a word, or none.

        `behind` an opening mark or not; `begins` a sentence, so that a capital says nothing.
        """
        word = "".join(pieces)
        bare = word.lstrip(SPACE)
        if not bare[:1].isalpha() or not all(c.isalpha() or c in APOSTROPHES for c in bare):
            return []
        # Behind a quotation mark, or at the beginning of a sentence, a word that has a piece of its
        # own is spelled out: the network knows the piece, and hardly the spelling.
        own = self._own(bare, behind=bare == word, begins=begins) if len(pieces) > 1 else []
        # A word of one piece is only what it is listed as itself: March is no march.
        rare = len(pieces) > 1 and not own
        translation = self._translation(bare) if rare else self._listed(bare)
        if not translation or translation == bare:
            return own if (behind or bare != word) and chosen(bare) else []
        if not chosen(bare):
            return []
        if bare != word:
            return self._tokenizer.encode(translation)
        # Without the mark of a space: as it is written behind a bracket.
        made = self._tokenizer.encode(f"({translation}")
        heads = (count for count in (1, 2) if "".join(made[:count]) == f"{SPACE}(")
        return made[next(heads, len(made)) :]

    def _own(self, word: str, *, behind: bool, begins: bool) -> list[str]:
        """The one piece of a word that stands in several, as a rule because of where it stands."""
        own = self._tokenizer.encode(word) if behind else []
        if len(own) == 1:
            return own
        small = word.lower()
        if not begins or word.isupper() or small == word:
            return []
        if self._listed(word) is not None or self._listed(small) is not None:
            return []
        own = self._tokenizer.encode(small)
        return own if len(own) == 1 else []

    def _found(self, word: str) -> str | None:
        key = f"{word}\t".encode()
        at = bisect_left(self._lines, key)
        if at < len(self._lines) and self._lines[at].startswith(key):
            return self._lines[at][len(key) :].decode()
        return None

    def _form(self, word: str) -> str:
        """The translation of another form of the word: the one most like it."""
        if len(word) < STEM:
            return ""
        at = bisect_left(self._lines, f"{word}\t".encode())
        best = (0, 0, "")
        for number in range(max(0, at - _NEIGHBOURS), min(len(self._lines), at + _NEIGHBOURS)):
            other, _, translation = self._lines[number].decode().partition("\t")
            if translation:
                stem = _common(word, other)
                if self._are_forms(word, other, stem):
                    best = max(best, (stem, -len(other), translation))
        return best[2]

    def _case(self, word: str) -> str:
        """The English of a name in another case than the one that is listed."""
        if not word[0].isupper() or self._direction.target != Language.EN:
            return ""
        for name in nominatives(word, self._direction.source):
            if said := self._listed(name):
                return said
            # Some names are listed in small letters; a common word that is spelled so is not meant.
            said = self._listed(name.lower())
            if said and said[0].isupper():
                return said
        return ""

    def _are_forms(self, word: str, other: str, stem: int) -> bool:
        endings = word[stem:], other[stem:]
        if stem < STEM or max(map(len, endings)) > ENDING:
            return False
        return self._direction.source != Language.EN or _ENGLISH_ENDINGS.issuperset(endings)

    def _name(self, word: str) -> str:
        """A name in the letters of the other language; Latin abbreviations stay."""
        source, target = self._direction.source, self._direction.target
        if not word[0].isupper():
            return ""
        latin = LATIN.search(word) is not None
        if Language.EN not in (source, target):
            return "" if latin else spelled(word, source, target)
        if latin != (source == Language.EN) or (latin and CYRILLIC.search(word)):
            return ""
        if latin:
            word = _POSSESSIVE.sub("", word)
            return self._listed(word) or (
                "" if abbreviated(word) else spelled(word, source, target)
            )
        return spelled(word, source, target)


def closed_up(pieces: Sequence[str]) -> tuple[str, ...]:
    """The pieces of a target without the space that a source's word behind a mark has led to."""
    return tuple(
        piece[1:] if at and piece.startswith(SPACE) and opens(pieces[at - 1]) else piece
        for at, piece in enumerate(pieces)
    )


def unsaid(said: Sequence[str], target: str) -> int:
    """How many words that a network was given no word of its target begins like.

    >>> unsaid(["Розенберг", "coped"], "Разенберга ped")
    2
    >>> unsaid(["Розенберг", "coped"], "Розенберга coping")
    0
    """
    words = {word.casefold() for word in _WORD.findall(target)}
    stems = (word.casefold()[: 3 if len(word) <= _SHORT else 4] for word in said)
    return sum(not any(word.startswith(stem) for word in words) for stem in stems)


def opens(piece: str) -> bool:
    """Whether a piece is an opening bracket or quotation mark."""
    marks = piece.removeprefix(SPACE)
    return marks != piece and bool(marks) and all(mark in OPENING for mark in marks)


class _Lines:
    """The lines of a text, without their ends, none of which is a string of its own until asked."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n"))
        self._starts = np.concatenate([[0], ends + 1])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> bytes:
        return self._text[self._starts[number] : self._starts[number + 1] - 1]


def _spelled_out(pieces: Sequence[str]) -> Iterator[str]:
    """The words of several pieces and some letters."""
    for start, end in _words(pieces):
        word = "".join(pieces[start:end]).lstrip(SPACE)
        if end - start > 1 and len(word) >= _TELLING and word[0].isalpha():
            yield word


def _words(pieces: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Start and end of every stretch of pieces that is a word, or a piece that is none."""
    start = 0
    for end in range(1, len(pieces) + 1):
        if end == len(pieces) or not _joined(pieces[end - 1], pieces[end]):
            yield start, end
            start = end


def _joined(piece: str, after: str) -> bool:
    """Whether a piece goes on with the word of the one before it; a word may begin with a space."""
    return of_word(after[0]) and (piece == SPACE or of_word(piece[-1]))


def of_word(letter: str) -> bool:
    """Whether a letter goes on with a word."""
    return letter.isalnum() or letter in APOSTROPHES


def _common(one: str, other: str) -> int:
    """Letters that two words begin with alike."""
    least = min(len(one), len(other))
    return next((i for i in range(least) if one[i] != other[i]), least)
