"""The words' view: how much of each side's wording has a near word on the other side.

A word of one side counts with its best cosine among the words of the other (Corley and Mihalcea
2005; Zhang et al. 2020), weighted by the length of its row. Joined units share their words, so a
sentence that holds two others is covered by both together and by neither alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from alignment.romanise import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from alignment.similarity import SentenceEncoder
    from alignment.views import Side

    Rows = NDArray[np.float32]
    Index = NDArray[np.int64]

TYPICAL = 30.0  # weight of the words of two news sentences with the shipped encoder
MOST = 4 * TYPICAL  # beyond it more words say no more: an endless text must not outweigh all else
FAR, NEAR = 0.45, 0.7  # cosines of two words: from here on a little alike, said in other words
COMMON = 0.05  # rarity of a word that every unit says
LARGEST = 6_000_000  # words of a × words of b up to which this view is computed

_WORD = re.compile(r"\w+")
# Odd factors far apart (from the digits of the golden ratio, √2 and √3) that mix three numbers.
_MIX = np.array([0x9E3779B97F4A7C15, 0x6A09E667F3BCC909, 0xBB67AE8584CAA73B], dtype=np.uint64)


def words_of(text: str) -> list[str]:
    """The words of a text as the encoder is to see them."""
    return _WORD.findall(text)


@lru_cache(maxsize=1)
def rarity() -> NDArray[np.float32]:
    """Inverse document frequency of every 4-gram code `(2**20,)`, from the shipped table."""
    table = resources.files("alignment") / "parameters" / "ngrams.npz"
    with table.open("rb") as handle:
        return np.asarray(np.load(handle)["rarity"] / np.float32(16.0), dtype=np.float32)


def word_rarity(word: str) -> float:
    """The mean inverse document frequency of a word's 4-grams, 1 for one too short to have any."""
    raw = np.frombuffer(f" {fold(word).strip()} ".encode("ascii", "replace"), dtype=np.uint8)
    letters = np.where(raw == 32, 0, np.clip(raw.astype(np.int32) - 96, 1, 31))
    if len(letters) < 4:
        return 1.0
    codes = (letters[:-3] << 15) | (letters[1:-2] << 10) | (letters[2:-1] << 5) | letters[3:]
    return float(rarity()[codes].mean())


def mass_share(covered: NDArray[Any], mass: NDArray[Any]) -> NDArray[Any]:
    """Coverage above an even share, heavier the more words are covered (with their root).

    Half of twenty words covered says more than half of two; `mass` is the weight of both sides.
    """
    return np.asarray((covered - 0.5) * np.sqrt(np.clip(mass, 0, MOST) * (1 / TYPICAL)))


def word_table(vocabulary: Sequence[str], encoder: SentenceEncoder) -> Rows:
    """A row for each word whose length is its weight: without `sums` its rarity in news text."""
    if hasattr(encoder, "sums"):
        return np.asarray(encoder.sums(vocabulary), dtype=np.float32)
    weights = np.array([word_rarity(word) for word in vocabulary], dtype=np.float32)
    return np.asarray(encoder.encode(vocabulary) * weights[:, None], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class WordRows:
    """The words of a unit as `places` in a `table` of rows that many units share.

    Equal words of a long text then stand in memory once, not once for every time they are said.
    """

    table: Rows
    places: Index

    def __len__(self) -> int:
        """How many words there are."""
        return len(self.places)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """The rows of the words, `(k, d)`."""
        del copy  # picking rows copies them anyway
        return self.table[self.places].astype(dtype or self.table.dtype, copy=False)


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a text: unit `rows` of its vocabulary, and by occurrence, unit after unit.

    `place` names the row of every occurrence, `weight` its weight, `start` `(n,)` where each unit's
    words begin; a unit without words has one of weight near 0.
    """

    rows: Rows
    place: Index
    weight: NDArray[np.float64]
    start: Index

    @property
    def mass(self) -> NDArray[np.float64]:
        """The summed weight of each unit's words, `(n,)`."""
        return np.asarray(np.add.reduceat(self.weight, self.start))

    def part(self, start: int, stop: int) -> Bag:
        """The words of the units from `start` to before `stop`, at least one unit."""
        first = int(self.start[start])
        last = int(self.start[stop]) if stop < len(self.start) else len(self.place)
        used, place = np.unique(self.place[first:last], return_inverse=True)
        weight = self.weight[first:last]
        return Bag(self.rows[used], place.ravel(), weight, self.start[start:stop] - first)


def read_words(units: Sequence[Rows | WordRows | None]) -> Bag | None:
    """The words of a text from each unit's rows, or None when one has none given."""
    given = [rows for rows in units if rows is not None]
    if not units or len(given) < len(units):
        return None
    shared = given[0]
    apart = isinstance(shared, WordRows) and all(
        isinstance(own, WordRows) and own.table is shared.table for own in given
    )
    table, places = _in_one_table(given, apart=apart)
    # A unit without words has the last row, of a weight near 0.
    table = np.concatenate([table, np.full((1, table.shape[1]), 1e-6, dtype=np.float32)])
    places = [own if len(own) else np.array([len(table) - 1]) for own in places]
    used, said = np.unique(np.concatenate(places), return_inverse=True)
    held = table[used]
    # Three of a row's numbers, mixed into one: equal words have equal ones.
    marks = np.ascontiguousarray(held[:, :3]).view(np.uint32).astype(np.uint64)
    mixed = (marks * _MIX[: marks.shape[1]]).sum(axis=1)
    if apart:  # as many words as rows, in the order that the marks give
        first = np.argsort(mixed, kind="stable")
        place = np.argsort(first, kind="stable")
    else:
        _, first, place = np.unique(mixed, return_index=True, return_inverse=True)
    weight = np.maximum(1e-6, np.linalg.norm(held, axis=1).astype(np.float64))
    rows = held[first] / weight[first, None].astype(np.float32)
    lengths = np.array([len(own) for own in places])
    start = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    said = said.ravel()
    return Bag(rows, place.ravel()[said], weight[said], start)


def _in_one_table(units: Sequence[Rows | WordRows], *, apart: bool) -> tuple[Rows, list[Index]]:
    """The rows of all units' words in one table `(words, d)`, and each unit's places in it.

    `apart` says that they share a table in which no word stands twice.
    """
    if apart:
        held = [own for own in units if isinstance(own, WordRows)]
        return held[0].table, [own.places for own in held]
    rows = [np.asarray(own, dtype=np.float32) for own in units]
    width = next((own.shape[1] for own in rows if own.ndim == 2 and own.shape[1]), 1)
    ends = np.cumsum([len(own) for own in rows])
    filled = [own for own in rows if len(own)]
    table = np.concatenate(filled) if filled else np.zeros((0, width), dtype=np.float32)
    return table, [np.arange(end - len(own), end) for own, end in zip(rows, ends, strict=True)]


def compared(a: Side, b: Side) -> bool:
    """Whether both sides carry words, of one width and few enough to compare."""
    return (
        a.words is not None
        and b.words is not None
        and a.words.rows.shape[1] == b.words.rows.shape[1]
        and len(a.words.place) * len(b.words.place) <= LARGEST
    )


@dataclass(frozen=True, slots=True)
class Coverage:
    """Best cosine of every word with every unit: of a's `(words a, m)`, of b's `(words b, n)`."""

    a: Bag
    b: Bag
    best_a: Rows
    best_b: Rows

    @classmethod
    def of(cls, a: Side, b: Side) -> Coverage:
        """The coverage of two sides that are `compared`."""
        left, right = a.words, b.words
        assert left is not None
        assert right is not None
        there = right.rows @ left.rows.T
        by_b = _largest(there, right).T
        by_a = _largest(np.ascontiguousarray(there.T), left).T
        return cls(left, right, by_b[left.place], by_a[right.place])

    def rarer(self) -> Coverage:
        """The same with every word weighted by how few units of the two texts say it or the like.

        What an event is about stands in most of its sentences and tells none of them apart. Inverse
        document frequency (Spärck Jones 1972), where a unit counts by how near its nearest word is.
        """
        return replace(
            self,
            a=_rarer(self.a, self.b, self.best_a),
            b=_rarer(self.b, self.a, self.best_b),
        )

    def grids(self, kinds: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Rows]:
        """By type the coverage of every bead of p and q units, at its end node of a full grid."""
        n, m = len(self.a.start), len(self.b.start)
        reach_a = {q: _reach(self.a, self.best_a, q) for q in {q for _, q in kinds} if q <= m}
        reach_b = {p: _reach(self.b, self.best_b, p) for p in {p for p, _ in kinds} if p <= n}
        mass_a, mass_b = self.a.mass, self.b.mass
        out = {}
        for p, q in kinds:
            grid = np.zeros((n + 1, m + 1), dtype=np.float32)
            if n >= p and m >= q:
                covered_a = _windows(reach_a[q], mass_a, p)
                covered_b = _windows(reach_b[p], mass_b, q)
                grid[p:, q:] = (covered_a + covered_b.T) / 2
            out[p, q] = grid
        return out

    def beads(self, in_a: Index, in_b: Index) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The coverage of listed beads `(k, 2)` (-1: none), and of their better half alone."""
        total_a = np.add.reduceat(self.best_a * self.a.weight[:, None], self.a.start, axis=0)
        total_b = np.add.reduceat(self.best_b * self.b.weight[:, None], self.b.start, axis=0)
        mass_a, mass_b = self.a.mass, self.b.mass
        first = _pair(total_a, total_b, mass_a, mass_b, in_a[:, 0], in_b[:, 0])
        whole, best = first.copy(), first.copy()
        two_a, two_b = np.nonzero(in_a[:, 1] >= 0)[0], np.nonzero(in_b[:, 1] >= 0)[0]
        for rows, one, two, bag, best_of, total, mass, mass_other in (
            (two_b, in_a[:, 0], in_b, self.a, self.best_a, total_b, mass_b, mass_a),
            (two_a, in_b[:, 0], in_a, self.b, self.best_b, total_a, mass_a, mass_b),
        ):
            if not len(rows):
                continue
            single, j, k = one[rows], two[rows, 0], two[rows, 1]
            of_one = _joint(bag, best_of, single, j, k) / mass_other[single]
            of_two = (total[j, single] + total[k, single]) / (mass[j] + mass[k])
            whole[rows] = (of_one + of_two) / 2
        second = first.copy()
        second[two_b] = _pair(total_a, total_b, mass_a, mass_b, in_a[two_b, 0], in_b[two_b, 1])
        second[two_a] = _pair(total_a, total_b, mass_a, mass_b, in_a[two_a, 1], in_b[two_a, 0])
        np.maximum(best, second, out=best)
        return whole, best


def _rarer(bag: Bag, other: Bag, best: Rows) -> Bag:
    own = _largest(bag.rows @ bag.rows.T, bag).T[bag.place]
    unit = np.repeat(np.arange(len(bag.start)), np.diff(np.append(bag.start, len(bag.place))))
    own[np.arange(len(own)), unit] = 0.0  # a word says itself
    said = sum(np.clip((rows - FAR) / (NEAR - FAR), 0.0, 1.0).sum(axis=1) for rows in (own, best))
    units = len(bag.start) + len(other.start)
    rarity = np.log((units + 1) / (np.asarray(said, dtype=np.float64) + 0.5))
    return replace(bag, weight=bag.weight * np.maximum(COMMON, rarity))


def _pair(
    total_a: NDArray[np.float64],
    total_b: NDArray[np.float64],
    mass_a: NDArray[np.float64],
    mass_b: NDArray[np.float64],
    i: Index,
    j: Index,
) -> NDArray[np.float64]:
    return np.asarray((total_a[i, j] / mass_a[i] + total_b[j, i] / mass_b[j]) / 2)


def _largest(values: Rows, bag: Bag) -> Rows:
    """The largest value of every unit's words, `(n, d)`, of rows `values` of its vocabulary.

    The k-th words of all units are taken at once, so that long rows are compared, not short ones.
    """
    lengths = np.diff(np.append(bag.start, len(bag.place)))
    order = np.argsort(-lengths, kind="stable")
    first, ascending = bag.start[order], np.sort(lengths)
    top = values[bag.place[first]]
    for k in range(1, int(lengths.max())):
        active = len(order) - int(np.searchsorted(ascending, k, side="right"))
        words = bag.place[first[:active] + k]
        np.maximum(top[:active], values[words], out=top[:active])
    out = np.empty_like(top)
    out[order] = top
    return out


def _reach(bag: Bag, best: Rows, other: int) -> Rows:
    """The summed coverage of every unit's words by `other` consecutive units, `(n, …)`."""
    count = best.shape[1] + 1 - other
    reach = best[:, :count]
    for step in range(1, other):
        reach = np.maximum(reach, best[:, step : step + count])
    weighed = reach * bag.weight[:, None].astype(np.float32)
    return np.asarray(np.add.reduceat(weighed, bag.start, axis=0))


def _windows(reach: Rows, mass: NDArray[np.float64], own: int) -> NDArray[np.float64]:
    """Coverage of `own` consecutive units, `(n + 1 - own, …)`, from what `_reach` gives."""
    rows = len(mass) + 1 - own
    summed = sum(reach[step : step + rows] for step in range(own))
    weighed = sum(mass[step : step + rows] for step in range(own))
    return np.asarray(summed / np.asarray(weighed)[:, None])


def _joint(bag: Bag, best: Rows, unit: Index, j: Index, k: Index) -> NDArray[np.float64]:
    """For each row the summed coverage of `unit`'s words by units j and k together."""
    ends = np.append(bag.start[1:], len(bag.place))
    lengths = (ends - bag.start)[unit]
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    word = (
        np.arange(lengths.sum()) - np.repeat(starts, lengths) + np.repeat(bag.start[unit], lengths)
    )
    reach = np.maximum(best[word, np.repeat(j, lengths)], best[word, np.repeat(k, lengths)])
    return np.asarray(np.add.reduceat(reach * bag.weight[word], starts))
