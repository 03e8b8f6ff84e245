"""Claim groups: claims in any number of languages that say the same thing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alignment.calibration import Parameters, logit, sigmoid
from alignment.linkage import Linkage, link

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

#: Log-odds that evidence may reach either way when two kinds of it are weighed.
BOUND = 7.0
#: Even odds: from here on two claims are likelier to say the same than not.
EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Member:
    """One claim as a node: the caller's `key`, its language and its document."""

    key: str
    language: str
    document: str


@dataclass(frozen=True, slots=True)
class Edge:
    """Two claims and the probability that they say the same thing."""

    a: str
    b: str
    probability: float


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims that say the same thing, sorted by key.

    `consistency` is the lowest probability between two members with an edge, the others' heard.
    """

    members: tuple[Member, ...]
    consistency: float


@dataclass(frozen=True, slots=True)
class Grouping:
    """All claim groups, and the linkage they were cut from."""

    groups: tuple[ClaimGroup, ...]
    linkage: Linkage


def group(
    members: Sequence[Member],
    edges: Sequence[Edge],
    *,
    apart: Collection[frozenset[str]] = (),
    compared: Collection[frozenset[str]] | None = None,
    cut: float | None = None,
) -> Grouping:
    """Groups over all members: each member is in exactly one (a lone claim is a group of one).

    See `alignment.linkage` for how they come about, `apart` and `compared`; `cut` is the mean
    probability that holds a group together (None: the fitted one). Edges that name an unknown
    member or two claims of one document are ignored. Adding members and edges that touch none of
    a group's members leaves the group as it is.
    """
    by_key = {member.key: member for member in members}
    known: dict[frozenset[str], float] = {}
    for edge in edges:
        one, other = by_key.get(edge.a), by_key.get(edge.b)
        if one and other and one.document != other.document:
            pair = frozenset((edge.a, edge.b))
            known[pair] = max(known.get(pair, 0.0), edge.probability)
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for pair, probability in known.items():
        a, b = sorted(pair)
        near[a][b] = near[b][a] = probability
    linkage = link(
        {member.key: member.document for member in members}, known, apart=apart, compared=compared
    )
    least = Parameters.load().told["cut"] if cut is None else cut
    found = linkage.groups(least)
    return Grouping(tuple(_as_group(keys, near, by_key, linkage) for keys in found), linkage)


def doubtful(probability: float) -> bool:
    """Whether what two claims are to each other is in doubt, because they are likelier unrelated.

    How claims relate is read in their wording alone, as if both spoke of one fact. The
    probability says whether they do; it is calibrated, so that below even odds most do not.
    """
    return probability < EVEN


def corroborated(probability: float, together: float) -> float:
    """The chance that two retold claims say the same, its pair and the others' voices weighed.

    `probability` is the pair's own, `together` the mean probability at which the linkage brings
    them together. Fitted and calibrated by `bench/fit_retold.py`.
    """
    fitted = Parameters.load().told
    own = max(-BOUND, min(BOUND, logit(probability)))
    others = max(-BOUND, min(BOUND, logit(together)))
    return sigmoid(fitted["own"] * own + fitted["others"] * others + fitted["bias"])


def _as_group(
    keys: list[str],
    near: dict[str, dict[str, float]],
    by_key: dict[str, Member],
    linkage: Linkage,
) -> ClaimGroup:
    return ClaimGroup(
        members=tuple(by_key[key] for key in keys),
        consistency=min(
            (
                corroborated(near[a][b], linkage.together(a, b))
                for place, a in enumerate(keys)
                for b in keys[place + 1 :]
                if b in near[a]
            ),
            default=1.0,
        ),
    )
