"""The monotone decoder: m:n beads of two texts in the same order.

Exact over the whole grid for articles; for books a rough path is found coarse to fine and the same
chain runs in a band around it, in time and memory linear in the length. Borders in doubt are then
drawn again (`alignment.boundaries`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from alignment.beads import TYPES, WIDE, Band, candidates
from alignment.boundaries import CONTEXT as NEARBY
from alignment.boundaries import SURE, crowded, windows
from alignment.coarse import RADIUS, around, rough_path
from alignment.errors import TooLarge
from alignment.lattice import NEVER, Lattice, decode, multiplicity, scored
from alignment.words import compared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from alignment.calibration import Weights
    from alignment.lattice import Decoded, Scores
    from alignment.views import Side

EXACT = 160_000  # cells of the grid that are searched whole
LARGEST = 200_000  # units on one side
ROWS = 512  # rows of the band scored at a time
CONTEXT = 32  # rows on both sides of such a block that are scored too and thrown away


@dataclass(frozen=True, slots=True)
class Bead:
    """Consecutive units that translate each other (Gale and Church 1993).

    One side empty: an insertion or a deletion, kept as evidence. `probability` is the posterior of
    the whole bead given both texts; `similarity` is the cosine of the two sides (0 when
    one is empty). `parts` maps a view's name to its share of the log-odds.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    probability: float
    similarity: float
    parts: dict[str, float] = field(default_factory=dict)


def align(
    a: Side, b: Side, weights: Weights, ratio: float, fine: Weights | None = None
) -> list[Bead]:
    """The beads of two texts, in order; they cover both sides once.

    `fine` are weights for more views, the words', that only beads in doubt are decoded with.
    Raises TooLarge beyond `LARGEST` units on a side.
    """
    n, m = len(a), len(b)
    if max(n, m) > LARGEST:
        message = f"{max(n, m):,} units on one side; the limit is {LARGEST:,}. Split the text."
        raise TooLarge(message)
    if not n or not m:
        return [Bead((i,), (), 1.0, 0.0) for i in range(n)] + [
            Bead((), (j,), 1.0, 0.0) for j in range(m)
        ]
    if (n + 1) * (m + 1) <= EXACT:
        chain, decoded = _searched(a, b, weights, ratio, slice(0, n), slice(0, m))
        found = _beads(a, b, chain, decoded, weights, ratio, (np.arange(n), np.arange(m)))
        return _redrawn(found, a, b, fine, ratio, SURE) if fine else found
    main = next(view for view in ("vector", "english", "cognate") if view in weights.views)
    rough = rough_path(a.rows[main], b.rows[main])
    kept = _outside_gaps(rough, m)
    places = np.nonzero(kept)[0]
    shorter = np.concatenate(([0], np.cumsum(kept)))[np.clip(rough, 0, m)]
    part = b.without(kept)
    band = around(shorter, n, len(part), RADIUS)
    chain = _in_blocks(a, part, band, weights, ratio)
    found = _beads(a, part, chain, decode(chain), weights, ratio, (np.arange(n), places))
    found = _with_gaps(found, np.nonzero(~kept)[0])
    return _redrawn(found, a, b, fine or weights, ratio, SURE if fine else 0.0)


def _searched(
    a: Side, b: Side, weights: Weights, ratio: float, units_a: slice, units_b: slice
) -> tuple[Lattice, Decoded]:
    """The chain over some units of two sides, all read, and its decoding.

    Beads of five units are looked at where those of four are not enough.
    """
    band = Band.full(len(a), len(b))
    for types in (TYPES, WIDE):
        found = candidates(a, b, band, weights.views, ratio, types)
        chain = scored(found, weights.values).part(units_a, units_b)
        decoded = decode(chain)
        if not crowded((p, q) for _, _, p, q in decoded.path):
            break
    return chain, decoded


def _redrawn(
    found: list[Bead], a: Side, b: Side, weights: Weights, ratio: float, sure: float
) -> list[Bead]:
    """The beads after the boundary pass."""
    out: list[Bead] = []
    done = 0
    for window in windows(found, sure):
        wide_a, wide_b = _widened(window.a, len(a)), _widened(window.b, len(b))
        near_a, near_b = _part(a, wide_a), _part(b, wide_b)
        if "words" in weights.views and not compared(near_a, near_b):
            continue
        inner = _moved(window.a, wide_a.start), _moved(window.b, wide_b.start)
        chain, decoded = _searched(near_a, near_b, weights, ratio, *inner)
        inner_a = a.part(window.a.start, window.a.stop)
        inner_b = b.part(window.b.start, window.b.stop)
        numbers = (
            np.arange(window.a.start, window.a.stop),
            np.arange(window.b.start, window.b.stop),
        )
        out += found[done : window.first]
        out += _beads(inner_a, inner_b, chain, decoded, weights, ratio, numbers)
        done = window.last
    return out + found[done:]


def _widened(units: slice, count: int) -> slice:
    return slice(max(0, units.start - NEARBY), min(count, units.stop + NEARBY))


def _moved(units: slice, start: int) -> slice:
    return slice(units.start - start, units.stop - start)


def _part(side: Side, units: slice) -> Side:
    """Some units of a side, with their words."""
    words = side.words.part(units.start, units.stop) if side.words else None
    return replace(side.part(units.start, units.stop), words=words)


def _outside_gaps(path: NDArray[np.int64], m: int) -> NDArray[np.bool_]:
    """Marks the units of b near the rough path: long insertions are known before the search."""
    kept = np.ones(m, dtype=bool)
    jumps = np.diff(np.append(path, m))
    for i in np.nonzero(jumps > 4 * RADIUS)[0]:
        start, stop = int(path[i]) + RADIUS, int(path[i] + jumps[i]) - RADIUS
        kept[start:stop] = False
    return kept


def _with_gaps(found: list[Bead], gaps: NDArray[np.int64]) -> list[Bead]:
    """Puts the units left out before the search back in their places, as insertions."""
    if not len(gaps):
        return found
    out: list[Bead] = []
    missing = gaps.tolist()[::-1]
    for bead in found:
        while bead.b and missing and missing[-1] < bead.b[0]:
            out.append(Bead((), (missing.pop(),), 1.0, 0.0))
        if bead.a and len(bead.b) > 1 and bead.b[-1] - bead.b[0] != len(bead.b) - 1:
            # The bead spans a long insertion: keep its first run of units, free the others.
            run = [j for k, j in enumerate(bead.b) if j == bead.b[0] + k]
            out.append(Bead(bead.a, tuple(run), bead.probability, bead.similarity, bead.parts))
            rest = [j for j in bead.b if j not in run]
            while missing and missing[-1] < rest[0]:
                out.append(Bead((), (missing.pop(),), 1.0, 0.0))
            out.extend(Bead((), (j,), 1.0 - bead.probability, 0.0) for j in rest)
        else:
            out.append(bead)
    return out + [Bead((), (j,), 1.0, 0.0) for j in reversed(missing)]


def _in_blocks(a: Side, b: Side, band: Band, weights: Weights, ratio: float) -> Lattice:
    """The scores of a long band, computed some rows at a time to bound the memory."""
    n, m = len(a), len(b)
    match = {kind: np.full((n + 1, band.width), NEVER, dtype=np.float32) for kind in TYPES}
    skip_a = np.zeros(n)
    skip_b = np.full(m, NEVER)
    for start in range(0, n + 1, ROWS):
        stop = min(n + 1, start + ROWS)
        first, last = max(0, start - CONTEXT), min(n, stop - 1 + CONTEXT)
        left = int(band.low[first])
        right = int(band.low[last]) + band.width - 1
        inner = Band(band.low[first : last + 1] - left, band.width, right - left)
        chain = scored(
            candidates(a.part(first, last), b.part(left, right), inner, weights.views, ratio),
            weights.values,
        )
        for kind in TYPES:
            match[kind][start:stop] = chain.match[kind][start - first : stop - first]
        units = slice(max(0, start - 1), stop - 1)
        skip_a[units] = chain.skip_a[units.start - first : units.stop - first]
        skip_b[left:right] = np.maximum(skip_b[left:right], chain.skip_b)
    rows, columns = np.arange(n + 1)[:, None], band.columns()
    for (p, q), grid in match.items():
        grid[(rows < p) | (columns < q)] = NEVER
    return Lattice(band, match, skip_a, skip_b)


def _beads(
    a: Side,
    b: Side,
    chain: Lattice,
    decoded: Decoded,
    weights: Weights,
    ratio: float,
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> list[Bead]:
    """The beads of the best path with their posteriors; `places` number both sides' units."""
    path, behind, ahead = decoded.path, decoded.behind, decoded.ahead
    low = chain.band.low.tolist()
    total = float(behind[-1, chain.band.m - low[-1]])
    in_a, in_b = places[0].tolist(), places[1].tolist()
    shown = _shown(a, b, path, weights, ratio)
    out = []
    for place, (i, j, p, q) in enumerate(path):
        at = j - low[i]
        if p and q:
            score = float(chain.match[p, q][i, at])
            log = float(behind[i - p, j - q - low[i - p]] + ahead[i, at]) + score - total
            probability = math.exp(min(0.0, log))
            similarity, parts = shown[place]
            parts["context"] = score - sum(parts.values())
        else:
            probability = _left_out(chain, behind, ahead, total, i, j, deleted=p == 1)
            similarity, parts = 0.0, {}
        out.append(
            Bead(
                tuple(in_a[i - p : i]),
                tuple(in_b[j - q : j]),
                weights.calibrated(probability) if p and q else probability,
                similarity,
                {name: round(value, 4) for name, value in parts.items()},
            )
        )
    return out


def _left_out(
    chain: Lattice,
    behind: Scores,
    ahead: Scores,
    total: float,
    i: int,
    j: int,
    *,
    deleted: bool,
) -> float:
    """The posterior that a unit has no partner, wherever the path passes it."""
    band = chain.band
    if deleted:
        offset = int(band.low[i] - band.low[i - 1])
        before, after = behind[i - 1, offset:], ahead[i, : band.width - offset]
        logs = before[: len(after)] + after[: len(before)] + chain.skip_a[i - 1] - total
    else:
        at = j - band.low
        rows = np.nonzero((at >= 1) & (at < band.width))[0]
        logs = behind[rows, at[rows] - 1] + ahead[rows, at[rows]] + chain.skip_b[j - 1] - total
    return float(min(1.0, np.exp(np.minimum(0.0, logs)).sum()))


def _shown(
    a: Side,
    b: Side,
    path: Sequence[tuple[int, int, int, int]],
    weights: Weights,
    ratio: float,
) -> dict[int, tuple[float, dict[str, float]]]:
    """Similarity and shares of the views of every matching bead of a path, by its place."""
    from alignment.options import joined_parts

    rows = [(place, i, j, p, q) for place, (i, j, p, q) in enumerate(path) if p and q]
    if not rows:
        return {}
    beads = [(list(range(i - p, i)), list(range(j - q, j))) for _, i, j, p, q in rows]
    similarities, parts = joined_parts(a, b, beads, weights, ratio)
    out = {}
    for (place, _, _, p, q), similarity, part in zip(rows, similarities, parts, strict=True):
        part["merge"] = weights.values.get("merge", 0.0) * multiplicity((p, q))
        out[place] = (similarity, part)
    return out
