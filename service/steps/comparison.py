"""Align → contrast: the claims of one event, compared document by document across outlets.

`compare` is a function of what it is given: documents, claims, English, vectors, judgements and the
alignments made before. Only documents that are new to the event are aligned; whatever was made from
the same texts with the same parts is taken over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from alignment import silence
from alignment.align import Alignment, align_pair
from alignment.claims import Claim
from alignment.contrasts import Relation, relation, term_contrasts
from alignment.groups import ClaimGroup, Edge, Member, group
from alignment.similarity import Unit
from models.languages import LANGUAGES
from service.store import ids
from service.store.documents import DocumentSummary
from service.store.tables import (
    AlignmentRow,
    ClaimGroupRow,
    GroupMemberRow,
    JudgementRow,
    PairRow,
    SilenceRow,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Changes when `compare` would come to other results from the same parts; stored with them.
VERSION = "1"

#: The relation of several claims to several is the first of these that any two of them have.
_STRONGEST = ("denies", "conflicting", "narrower", "broader", "same", "related")
#: A claim's id leads to its document and its index there.
Where = Mapping[str, tuple["Told", int]]
_ORDER = {str(language): number for number, language in enumerate(LANGUAGES)}


@dataclass(frozen=True, slots=True)
class Told:
    """A document of an event with its claims, their ids, and what can be compared of them.

    `english[i]` and `vectors[i]` belong to claim i; None where there is no package or encoder.
    """

    summary: DocumentSummary
    claim_ids: tuple[str, ...]
    claims: tuple[Claim, ...]
    english: tuple[str | None, ...]
    vectors: NDArray[np.float32] | None

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
            Unit(
                claim.text,
                claim.language,
                english=self.english[i],
                vector=None if self.vectors is None else self.vectors[i],
                keys=tuple(dict.fromkeys(entity.key for entity in claim.entities if entity.key)),
                key=self.claim_ids[i],
            )
            for i, claim in enumerate(self.claims)
        ]


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
    """What computed a comparison: packages by digest, the encoder's digest, our own version."""

    packages: tuple[str, ...]
    encoder: str | None
    version: str


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
    for a, b in combinations(voices, 2):
        key = _key(a, b, made)
        before = earlier.get((a.id, b.id))
        if before is not None and before[0].key == key:
            row, pairs = before
        else:
            row, pairs = _align(event_id, a, b, key, made, now)
        result.alignments.append(row)
        result.pairs.extend(pairs)
        result.missing.update(row.missing)
        result.algorithm = max(result.algorithm, row.algorithm)
    where = {key: (one, i) for one in ordered for i, key in enumerate(one.claim_ids)}
    groups = _groups(voices, result.pairs, judged)
    _file_groups(event_id, groups, where, result)
    _file_silences(event_id, groups, where, ordered, result, now)
    return result


def _side(told: Told) -> tuple[int, str]:
    return (_ORDER.get(told.language, len(_ORDER)), told.id)


def _key(a: Told, b: Told, made: Made) -> str:
    # Ids of claims hold the hash of the document's text; polarity and the rest follow from it.
    claims = [*a.claim_ids, "", *b.claim_ids]
    return ids.digest("\n".join([*claims, *made.packages, made.encoder or "", made.version]))


def _align(
    event_id: str, a: Told, b: Told, key: str, made: Made, now: datetime
) -> tuple[AlignmentRow, list[PairRow]]:
    found = align_pair(a.units(), b.units())
    algorithm = f"{made.version}; {found.parameters}"
    row = AlignmentRow(
        id=ids.alignment(a.id, b.id),
        a_document=a.id,
        b_document=b.id,
        mode=found.mode,
        overruled=found.gate.overruled,
        ordered=found.gate.ordered,
        matched=found.gate.matched,
        unmatched=_unmatched(a, b, found),
        missing=sorted(found.missing),
        key=key,
        algorithm=algorithm,
    )
    pairs = []
    for pair in found.pairs:
        sides = [a.claims[i] for i in pair.a], [b.claims[j] for j in pair.b]
        how = relate(*sides)
        a_claims = [a.claim_ids[i] for i in pair.a]
        b_claims = [b.claim_ids[j] for j in pair.b]
        pairs.append(
            PairRow(
                id=ids.pair(a_claims, b_claims),
                event_id=event_id,
                a_claim=a_claims[0],
                b_claim=b_claims[0],
                a_claims=a_claims,
                b_claims=b_claims,
                a_document=a.id,
                b_document=b.id,
                a_language=sides[0][0].language,
                b_language=sides[1][0].language,
                a_outlet=a.summary.outlet_id,
                b_outlet=b.summary.outlet_id,
                probability=float(pair.probability),
                parts={name: float(part) for name, part in sorted(pair.parts.items())},
                relation=how.label,
                reasons=list(how.reasons),
                evidence=[plain(evidence) for evidence in how.evidence],
                missing=sorted(found.missing),
                mode=found.mode,
                algorithm=algorithm,
                packages=list(made.packages),
                encoder=made.encoder,
                created_at=now,
            )
        )
    return row, pairs


def plain(finding: Any) -> dict[str, Any]:
    """A finding as the JSON that is stored: what is written equals what is read back."""
    stored: dict[str, Any] = json.loads(json.dumps(asdict(finding), ensure_ascii=False))
    return stored


def relate(a: Sequence[Claim], b: Sequence[Claim]) -> Relation:
    """How some claims stand to others: the strongest relation that any two of them have."""
    found = [relation(one, other) for one, other in product(a, b)]
    return min(found, key=lambda how: _STRONGEST.index(how.label))


def _unmatched(a: Told, b: Told, found: Alignment) -> list[list[Any]]:
    sides = {"a": (a, b), "b": (b, a)}
    rows: list[list[Any]] = []
    for one in found.unmatched:
        here, there = sides[one.side]
        best = None if one.best is None else there.claim_ids[one.best]
        rows.append(
            [
                here.claim_ids[one.index],
                float(one.null_probability),
                best,
                float(one.best_probability),
            ]
        )
    return rows


def _groups(
    voices: Sequence[Told], pairs: Sequence[PairRow], judged: Mapping[str, JudgementRow]
) -> list[ClaimGroup]:
    members = [
        Member(key, claim.language, one.id)
        for one in voices
        for key, claim in zip(one.claim_ids, one.claims, strict=True)
    ]
    present = {member.key for member in members}
    edges: dict[tuple[str, str], float] = {}
    for pair in pairs:
        verdict = judged.get(pair.id)
        if verdict is not None and verdict.judgement == "different":
            continue  # people outrank the machine
        for edge in product(pair.a_claims, pair.b_claims):
            edges[edge] = pair.probability
    for verdict in judged.values():
        if verdict.judgement == "same":
            for one, other in product(verdict.a_claims, verdict.b_claims):
                if one in present and other in present:
                    edges.pop((other, one), None)
                    edges[one, other] = 1.0
    return group(
        members, [Edge(a, b, probability) for (a, b), probability in sorted(edges.items())]
    )


def _file_groups(
    event_id: str, groups: Sequence[ClaimGroup], where: Where, result: Compared
) -> None:
    drafts = []
    for one in groups:
        keys = sorted((member.key for member in one.members), key=lambda key: _place(key, where))
        languages = _tally([member.language for member in one.members])
        drafts.append((-len(languages), -len(keys), _place(keys[0], where), keys, languages, one))
    drafts.sort(key=lambda draft: draft[:3])
    of_claim: dict[str, ClaimGroupRow] = {}
    for position, (_, _, _, keys, languages, one) in enumerate(drafts):
        row = ClaimGroupRow(
            id=ids.group(event_id, keys[0]),
            event_id=event_id,
            anchor=keys[0],
            position=position,
            languages=languages,
            contrasts=[
                asdict(contrast)
                for contrast in term_contrasts([_claim(key, where) for key in keys])
            ]
            if len(keys) > 1
            else [],
            consistency=float(one.consistency),
            algorithm=result.algorithm,
        )
        result.groups.append(row)
        for key in keys:
            of_claim[key] = row
            result.members.append(
                GroupMemberRow(claim_id=key, group_id=row.id, language=_claim(key, where).language)
            )
    inside: dict[str, list[str]] = {}
    for pair in result.pairs:
        a, b = of_claim[pair.a_claim], of_claim[pair.b_claim]
        pair.group_id = a.id if a is b else None
        if pair.group_id and pair.a_language != pair.b_language:
            inside.setdefault(pair.group_id, []).append(pair.relation)
    for row in result.groups:
        row.relations = _tally(inside.get(row.id, []))


def _file_silences(
    event_id: str,
    groups: Sequence[ClaimGroup],
    where: Where,
    told: Sequence[Told],
    result: Compared,
    now: datetime,
) -> None:
    searched = [
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
    rejected: dict[str, list[silence.Candidate]] = {}
    for row in result.alignments:
        for key, _, best, probability in row.unmatched:
            if best is not None:
                candidate = silence.Candidate(best, where[best][0].id, probability)
                rejected.setdefault(key, []).append(candidate)
    by_anchor = {row.anchor: row for row in result.groups}
    for one in groups:
        keys = sorted((member.key for member in one.members), key=lambda key: _place(key, where))
        anchor = keys[0]
        home = by_anchor[anchor]
        for language in LANGUAGES:
            if str(language) in home.languages:
                continue
            candidates = [
                candidate
                for key in keys
                for candidate in rejected.get(key, ())
                if _claim(candidate.claim, where).language == language
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
        best_probability=float(best.probability) if best else None,
        null_probability=float(found.null_probability),
        as_of=now,
        valid_from=now,
        algorithm=algorithm,
    )


def _claim(key: str, where: Where) -> Claim:
    told, index = where[key]
    return told.claims[index]


def _place(key: str, where: Where) -> tuple[datetime, str, int]:
    told, index = where[key]
    return (told.summary.dated_at, told.id, index)


def _tally(names: Sequence[str]) -> dict[str, int]:
    return {
        name: names.count(name) for name in sorted(set(names), key=lambda n: (_ORDER.get(n, 9), n))
    }
