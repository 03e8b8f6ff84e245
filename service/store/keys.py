"""Queries on API keys. A key is `plx_<id>_<secret>`; the secret is shown once and never stored."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest

from sqlmodel import Session, col, select

from service.errors import BadInput, NotFound
from service.store import ids
from service.store.tables import ROLES, ApiKeyRow


def add(
    session: Session,
    name: str,
    role: str,
    *,
    requests_per_minute: int | None = None,
    characters_per_request: int | None = None,
) -> tuple[ApiKeyRow, str]:
    """A new key and its full text, which cannot be had again.

    Raises:
        BadInput: the role is not one of those there are.
    """
    if role not in ROLES:
        raise BadInput(f"A role is one of {', '.join(ROLES)}; {role!r} is not.")
    # 32 random bytes cannot be guessed, so a plain sha256 keeps them as well as a slow hash would.
    secret = secrets.token_urlsafe(32)
    row = ApiKeyRow(
        id=ids.fresh("key").removeprefix("key_"),
        name=name,
        role=role,
        secret_sha256=sha256(secret.encode()).hexdigest(),
        requests_per_minute=requests_per_minute,
        characters_per_request=characters_per_request,
        created_at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    return row, f"plx_{row.id}_{secret}"


def find(session: Session, key: str) -> ApiKeyRow | None:
    """The row of a key that is known, right and not revoked; None for any other text."""
    prefix, _, rest = key.partition("_")
    public_id, _, secret = rest.partition("_")
    if prefix != "plx" or not public_id.isalnum() or not secret or not key.isascii():
        return None
    row = session.get(ApiKeyRow, public_id)
    given = sha256(secret.encode()).hexdigest()
    right = compare_digest(given, row.secret_sha256 if row else sha256(b"").hexdigest())
    return row if row and right and row.revoked_at is None else None


def listed(session: Session) -> list[ApiKeyRow]:
    """Every key, the oldest first."""
    order = (col(ApiKeyRow.created_at), col(ApiKeyRow.id))
    return list(session.exec(select(ApiKeyRow).order_by(*order)).all())


def revoke(session: Session, key_id: str) -> ApiKeyRow:
    """Make a key worthless from now on.

    Raises:
        NotFound: there is no such key.
    """
    row = session.get(ApiKeyRow, key_id)
    if row is None:
        raise NotFound("key", key_id)
    row.revoked_at = row.revoked_at or datetime.now(UTC)
    session.flush()
    return row
