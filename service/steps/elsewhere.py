"""Silence asked once more: does an article say it that stands in another event and may belong here?

An article that was placed in the wrong event would leave a false "no counterpart" behind. So before
that is said, the articles are asked that might have been placed in this event as well. How probable
it is that two claims say the same was fitted on articles of one event, so it is multiplied with the
probability that the article belongs here. What would then be a pair, be it a doubtful one, leaves
the matter undecided; anything less is told as the nearest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from alignment.align import Alignment, align_pair
from alignment.errors import TooLarge
from alignment.groups import corroborated
from alignment.silence import Candidate
from service.steps.pairing import CONSIDERED, LEAST
from service.steps.told import Compared, Told, settled
from service.store import ids
from service.store.tables import SilenceRow

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Articles of other events that are asked in each language: those that likeliest belong here.
NEIGHBOURS = 4
#: Pairs of an article of the event with one of another that are compared: bounds the cost of one
#: comparison, however large the event. The claims that are most alike say which.
ASKED = 8

#: A claim by its article's place among those of the event, and its number there.
Claims: TypeAlias = dict[str, list[tuple[Told, int]]]


def languages(result: Compared) -> set[str]:
    """The languages of which it would be said that they hold no counterpart."""
    return {row.language for row in result.silences if row.kind == "no counterpart"}


def ask(
    told: Sequence[Told],
    neighbours: Sequence[Told],
    belonging: Mapping[str, float],
    result: Compared,
) -> None:
    """Put what `neighbours` say into the silences of the result.

    `belonging` is the probability that each of them, by id, belongs to the event.
    """
    where = {key: (one, i) for one in told for i, key in enumerate(one.claim_ids)}
    groups: Claims = defaultdict(list)
    for member in result.members:
        if where[member.claim_id][0].summary.copy_of is None:
            groups[member.group_id].append(where[member.claim_id])
    silent = [row for row in result.silences if row.kind == "no counterpart"]
    chances: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for one, other in _nearest(silent, groups, neighbours):
        for key, found in _compared(one, other, belonging[other.id]):
            chances[key, other.language].append(found)
    for row in silent:
        keys = [told.claim_ids[i] for told, i in groups[row.group_id]]
        _answer(row, [found for key in keys for found in chances.get((key, row.language), ())])


def _nearest(
    silent: Sequence[SilenceRow], groups: Claims, neighbours: Sequence[Told]
) -> list[tuple[Told, Told]]:
    """Articles of the event and of others whose claims are most alike, at most `ASKED` pairs."""
    best: dict[tuple[str, str], tuple[float, Told, Told]] = {}
    for other in neighbours:
        of_language = {row.group_id for row in silent if row.language == other.language}
        wanted: dict[str, tuple[Told, list[int]]] = {}
        for group_id in of_language:
            for one, i in groups[group_id]:
                wanted.setdefault(one.id, (one, []))[1].append(i)
        for one, places in wanted.values():
            best[one.id, other.id] = (_likeness(one, sorted(places), other), one, other)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    return [(one, other) for _, (_, one, other) in ranked[:ASKED]]


def _likeness(one: Told, places: Sequence[int], other: Told) -> float:
    """The cosine of the two claims that are most alike, 0 without an encoder."""
    if one.vectors is None or other.vectors is None or not len(other.vectors):
        return 0.0
    alike = one.vectors[list(places)] @ other.vectors.T
    views = 1
    if one.pivots is not None and other.pivots is not None:
        mine = [one.pivots[i] for i in places]
        if all(row is not None for row in (*mine, *other.pivots)):
            alike = alike + _rows(mine) @ _rows(other.pivots).T
            views = 2
    return settled(float(alike.max()) / views)


def _rows(rows: Iterable[NDArray[np.float32] | None]) -> NDArray[np.float32]:
    return np.stack([row for row in rows if row is not None])


def _compared(one: Told, other: Told, belonging: float) -> list[tuple[str, Candidate]]:
    """By claims of one article, the claims of another that may say it."""
    try:
        # In any order: that two short articles go through in one order says nothing about them.
        found = align_pair(one.units(), other.units(), "comparable", consider=CONSIDERED)
    except TooLarge:  # what cannot be compared breaks no silence
        return []
    return [
        (
            one.claim_ids[i],
            Candidate(other.claim_ids[j], other.id, belonging * _chance(found, probability)),
        )
        for i, j, probability in _couples(found)
    ]


def _couples(found: Alignment) -> Iterable[tuple[int, int, float]]:
    for pair in (*found.pairs, *found.candidates):
        yield from ((i, j, pair.probability) for i in pair.a for j in pair.b)


def _chance(found: Alignment, probability: float) -> float:
    # Nobody else is heard about the two, so the others' voice is their own.
    return corroborated(probability, probability) if found.retold else probability


def _answer(row: SilenceRow, found: Sequence[Candidate]) -> None:
    """Change a silence by the claims of other events' articles that may say it."""
    likeliest: dict[str, Candidate] = {}
    for one in found:
        held = likeliest.get(one.claim)
        if held is None or one.probability > held.probability:
            likeliest[one.claim] = one
    best = max(likeliest.values(), key=lambda one: (one.probability, one.claim), default=None)
    if best is None:
        return
    for one in likeliest.values():
        row.null_probability *= 1.0 - one.probability
    row.null_probability = settled(row.null_probability)
    if row.best_probability is None or best.probability > row.best_probability:
        row.best_claim, row.best_document = best.claim, best.document
        row.best_probability = settled(best.probability)
    if best.probability >= LEAST:
        row.kind = "insufficient coverage"
        row.id = ids.silence(row.claim_id, row.language, row.documents, row.kind)
