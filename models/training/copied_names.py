"""Names that the teacher copied, written in the script of the target; other leftovers are refused.

What a phrase-based translator never saw it copies. A name is then spelled by rule, near enough for
the network to learn which pieces sound alike; the rules are the usual ones of press and passports
(BGN/PCGN without marks for Russian, the Ukrainian table of 2010) and their plain reverse. A Latin
name that the target language itself writes in Latin (a brand, a league) stays as it is. A word of
mixed scripts, or a common word in a script that is not the target's, makes the sentence a bad
example.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.languages import Direction, Language

if TYPE_CHECKING:
    import sentencepiece

    from models.training.stack_decoder import Translation

#: How often a language must write a Latin word for it to stay Latin there.
SEEN = 3

_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
_LATIN_NAME = re.compile(r"\b[a-z]?[A-Z][A-Za-z]+\b")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_FOREIGN: Mapping[Language, re.Pattern[str]] = {
    Language.EN: _CYRILLIC,
    Language.RU: re.compile(r"[A-Za-zІіЇїЄєҐґ]"),
    Language.UK: re.compile(r"[A-Za-zЫыЭэЁёЪъ]"),
}
_VOWELS = "aeiouy"


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
_BETWEEN = {Language.RU: _table("і=и ї=и є=е ґ=г"), Language.UK: _table("ы=и э=е ё=йо ъ=")}


def native_latin(texts: Iterable[str]) -> frozenset[str]:
    """Latin names that a language written in Cyrillic uses as they are."""
    counts = Counter(word for text in texts for word in _LATIN_NAME.findall(text))
    return frozenset(word for word, count in counts.items() if count >= SEEN)


def spelled(word: str, source: Language, target: Language) -> str:
    """A name of the source language in the letters of the target; its capitals stay.

    >>> spelled("Таубер", Language.RU, Language.EN)
    'Tauber'
    >>> spelled("Rosenberg", Language.EN, Language.RU)
    'Росенберг'
    """
    low = word.lower()
    if target == Language.EN:
        table = _FROM_UKRAINIAN if source == Language.UK else _FROM_RUSSIAN
        first = _FIRST_LETTER[source].get(low[0])
        found = _replaced(low, table) if first is None else first + _replaced(low[1:], table)
    elif _LATIN.search(word):
        silent = low.endswith("e") and len(low) > 4 and low[-2] not in _VOWELS
        found = _replaced(low.removesuffix("e") if silent else low, _FROM_LATIN[target])
        if target == Language.RU and found.startswith("е"):
            found = "э" + found[1:]
    else:
        found = _replaced(low, _BETWEEN[target])
    if word.isupper() and len(word) > 1:
        return found.upper()
    return found[:1].upper() + found[1:] if word[0].isupper() else found


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


class Speller:
    """Amends the translations of one direction."""

    def __init__(
        self,
        processor: sentencepiece.SentencePieceProcessor,
        direction: Direction,
        latin: Collection[str],
    ) -> None:
        """`latin`: words that the target language writes in Latin; see `native_latin`."""
        self.processor = processor
        self.source, self.target, self.latin = direction.source, direction.target, latin
        foreign = _FOREIGN[direction.target]
        pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
        self.foreign = np.array([bool(foreign.search(piece)) for piece in pieces])
        self.opens = np.array([piece.startswith("▁") for piece in pieces])

    def amend(self, made: Translation) -> Translation | None:
        """The translation with copied names spelled in its script; None if it has other leftovers.

        The pieces of a name spelled anew share the places of the old ones in their order.
        """
        pieces = made.pieces.astype(np.int64)
        if not self.foreign[pieces].any():
            return made
        starts = np.flatnonzero(self.opens[pieces] | (np.arange(len(pieces)) == 0))
        said, places = [], []
        for start, stop in zip(starts, [*starts[1:], len(pieces)], strict=True):
            old, where = pieces[start:stop], made.places[start:stop]
            if self.foreign[old].any():
                text = self.processor.decode(old.tolist())
                new = self._word(text)
                if new is None:
                    return None
                if new != text:
                    old = np.array(self.processor.encode(new), dtype=np.int64)
                    where = where[np.arange(len(old)) * len(where) // max(1, len(old))]
            said.append(old)
            places.append(where)
        return replace(
            made,
            pieces=np.concatenate(said).astype(np.uint16),
            places=np.concatenate(places).astype(np.uint8),
        )

    def _word(self, text: str) -> str | None:
        """The word as the target writes it, None where it is no name."""
        parts: list[str] = []
        at = 0
        for match in _LETTERS.finditer(text):
            token = match.group()
            if not _FOREIGN[self.target].search(token):
                continue
            if _LATIN.search(token) and _CYRILLIC.search(token):
                return None
            if token in self.latin or self._stays_latin(token):
                continue
            if not token[0].isupper():
                return None
            parts += [text[at : match.start()], spelled(token, self.source, self.target)]
            at = match.end()
        return "".join([*parts, text[at:]])

    def _stays_latin(self, token: str) -> bool:
        """Whether both Cyrillic languages write it in Latin, or it is an abbreviation."""
        if self.target == Language.EN or not _LATIN.search(token):
            return False
        abbreviated = token.isupper() or not any(letter in _VOWELS for letter in token.lower())
        return abbreviated or (self.source != Language.EN and token[0].isupper())
