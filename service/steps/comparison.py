"""Align → contrast: the claims of one event, compared document by document across outlets.

`compare` is a function of what it is given: documents, claims, English, vectors, judgements and the
alignments made before. Only documents that are new to the event are aligned; whatever was made from
the same texts with the same parts is taken over. Pairs and groups are chosen from all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from alignment.align import Alignment, Gate, align_pair
from alignment.errors import TooLarge
from service.steps import claim_groups, silences
from service.steps.pairing import CONSIDERED, Near, Pairing, note, stored
from service.steps.told import ORDER, Compared, Made, Told, settled
from service.store import ids
from service.store.tables import AlignmentRow, JudgementRow, PairRow

#: Changes when `compare` would come to other results from the same parts; stored with them.
VERSION = "6"

#: Documents of one language that a document is compared with: bounds the work in a long story.
NEAREST = 16

#: What an alignment lacks when its documents are beyond what can be compared in bounded memory.
BEYOND = "size"


def compare(
    event_id: str,
    told: Sequence[Told],
    *,
    judged: Mapping[str, JudgementRow],
    earlier: Mapping[tuple[str, str], tuple[AlignmentRow, list[PairRow]]],
    made: Made,
    now: datetime,
) -> Compared:
    """The pairs, claim groups and silences of an event.

    `judged` holds what counts of the analysts' judgements by pair, `earlier` the alignments and
    pairs that are stored by (a, b) documents.
    """
    result = Compared()
    ordered = sorted(told, key=_side)
    # A copy says what its original says; comparing it would count one voice twice.
    voices = [one for one in ordered if one.summary.copy_of is None]
    aligned: list[tuple[AlignmentRow, Told, Told]] = []
    before: dict[str, PairRow] = {}
    for a, b in _partners(voices):
        key = _key(a, b, made)
        row, pairs = earlier.get((a.id, b.id), (None, []))
        if row is not None and row.key == key:
            before.update((pair.id, pair) for pair in pairs)
        else:
            row = _align(a, b, key, made)
        aligned.append((row, a, b))
        result.missing.update(row.missing)
        result.algorithm = max(result.algorithm, row.algorithm)
    result.alignments.extend(row for row, _, _ in aligned)
    where = {key: (one, i) for one in ordered for i, key in enumerate(one.claim_ids)}
    grouping = claim_groups.unite(voices, aligned, judged)
    pairing = Pairing(event_id, grouping.linkage, before, made, now)
    near: Near = {}
    for row, a, b in aligned:
        weighed = pairing.weighed(row, a, b)
        result.pairs.extend(pairing.of(row, a, b, weighed))
        note(near, row, a, b, weighed)
    claim_groups.file(event_id, grouping.groups, where, result)
    silences.file(event_id, grouping.groups, where, ordered, near, result, now)
    return result


def _partners(voices: Sequence[Told]) -> list[tuple[Told, Told]]:
    """The documents to compare, two by two: each with the `NEAREST` of every language in time.

    In an event of up to `NEAREST` documents a language that is each with every other. Beyond it,
    claims of early and late documents meet through those between them.
    """
    by_language: dict[str, list[Told]] = {}
    for one in voices:
        by_language.setdefault(one.language, []).append(one)
    chosen: set[tuple[str, str]] = set()
    for one in voices:
        for others in by_language.values():
            ranked = sorted(
                (other for other in others if other.id != one.id),
                key=lambda other: (abs(other.summary.dated_at - one.summary.dated_at), other.id),
            )
            for other in ranked[:NEAREST]:
                chosen.add((one.id, other.id))
    return [
        (a, b)
        for a, b in combinations(voices, 2)
        if (a.id, b.id) in chosen or (b.id, a.id) in chosen
    ]


def _side(told: Told) -> tuple[int, str]:
    return (ORDER.get(told.language, len(ORDER)), told.id)


def _key(a: Told, b: Told, made: Made) -> str:
    # Ids of claims hold the hash of the document's text; polarity and the rest follow from it. A
    # correction or a term changes the English and nothing else.
    english = [ids.digest("\n".join(words or "" for words in one.english)) for one in (a, b)]
    claims = [*a.claim_ids, "", *b.claim_ids, *english]
    parts = [*claims, *made.packages, made.encoder or "", made.version, made.parameters]
    return ids.digest("\n".join(parts))


def _align(a: Told, b: Told, key: str, made: Made) -> AlignmentRow:
    found = _aligned(a, b)
    return AlignmentRow(
        id=ids.alignment(a.id, b.id),
        a_document=a.id,
        b_document=b.id,
        mode=found.mode,
        overruled=found.gate.overruled,
        ordered=settled(found.gate.ordered),
        matched=settled(found.gate.matched),
        retold=found.retold,
        candidates=stored(found),
        unmatched=_unmatched(a, b, found),
        missing=sorted(found.missing),
        key=key,
        algorithm=f"{made.version}; {found.parameters}",
    )


def _aligned(a: Told, b: Told) -> Alignment:
    try:
        return align_pair(a.units(), b.units(), consider=CONSIDERED)
    except TooLarge:  # two books, not two articles: only in order can they be compared
        pass
    try:
        return align_pair(a.units(), b.units(), "monotone")
    except TooLarge:  # a "sentence" of a whole book: said to be beyond comparing, and kept
        gate = Gate(0.0, 0.0, "monotone", overruled=True)
        return Alignment("monotone", gate, (), (), (), (BEYOND,), "")


def _unmatched(a: Told, b: Told, found: Alignment) -> list[list[Any]]:
    sides = {"a": (a, b), "b": (b, a)}
    rows: list[list[Any]] = []
    for one in found.unmatched:
        here, there = sides[one.side]
        best = None if one.best is None else there.claim_ids[one.best]
        rows.append(
            [
                here.claim_ids[one.index],
                settled(one.null_probability),
                best,
                settled(one.best_probability),
            ]
        )
    return rows
