"""How alike words of two languages are, by the vectors of the sentence encoder.

A phrase table that has seen a word three times takes chance for its translation. The encoder has
seen the word's pieces and n-grams in other words as well, and so tells which of a few translations
it can be; and for a word that the table has not seen, which one is near (лаврами, laurels).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from models import encode
from models.encode import SentenceEncoder
from models.training.recipe import Recipe

Floats = npt.NDArray[np.float32]

#: Cosine from which on a word's nearest is its translation or of one stem with it (eight in ten, of
#: the Russian words that the list of 1.8 knows), and below which a translation is one by chance.
NEAREST, CHANCE = 0.55, 0.15
#: How much nearer a translation is than the one it takes the place of.
NEARER = 0.05
#: How often a word is seen at least: to be looked up, and to be a translation.
LOOKED_UP, SAID = 2, 5
#: Letters of a word at least: to be looked up, and to be a translation.
LONG, SHORT = 6, 3
_AT_ONCE = 2_000


class Likeness:
    """The cosines of words; all are 0 without an encoder."""

    def __init__(self, encoder: SentenceEncoder | None) -> None:
        """`encoder`: what makes the vectors."""
        self._encoder = encoder

    @classmethod
    def of(cls, recipe: Recipe) -> Likeness:
        """By the encoder of the recipe; until it has one, by the one that ships."""
        own = recipe.encoder
        return cls(encode.Encoder.load(own) if own.exists() else encode.shipped())

    def cosines(self, words: Sequence[str], others: Sequence[str]) -> Floats:
        """(n,) cosines of each word and the text beside it."""
        if self._encoder is None:
            return np.zeros(len(words), dtype=np.float32)
        number = {text: n for n, text in enumerate(dict.fromkeys([*words, *others]))}
        # Half the bytes, since there may be hundreds of thousands.
        vectors = self._encoder.encode(list(number)).astype(np.float16)
        found = np.empty(len(words), dtype=np.float32)
        for start in range(0, len(words), _AT_ONCE):
            end = start + _AT_ONCE
            left, right = (
                vectors[[number[text] for text in texts[start:end]]].astype(np.float32)
                for texts in (words, others)
            )
            found[start:end] = (left * right).sum(axis=1)
        return found

    def preferred(self, known: Mapping[str, str], made: Mapping[str, str]) -> dict[str, str]:
        """The entries of a list; where another one has a translation that is nearer, that one."""
        both = [
            word for word, said in known.items() if said and made.get(word, said) not in ("", said)
        ]
        before = self.cosines(both, [known[word] for word in both])
        after = self.cosines(both, [made[word] for word in both])
        better = {
            word: made[word]
            for word, was, now in zip(both, before, after, strict=True)
            if now > was + NEARER
        }
        return {**known, **better}

    def by_chance(self, entries: Mapping[str, str]) -> list[str]:
        """The words with a translation that has nothing to do with them."""
        words = [word for word, said in entries.items() if said and word.islower()]
        cosines = self.cosines(words, [entries[word] for word in words])
        return [word for word, cosine in zip(words, cosines, strict=True) if cosine < CHANCE]

    def nearest(self, words: Sequence[str], seen: Mapping[str, int]) -> dict[str, str]:
        """The nearest word of another language, of which is known how often each was seen.

        Only what is near enough; the more frequent of two that differ in capitals.
        """
        if self._encoder is None or not words:
            return {}
        spelled: dict[str, str] = {}
        for word in sorted(seen, key=lambda word: seen[word]):
            if seen[word] >= SAID and len(word) >= SHORT and word.isalpha():
                spelled[word.lower()] = word
        others = list(spelled.values())
        vectors = self._encoder.encode(others)
        found = {}
        for start in range(0, len(words), _AT_ONCE):
            part = words[start : start + _AT_ONCE]
            cosines = self._encoder.encode(part) @ vectors.T
            for word, best, cosine in zip(
                part, cosines.argmax(axis=1).tolist(), cosines.max(axis=1).tolist(), strict=True
            ):
                if cosine >= NEAREST:
                    found[word] = others[best]
        return found
