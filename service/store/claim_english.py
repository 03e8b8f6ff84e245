"""The English of claims that are only a part of their sentence.

A sentence is translated for readers, and a claim in it for comparing. Where a person has corrected
the sentence, a machine's translation of the claim is no longer true of it: the claim then has the
stretch of the corrected sentence that says what it says, and is said to be a part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from service.store import documents, ids, translations
from service.store.tables import ClaimRow, TranslationRow

#: A sentence by its document and its position there.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ClaimEnglish:
    """What a claim is compared in, with what made it.

    Attributes:
        text: the English of the claim alone.
        part: it is a stretch of the sentence's translation, found by the words both share; the
            rest tells of the translation it is a stretch of.
        target: `en`.
        origin: whose words it is, as `TranslationRow.origin` has it.
        route: see `TranslationRow`, as for what follows.
        log_prob: of the claim's own translation.
        flags: doubts about it.
        packages: sha256 of each package used.
        options: of the search, or the unit of the memory.
    """

    text: str
    part: bool
    target: str
    origin: str
    route: str
    log_prob: float | None
    flags: tuple[str, ...]
    packages: tuple[str, ...]
    options: str


def whole(claim: str, sentence: str) -> bool:
    """Whether a claim is all of its sentence but for the full stop and quotation marks around."""
    return sum(map(str.isalnum, claim)) == sum(map(str.isalnum, sentence))


def of_part(
    sentence: str,
    start: int,
    end: int,
    *,
    translated: TranslationRow | None,
    own: TranslationRow | None,
) -> ClaimEnglish | None:
    """The English of `sentence[start:end]` from its own translation and its sentence's, if any.

    A person's words go first: those for the claim, then those for the sentence.
    """
    corrected = translated is not None and translated.origin == "memory"
    if translated is not None and corrected and not (own is not None and own.origin == "memory"):
        from models.stretch import stretch

        a, b = stretch(sentence, start, end, translated.text, own.text if own else "")
        return _made(translated.text[a:b], translated, part=True)
    return None if own is None else _made(own.text, own, part=False)


def of_claims(
    session: Session, claims: Iterable[ClaimRow], english: Mapping[Place, TranslationRow]
) -> dict[str, ClaimEnglish]:
    """The English of each of these claims that is a part of its sentence, by the claim's id.

    `english` holds the translations of their sentences.
    """
    spoken = [claim for claim in claims if claim.language != "en"]
    sentences = documents.sentences(session, ((one.document_id, one.segment) for one in spoken))
    parts: list[tuple[ClaimRow, int, str]] = []
    for claim in spoken:
        start, sentence = sentences[claim.document_id, claim.segment]
        if not whole(claim.text, sentence):
            parts.append((claim, start, sentence))
    keys = {claim.id: (ids.digest(claim.text), claim.language) for claim, _, _ in parts}
    own = translations.newest(session, keys.values())
    found: dict[str, ClaimEnglish] = {}
    for claim, at, sentence in parts:
        made = of_part(
            sentence,
            claim.start - at,
            claim.end - at,
            translated=english.get((claim.document_id, claim.segment)),
            own=own.get(keys[claim.id]),
        )
        if made is not None:
            found[claim.id] = made
    return found


def _made(text: str, row: TranslationRow, *, part: bool) -> ClaimEnglish:
    return ClaimEnglish(
        text,
        part,
        row.target,
        row.origin,
        row.route,
        row.log_prob,
        tuple(row.flags),
        tuple(row.packages),
        row.options,
    )
