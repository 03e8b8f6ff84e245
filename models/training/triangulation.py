"""What phrases become by way of a third language (Cohn and Lapata 2007).

Where two languages share little text, each of them may share more with a third: a phrase that was
never seen between them is given what its translations into the third language become there.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from models.training.align_words import NONE
from models.training.hashing import find
from models.training.packing import Ragged
from models.training.phrases import OPTIONS, PART, WORD, PhraseTable, best, phrase_hash

#: Options that are followed at each of the two steps.
FOLLOWED = 4

Ints = npt.NDArray[np.int64]


class _Steps(NamedTuple):
    """Of each way: the phrase's number, and its options at the first and at the second step."""

    phrase: Ints
    first: Ints
    second: Ints


def extended(table: PhraseTable, first: PhraseTable, second: PhraseTable) -> PhraseTable:
    """The table with the phrases that only `first` knows, by what `second` makes of its options.

    `first` leads from the table's source language to a third one, `second` from there to its
    target language. The log probabilities of both steps are added up.
    """
    new = np.flatnonzero(~np.isin(first.keys, table.keys))
    steps = _ways(first, second, new)
    keys = first.keys[steps.phrase]
    features = first.features[steps.first] + second.features[steps.second]
    _, _, kept = best(keys, features[:, 0].astype(np.float64), OPTIONS)
    chosen = _Steps(*(each[kept] for each in steps))
    targets = second.targets.take(chosen.second)
    places = _places(first, second, chosen, targets)
    return _merged(table, first, chosen, features[kept], targets, places)


def _ways(first: PhraseTable, second: PhraseTable, new: Ints) -> _Steps:
    room = _Steps(*np.zeros((3, len(new) * FOLLOWED**2), dtype=np.int64))
    found = _follow(
        new,
        first.starts,
        first.ends,
        first.targets.flat,
        first.targets.offsets,
        second.keys,
        second.starts,
        room,
    )
    return _Steps(*(each[:found] for each in room))


@numba.njit
def _follow(new, starts, ends, flat, offsets, keys, second_starts, room):  # type: ignore[no-untyped-def]  # numba finds the types
    """Write every way there is; how many there are."""
    count = 0
    for phrase in new:
        how = PART if ends[phrase] == PART else WORD  # forms of a stem became whole words
        for a in range(starts[phrase], min(starts[phrase + 1], starts[phrase] + FOLLOWED)):
            at = find(keys, phrase_hash(flat, offsets[a], offsets[a + 1], how))
            if at < 0:
                continue
            for b in range(
                second_starts[at], min(second_starts[at + 1], second_starts[at] + FOLLOWED)
            ):
                room.phrase[count], room.first[count], room.second[count] = phrase, a, b
                count += 1
    return count


def _places(
    first: PhraseTable, second: PhraseTable, chosen: _Steps, targets: Ragged
) -> npt.NDArray[np.uint8]:
    """The place in the source phrase that each target piece comes from, through both steps."""
    rows = np.repeat(np.arange(len(targets)), targets.lengths)
    inside = np.arange(len(targets.flat)) - targets.offsets[rows]
    middle = second.places[second.targets.offsets[chosen.second][rows] + inside].astype(np.int64)
    known = middle != NONE
    found = np.full(len(middle), NONE, dtype=np.uint8)
    found[known] = first.places[(first.targets.offsets[chosen.first][rows] + middle)[known]]
    return found


def _merged(
    table: PhraseTable,
    first: PhraseTable,
    chosen: _Steps,
    features: npt.NDArray[np.float32],
    targets: Ragged,
    places: npt.NDArray[np.uint8],
) -> PhraseTable:
    """The options of both, in the order of their phrases' hashes; a phrase's own order stays."""
    every = np.concatenate(
        [np.repeat(table.keys, np.diff(table.starts)), first.keys[chosen.phrase]]
    )
    ends = np.concatenate([np.repeat(table.ends, np.diff(table.starts)), first.ends[chosen.phrase]])
    order = np.argsort(every, kind="stable")
    offsets = np.concatenate([table.targets.offsets, len(table.targets.flat) + targets.offsets[1:]])
    flat = np.concatenate([table.targets.flat, targets.flat])
    both = Ragged(flat, offsets)
    keys, starts = np.unique(every[order], return_index=True)
    lengths = both.lengths[order]
    sorted_offsets = np.concatenate([[0], np.cumsum(lengths)])
    index = np.arange(sorted_offsets[-1]) + np.repeat(offsets[order] - sorted_offsets[:-1], lengths)
    return PhraseTable(
        keys,
        np.concatenate([starts, [len(every)]]).astype(np.int64),
        ends[order][starts],
        np.concatenate([table.features, features])[order],
        Ragged(flat[index], sorted_offsets),
        np.concatenate([table.places, places])[index],
        table.marks,
    )
