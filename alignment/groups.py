"""Claim groups: claims in any number of languages that say the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Member:
    """One claim as a node: the caller's `key`, its language and its document."""

    key: str
    language: str
    document: str


@dataclass(frozen=True, slots=True)
class Edge:
    """Two claims and the probability that they say the same thing; `kept` is False once cut."""

    a: str
    b: str
    probability: float
    kept: bool = True


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims that say the same thing, sorted by key; `edges` holds every edge inside, cut or not.

    `consistency` is the lowest probability between any two members that were compared.
    """

    members: tuple[Member, ...]
    edges: tuple[Edge, ...]
    consistency: float


def group(
    members: Sequence[Member],
    edges: Sequence[Edge],
    *,
    join: float = 0.5,
    cut: float = 0.2,
) -> list[ClaimGroup]:
    """Groups over all members: each member is in exactly one (a lone claim is a group of one)."""
    raise NotImplementedError
