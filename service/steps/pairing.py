"""Which claims of two documents make a pair, once the whole event has been heard.

What an alignment found is kept as candidates. Translated copies pair as they were decoded. Where
the news is told in other words, a candidate is weighed with what the event's other claims say of
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, TypeAlias

from alignment.align import Alignment
from alignment.calibration import logit
from alignment.contrasts import relate
from alignment.groups import Edge, corroborated
from alignment.linkage import Linkage
from service.steps.told import Made, Told, plain, settled
from service.store import ids
from service.store.tables import AlignmentRow, PairRow

#: Raw probability from which two claims of retold news are candidates (bench/fit_retold.py).
CONSIDERED = 0.01
#: Probability from which a pair of retold news is kept; below even odds it is shown as doubtful.
LEAST = 0.3


#: For each claim, the claims of other documents that were near, with their probabilities.
Near: TypeAlias = dict[str, list[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Claims of two documents, by number, that may say the same; `kept` by the decoder or not."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    probability: float
    parts: Mapping[str, float]
    kept: bool

    def links(self) -> Iterator[tuple[int, int]]:
        """Every claim of one side with every claim of the other."""
        return product(self.a, self.b)


def stored(found: Alignment) -> list[list[Any]]:
    """The candidates of an alignment as its row keeps them."""
    told = [(pair, True) for pair in found.pairs] + [(pair, False) for pair in found.candidates]
    return [
        [
            list(pair.a),
            list(pair.b),
            settled(pair.probability),
            {name: settled(part) for name, part in sorted(pair.parts.items())},
            kept,
        ]
        for pair, kept in told
    ]


def candidates(row: AlignmentRow) -> Iterator[Candidate]:
    """What `stored` kept in an alignment's row."""
    for a, b, probability, parts, kept in row.candidates:
        yield Candidate(tuple(a), tuple(b), probability, parts, kept)


def edges(row: AlignmentRow, a: Told, b: Told) -> Iterator[Edge]:
    """Two claims and their probability, for every two that a candidate of the row holds."""
    for one in candidates(row):
        for i, j in one.links():
            yield Edge(a.claim_ids[i], b.claim_ids[j], one.probability)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Makes the pair rows of one event."""

    event_id: str
    linkage: Linkage
    before: Mapping[str, PairRow]
    made: Made
    now: datetime

    def weighed(self, row: AlignmentRow, a: Told, b: Told) -> list[tuple[Candidate, float]]:
        """The candidates of two documents, those kept first, each with its probability."""
        found = sorted(candidates(row), key=lambda one: (not one.kept, one.a, one.b))
        return [(one, self._probability(row, one, a, b)) for one in found]

    def of(
        self, row: AlignmentRow, a: Told, b: Told, weighed: Sequence[tuple[Candidate, float]]
    ) -> list[PairRow]:
        """The pairs of two documents, likely or doubtful, each claim run once."""
        pairs: list[PairRow] = []
        inside: set[tuple[int, int]] = set()
        for one, probability in weighed:
            if inside.issuperset(one.links()) or (row.retold and probability < LEAST):
                continue
            inside.update(one.links())
            pairs.append(self._row(row, one, a, b, probability))
        return pairs

    def _probability(self, row: AlignmentRow, one: Candidate, a: Told, b: Told) -> float:
        """The chance that a candidate's sides say the same, the event's other claims heard."""
        if not row.retold:
            return one.probability
        together = max(
            self.linkage.together(a.claim_ids[i], b.claim_ids[j]) for i, j in one.links()
        )
        return settled(corroborated(one.probability, together))

    def _row(
        self, row: AlignmentRow, one: Candidate, a: Told, b: Told, probability: float
    ) -> PairRow:
        a_claims = [a.claim_ids[i] for i in one.a]
        b_claims = [b.claim_ids[j] for j in one.b]
        key = ids.pair(a_claims, b_claims)
        parts = dict(one.parts)
        if row.retold:
            parts["others"] = settled(logit(probability) - logit(one.probability))
        known = self.before.get(key)
        if known is not None and known.algorithm == row.algorithm:
            relation, reasons, evidence = known.relation, known.reasons, known.evidence
        else:
            how = relate([a.claims[i] for i in one.a], [b.claims[j] for j in one.b])
            relation, reasons = how.label, list(how.reasons)
            evidence = [plain(each) for each in how.evidence]
        return PairRow(
            id=key,
            event_id=self.event_id,
            a_claim=a_claims[0],
            b_claim=b_claims[0],
            a_claims=a_claims,
            b_claims=b_claims,
            a_document=a.id,
            b_document=b.id,
            a_language=a.claims[one.a[0]].language,
            b_language=b.claims[one.b[0]].language,
            a_outlet=a.summary.outlet_id,
            b_outlet=b.summary.outlet_id,
            probability=probability,
            parts=dict(sorted(parts.items())),
            relation=relation,
            reasons=reasons,
            evidence=evidence,
            missing=list(row.missing),
            mode=row.mode,
            algorithm=row.algorithm,
            packages=list(self.made.packages),
            encoder=self.made.encoder,
            created_at=self.now,
        )


def note(
    near: Near, row: AlignmentRow, a: Told, b: Told, weighed: Sequence[tuple[Candidate, float]]
) -> None:
    """Add to `near` what two documents hold for each other's claims."""
    for key, _, best, chance in row.unmatched:
        if best is not None:
            near.setdefault(key, []).append((best, chance))
    if row.retold:
        for one, chance in weighed:
            for i, j in one.links():
                near.setdefault(a.claim_ids[i], []).append((b.claim_ids[j], chance))
                near.setdefault(b.claim_ids[j], []).append((a.claim_ids[i], chance))
