"""What a stack decoder holds of a sentence: tuples, since compiled functions take no dataclass."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.training.hashing import Hashes
from models.training.phrase_options import OPTIONS
from models.training.phrases import LONGEST_SOURCE
from models.training.vocabulary import BEGIN

#: Hypotheses of a stack.
BEAM = 20

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Search(NamedTuple):
    """All that one sentence is searched with; see `Options` and `Stretches`."""

    source: Ints
    first: Ints
    last: Ints
    cost: Floats
    begin: Ints
    length: Ints
    score: Floats
    estimate: Floats
    pieces: npt.NDArray[np.uint16]
    keys: Hashes
    values: npt.NDArray[np.float32]
    model: float
    distortion: float
    reach: int


class Stacks(NamedTuple):
    """Hypotheses by row: the stack of those that cover s pieces are the `BEAM` rows from s * BEAM.

    Each knows what it covers (a bit a piece), where its last phrase ended, the three pieces it said
    last (the latest first), its score, the hypothesis it extends, and its last phrase: the option
    (-1 for a copy) and where in the source that begins.
    """

    covered: Hashes
    end: Ints
    context: Hashes
    score: Floats
    back: Ints
    option: Ints
    place: Ints

    @classmethod
    def empty(cls, n: int) -> Stacks:
        """Room for a sentence of n pieces; the first hypothesis covers nothing."""
        rows = (n + 1) * BEAM
        numbers = np.zeros((4, rows), dtype=np.int64)
        context = np.full((rows, 3), BEGIN, dtype=np.uint64)
        return cls(
            np.zeros(rows, dtype=np.uint64), numbers[0], context, np.zeros(rows), *numbers[1:]
        )


class Candidates(NamedTuple):
    """What may enter each stack, (n + 1, room): `taken` of it, and the highest total there is."""

    taken: Ints
    highest: Floats
    total: Floats
    score: Floats
    back: Ints
    option: Ints
    place: Ints

    @classmethod
    def empty(cls, n: int, reach: int) -> Candidates:
        """Room for all that full stacks can lead to."""
        room = BEAM * LONGEST_SOURCE * OPTIONS * (reach + 1)
        scores, numbers = np.empty((2, n + 1, room)), np.empty((3, n + 1, room), dtype=np.int64)
        return cls(np.zeros(n + 1, dtype=np.int64), np.full(n + 1, -np.inf), *scores, *numbers)
