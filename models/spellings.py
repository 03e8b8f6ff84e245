"""How Ukrainian or Russian a Cyrillic word is spelt, by the groups of letters in it.

A logistic regression over hashed letter groups (Weinberger 2009), trained on words that hold no
letter of one language alone (`models/training/spellings.py`), since those need no guess.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUCKETS = 1 << 15
#: Letters of a group at least and at most, the marks for a word's two ends included.
SHORTEST, LONGEST = 2, 5
#: Log-odds that one word can have at most, however sure its spelling seems.
MOST = 4.0
PATH = Path(__file__).with_name("spellings.npz")


@lru_cache(maxsize=50_000)
def odds(word: str) -> float:
    """Natural-log odds of Ukrainian against Russian, from the spelling of a casefolded word."""
    total = float(_weights()[groups(word[:60])].sum())
    return max(-MOST, min(MOST, total))


def groups(word: str) -> list[int]:
    """The buckets of a word's letter groups, each group once."""
    whole = f"^{word}$"
    found = {
        whole[at : at + size]
        for size in range(SHORTEST, LONGEST + 1)
        for at in range(len(whole) - size + 1)
    }
    return [zlib.crc32(each.encode("utf-8", "replace")) % BUCKETS for each in found | {whole}]


@lru_cache(maxsize=1)
def _weights() -> NDArray[np.float32]:
    """`(BUCKETS,)` float32: the log-odds that each group adds."""
    import numpy as np

    with np.load(PATH, allow_pickle=False) as file:
        weights: NDArray[np.float32] = file["weights"] * np.float32(file["scale"])
    return weights
