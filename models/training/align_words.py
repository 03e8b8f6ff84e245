"""Which source piece each target piece translates: IBM model 1 with a diagonal prior.

Expectation maximisation over all pairs at once (Brown 1993), with the position prior of fast_align
(Dyer 2013). Lexical counts live in one hashed table, so that nothing is sorted and memory is fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.training.packing import Ragged

NONE = 255
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AlignOptions:
    """Iterations, sharpness of the diagonal, bits of the hashed table, cells held at once."""

    iterations: int = 5
    diagonal: float = 6.0
    bits: int = 26
    cells: int = 24_000_000
    sure: float = 0.4


@dataclass(frozen=True, slots=True)
class Links:
    """For every target piece (flat) the source position it translates, or `NONE`."""

    positions: npt.NDArray[np.uint8]


def chunks(source: Ragged, target: Ragged, cells: int) -> Iterator[tuple[int, int]]:
    """Ranges of rows whose source × target cells stay below a number."""
    sizes = np.cumsum(source.lengths * target.lengths)
    start = 0
    while start < len(source):
        base = sizes[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(sizes, base + cells, side="right")))
        yield start, min(end, len(source))
        start = end


@dataclass(frozen=True, slots=True)
class Cells:
    """All source × target cells of a range of rows, target piece after target piece."""

    source: Ints  # source piece of each cell
    place: Ints  # its position in the sentence
    group: Ints  # which target piece (numbered within the range) the cell belongs to
    starts: Ints  # first cell of each target piece
    slot: Ints  # where the pair is counted
    prior: Floats


def lay_out(source: Ragged, target: Ragged, start: int, end: int, options: AlignOptions) -> Cells:
    """The cells of rows start to end."""
    rows = np.arange(start, end)
    m, n = source.lengths[rows], target.lengths[rows]
    widths = np.repeat(m, n)
    starts = np.concatenate([[0], np.cumsum(widths)])[:-1]
    total = int(widths.sum())
    group = np.repeat(np.arange(len(widths)), widths)
    place = np.arange(total) - np.repeat(starts, widths)
    origin = np.repeat(np.repeat(source.offsets[rows], n), widths)
    pieces = source.flat[origin + place].astype(np.int64)
    goal = target.flat[target.offsets[start] : target.offsets[end]].astype(np.int64)
    begins = np.repeat(target.offsets[rows] - target.offsets[start], n)
    i = (np.arange(len(goal)) - begins + 0.5) / np.repeat(n, n)
    j = (place + 0.5) / np.repeat(widths, widths)
    prior = np.exp(-options.diagonal * np.abs(j - np.repeat(i, widths))).astype(np.float32)
    slot = slots(pieces, np.repeat(goal, widths), options)
    return Cells(pieces, place, group, starts, slot, prior)


def slots(source: Ints, target: Ints, options: AlignOptions) -> Ints:
    """Where each pair of pieces is counted: a hash below 2 ** bits."""
    mixed = (source * 40_503_001 + target * 2_654_435_761) >> 3
    return mixed & ((1 << options.bits) - 1)


def posterior(cells: Cells, table: Floats, totals: Floats) -> Floats:
    """Probability of each cell within its target piece."""
    weight: Floats = table[cells.slot] / totals[cells.source] * cells.prior
    sums = np.maximum(np.add.reduceat(weight, cells.starts), 1e-20)
    result: Floats = (weight / sums[cells.group]).astype(np.float32, copy=False)
    return result


def estimate(
    source: Ragged,
    target: Ragged,
    pieces: int,
    options: AlignOptions,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Floats, Floats]:
    """Expected counts: of (source, target) pairs in the hashed table and of source pieces."""
    size = 1 << options.bits
    table = np.ones(size, dtype=np.float32)
    totals = np.ones(pieces, dtype=np.float32)
    for iteration in range(options.iterations):
        fresh = np.zeros(size, dtype=np.float32)
        sums = np.zeros(pieces, dtype=np.float64)
        surprise, count = 0.0, 0
        for start, end in chunks(source, target, options.cells):
            cells = lay_out(source, target, start, end, options)
            chance = posterior(cells, table, totals)
            fresh += np.bincount(cells.slot, weights=chance, minlength=size).astype(np.float32)
            sums += np.bincount(cells.source, weights=chance, minlength=pieces)
            best = np.maximum.reduceat(chance, cells.starts)
            surprise -= float(np.log(np.maximum(best, 1e-9)).sum())
            count += len(best)
        # A little mass everywhere keeps rare pieces from claiming whole sentences.
        table, totals = fresh, (sums + 1.0).astype(np.float32)
        tell(
            f"alignment iteration {iteration + 1}: {surprise / max(1, count):.3f} nats from certain"
        )
    return table, totals


def align(
    source: Ragged, target: Ragged, table: Floats, totals: Floats, options: AlignOptions
) -> Links:
    """The most probable source position of each target piece, `NONE` where none is sure."""
    found = np.full(len(target.flat), NONE, dtype=np.uint8)
    for start, end in chunks(source, target, options.cells):
        cells = lay_out(source, target, start, end, options)
        chance = posterior(cells, table, totals)
        best = np.maximum.reduceat(chance, cells.starts)
        winner = np.flatnonzero((chance == best[cells.group]) & (cells.place < NONE))
        part = np.full(len(cells.starts), NONE, dtype=np.uint8)
        part[cells.group[winner]] = cells.place[winner]
        part[best < options.sure] = NONE
        found[target.offsets[start] : target.offsets[end]] = part
    return Links(found)


def linked_pieces(source: Ragged, target: Ragged, links: Links) -> tuple[Ints, Ints]:
    """Source and target piece of every link."""
    rows = np.repeat(np.arange(len(target)), target.lengths)
    linked = np.flatnonzero(links.positions != NONE)
    origin = source.offsets[rows[linked]] + links.positions[linked]
    return source.flat[origin].astype(np.int64), target.flat[linked].astype(np.int64)


def counts_of_links(
    source: Ragged, target: Ragged, links: Links, pieces: int, options: AlignOptions
) -> tuple[Floats, Floats]:
    """How often pairs (hashed) and source pieces are linked: sharper counts to align with again."""
    x, y = linked_pieces(source, target, links)
    size = 1 << options.bits
    table = np.bincount(slots(x, y, options), minlength=size).astype(np.float32)
    return table + 1e-4, np.bincount(x, minlength=pieces).astype(np.float32) + 1.0
