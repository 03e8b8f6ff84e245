"""Silence as a result: `no counterpart` or `insufficient coverage`, with its denominators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: Independent articles that have to be searched before their silence is an answer.
LEAST = 3


@dataclass(frozen=True, slots=True)
class Searched:
    """A document that was searched; `copy_of` names the original when it is a syndicated copy."""

    document: str
    outlet: str
    language: str
    published_at: datetime
    copy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that was compared and its probability."""

    claim: str
    document: str
    probability: float


@dataclass(frozen=True, slots=True)
class Silence:
    """A dated answer for one claim and one language.

    `articles` and `outlets` are independent ones (copies count as one), `copies` what was folded.
    `best` is the best rejected candidate, `null_probability` the chance that no candidate says it.
    `valid_to` is None while it stands; `reopen` closes it when late coverage arrives.
    """

    kind: Literal["no counterpart", "insufficient coverage"]
    claim: str
    language: str
    articles: int
    outlets: int
    copies: int
    best: Candidate | None
    null_probability: float
    as_of: datetime
    documents: tuple[str, ...]
    valid_to: datetime | None = None


def judge(
    claim: str,
    language: str,
    searched: Sequence[Searched],
    candidates: Sequence[Candidate],
    *,
    as_of: datetime,
    threshold: float = 0.5,
    least: int = LEAST,
) -> Silence | None:
    """The silence of `language` about a claim, or None when a candidate reaches `threshold`.

    `searched` may hold all documents of the event: those of other languages and those published
    after `as_of` are left out. A candidate counts only when its document was searched.
    `insufficient coverage` when fewer than `least` independent articles were searched.
    """
    seen = [one for one in searched if one.language == language and one.published_at <= as_of]
    documents = {one.document for one in seen}
    compared = [one for one in candidates if one.document in documents]
    best = max(compared, key=lambda one: (one.probability, one.claim), default=None)
    if best is not None and best.probability >= threshold:
        return None
    originals: dict[str, Searched] = {}
    for one in sorted(seen, key=lambda one: (one.published_at, one.document)):
        originals.setdefault(one.copy_of or one.document, one)
    return Silence(
        kind="no counterpart" if len(originals) >= least else "insufficient coverage",
        claim=claim,
        language=language,
        articles=len(originals),
        outlets=len({one.outlet for one in originals.values()}),
        copies=len(documents) - len(originals),
        best=best,
        null_probability=null_probability(compared, originals_of=seen),
        as_of=as_of,
        documents=tuple(sorted(documents)),
    )


def null_probability(
    candidates: Sequence[Candidate], *, originals_of: Sequence[Searched] = ()
) -> float:
    """The chance that none of the candidates says it, taking them as independent.

    Of one text and its copies only the likeliest candidate counts.
    """
    source = {one.document: one.copy_of or one.document for one in originals_of}
    likeliest: dict[tuple[str, str], float] = {}
    for one in candidates:
        original = source.get(one.document, one.document)
        # Claims of one original are separate chances; the same claim in its copies is not.
        place = (original, one.claim if original == one.document else "copy")
        likeliest[place] = max(likeliest.get(place, 0.0), one.probability)
    chance = 1.0
    for (original, kind), probability in likeliest.items():
        if kind == "copy" and any(key[0] == original and key[1] != "copy" for key in likeliest):
            continue
        chance *= 1.0 - min(1.0, max(0.0, probability))
    return chance


def reopen(silence: Silence, searched: Sequence[Searched], *, as_of: datetime) -> Silence | None:
    """The same silence, closed at `as_of`, when `searched` holds unseen documents; else None.

    Call `judge` again for the answer that takes its place. Copies of what was searched do not
    reopen it.
    """
    known = set(silence.documents)
    late = [
        one
        for one in searched
        if one.language == silence.language
        and one.document not in known
        and one.published_at <= as_of
        and (one.copy_of is None or one.copy_of not in known)
    ]
    return replace(silence, valid_to=as_of) if late else None
