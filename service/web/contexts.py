"""What each page is given: one frozen dataclass a page. A template shows nothing not named here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Page:
    """What every page shares: its path, for the navigation, and notices to show above it."""

    path: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gloss:
    """A translation below an original: never shown without what made it and its doubts.

    `mark` is the short label before it, and `made` says at length whose words it is.
    """

    text: str
    language: str
    mark: str
    made: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """Coverage in one language; `independent` counts syndicated copies as one article."""

    language: str
    articles: int
    independent: int
    outlets: int


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event in the list; `conflicts` and `gaps` count claim groups.

    `titles` are headlines of other languages than its own title: language, words, their English.
    """

    id: str
    title: str
    title_language: str
    titles: tuple[tuple[str, str, Gloss | None], ...]
    first_seen: datetime | None
    last_seen: datetime | None
    counts: tuple[LanguageCount, ...]
    groups: int
    conflicts: int
    gaps: int


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One article in a table; `belonging` is the probability of its place in its event.

    `opener` and `placed` say of that place that it opened the event, or that an analyst chose it.
    """

    id: str
    language: str
    outlet: str
    title: str
    published: datetime | None
    copy: bool
    opener: bool
    placed: bool
    belonging: float | None
    gloss: Gloss | None = None


@dataclass(frozen=True, slots=True)
class EventsPage:
    """The list of events, newest first."""

    page: Page
    events: tuple[EventCard, ...]
    total_documents: int
    query: str
    several: bool
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """One claim as one outlet printed it; `original` is escaped text with marks.

    `gloss` is of the whole sentence, `own` of the claims in it that are only a part of theirs.
    """

    claim: str
    document: str
    outlet: str
    published: datetime | None
    language: str
    original: Markup
    start: int
    end: int
    said: str
    gloss: Gloss | None
    copies: int = 0
    own: tuple[Gloss, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a column is empty: `no counterpart` (searched, not found) or `insufficient coverage`.

    It is an answer of a day: `as_of` says when these articles were searched. `event` is the one
    that the nearest claim stands in, where that is another; `possible` says that the claim may well
    be a counterpart.
    """

    kind: str
    reason: str
    as_of: datetime | None = None
    rejected: str = ""
    rejected_language: str = ""
    rejected_outlet: str = ""
    rejected_document: str = ""
    rejected_start: int = 0
    rejected_probability: float | None = None
    possible: bool = False
    event: str = ""
    event_title: str = ""
    event_language: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer about a language that no longer stands, since coverage came later."""

    name: str
    kind: str
    reason: str
    as_of: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """One language of one claim group: members, or the gap where there are none."""

    language: str
    name: str
    members: tuple[Member, ...]
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Row:
    """One claim group on the event page; `doubtful` when no pair in it is likely."""

    id: str
    number: int
    relation: str
    relation_words: str
    doubtful: bool
    probability: float | None
    likely: str
    reasons: tuple[str, ...]
    cells: tuple[Cell, ...]
    judged: str = ""


@dataclass(frozen=True, slots=True)
class EventPage:
    """One event: three columns, one row a claim group."""

    page: Page
    card: EventCard
    rows: tuple[Row, ...]
    total: int
    next_cursor: str | None
    relation: str
    outlet: str
    outlets: tuple[str, ...]
    documents: tuple[DocumentLine, ...]
    computed: str
    due: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A view's share of a pair's log-odds."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class PairView:
    """One aligned pair with the parts that made its probability."""

    id: str
    left: Member
    right: Member
    relation: str
    relation_words: str
    probability: float
    likely: str
    parts: tuple[Part, ...]
    reasons: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    judgements: tuple[tuple[str, str, datetime, str], ...]
    disagreement: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One claim group with every pair in it and the evidence."""

    page: Page
    event: str
    event_title: str
    event_language: str
    row: Row
    pairs: tuple[PairView, ...]
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """The next pair to judge, most uncertain first."""

    page: Page
    pair: PairView | None
    event: str
    waiting: int
    judged: int
    skipped: tuple[str, ...] = ()
    last: str = ""


@dataclass(frozen=True, slots=True)
class SegmentView:
    """One segment of a document with its offsets and language."""

    start: int
    end: int
    language: str
    ambiguous: bool
    original: Markup
    gloss: Gloss | None
    said: str


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The event that an article would belong to otherwise, and how probable that is."""

    event: str
    title: str
    language: str
    probability: float


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One version of an article, segment by segment; `other` is the event it may belong to."""

    page: Page
    id: str
    title: str
    outlet: str
    url: str
    language: str
    published: datetime | None
    fetched: datetime | None
    digest: str
    origin: str
    version: int
    versions: tuple[tuple[int, str], ...]
    copy_of: str
    event: str
    event_title: str
    event_language: str
    placed: bool
    opener: bool
    belonging: float | None
    other: RunnerUp | None
    segments: tuple[SegmentView, ...]


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """The stored documents, newest first."""

    page: Page
    documents: tuple[DocumentLine, ...]
    query: str
    language: str
    outlet: str
    outlets: tuple[str, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PackageView:
    """One installed package."""

    direction: str
    version: str
    digest: str
    origin: str


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What is installed, what is missing, and what the figures rest on."""

    page: Page
    packages: tuple[PackageView, ...]
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    encoder: str
    versions: tuple[tuple[str, str], ...]
    store: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """A clear sentence about what went wrong and what to do."""

    page: Page
    title: str
    detail: str
