"""The engine opened while the rest of a server is being imported."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.translate import Engine
    from service.settings import Settings


def engine(settings: Settings) -> Engine:
    """The engine of the settings, with no network loaded yet."""
    from models.registry import Registry
    from models.translate import Engine, EngineOptions

    options = EngineOptions(threads=settings.threads or None, memory_bytes=settings.network_bytes)
    return Engine(Registry(settings.package_folders), options)


def begin(settings: Settings) -> Callable[[], Engine]:
    """Open the engine in a thread and load its networks there; what is given waits for the engine.

    Networks are loaded without the interpreter's lock, so this costs what follows little.
    """
    made: Future[Engine] = Future()

    def run() -> None:
        try:
            opened = engine(settings)
        except BaseException as error:
            made.set_exception(error)
            return
        made.set_result(opened)
        with suppress(Exception):  # told by whoever needs it, and by /ready
            opened.warm_up()

    threading.Thread(target=run, name="parallax-starting", daemon=True).start()
    return made.result
