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

NEAREST = 4  # rows that a row may pair with; their mean cosine is its hub
BLOCK = 512
GROUP = 16  # columns whose maximum is looked at first
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
    if not len(a) or not len(b):
        return []
    i, j, cosine, hub_a, hub_b = near(a, b)
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


def near(a: Rows, b: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64], Rows, Rows, Rows]:
    """Rows i of a and j of b that are near each other, each pair once, their cosines, both hubs.

    A hub is the mean cosine of a row with its nearest ones, `(n,)` and `(m,)`. Raises TooLarge.
    """
    if len(a) * len(b) > LARGEST:
        message = (
            f"{len(a):,} × {len(b):,} sentences are too many to mine at once; the limit is "
            f"{LARGEST:,} combinations. Mine in parts, by date or by topic."
        )
        raise TooLarge(message)
    near_a, value_a, near_b, value_b = _nearest(a, b)
    rows = np.repeat(np.arange(len(a)), near_a.shape[1])
    other = np.repeat(np.arange(len(b)), near_b.shape[1])
    i = np.concatenate([rows, near_b.ravel()])
    j = np.concatenate([near_a.ravel(), other])
    _, once = np.unique(i * len(b) + j, return_index=True)
    cosine = np.concatenate([value_a.ravel(), value_b.ravel()])[once]
    return (
        i[once],
        j[once],
        cosine,
        value_a[:, :NEAREST].mean(axis=1),
        value_b[:, :NEAREST].mean(axis=1),
    )


def _nearest(a: Rows, b: Rows) -> tuple[NDArray[np.int64], Rows, NDArray[np.int64], Rows]:
    """The nearest rows and cosines in both directions, from one pass over all products."""
    count_a, count_b = min(NEAREST, len(b)), min(NEAREST, len(a))
    near_a = np.full((len(a), count_a), -1, dtype=np.int64)
    value_a = np.full((len(a), count_a), -2.0, dtype=np.float32)
    near_b = np.full((len(b), count_b), -1, dtype=np.int64)
    value_b = np.full((len(b), count_b), -2.0, dtype=np.float32)
    for start in range(0, len(a), BLOCK):
        stop = min(len(a), start + BLOCK)
        for left in range(0, len(b), 8 * BLOCK):
            right = min(len(b), left + 8 * BLOCK)
            products = a[start:stop] @ b[left:right].T
            _merge(near_a[start:stop], value_a[start:stop], products, left)
            _merge(near_b[left:right], value_b[left:right], products.T, start)
    return near_a, value_a, near_b, value_b


def _merge(places: NDArray[np.int64], values: Rows, products: Rows, first: int) -> None:
    """Puts the largest products of every row among the best of the blocks before, in place."""
    count = values.shape[1]
    top, found = _take_top(products, count)
    both = np.concatenate([values, found], axis=1)
    where = np.concatenate([places, top + first], axis=1)
    kept = np.argsort(-both, axis=1, kind="stable")[:, :count]
    values[:] = np.take_along_axis(both, kept, axis=1)
    places[:] = np.take_along_axis(where, kept, axis=1)


def _take_top(products: Rows, count: int) -> tuple[NDArray[np.int64], Rows]:
    """Places and values of the `count` largest of every row, in no order.

    The largest are in the `count` groups of columns with the largest maxima, and maxima of groups
    cost one pass where finding places costs several.
    """
    size = products.shape[1] // GROUP
    if size <= 2 * count:
        count = min(count, products.shape[1])
        top = np.argpartition(products, -count, axis=1)[:, -count:]
        return top, np.take_along_axis(products, top, axis=1)
    grouped = products[:, : size * GROUP].reshape(len(products), GROUP, size)
    best = np.argpartition(grouped.max(axis=1), -count, axis=1)[:, -count:]
    columns = best[:, :, None] + size * np.arange(GROUP)
    columns = columns.reshape(len(products), -1)
    rest = np.arange(size * GROUP, products.shape[1])
    columns = np.concatenate([columns, np.tile(rest, (len(products), 1))], axis=1)
    values = np.take_along_axis(products, columns, axis=1)
    top = np.argpartition(values, -count, axis=1)[:, -count:]
    return np.take_along_axis(columns, top, axis=1), np.take_along_axis(values, top, axis=1)
