"""What a reader hands on: an article, or a refusal that says which input could not become one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.languages import Language


@dataclass(frozen=True, slots=True)
class Article:
    """One article as an outlet published it, before anything is computed from it.

    `published_at` is what the outlet says, in UTC. `origin` names where the article was read
    (`archive.jsonl:12`). `notes` are doubts met on the way that a person should see.
    """

    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: Language | None = None
    published_at: datetime | None = None
    origin: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """One input that did not become an article: where it stands, and one sentence on why."""

    origin: str
    reason: str
