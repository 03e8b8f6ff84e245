"""The phrase table as a search uses it: the best options of each source phrase, scored."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numba
import numpy as np
import numpy.typing as npt

from models.training.hashing import Hashes, find
from models.training.language_model import LanguageModel, log_probability
from models.training.phrases import (
    LONGEST_SOURCE,
    STEM,
    Marks,
    PhraseTable,
    best,
    phrase_hash,
    stem_end,
)
from models.training.vocabulary import BEGIN

#: Options of a source phrase that are tried, chosen with the language model's say.
OPTIONS = 10
#: Score of a piece that no phrase covers and that is copied, and of its language model at a guess.
COPIED, COPIED_MODEL = -8.0, -12.0

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each log probability counts, and what each piece and phrase adds to the score.

    `distortion` is taken off for every piece that a phrase is away from where the last one ended.
    """

    forward: float = 0.3
    backward: float = 0.17
    lexical_forward: float = 0.12
    lexical_backward: float = 0.15
    model: float = 0.36
    piece: float = 0.6
    phrase: float = -0.15
    distortion: float = 0.08


@dataclass(frozen=True, slots=True)
class Options:
    """The best options of each source phrase, scored.

    Option k of phrase i, from `starts[i]` to
    `starts[i + 1]`, is `length[k]` pieces of `pieces` from `begin[k]`. `score` is what counts
    besides the language model; `estimate` has that too, as far as it is known without context.
    """

    keys: Hashes
    starts: Ints
    begin: Ints
    length: Ints
    score: Floats
    estimate: Floats
    pieces: npt.NDArray[np.uint16]
    places: npt.NDArray[np.uint8]
    marks: Marks


def scored(table: PhraseTable, model: LanguageModel, weights: Weights) -> Options:
    """The options of a table, chosen and scored with the weights."""
    flat, offsets, lengths = table.targets.flat, table.targets.offsets, table.targets.lengths
    score = table.features @ np.array(astuple(weights)[: table.features.shape[1]])
    score += weights.piece * lengths + weights.phrase
    estimate = score + weights.model * _alone(model.keys, model.values, flat, offsets)
    keys, starts, kept = best(np.repeat(table.keys, np.diff(table.starts)), estimate, OPTIONS)
    return Options(
        keys,
        starts,
        offsets[kept],
        lengths[kept],
        score[kept],
        estimate[kept],
        flat,
        table.places,
        table.marks,
    )


@numba.njit(nogil=True)
def _alone(keys, values, flat, offsets):  # type: ignore[no-untyped-def]  # numba finds the types
    """Log probability of each option's pieces, each after those before it in the option."""
    begin = np.uint64(BEGIN)
    scores = np.zeros(len(offsets) - 1)
    for k in range(len(scores)):
        context = (begin, begin, begin)
        for j in range(offsets[k], offsets[k + 1]):
            piece = np.uint64(flat[j])
            scores[k] += log_probability(keys, values, context, min(j - offsets[k], 3), piece)
            context = (piece, context[0], context[1])
    return scores


@dataclass(frozen=True, slots=True)
class Stretches:
    """What a sentence's stretches may become.

    The options of the pieces from i, k of them, are numbers `first[i, k]` to `last[i, k]`, both
    (n, LONGEST_SOURCE + 1); where no phrase covers a piece, its only one is -1, a copy.
    `cost[i, j]` (n + 1, n + 1) is the best estimate of covering the pieces i to j - 1.
    """

    first: Ints
    last: Ints
    cost: Floats


def look_up(source: Ints, options: Options, weights: Weights) -> Stretches:
    """The options of every stretch of a sentence."""
    n = len(source)
    first = np.zeros((n, LONGEST_SOURCE + 1), dtype=np.int64)
    found = Stretches(first, np.zeros_like(first), np.full((n + 1, n + 1), -np.inf))
    copied = COPIED + weights.model * COPIED_MODEL
    keys, starts, estimate = options.keys, options.starts, options.estimate
    marks = options.marks
    joined, letters = marks.joined(source), marks.letters
    tables = (keys, starts, estimate, copied)
    _look_up(source, joined, letters, *tables, found.first, found.last, found.cost)
    return found


@numba.njit(nogil=True)
def _look_up(source, joined, letters, keys, starts, estimate, copied, first, last, cost):  # type: ignore[no-untyped-def]
    n = len(source)
    for i in range(n):
        for length in range(1, min(LONGEST_SOURCE, n - i) + 1):
            end = i + length
            found = find(keys, phrase_hash(source, i, end, joined[end]))
            if found < 0 and not joined[i] and not joined[end] and joined[i + 1 : end].all():
                stem = stem_end(source, letters, i, end)
                found = find(keys, phrase_hash(source, i, stem, STEM))
            if found >= 0:
                first[i, length], last[i, length] = starts[found], starts[found + 1]
                cost[i, end] = estimate[starts[found]]
            elif length == 1:
                first[i, length] = -1
                cost[i, end] = copied
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            for middle in range(i + 1, i + length):
                parts = cost[i, middle] + cost[middle, i + length]
                cost[i, i + length] = max(cost[i, i + length], parts)
