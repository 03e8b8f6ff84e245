"""Words written half in Cyrillic and half in Latin letters that look the same.

Such words come from typing, from reading print by machine, and from hiding words from filters. They
look right, but no list and no network knows them, so they are read as written in one script.
"""

from __future__ import annotations

import re

from models import protect
from models.languages import Language
from models.transliterate import CYRILLIC

#: Latin letters and the Cyrillic ones that look the same, in pairs.
_PAIRS = ("aа cс eе oо pр xх yу kк", "AА BВ CС EЕ HН KК MМ OО PР TТ XХ YУ")
#: Those of one language alone. A Latin e is an е: nobody can tell whether an ё was meant.
_OWN = {Language.RU: "ëё ËЁ", Language.UK: "iі IІ ïї ÏЇ"}
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
#: A word by its letters; beside a digit, an underscore or a backslash it is part of a code.
_WORD = re.compile(r"(?<![\w\\])[^\W\d_]{2,}(?!\w)")
#: What is spelled like an address or a handle: whose it is depends on every letter.
_ADDRESS = re.compile(r"@\w+|\b\w[\w-]*(?:\.\w[\w-]*)*\.[^\W\d_]{2,}\b(?:/\S*)?")
#: A word with an ending of the other script on purpose (SMSка, Facebookа), or with a wrong letter.
_INFLECTED = re.compile(f"{_LATIN.pattern}+[а-яёіїєґ]+")


def _pairs(*written: str) -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pairs in written for pair in pairs.split()}


#: Letters of a text that may become others, for `str.translate`.
TO_CYRILLIC = {language: _pairs(*_PAIRS, own) for language, own in _OWN.items()}
TO_LATIN = {ord(letter): chr(latin) for t in TO_CYRILLIC.values() for latin, letter in t.items()}


def one_script(text: str, language: Language) -> str:
    """The text with every mixed word in one script, letter for letter; protected items stay.

    That is the one that each of the word's letters has or has a like in; of two, the one that most
    have, on a tie the language's. No word of English becomes Cyrillic.

    >>> one_script("тeплая", Language.RU) == "теплая"
    True
    >>> one_script("Рfizer", Language.RU) == "Pfizer"
    True
    """
    if not _LATIN.search(text) or not CYRILLIC.search(text):
        return text
    spans = protect.items(text)
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    spans = sorted([*spans, *protect.outside(addresses, spans)])
    return "".join(
        piece if item else _WORD.sub(lambda word: _mended(word[0], language), piece)
        for piece, item in protect.around(text, spans)
    )


def _mended(word: str, language: Language) -> str:
    """The word in one script, if that can be."""
    cyrillic = len(CYRILLIC.findall(word))
    latin = len(word) - cyrillic
    if not cyrillic or not latin:
        return word
    to_cyrillic = TO_CYRILLIC.get(language)
    ended = to_cyrillic is not None and _INFLECTED.fullmatch(word) is not None
    if ended and word[:2].isupper():
        return word
    # The last of those with as many letters is taken.
    readings = [] if ended else [(latin, word.translate(TO_LATIN), _LATIN)]
    if to_cyrillic:
        readings.append((cyrillic, word.translate(to_cyrillic), CYRILLIC))
    readings = sorted(readings, key=lambda reading: reading[0])
    possible = [made for _, made, script in readings if all(map(script.match, made))]
    return possible[-1] if possible else word
