"""Keep the event that a document would belong to otherwise.

Revision 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of documents that were placed before it is not known, and they have none.
    with op.batch_alter_table("event_document") as batch:
        batch.add_column(sa.Column("runner_up", sa.String(), nullable=True))
        batch.add_column(sa.Column("runner_up_probability", sa.Float(), nullable=True))
        batch.create_index(batch.f("ix_event_document_runner_up"), ["runner_up"])


def downgrade() -> None:
    with op.batch_alter_table("event_document") as batch:
        batch.drop_index(batch.f("ix_event_document_runner_up"))
        batch.drop_column("runner_up_probability")
        batch.drop_column("runner_up")
