"""Writing many rows: inserting what is missing, and making stored rows equal to computed ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from service.store.tables import Row

R = TypeVar("R", bound=Row)
T = TypeVar("T")

#: Values named in one statement; SQLite allows 32,766 and PostgreSQL 65,535.
_VALUES = 15_000


def chunks(items: Iterable[T], size: int = 1_000) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def values(row: Row) -> dict[str, Any]:
    """A row's columns by name."""
    return {column.name: getattr(row, column.name) for column in _table(type(row)).columns}


def insert_missing(session: Session, rows: Sequence[Row]) -> None:
    """Insert the rows (all of one table) whose primary key is not stored yet."""
    if not rows:
        return
    table = _table(type(rows[0]))
    size = max(1, _VALUES // len(table.columns))
    for chunk in chunks(rows, size):
        plain = [values(row) for row in chunk]
        if session.get_bind().dialect.name == "postgresql":
            session.execute(postgresql.insert(table).values(plain).on_conflict_do_nothing())
        else:
            session.execute(sqlite.insert(table).values(plain).on_conflict_do_nothing())


def insert_all(session: Session, rows: Sequence[Row]) -> None:
    """Insert rows (all of one table) that are known to be new."""
    if rows:
        session.execute(sa.insert(_table(type(rows[0]))), [values(row) for row in rows])


def synchronise(
    session: Session, stored: Iterable[R], wanted: Sequence[R], *, keep: frozenset[str]
) -> list[R]:
    """Make the stored rows equal to the wanted ones by id, and return the stored ones not wanted.

    What is equal already is not written again. The columns in `keep` stay as first stored.
    """
    left = {str(getattr(row, "id")): row for row in stored}  # noqa: B009  (every R has an id)
    new: list[R] = []
    for row in wanted:
        old = left.pop(str(getattr(row, "id")), None)  # noqa: B009
        if old is None:
            new.append(row)
            continue
        for name, value in values(row).items():
            if name not in keep and getattr(old, name) != value:
                setattr(old, name, value)
    session.flush()
    insert_all(session, new)
    return list(left.values())


def _table(kind: type[Row]) -> sa.Table:
    table: sa.Table = kind.__table__  # type: ignore[attr-defined]  # set by SQLModel on a table
    return table
