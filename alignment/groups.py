"""Claim groups: claims in any number of languages that say the same thing."""

from __future__ import annotations

from collections import defaultdict
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
    """Groups over all members: each member is in exactly one (a lone claim is a group of one).

    Edges are taken from the likeliest down. An edge of at least `join` unites two groups unless
    some pair between them was compared and found below `cut`: a triangle of languages must not
    hold two claims that contradict being the same. Members of one document come together only
    through an edge of their own. Edges that name an unknown member are ignored. Adding members
    and edges that touch none of a group's members leaves the group as it is.
    """
    by_key = {member.key: member for member in members}
    known: dict[frozenset[str], float] = {}
    for edge in edges:
        if edge.a != edge.b and edge.a in by_key and edge.b in by_key:
            pair = frozenset((edge.a, edge.b))
            known[pair] = max(known.get(pair, 0.0), edge.probability)
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for pair, probability in known.items():
        a, b = sorted(pair)
        near[a][b] = near[b][a] = probability
    owner = {key: key for key in by_key}
    held = {key: {key} for key in by_key}
    ranked = sorted(known.items(), key=lambda item: (-item[1], sorted(item[0])))
    for pair, probability in ranked:
        if probability < join:
            break
        a, b = sorted(pair)
        left, right = owner[a], owner[b]
        if left == right or not _fits(held[left], held[right], near, by_key, cut):
            continue
        if len(held[left]) < len(held[right]):
            left, right = right, left
        for key in held[right]:
            owner[key] = left
        held[left] |= held.pop(right)
    return [
        _as_group(keys, near, by_key, join)
        for keys in sorted(sorted(keys) for keys in held.values())
    ]


def _fits(
    left: set[str],
    right: set[str],
    near: dict[str, dict[str, float]],
    by_key: dict[str, Member],
    cut: float,
) -> bool:
    """Whether two groups may unite: no compared pair below `cut`, no clash inside a document."""
    for a in left:
        for b in right:
            probability = near[a].get(b)
            if probability is not None and probability < cut:
                return False
            if probability is None and by_key[a].document == by_key[b].document:
                # Two claims of one document were never compared: they may share a group only as
                # the two halves of an m:n match, that is, when one claim is matched to both.
                shared = set(near[a]) & set(near[b]) & (left | right)
                if not any(min(near[a][c], near[b][c]) >= 0.5 for c in shared):
                    return False
    return True


def _as_group(
    keys: list[str],
    near: dict[str, dict[str, float]],
    by_key: dict[str, Member],
    join: float,
) -> ClaimGroup:
    inside = [
        Edge(a, b, near[a][b], kept=near[a][b] >= join)
        for place, a in enumerate(keys)
        for b in keys[place + 1 :]
        if b in near[a]
    ]
    return ClaimGroup(
        members=tuple(by_key[key] for key in keys),
        edges=tuple(inside),
        consistency=min((edge.probability for edge in inside), default=1.0),
    )
