"""Make the first tables.

Revision 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("secret_sha256", sa.String(), nullable=False),
        sa.Column("requests_per_minute", sa.Integer(), nullable=True),
        sa.Column("characters_per_request", sa.Integer(), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint("role IN ('read', 'work', 'administer')", name=op.f("ck_api_key_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_language", sa.String(), nullable=True),
        sa.Column("first_seen", columns.UtcDateTime(), nullable=False),
        sa.Column("last_seen", columns.UtcDateTime(), nullable=False),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.Column("languages", columns.JSON, nullable=False),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("aligned_at", columns.UtcDateTime(), nullable=True),
        sa.Column("algorithm", sa.String(), nullable=True),
        sa.Column("missing", columns.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index("ix_event_newest", ["last_seen", "id"], unique=False)

    op.create_table(
        "judgement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.Column("a_claims", columns.JSON, nullable=False),
        sa.Column("b_claims", columns.JSON, nullable=False),
        sa.Column("a_text", sa.Text(), nullable=False),
        sa.Column("b_text", sa.Text(), nullable=False),
        sa.Column("judgement", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", columns.UtcDateTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seen_probability", sa.Float(), nullable=True),
        sa.Column("seen_relation", sa.String(), nullable=True),
        sa.CheckConstraint(
            "judgement IN ('same', 'different', 'unsure')", name=op.f("ck_judgement_judgement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgement_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_judgement_pair", ["pair_id", "at"], unique=False)

    op.create_table(
        "outlet",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outlet")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("counts", columns.JSON, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("started_at", columns.UtcDateTime(), nullable=False),
        sa.Column("finished_at", columns.UtcDateTime(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f("ck_run_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_started_at"), ["started_at"], unique=False)

    op.create_table(
        "silence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("documents", columns.JSON, nullable=False),
        sa.Column("best_claim", sa.String(), nullable=True),
        sa.Column("best_document", sa.String(), nullable=True),
        sa.Column("best_probability", sa.Float(), nullable=True),
        sa.Column("null_probability", sa.Float(), nullable=False),
        sa.Column("as_of", columns.UtcDateTime(), nullable=False),
        sa.Column("valid_from", columns.UtcDateTime(), nullable=False),
        sa.Column("valid_to", columns.UtcDateTime(), nullable=True),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('no counterpart', 'insufficient coverage')", name=op.f("ck_silence_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_silence")),
    )
    with op.batch_alter_table("silence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_silence_group_id"), ["group_id"], unique=False)
        batch_op.create_index("ix_silence_standing", ["event_id", "valid_to"], unique=False)

    op.create_table(
        "translation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("log_prob", sa.Float(), nullable=True),
        sa.Column("flags", columns.JSON, nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("packages", columns.JSON, nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
    )
    with op.batch_alter_table("translation", schema=None) as batch_op:
        batch_op.create_index("ix_translation_words", ["text_hash", "target"], unique=False)

    op.create_table(
        "translation_unit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source_language", sa.String(), nullable=False),
        sa.Column("target_language", sa.String(), nullable=False),
        sa.Column("source_hash", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_unit")),
    )
    with op.batch_alter_table("translation_unit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_translation_unit_source",
            ["source_language", "target_language", "source_hash"],
            unique=False,
        )

    op.create_table(
        "article",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.String(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_article_outlet_id_outlet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_outlet_id"), ["outlet_id"], unique=False)

    op.create_table(
        "claim_group",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("languages", columns.JSON, nullable=False),
        sa.Column("relations", columns.JSON, nullable=False),
        sa.Column("contrasts", columns.JSON, nullable=False),
        sa.Column("consistency", sa.Float(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_claim_group_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_group")),
    )
    with op.batch_alter_table("claim_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_group_event_id"), ["event_id"], unique=False)

    op.create_table(
        "disagreement",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("judgement_id", sa.String(), nullable=False),
        sa.Column("pair_id", sa.String(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("filed_at", columns.UtcDateTime(), nullable=False),
        sa.Column("settled_at", columns.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["judgement_id"], ["judgement.id"], name=op.f("fk_disagreement_judgement_id_judgement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disagreement")),
    )
    with op.batch_alter_table("disagreement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_disagreement_judgement_id"), ["judgement_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_disagreement_pair_id"), ["pair_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("outlet_id", sa.String(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body_start", sa.Integer(), nullable=False),
        sa.Column("language_given", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("languages", columns.JSON, nullable=False),
        sa.Column("published_at", columns.UtcDateTime(), nullable=True),
        sa.Column("fetched_at", columns.UtcDateTime(), nullable=False),
        sa.Column("dated_at", columns.UtcDateTime(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("notes", columns.JSON, nullable=False),
        sa.Column("missing", columns.JSON, nullable=False),
        sa.Column("versions", columns.JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_document_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["outlet_id"], ["outlet.id"], name=op.f("fk_document_outlet_id_outlet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("arrival", name=op.f("uq_document_arrival")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_article_id"), ["article_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_document_content_hash"), ["content_hash"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_document_dated_at"), ["dated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_language"), ["language"], unique=False)
        batch_op.create_index("ix_document_newest", ["current", "dated_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_outlet_id"), ["outlet_id"], unique=False)

    op.create_table(
        "alignment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("a_document", sa.String(), nullable=False),
        sa.Column("b_document", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("overruled", sa.Boolean(), nullable=False),
        sa.Column("ordered", sa.Float(), nullable=False),
        sa.Column("matched", sa.Float(), nullable=False),
        sa.Column("unmatched", columns.JSON, nullable=False),
        sa.Column("missing", columns.JSON, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["a_document"],
            ["document.id"],
            name=op.f("fk_alignment_a_document_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["b_document"],
            ["document.id"],
            name=op.f("fk_alignment_b_document_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alignment")),
        sa.UniqueConstraint(
            "a_document", "b_document", name=op.f("uq_alignment_a_document_b_document")
        ),
    )
    with op.batch_alter_table("alignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alignment_b_document"), ["b_document"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("polarity", sa.String(), nullable=False),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("stance", sa.String(), nullable=True),
        sa.Column("data", columns.JSON, nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_claim_document_id_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("document_id", "position", name=op.f("uq_claim_document_id_position")),
    )
    op.create_table(
        "event_document",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("copy_of", sa.String(), nullable=True),
        sa.Column("assigned_by", sa.String(), nullable=False),
        sa.Column("parts", columns.JSON, nullable=False),
        sa.CheckConstraint(
            "assigned_by IN ('machine', 'analyst')", name=op.f("ck_event_document_assigned_by")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_event_document_document_id_document"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_document_event_id_event")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_event_document")),
    )
    with op.batch_alter_table("event_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_document_event_id"), ["event_id"], unique=False)

    op.create_table(
        "segment",
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("paragraph", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.CheckConstraint('"start" >= 0 AND "end" >= "start"', name=op.f("ck_segment_span")),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_segment_document_id_document"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_segment")),
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segment_text_hash"), ["text_hash"], unique=False)

    op.create_table(
        "group_member",
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claim.id"],
            name=op.f("fk_group_member_claim_id_claim"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["claim_group.id"],
            name=op.f("fk_group_member_group_id_claim_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_group_member")),
    )
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_member_group_id"), ["group_id"], unique=False)

    op.create_table(
        "pair",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("group_id", sa.String(), nullable=True),
        sa.Column("a_claim", sa.String(), nullable=False),
        sa.Column("b_claim", sa.String(), nullable=False),
        sa.Column("a_claims", columns.JSON, nullable=False),
        sa.Column("b_claims", columns.JSON, nullable=False),
        sa.Column("a_document", sa.String(), nullable=False),
        sa.Column("b_document", sa.String(), nullable=False),
        sa.Column("a_language", sa.String(), nullable=False),
        sa.Column("b_language", sa.String(), nullable=False),
        sa.Column("a_outlet", sa.String(), nullable=True),
        sa.Column("b_outlet", sa.String(), nullable=True),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("parts", columns.JSON, nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("reasons", columns.JSON, nullable=False),
        sa.Column("evidence", columns.JSON, nullable=False),
        sa.Column("missing", columns.JSON, nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("algorithm", sa.String(), nullable=False),
        sa.Column("packages", columns.JSON, nullable=False),
        sa.Column("encoder", sa.String(), nullable=True),
        sa.Column("created_at", columns.UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "relation IN ('same', 'broader', 'narrower', 'conflicting', 'denies', 'related')",
            name=op.f("ck_pair_relation"),
        ),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name=op.f("ck_pair_probability")),
        sa.ForeignKeyConstraint(
            ["a_claim"], ["claim.id"], name=op.f("fk_pair_a_claim_claim"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["b_claim"], ["claim.id"], name=op.f("fk_pair_b_claim_claim"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_pair_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair")),
    )
    with op.batch_alter_table("pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pair_a_claim"), ["a_claim"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_a_outlet"), ["a_outlet"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_b_claim"), ["b_claim"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_b_outlet"), ["b_outlet"], unique=False)
        batch_op.create_index("ix_pair_event", ["event_id", "probability", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_group_id"), ["group_id"], unique=False)
        batch_op.create_index("ix_pair_likely", ["probability", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pair_relation"), ["relation"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pair_relation"))
        batch_op.drop_index("ix_pair_likely")
        batch_op.drop_index(batch_op.f("ix_pair_group_id"))
        batch_op.drop_index("ix_pair_event")
        batch_op.drop_index(batch_op.f("ix_pair_b_outlet"))
        batch_op.drop_index(batch_op.f("ix_pair_b_claim"))
        batch_op.drop_index(batch_op.f("ix_pair_a_outlet"))
        batch_op.drop_index(batch_op.f("ix_pair_a_claim"))

    op.drop_table("pair")
    with op.batch_alter_table("group_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_member_group_id"))

    op.drop_table("group_member")
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_segment_text_hash"))

    op.drop_table("segment")
    with op.batch_alter_table("event_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_document_event_id"))

    op.drop_table("event_document")
    op.drop_table("claim")
    with op.batch_alter_table("alignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alignment_b_document"))

    op.drop_table("alignment")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_outlet_id"))
        batch_op.drop_index("ix_document_newest")
        batch_op.drop_index(batch_op.f("ix_document_language"))
        batch_op.drop_index(batch_op.f("ix_document_dated_at"))
        batch_op.drop_index(batch_op.f("ix_document_content_hash"))
        batch_op.drop_index(batch_op.f("ix_document_article_id"))

    op.drop_table("document")
    with op.batch_alter_table("disagreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disagreement_pair_id"))
        batch_op.drop_index(batch_op.f("ix_disagreement_judgement_id"))

    op.drop_table("disagreement")
    with op.batch_alter_table("claim_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_group_event_id"))

    op.drop_table("claim_group")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_outlet_id"))
        batch_op.drop_index(batch_op.f("ix_article_document_id"))

    op.drop_table("article")
    with op.batch_alter_table("translation_unit", schema=None) as batch_op:
        batch_op.drop_index("ix_translation_unit_source")

    op.drop_table("translation_unit")
    with op.batch_alter_table("translation", schema=None) as batch_op:
        batch_op.drop_index("ix_translation_words")

    op.drop_table("translation")
    with op.batch_alter_table("silence", schema=None) as batch_op:
        batch_op.drop_index("ix_silence_standing")
        batch_op.drop_index(batch_op.f("ix_silence_group_id"))

    op.drop_table("silence")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_run_started_at"))

    op.drop_table("run")
    op.drop_table("outlet")
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.drop_index("ix_judgement_pair")
        batch_op.drop_index(batch_op.f("ix_judgement_event_id"))

    op.drop_table("judgement")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_newest")
        batch_op.drop_index(batch_op.f("ix_event_merged_into"))
        batch_op.drop_index(batch_op.f("ix_event_due"))

    op.drop_table("event")
    op.drop_table("api_key")
