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
class LanguageCount:
    """Coverage in one language; `independent` counts syndicated copies as one article."""

    language: str
    articles: int
    independent: int
    outlets: int


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event in the list."""

    id: str
    title: str
    title_language: str
    titles: tuple[tuple[str, str], ...]
    first_seen: datetime | None
    last_seen: datetime | None
    counts: tuple[LanguageCount, ...]
    groups: int
    conflicts: int
    gaps: int


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
class Gloss:
    """A machine translation below an original: never shown without its package and its doubts."""

    text: str
    language: str
    route: str
    digest: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One claim as one outlet printed it; `original` is escaped text with marks."""

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


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a column is empty: `no counterpart` (searched, not found) or `insufficient coverage`."""

    kind: str
    reason: str
    rejected: str = ""
    rejected_language: str = ""
    rejected_probability: float | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One language of one claim group: members, or the gap where there are none."""

    language: str
    name: str
    members: tuple[Member, ...]
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class Row:
    """One claim group on the event page."""

    id: str
    number: int
    relation: str
    relation_words: str
    probability: float | None
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
    documents: tuple[tuple[str, str, str, str, datetime | None], ...]
    computed: str


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


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One claim group with every pair in it and the evidence."""

    page: Page
    event: str
    event_title: str
    row: Row
    pairs: tuple[PairView, ...]


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
class DocumentPage:
    """One version of an article, segment by segment."""

    page: Page
    id: str
    title: str
    outlet: str
    url: str
    language: str
    published: datetime | None
    fetched: datetime | None
    digest: str
    version: int
    versions: int
    event: str
    event_title: str
    segments: tuple[SegmentView, ...]


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """The stored documents, newest first."""

    page: Page
    documents: tuple[tuple[str, str, str, str, datetime | None], ...]
    language: str
    outlet: str
    outlets: tuple[str, ...]
    several: bool
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
