"""Training examples of the tagging network: source pieces, each with the number of its unit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from models.training.examples import IGNORED, Ints
from models.training.packing import Ragged
from models.training.vocabulary import END, PADDING

if TYPE_CHECKING:
    from torch import Tensor

# Numbers of the units every model has, in the order of its output.
UNIT_UNKNOWN, UNIT_BEGIN, UNIT_END, UNIT_PREFIX, UNIT_EMPTY = range(5)
SPECIAL_UNITS = ("<unk>", "<s>", "</s>", "__en__", "")


@dataclass(frozen=True, slots=True)
class TagExamples:
    """Sentences with labels (flat like the source; -1: no unit of the vocabulary) and weights."""

    source: Ragged
    labels: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float32]
    last_weight: npt.NDArray[np.float32]

    @property
    def target(self) -> Ragged:
        """What batches are measured by: there are as many labels as source pieces."""
        return self.source

    def save(self, path: Path) -> None:
        """Write everything to one npz file."""
        np.savez(
            path,
            source=self.source.flat,
            offsets=self.source.offsets,
            labels=self.labels,
            weight=self.weight,
            last_weight=self.last_weight,
        )

    @classmethod
    def load(cls, path: Path) -> TagExamples:
        """Read what `save` wrote."""
        with np.load(path) as data:
            return cls(
                Ragged(data["source"], data["offsets"]),
                data["labels"],
                data["weight"],
                data["last_weight"],
            )


@dataclass(frozen=True, slots=True)
class TagBatch:
    """Padded source (b, s), units before (b, s + 1) and labels (b, s + 1), one step behind."""

    source: Tensor
    absent: Tensor
    before: Tensor
    labels: Tensor
    tokens: int

    def to(self, device: str) -> TagBatch:
        """The same batch on a device."""
        return TagBatch(
            self.source.to(device),
            self.absent.to(device),
            self.before.to(device),
            self.labels.to(device),
            self.tokens,
        )


def make_batch(examples: TagExamples, rows: Ints) -> TagBatch:
    """The rows as one padded batch."""
    import torch

    lengths = examples.source.lengths_of(rows)
    size, wide = len(rows), int(lengths.max()) + 1
    source = np.full((size, wide), PADDING, dtype=np.int64)
    before = np.full((size, wide + 1), UNIT_EMPTY, dtype=np.int64)
    labels = np.full((size, wide + 1), IGNORED, dtype=np.int64)
    before[:, 0], before[:, 1] = UNIT_BEGIN, UNIT_PREFIX
    for i, row in enumerate(rows):
        start, end = int(examples.source.offsets[row]), int(examples.source.offsets[row + 1])
        n = end - start
        units = examples.labels[start:end]
        source[i, :n], source[i, n] = examples.source.flat[start:end], END
        before[i, 2 : n + 2] = np.where(units < 0, UNIT_UNKNOWN, units)[: wide - 1]
        labels[i, 1 : n + 1] = np.where(units < 0, IGNORED, units)
        labels[i, n + 1] = UNIT_END
    return TagBatch(
        torch.from_numpy(source),
        torch.from_numpy(source == PADDING),
        torch.from_numpy(before),
        torch.from_numpy(labels),
        int((lengths + 1).sum()),
    )
