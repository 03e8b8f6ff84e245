"""Keep what the pairs of an event are chosen from.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Alignments of before have none; they are made anew when their event is next compared.
    with op.batch_alter_table("alignment") as batch:
        batch.add_column(
            sa.Column("retold", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("candidates", columns.JSON, nullable=False, server_default="[]"))
    with op.batch_alter_table("alignment") as batch:
        batch.alter_column("retold", server_default=None)
        batch.alter_column("candidates", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("alignment") as batch:
        batch.drop_column("candidates")
        batch.drop_column("retold")
