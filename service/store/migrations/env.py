"""What Alembic runs: the caller gives the connection, and its transaction spans every step."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import AutoString

from service.store.columns import JSON, UtcDateTime
from service.store.tables import Row


def render(kind: str, value: Any, _autogen: Any) -> str | Literal[False]:
    """How our column types are written in a migration."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "columns.UtcDateTime()"
    if kind == "type" and value is JSON:
        return "columns.JSON"
    if kind == "type" and isinstance(value, AutoString):
        return "sa.String()"
    return False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_item=render,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
