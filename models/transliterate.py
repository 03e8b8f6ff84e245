"""Names spelled in another script by rule, as press and passports do, for want of a better way.

The rules are BGN/PCGN without marks for Russian, the Ukrainian table of 2010, and their plain
reverse. They are near enough for a network to go on from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from models.casing import like
from models.languages import Language

LATIN = re.compile(r"[A-Za-z]")
CYRILLIC = re.compile(r"[\u0400-\u052f]")
VOWELS = "aeiouy"
_APOSTROPHE = re.compile("['’ʼ]")


def _table(pairs: str) -> dict[str, str]:
    """A table written as `from=to` pairs."""
    return dict(pair.split("=") for pair in pairs.split())


_FROM_RUSSIAN = _table(
    "а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f "
    "х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya ый=y ий=y ье=ye ьё=yo"
)
_FROM_UKRAINIAN = _table(
    "а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z зг=zgh и=y ий=yi і=i ї=i й=i к=k л=l м=m н=n о=o "
    "п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia"
)
_FIRST_LETTER = {Language.RU: _table("е=ye"), Language.UK: _table("є=ye ї=yi й=y ю=yu я=ya")}
_TO_RUSSIAN = _table(
    "a=а ai=ай ay=ей b=б c=к ce=се ci=си cy=си ch=ч ck=к d=д e=е ea=и ee=и ei=ей ew=ью ey=и f=ф "
    "g=г gh=г h=х i=и ie=и j=дж k=к kh=х l=л m=м n=н o=о oo=у ou=у p=п ph=ф q=к qu=кв r=р s=с "
    "sch=ш sh=ш t=т th=т ts=ц tz=ц u=у v=в w=у wh=у x=кс y=и ya=я ye=е yo=йо yu=ю z=з zh=ж"
)
_TO_UKRAINIAN = _TO_RUSSIAN | _table("ci=сі cy=сі ea=і ee=і ey=і h=г i=і ie=і w=в wh=в ye=є yi=ї")
_FROM_LATIN = {Language.RU: _TO_RUSSIAN, Language.UK: _TO_UKRAINIAN}
_BETWEEN = {
    Language.RU: _table("і=и ї=и є=е ґ=г ськ=ск цьк=цк"),
    Language.UK: _table("и=і ий=ий ски=ськи ский=ський цки=цьки цкий=цький ы=и э=е ё=йо ъ="),
}


def spelled(word: str, source: Language, target: Language) -> str:
    """A name of the source language in the letters of the target; its capitals stay.

    >>> spelled("Таубер", Language.RU, Language.EN)
    'Tauber'
    >>> spelled("Rosenberg", Language.EN, Language.RU)
    'Росенберг'
    >>> spelled("O'Mahony", Language.EN, Language.RU)
    "О'Махони"
    """
    parts = _APOSTROPHE.split(word)
    if len(parts) > 1 and LATIN.search(word) and all(part[:1].isupper() for part in parts):
        return "'".join(spelled(part, source, target) for part in parts)
    low = word.lower()
    if target == Language.EN:
        table = _FROM_UKRAINIAN if source == Language.UK else _FROM_RUSSIAN
        first = _FIRST_LETTER[source].get(low[0])
        found = _replaced(low, table) if first is None else first + _replaced(low[1:], table)
    elif LATIN.search(word):
        low = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
        silent = low.endswith("e") and len(low) > 4 and low[-2] not in VOWELS
        low = low.removesuffix("e") if silent else low
        # McCarthy and McHale are said with an a, and their name proper begins behind it.
        head = "мак" if low.startswith("mc") else ""
        found = head + _replaced(low[2:] if head else low, _FROM_LATIN[target])
        if target == Language.RU and found.startswith("е"):
            found = "э" + found[1:]
    else:
        found = _replaced(low, _BETWEEN[target])
    return like(word, found)


def abbreviated(word: str) -> bool:
    """Whether a Latin word is read letter by letter, so that its sounds say nothing."""
    return word.isupper() or not any(letter in VOWELS for letter in word.lower())


def _replaced(text: str, table: Mapping[str, str]) -> str:
    """The text with every entry of the table replaced, longer ones first."""
    longest = max(map(len, table))
    made, at = [], 0
    while at < len(text):
        for size in range(longest, 0, -1):
            found = table.get(text[at : at + size])
            if found is not None or size == 1:
                made.append(text[at] if found is None else found)
                at += size
                break
    return "".join(made)
