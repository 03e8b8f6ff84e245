"""Capitals: headlines in capitals or Title Case, which networks seldom saw, and back again."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
#: The first word of a text, behind brackets and quotation marks at most.
_BEGINNING = re.compile(rf"[\s\"'«»“”„‘’(\[—–-]*(?P<word>{_WORD.pattern})")
#: Words English headlines write small even in Title Case.
_SMALL = frozenset(
    ["a", "an", "the", "of", "in", "on", "at", "to", "for", "and", "or", "but", "by", "as", "is"]
)


def is_upper(text: str) -> bool:
    """Whether a text is written in capitals: several words, and one that is no abbreviation."""
    words: list[str] = _WORD.findall(text)
    letters = "".join(words)
    return len(words) >= 2 and letters.isupper() and any(len(word) >= 6 for word in words)


def is_title(text: str) -> bool:
    """Whether an English text is a headline with every long word capitalised."""
    words: list[str] = [word for word in _WORD.findall(text) if word not in _SMALL]
    if len(words) < 4 or is_upper(text):
        return False
    capital = sum(word[0].isupper() for word in words)
    return capital >= 0.9 * len(words)


def lowered(text: str) -> str:
    """A text in capitals as one in sentence case; abbreviations cannot be told and go small."""
    small = text.lower()
    return _first_upper(small)


def untitled(text: str) -> str:
    """A Title Case headline in sentence case, words that are all capitals left as they are."""
    first = True

    def down(match: re.Match[str]) -> str:
        nonlocal first
        word = match.group()
        keep = first or not (word[0].isupper() and word[1:].islower())
        first = False
        return word if keep else word.lower()

    return _WORD.sub(down, text)


def raised(text: str) -> str:
    """A translation in capitals, like its source."""
    return text.upper()


def begun(source: str, target: str) -> str:
    """The target with a capital at its beginning, where the source has one there.

    A word that begins small on purpose (iPhone) stays.
    """
    first, word = _BEGINNING.match(source), _BEGINNING.match(target)
    if not first or not word or not first["word"][0].isupper() or not word["word"].islower():
        return target
    return target[: word.start("word")] + _first_upper(target[word.start("word") :])


def like(word: str, text: str) -> str:
    """The text with the capitals of a word: all of them, the first, or none more than it has."""
    if len(word) > 1 and word.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if word[0].isupper() else text


def _first_upper(text: str) -> str:
    for number, letter in enumerate(text):
        if letter.isalpha():
            return text[:number] + letter.upper() + text[number + 1 :]
    return text
