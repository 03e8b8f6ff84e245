"""Pairs of sentences mined from two collections by margin, without any order.

The margin of a pair is its cosine over the mean cosine of both sentences to their nearest ones
(ratio margin, k = 4; Artetxe and Schwenk 2019). Candidates are the best margins from both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alignment.errors import TooLarge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]

NEAREST = 4
BLOCK = 1_024
LARGEST = 20_000_000_000  # rows a × rows b: about twenty minutes on two cores


@dataclass(frozen=True, slots=True)
class Mined:
    """A mined pair: row of a, row of b, its ratio margin and its cosine."""

    a: int
    b: int
    margin: float
    similarity: float


def mine(a: Rows, b: Rows, *, least: float = 1.2) -> list[Mined]:
    """Pairs with a margin of at least `least`, best first, every row in at most one.

    `a` `(n, d)` and `b` `(m, d)` are unit rows of one encoder. Raises TooLarge beyond `LARGEST`.
    """
    if len(a) * len(b) > LARGEST:
        message = (
            f"{len(a):,} × {len(b):,} sentences are too many to mine at once; the limit is "
            f"{LARGEST:,} combinations. Mine in parts, by date or by topic."
        )
        raise TooLarge(message)
    if not len(a) or not len(b):
        return []
    near_a, value_a, near_b, value_b = _nearest(a, b)
    hub_a, hub_b = value_a.mean(axis=1), value_b.mean(axis=1)
    rows = np.repeat(np.arange(len(a)), near_a.shape[1])
    other = np.repeat(np.arange(len(b)), near_b.shape[1])
    i = np.concatenate([rows, near_b.ravel()])
    j = np.concatenate([near_a.ravel(), other])
    cosine = np.concatenate([value_a.ravel(), value_b.ravel()])
    margin = cosine / np.maximum(1e-6, (hub_a[i] + hub_b[j]) / 2)
    order = np.lexsort((j, i, -margin))
    order = order[margin[order] >= least]
    used_a, used_b = np.zeros(len(a), dtype=bool), np.zeros(len(b), dtype=bool)
    found = []
    for place in order:
        left, right = int(i[place]), int(j[place])
        if not used_a[left] and not used_b[right]:
            used_a[left] = used_b[right] = True
            found.append(Mined(left, right, float(margin[place]), float(cosine[place])))
    return found


def _nearest(a: Rows, b: Rows) -> tuple[NDArray[np.int64], Rows, NDArray[np.int64], Rows]:
    """The nearest rows and cosines in both directions, from one pass over all products."""
    count_a, count_b = min(NEAREST, len(b)), min(NEAREST, len(a))
    near_a = np.zeros((len(a), count_a), dtype=np.int64)
    value_a = np.zeros((len(a), count_a), dtype=np.float32)
    near_b = np.full((len(b), count_b), -1, dtype=np.int64)
    value_b = np.full((len(b), count_b), -2.0, dtype=np.float32)
    for start in range(0, len(a), BLOCK):
        stop = min(len(a), start + BLOCK)
        best = np.full((stop - start, 0), -2.0, dtype=np.float32)
        where = np.zeros((stop - start, 0), dtype=np.int64)
        for left in range(0, len(b), 8 * BLOCK):
            right = min(len(b), left + 8 * BLOCK)
            products = a[start:stop] @ b[left:right].T
            turned = np.ascontiguousarray(products.T)
            top, values = _take_top(products, min(count_a, right - left))
            best = np.concatenate([best, values], axis=1)
            where = np.concatenate([where, top + left], axis=1)
            top, values = _take_top(turned, min(count_b, stop - start))
            values = np.concatenate([value_b[left:right], values], axis=1)
            places = np.concatenate([near_b[left:right], top + start], axis=1)
            kept = _top(values, count_b)
            value_b[left:right] = np.take_along_axis(values, kept, axis=1)
            near_b[left:right] = np.take_along_axis(places, kept, axis=1)
        kept = _top(best, count_a)
        value_a[start:stop] = np.take_along_axis(best, kept, axis=1)
        near_a[start:stop] = np.take_along_axis(where, kept, axis=1)
    return near_a, value_a, near_b, value_b


def _take_top(values: Rows, count: int) -> tuple[NDArray[np.int64], Rows]:
    """Places and values of the `count` largest of every row, best first; overwrites `values`.

    A few passes for the largest are several times faster than partitioning wide rows.
    """
    rows = np.arange(len(values))
    places = np.zeros((len(values), count), dtype=np.int64)
    found = np.zeros((len(values), count), dtype=np.float32)
    for rank in range(count):
        places[:, rank] = values.argmax(axis=1)
        found[:, rank] = values[rows, places[:, rank]]
        values[rows, places[:, rank]] = -np.inf
    return places, found


def _top(values: Rows, count: int) -> NDArray[np.int64]:
    """Places of the `count` largest values of every row, in no order."""
    size = values.shape[1]
    if count >= size:
        return np.tile(np.arange(size), (len(values), 1))
    return np.asarray(np.argpartition(values, size - count, axis=1)[:, size - count :])
