"""Capitals: headlines in capitals or Title Case, which networks seldom saw, and back again."""

from __future__ import annotations

import re

from models.languages import Language

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
#: The first word of a text, behind brackets and quotation marks at most.
_BEGINNING = re.compile(rf"[\s\"'«»“”„‘’(\[—–-]*(?P<word>{_WORD.pattern})")
#: Words English headlines write small even in Title Case.
_SMALL = frozenset(
    ["a", "an", "the", "of", "in", "on", "at", "to", "for", "and", "or", "but", "by", "as", "is"]
)
#: English words that are small inside a sentence, and neither names nor months.
_INSIDE = _SMALL.union(
    ["it", "he", "she", "we", "they", "you", "this", "that", "these", "those", "there", "who"],
    ["which", "what", "his", "her", "its", "our", "their", "with", "from", "after", "before"],
    ["when", "while", "if", "so", "are", "was", "were", "be", "been", "has", "have", "had", "not"],
    ["no", "also", "about", "more", "all", "one", "two", "into", "over", "under", "between"],
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


def begun(source: str, target: str, language: Language) -> str:
    """The target of a sentence, or of a part of one, that begins with a capital as its source does.

    A word that begins small on purpose stays (iPhone), and so does an English one with a capital
    that may be a name's.
    """
    first, word = _BEGINNING.match(source), _BEGINNING.match(target)
    if not first or not word:
        return target
    at, spelled = word.start("word"), word["word"]
    if first["word"][0].isupper():
        return target[:at] + _first_upper(target[at:]) if spelled.islower() else target
    common = language is not Language.EN or spelled.lower() in _INSIDE
    capital = spelled == spelled.capitalize()
    return target[:at] + target[at].lower() + target[at + 1 :] if common and capital else target


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
