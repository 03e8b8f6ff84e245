"""The web pages as part of the application, brought in with the first request for one.

They need the store and templates, whose import takes as long as that of all the rest; programs that
ask for a translation the moment the server listens do not wait for them.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send


class Pages(BaseRoute):
    """One route that stands for all pages; the last of an application."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._routes: Sequence[BaseRoute] | None = None

    def load(self) -> Sequence[BaseRoute]:
        """The routes of the pages, imported now if they have not been."""
        with self._lock:
            if self._routes is None:
                router = APIRouter(include_in_schema=False)
                router.include_router(self._views().router)
                self._routes = router.routes
            return self._routes

    def page_of_error(self, *about: Any) -> Any:
        """The page for an error."""
        return self._views().page_of_error(*about)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of the pages is asked for, and which."""
        best: tuple[Match, Scope] = (Match.NONE, {})
        if scope["type"] != "http":
            return best
        for route in self.load():
            match, child = route.matches(scope)
            if match is Match.FULL or (match is Match.PARTIAL and best[0] is Match.NONE):
                best = match, {**child, "page": route}
            if match is Match.FULL:
                break
        return best

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page that was found."""
        page: BaseRoute = scope["page"]
        await page.handle(scope, receive, send)

    @staticmethod
    def _views() -> Any:
        return import_module("service.web.views")


def mount(app: FastAPI) -> None:
    """Serve the web pages and their assets, where they are installed."""
    folder = Path(__file__).parent / "web" / "static"
    if folder.is_dir():
        app.mount("/static", StaticFiles(directory=folder), name="static")
    if find_spec("service.web.views") is not None:
        pages = Pages()
        app.router.routes.append(pages)
        app.state.page_of_error = pages.page_of_error
        app.state.load_pages = pages.load
