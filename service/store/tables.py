"""The tables. A row class is named `…Row`, since `Claim` or `Pair` alone is the thing itself.

outlet ─┬─ article ── document (one version) ─┬─ segment ··· translation (by the hash of its text)
        │                                     ├─ claim ── group_member ── claim_group ── silence
        └─────────────────────────────────────┴─ event_document ── event ── pair ── judgement
                              document ── alignment ── document

Ids come from `ids.py`. Rows that the pipeline makes name what made them (`algorithm`, `packages`,
`encoder`, `options`). Judgements, silences and translation units outlive what they speak of, so
they hold its id without a foreign key; a judgement holds its words too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from alignment.groups import doubtful
from alignment.silence import LEAST
from service.store.columns import json_field, moment, text_field

#: Constraint names are the same on every database, so that a migration can name them.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

RELATIONS = ("same", "broader", "narrower", "conflicting", "denies", "related")
JUDGEMENTS = ("same", "different", "unsure")
SILENCES = ("no counterpart", "insufficient coverage")
ROLES = ("read", "work", "administer")


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


class Row(SQLModel):
    """What every table shares: one metadata with fixed constraint names."""

    metadata: ClassVar[sa.MetaData] = sa.MetaData(naming_convention=NAMING)


class OutletRow(Row, table=True):
    """A publisher; its name is as first seen."""

    __tablename__ = "outlet"

    id: str = Field(primary_key=True)
    name: str
    created_at: datetime = moment()


class ArticleRow(Row, table=True):
    """What an outlet published at one place, whatever its version."""

    __tablename__ = "article"

    id: str = Field(primary_key=True)
    key: str = text_field()
    outlet_id: str | None = Field(default=None, foreign_key="outlet.id", index=True)
    url: str | None = text_field(default=None)
    #: The newest version; no foreign key, since document points back here.
    document_id: str = Field(index=True)
    versions: int = 1


class DocumentRow(Row, table=True):
    """One version of an article.

    `text` is NFC, with the title before the body; the body begins at `body_start`. `arrival` counts
    documents in the order they were taken in. `dated_at` is `published_at` or, where that is
    unknown, `fetched_at`: what orders lists. `language` is the main one, None when unknown or when
    `ambiguous`; `languages` gives the share of segments of each. `missing` names what the path went
    without ("uk→en"), `notes` what a person should know, `versions` what computed the rest.
    """

    __tablename__ = "document"
    __table_args__ = (sa.Index("ix_document_newest", "current", "dated_at", "id"),)

    id: str = Field(primary_key=True)
    article_id: str = Field(foreign_key="article.id", index=True)
    version: int = 1
    current: bool = True
    arrival: int = Field(unique=True)
    content_hash: str = Field(index=True)
    outlet_id: str | None = Field(default=None, foreign_key="outlet.id", index=True)
    url: str | None = text_field(default=None)
    title: str = text_field(default="")
    body_start: int = 0
    language_given: str | None = None
    language: str | None = Field(default=None, index=True)
    ambiguous: bool = False
    languages: dict[str, float] = json_field(dict)
    published_at: datetime | None = moment(default=None)
    fetched_at: datetime = moment()
    dated_at: datetime = moment(index=True)
    origin: str | None = text_field(default=None)
    notes: list[str] = json_field()
    missing: list[str] = json_field()
    versions: dict[str, str] = json_field(dict)
    text: str = text_field()


class SegmentRow(Row, table=True):
    """A sentence-like span; its words are `document.text[start:end]` and are kept nowhere else."""

    __tablename__ = "segment"
    __table_args__ = (sa.CheckConstraint('"start" >= 0 AND "end" >= "start"', name="span"),)

    document_id: str = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    start: int
    end: int
    paragraph: int
    language: str | None = None
    ambiguous: bool = False
    text_hash: str = Field(index=True)


#: What the `options` of a translation from the memory begin with; the id of its unit follows.
CORRECTION = "memory "


class TranslationRow(Row, table=True):
    """A translation of a segment's words, used by every segment that has the same words.

    A machine's names its packages and the options of its search, with ` terms=` and a digest where
    a glossary laid terms down; a person's names no package, and its `options` the unit it is from.
    """

    __tablename__ = "translation"
    __table_args__ = (sa.Index("ix_translation_words", "text_hash", "target"),)

    id: str = Field(primary_key=True)
    text_hash: str
    source: str
    target: str
    text: str = text_field()
    log_prob: float | None = None
    flags: list[str] = json_field()
    route: str
    packages: list[str] = json_field()
    options: str
    created_at: datetime = moment()

    @property
    def origin(self) -> str:
        """Whose words it is: `memory` (a person's), `glossary` (made under terms), or `engine`."""
        if self.options.startswith(CORRECTION):
            return "memory"
        return "glossary" if " terms=" in self.options else "engine"


class ClaimRow(Row, table=True):
    """The smallest attributed proposition of a document; all offsets count in the document's text.

    `data` holds the claim's evidence as `alignment.claims.Claim` has it, by field name:
    attribution, hedges, negations, quantities, dates, places, entities, quotes, terms.
    `speaker` and `stance` repeat the innermost speaker and the verb's class for lists and filters.
    """

    __tablename__ = "claim"
    __table_args__ = (sa.UniqueConstraint("document_id", "position"),)

    id: str = Field(primary_key=True)
    document_id: str = Field(foreign_key="document.id", ondelete="CASCADE")
    position: int
    segment: int
    start: int
    end: int
    text: str = text_field()
    language: str
    polarity: str
    certainty: str
    speaker: str | None = text_field(default=None)
    stance: str | None = None
    data: dict[str, Any] = json_field(dict)
    algorithm: str


class EventRow(Row, table=True):
    """A happening reported by several documents.

    After a merge `merged_into` names the event that took its place, and the id still answers.
    `due` says that documents came since its claims were aligned. `documents`, `outlets` and
    `languages` (documents by language) count current versions.
    """

    __tablename__ = "event"
    __table_args__ = (sa.Index("ix_event_newest", "last_seen", "id"),)

    id: str = Field(primary_key=True)
    title: str = text_field(default="")
    title_language: str | None = None
    first_seen: datetime = moment()
    last_seen: datetime = moment()
    merged_into: str | None = Field(default=None, index=True)
    documents: int = 0
    outlets: int = 0
    languages: dict[str, int] = json_field(dict)
    due: bool = Field(default=True, index=True)
    aligned_at: datetime | None = moment(default=None)
    algorithm: str | None = None
    missing: list[str] = json_field()


class EventDocumentRow(Row, table=True):
    """Where a document belongs; `copy_of` names the document that it repeats (syndication).

    `runner_up` is the event that it would belong to otherwise, with the probability that it does.
    """

    __tablename__ = "event_document"
    __table_args__ = (_one_of("assigned_by", ("machine", "analyst")),)

    document_id: str = Field(primary_key=True, foreign_key="document.id", ondelete="CASCADE")
    event_id: str = Field(foreign_key="event.id", index=True)
    probability: float
    copy_of: str | None = None
    assigned_by: str = "machine"
    parts: dict[str, float] = json_field(dict)
    runner_up: str | None = Field(default=None, index=True)
    runner_up_probability: float | None = None


class ClaimGroupRow(Row, table=True):
    """Claims of an event that say the same thing; `anchor` is the one published first.

    `languages` counts members, `relations` pairs by relation, those in doubt left out, `contrasts`
    holds the terms that each language chose, `position` orders the groups of an event for reading.
    """

    __tablename__ = "claim_group"

    id: str = Field(primary_key=True)
    event_id: str = Field(foreign_key="event.id", index=True)
    anchor: str
    position: int
    languages: dict[str, int] = json_field(dict)
    relations: dict[str, int] = json_field(dict)
    contrasts: list[dict[str, Any]] = json_field()
    consistency: float
    algorithm: str


class GroupMemberRow(Row, table=True):
    """A claim in its group; a claim is in one group only."""

    __tablename__ = "group_member"

    claim_id: str = Field(primary_key=True, foreign_key="claim.id", ondelete="CASCADE")
    group_id: str = Field(foreign_key="claim_group.id", index=True, ondelete="CASCADE")
    language: str


class SilenceRow(Row, table=True):
    """A language that does not say what a group says: a dated answer with its denominators.

    It stands while `valid_to` is None; late coverage closes it and a new answer is filed.
    `documents` are those of the event that were searched. The best candidate may be of another
    document: one that stands in another event and might belong to this one.
    """

    __tablename__ = "silence"
    __table_args__ = (
        _one_of("kind", SILENCES),
        sa.Index("ix_silence_standing", "event_id", "valid_to"),
    )

    id: str = Field(primary_key=True)
    event_id: str
    group_id: str = Field(index=True)
    claim_id: str
    language: str
    kind: str
    articles: int
    outlets: int
    copies: int
    documents: list[str] = json_field()
    best_claim: str | None = None
    best_document: str | None = None
    best_probability: float | None = None
    null_probability: float
    as_of: datetime = moment()
    valid_from: datetime = moment()
    valid_to: datetime | None = moment(default=None)
    algorithm: str

    @property
    def elsewhere(self) -> bool:
        """Whether the best candidate is of a document that stands in another event."""
        return self.best_document is not None and self.best_document not in self.documents

    @property
    def undecided(self) -> bool:
        """Whether enough was searched, but a document of another event may say it."""
        return self.kind == "insufficient coverage" and self.articles >= LEAST


class AlignmentRow(Row, table=True):
    """Two documents that were aligned: which decoder, why, with what, and what found no partner.

    `ordered` and `matched` are the gate's values. `key` names everything the result depends on, so
    that a new article costs its own alignments only. `unmatched` lists, for claims in no pair:
    claim id, chance that the other document does not say it, best rejected claim, its probability.
    `candidates` are what the event's pairs are chosen from: claims of a, claims of b (by number in
    their document), probability, shares of it by view, and whether the decoder kept it. `retold`
    says that the documents tell the news in words of their own, so that other documents weigh in.
    """

    __tablename__ = "alignment"
    __table_args__ = (sa.UniqueConstraint("a_document", "b_document"),)

    id: str = Field(primary_key=True)
    a_document: str = Field(foreign_key="document.id", ondelete="CASCADE")
    b_document: str = Field(foreign_key="document.id", index=True, ondelete="CASCADE")
    mode: str
    overruled: bool = False
    ordered: float
    matched: float
    unmatched: list[list[Any]] = json_field()
    missing: list[str] = json_field()
    key: str
    algorithm: str
    retold: bool = False
    candidates: list[list[Any]] = json_field()


class PairRow(Row, table=True):
    """Two claims (or small runs of claims) of one event that were aligned.

    Most cross a language border; those of one language are kept too, for they hold groups together.
    Side a is the one whose language comes first in ru, uk, en, then whose document id does. `parts`
    are shares of the log-odds by view, `missing` the views that could not be used, `evidence` the
    relation's reasons as spans.
    A pair that a re-run no longer finds is deleted, or `withdrawn` when an analyst has judged it.
    """

    __tablename__ = "pair"
    __table_args__ = (
        _one_of("relation", RELATIONS),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name="probability"),
        sa.Index("ix_pair_likely", "probability", "id"),
        sa.Index("ix_pair_event", "event_id", "probability", "id"),
    )

    id: str = Field(primary_key=True)
    event_id: str = Field(foreign_key="event.id")
    group_id: str | None = Field(default=None, index=True)
    a_claim: str = Field(foreign_key="claim.id", index=True, ondelete="CASCADE")
    b_claim: str = Field(foreign_key="claim.id", index=True, ondelete="CASCADE")
    a_claims: list[str] = json_field()
    b_claims: list[str] = json_field()
    a_document: str
    b_document: str
    a_language: str
    b_language: str
    a_outlet: str | None = Field(default=None, index=True)
    b_outlet: str | None = Field(default=None, index=True)
    probability: float
    parts: dict[str, float] = json_field(dict)
    relation: str = Field(index=True)
    reasons: list[str] = json_field()
    evidence: list[dict[str, Any]] = json_field()
    missing: list[str] = json_field()
    mode: str
    withdrawn: bool = False
    algorithm: str
    packages: list[str] = json_field()
    encoder: str | None = None
    created_at: datetime = moment()

    @property
    def doubtful(self) -> bool:
        """Whether the relation is in doubt, because the sides are likelier unrelated."""
        return doubtful(self.probability)


class JudgementRow(Row, table=True):
    """What an analyst decided about a pair; rows are only added, each person's newest counts."""

    __tablename__ = "judgement"
    __table_args__ = (
        _one_of("judgement", JUDGEMENTS),
        sa.Index("ix_judgement_pair", "pair_id", "at"),
    )

    id: str = Field(primary_key=True)
    pair_id: str
    event_id: str | None = Field(default=None, index=True)
    a_claims: list[str] = json_field()
    b_claims: list[str] = json_field()
    a_text: str = text_field()
    b_text: str = text_field()
    judgement: str
    relation: str | None = None
    who: str
    at: datetime = moment()
    note: str = text_field(default="")
    seen_probability: float | None = None
    seen_relation: str | None = None


class DisagreementRow(Row, table=True):
    """A re-run that says otherwise than an analyst; it never changes the judgement."""

    __tablename__ = "disagreement"

    id: str = Field(primary_key=True)
    judgement_id: str = Field(foreign_key="judgement.id", index=True)
    pair_id: str = Field(index=True)
    machine: str
    probability: float | None = None
    relation: str | None = None
    algorithm: str
    filed_at: datetime = moment()
    settled_at: datetime | None = moment(default=None)


class ApiKeyRow(Row, table=True):
    """A key of the HTTP API; only the sha256 of its secret is kept."""

    __tablename__ = "api_key"
    __table_args__ = (_one_of("role", ROLES),)

    id: str = Field(primary_key=True)
    name: str
    role: str
    secret_sha256: str
    requests_per_minute: int | None = None
    characters_per_request: int | None = None
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None)


class TranslationUnitRow(Row, table=True):
    """A translation that a person made or corrected: the translation memory."""

    __tablename__ = "translation_unit"
    __table_args__ = (
        sa.Index("ix_translation_unit_source", "source_language", "target_language", "source_hash"),
    )

    id: str = Field(primary_key=True)
    source_language: str
    target_language: str
    source_hash: str
    source: str = text_field()
    target: str = text_field()
    origin: str = text_field(default="")
    who: str = ""
    created_at: datetime = moment()


class RunRow(Row, table=True):
    """A piece of long work: what was asked, how far it is, how it ended."""

    __tablename__ = "run"
    __table_args__ = (_one_of("state", ("running", "done", "failed")),)

    id: str = Field(primary_key=True)
    kind: str
    state: str = "running"
    done: int = 0
    total: int | None = None
    counts: dict[str, int] = json_field(dict)
    detail: str = text_field(default="")
    who: str = ""
    started_at: datetime = moment(index=True)
    finished_at: datetime | None = moment(default=None)
