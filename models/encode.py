"""The sentence encoder: one cross-lingual unit vector for a sentence in any of the three languages.

The vector is the sum of those of the SentencePiece pieces and of the romanised n-grams of the words
(`models.ngrams`), scaled to length one. Translations have near vectors, so a dot product of
two rows is their similarity (cosine, -1…1).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from models.errors import EncoderMissing
from models.ngrams import BUCKETS, buckets, words

if TYPE_CHECKING:
    import sentencepiece

Floats = npt.NDArray[np.float32]

SHIPPED = Path(__file__).parent / "packages" / "encoder"
WEIGHTS = "weights.npz"
TOKENIZER = "tokenizer.model"

#: Steps from zero to a row's largest number. Few, because the file is compressed: half the size of
#: steps to 127, and the right translation is found first as often.
LEVELS = 15

#: Texts encoded at once: enough to be fast, few enough for memory with any number of texts.
CHUNK = 4096


@runtime_checkable
class SentenceEncoder(Protocol):
    """What alignment needs of an encoder; users may bring their own."""

    @property
    def digest(self) -> str:
        """Names the weights: vectors of different digests must not be compared."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of the texts, (n, d) float32, unit rows."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Encoder:
    """The shipped encoder: a vector for each piece and each bucket of n-grams, as it is on disk.

    Attributes:
        tokenizer: cuts texts into pieces.
        table: (pieces + buckets, d), whole numbers; a vector is its row times its scale.
        scale: (pieces + buckets,).
        digest: SHA-256 of the files.
    """

    tokenizer: sentencepiece.SentencePieceProcessor
    table: npt.NDArray[np.int8]
    scale: Floats
    digest: str

    @classmethod
    def load(cls, folder: Path | None = None) -> Encoder:
        """The encoder in a folder; without one, the encoder that ships with Parallax.

        Raises:
            EncoderMissing: the folder has no readable encoder.
        """
        import sentencepiece

        folder = SHIPPED if folder is None else folder
        paths = [folder / WEIGHTS, folder / TOKENIZER]
        absent = [path.name for path in paths if not path.is_file()]
        if absent:
            raise EncoderMissing(
                f"There is no sentence encoder in {folder}: {' and '.join(absent)} missing; "
                "train one with `python -m models.training encoder`, or go on without vectors."
            )
        try:
            with np.load(paths[0], allow_pickle=False) as data:
                table = data["table"].astype(np.int8, copy=False)
                scale = data["scale"].astype(np.float32, copy=False)
            tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(paths[1]))
        except (KeyError, OSError, RuntimeError, ValueError) as error:
            raise EncoderMissing(
                f"The sentence encoder in {folder} cannot be read ({error}); copy its files again."
            ) from error
        rows = tokenizer.get_piece_size() + BUCKETS
        if rows != len(table) or rows != len(scale):
            raise EncoderMissing(
                f"The sentence encoder in {folder} has {len(table)} vectors where its pieces and "
                f"n-grams need {rows}; the two files must come together, from one training."
            )
        return cls(tokenizer, table, scale, digest(paths))

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.table.shape[1])

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of the texts, (n, d) float32, unit rows.

        A text without a known piece, such as an empty one, gets a row of zeros: it is like nothing.
        """
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            rows[start : start + CHUNK] = self.sums(texts[start : start + CHUNK])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Floats = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return unit

    def sums(self, texts: Sequence[str]) -> Floats:
        """Sums of vectors, (n, d), not scaled: the length of a word's row is its weight."""
        sums = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        # A text at a time: its rows fit the processor's cache, a sparse product's would not.
        for number, rows in enumerate(bags(self.tokenizer, texts)):
            np.matmul(self.scale[rows], self.table[rows].astype(np.float32), out=sums[number])
        return sums


@lru_cache(maxsize=1)
def shipped() -> Encoder | None:
    """The encoder that ships with Parallax, loaded once for all who use it; None without one."""
    try:
        return Encoder.load()
    except EncoderMissing:
        return None


def bags(
    tokenizer: sentencepiece.SentencePieceProcessor, texts: Sequence[str], *, threads: int = 1
) -> list[list[int]]:
    """The rows of the table that each text sums: its pieces, then its n-grams behind them."""
    rows: list[list[int]] = tokenizer.encode(list(texts), num_threads=threads)
    first = tokenizer.get_piece_size()
    for row, text in zip(rows, texts, strict=True):
        for word in words(text):
            row.extend([first + bucket for bucket in buckets(word)])
    return rows


def quantise(vectors: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Rows as whole numbers of at most `LEVELS` and the scale of each: row ≈ table · scale.

    The error is at most half a scale; it evens out in a sum.
    """
    peak = np.abs(vectors).max(axis=1)
    scale = np.where(peak > 0, peak / LEVELS, 1).astype(np.float32)
    return np.rint(vectors / scale[:, None]).astype(np.int8), scale


def save(folder: Path, vectors: Floats, tokenizer: Path) -> None:
    """Write an encoder that `Encoder.load` reads: quantised vectors and a copy of the tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    table, scale = quantise(vectors)
    np.savez_compressed(folder / WEIGHTS, table=table, scale=scale)
    (folder / TOKENIZER).write_bytes(tokenizer.read_bytes())


def digest(paths: Sequence[Path]) -> str:
    """SHA-256 of the files one after another, in hexadecimal."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()
