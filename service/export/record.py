"""A pair as one flat record: what every format of export writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.store.pairs import PairView, Side
    from service.store.tables import JudgementRow


@dataclass(frozen=True, slots=True)
class Record:
    """One pair: two sides, how they relate, what people decided, what made it.

    `doubtful` says that the relation is in doubt, because the sides are likelier unrelated.
    """

    id: str
    event_id: str
    group_id: str | None
    relation: str
    doubtful: bool
    probability: float
    reasons: tuple[str, ...]
    judgement: str | None
    judged_by: str | None
    a: dict[str, Any]
    b: dict[str, Any]
    parts: dict[str, float]
    missing: tuple[str, ...]
    mode: str
    algorithm: str
    packages: tuple[str, ...]
    encoder: str | None

    def plain(self) -> dict[str, Any]:
        """The record as data."""
        return {name: getattr(self, name) for name in self.__slots__}


#: What is said of a side, in the order of the columns.
SIDE = (
    "language", "text", "start", "end", "outlet", "title", "url", "published_at", "document_id",
    "claims", "speaker", "stance", "polarity", "certainty", "english", "english_flags",
    "english_origins", "english_claims",
)  # fmt: skip


def record(view: PairView) -> Record:
    """The record of a pair."""
    pair = view.pair
    judgement = _newest(view)
    return Record(
        id=pair.id,
        event_id=pair.event_id,
        group_id=pair.group_id,
        relation=pair.relation,
        doubtful=pair.doubtful,
        probability=round(pair.probability, 6),
        reasons=tuple(pair.reasons),
        judgement=judgement.judgement if judgement else None,
        judged_by=judgement.who if judgement else None,
        a=_side(view.a),
        b=_side(view.b),
        parts=dict(pair.parts),
        missing=tuple(pair.missing),
        mode=pair.mode,
        algorithm=pair.algorithm,
        packages=tuple(pair.packages),
        encoder=pair.encoder,
    )


def _newest(view: PairView) -> JudgementRow | None:
    return max(view.judgements, key=lambda judgement: judgement.at, default=None)


def _side(side: Side) -> dict[str, Any]:
    first, document = side.claims[0], side.document
    return {
        "language": first.language,
        "text": side.text,
        "start": min(claim.start for claim in side.claims),
        "end": max(claim.end for claim in side.claims),
        "outlet": document.outlet,
        "title": document.title,
        "url": document.url,
        "published_at": _moment(document.published_at),
        "document_id": document.id,
        "claims": [claim.id for claim in side.claims],
        "speaker": first.speaker,
        "stance": first.stance,
        "polarity": first.polarity,
        "certainty": first.certainty,
        "english": " ".join(each.text for each in side.translations) or None,
        "english_flags": sorted({flag for each in side.translations for flag in each.flags}),
        "english_origins": sorted({each.origin for each in side.translations}),
        # What claims were compared in that are only a part of their sentences.
        "english_claims": [
            f"{own.text} ({'part of the sentence, ' if own.part else ''}{own.origin})"
            for own in side.own
            if own is not None
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
