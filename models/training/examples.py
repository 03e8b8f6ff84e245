"""Training examples of one direction, drawn by weight, sorted into batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from models.training import packing
from models.training.align_words import NONE
from models.training.packing import Ragged
from models.training.vocabulary import BEGIN, END, PADDING, UNKNOWN

if TYPE_CHECKING:
    from torch import Tensor

Ints = npt.NDArray[np.int64]
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Examples:
    """Pairs of one direction with word links and weights; `prefix` names the target."""

    source: Ragged
    target: Ragged
    links: npt.NDArray[np.uint8]
    weight: npt.NDArray[np.float32]
    last_weight: npt.NDArray[np.float32]
    prefix: int

    def save(self, path: Path) -> None:
        """Write everything to one npz file, which is there whole or not at all."""
        partial = path.with_name(f"partial.{path.name}")
        np.savez(
            partial,
            source=self.source.flat,
            source_offsets=self.source.offsets,
            target=self.target.flat,
            target_offsets=self.target.offsets,
            links=self.links,
            weight=self.weight,
            last_weight=self.last_weight,
            prefix=self.prefix,
        )
        partial.replace(path)

    def scaled(self, share: float) -> Examples:
        """The same examples with weights that make their target tokens weigh `share` in all."""
        lengths = self.target.lengths
        first = share / max(float((self.weight * lengths).sum()), 1e-9)
        last = share / max(float((self.last_weight * lengths).sum()), 1e-9)
        return replace(
            self,
            weight=(self.weight * first).astype(np.float32),
            last_weight=(self.last_weight * last).astype(np.float32),
        )

    def readable(self) -> Examples:
        """The same examples, those without weight that hold what the vocabulary has no piece for.

        What was not read cannot be said: a network would learn to make something up, or to stay
        silent where a sign stands.
        """
        whole = (self.source.without(UNKNOWN) & self.target.without(UNKNOWN)).astype(np.float32)
        return replace(self, weight=self.weight * whole, last_weight=self.last_weight * whole)

    def reversed(self, prefix: int) -> Examples:
        """The examples of the other direction; a piece is linked to the first linked to it."""
        rows = np.repeat(np.arange(len(self.target)), self.target.lengths)
        places = np.arange(len(self.target.flat)) - self.target.offsets[rows]
        linked = np.flatnonzero(self.links != NONE)[::-1]
        links = np.full(len(self.source.flat), NONE, dtype=np.uint8)
        # Of several values written to one place NumPy keeps the last: the first in the sentence.
        links[self.source.offsets[rows[linked]] + self.links[linked]] = places[linked]
        return replace(self, source=self.target, target=self.source, links=links, prefix=prefix)

    @classmethod
    def joined(cls, parts: Sequence[Examples]) -> Examples:
        """The examples of several sets of one direction, one set after another."""
        return cls(
            packing.joined(part.source for part in parts),
            packing.joined(part.target for part in parts),
            np.concatenate([part.links for part in parts]),
            np.concatenate([part.weight for part in parts]),
            np.concatenate([part.last_weight for part in parts]),
            parts[0].prefix,
        )

    @classmethod
    def load(cls, path: Path) -> Examples:
        """Read what `save` wrote."""
        with np.load(path) as data:
            return cls(
                Ragged(data["source"], data["source_offsets"]),
                Ragged(data["target"], data["target_offsets"]),
                data["links"],
                data["weight"],
                data["last_weight"],
                int(data["prefix"]),
            )


@dataclass(frozen=True, slots=True)
class Batch:
    """Padded source (b, s), target so far, labels and links (b, t), and the target's prefix."""

    source: Tensor
    absent: Tensor
    before: Tensor
    labels: Tensor
    links: Tensor
    tokens: int
    prefix: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Which examples a pool may hold: the longest target, and whose weights count."""

    longest: int
    last: bool


def make_batch(examples: Examples, rows: Ints) -> Batch:
    """The rows as one padded batch."""
    import torch

    m = examples.source.lengths_of(rows)
    n = examples.target.lengths_of(rows)
    size, wide, long = len(rows), int(m.max()) + 1, int(n.max()) + 2
    source = np.full((size, wide), PADDING, dtype=np.int64)
    before = np.full((size, long), PADDING, dtype=np.int64)
    labels = np.full((size, long), IGNORED, dtype=np.int64)
    links = np.full((size, long), -1, dtype=np.int64)
    before[:, 0], before[:, 1] = BEGIN, examples.prefix
    for i, row in enumerate(rows):
        x, y = examples.source[int(row)], examples.target[int(row)]
        start = int(examples.target.offsets[row])
        source[i, : len(x)], source[i, len(x)] = x, END
        before[i, 2 : len(y) + 2] = y
        labels[i, 1 : len(y) + 1], labels[i, len(y) + 1] = y, END
        near = examples.links[start : start + len(y)].astype(np.int64)
        links[i, 1 : len(y) + 1] = np.where(near == NONE, -1, near)
        links[i, len(y) + 1] = len(x)
    return Batch(
        torch.from_numpy(source),
        torch.from_numpy(source == PADDING),
        torch.from_numpy(before),
        torch.from_numpy(labels),
        torch.from_numpy(links),
        int((n + 1).sum()),
        examples.prefix,
    )


def pool(
    sets: list[Examples],
    plan: Plan,
    *,
    batches: int,
    tokens: int,
    chance: np.random.Generator,
) -> Iterator[tuple[int, Ints]]:
    """(set, rows) of about `batches` batches of `tokens` target pieces, drawn by weight."""
    weights = []
    for examples in sets:
        weight = (examples.last_weight if plan.last else examples.weight).astype(np.float64)
        fits = (examples.target.lengths <= plan.longest) & (
            examples.source.lengths <= plan.longest * 3 // 2
        )
        weights.append(weight * fits)
    mass = np.array([w.sum() for w in weights])
    jobs: list[tuple[int, Ints]] = []
    for number, (examples, weight) in enumerate(zip(sets, weights, strict=True)):
        if not mass[number]:  # none is short enough yet, or none counts in this part of the run
            continue
        lengths = examples.target.lengths + 1
        mean = float((lengths * weight).sum() / weight.sum())
        count = int(batches * tokens * mass[number] / mass.sum() / mean)
        if count == 0:
            continue
        # Inverse transform keeps a draw of a few thousand from a million rows cheap.
        edges = np.cumsum(weight)
        rows = np.searchsorted(edges, chance.random(count) * edges[-1], side="right")
        order = np.lexsort((examples.source.lengths[rows], examples.target.lengths[rows]))
        rows = rows[order]
        padded, start = 0, 0
        for end in range(len(rows)):
            padded = (end - start + 1) * int(lengths[rows[end]])
            if padded >= tokens:
                jobs.append((number, rows[start : end + 1]))
                start = end + 1
        if start < len(rows) and len(rows) - start > 8:
            jobs.append((number, rows[start:]))
    for job in chance.permutation(len(jobs)):
        yield jobs[job]
