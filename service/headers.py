"""Headers that keep a browser honest: what an answer may do, and who may ask.

Translation may be asked for by any page, as clients of LibreTranslate expect. Everything that
reads or changes the store belongs to our own pages only: without that, any site an analyst visits
could read the coverage through the analyst's own browser.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from service.api.problems import answer, is_open
from service.errors import CrossSite, WrongHost

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}

#: What LibreTranslate 1.9.6 sends on every answer.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Expose-Headers": "Authorization",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Max-Age": "1728000",
}

#: Open to be read by any page, but a stranger's page may not write through it.
GUARDED_WRITES = frozenset({"/suggest"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Head:
    """Answers HEAD as GET; the server in front leaves the body out, as HTTP has it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # the server goes by its own
        await self.app(scope, receive, send)


class Guard:
    """Adds the headers, answers preflights, and refuses forged hosts and cross-site writes."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] | None) -> None:
        self.app = app
        self.hosts = None if hosts is None else {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with its headers, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        extra = {**SECURITY, **CORS} if is_open(path) else SECURITY

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in extra.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        refusal: Response | None = None
        if self.hosts is not None and not host_is_known(headers.get("host", ""), self.hosts):
            refusal = answer(scope, WrongHost())
        elif scope["method"] == "OPTIONS" and is_open(path):
            refusal = Response(status_code=200)
        elif is_forged(scope["method"], path, headers):
            refusal = answer(scope, CrossSite())
        await (refusal or self.app)(scope, receive, send_guarded)


def host_is_known(header: str, allowed: Iterable[str]) -> bool:
    """Whether a Host header cannot come from a name that a stranger registered (DNS rebinding).

    Addresses and names without a dot cannot be registered by anyone; other names must be listed.
    """
    try:
        name = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if name in allowed or name.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        # Without a name it is no browser: those always send one.
        return "." not in name
    return True


def is_forged(method: str, path: str, headers: Headers) -> bool:
    """Whether a browser sent this write on behalf of another site, without the user's key."""
    if method in SAFE_METHODS or (is_open(path) and path not in GUARDED_WRITES):
        return False
    # A browser adds the Basic form of a key by itself; it never adds the others.
    scheme = headers.get("authorization", "").partition(" ")[0].lower()
    if scheme in {"bearer", "deepl-auth-key"}:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
