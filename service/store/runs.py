"""Queries on runs: long work, how far it is and how it ended."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from service.errors import NotFound
from service.store import ids
from service.store.page import Page, fetch
from service.store.tables import RunRow


def start(session: Session, kind: str, *, total: int | None = None, who: str = "") -> RunRow:
    """A new run that has just begun."""
    row = RunRow(id=ids.fresh("run"), kind=kind, total=total, who=who, started_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    return row


def get(session: Session, run_id: str) -> RunRow:
    """The run with this id.

    Raises:
        NotFound: there is none.
    """
    row = session.get(RunRow, run_id)
    if row is None:
        raise NotFound("run", run_id)
    return row


def progress(session: Session, run_id: str, done: int, counts: dict[str, int]) -> None:
    """Say how far a run is."""
    row = get(session, run_id)
    row.done, row.counts = done, dict(counts)
    session.flush()


def finish(session: Session, run_id: str, *, failed: bool = False, detail: str = "") -> None:
    """Say how a run ended."""
    row = get(session, run_id)
    row.state = "failed" if failed else "done"
    row.detail = detail
    row.finished_at = datetime.now(UTC)
    session.flush()


def page(session: Session, *, cursor: str | None = None, limit: int = 50) -> Page[RunRow]:
    """Runs, the newest first.

    Raises:
        BadCursor: the cursor is not one of this list.
    """
    return fetch(
        session,
        sa.select(RunRow),
        (col(RunRow.started_at), col(RunRow.id)),
        (datetime, str),
        cursor=cursor,
        limit=limit,
        make=lambda row: row[0],
        key=lambda item: (item.started_at, item.id),
    )
