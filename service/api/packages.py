"""Packages: what translates here, by the digest that every translation names."""

from __future__ import annotations

from fastapi import APIRouter, Request

from service.api import contracts, schemas
from service.api.admission import Reader, resources_of

router = APIRouter(prefix="/v1/packages", tags=["Translation"])


@router.get("", responses=contracts.problems())
def list_packages(request: Request, _: Reader) -> schemas.Packages:
    """List the installed packages, the directions they serve, and those that cannot be used."""
    resources = resources_of(request)
    engine, encoder = resources.engine, resources.encoder
    return schemas.Packages(
        packages=[
            schemas.Package(
                code=each.code,
                version=each.version,
                direction=str(each.direction),
                digest=each.digest,
                bytes=each.bytes,
            )
            for each in engine.registry.packages()
        ],
        directions=[str(each) for each in engine.directions()],
        problems=[f"{each.folder.name}: {each.message}" for each in engine.registry.problems()],
        encoder=encoder.digest if encoder else None,
    )
