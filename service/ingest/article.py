"""What a reader hands on: an article, or a refusal that says which input could not become one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.languages import Language


@dataclass(frozen=True, slots=True)
class Article:
    """One article as an outlet published it, before anything is computed from it.

    `published_at` is what the outlet says, in UTC. `origin` names where the article was read
    (`archive.jsonl:12`). `whole_file` says that the article is all of that file, so that a changed
    file is a new version of the same article. `notes` are doubts met on the way that a person
    should see.

    What is stored, and what every offset counts in, is the title, an empty line and the text, or
    the text alone where it begins with the title: a headline makes claims too.
    """

    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    language: Language | None = None
    published_at: datetime | None = None
    origin: str | None = None
    notes: tuple[str, ...] = ()
    whole_file: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """One input that did not become an article: where it stands, and one sentence on why."""

    origin: str
    reason: str
