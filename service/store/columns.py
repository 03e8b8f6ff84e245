"""Column types that behave alike on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

#: JSON as text on SQLite, as JSONB on PostgreSQL.
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite, which knows no time zones, keeps it without one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """The moment in UTC.

        Raises:
            ValueError: the moment has no time zone, so nobody knows when it is.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; say which one is meant.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """The moment, aware and in UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


def json_field(default: Any = list, **options: Any) -> Any:
    """A JSON column; `default` makes the value of a row that names none."""
    return Field(default_factory=default, sa_type=JSON, nullable=False, **options)


def moment(**options: Any) -> Any:
    """A column for a moment in UTC."""
    return Field(sa_type=UtcDateTime, **options)


def text_field(**options: Any) -> Any:
    """A column for text of any length."""
    return Field(sa_type=sa.Text, **options)
