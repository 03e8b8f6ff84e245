"""A small engine whose answers say what it was asked, and servers on loopback to test against."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from models.decode import DecodeOptions
from models.errors import NoRoute
from models.identify import identify
from models.languages import Direction
from models.translate import Lane, Terms, Translation
from service.app import create_app, server_config
from service.settings import Settings

# A busy machine may take its time: no test is about how long an answer takes, and httpx gives up
# after five seconds unless each call says otherwise.
httpx._config.DEFAULT_TIMEOUT_CONFIG.read = 120.0

ROUTES = ("ru→en", "uk→en", "en→ru")


class EchoEngine:
    """Answers `[ru>en]` and the text; `hold()` keeps every answer back until it is let go."""

    def __init__(self, routes: Sequence[str] = ROUTES) -> None:
        self.routes = tuple(Direction.parse(route) for route in routes)
        self.asked: list[tuple[Direction, tuple[str, ...], Lane]] = []
        self.futures: list[Future[list[Translation]]] = []
        self.held: list[tuple[Future[list[Translation]], list[Translation]]] | None = None
        self.failure: Exception | None = None
        self.arrived = threading.Event()
        self.registry = self

    def route(self, direction: Direction) -> Any:
        """What a registry says of a direction: one package of that direction."""
        if direction not in self.routes:
            return None
        return SimpleNamespace(packages=(SimpleNamespace(digest="d" * 64),))

    def packages(self) -> tuple[Any, ...]:
        return tuple(
            SimpleNamespace(
                code=f"translate-{each.source}_{each.target}",
                version="1.9",
                direction=each,
                digest="d" * 64,
                bytes=1,
            )
            for each in self.routes
        )

    def problems(self) -> tuple[Any, ...]:
        return ()

    def translate_segments(self, texts: Sequence[str], direction: Direction, **named: Any) -> Any:
        return self.submit(texts, direction, split=False, **named).result()

    def directions(self) -> tuple[Direction, ...]:
        return self.routes

    def settled(self, options: DecodeOptions, direction: Direction) -> DecodeOptions:
        return options

    def submit(
        self,
        texts: Sequence[str],
        direction: Direction,
        *,
        options: DecodeOptions | None = None,
        lane: Lane = Lane.INTERACTIVE,
        split: bool = True,
        terms: Terms | None = None,
    ) -> Future[list[Translation]]:
        if self.failure is not None:
            raise self.failure
        if direction not in self.routes:
            raise NoRoute(direction)
        options = options or DecodeOptions()
        self.asked.append((direction, tuple(texts), lane))
        answer = [self._answer(text, direction, options, terms) for text in texts]
        future: Future[list[Translation]] = Future()
        self.futures.append(future)
        if self.held is None:
            future.set_result(answer)
        else:
            self.held.append((future, answer))
        self.arrived.set()
        return future

    def hold(self) -> None:
        self.held = []

    def let_go(self) -> None:
        held, self.held = self.held or [], None
        for future, answer in held:
            if not future.cancelled():
                future.set_result(answer)

    def _answer(
        self, text: str, direction: Direction, options: DecodeOptions, terms: Terms | None
    ) -> Translation:
        mark = f"[{direction.source}>{direction.target}]"
        others = tuple(f"{mark}{n}:{text}" for n in range(1, options.alternatives + 1))
        flags = ("number",) if "99" in text else ()
        if terms and terms.missed(text, text, direction):
            flags += ("term",)
        return Translation(
            mark + text, -0.5, flags, str(direction), ("d" * 64,), options.canonical, others
        )


def settings(folder: Path, **changes: Any) -> Settings:
    values: dict[str, Any] = {"data_folder": folder, "log_level": "error", "log_format": "json"}
    return Settings(**{**values, **changes})


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of a real server for `app`, on a free port of loopback."""
    identify("Проверка")  # loads what it needs once, so that no caller's patience is tested
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the server did not start")
            threading.Event().wait(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


__all__ = ["ROUTES", "EchoEngine", "create_app", "running", "settings"]
