"""64-bit hashes of piece sequences, for NumPy arrays and, compiled, for single pieces.

A sequence is hashed piece by piece from a state; of some ten million sequences of a corpus two fall
together with a chance of one in 400,000, so hashes stand for the sequences themselves.
"""

from __future__ import annotations

from typing import TypeVar

import numba
import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
State = TypeVar("State", np.uint64, Hashes)

START = np.uint64(0x243F6A8885A308D3)
ONE = np.uint64(1)
#: 2 ** 64 by the golden ratio, odd, which spreads neighbouring numbers (Knuth 1973).
SPREAD = np.uint64(0x9E3779B97F4A7C15)
FOLD = np.uint64(29)


def mix(state: State, piece: State) -> State:
    """The state after one more piece; both are unsigned, or arrays of such."""
    mixed = (state ^ (piece + ONE)) * SPREAD
    return mixed ^ (mixed >> FOLD)


mix_one = numba.njit(mix)


@numba.njit(nogil=True)
def find(keys, key):  # type: ignore[no-untyped-def]  # numba finds the types
    """Where a key stands in sorted keys, or -1."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low if low < len(keys) and keys[low] == key else -1
