"""What the other voices of an event say about a pair: two claims that both match a third.

Retellings differ so much that two may share few words and yet both be near a third. The chance that
a pair is right is one minus the chance that it and its best ways through a third claim all fail
(noisy or; Pearl 1988), each way weighed down because the ways are not independent.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from alignment.groups import Edge

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

TRUST = 0.7  # of a way through a third claim
WAYS = 4  # best ways that count
LEAST = 0.03  # edges below this say nothing


def corroborate(
    edges: Iterable[Edge],
    document: Mapping[str, str],
    never: Collection[frozenset[str]] = (),
) -> list[Edge]:
    """All edges with the probability that direct and indirect evidence give, likeliest first.

    `document` maps a claim to its document: claims of one document are never joined by this. Edges
    that were not there before are those with a way through a third claim. A probability never
    falls. Pairs in `never` (an analyst said no) are neither ways nor results.
    """
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for edge in edges:
        judged = frozenset((edge.a, edge.b)) in never
        if edge.probability >= LEAST and edge.a != edge.b and not judged:
            held = near[edge.a].get(edge.b, 0.0)
            near[edge.a][edge.b] = near[edge.b][edge.a] = max(held, edge.probability)
    found: list[Edge] = []
    for one in sorted(near):
        ways: dict[str, list[float]] = defaultdict(list)
        for third, first in near[one].items():
            for other, second in near[third].items():
                if one < other and document.get(other) != document.get(one):
                    ways[other].append(first * second)
        for other in near[one]:
            if one < other:
                ways.setdefault(other, [])
        for other, through in ways.items():
            if frozenset((one, other)) in never:
                continue
            fails = 1.0 - near[one].get(other, 0.0)
            for way in sorted(through, reverse=True)[:WAYS]:
                fails *= 1.0 - TRUST * way
            found.append(Edge(one, other, 1.0 - fails))
    return sorted(found, key=lambda edge: (-edge.probability, edge.a, edge.b))
