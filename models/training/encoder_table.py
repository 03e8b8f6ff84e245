"""Trains the sentence encoder: one vector per piece, summed, pulled together over translations.

A sentence's vector is the sum of its pieces' vectors, scaled to unit length, so the length of a
piece's vector is its learned weight. The loss is symmetric in-batch cross-entropy over cosines
(van den Oord 2018). After the first epoch batches are made of neighbours, which turns in-batch
negatives into hard ones.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from models.training.packing import Packed, Ragged

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How the encoder's table is trained."""

    dimensions: int = 256
    batch: int = 2048
    epochs: int = 3
    rate: float = 4e-3
    scale: float = 20.0
    drop: float = 0.1
    leaf: int = 128
    neighbours: bool = True
    seed: int = 1


class Table(nn.Module):
    """Piece vectors and the scale of the cosines."""

    def __init__(self, pieces: int, options: TableOptions, weights: Floats | None = None) -> None:
        """Random vectors; `weights` (pieces,) are their first lengths."""
        super().__init__()
        self.bag = nn.EmbeddingBag(pieces, options.dimensions, mode="sum")
        nn.init.normal_(self.bag.weight, std=options.dimensions**-0.5)
        if weights is not None:
            with torch.no_grad():
                self.bag.weight.mul_(torch.from_numpy(weights)[:, None])
        self.log_scale = nn.Parameter(torch.tensor(float(np.log(options.scale))))

    def forward(self, flat: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        """Unit rows, one a sentence."""
        return functional.normalize(self.bag(flat, offsets), dim=-1)


def smooth_weights(sides: Sequence[Ragged], pieces: int) -> Floats:
    """Smooth inverse frequency a / (a + p) of each piece (Arora 2017), (pieces,) float32."""
    counts = sum(np.bincount(side.flat, minlength=pieces) for side in sides)
    share = np.asarray(counts) / max(1, int(np.sum(counts)))
    return (1e-3 / (1e-3 + share)).astype(np.float32)


def embed(vectors: Floats, side: Ragged, chunk: int = 20_000) -> Floats:
    """Unit rows of every sentence of a side, (n, d) float32."""
    table = torch.from_numpy(vectors)
    rows = []
    for start in range(0, len(side), chunk):
        flat, offsets = side.gather(np.arange(start, min(start + chunk, len(side))))
        bag = functional.embedding_bag(
            torch.from_numpy(flat), table, torch.from_numpy(offsets), mode="sum"
        )
        rows.append(functional.normalize(bag, dim=-1).numpy())
    return np.concatenate(rows)


def neighbour_order(rows: Floats, leaf: int, chance: np.random.Generator) -> Ints:
    """An order in which near rows come together: random median splits down to leaves."""
    stack = [np.arange(len(rows))]
    leaves = []
    while stack:
        part = stack.pop()
        if len(part) <= leaf:
            leaves.append(chance.permutation(part))
            continue
        a, b = rows[chance.choice(part, 2, replace=False)]
        side = rows[part] @ (a - b)
        order = np.argsort(side, kind="stable")
        middle = len(part) // 2
        stack += [part[order[:middle]], part[order[middle:]]]
    return np.concatenate([leaves[i] for i in chance.permutation(len(leaves))])


def batches(
    packs: Sequence[Packed],
    chosen: Sequence[Ints],
    options: TableOptions,
    vectors: Floats | None,
    chance: np.random.Generator,
) -> Iterator[tuple[int, Ints]]:
    """(pack, rows) of each batch of one epoch; neighbours together when `vectors` are given."""
    jobs: list[tuple[int, Ints]] = []
    for number, (pack, rows) in enumerate(zip(packs, chosen, strict=True)):
        order = chance.permutation(len(rows))
        if vectors is not None:
            order = neighbour_order(embed(vectors, pack.second)[rows], options.leaf, chance)
        ordered = rows[order]
        jobs += [
            (number, ordered[start : start + options.batch])
            for start in range(0, len(ordered) - options.batch // 4, options.batch)
        ]
    for job in chance.permutation(len(jobs)):
        yield jobs[job]


def dropped(
    side: Ragged, rows: Ints, drop: float, chance: np.random.Generator
) -> tuple[torch.Tensor, ...]:
    """Flat identifiers and offsets of the rows with a share of the pieces left out."""
    flat, offsets = side.gather(rows)
    if drop > 0:
        keep = chance.random(len(flat)) >= drop
        keep[offsets] = True
        before = np.concatenate([[0], np.cumsum(keep)])
        flat, offsets = flat[keep], before[offsets]
    return torch.from_numpy(flat), torch.from_numpy(offsets)


def widen(vectors: Floats, columns: int, chance: np.random.Generator) -> Floats:
    """The vectors with random columns added, in proportion to each vector's length."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    noise = chance.standard_normal((len(vectors), columns - vectors.shape[1])) * columns**-0.5
    wide: Floats = np.concatenate([vectors, 0.6 * lengths * noise], axis=1).astype(np.float32)
    return wide


def train(
    packs: Sequence[Packed],
    pieces: int,
    options: TableOptions,
    *,
    weigh: Callable[[Packed, np.random.Generator], Ints],
    tell: Callable[[str], None],
    check: Callable[[Floats], str] | None = None,
    begin: Floats | None = None,
) -> Floats:
    """Trained piece vectors, (pieces, dimensions) float32; row lengths are the pieces' weights.

    `weigh` chooses the rows of a pack for one epoch, with repetitions.
    """
    torch.manual_seed(options.seed)
    chance = np.random.default_rng(options.seed)
    weights = smooth_weights([s for p in packs for s in (p.first, p.second)], pieces)
    table = Table(pieces, options, weights)
    if begin is not None:
        with torch.no_grad():
            table.bag.weight.copy_(torch.from_numpy(widen(begin, options.dimensions, chance)))
    optimizer = torch.optim.Adam(table.parameters(), lr=options.rate, betas=(0.9, 0.99), fused=True)
    step, started, running = 0, time.monotonic(), 0.0
    total = None
    for epoch in range(options.epochs):
        near = options.neighbours and epoch > 0
        vectors = table.bag.weight.detach().numpy().copy() if near else None
        chosen = [weigh(pack, chance) for pack in packs]
        total = total or options.epochs * sum(len(rows) // options.batch for rows in chosen)
        for number, rows in batches(packs, chosen, options, vectors, chance):
            for group in optimizer.param_groups:
                group["lr"] = (
                    options.rate * min(1.0, (step + 1) / 100) * max(0.02, 1 - step / total)
                )
            a = table(*dropped(packs[number].first, rows, options.drop, chance))
            b = table(*dropped(packs[number].second, rows, options.drop, chance))
            cosines = a @ b.T * table.log_scale.exp().clamp(max=100)
            goal = torch.arange(len(rows))
            loss = (
                functional.cross_entropy(cosines, goal) + functional.cross_entropy(cosines.T, goal)
            ) / 2
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            running += 0.02 * (loss.item() - running)
            if step % 100 == 0:
                tell(
                    f"encoder step {step}/{total} loss {running:.4f} scale "
                    f"{table.log_scale.exp().item():.1f} {time.monotonic() - started:.0f} s"
                )
        if check is not None:
            tell(f"epoch {epoch + 1}: {check(table.bag.weight.detach().numpy())}")
    trained: Floats = table.bag.weight.detach().numpy().copy()
    return trained
