"""The shapes of `/v1`: what is sent, and what comes back.

Offsets count characters in the NFC text of a document, half-open. Moments are UTC. A probability is
calibrated and between 0 and 1; a log_prob is a natural logarithm, 0 or less.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from models.languages import Language
from service.api.parameters import fault_in_text

T = TypeVar("T")


def shown(example: dict[str, Any]) -> ConfigDict:
    """The settings of a request body that /docs shows with this example."""
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


def sound(value: Any) -> Any:
    """The value, unless it is a text that cannot be stored.

    Raises:
        ValueError: it holds a NUL or half of a surrogate pair.
    """
    fault = fault_in_text(value) if isinstance(value, str) else None
    if fault:
        raise ValueError(f"the text {fault}")
    return value


Text = Annotated[str, BeforeValidator(sound)]
Name = Annotated[str, BeforeValidator(sound), Field(min_length=1, max_length=200)]
Relation = Literal["same", "broader", "narrower", "conflicting", "denies", "related"]
Decision = Literal["same", "different", "unsure"]


class Shape(BaseModel):
    """What every answer shares: it is read from rows and views by attribute."""

    model_config = ConfigDict(from_attributes=True)


class Request(BaseModel):
    """What every request body shares: a field that is not known is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class Page(Shape, Generic[T]):
    """Some of a list; pass `next` as `cursor` for what follows, until it is null."""

    items: list[T]
    next: str | None = None


class Document(Shape):
    """One version of an article, without its text."""

    id: str
    article_id: str
    version: int
    current: bool = Field(description="No newer version of the article is held.")
    title: str
    outlet_id: str | None
    outlet: str | None
    url: str | None
    language: str | None = Field(description="The main language; null when unknown or mixed.")
    ambiguous: bool
    languages: dict[str, float] = Field(description="Share of the segments in each language.")
    published_at: datetime | None
    fetched_at: datetime
    event_id: str | None
    copy_of: str | None = Field(description="The document that this one repeats.")
    notes: list[str]
    missing: list[str] = Field(description="What the path went without.")


class StoredTranslation(Shape):
    """A machine translation with what made it."""

    text: str
    target: str
    route: str
    log_prob: float | None
    flags: list[str] = Field(description="Doubts about it; a flagged translation is no evidence.")
    packages: list[str] = Field(description="sha256 of each package used.")
    options: str


class Segment(Shape):
    """A sentence-like span of a document."""

    position: int
    start: int
    end: int
    text: str
    paragraph: int
    language: str | None
    ambiguous: bool
    translation: StoredTranslation | None


class Claim(Shape):
    """The smallest attributed proposition of a document, with its evidence in `data`."""

    id: str
    document_id: str
    segment: int
    start: int
    end: int
    text: str
    language: str
    polarity: str
    certainty: str
    speaker: str | None
    stance: str | None
    data: dict[str, Any]
    algorithm: str


class DocumentWhole(Document):
    """A document with its text, segments, claims and versions."""

    text: str
    body_start: int
    segments: list[Segment]
    claims: list[Claim]
    versions: list[str] = Field(description="Ids of every version held, the first one first.")


class Event(Shape):
    """A happening reported by several documents."""

    id: str
    title: str
    title_language: str | None
    first_seen: datetime
    last_seen: datetime
    documents: int
    outlets: int
    languages: dict[str, int] = Field(description="Documents in each language.")
    groups: int
    pairs: int
    due: bool = Field(description="Documents came since its claims were aligned.")
    aligned_at: datetime | None
    algorithm: str | None
    missing: list[str]


class Member(Shape):
    """One claim of a group, with the document that makes it."""

    claim: Claim
    document: Document
    translation: StoredTranslation | None


class Silence(Shape):
    """Why a language is absent from a group: what was searched, and the best that was rejected."""

    kind: Literal["no counterpart", "insufficient coverage"]
    articles: int
    outlets: int
    copies: int
    documents: list[str]
    best_claim: str | None
    best_document: str | None
    best_probability: float | None
    null_probability: float
    as_of: datetime
    algorithm: str


class Group(Shape):
    """Claims of an event that say the same thing, by language, and who does not say it."""

    id: str
    event_id: str
    anchor: str
    position: int
    relations: dict[str, int]
    contrasts: list[dict[str, Any]]
    consistency: float
    algorithm: str
    members: dict[str, list[Member]]
    silences: dict[str, Silence]
    pairs: list[str] = Field(description="Ids of the pairs inside, the most probable first.")


class EventWhole(Event):
    """An event with its documents and the first page of its claim groups."""

    coverage: list[Document]
    claim_groups: Page[Group]


class Judgement(Shape):
    """What an analyst decided about a pair; judgements are added and never changed."""

    id: str
    pair_id: str
    event_id: str | None
    judgement: Decision
    relation: Relation | None
    who: str
    at: datetime
    note: str
    a_text: str
    b_text: str
    seen_probability: float | None
    seen_relation: str | None


class Disagreement(Shape):
    """A later run that says otherwise than an analyst."""

    judgement_id: str
    machine: str
    probability: float | None
    relation: str | None
    algorithm: str
    filed_at: datetime


class Side(Shape):
    """One side of a pair."""

    text: str
    claims: list[Claim]
    document: Document
    translations: list[StoredTranslation]


class PairRow(Shape):
    """Two claims that were aligned, with what made the probability."""

    id: str
    event_id: str
    group_id: str | None
    a_claims: list[str]
    b_claims: list[str]
    a_document: str
    b_document: str
    a_language: str
    b_language: str
    probability: float
    parts: dict[str, float] = Field(description="Shares of the log-odds, by view.")
    relation: Relation
    reasons: list[str]
    evidence: list[dict[str, Any]] = Field(description="The reasons as spans of the originals.")
    missing: list[str] = Field(description="Views that could not be used.")
    mode: str
    algorithm: str
    packages: list[str]
    encoder: str | None
    withdrawn: bool = Field(description="The machine no longer finds it; a judgement keeps it.")
    created_at: datetime


class Pair(PairRow):
    """A pair with both sides, and what people said about it."""

    a: Side
    b: Side
    judgements: list[Judgement]
    disagreements: list[Disagreement]


class NewJudgement(Request):
    """An analyst's decision on a pair."""

    model_config = shown({"judgement": "same", "relation": "broader", "who": "O. K.", "note": ""})

    judgement: Decision
    relation: Relation | None = None
    who: Annotated[str, BeforeValidator(sound), Field(max_length=200)] = Field(
        default="", description="Who decides; the key's name when left out."
    )
    note: Annotated[str, BeforeValidator(sound), Field(max_length=10_000)] = ""


class Outlet(Shape):
    """A publisher, with the documents held of it."""

    id: str
    name: str
    documents: int
    languages: dict[str, int]


class NewDocument(Request):
    """An article as an outlet published it."""

    model_config = shown(
        {
            "title": "Стороны договорились об обмене",
            "text": "Об этом сообщил представитель министерства. Обменяют по сто человек.",
            "outlet": "Летопись недели",
            "published_at": "2024-05-31T09:00:00Z",
        }
    )

    text: Annotated[str, BeforeValidator(sound), Field(min_length=1)]
    title: Text | None = None
    outlet: Text | None = None
    url: Text | None = None
    language: Language | None = Field(default=None, description="Left out, it is found out.")
    published_at: datetime | None = Field(
        default=None, description="With a time zone; without one it is taken as UTC."
    )


class NewDocuments(Request):
    """Several articles at once."""

    documents: Annotated[list[NewDocument], Field(min_length=1)]


def _how_many(value: Any) -> str:
    named = value if isinstance(value, dict) else getattr(value, "__dict__", {})
    return "several" if "documents" in named else "one"


OneOrMore = Annotated[
    Annotated[NewDocument, Tag("one")] | Annotated[NewDocuments, Tag("several")],
    Discriminator(_how_many),
]


class Taken(Shape):
    """What became of one article that was sent."""

    index: int = Field(description="Its place in the request.")
    status: Literal["new", "version", "known", "refused"]
    id: str | None = None
    event_id: str | None = None
    detail: str | None = Field(default=None, description="Why it was refused.")
    notes: list[str] = Field(default_factory=list, description="Doubts worth a look.")


class TakenAll(Shape):
    """What became of the articles, and what the path went without."""

    documents: list[Taken]
    missing: list[str]


class TranslateOptions(Request):
    """How to search for a translation."""

    beam_size: Annotated[int, Field(ge=1, le=16)] = 4
    length_penalty: Annotated[float, Field(ge=0, le=10)] = 0.2
    max_length: Annotated[int, Field(ge=1, le=1024)] | None = None
    repair: bool = True
    links: bool = Field(default=False, description="Link words, where the network can tell.")


class TranslateRequest(Request):
    """Texts to translate; each is split into segments and each segment keeps its evidence."""

    model_config = shown(
        {
            "texts": ["Он сказал: «Усе буде добре». Больше он ничего не добавил."],
            "target": "en",
        }
    )

    texts: Annotated[list[Text], Field(min_length=1)]
    target: Language
    source: Language | Literal["auto"] = "auto"
    format: Literal["text", "html"] = "text"
    alternatives: Annotated[int, Field(ge=0, le=16)] = 0
    options: TranslateOptions | None = None


class Found(Shape):
    """The language a text was found to be in."""

    language: str | None
    probability: float
    ambiguous: bool


class TranslatedSegment(Shape):
    """One segment: where it stands in what was sent, and what became of it."""

    start: int
    end: int
    text: str
    language: str | None
    ambiguous: bool
    translation: str
    origin: Literal["engine", "memory", "same", "kept"] = Field(
        description="Who translated it: the engine, a person before (memory); or it is in the "
        "target language (same), or there is nothing to translate or no route (kept)."
    )
    log_prob: float | None
    flags: list[str]
    route: str
    packages: list[str]
    options: str
    alternatives: list[str]
    links: list[tuple[int, int, int, int]] = Field(
        description="Linked words: start and end in the segment, start and end in its translation."
    )


class TranslatedText(Shape):
    """One text, translated."""

    text: str
    detected: Found | None
    flags: list[str] = Field(description="Every doubt raised in any of its segments.")
    alternatives: list[str]
    segments: list[TranslatedSegment]


class TranslateAnswer(Shape):
    """One translation per text, in the same order."""

    target: str
    translations: list[TranslatedText]


class Unit(Shape):
    """A translation that a person made or corrected."""

    id: str
    source_language: str
    target_language: str
    source: str
    target: str
    origin: str
    who: str
    created_at: datetime


class AlignText(Request):
    """One side: an article, or its ready segments."""

    text: Annotated[str, BeforeValidator(sound), Field(min_length=1)] | None = None
    segments: Annotated[list[Text], Field(min_length=1)] | None = None
    published_at: datetime | None = Field(
        default=None, description="What relative dates (yesterday) count from."
    )


class AlignRequest(Request):
    """Two or three texts to align as they are, without the store."""

    model_config = shown(
        {
            "texts": [
                {"segments": ["Обменяли по сто человек.", "Переговоры шли всю ночь."]},
                {"segments": ["The talks lasted all night.", "Each side freed 100 people."]},
            ]
        }
    )

    texts: Annotated[list[AlignText], Field(min_length=2, max_length=3)]
    mode: Literal["auto", "monotone", "comparable"] = "auto"


class AlignedSegment(Shape):
    """A segment of one of the texts; offsets count in its NFC text."""

    start: int
    end: int
    text: str
    language: str | None
    ambiguous: bool


class AlignedText(Shape):
    """One of the texts with its segments, which links name by number from 0."""

    language: str | None
    segments: list[AlignedSegment]


class Link(Shape):
    """Segments that say the same thing, how they relate, and why."""

    a: list[int]
    b: list[int]
    probability: float
    relation: Relation
    reasons: list[str]
    parts: dict[str, float]


class Unmatched(Shape):
    """A segment without a counterpart, and the best candidate that was rejected."""

    side: Literal["a", "b"]
    index: int
    null_probability: float
    best: int | None
    best_probability: float


class Comparison(Shape):
    """What was found between two of the texts, named by their places from 0."""

    a: int
    b: int
    mode: Literal["monotone", "comparable"]
    overruled: bool = Field(description="The mode is the caller's and not the one found fitting.")
    links: list[Link]
    unmatched: list[Unmatched]
    missing: list[str] = Field(description="What the comparison went without.")


class AlignedGroup(Shape):
    """Segments of three texts that say the same thing: numbers by the text's place."""

    members: dict[int, list[int]]


class AlignAnswer(Shape):
    """The texts as they were read, every two of them compared, and the groups over all."""

    texts: list[AlignedText]
    comparisons: list[Comparison]
    groups: list[AlignedGroup]


class NewUnit(Request):
    """A translation made or corrected by a person."""

    model_config = shown(
        {
            "source": "Стороны обменялись пленными.",
            "target": "The two sides exchanged prisoners of war.",
            "source_language": "ru",
            "target_language": "en",
        }
    )

    source: Annotated[str, BeforeValidator(sound), Field(min_length=1, max_length=20_000)]
    target: Annotated[str, BeforeValidator(sound), Field(min_length=1, max_length=20_000)]
    source_language: Language
    target_language: Language


class Match(Shape):
    """A translation whose original is like a text; 1 is equal but for whitespace."""

    similarity: float
    source: str
    target: str
    who: str
    unit_id: str


class Package(Shape):
    """An installed Argos package."""

    code: str
    version: str
    direction: str
    digest: str = Field(description="sha256, as translations made with it name it.")
    bytes: int


class Packages(Shape):
    """What translates here."""

    packages: list[Package]
    directions: list[str] = Field(description="Directions served, directly or through English.")
    problems: list[str] = Field(description="Packages that cannot be used, and why.")
    encoder: str | None = Field(description="Digest of the sentence encoder, if there is one.")


class Added(Shape):
    """It is kept."""

    added: Literal[True] = True


class Health(BaseModel):
    """The server answers."""

    status: Literal["ok"] = "ok"
