"""Whether the server lives, whether it can work, and the operator's figures."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from models.translate import Lane
from service import errors
from service.api import contracts, schemas
from service.api.admission import Administrator, resources_of
from service.errors import NoSuchRoute
from service.resources import Resources

router = APIRouter(tags=["Operation"])


@router.get("/health", response_model=schemas.Health)
async def health() -> JSONResponse:
    """Say that the server answers; this looks at nothing else."""
    return JSONResponse({"status": "ok"})


@router.get("/ready", responses=contracts.READY)
async def ready(request: Request) -> JSONResponse:
    """Say whether the store and the packages can be used now, and how long the queues are."""
    resources = resources_of(request)
    checks = await resources.workroom.in_thread(Lane.INTERACTIVE, lambda: examine(resources))
    good = all(check["ready"] for check in checks.values())
    body: dict[str, Any] = {"ready": good, **checks}
    body["queues"] = {
        lane.name.lower(): count for lane, count in resources.workroom.present.items()
    }
    return JSONResponse(body, 200 if good else 503, None if good else {"Retry-After": "2"})


@router.get("/metrics", responses=contracts.METRICS, response_class=Response)
async def metrics(request: Request, _: Administrator) -> Response:
    """Give the operator's figures in Prometheus' text format."""
    resources = resources_of(request)
    if not resources.settings.metrics:
        raise NoSuchRoute
    return Response(resources.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def examine(resources: Resources) -> dict[str, dict[str, Any]]:
    """What works, by part: the store, and the directions that can be translated."""
    store: dict[str, Any] = {"ready": True}
    try:
        resources.store.ready()
    except Exception as error:  # whatever is wrong, the answer is "not ready" and the reason
        store = {"ready": False, "detail": errors.body(error)["detail"]}
    translation: dict[str, Any]
    try:
        directions = [str(direction) for direction in resources.directions()]
        translation = {"ready": bool(directions) and resources.warmed, "directions": directions}
        if not directions:
            translation["detail"] = (
                "No package is installed; install one with `parallax models install FILE`."
            )
        elif not resources.warmed:
            translation["detail"] = "The packages are being loaded; ask again in a second."
    except Exception as error:  # the same
        translation = {"ready": False, "detail": errors.body(error)["detail"]}
    return {"store": store, "translation": translation}
