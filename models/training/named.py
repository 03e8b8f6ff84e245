"""English names as Russian and Ukrainian text spells them: Джефферсон, Jefferson.

Names that no phrase table has are spelled by rule, one way for all (Dzhefferson). English text
knows how they are written, and the rules of the other way round say which spelling that is.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.languages import Language
from models.transliterate import spelled

#: How often English must write a name, and its letters: short ones are alike by chance.
SEEN, SHORTEST = 3, 4


def named(
    english: Mapping[str, int], other: Mapping[str, int], language: Language
) -> dict[str, str]:
    """English names by their spelling in a language; both texts' words with how often seen.

    Of several names the one that the rules lead back to, or else the most frequent. What the other
    language writes small more often than not is no name.
    """
    found: dict[str, str] = {}
    for name in sorted(english, key=lambda name: english[name]):
        if english[name] < SEEN or len(name) < SHORTEST or not name.isalpha():
            continue
        if name.isupper() or not name[0].isupper() or english.get(name.lower(), 0) >= english[name]:
            continue
        word = spelled(name, Language.EN, language)
        if other.get(word.lower(), 0) <= other.get(word, 0):
            back = spelled(word, language, Language.EN)
            found[word] = back if back in english else name
    return found
