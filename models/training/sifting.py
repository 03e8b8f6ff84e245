"""Leaves out of the lists of rare words what a phrase table has put there by chance.

A word that was seen a few times is often linked to the article beside its translation, or to one
piece of it. Such an entry is said to the network wherever the word occurs, so none is better. Of
300 translations a direction that were read, a tenth of those into English suffered from one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import SequenceMatcher

from models.languages import Direction, Language
from models.transliterate import CYRILLIC, LATIN, spelled


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that say nothing alone.
FUNCTION: Mapping[Language, frozenset[str]] = {
    Language.EN: _words("""
        the a an of to in on at by for with from as into onto over under up out off
        about after before between through during against without within than then so if
        or and but nor not no is was were are be been being am had has have having will
        would shall should can could may might must do does did done that which who whom
        whose this these those it its he she they them him his her hers their theirs i
        me my we us our you your there here when where what how why s t d ll re ve also
        just only very more most such some any each all both
    """),
    Language.RU: _words("""
        в на с и не что это как по из к о за для у до от при во со ко об а но или его ее
        их им ему ей ним них нее он она оно они мы вы я был была было были быть есть
        будет будут который которая которое которые которого которой которых то же бы ли
        так уже еще также
    """),
    Language.UK: _words("""
        в у на з із зі й і та не що це як по до від о за для при во а але чи або його її
        їх їм йому їй ним них неї він вона воно вони ми ви я був була було були бути є
        буде будуть який яка яке які якого якої яких то ж же би б так вже ще також про
    """),
}
ARTICLES = _words("the a an")
#: What an English translation is not left to end, or to begin, with.
HANGING = FUNCTION[Language.EN] - _words("out up off over in on down about it after him her them")
LEADING = ARTICLES | {"of", "by"}
#: Letters of a translation that is a piece of one.
SHORT = 2
#: Letters from which a word of one East Slavic language is not said in so few of the other.
LONG, FEW = 9, 4
#: Likeness of a translation to the spelling of a name from which on it is that name.
ALIKE = 0.6


def sifted(
    entries: Mapping[str, str], direction: Direction, kept: Collection[str]
) -> dict[str, str]:
    """The entries without those of chance; what is `kept`, by hand, stays as it is.

    A word whose entry goes is called what another form of it is, or left to the network. Words of
    two letters and contractions stay.
    """
    found: dict[str, str] = {}
    for word, said in entries.items():
        better = said
        if said and word not in kept and len(word) > 2 and word.isalpha():
            better = trimmed(said, direction.target)
        if better or not said:
            found[word] = better
    return {
        word: said
        for word, said in found.items()
        if word in kept or not by_chance(word, found, direction)
    }


def trimmed(said: str, language: Language) -> str:
    """A translation without what hangs on it; nothing where nothing else is left."""
    words = said.split()
    if language == Language.EN:
        while len(words) > 1 and words[0].lower() in LEADING:
            del words[0]
        while len(words) > 1 and words[-1].lower() in HANGING:
            del words[-1]
    if all(word.lower() in FUNCTION[language] for word in words):
        return ""
    left = " ".join(words)
    return "" if len(left) <= SHORT and left.islower() else left


def by_chance(word: str, entries: Mapping[str, str], direction: Direction) -> bool:
    """Whether an entry is a part of a word, of the wrong script, or not what its small form is."""
    said = entries[word]
    if not said or said == word:
        return False
    latin = LATIN.search(said) is not None
    if latin and CYRILLIC.search(said):
        return True
    slavic = Language.EN not in (direction.source, direction.target) and CYRILLIC.search(word)
    part = len(word) >= LONG and len(said) <= FEW
    if slavic and (part or (latin and said.islower())):
        return True
    small = word.lower()
    if small == word or word.isupper() or not entries.get(small):
        return False
    name = spelled(word, direction.source, direction.target)
    return not any(alike(said.lower(), each.lower()) for each in (entries[small], name))


def alike(one: str, other: str) -> bool:
    """Whether two words are spelled much the same."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
