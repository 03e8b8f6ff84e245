"""Translation as tagging: each source piece says which unit, if any, stands in its place.

With a few million tokens of training a Transformer does not learn to attend. So the order is
taken from the source and the words from counted alignments: every source piece is labelled with
the target pieces linked to it, joined into one unit (`▁of▁the▁ministry`), or with the empty
unit. A network that reads its labels off the source, one for one, starts as a word-for-word
translator and learns only what context adds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from models.training.align_words import NONE
from models.training.packing import Ragged

Ints = npt.NDArray[np.int64]
Unit = tuple[int, ...]
LONGEST = 6
EMPTY: Unit = ()


@dataclass(frozen=True, slots=True)
class Labels:
    """For every source piece (flat) the number of its unit; the units by number."""

    numbers: npt.NDArray[np.int32]
    units: list[Unit]


def place(links: Sequence[int], starts: Sequence[bool], begins: Sequence[bool]) -> list[int]:
    """A source position for every target piece.

    `starts` says which target pieces begin a word, `begins` which source pieces do. Pieces
    without a link go with the next linked word (articles and prepositions with their noun), at
    the end with the last. A target word stays together unless it follows the pieces of one
    source word in order, as names do.
    """
    n = len(links)
    words: list[tuple[int, int]] = []
    i = 0
    while i < n:
        end = i + 1
        while end < n and not starts[end]:
            end += 1
        words.append((i, end))
        i = end
    result = [-1] * n
    for first, end in words:
        linked = [p for p in links[first:end] if p != NONE]
        if not linked:
            continue
        rising = all(a <= b for a, b in pairwise(linked))
        low, high = linked[0], linked[-1]
        if rising and high > low and not any(begins[low + 1 : high + 1]):
            last = low
            for i in range(first, end):
                last = links[i] if links[i] != NONE else last
                result[i] = last
        else:
            winner = Counter(linked).most_common(1)[0][0]
            result[first:end] = [winner] * (end - first)
    following = -1
    for i in range(n - 1, -1, -1):
        if result[i] >= 0:
            following = result[i]
        elif following >= 0:
            result[i] = following
    last = 0
    for i in range(n):
        if result[i] < 0:
            result[i] = last
        last = result[i]
    return result


def number_runs(row: Sequence[int], digits: frozenset[int]) -> list[tuple[int, int]]:
    """(start, end) of each run of digit pieces."""
    runs: list[tuple[int, int]] = []
    for i, piece in enumerate(row):
        if piece not in digits:
            continue
        if runs and runs[-1][1] == i:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


def link_numbers(
    source: Sequence[int],
    target: Sequence[int],
    links: list[int],
    digits: frozenset[int],
    space: int,
) -> None:
    """Link equal numbers digit by digit, and the space before one with the space before the other.

    Statistics alone sometimes give a digit the wrong place; a number must not suffer from that.
    """
    theirs = number_runs(target, digits)
    for start, end in number_runs(source, digits):
        wanted = list(source[start:end])
        same = next((run for run in theirs if list(target[run[0] : run[1]]) == wanted), None)
        if same is None:
            continue
        theirs.remove(same)
        for offset in range(end - start):
            links[same[0] + offset] = start + offset
        if same[0] > 0 and target[same[0] - 1] == space:
            before = start > 0 and source[start - 1] == space
            links[same[0] - 1] = start - 1 if before else start


def copy_numbers(
    source: Sequence[int],
    units: list[list[int]],
    digits: frozenset[int],
    space: int,
    marks: frozenset[int],
) -> None:
    """Let every digit say itself, and let spaces before and marks inside a number stay.

    A number copied as it stands is right more often than one that text taught to leave out. A mark
    (comma or point) may be said as the other one, as English does; it may not vanish.
    """
    for position, piece in enumerate(source):
        if piece in digits:
            units[position] = [piece]
            continue
        following = position + 1 < len(source) and source[position + 1] in digits
        if not following:
            continue
        inside = position > 0 and source[position - 1] in digits
        lost_space = piece == space and units[position][-1:] != [space]
        lost_mark = piece in marks and inside and not set(units[position]) & marks
        if lost_space or lost_mark:
            units[position] = [piece]


def label(
    source: Ragged,
    target: Ragged,
    links: npt.NDArray[np.uint8],
    starts: npt.NDArray[np.bool_],
    *,
    digits: frozenset[int] = frozenset(),
    space: int = -1,
    marks: frozenset[int] = frozenset(),
) -> Labels:
    """The unit of every source piece; `starts` (pieces,) says which pieces begin a word.

    `digits`, `space` and `marks` are the pieces of single digits, of a lone space, and of the comma
    and the point.
    """
    numbers = np.zeros(len(source.flat), dtype=np.int32)
    known: dict[Unit, int] = {EMPTY: 0}
    for row in range(len(source)):
        x, y = source[row], target[row]
        offset = int(target.offsets[row])
        near = links[offset : offset + len(y)].tolist()
        if digits:
            link_numbers(x.tolist(), y.tolist(), near, digits, space)
        places = place(near, starts[y].tolist(), starts[x].tolist())
        found: list[list[int]] = [[] for _ in range(len(x))]
        for piece, position in zip(y.tolist(), places, strict=True):
            found[position].append(piece)
        base = int(source.offsets[row])
        if digits:
            copy_numbers(x.tolist(), found, digits, space, marks)
        for position, unit in enumerate(found):
            if unit:
                numbers[base + position] = known.setdefault(tuple(unit), len(known))
    return Labels(numbers, list(known))
