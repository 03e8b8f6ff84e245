"""One document pair aligned: a gate picks the monotone or the comparable decoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alignment.monotone import Bead
    from alignment.similarity import Pair, Unit

Mode = Literal["auto", "monotone", "comparable"]


@dataclass(frozen=True, slots=True)
class Gate:
    """Why a decoder was picked, from mutual-best matches of the two texts.

    `ordered` is the share of them on the longest increasing run, `matched` their number over the
    shorter side's length; `overruled` says the caller chose.
    """

    ordered: float
    matched: float
    mode: Literal["monotone", "comparable"]
    overruled: bool


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A unit with no partner: its side ("a" or "b"), and the best candidate that was rejected."""

    side: Literal["a", "b"]
    index: int
    null_probability: float
    best: int | None
    best_probability: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """What was found between two documents.

    `pairs` have both sides filled, in the order of side a. `beads` cover both sides once in order
    when the monotone decoder ran, else empty. `unmatched` lists every unit in no pair. `missing`
    names the views that could not be used. `parameters` is the version of the fitted parameters.
    """

    mode: Literal["monotone", "comparable"]
    gate: Gate
    pairs: tuple[Pair, ...]
    beads: tuple[Bead, ...]
    unmatched: tuple[Unmatched, ...]
    missing: tuple[str, ...]
    parameters: str


def align_pair(side_a: Sequence[Unit], side_b: Sequence[Unit], mode: Mode = "auto") -> Alignment:
    """The alignment of two documents. Raises TooLarge beyond the bounded size."""
    raise NotImplementedError
