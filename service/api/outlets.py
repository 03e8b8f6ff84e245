"""Outlets: who publishes what is held."""

from __future__ import annotations

from fastapi import APIRouter, Request

from service.api import contracts, schemas
from service.api.admission import Reader
from service.api.reading import reading

router = APIRouter(prefix="/v1/outlets", tags=["Outlets"])


@router.get("", responses=contracts.problems())
def list_outlets(request: Request, _: Reader) -> list[schemas.Outlet]:
    """List every outlet by name, with its documents by language."""
    from service.store import outlets

    with reading(request) as session:
        return [schemas.Outlet.model_validate(each) for each in outlets.listed(session)]
