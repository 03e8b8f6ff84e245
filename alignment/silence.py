"""Silence as a result: `no counterpart` or `insufficient coverage`, with its denominators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Searched:
    """A document that was searched; `copy_of` names the original when it is a syndicated copy."""

    document: str
    outlet: str
    language: str
    published_at: datetime
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that was compared and its probability."""

    claim: str
    document: str
    probability: float


@dataclass(frozen=True, slots=True)
class Silence:
    """A dated answer for one claim and one language.

    `articles` and `outlets` are independent ones (copies count as one), `copies` what was folded.
    `best` is the best rejected candidate, `null_probability` the chance that no candidate says it.
    `valid_to` is None while it stands; `reopen` closes it when late coverage arrives.
    """

    kind: Literal["no counterpart", "insufficient coverage"]
    claim: str
    language: str
    articles: int
    outlets: int
    copies: int
    best: Candidate | None
    null_probability: float
    as_of: datetime
    documents: tuple[str, ...]
    valid_to: datetime | None = None


def judge(
    claim: str,
    language: str,
    searched: Sequence[Searched],
    candidates: Sequence[Candidate],
    *,
    as_of: datetime,
    threshold: float = 0.5,
    least: int = 3,
) -> Silence | None:
    """The silence of `language` about a claim, or None when a candidate reaches `threshold`.

    `insufficient coverage` when fewer than `least` independent articles were searched.
    """
    raise NotImplementedError


def reopen(silence: Silence, searched: Sequence[Searched], *, as_of: datetime) -> Silence | None:
    """The same silence, closed at `as_of`, when `searched` holds unseen documents; else None."""
    raise NotImplementedError
