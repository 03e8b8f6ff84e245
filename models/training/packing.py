"""Sentences as piece identifiers in flat 16-bit arrays: a corpus is one small file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import sentencepiece

Turn = Callable[[Sequence[str]], list[list[int]]]
CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different length: row i is `flat[offsets[i]:offsets[i + 1]]`, uint16."""

    flat: npt.NDArray[np.uint16]
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> npt.NDArray[np.uint16]:
        """The identifiers of one row."""
        return self.flat[self.offsets[row] : self.offsets[row + 1]]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Length of each row in pieces."""
        return np.diff(self.offsets)

    def lengths_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Length of the chosen rows in pieces."""
        return self.offsets[rows + 1] - self.offsets[rows]

    def without(self, identifier: int) -> npt.NDArray[np.bool_]:
        """Whether each row does without an identifier."""
        found = np.ones(len(self), dtype=np.bool_)
        at = np.flatnonzero(self.flat == identifier)
        found[np.searchsorted(self.offsets, at, side="right") - 1] = False
        return found

    def take(self, rows: npt.NDArray[np.int64]) -> Ragged:
        """The chosen rows, in the order given."""
        flat, begins = self.gather(rows)
        return Ragged(flat.astype(np.uint16), np.append(begins, len(flat)).astype(np.int64))

    def gather(
        self, rows: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Flat identifiers of the chosen rows and the offset of each, both int64."""
        starts, lengths = self.offsets[rows], self.lengths_of(rows)
        begins = np.concatenate([[0], np.cumsum(lengths)])
        index = np.arange(begins[-1]) - np.repeat(begins[:-1] - starts, lengths)
        return self.flat[index].astype(np.int64), begins[:-1]


@dataclass(frozen=True, slots=True)
class Packed:
    """Sentence pairs of one language pair: two ragged arrays, and each pair's corpus."""

    first: Ragged
    second: Ragged
    corpus: npt.NDArray[np.int32]
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Number of pairs."""
        return len(self.first)

    def save(self, path: Path) -> None:
        """Write everything to one npz file."""
        np.savez_compressed(
            path,
            first=self.first.flat,
            first_offsets=self.first.offsets,
            second=self.second.flat,
            second_offsets=self.second.offsets,
            corpus=self.corpus,
            names=np.array(self.names),
        )

    @classmethod
    def load(cls, path: Path) -> Packed:
        """Read what `save` wrote."""
        with np.load(path) as data:
            return cls(
                Ragged(data["first"], data["first_offsets"]),
                Ragged(data["second"], data["second_offsets"]),
                data["corpus"],
                tuple(str(name) for name in data["names"]),
            )


def ragged(rows: Sequence[Sequence[int] | npt.NDArray[np.uint16]]) -> Ragged:
    """Pack rows of identifiers below 65,536."""
    offsets = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    flat = np.empty(int(offsets[-1]), dtype=np.uint16)
    for row, start, end in zip(rows, offsets[:-1], offsets[1:], strict=True):
        flat[start:end] = row
    return Ragged(flat, offsets)


def joined(parts: Iterable[Ragged]) -> Ragged:
    """Ragged rows of several arrays one after another."""
    rows = list(parts)
    lengths = np.concatenate([np.zeros(0, dtype=np.int64), *(part.lengths for part in rows)])
    return Ragged(
        np.concatenate([np.zeros(0, dtype=np.uint16), *(part.flat for part in rows)]),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
    )


def turned(texts: Sequence[str], turn: Turn) -> Ragged:
    """The identifiers `turn` makes of each text, packed; lists of a part of them exist at once."""
    return joined(
        ragged(turn(texts[start : start + CHUNK])) for start in range(0, len(texts), CHUNK)
    )


def encode(
    processor: sentencepiece.SentencePieceProcessor, texts: Sequence[str], *, threads: int = 2
) -> Ragged:
    """The pieces of each text, packed."""
    return turned(texts, lambda part: processor.encode(list(part), num_threads=threads))


def pack(rows: Sequence[tuple[str, str, str]], turn: Turn) -> Packed:
    """Pack (corpus, first, second) rows; `turn` makes identifiers of texts."""
    names = sorted({corpus for corpus, _, _ in rows})
    number = {name: i for i, name in enumerate(names)}
    return Packed(
        turned([first for _, first, _ in rows], turn),
        turned([second for _, _, second in rows], turn),
        np.array([number[corpus] for corpus, _, _ in rows], dtype=np.int32),
        tuple(names),
    )
