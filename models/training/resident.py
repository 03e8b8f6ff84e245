"""Training examples that live on the device whole: batches are gathered there, none is copied.

A GPU takes a batch in the time a processor needs to pad it. Everything that all sets hold, some
hundred million identifiers, is less than a gigabyte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from models.training.align_words import NONE
from models.training.examples import IGNORED, Examples
from models.training.vocabulary import BEGIN, END, PADDING

Ints = npt.NDArray[np.int64]
#: Columns of a batch come in multiples of this, as the kernels like them.
STEP = 8


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch before it is gathered: rows of the store, and the columns of both sides."""

    rows: Ints
    wide: int
    long: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """Padded source (b, s), target so far, labels and links (b, t), on the device.

    `count` labels are not ignored.
    """

    source: Tensor
    before: Tensor
    labels: Tensor
    links: Tensor
    count: int


@dataclass(frozen=True, slots=True)
class _Weights:
    """Running sums of the weights of a set's rows, and the target pieces of a row drawn by them."""

    edges: npt.NDArray[np.float64]
    length: float

    @classmethod
    def of(cls, weight: npt.NDArray[np.float32], pieces: Ints) -> _Weights:
        edges = np.cumsum(weight.astype(np.float64))
        whole = float(edges[-1]) if len(edges) else 0.0
        return cls(edges, float((weight * pieces).sum()) / whole if whole else 0.0)

    def draw(self, tokens: float, chance: np.random.Generator) -> Ints:
        """Rows that have about so many target pieces together."""
        found = chance.random(round(tokens / self.length)) * self.edges[-1]
        rows: Ints = np.searchsorted(self.edges, found, side="right")
        return np.minimum(rows, len(self.edges) - 1)


@dataclass(frozen=True, slots=True)
class _Set:
    """A set's place in the store, and what its rows weigh in the first and in the last part."""

    start: int
    first: _Weights
    last: _Weights

    def weights(self, *, last: bool) -> _Weights:
        """Those of a part; a set without weight in the last one keeps its first."""
        return self.last if last and self.last.length else self.first


class Store:
    """Sets of examples by name; a set may be added, or replaced, at any time."""

    def __init__(self, device: str) -> None:
        """An empty store on a device."""
        self.device = device
        self.sets: dict[str, _Set] = {}
        self.source_lengths: Ints = np.zeros(0, dtype=np.int64)
        self.target_lengths: Ints = np.zeros(0, dtype=np.int64)
        numbers = {"dtype": torch.int64, "device": device}
        self._source = torch.zeros(1, dtype=torch.int32, device=device)
        self._target = torch.zeros(1, dtype=torch.int32, device=device)
        self._links = torch.zeros(1, dtype=torch.uint8, device=device)
        self._source_starts = self._target_starts = torch.zeros(0, **numbers)
        self._source_lengths = self._target_lengths = torch.zeros(0, **numbers)
        self._prefixes = torch.zeros(0, **numbers)

    def add(self, name: str, examples: Examples) -> None:
        """Take up a set; one of the same name is not drawn from any more."""
        source, target = examples.source.lengths, examples.target.lengths
        start = len(self.source_lengths)
        first = _Weights.of(examples.weight, target + 1)
        last = _Weights.of(examples.last_weight, target + 1)
        self.source_lengths = np.concatenate([self.source_lengths, source])
        self.target_lengths = np.concatenate([self.target_lengths, target])
        begins = len(self._source), len(self._target)
        put = self._put
        self._source = torch.cat([self._source, put(examples.source.flat.astype(np.int32))])
        self._target = torch.cat([self._target, put(examples.target.flat.astype(np.int32))])
        self._links = torch.cat([self._links, put(examples.links)])
        self._source_starts = torch.cat(
            [self._source_starts, put(examples.source.offsets[:-1] + begins[0])]
        )
        self._target_starts = torch.cat(
            [self._target_starts, put(examples.target.offsets[:-1] + begins[1])]
        )
        self._source_lengths = torch.cat([self._source_lengths, put(source)])
        self._target_lengths = torch.cat([self._target_lengths, put(target)])
        prefixes = torch.full((len(source),), examples.prefix, device=self.device)
        self._prefixes = torch.cat([self._prefixes, prefixes])
        # Last, since a pool may be drawn meanwhile.
        self.sets[name] = _Set(start, first, last)

    def _put(self, array: npt.NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.device)

    def pool(
        self,
        shares: Mapping[str, float],
        *,
        tokens: int,
        batches: int,
        last: bool,
        chance: np.random.Generator,
    ) -> list[Rows]:
        """About `batches` batches of at most `tokens` padded places a side, in random order.

        Of each set that is there as many target tokens are drawn as its share says; rows of like
        length go together, whatever their set.

        Raises:
            ValueError: no row has a weight.
        """
        there = {
            name: (one.start, weights)
            for name, share in shares.items()
            # Asked once, since a set may be replaced meanwhile.
            if share > 0 and (one := self.sets.get(name)) is not None
            if (weights := one.weights(last=last)).length
        }
        if not there:
            raise ValueError(
                "No example has a weight in this part of the run; give the corpora weights with "
                "--domains."
            )
        whole = sum(shares[name] for name in there)
        rows = np.concatenate(
            [
                start + weights.draw(batches * tokens * shares[name] / whole, chance)
                for name, (start, weights) in there.items()
            ]
        )
        wide = -(-(self.source_lengths[rows] + 1) // STEP) * STEP
        long = -(-(self.target_lengths[rows] + 2) // STEP) * STEP
        order = np.lexsort(
            (chance.random(len(rows)), np.minimum(wide, long), np.maximum(wide, long))
        )
        rows, wide, long = rows[order], wide[order], long[order]
        most = np.maximum(wide, long)
        found = list(_cut(rows, wide, long, most, tokens))
        return [found[i] for i in chance.permutation(len(found))]

    def count(self, batch: Rows) -> int:
        """Target pieces of a batch, the ends among them."""
        return int(self.target_lengths[batch.rows].sum()) + len(batch.rows)

    def gather(self, batch: Rows) -> Gathered:
        """The rows as one padded batch."""
        rows = torch.from_numpy(batch.rows).to(self.device, non_blocking=True)
        m, n = self._source_lengths[rows][:, None], self._target_lengths[rows][:, None]
        at = torch.arange(batch.wide, device=self.device)[None]
        places = (self._source_starts[rows][:, None] + at).clamp_(max=len(self._source) - 1)
        source = torch.where(at < m, self._source[places].long(), PADDING)
        source = torch.where(at == m, END, source)
        at = torch.arange(batch.long, device=self.device)[None]
        places = self._target_starts[rows][:, None] + at
        said = (places - 1).clamp_(0, len(self._target) - 1)
        goal, near = self._target[said].long(), self._links[said].long()
        inside = (at >= 1) & (at <= n)
        labels = torch.where(inside, goal, IGNORED)
        labels = torch.where(at == n + 1, END, labels)
        links = torch.where(inside & (near != NONE), near, -1)
        links = torch.where(at == n + 1, m, links)
        before = torch.full_like(labels, PADDING)
        before[:, 0], before[:, 1] = BEGIN, self._prefixes[rows]
        before[:, 2:] = torch.where(inside, goal, PADDING)[:, 1:-1]
        return Gathered(source, before, labels, links, self.count(batch))


def _cut(rows: Ints, wide: Ints, long: Ints, most: Ints, tokens: int) -> Iterator[Rows]:
    """Batches of rows that are sorted by their larger side."""
    start = 0
    while start < len(rows):
        # The last row that still fits decides how wide all of them are.
        end = min(len(rows), start + max(1, tokens // int(most[start])))
        while end > start + 1 and (end - start) * int(most[end - 1]) > tokens:
            end = max(start + 1, tokens // int(most[end - 1]) + start)
        part = slice(start, end)
        yield Rows(rows[part], int(wide[part].max()), int(long[part].max()))
        start = end
