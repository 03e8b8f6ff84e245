"""What every list and look-up of `/v1` shares: filters, cursors, and an open session."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from fastapi import Path, Query, Request
from pydantic import BeforeValidator

from service.api.admission import resources_of
from service.api.schemas import sound
from service.errors import BadInput

if TYPE_CHECKING:
    from sqlmodel import Session


Id = Annotated[str, Path(max_length=100), BeforeValidator(sound)]
Word = Annotated[str | None, Query(max_length=500), BeforeValidator(sound)]
Cursor = Annotated[
    str | None,
    Query(max_length=2000, description="The `next` of the page before."),
    BeforeValidator(sound),
]
Limit = Annotated[
    int | None,
    Query(ge=1, le=1000, description="Rows of the page; the server's default if left out."),
]


def known_query(request: Request) -> None:
    """Nothing, when a route of `/v1` has every parameter in the query.

    A filter whose name is misspelt would else be passed over, and everything be answered.

    Raises:
        BadInput: it has no parameter of some name.
    """
    route = request.scope["route"]
    if not route.path.startswith("/v1/"):
        return
    known = [field.alias for field in route.dependant.query_params]
    for name in request.query_params:
        if name not in known:
            there = f"it takes {', '.join(known)}" if known else "it takes none"
            raise BadInput(f"This route has no parameter {name[:40]!r}; {there}.")


@contextmanager
def reading(request: Request) -> Iterator[Session]:
    """A session that only reads."""
    with resources_of(request).store.session() as session:
        yield session


@contextmanager
def writing(request: Request) -> Iterator[Session]:
    """A session that is committed at the end, unless something was raised."""
    with resources_of(request).store.session(write=True) as session:
        yield session


def rows(request: Request, limit: int | None) -> int:
    """How many rows a page has."""
    return limit or resources_of(request).settings.page_size
