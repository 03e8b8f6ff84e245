"""Silences of an event: for each claim group, the languages that do not say it, and the grounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from alignment import silence
from alignment.groups import ClaimGroup
from models.languages import LANGUAGES
from service.steps.told import Compared, Told, Where, claim_of, place_of, settled
from service.store import ids
from service.store.tables import SilenceRow


def file(
    event_id: str,
    groups: Sequence[ClaimGroup],
    where: Where,
    told: Sequence[Told],
    near: Mapping[str, Sequence[tuple[str, float]]],
    result: Compared,
    now: datetime,
) -> None:
    """Add a row to the result for each group and each language without a member in it.

    What was searched are the documents that were compared with a member's, and their copies. `near`
    holds the claims that were near each claim and not taken, with their probabilities.
    """
    everyone = [
        silence.Searched(
            one.id,
            one.summary.outlet or one.id,
            one.language,
            one.summary.dated_at,
            one.summary.copy_of,
        )
        for one in told
        if one.language
    ]
    compared: dict[str, set[str]] = {one.id: set() for one in told}
    for row in result.alignments:
        compared[row.a_document].add(row.b_document)
        compared[row.b_document].add(row.a_document)
    by_anchor = {row.anchor: row for row in result.groups}
    for one in groups:
        keys = sorted((member.key for member in one.members), key=lambda key: place_of(key, where))
        anchor = keys[0]
        home = by_anchor[anchor]
        reached = set().union(*(compared[member.document] for member in one.members))
        searched = [
            other
            for other in everyone
            if other.document in reached or (other.copy_of is not None and other.copy_of in reached)
        ]
        for language in LANGUAGES:
            if str(language) in home.languages:
                continue
            candidates = [
                silence.Candidate(claim, where[claim][0].id, probability)
                for key in keys
                for claim, probability in near.get(key, ())
                if claim_of(claim, where).language == language
            ]
            found = silence.judge(anchor, str(language), searched, candidates, as_of=now)
            if found is not None:
                result.silences.append(
                    _silence_row(event_id, home.id, found, result.algorithm, now)
                )


def _silence_row(
    event_id: str, group_id: str, found: silence.Silence, algorithm: str, now: datetime
) -> SilenceRow:
    best = found.best
    return SilenceRow(
        id=ids.silence(found.claim, found.language, found.documents, found.kind),
        event_id=event_id,
        group_id=group_id,
        claim_id=found.claim,
        language=found.language,
        kind=found.kind,
        articles=found.articles,
        outlets=found.outlets,
        copies=found.copies,
        documents=list(found.documents),
        best_claim=best.claim if best else None,
        best_document=best.document if best else None,
        best_probability=settled(best.probability) if best else None,
        null_probability=settled(found.null_probability),
        as_of=now,
        valid_from=now,
        algorithm=algorithm,
    )
