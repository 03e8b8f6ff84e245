"""Who may come in: the caller of a request, held to its role and its minute."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from models.translate import Lane
from service.access import Caller, Role, token_of

if TYPE_CHECKING:
    from service.resources import Resources


def resources_of(request: Request) -> Resources:
    """What the server holds."""
    resources: Resources = request.app.state.resources
    return resources


async def admit(request: Request, role: Role, *, token: str | None = None, cost: int = 1) -> Caller:
    """The caller of a request, once it is known to have the role and to be within its limit.

    `token` is a key that came as a parameter; a key in the Authorization header goes first.

    Raises:
        Unauthorised: a key is needed and none that works was sent.
        Forbidden: the key's role does not allow this.
        TooManyRequests: the caller's minute is used up.
    """
    resources = resources_of(request)
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        sent = token_of(request.headers) or token
        address = request.client.host if request.client else None
        look_up = partial(resources.access.caller, sent, address)
        if sent and resources.access.stale:
            caller = await resources.workroom.in_thread(Lane.INTERACTIVE, look_up)
        else:
            caller = look_up()
        request.state.caller = caller
        request.state.key_id = caller.key.id if caller.key else None
    caller.needs(role)
    own = caller.key.requests_per_minute if caller.key else None
    resources.rate_limit.spend(caller.group, cost, per_minute=own)
    return caller


def needs(role: Role) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency that gives the caller, who has the role."""

    async def caller(request: Request) -> Caller:
        return await admit(request, role)

    return caller


Reader = Annotated[Caller, Depends(needs(Role.READ))]
Worker = Annotated[Caller, Depends(needs(Role.WORK))]
Administrator = Annotated[Caller, Depends(needs(Role.ADMINISTER))]
