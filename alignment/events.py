"""Events: an online grouping of articles in three languages; the cost of one does not grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray


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
class Assignment:
    """Where an article went.

    `event` is a stable id (the key of its first article, prefixed); `created` says the article
    opened it. `copy_of` is the article this one repeats (syndication). `merged` lists event ids
    that now redirect to `event`. `parts` says what spoke for it. `runner_up` is the next best
    event.
    """

    article: str
    event: str
    probability: float
    created: bool
    copy_of: str | None = None
    merged: tuple[str, ...] = ()
    parts: dict[str, float] | None = None
    runner_up: str | None = None
    runner_up_probability: float = 0.0


class EventStream:
    """Groups articles as they come; only the active window is in memory.

    `assign` may be called in any order of time, best in order of publication. `rebuild` restores
    the
    state from stored articles and their event ids without changing any id.
    """

    def assign(self, article: Article) -> Assignment:
        """The event of one article; opens a new one when nothing fits."""
        raise NotImplementedError

    def resolve(self, event: str) -> str:
        """The event id that `event` redirects to after merges (itself when none)."""
        raise NotImplementedError

    def merge(self, event: str, into: str) -> None:
        """An analyst's merge: `event` redirects to `into`."""
        raise NotImplementedError

    @classmethod
    def rebuild(
        cls, stored: Iterable[tuple[Article, str]], redirects: dict[str, str] | None = None
    ) -> EventStream:
        """The stream as it was, from stored articles with their event ids, oldest first."""
        raise NotImplementedError
