"""Stores to test on: one suite, both databases.

`from tests.stores import migrated, postgres, store, store_url` gives a module fixtures that run
each of its tests on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "store.sqlite3"
    with Store(f"sqlite:///{path}") as made:
        made.upgrade()
    return path  # closing the last connection has moved the log into the file


@pytest.fixture
def store(store_url: str, migrated: Path) -> Iterator[Store]:
    """An open store with the newest schema."""
    if store_url.startswith("sqlite"):
        shutil.copyfile(migrated, store_url.removeprefix("sqlite:///"))
    with Store(store_url) as made:
        made.upgrade()
        yield made
