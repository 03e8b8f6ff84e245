"""Trains a tagging network with the trainer of the full one: same schedule, same checkpoints."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

from models.training.examples import IGNORED, Ints
from models.training.tag_examples import TagBatch, TagExamples, make_batch
from models.training.train import Trainer


class TagTrainer(Trainer):
    """A trainer whose batches carry units; there is no attention to guide."""

    def positions_of_output(self) -> Ints:
        """Units are numbered as the output is, so nothing needs mapping."""
        return np.zeros(0, dtype=np.int64)

    def batch(self, examples: TagExamples, rows: Ints) -> TagBatch:
        """The rows as one padded batch."""
        return make_batch(examples, rows)

    def loss(self, batch: TagBatch) -> tuple[Tensor, float, float]:
        """Cross-entropy of the units."""
        memory = self.network.encode(batch.source, batch.absent)
        states: Any = self.network.decode(memory, batch.before)
        here = batch.labels != IGNORED
        cross = self.cross_entropy(states[here], batch.labels[here])
        return cross, cross.item(), 0.0
