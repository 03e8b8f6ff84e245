"""Dissent: inside one document, a speaker whose claim denies that of another speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from alignment.contrasts import relation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alignment.claims import Claim

#: Cosine from which two claims count as about one matter; below it a negation denies nothing here.
LEAST = 0.3


@dataclass(frozen=True, slots=True)
class Dissent:
    """Two claims (indices, in reading order) that may contradict, and why it was thought so."""

    a: int
    b: int
    similarity: float
    reasons: tuple[str, ...]


def dissents(
    claims: Sequence[Claim], vectors: NDArray[np.float32], least: float = LEAST
) -> list[Dissent]:
    """Claims of different speakers that deny one another, the likest first.

    A proposal to be read, not a finding: the rules see negation and denial, the vectors the matter.

    Args:
        claims: the claims of one document.
        vectors: (n, d) float32, unit rows, one a claim.
        least: smallest cosine of two claims about one matter.
    """
    found = []
    for i, j in combinations(range(len(claims)), 2):
        a, b = claims[i], claims[j]
        if a.sentence == b.sentence or not (a.attribution and b.attribution):
            continue
        if a.attribution.speakers[-1].text == b.attribution.speakers[-1].text:
            continue
        similarity = float(vectors[i] @ vectors[j])
        if similarity < least:
            continue
        how = relation(a, b)
        # "Exports rose", "imports fell": contraries in one article mostly tell of two matters.
        contrary = any(e.rule == "opposite" for e in how.evidence)
        if how.label == "denies" and not contrary:
            found.append(Dissent(i, j, similarity, how.reasons))
    return sorted(found, key=lambda one: -one.similarity)
