"""Phrases and what they may become, from word-linked pairs (Koehn, Och, Marcu 2003).

A phrase pair is a stretch of the source and one of the target with no link out of either. Four
numbers say how good it is: how often the source phrase became the target phrase, and the other way
round, and both again by the links of their single pieces.

Where one side begins or ends inside a word the other must too, and a phrase that ends inside a word
is another phrase than the same pieces at a word's end. So what is put together are whole words, or
the parts of one word, and never an ending behind a word that has one. A form that was never seen
may become what forms of the same stem became.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from models.rare_words import of_word
from models.training.align_words import NONE, Links, linked_pieces
from models.training.examples import Examples
from models.training.hashing import SPREAD, START, Hashes, find, mix, mix_one
from models.training.packing import Ragged

LONGEST_SOURCE, LONGEST_TARGET = 5, 6
#: How a phrase ends, which is hashed with it: with a word, inside one, or anywhere behind a stem.
WORD, PART, STEM = 0, 1, 2
#: Letters of a stem at least, and of the ending that is taken off it at most.
LEAST_STEM, LONGEST_ENDING = 4, 3
#: Phrase pairs seen once are kept up to this many source pieces: longer ones are mostly chance.
LONGEST_SINGLE = 3
#: Options kept of a source phrase.
OPTIONS = 15
#: Part of a phrase pair seen once that is taken off, since it may be chance.
DISCOUNT = 0.35
#: Unlinked pieces on either end that a phrase may take along.
LOOSE = 2
#: Probability of a piece that none of the other side's pieces is linked to.
UNLINKED = 1e-4

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Spans(NamedTuple):
    """Stretches of a flat array of pieces: hash (k,) uint64, start (k,) int64, length (k,) uint8.

    A tuple, as `Occurrences` is, because compiled functions take no dataclass.
    """

    hash: Hashes
    start: Ints
    length: npt.NDArray[np.uint8]

    def take(self, chosen: Any) -> Spans:
        """The chosen stretches."""
        return Spans(self.hash[chosen], self.start[chosen], self.length[chosen])


class Occurrences(NamedTuple):
    """Every phrase pair wherever it stands: its two stretches, and the row (k,) int32."""

    source: Spans
    target: Spans
    row: npt.NDArray[np.int32]


class Marks(NamedTuple):
    """What the letters of each piece (pieces,) say.

    `digits` int64: how often each digit stands in it, six bits a digit; `letters` int64: how many
    letters it has. `opens` and `closes` bool: whether it can only begin a word, or only end one.
    """

    digits: Ints
    letters: Ints
    opens: npt.NDArray[np.bool_]
    closes: npt.NDArray[np.bool_]

    def joined(self, flat: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
        """(n + 1,) Whether each piece goes on with the word of the one before it."""
        found = np.zeros(len(flat) + 1, dtype=np.bool_)
        found[1:-1] = ~(self.opens[flat[1:]] | self.closes[flat[:-1]])
        return found


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """Source phrases, and for each its options, the likeliest first.

    `keys` (s,) uint64, sorted: hashes of the source phrases (`phrase_hash`); the options of phrase
    i are numbers `starts[i]` to `starts[i + 1]`, `ends[i]` says how it ends. `features` (p, 4)
    float32: log probabilities forward, backward, lexical forward, lexical backward. `targets`: the
    pieces of each option, and `places` (as `targets.flat`) uint8: the place in the source phrase
    that each comes from, or `NONE`.
    """

    keys: Hashes
    starts: Ints
    ends: npt.NDArray[np.uint8]
    features: npt.NDArray[np.float32]
    targets: Ragged
    places: npt.NDArray[np.uint8]
    marks: Marks


@dataclass(frozen=True, slots=True)
class WordTable:
    """p(y | x) of linked pieces: `keys` (k,) int64, sorted, x * 65,536 + y; `chance` (k,)."""

    keys: Ints
    chance: Floats


def marks_of(pieces: list[str]) -> Marks:
    """The marks of a vocabulary's pieces; words are of letters, digits and apostrophes."""
    return Marks(
        np.array([sum(1 << 6 * int(c) for c in p if c.isdecimal()) for p in pieces]),
        np.array([sum(map(str.isalpha, piece)) for piece in pieces]),
        np.array([not of_word(piece[:1]) for piece in pieces]),
        np.array([not of_word(piece[-1:]) for piece in pieces]),
    )


def build(linked: Examples, marks: Marks, *, swap: bool = False) -> PhraseTable:
    """The table of linked pairs; with `swap` that of their other direction.

    Links point from target pieces to source pieces, so a direction whose links were made by turning
    those of the other round has lost some: it is better built from the other's, swapped.
    """
    found = extract(linked, marks, swap=swap)
    pairs = linked.reversed(linked.prefix) if swap else linked
    weight = linked.weight.astype(np.float64)
    first, seen, forward, backward = score(found, weight)
    source, target = found.source.take(first), found.target.take(first)
    digits = marks.digits
    same = sums(digits, pairs.source, source) == sums(digits, pairs.target, target)
    kept = np.flatnonzero(same & ((seen > 1) | (source.length <= LONGEST_SINGLE)))
    stem, chance, stemmed = stems(
        pairs.source, marks, source.take(kept), target.hash[kept], seen[kept]
    )
    hashes, value = (
        np.concatenate([source.hash[kept], stem]),
        np.concatenate([forward[kept], chance]),
    )
    keys, starts, order = best(hashes, value, OPTIONS)
    chosen = np.concatenate([kept, kept[stemmed]])[order]
    inside = _joined(marks, pairs.source)[(source.start + source.length)[chosen]]
    ends = np.where(order < len(kept), np.where(inside, PART, WORD), STEM)[starts[:-1]]
    source, target = source.take(chosen), target.take(chosen)
    x, y = linked_pieces(linked.source, linked.target, Links(linked.links))
    each = np.repeat(weight, linked.target.lengths)[linked.links != NONE]
    if swap:
        x, y = y, x
    features = [
        np.log(value[order]),
        np.log(backward[chosen]),
        lexical(word_table(x, y, each), pairs.source, source, pairs.target, target),
        lexical(word_table(y, x, each), pairs.target, target, pairs.source, source),
    ]
    return PhraseTable(
        keys,
        starts,
        ends.astype(np.uint8),
        np.stack(features, axis=1).astype(np.float32),
        *_texts(pairs, source, target, found.row[first[chosen]]),
        marks,
    )


def stems(
    text: Ragged, marks: Marks, source: Spans, target: Hashes, seen: Ints
) -> tuple[Hashes, Floats, Ints]:
    """Stems of the source phrases that are one word, as phrases of their own.

    For every stem and target: the stem's hash, how likely all its forms together became the target,
    and the number of the phrase pair of its likeliest form.
    """
    hashes = np.zeros(len(target), dtype=np.uint64)
    _stems(text.flat, _joined(marks, text), marks.letters, source, hashes)
    rows = np.flatnonzero(hashes)
    rows = rows[np.lexsort((-seen[rows], target[rows], hashes[rows]))]
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (hashes[rows][1:] != hashes[rows][:-1]) | (target[rows][1:] != target[rows][:-1])
    mass = np.bincount(np.cumsum(new) - 1, weights=seen[rows])
    rows = rows[new]
    _, group = np.unique(hashes[rows], return_inverse=True)
    return hashes[rows], mass / np.bincount(group, weights=mass)[group], rows


class _Text(NamedTuple):
    flat: npt.NDArray[np.uint16]
    offsets: Ints
    joined: npt.NDArray[np.bool_]


def extract(linked: Examples, marks: Marks, *, swap: bool = False) -> Occurrences:
    """All phrase pairs of the examples, wherever they stand; with `swap` the other way round."""
    limits = (LONGEST_TARGET, LONGEST_SOURCE) if swap else (LONGEST_SOURCE, LONGEST_TARGET)
    source, target = (
        _Text(text.flat, text.offsets, _joined(marks, text))
        for text in (linked.source, linked.target)
    )
    count = _extract(source, target, linked.links, limits, _room(0))
    found = _room(count)
    _extract(source, target, linked.links, limits, found)
    return Occurrences(found.target, found.source, found.row) if swap else found


def _joined(marks: Marks, text: Ragged) -> npt.NDArray[np.bool_]:
    """`Marks.joined` of all rows; no word goes on in the next row."""
    found = marks.joined(text.flat)
    found[text.offsets] = False
    return found


def _room(count: int) -> Occurrences:
    spans = [
        Spans(
            np.empty(count, dtype=np.uint64),
            np.empty(count, dtype=np.int64),
            np.empty(count, dtype=np.uint8),
        )
        for _ in range(2)
    ]
    return Occurrences(spans[0], spans[1], np.empty(count, dtype=np.int32))


def score(found: Occurrences, weight: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Of each phrase pair: where it first stands, how often, p(target | source) and back."""
    both = mix(found.source.hash * SPREAD, found.target.hash)
    _, first, of, seen = np.unique(both, return_index=True, return_inverse=True, return_counts=True)
    mass = np.bincount(of, weights=weight[found.row])
    discounted = mass * (1 - DISCOUNT / seen)
    chances = []
    for side in (found.source, found.target):
        _, group = np.unique(side.hash[first], return_inverse=True)
        chances.append(discounted / np.bincount(group, weights=mass)[group])
    return first, seen, chances[0], chances[1]


def best(hashes: Hashes, value: Floats, most: int) -> tuple[Hashes, Ints, Ints]:
    """Groups of equal hash, sorted: the hashes, where each group starts, and whom it holds.

    Of each group the `most` of the highest values are held, in falling order; `starts` has the
    number of all held as its last member.
    """
    keys, group = np.unique(hashes, return_inverse=True)
    order = np.lexsort((-value, group))
    counts = np.bincount(group, minlength=len(keys))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = np.concatenate([[0], np.cumsum(np.minimum(counts, most))]).astype(np.int64)
    return keys, starts, order[rank < most]


def sums(values: Ints, text: Ragged, spans: Spans) -> Ints:
    """(k,) int64: the sum over each stretch of its pieces' values, modulo 2 ** 64."""
    before = np.concatenate([[0], np.cumsum(values[text.flat])])
    return np.asarray(before[spans.start + spans.length] - before[spans.start])


def word_table(x: Ints, y: Ints, weight: Floats) -> WordTable:
    """How likely piece y is linked where piece x is, from weighed links."""
    keys, of = np.unique(x * 65_536 + y, return_inverse=True)
    mass = np.bincount(of, weights=weight)
    return WordTable(keys, mass / np.bincount(x, weights=weight)[keys >> 16])


def lexical(table: WordTable, x: Ragged, given: Spans, y: Ragged, made: Spans) -> Floats:
    """(k,) log probability of each stretch of y, every piece by its best partner in that of x."""
    return np.asarray(_lexical(table.keys, table.chance, x.flat, given, y.flat, made))


def _texts(
    pairs: Examples, source: Spans, target: Spans, row: npt.NDArray[np.int32]
) -> tuple[Ragged, npt.NDArray[np.uint8]]:
    """The pieces of the target stretches, and the place in its source stretch of each."""
    lengths = target.length.astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    index = np.arange(offsets[-1]) + np.repeat(target.start - offsets[:-1], lengths)
    links = pairs.links[index].astype(np.int64)
    places = links - np.repeat(source.start - pairs.source.offsets[row], lengths)
    places[links == NONE] = NONE
    return Ragged(pairs.target.flat[index], offsets), places.astype(np.uint8)


@numba.njit
def _extract(source, target, links, limits, found):  # type: ignore[no-untyped-def]  # numba finds the types
    """Number of all phrase pairs; those there is room for are written."""
    count = 0
    for row in range(len(source.offsets) - 1):
        x0, y0 = source.offsets[row], target.offsets[row]
        m, n = source.offsets[row + 1] - x0, target.offsets[row + 1] - y0
        linked = links[y0 : y0 + n]
        first, last = _reach(linked, m)
        for start in range(m):
            low, high = n, -1
            for end in range(start + 1, min(m, start + limits[0]) + 1):
                low, high = min(low, first[end - 1]), max(high, last[end - 1])
                if high < 0 or high - low >= limits[1]:
                    continue
                if not _closed(linked, low, high, start, end):
                    continue
                begins, ends = source.joined[x0 + start], source.joined[x0 + end]
                for a in range(low, max(low - LOOSE, 0) - 1, -1):
                    if a < low and linked[a] != NONE:
                        break
                    for b in range(high, min(high + LOOSE, n - 1) + 1):
                        if (b > high and linked[b] != NONE) or b - a >= limits[1]:
                            break
                        if target.joined[y0 + a] != begins or target.joined[y0 + b + 1] != ends:
                            continue
                        if count < len(found.row):
                            found.row[count] = row
                            x1, y1, y2 = x0 + start, y0 + a, y0 + b + 1
                            found.source.hash[count] = phrase_hash(source.flat, x1, x0 + end, ends)
                            found.source.start[count] = x1
                            found.source.length[count] = end - start
                            found.target.hash[count] = phrase_hash(target.flat, y1, y2, ends)
                            found.target.start[count] = y1
                            found.target.length[count] = b + 1 - a
                        count += 1
    return count


@numba.njit
def _reach(linked, places):  # type: ignore[no-untyped-def]
    """The first and the last target place linked to each source place."""
    first, last = np.full(places, len(linked)), np.full(places, -1)
    for j in range(len(linked)):
        if linked[j] != NONE:
            first[linked[j]] = min(first[linked[j]], j)
            last[linked[j]] = j
    return first, last


@numba.njit
def _closed(linked, low, high, start, end):  # type: ignore[no-untyped-def]
    """Whether all links of target places low to high lead into source places start to end - 1."""
    for j in range(low, high + 1):
        if linked[j] != NONE and not start <= linked[j] < end:
            return False
    return True


@numba.njit(nogil=True)
def phrase_hash(pieces, start, end, how):  # type: ignore[no-untyped-def]
    """The hash of a stretch of pieces and of how it ends: `WORD`, `PART` or `STEM`."""
    state = START
    for i in range(start, end):
        state = mix_one(state, np.uint64(pieces[i]))
    return mix_one(state, np.uint64(how))


@numba.njit(nogil=True)
def stem_end(pieces, letters, start, end):  # type: ignore[no-untyped-def]
    """Where the stem of the word from start ends: before its last piece if that is an ending."""
    total = 0
    for i in range(start, end):
        total += letters[pieces[i]]
    last = letters[pieces[end - 1]]
    cut = end - start > 1 and last <= LONGEST_ENDING and total - last >= LEAST_STEM
    return end - 1 if cut else end


@numba.njit
def _stems(flat, joined, letters, source, hashes):  # type: ignore[no-untyped-def]
    """Write the hash of the stem of each phrase that is one word long enough to have one."""
    for k in range(len(hashes)):
        start, end = source.start[k], source.start[k] + source.length[k]
        one = not joined[start] and not joined[end]
        for i in range(start + 1, end):
            one &= joined[i]
        stem = stem_end(flat, letters, start, end)
        size = 0
        for i in range(start, stem):
            size += letters[flat[i]]
        if one and size >= LEAST_STEM:
            hashes[k] = phrase_hash(flat, start, stem, STEM)


@numba.njit
def _lexical(keys, chance, x, given, y, made):  # type: ignore[no-untyped-def]
    scores = np.zeros(len(given.start))
    for k in range(len(scores)):
        for j in range(made.start[k], made.start[k] + made.length[k]):
            likeliest = UNLINKED
            for i in range(given.start[k], given.start[k] + given.length[k]):
                key = np.int64(x[i]) * 65_536 + np.int64(y[j])
                place = find(keys, key)
                if place >= 0:
                    likeliest = max(likeliest, chance[place])
            scores[k] += np.log(likeliest)
    return scores
