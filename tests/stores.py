"""Stores to test on: one suite, both databases.

`from tests.stores import postgres, store, store_url` gives a module fixtures that run each of its
tests on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store.database import Store
from tests.postgres import Cluster, cluster, why_not


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The session's PostgreSQL server."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with cluster() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, on each of the two in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite3'}"
    else:
        server: Cluster = request.getfixturevalue("postgres")
        with server.database() as url:
            yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store with the newest schema."""
    with Store(store_url) as made:
        made.upgrade()
        yield made
