"""How a request's body comes in: bounded in size, and in the time it may take to arrive."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from service.api.problems import answer
from service.errors import SlowBody, TooMuch

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: What is read at most of a body that is refused, and for how long.
SPARED_BYTES = 16 * 1024 * 1024
SPARED_SECONDS = 2.0


class Intake:
    """Refuses a body beyond its limit (413) or one that stops arriving (408).

    Args:
        app: what is served behind it.
        body_bytes: limit of an ordinary body.
        file_bytes: limit of an upload, for the paths in `uploads`.
        uploads: paths that take files.
        seconds: longest wait for the next piece of a body.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_bytes: int,
        file_bytes: int,
        uploads: frozenset[str],
        seconds: float,
    ) -> None:
        self.app = app
        self.body_bytes = body_bytes
        self.file_bytes = file_bytes
        self.uploads = uploads
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request whose body keeps to the limits, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.file_bytes if scope["path"] in self.uploads else self.body_bytes
        seen = 0
        complete = False
        started = False

        async def receive_bounded() -> Message:
            nonlocal seen, complete
            if complete:  # what comes now is only the news that the client left
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self.seconds)
            except TimeoutError:
                raise SlowBody(self.seconds) from None
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                complete = not message.get("more_body", False)
                if seen > limit:
                    raise too_large(limit)
            return message

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            announced = Headers(scope=scope).get("content-length", "0")
            if announced.isascii() and announced.isdigit() and int(announced[:20]) > limit:
                raise too_large(limit)
            await self.app(scope, receive_bounded, send_noted)
        except (SlowBody, TooMuch) as refused:
            if isinstance(refused, TooMuch) and not complete:
                await let_finish(scope, receive)
            if not started:
                await answer(scope, refused)(scope, receive, send)


async def let_finish(scope: Scope, receive: Receive) -> None:
    """Read on for a moment what a refused caller is still sending.

    A connection that is closed with bytes unread is reset, and the caller loses the answer. One
    that waits for "100 Continue" is sending nothing yet, and reading would make it begin.
    """
    if "expect" in Headers(scope=scope):
        return
    left = SPARED_BYTES
    try:
        async with asyncio.timeout(SPARED_SECONDS):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        return


def too_large(limit: int) -> TooMuch:
    """The refusal of a body beyond `limit` bytes."""
    return TooMuch(f"The request is larger than {limit:,} bytes; send it in smaller parts.")
