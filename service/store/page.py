"""Pages of a long list by cursor, which names the last row seen: pages stay true as rows come.

Every list is in falling order of one key, with the id to break ties (keyset pagination).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from service.errors import BadCursor

T = TypeVar("T")

#: Rows of a page at most, whatever was asked for.
LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and the cursor of the next page; `next` is None on the last."""

    items: tuple[T, ...]
    next: str | None = None


def encode(values: Sequence[Any]) -> str:
    """The cursor that stands for the key values of a row."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode(cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The key values of a cursor, of the kinds named.

    Raises:
        BadCursor: it was not made by `encode` from such values.
    """
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        values = json.loads(raw)
        if not isinstance(values, list):
            raise BadCursor
        return [_value(value, kind) for value, kind in zip(values, kinds, strict=True)]
    except (ValueError, Base64Error, RecursionError) as error:
        raise BadCursor from error


def _value(value: object, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise BadCursor
        return moment
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is int and not -(2**63) <= value < 2**63:  # more than a database column holds
        raise BadCursor
    if type(value) is not kind or (kind is str and "\0" in str(value)):
        raise BadCursor
    return value


def fetch(
    session: Session,
    statement: sa.Select[*tuple[Any, ...]],
    keys: Sequence[Any],
    kinds: Sequence[type],
    *,
    cursor: str | None,
    limit: int,
    make: Callable[[Any], T],
    key: Callable[[T], Sequence[Any]],
) -> Page[T]:
    """One page of a statement.

    `keys` are its ordering columns, largest first; `kinds` their Python types; `make` turns a row
    of the result into an item, and `key` gives the key values of an item.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    limit = max(1, min(limit, LIMIT))
    if cursor:
        seen = decode(cursor, kinds)
        bound = [
            sa.bindparam(None, value, type_=column.type)
            for value, column in zip(seen, keys, strict=True)
        ]
        statement = statement.where(sa.tuple_(*keys) < sa.tuple_(*bound))
    statement = statement.order_by(*(column.desc() for column in keys)).limit(limit + 1)
    items = [make(row) for row in session.execute(statement)]
    more = len(items) > limit
    shown = tuple(items[:limit])
    return Page(shown, encode(key(shown[-1])) if more else None)
