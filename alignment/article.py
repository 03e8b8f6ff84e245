"""One article as the event stream sees it, and what is read from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from alignment.romanise import fold
from alignment.views import names, numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAD = 1_500  # characters of a lead that are read


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the stream sees it.

    `key` is the caller's stable id, `lead` the first few sentences, `english` the translation of
    title and lead where there is one, `vector` a (d,) float32 unit row of title and lead, `keys`
    language-neutral entity keys; without keys, light ones are read from the text.
    `published_at` must carry a time zone.
    """

    key: str
    language: str
    title: str
    lead: str
    published_at: datetime
    outlet: str = ""
    english: str | None = None
    vector: NDArray[np.float32] | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read from one article."""

    language: str
    vector: NDArray[np.float32] | None
    terms: frozenset[str]
    keys: frozenset[str]
    hours: float


def read_article(article: Article) -> Reading:
    """The terms, keys and time of an article. Raises ValueError for a date without a time zone."""
    if article.published_at.tzinfo is None:
        message = f"Article {article.key!r} has a date without a time zone; give it one."
        raise ValueError(message)
    text = f"{article.title}. {article.lead[:LEAD]}"
    keys = frozenset(article.keys) or frozenset("@" + name for name in names(text))
    words = frozenset(word[:6] for word in fold(text).split() if len(word) > 4)
    figures = frozenset("#" + figure for figure in numbers(text) if len(figure) > 1)
    return Reading(
        article.language,
        article.vector,
        keys | words | figures,
        keys,
        article.published_at.astimezone(UTC).timestamp() / 3600.0,
    )
