"""What is held: documents, events, claim groups, pairs, judgements, and coverage coming in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from models.languages import Language
from service.api.schemas.shape import (
    DOUBTFUL,
    Decision,
    Moment,
    Page,
    Relation,
    Request,
    Shape,
    Text,
    shown,
    sound,
)


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
    """A translation with what made it."""

    text: str
    target: str
    origin: Literal["engine", "glossary", "memory"] = Field(
        description="The engine; the engine under terms of a glossary; or a person's own words "
        "from the translation memory, whose unit `options` names."
    )
    route: str
    log_prob: float | None
    flags: list[str] = Field(description="Doubts about it; a flagged translation is no evidence.")
    packages: list[str] = Field(description="sha256 of each package used.")
    options: str


class ClaimTranslation(StoredTranslation):
    """The English that a claim is compared in, where it is only a part of its sentence."""

    part: bool = Field(
        description="A person corrected the sentence, and this is the stretch of their words that "
        "the claim's words stand for, an estimate; the rest describes that correction."
    )


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
    translation: StoredTranslation | None = Field(description="Of the claim's whole sentence.")
    own: ClaimTranslation | None = Field(
        description="Of the claim alone, as it is compared; null where it is its whole sentence."
    )


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
    elsewhere: bool = Field(
        description="The best candidate is of an article that stands in another event and might "
        "belong to this one; where it may well say the same, the coverage here is insufficient."
    )
    null_probability: float
    as_of: datetime
    algorithm: str


class Group(Shape):
    """Claims of an event that say the same thing, by language, and who does not say it."""

    id: str
    event_id: str
    anchor: str
    position: int
    relations: dict[str, int] = Field(description="Pairs inside, without the doubtful ones.")
    doubtful: dict[str, int] = Field(description="Pairs inside whose relation is in doubt.")
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
    translations: list[StoredTranslation] = Field(description="Of the claims' whole sentences.")
    own: list[ClaimTranslation | None] = Field(
        description="Of each claim alone, as it is compared; null where it is its whole sentence."
    )


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
    doubtful: bool = Field(description=DOUBTFUL)
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
    published_at: Moment | None = Field(
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
    status: Literal["new", "version", "corrected", "known", "refused"] = Field(
        description="`corrected`: the text was known, its date, outlet or title was not this."
    )
    id: str | None = None
    event_id: str | None = None
    detail: str | None = Field(default=None, description="Why it was refused.")
    notes: list[str] = Field(default_factory=list, description="Doubts worth a look.")


class TakenAll(Shape):
    """What became of the articles, and what the path went without."""

    documents: list[Taken]
    missing: list[str]
