"""What counting gives a network before it trains: where each piece lies, and romanised names.

Pieces that are linked in word alignments lie near each other whatever their language, so that a
network whose input and output share one table starts near a word-for-word translator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from models.training.align_words import Links, linked_pieces
from models.training.examples import Examples

Floats = npt.NDArray[np.float32]
CYRILLIC = re.compile("[\u0400-\u04ff]")

# Romanisation close to BGN/PCGN, for names and words never seen with a translation.
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ъ": "", "ы": "y", "ь": "", "э": "e", "і": "i",
    "ґ": "g", "є": "ye", "ї": "yi", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu",
    "я": "ya", "ё": "e",
}  # fmt: skip


def romanise(text: str) -> str:
    """Cyrillic letters in Latin script; everything else stays."""
    parts = []
    for character in text:
        latin = LATIN.get(character.lower())
        if latin is None:
            parts.append("" if CYRILLIC.match(character) else character)
        else:
            parts.append(latin[:1].upper() + latin[1:] if character.isupper() else latin)
    return "".join(parts)


def linked(examples: Examples) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The source and the target piece of every link."""
    return linked_pieces(examples.source, examples.target, Links(examples.links))


def table(sets: Sequence[Examples], pieces: int, columns: int, seed: int, pivot: int) -> Floats:
    """Unit rows (pieces, columns) in which linked pieces are near; rows without a link are random.

    Pieces of the language with the prefix `pivot` come first. Each has a random part, which keeps
    thousands of pieces apart in a few hundred columns, and a part from a singular value
    decomposition of the links, which puts pieces of like meaning near each other. Any other piece
    lies at the mean of the pivot's pieces linked to it, each weighed by how much more often than
    elsewhere it is linked.
    """
    into = [examples for examples in sets if examples.prefix == pivot] or list(sets)
    pairs = [linked(examples) for examples in into]
    x = np.concatenate([source for source, _ in pairs])
    y = np.concatenate([target for _, target in pairs])
    keys, n = np.unique(x * pieces + y, return_counts=True)
    x, y = keys // pieces, keys % pieces
    of_x = np.bincount(x, weights=n, minlength=pieces)
    of_y = np.bincount(y, weights=n, minlength=pieces)
    gain = np.log(n * n.sum() / (of_x[x] * of_y[y]))
    chance = np.random.default_rng(seed)

    keep = (gain > 0.5) & (n >= 2)
    value = gain[keep] * n[keep] / (n[keep] + 1.0)
    shared = csr_array((value, (x[keep], y[keep])), shape=(pieces, pieces), dtype=np.float32)
    rank = min(columns, pieces - 2)
    _, _, right = svds(shared, k=rank, v0=chance.standard_normal(pieces).astype(np.float32))
    meaning = np.zeros((pieces, columns))
    meaning[:, :rank] = unit_rows(right.T)
    rows = unit_rows(0.8 * unit_rows(chance.standard_normal((pieces, columns))) + 0.6 * meaning)

    share = n / of_x[x]
    weight = np.where(share >= 0.03, share * np.clip(gain, 0, None), 0)
    means = csr_array((weight, (x, y)), shape=(pieces, pieces)) @ rows
    elsewhere = (of_x > of_y) & (np.abs(means).sum(axis=1) > 0)
    rows[elsewhere] = unit_rows(means[elsewhere])
    return rows


def unit_rows(rows: npt.NDArray[Any]) -> Floats:
    """Rows scaled to length one; empty rows stay empty."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = (rows / np.maximum(lengths, 1e-6)).astype(np.float32)
    return scaled
