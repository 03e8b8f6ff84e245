"""Read → identify → segment → claims: what can be said of an article without anything else.

`prepare` is a pure function of the article (and of the clock, for dates that lie in the future), so
it runs outside any transaction and gives the same rows each time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from alignment.claims import Claim, Sentence, extract
from models.identify import identify
from models.languages import LANGUAGES, Language
from models.segment import Segment, normalise, segment
from service.errors import BadInput, TooMuch
from service.ingest.article import Article
from service.settings import Settings
from service.steps.translation import spoken
from service.store import claims as claim_queries
from service.store import ids
from service.store.tables import ClaimRow, DocumentRow, SegmentRow

#: Changes when the rows made here would come out otherwise; stored with each document.
VERSION = "1"

#: What no database column holds: NUL on PostgreSQL, lone surrogates in UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: Before the oldest newspaper there is nothing to compare; such a date is a slip.
_EARLIEST_YEAR = 1600
#: Clocks and time zones differ; a date further ahead than this is no date.
_AHEAD = timedelta(days=1)
#: Below this share of the letters, the largest language of a document does not name it.
_MAIN_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article as rows that are ready to be stored, with the claims as `alignment` has them."""

    article_key: str
    outlet: str | None
    document: DocumentRow
    segments: tuple[SegmentRow, ...]
    claims: tuple[Claim, ...]
    claim_rows: tuple[ClaimRow, ...]

    def words(self, row: SegmentRow) -> str:
        """The text of one of the segments."""
        return self.document.text[row.start : row.end]


def prepare(article: Article, settings: Settings, now: datetime) -> Prepared:
    """The rows of an article.

    Raises:
        BadInput: it has no text.
        TooMuch: it is longer than `document_characters`.
    """
    if len(article.text) > settings.document_characters:
        raise TooMuch(
            f"The article has {len(article.text):,} characters, more than the limit of "
            f"{settings.document_characters:,}; split it, or raise PARALLAX_DOCUMENT_CHARACTERS."
        )
    title, text, body_start, notes = _text(article)
    published_at, doubts = _published(article.published_at, now)
    given = Language(article.language) if article.language else None
    # What the caller says about the language settles doubtful segments only: whole archives are
    # filed under one language, and their articles still quote the other.
    parts = segment(text)
    shares = _shares(parts)
    language, ambiguous = _main(text, given, shares)
    if language is None and not ambiguous:
        notes.append("The language is none of Russian, Ukrainian and English, or cannot be told.")
    key = article_key(article, title, text)
    article_id = ids.article(key)
    content_hash = ids.digest(text)
    document_id = ids.document(article_id, content_hash)
    found = _claims(parts, given or language, published_at)
    outlet = " ".join(_storable(article.outlet or "").split()) or None
    document = DocumentRow(
        id=document_id,
        article_id=article_id,
        arrival=-1,  # given when it is stored
        content_hash=content_hash,
        outlet_id=ids.outlet(outlet) if outlet else None,
        url=_storable(article.url) if article.url else None,
        title=title,
        body_start=body_start,
        language_given=str(given) if given else None,
        language=str(language) if language else None,
        ambiguous=ambiguous,
        languages=shares,
        published_at=published_at,
        fetched_at=now,
        dated_at=published_at or now,
        origin=_storable(article.origin) if article.origin else None,
        notes=[_storable(note) for note in (*article.notes, *notes, *doubts)],
        versions={"preparation": VERSION},
        text=text,
    )
    return Prepared(
        key,
        outlet,
        document,
        tuple(_segment_row(document_id, position, part) for position, part in enumerate(parts)),
        tuple(found),
        tuple(claim_queries.to_rows(document_id, found, VERSION)),
    )


def article_key(article: Article, title: str, text: str) -> str:
    """What makes two readings the same article, so that a changed text is a new version of it.

    The address where it was published; else the outlet, day and title, as far as two of them are
    known; else the file that it is all of; else its own words.
    """
    if article.url and article.url.strip():
        return "url " + _address(article.url.strip())
    outlet = " ".join((article.outlet or "").split()).casefold()
    day = article.published_at.date().isoformat() if article.published_at else ""
    if title and (outlet or day):
        return f"title {outlet}|{day}|{title.casefold()}"
    if article.whole_file and article.origin:
        return f"file {article.origin}"
    return f"text {ids.digest(text)}"


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, parts.query, ""))
    except ValueError:  # not an address after all, but still what the outlet calls it
        return url


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def _text(article: Article) -> tuple[str, str, int, list[str]]:
    notes: list[str] = []
    title = " ".join(normalise(_storable(article.title or "")).split())
    body = normalise(_storable(article.text)).strip()
    if not body and not title:
        raise BadInput("The article has no text; check the file or the name of its text field.")
    if _UNSTORABLE.search(article.text):
        notes.append("Characters that cannot be stored were replaced by �.")
    if not title:
        return title, body, 0, notes
    if body.startswith(title) and body[len(title) : len(title) + 1] in ("", "\n"):
        rest = body[len(title) :]
        return title, body, len(body) - len(rest.lstrip()), notes
    text = f"{title}\n\n{body}" if body else title
    return title, text, min(len(title) + 2, len(text)), notes


def _published(moment: datetime | None, now: datetime) -> tuple[datetime | None, list[str]]:
    if moment is None:
        return None, []
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
        ahead = moment > now + _AHEAD
    except OverflowError:
        ahead = True
    if ahead or moment.year < _EARLIEST_YEAR:
        when = "in the future" if ahead else f"before {_EARLIEST_YEAR}"
        return None, [f"The publication date {moment.isoformat()} is {when} and was left out."]
    return moment, []


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


def _main(
    text: str, given: Language | None, shares: dict[str, float]
) -> tuple[Language | None, bool]:
    found = identify(text)
    if not shares:
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
