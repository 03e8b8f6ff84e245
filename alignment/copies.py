"""Syndicated copies: which article repeats which, by MinHash over word shingles.

An agency text printed by ten outlets is one voice. Signatures follow Broder 1997, buckets follow
locality-sensitive hashing (Indyk and Motwani 1998): 16 bands of 4 values each.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Signature = NDArray[np.uint32]

SHINGLE = 4  # words
BANDS, ROWS = 16, 4
COPY = 0.6  # estimated Jaccard similarity from which a text counts as a copy: a few words edited
CROWD = 50  # newest texts of a bucket that are compared: bounds the cost of boilerplate
FEWEST = 12  # words: a shorter text is a copy only when it is identical

_WORD = re.compile(r"[^\W_]+")


def _coefficients() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    random = np.random.default_rng(20220224)
    count = BANDS * ROWS
    return (
        random.integers(0, 1 << 63, count, dtype=np.uint64) * np.uint64(2) + np.uint64(1),
        random.integers(0, 1 << 63, count, dtype=np.uint64),
    )


_MULTIPLY, _ADD = _coefficients()
_HIGH = np.uint64(32)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # the 32 bits of a checksum over all 64


def signature(text: str) -> Signature:
    """The MinHash signature of a text, `(64,)` uint32; identical words give identical ones."""
    words = [word.casefold().replace("ё", "е") for word in _WORD.findall(text)]
    if len(words) < FEWEST:
        shingles = {" ".join(words)}
    else:
        shingles = {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
    hashes = np.array([zlib.crc32(shingle.encode()) for shingle in shingles], dtype=np.uint64)
    # Multiply-shift (Dietzfelbinger et al. 1997): products must overflow, or all orders are alike.
    mixed = (hashes * _SPREAD)[:, None] * _MULTIPLY + _ADD
    return np.asarray(mixed.min(axis=0) >> _HIGH, dtype=np.uint32)


def resemblance(a: Signature, b: Signature) -> float:
    """The estimated Jaccard similarity of two texts' shingles, 0…1 (standard error about .06)."""
    return float((a == b).mean())


@dataclass(slots=True)
class CopyIndex:
    """Finds the original of a text among those added before; old ones can be forgotten."""

    threshold: float = COPY
    _signatures: dict[str, Signature] = field(default_factory=dict)
    _buckets: dict[tuple[int, bytes], list[str]] = field(default_factory=dict)

    def add(self, key: str, text: str) -> str | None:
        """The key of the text that this one repeats, or None: then it is kept as an original."""
        own = signature(text)
        seen: set[str] = set()
        best: tuple[float, str] | None = None
        for bucket in self._bands(own):
            for other in self._buckets.get(bucket, ())[-CROWD:]:
                if other in seen or other == key:
                    continue
                seen.add(other)
                alike = resemblance(own, self._signatures[other])
                if alike >= self.threshold and (best is None or alike > best[0]):
                    best = (alike, other)
        if best:
            return best[1]
        if key not in self._signatures:
            self._signatures[key] = own
            for bucket in self._bands(own):
                self._buckets.setdefault(bucket, []).append(key)
        return None

    def forget(self, key: str) -> None:
        """Drops an original; unknown keys are ignored."""
        own = self._signatures.pop(key, None)
        if own is None:
            return
        for bucket in self._bands(own):
            held = self._buckets.get(bucket)
            if held and key in held:
                held.remove(key)
                if not held:
                    del self._buckets[bucket]

    def __len__(self) -> int:
        """How many originals are held."""
        return len(self._signatures)

    @staticmethod
    def _bands(own: Signature) -> list[tuple[int, bytes]]:
        return [(band, own[band * ROWS : (band + 1) * ROWS].tobytes()) for band in range(BANDS)]


def find_copies(documents: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Copy → original for `(key, text)` in order of publication; originals are not listed."""
    index = CopyIndex()
    found = {}
    for key, text in documents:
        original = index.add(key, text)
        if original is not None:
            found[key] = original
    return found
