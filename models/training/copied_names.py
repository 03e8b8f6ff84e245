"""Names that the teacher copied, written in the script of the target; other leftovers are refused.

What a phrase-based translator never saw it copies. A name is then spelled by rule
(`models.transliterate`), near enough for the network to learn which pieces sound alike. A Latin
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
from models.training.vocabulary import all_pieces
from models.transliterate import CYRILLIC, LATIN, abbreviated, spelled

if TYPE_CHECKING:
    import sentencepiece

    from models.training.stack_decoder import Translation

#: How often a language must write a Latin word for it to stay Latin there.
SEEN = 3

_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN_NAME = re.compile(r"\b[a-z]?[A-Z][A-Za-z]+\b")
_FOREIGN: Mapping[Language, re.Pattern[str]] = {
    Language.EN: CYRILLIC,
    Language.RU: re.compile(r"[A-Za-zІіЇїЄєҐґ]"),
    Language.UK: re.compile(r"[A-Za-zЫыЭэЁёЪъ]"),
}


def native_latin(texts: Iterable[str]) -> frozenset[str]:
    """Latin names that a language written in Cyrillic uses as they are."""
    counts = Counter(word for text in texts for word in _LATIN_NAME.findall(text))
    return frozenset(word for word, count in counts.items() if count >= SEEN)


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
        pieces = all_pieces(processor)
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
            if LATIN.search(token) and CYRILLIC.search(token):
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
        if self.target == Language.EN or not LATIN.search(token):
            return False
        return abbreviated(token) or (self.source != Language.EN and token[0].isupper())
