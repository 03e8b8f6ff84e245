"""Phrase-based translation: the best way to cover a sentence with phrases (Koehn 2004).

Hypotheses that cover equally many pieces share a stack. Of those that go on alike one stays
(recombination); they are compared by their score and an estimate of what the rest will cost.
With `reach` 0 phrases follow in the order of the source; more lets them stand that far from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from models.training.align_words import NONE
from models.training.hypotheses import BEAM, Candidates, Search, Stacks
from models.training.language_model import LanguageModel, log_probability
from models.training.phrase_options import COPIED, Options, Weights, look_up, scored
from models.training.phrases import LONGEST_SOURCE, PhraseTable
from models.training.vocabulary import END

#: Pieces of a sentence, one bit each.
LONGEST = 63
#: How far the scores of a stack's hypotheses may lie below its best.
WIDTH = 10.0
#: How much better a candidate may turn out than the estimate that holds no context.
SLACK = 2.0

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Translation:
    """Target pieces (n,) uint16, and the source place of each, or `NONE` (n,) uint8."""

    pieces: npt.NDArray[np.uint16]
    places: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Decoder:
    """Translates pieces by phrases and a language model."""

    options: Options
    language_model: LanguageModel
    weights: Weights
    reach: int = 0

    @classmethod
    def of(
        cls, table: PhraseTable, model: LanguageModel, weights: Weights, reach: int = 0
    ) -> Decoder:
        """A decoder whose options are chosen and scored with the weights."""
        return cls(scored(table, model, weights), model, weights, reach)

    def translate(self, source: npt.NDArray[np.uint16]) -> Translation:
        """The best translation found of at most `LONGEST` pieces.

        Raises:
            ValueError: there are more.
        """
        if len(source) > LONGEST:
            raise ValueError(f"{len(source)} pieces are too many; give at most {LONGEST} at once.")
        pieces = source.astype(np.int64)
        found = look_up(pieces, self.options, self.weights)
        search = Search(
            pieces,
            found.first,
            found.last,
            found.cost,
            self.options.begin,
            self.options.length,
            self.options.score,
            self.options.estimate,
            self.options.pieces,
            self.language_model.keys,
            self.language_model.values,
            self.weights.model,
            self.weights.distortion,
            self.reach,
        )
        stacks = Stacks.empty(len(pieces))
        _decode(search, stacks, Candidates.empty(len(pieces), self.reach))
        return self._traced(pieces, stacks)

    def _traced(self, source: Ints, stacks: Stacks) -> Translation:
        """What the best whole hypothesis says, and where each piece came from."""
        made: list[npt.NDArray[np.integer]] = [np.zeros(0, dtype=np.uint16)]
        places: list[npt.NDArray[np.integer]] = [np.zeros(0, dtype=np.uint8)]
        x = len(source) * BEAM
        while x:
            option, place = stacks.option[x], stacks.place[x]
            if option < 0:
                made.append(source[place : place + 1])
                places.append(np.array([place]))
            else:
                begin = self.options.begin[option]
                end = begin + self.options.length[option]
                inside = self.options.places[begin:end]
                made.append(self.options.pieces[begin:end])
                # A stem's option may come from a longer form than the one that stands here.
                last = x // BEAM - stacks.back[x] // BEAM - 1
                places.append(np.where(inside == NONE, NONE, place + np.minimum(inside, last)))
            x = stacks.back[x]
        return Translation(
            np.concatenate(made[::-1]).astype(np.uint16),
            np.concatenate(places[::-1]).astype(np.uint8),
        )


@numba.njit(nogil=True)
def _decode(search, stacks, candidates):  # type: ignore[no-untyped-def]  # numba finds the types
    """Fill the stacks; the best hypothesis of each comes first."""
    n = len(search.source)
    for size in range(n + 1):
        kept = _keep(search, stacks, candidates, size) if size else 1
        for x in range(size * BEAM, size * BEAM + kept):
            covered = stacks.covered[x]
            gap = 0
            while covered & _span(gap, 1):
                gap += 1
            for place in range(gap, min(gap + search.reach + 1, n)):
                for length in range(1, min(LONGEST_SOURCE, n - place) + 1):
                    # Whatever is left open must be in reach afterwards.
                    far = place > gap and place + length - gap > search.reach
                    if far or covered & _span(place, length):
                        break
                    _extend(search, stacks, candidates, x, place, length)


@numba.njit(nogil=True)
def _extend(search, stacks, candidates, x, place, length):  # type: ignore[no-untyped-def]
    """Make candidates of hypothesis x with a stretch of the source added, one an option."""
    enters = x // BEAM + length
    highest = candidates.highest[enters]
    taken = candidates.taken[enters]
    rest = _rest(stacks.covered[x] | _span(place, length), search.cost)
    base = stacks.score[x] - search.distortion * abs(place - stacks.end[x])
    for option in range(search.first[place, length], search.last[place, length]):
        # The options come by falling estimate, so that those after this one are no better.
        if option >= 0 and base + search.estimate[option] + rest < highest - WIDTH - SLACK:
            break
        score = base + (search.score[option] if option >= 0 else COPIED)
        context = (stacks.context[x, 0], stacks.context[x, 1], stacks.context[x, 2])
        model = 0.0
        for j in range(search.length[option] if option >= 0 else 1):
            piece = _said(search, option, place, j)
            model += log_probability(search.keys, search.values, context, 3, piece)
            context = (piece, context[0], context[1])
        if enters == len(search.source):
            model += log_probability(search.keys, search.values, context, 3, np.uint64(END))
        score += search.model * model
        if score + rest < highest - WIDTH:
            continue
        highest = max(highest, score + rest)
        candidates.total[enters, taken] = score + rest
        candidates.score[enters, taken] = score
        candidates.back[enters, taken] = x
        candidates.option[enters, taken] = option
        candidates.place[enters, taken] = place
        taken += 1
    candidates.highest[enters] = highest
    candidates.taken[enters] = taken


@numba.njit(nogil=True)
def _keep(search, stacks, candidates, size):  # type: ignore[no-untyped-def]
    """How many candidates enter a stack: the best, the first of those that go on alike."""
    kept = 0
    while kept < BEAM:
        best = _best(candidates.total, size, candidates.taken[size])
        if candidates.total[size, best] < candidates.highest[size] - WIDTH:
            break
        candidates.total[size, best] = -np.inf
        x = size * BEAM + kept
        _write(search, stacks, candidates, size, best, x)
        known = False
        for other in range(size * BEAM, x):
            known |= _alike(stacks, other, x)
        kept += not known
    return kept


@numba.njit(nogil=True)
def _best(total, size, taken):  # type: ignore[no-untyped-def]
    """Which candidate of a stack has the highest total."""
    best = 0
    for c in range(1, taken):
        if total[size, c] > total[size, best]:
            best = c
    return best


@numba.njit(nogil=True)
def _write(search, stacks, candidates, size, c, x):  # type: ignore[no-untyped-def]
    """Write a candidate as hypothesis x."""
    back, option = candidates.back[size, c], candidates.option[size, c]
    place = candidates.place[size, c]
    length = size - back // BEAM
    stacks.covered[x] = stacks.covered[back] | _span(place, length)
    stacks.end[x] = place + length
    for k in range(3):
        stacks.context[x, k] = stacks.context[back, k]
    for j in range(search.length[option] if option >= 0 else 1):
        stacks.context[x, 2] = stacks.context[x, 1]
        stacks.context[x, 1] = stacks.context[x, 0]
        stacks.context[x, 0] = _said(search, option, place, j)
    stacks.score[x] = candidates.score[size, c]
    stacks.back[x] = back
    stacks.option[x] = option
    stacks.place[x] = place


@numba.njit(nogil=True)
def _alike(stacks, a, b):  # type: ignore[no-untyped-def]
    """Whether two hypotheses of a stack go on alike."""
    same = stacks.covered[a] == stacks.covered[b] and stacks.end[a] == stacks.end[b]
    for k in range(3):
        same &= stacks.context[a, k] == stacks.context[b, k]
    return same


@numba.njit(nogil=True)
def _said(search, option, place, j):  # type: ignore[no-untyped-def]
    """Piece j of an option that is used at a place."""
    if option < 0:
        return np.uint64(search.source[place])
    return np.uint64(search.pieces[search.begin[option] + j])


@numba.njit(nogil=True)
def _span(place, length):  # type: ignore[no-untyped-def]
    """The bits of a stretch."""
    return ((np.uint64(1) << np.uint64(length)) - np.uint64(1)) << np.uint64(place)


@numba.njit(nogil=True)
def _rest(covered, cost):  # type: ignore[no-untyped-def]
    """The best estimate of covering what is not covered."""
    n = len(cost) - 1
    total, start = 0.0, -1
    for i in range(n + 1):
        free = i < n and not covered & _span(i, 1)
        if free and start < 0:
            start = i
        elif not free and start >= 0:
            total += cost[start, i]
            start = -1
    return total
