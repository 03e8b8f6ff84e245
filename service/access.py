"""API keys: who calls, and what they may do.

A key is `plx_<id>_<secret>`. The secret is 256 random bits and is shown once; the store keeps its
sha256, which is enough for a secret that nobody can guess. Three roles, each with what the one
before may do: `read` looks, `work` also translates, aligns, adds and judges, `administer` also
sees the operator's figures.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from service.errors import BadInput, Forbidden, Unauthorised
from service.ratelimit import address_group

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.database import Store
    from service.store.tables import ApiKeyRow

KEY = re.compile(r"plx_([a-z2-7]{4,32})_([A-Za-z0-9_-]{43})")
#: Seconds for which a read of the keys counts; a revoked key works for at most so long.
FRESH = 2.0


class Role(StrEnum):
    """What a key may do; each role may do what the ones before it may."""

    READ = "read"
    WORK = "work"
    ADMINISTER = "administer"

    def covers(self, needed: Role) -> bool:
        """Whether a holder of this role may do what `needed` asks for."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the store knows it: everything but the secret.

    Attributes:
        id: the part of the key that may be shown.
        name: whose key it is, in the words of who made it.
        role: what it may do.
        created_at: when it was made, UTC.
        requests_per_minute: its own limit, None for the server's.
        characters_per_request: its own limit, None for the server's.
        revoked_at: when it stopped working, None while it works.
    """

    id: str
    name: str
    role: Role
    created_at: datetime
    requests_per_minute: int | None = None
    characters_per_request: int | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request: the holder of a key, or anyone where keys are not needed.

    Attributes:
        group: the name under which calls are counted.
        role: what the caller may do.
        key: the key that was sent, if one was.
    """

    group: str
    role: Role
    key: Key | None = None

    def needs(self, role: Role) -> None:
        """Return if the caller has the role.

        Raises:
            Forbidden: it does not.
        """
        if not self.role.covers(role):
            raise Forbidden(
                f"This key has the role {self.role}; ask the operator for one with the role {role}."
            )

    @property
    def who(self) -> str:
        """The caller's name for the record."""
        return self.key.name if self.key else ""


def add_key(
    store: Store,
    name: str,
    role: Role,
    *,
    requests_per_minute: int | None = None,
    characters_per_request: int | None = None,
) -> tuple[Key, str]:
    """A new key for `name`: its record and the whole key, which is never shown again.

    Raises:
        BadInput: the name is empty or a limit is not a positive number.
    """
    from service.store import keys

    name = " ".join(name.split())
    if not name:
        raise BadInput("A key needs a name; say who it is for.")
    for limit in (requests_per_minute, characters_per_request):
        if limit is not None and limit < 1:
            raise BadInput("A key's limit is a positive number; leave it out for the server's.")
    with store.session(write=True) as session:
        row, whole = keys.add(
            session,
            name,
            role.value,
            requests_per_minute=requests_per_minute,
            characters_per_request=characters_per_request,
        )
        return _key(row), whole


def list_keys(store: Store) -> list[Key]:
    """Every key there is or was, the oldest first."""
    from service.store import keys

    with store.session() as session:
        return [_key(row) for row in keys.listed(session)]


def revoke_key(store: Store, key_id: str) -> Key:
    """The key, which from now on opens nothing.

    Raises:
        NotFound: there is no such key.
    """
    from service.store import keys

    with store.session(write=True) as session:
        return _key(keys.revoke(session, key_id))


def token_of(headers: Mapping[str, str]) -> str | None:
    """The key in an Authorization header: Bearer, DeepL-Auth-Key, or Basic with it as password."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    value = value.strip()
    match scheme.lower():
        case "bearer" | "deepl-auth-key":
            return value or None
        case "basic":
            try:
                text = base64.b64decode(value, validate=True).decode("utf-8")
            except (binascii.Error, ValueError):
                return None
            return text.partition(":")[2] or None
    return None


class Access:
    """Tells who calls. Reads the keys again when what it knows is older than a few seconds.

    Args:
        open_store: gives the store; called only when a key has to be looked up.
        require_keys: refuse callers without one.
    """

    def __init__(self, open_store: Callable[[], Store], *, require_keys: bool) -> None:
        self.require_keys = require_keys
        self._open_store = open_store
        self._keys: dict[str, tuple[Key, str]] = {}
        self._read_at = float("-inf")

    def caller(self, token: str | None, address: str | None) -> Caller:
        """Who sent this token from this address; blocks while keys are read.

        Where keys are not required a token that is no key of ours is passed over: some clients
        cannot be used without sending one.

        Raises:
            Unauthorised: a key is required and none was sent, or the one sent opens nothing.
        """
        anyone = Caller(address_group(address), Role.ADMINISTER)
        if not token or not (self.require_keys or token.startswith("plx_")):
            if self.require_keys:
                raise KeyMissing
            return anyone
        match = KEY.fullmatch(token)
        if match is None:
            raise KeyWrong
        key = self._known(match[1], match[2])
        if key is None or key.revoked_at is not None:
            raise KeyWrong
        return Caller(f"key:{key.id}", key.role, key)

    @property
    def stale(self) -> bool:
        """Whether the next look-up reads the store."""
        return time.monotonic() - self._read_at > FRESH

    def _known(self, key_id: str, secret: str) -> Key | None:
        if self.stale:
            from service.store import keys

            with self._open_store().session() as session:
                rows = keys.listed(session)
                self._keys = {row.id: (_key(row), row.secret_sha256) for row in rows}
            self._read_at = time.monotonic()
        key, digest = self._keys.get(key_id, (None, "0" * 64))
        return key if hmac.compare_digest(digest, _sha256(secret)) else None


class KeyMissing(Unauthorised):
    """A key is required and none was sent."""

    def __init__(self) -> None:
        super().__init__("Send an API key as `Authorization: Bearer plx_…`; the operator makes it.")


class KeyWrong(Unauthorised):
    """The key that was sent is unknown or revoked."""

    def __init__(self) -> None:
        super().__init__("This API key is unknown or revoked; ask the operator for a new one.")


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key(row: ApiKeyRow) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        requests_per_minute=row.requests_per_minute,
        characters_per_request=row.characters_per_request,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
    )
