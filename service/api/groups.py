"""Claim groups: who says the same thing in which language, and who does not."""

from __future__ import annotations

from fastapi import APIRouter, Request

from service.api import contracts, schemas, shaping
from service.api.admission import Reader
from service.api.reading import Id, reading

router = APIRouter(prefix="/v1/groups", tags=["Claim groups"])


@router.get("/{group_id}", responses=contracts.problems(404))
def get_group(request: Request, _: Reader, group_id: Id) -> schemas.Group:
    """Get a claim group: members and silences by language, and the pairs inside."""
    from service.store import groups

    with reading(request) as session:
        return shaping.group(groups.view(session, group_id))
