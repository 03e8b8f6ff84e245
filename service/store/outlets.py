"""Queries on outlets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from service.store import ids
from service.store.insert import insert_missing
from service.store.tables import DocumentRow, OutletRow


@dataclass(frozen=True, slots=True)
class OutletSummary:
    """An outlet with how many documents of it are held, by language."""

    id: str
    name: str
    documents: int
    languages: dict[str, int]


def ensure(session: Session, names: Iterable[str]) -> dict[str, str]:
    """The ids of the outlets with these names, made where they are new."""
    wanted = {name: ids.outlet(name) for name in names}
    now = datetime.now(UTC)
    first = {public_id: " ".join(name.split()) for name, public_id in reversed(wanted.items())}
    insert_missing(
        session, [OutletRow(id=key, name=name, created_at=now) for key, name in first.items()]
    )
    return wanted


def names(session: Session, outlet_ids: Iterable[str | None]) -> dict[str, str]:
    """The names of these outlets by id."""
    wanted = {public_id for public_id in outlet_ids if public_id}
    statement = sa.select(col(OutletRow.id), col(OutletRow.name)).where(
        col(OutletRow.id).in_(wanted)
    )
    return {str(row[0]): str(row[1]) for row in session.execute(statement)}


def resolve(name_or_id: str) -> str:
    """The id of an outlet that is given by its id or by its name."""
    return name_or_id if name_or_id.startswith("out_") else ids.outlet(name_or_id)


def listed(session: Session) -> list[OutletSummary]:
    """Every outlet by name, with its counts."""
    statement = (
        sa.select(
            col(OutletRow.id),
            col(OutletRow.name),
            col(DocumentRow.language),
            sa.func.count(col(DocumentRow.id)),
        )
        .join(DocumentRow, col(DocumentRow.outlet_id) == col(OutletRow.id), isouter=True)
        .where(sa.or_(col(DocumentRow.id).is_(None), col(DocumentRow.current)))
        .group_by(col(OutletRow.id), col(OutletRow.name), col(DocumentRow.language))
        .order_by(col(OutletRow.name), col(OutletRow.id))
    )
    found: dict[str, OutletSummary] = {}
    for public_id, name, language, count in session.execute(statement):
        before = found.get(public_id)
        languages = dict(before.languages) if before else {}
        if count:
            languages[language or "unknown"] = count
        found[public_id] = OutletSummary(public_id, name, sum(languages.values()), languages)
    return list(found.values())
