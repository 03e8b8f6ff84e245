"""What is compared, and what comes of it: the documents of one event and the rows made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from alignment.claims import Claim
from alignment.similarity import Unit
from models.languages import LANGUAGES
from service.store.documents import DocumentSummary
from service.store.tables import (
    AlignmentRow,
    ClaimGroupRow,
    GroupMemberRow,
    PairRow,
    SilenceRow,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alignment.words import WordRows

#: Where each language stands: ru, uk, en.
ORDER = {str(language): number for number, language in enumerate(LANGUAGES)}


@dataclass(frozen=True, slots=True)
class Told:
    """A document of an event with its claims, their ids, and what can be compared of them.

    `english[i]`, `vectors[i]`, `words[i]` and `pivots[i]` (the vector of its English) belong to
    claim i; None where there is no package or encoder.
    """

    summary: DocumentSummary
    claim_ids: tuple[str, ...]
    claims: tuple[Claim, ...]
    english: tuple[str | None, ...]
    vectors: NDArray[np.float32] | None
    words: Sequence[WordRows] | None = None
    pivots: Sequence[NDArray[np.float32] | None] | None = None

    @property
    def id(self) -> str:
        """The document's id."""
        return self.summary.id

    @property
    def language(self) -> str:
        """The document's main language; the claims may be in others."""
        return self.summary.language or ""

    def units(self) -> list[Unit]:
        """The claims as `alignment` compares them."""
        return [
            Unit.of(
                claim,
                english=self.english[i],
                vector=None if self.vectors is None else self.vectors[i],
                words=None if self.words is None else self.words[i],
                pivot=None if self.pivots is None else self.pivots[i],
                key=self.claim_ids[i],
            )
            for i, claim in enumerate(self.claims)
        ]


#: A claim's id leads to its document and its index there.
Where = Mapping[str, tuple[Told, int]]


@dataclass(slots=True)
class Compared:
    """Everything that is stored about the claims of an event."""

    alignments: list[AlignmentRow] = field(default_factory=list)
    pairs: list[PairRow] = field(default_factory=list)
    groups: list[ClaimGroupRow] = field(default_factory=list)
    members: list[GroupMemberRow] = field(default_factory=list)
    silences: list[SilenceRow] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    algorithm: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What computes a comparison: packages and encoder by digest, versions of rules and weights."""

    packages: tuple[str, ...]
    encoder: str | None
    version: str
    parameters: str


def settled(number: float) -> float:
    """A computed number as it is stored: its last digits hang on the order of summation.

    Two runs of the same work, in two processes, then store the same.
    """
    return round(float(number), 6)


def claim_of(key: str, where: Where) -> Claim:
    """The claim with this id."""
    told, index = where[key]
    return told.claims[index]


def place_of(key: str, where: Where) -> tuple[datetime, str, int]:
    """What orders claims: publication, document, place in it."""
    told, index = where[key]
    return (told.summary.dated_at, told.id, index)


def plain(finding: Any) -> dict[str, Any]:
    """A finding as the JSON that is stored: what is written equals what is read back."""
    stored: dict[str, Any] = json.loads(json.dumps(asdict(finding), ensure_ascii=False))
    return stored


def tally(names: Sequence[str]) -> dict[str, int]:
    """How often each name occurs, languages in their order."""
    return {
        name: names.count(name) for name in sorted(set(names), key=lambda n: (ORDER.get(n, 9), n))
    }
