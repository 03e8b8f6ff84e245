"""An n-gram model of pieces: interpolated absolute discounting (Ney 1994) in one hashed table.

    p(w | h) = max(c(h w) - D, 0) / c(h) + rest(h) p(w | h without its farthest piece)

Rare long n-grams are left out, and `rest` is what the kept ones leave, so that every context sums
to one over the vocabulary. Below single pieces lies the uniform distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from models.training.hashing import START, Hashes, mix, mix_one
from models.training.packing import Ragged
from models.training.vocabulary import BEGIN, END

ORDER = 4
DISCOUNT = 0.75
#: An n-gram of three or more pieces must have been seen this often.
LEAST = 2
#: Parts the hash of an n-gram from that of a context with one more piece.
APART = np.uint64(0x5555555555555555)
#: Share of the table that may be taken: more makes the search for a free place long.
FULL = 0.6

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Natural logarithms of n-grams' probabilities and of contexts' rests, by hash.

    `keys` is (2 ** bits,) uint64 with 0 for a free place, `values` the same length in float32.
    """

    keys: Hashes
    values: npt.NDArray[np.float32]

    def score(self, before: Sequence[int], piece: int) -> float:
        """Natural logarithm of the probability of a piece after the pieces before it."""
        near = [*reversed(before)][: ORDER - 1]
        context = tuple(np.uint64(each) for each in [*near, *[BEGIN] * (ORDER - 1 - len(near))])
        return float(log_probability(self.keys, self.values, context, len(near), np.uint64(piece)))


def estimate(texts: Ragged, pieces: int) -> LanguageModel:
    """The model of the rows of a text whose pieces are below `pieces`; every row ends with END."""
    stream, places = _lay_out(texts)
    context = np.full(len(places), START, dtype=np.uint64)
    below = np.full(len(places), 1 / pieces)
    keys: list[Hashes] = []
    logs: list[Floats] = []
    for order in range(1, ORDER + 1):
        grams, first, of, counts = np.unique(
            mix(context ^ APART, stream[places]),
            return_index=True,
            return_inverse=True,
            return_counts=True,
        )
        contexts, group = np.unique(context[first], return_inverse=True)
        kept = counts >= (LEAST if order > 2 else 1)
        own = np.where(kept, counts - DISCOUNT, 0.0)
        own /= np.bincount(group, weights=counts)[group]
        rest = 1 - np.bincount(group, weights=own)
        chance = own + rest[group] * below[first]
        useful = np.bincount(group, weights=kept) > 0
        keys += [grams[kept], contexts[useful]]
        # The last resort, the uniform distribution, is part of what the empty context leaves.
        logs += [np.log(chance[kept]), np.log(rest[useful] / (pieces if order == 1 else 1))]
        below = chance[of]
        context = mix(context, stream[places - order])
    return _table(np.concatenate(keys), np.concatenate(logs))


def _lay_out(texts: Ragged) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """All rows one after another, each between marks, and the places of what is predicted."""
    pads = ORDER - 1
    rows = np.arange(len(texts))
    stream = np.full(len(texts.flat) + len(texts) * (pads + 1), BEGIN, dtype=np.uint64)
    row = np.repeat(rows, texts.lengths)
    stream[np.arange(len(texts.flat)) + row * (pads + 1) + pads] = texts.flat
    stream[texts.offsets[1:] + rows * (pads + 1) + pads] = END
    predicted = np.ones(len(stream), dtype=np.bool_)
    for pad in range(pads):
        predicted[texts.offsets[:-1] + rows * (pads + 1) + pad] = False
    return stream, np.flatnonzero(predicted)


def _table(keys: Hashes, logs: Floats) -> LanguageModel:
    size = 1 << int(np.ceil(np.log2(len(keys) / FULL)))
    model = LanguageModel(np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.float32))
    _fill(model.keys, model.values, keys, logs.astype(np.float32))
    return model


@numba.njit(nogil=True)
def _place(keys, key):  # type: ignore[no-untyped-def]  # numba finds the types
    """Where a key stands, or the free place where it would."""
    mask = np.uint64(len(keys) - 1)
    place = key & mask
    while keys[place] != 0 and keys[place] != key:
        place = (place + np.uint64(1)) & mask
    return place


@numba.njit
def _fill(keys, values, new, logs):  # type: ignore[no-untyped-def]
    for i in range(len(new)):
        place = _place(keys, new[i])
        keys[place] = new[i]
        values[place] = logs[i]


@numba.njit(nogil=True)
def log_probability(keys, values, context, known, piece):  # type: ignore[no-untyped-def]
    """Log probability of a piece; `context` is the three pieces before it, the nearest first.

    Only the `known` nearest of them count, for a phrase whose surroundings are not known yet.
    """
    one = mix_one(START, context[0])
    two = mix_one(one, context[1])
    states = (START, one, two, mix_one(two, context[2]))
    rest = np.float32(0.0)
    for length in range(known, -1, -1):
        place = _place(keys, states[length])
        if keys[place] == 0:
            continue
        found = _place(keys, mix_one(states[length] ^ APART, piece))
        if keys[found] != 0:
            return rest + values[found]
        rest += values[place]
    return rest
