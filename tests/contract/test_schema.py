"""The schema that the migrations make is the schema that the tables describe, on both databases."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.errors import StoreTooNew
from service.store.database import Store
from service.store.migrate import config
from service.store.migrations import HEAD
from service.store.tables import Row
from tests.stores import migrated, postgres, store, store_url

__all__ = ["migrated", "postgres", "store", "store_url"]


def described(engine: sa.Engine) -> dict[str, object]:
    """Everything a database can tell about its tables, in a form that compares."""
    inspector = sa.inspect(engine)
    told: dict[str, object] = {}
    for table in sorted(inspector.get_table_names()):
        if table == "alembic_version":
            continue
        told[table] = {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)
            ],
            "primary": inspector.get_pk_constraint(table),
            "foreign": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "indexes": sorted(map(str, inspector.get_indexes(table))),
            "checks": sorted(map(str, inspector.get_check_constraints(table))),
        }
    return told


def fresh(url: str) -> Store:
    made = Store(url)
    with made.engine.execution_options(access="migrate").begin() as connection:
        Row.metadata.create_all(connection)
    return made


def test_migrated_schema_equals_fresh_schema(store: Store, request, tmp_path) -> None:
    if store.engine.dialect.name == "sqlite":
        with fresh(f"sqlite:///{tmp_path / 'fresh.sqlite3'}") as other:
            assert described(store.engine) == described(other.engine)
    else:
        server = request.getfixturevalue("postgres")
        with server.database() as url, fresh(url) as other:
            assert described(store.engine) == described(other.engine)


def test_alembic_finds_nothing_left_to_do(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []


def test_head_is_the_newest_step() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_a_newer_store_is_refused_with_what_to_do(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew, match="install the newer Parallax"):
        store.upgrade()


def test_processes_that_start_together_migrate_once(store_url: str) -> None:
    stores = [Store(store_url) for _ in range(4)]
    failures: list[BaseException] = []

    def start(one: Store) -> None:
        try:
            one.upgrade()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for one in stores:
        one.ready()
        one.close()
