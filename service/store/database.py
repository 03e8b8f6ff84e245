"""The database: SQLite in one file by default, PostgreSQL by its URL, one behaviour on both."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from service.errors import BadInput, StoreBusy, StoreError, StoreFull
from service.settings import Settings
from service.store.migrations import HEAD

#: Milliseconds that a writer waits for the one before it.
BUSY_MILLISECONDS = 30_000

_BROKEN = tuple(
    f"SQLITE_{name}"
    for name in ("CANTOPEN", "READONLY", "NOTADB", "CORRUPT", "IOERR", "PERM", "AUTH")
)
_FULL = {"53100", "53200", "54023"}  # PostgreSQL: disk full, out of memory, too many objects
_BUSY = {"55P03", "40P01", "40001", "57P03", "53300"}  # locks, deadlocks, too many connections
_GONE = {"08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "3D000", "28P01"}


class Store:
    """An open database. `session` is the only way in and the only place that commits.

    Use it as a context manager, or call `close`. The schema must be current: `Store.open` sees to
    that, and the bare constructor leaves it to the caller (tests and tools).
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            self.engine = _engine(url)
        except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError) as error:
            raise BadInput(
                "PARALLAX_DATABASE_URL cannot be used; write it as "
                "postgresql+psycopg://user:password@host/name (`pip install parallax[postgres]`)."
            ) from error
        self._reading = self.engine.execution_options(access="read", postgresql_readonly=True)
        self._writing = self.engine.execution_options(access="write")

    @classmethod
    def open(cls, settings: Settings) -> Store:
        """The store of the settings, created or migrated to this version's schema first.

        Raises:
            StoreError: it cannot be reached, is full, or was written by a newer Parallax.
        """
        if not settings.database_url:
            try:
                settings.data_folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"The data folder {settings.data_folder} cannot be made ({error.strerror}); "
                    f"set PARALLAX_DATA_FOLDER to one that can be written."
                ) from error
        store = cls(settings.store_url)
        store.upgrade()
        return store

    @contextmanager
    def session(self, *, write: bool = False) -> Iterator[Session]:
        """One unit of work: committed at the end, undone if anything was raised.

        Without `write` the database refuses changes. With it, SQLite's one writer's place is taken
        from the start, so that a unit of work never fails half-way because another came between.

        Raises:
            StoreError: the database failed; nothing of this unit of work is stored.
        """
        bind = self._writing if write else self._reading
        with told(self.url), Session(bind, expire_on_commit=False) as session:
            yield session
            if write:
                session.commit()

    def upgrade(self) -> None:
        """Bring the schema to this version; safe when several processes start at once.

        Raises:
            StoreTooNew: the store was written by a newer Parallax.
            StoreError: it cannot be reached or written.
        """
        with told(self.url):
            with self._reading.connect() as connection:
                if _revision(connection) == HEAD:
                    return
            # Rebuilding a table drops the old one, which would cascade with foreign keys on.
            migrating = self.engine.execution_options(access="migrate")
            with migrating.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(7308053)"))
                if _revision(connection) != HEAD:
                    from service.store.migrate import upgrade

                    upgrade(connection)

    def ready(self) -> None:
        """Return when the store answers and has this version's schema.

        Raises:
            StoreError: it does not.
        """
        with told(self.url), self._reading.connect() as connection:
            found = _revision(connection)
        if found != HEAD:
            raise StoreError("The store's schema is not current; run `parallax doctor`.")

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def __enter__(self) -> Store:
        """The store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


@contextmanager
def told(url: str) -> Iterator[None]:
    """Errors of the database driver become errors that say what to do; `url` is never shown whole.

    Raises:
        StoreFull, StoreBusy, StoreError: by what the driver said.
        BadInput: a text holds what no database keeps (NUL, half a character).
    """
    try:
        yield
    except (sa.exc.DataError, UnicodeEncodeError) as error:
        raise BadInput(
            "The input holds a character or number that cannot be stored; take it out."
        ) from error
    except sa.exc.DBAPIError as error:
        cause = error.orig
        if isinstance(cause, sqlite3.Error):
            name = getattr(cause, "sqlite_errorname", "")
            if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR_WRITE"):
                raise StoreFull from error
            if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise StoreBusy from error
            if name.startswith(_BROKEN):
                raise StoreError(
                    f"The store {_shown(url)} cannot be used ({cause}); check the file, its folder "
                    f"and who may write there."
                ) from error
            raise
        state = getattr(cause, "sqlstate", None)
        if state in _FULL:
            raise StoreFull from error
        if state in _BUSY:
            raise StoreBusy from error
        if state in _GONE or (state is None and isinstance(error, sa.exc.OperationalError)):
            raise StoreError(
                f"The store {_shown(url)} does not answer; check that the database server runs "
                f"and that PARALLAX_DATABASE_URL is right."
            ) from error
        raise


def _shown(url: str) -> str:
    return sa.engine.make_url(url).render_as_string(hide_password=True)


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None


def _lower(value: object) -> str | None:
    return None if value is None else str(value).lower()


def _engine(url: str) -> sa.Engine:
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        if parsed.get_driver_name() == "psycopg2":  # what a bare postgresql:// means to SQLAlchemy
            parsed = parsed.set(drivername="postgresql+psycopg")
        return sa.create_engine(parsed, pool_pre_ping=True)
    raise sa.exc.ArgumentError(f"{parsed.get_backend_name()} is not a database Parallax runs on.")


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to WAL; of processes that open a new file together some are told that it is busy."""
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait here, whatever busy_timeout says: two that wait would never end.
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _sqlite(url: sa.URL) -> sa.Engine:
    path = Path(url.database or "")
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_MILLISECONDS / 1000})

    @sa.event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        # The driver opens transactions by its own rules unless told not to; `begin` below does it.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        if path.name:
            _write_ahead(cursor)
            # With WAL a killed process loses nothing that was committed; a power cut may lose the
            # last commits but never tears the file.
            cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.close()
        # SQLite's own knows the case of ASCII letters only, and headlines are searched by it.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        access = connection.get_execution_options().get("access", "write")
        keys = "OFF" if access == "migrate" else "ON"
        only = "ON" if access == "read" else "OFF"
        connection.exec_driver_sql(f"PRAGMA foreign_keys={keys}")
        connection.exec_driver_sql(f"PRAGMA query_only={only}")
        connection.exec_driver_sql("BEGIN" if access == "read" else "BEGIN IMMEDIATE")

    return engine
