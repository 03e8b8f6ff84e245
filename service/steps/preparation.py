"""Identify → segment → claims: what can be said of one text without anything else.

`prepare` is a pure function of the text, so it runs outside any transaction and gives the same rows
each time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from alignment.claims import Claim, Sentence, extract
from models.identify import identify
from models.languages import LANGUAGES, Language
from models.segment import Segment, segment
from service.steps.reading import Original
from service.steps.translation import spoken
from service.store import claims as claim_queries
from service.store import ids
from service.store.tables import ClaimRow, DocumentRow, SegmentRow

#: Changes when the rows made here would come out otherwise; stored with each document.
VERSION = "5"

#: Below this share of the letters, the largest language of a document does not name it.
_MAIN_SHARE = 0.6

_WORD = re.compile(r"[^\W\d_]+")
#: Words that hardly any other language in Latin letters has.
_ENGLISH = frozenset({
    "the", "of", "and", "to", "that", "is", "was", "for", "with", "by", "from", "it", "he", "said",
    "be", "are", "were", "has", "have", "not", "but", "this", "which", "they", "their", "will",
    "its", "who", "after", "had", "would", "at", "been",
})  # fmt: skip
#: From so many words on, text in Latin letters with fewer of these than this share is not English.
#: Of 1,083 English texts of 80 words (FLORES-200 dev, WMT20, WMT22) none has less than .108;
#: German and French have next to none, Polish and Dutch up to .077.
_ENOUGH, _ENGLISH_SHARE = 40, 0.08


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article as rows that are ready to be stored, with the claims as `alignment` has them."""

    original: Original
    document: DocumentRow
    segments: tuple[SegmentRow, ...]
    claims: tuple[Claim, ...]
    claim_rows: tuple[ClaimRow, ...]

    def words(self, row: SegmentRow) -> str:
        """The text of one of the segments."""
        return self.document.text[row.start : row.end]


def prepare(original: Original) -> Prepared:
    """The rows of an article.

    Raises:
        AlignmentError: the text is beyond what can be read for claims.
    """
    # What the caller says about the language settles doubtful segments only: whole archives are
    # filed under one language, and their articles still quote the other.
    parts = segment(original.text)
    if original.given is not Language.EN and _foreign(parts):
        parts = [
            replace(part, language=None) if part.language is Language.EN else part for part in parts
        ]
    shares = _shares(parts)
    language, ambiguous = _main(original.text, original.given, shares)
    notes = list(original.notes)
    if language is None:
        notes.append("The language is none of Russian, Ukrainian and English, or cannot be told.")
    found = _claims(parts, original.given or language, original.published_at)
    document_id = original.document_id
    document = DocumentRow(
        id=document_id,
        article_id=original.article_id,
        arrival=-1,  # given when it is stored
        content_hash=original.content_hash,
        outlet_id=ids.outlet(original.outlet) if original.outlet else None,
        url=original.url,
        title=original.title,
        body_start=original.body_start,
        language_given=str(original.given) if original.given else None,
        language=str(language) if language else None,
        ambiguous=ambiguous,
        languages=shares,
        published_at=original.published_at,
        fetched_at=original.fetched_at,
        dated_at=original.published_at or original.fetched_at,
        origin=original.origin,
        notes=notes,
        versions={"preparation": VERSION},
        text=original.text,
    )
    return Prepared(
        original,
        document,
        tuple(_segment_row(document_id, position, part) for position, part in enumerate(parts)),
        tuple(found),
        tuple(claim_queries.to_rows(document_id, found, VERSION)),
    )


def _shares(parts: Sequence[Segment]) -> dict[str, float]:
    letters: dict[str, int] = {}
    for part in parts:
        if part.language:
            count = sum(map(str.isalpha, part.text))
            letters[str(part.language)] = letters.get(str(part.language), 0) + count
    total = sum(letters.values())
    if not total:
        return {}
    return {str(code): round(letters[code] / total, 4) for code in LANGUAGES if letters.get(code)}


def _foreign(parts: Sequence[Segment]) -> bool:
    """Whether what is in Latin letters is plainly in another language than English."""
    words = [
        word
        for part in parts
        if part.language in (Language.EN, None)  # one sentence alone may tell already
        for word in _WORD.findall(part.text.lower())
    ]
    known = sum(word in _ENGLISH for word in words)
    return len(words) >= _ENOUGH and known < _ENGLISH_SHARE * len(words)


def _main(
    text: str, given: Language | None, shares: dict[str, float]
) -> tuple[Language | None, bool]:
    found = identify(text)
    if not shares:
        if found.language is Language.EN:  # yet no segment of it is English
            return given, False
        return given or found.language, found.ambiguous
    largest = max(shares, key=lambda code: (shares[code], code))
    if shares[largest] >= _MAIN_SHARE:
        return Language(largest), False
    return given or Language(largest), True


def _claims(
    parts: Sequence[Segment], main: Language | None, published_at: datetime | None
) -> list[Claim]:
    # A segment that could be either language is read as the document's; one without letters says
    # nothing by itself.
    told = [
        (position, part, language)
        for position, part in enumerate(parts)
        if (language := spoken(part.language, part.ambiguous, main))
    ]
    sentences = [
        Sentence(part.text, str(language), part.start, part.paragraph) for _, part, language in told
    ]
    return [
        replace(claim, sentence=told[claim.sentence][0])
        for claim in extract(sentences, published_at=published_at)
    ]


def _segment_row(document_id: str, position: int, part: Segment) -> SegmentRow:
    return SegmentRow(
        document_id=document_id,
        position=position,
        start=part.start,
        end=part.end,
        paragraph=part.paragraph,
        language=str(part.language) if part.language else None,
        ambiguous=part.ambiguous,
        text_hash=ids.digest(part.text),
    )
