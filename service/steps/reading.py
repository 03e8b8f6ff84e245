"""Read: an article becomes the text that is stored, with the ids that follow from it.

It costs next to nothing, so that an article which is stored already is known before any work on it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from models.languages import Language
from models.segment import normalise
from service.errors import BadInput, TooMuch
from service.ingest.article import Article
from service.settings import Settings
from service.store import ids

#: What no database column holds: NUL on PostgreSQL, lone surrogates in UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
#: Before the oldest newspaper there is nothing to compare; such a date is a slip.
_EARLIEST_YEAR = 1600
#: Clocks and time zones differ; a date further ahead than this is no date.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Original:
    """An article as it is stored: one text with the title before the body, NFC, and its ids.

    `given` is the language that the caller stated, `notes` what a person should know.
    """

    key: str
    article_id: str
    document_id: str
    content_hash: str
    title: str
    text: str
    body_start: int
    outlet: str | None
    url: str | None
    given: Language | None
    published_at: datetime | None
    fetched_at: datetime
    origin: str
    notes: tuple[str, ...]


def read(article: Article, settings: Settings, now: datetime) -> Original:
    """The article as it is stored.

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
    key = article_key(article, title, text)
    article_id = ids.article(key)
    content_hash = ids.digest(text)
    return Original(
        key,
        article_id,
        ids.document(article_id, content_hash),
        content_hash,
        title,
        text,
        body_start,
        " ".join(_storable(article.outlet or "").split()) or None,
        _storable(article.url) if article.url else None,
        Language(article.language) if article.language else None,
        published_at,
        now,
        _storable(article.origin or "-"),
        tuple(_storable(note) for note in (*article.notes, *notes, *doubts)),
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
        return f"file {os.path.abspath(article.origin)}"
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
