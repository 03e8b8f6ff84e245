"""Average linkage of claims over many documents, and what the others say about a pair.

Retellings differ so much that one pair's own probability decides little. A claim that is likely to
match most of a group belongs to it, and one that matches a single member does not: two groups are
as near as the mean probability between their claims (average linkage, Sokal and Michener 1958),
where a pair that was compared and found unlike counts as nothing.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    Pair = frozenset[str]

FLOOR = 0.01  # mean probability below which groups are as far apart as can be
CERTAIN = 1e6  # weight of a pair that a person said is one: outweighs any number of others


@dataclass(frozen=True, slots=True)
class Linkage:
    """A forest of merges over claims; `height` is the mean probability of each merge.

    `leaf` numbers the claims, `parent` leads from a claim's or a merge's number to the merge above.
    """

    leaf: Mapping[str, int]
    parent: Mapping[int, int]
    height: Mapping[int, float]

    def together(self, one: str, other: str) -> float:
        """The mean probability at which two claims come together, 0 where they never do."""
        above = set(self._path(one))
        return next((self.height[node] for node in self._path(other) if node in above), 0.0)

    def groups(self, cut: float) -> list[list[str]]:
        """All claims in groups that come together at `cut` or above; each sorted, all sorted."""
        held: dict[int, list[str]] = defaultdict(list)
        for claim, leaf in self.leaf.items():
            top = leaf
            for node in self._path(claim):
                if self.height[node] < cut:
                    break
                top = node
            held[top].append(claim)
        return sorted(sorted(group) for group in held.values())

    def _path(self, claim: str) -> Iterator[int]:
        node = self.parent.get(self.leaf[claim])
        while node is not None:
            yield node
            node = self.parent.get(node)


def link(
    document: Mapping[str, str],
    probability: Mapping[Pair, float],
    *,
    apart: Collection[Pair] = (),
    compared: Collection[Pair] | None = None,
) -> Linkage:
    """The linkage of all claims, the nearest groups first.

    `document` maps every claim to its document, `probability` two claims to the chance that they
    say the same (1: certain, they come together whatever the others say). Claims of one document
    were never compared with each other, nor those of two documents that are not among `compared`
    (None: all were): such pairs count neither for nor against. Claims `apart` never come together.
    What hangs together with nothing else is linked as if it were alone.
    """
    claims = sorted(document)
    leaf = {claim: number for number, claim in enumerate(claims)}
    members: list[tuple[str, ...]] = [(claim,) for claim in claims]
    documents = [Counter((document[claim],)) for claim in claims]
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for pair, chance in probability.items():
        if len(pair) == 2 and pair <= leaf.keys():
            one, other = sorted(leaf[claim] for claim in pair)
            near[one][other] = near[other][one] = CERTAIN if chance >= 1.0 else chance
    forbidden: dict[str, set[str]] = defaultdict(set)
    for pair in apart:
        for claim in pair:
            forbidden[claim] |= pair - {claim}

    def entry(one: int, other: int) -> tuple[float, str, str, int, int]:
        count = sum(
            n * m
            for here, n in documents[one].items()
            for there, m in documents[other].items()
            if here != there and (compared is None or frozenset((here, there)) in compared)
        )
        first, second = sorted((one, other), key=lambda node: members[node][0])
        mean = near[one][other] / max(1, count)
        return (-mean, members[first][0], members[second][0], first, second)

    queue = [entry(one, other) for one in near for other in near[one] if one < other]
    heapq.heapify(queue)
    parent: dict[int, int] = {}
    height: dict[int, float] = {}
    while queue and -queue[0][0] >= FLOOR:
        rank, _, _, one, other = heapq.heappop(queue)
        if one in parent or other in parent:
            continue
        if any(forbidden[claim] & set(members[other]) for claim in members[one]):
            continue
        node = len(members)
        members.append(tuple(sorted(members[one] + members[other])))
        documents.append(documents[one] + documents[other])
        parent[one] = parent[other] = node
        height[node] = min(1.0, -rank)
        for old in (one, other):
            for neighbour, total in near.pop(old).items():
                if neighbour not in (one, other):
                    near[node][neighbour] = near[node].get(neighbour, 0.0) + total
                    near[neighbour].pop(old, None)
        for neighbour, total in near[node].items():
            near[neighbour][node] = total
            heapq.heappush(queue, entry(node, neighbour))
    return Linkage(leaf, parent, height)
