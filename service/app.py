"""The web application: `create_app(settings)` gives it, `serve(settings)` runs it.

Nothing heavy happens before the server listens: packages, store, encoder and pages are opened in
the background and when first needed.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from service import api, pages
from service.api import problems
from service.api.reading import known_query
from service.headers import Guard, Head
from service.intake import Intake
from service.observe import Observe
from service.resources import Resources
from service.settings import Settings

if TYPE_CHECKING:
    from uvicorn import Config

    from models.translate import Engine

#: Paths that take files.
UPLOADS = frozenset({"/translate_file"})
#: Seconds that a server which was told to stop waits for work that is under way.
CLOSING_SECONDS = 5.0
#: Bytes of the longest request line and headers; clients send whole texts in the query.
HEAD_BYTES = 1 << 20


def create_app(
    settings: Settings | None = None,
    *,
    engine: Engine | None = None,
    starting: Callable[[], Engine] | None = None,
    warm: bool = False,
) -> FastAPI:
    """The application for these settings.

    Args:
        settings: how it runs; None reads the environment.
        engine: an engine to use in place of the one the settings describe.
        starting: gives an engine that is being opened, which the application closes.
        warm: open the store and load the packages in the background once it runs.
    """
    settings = settings or Settings()
    resources = Resources(settings, engine=engine, starting=starting)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if warm:
            parts = (getattr(app.state, "load_pages", None),)
            threading.Thread(
                target=resources.warm, args=parts, name="parallax-warming", daemon=True
            ).start()
        else:
            resources.warmed = True
        yield
        # A batch that is being decoded cannot be interrupted; a server that is told to stop
        # does not wait for it longer than this.
        closing = threading.Thread(target=resources.close, name="parallax-closing", daemon=True)
        closing.start()
        await asyncio.to_thread(closing.join, CLOSING_SECONDS)

    app = FastAPI(
        title="Parallax",
        description="Coverage of one event in Russian, Ukrainian and English, aligned claim by "
        "claim; and translation on this machine, for clients of LibreTranslate and DeepL.",
        version=version(),
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own pages load their scripts from elsewhere
        redoc_url=None,
        generate_unique_id_function=operation_name,
    )
    app.state.resources = resources
    app.openapi = partial(description, app)  # type: ignore[method-assign]  # as FastAPI documents it
    problems.install(app)
    for router in api.routers():
        app.include_router(router, dependencies=[Depends(known_query)])
    pages.mount(app)
    app.add_middleware(
        Intake,
        body_bytes=settings.request_bytes,
        file_bytes=settings.file_bytes,
        uploads=UPLOADS,
        seconds=settings.body_seconds,
    )
    app.add_middleware(Guard, hosts=known_hosts(settings))
    app.add_middleware(Observe, metrics=resources.metrics, log=resources.log)
    app.add_middleware(Head)
    return app


def serve(
    settings: Settings, *, warm: bool = True, starting: Callable[[], Engine] | None = None
) -> None:
    """Run the server until it is stopped; `starting` gives an engine that is being opened.

    Access logs of the server itself are off: they hold the query, and a query may hold a text.
    """
    import uvicorn

    app = create_app(settings, warm=warm, starting=starting)
    log = app.state.resources.log
    if is_exposed(settings):
        log.warning(
            "open to the network without keys",
            host=settings.host,
            advice="Anyone who reaches this address can read and change the store; set "
            "PARALLAX_REQUIRE_KEYS=true and make keys with `parallax keys add`.",
        )
    log.info("listening", host=settings.host, port=settings.port)
    try:
        uvicorn.Server(server_config(app)).run()
    finally:
        left = [each for each in threading.enumerate() if not each.daemon]
        for each in left:
            if each is not threading.current_thread():
                each.join(CLOSING_SECONDS / len(left))
        if any(each.is_alive() for each in left if each is not threading.current_thread()):
            # The interpreter would wait for them without end; the store is whole at any moment.
            log.warning("stopped with work under way")
            os._exit(130)


def server_config(app: FastAPI) -> Config:
    """How the web server runs an application, by the application's own settings."""
    from uvicorn import Config

    settings: Settings = app.state.resources.settings
    return Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="error",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_graceful_shutdown=10,
    )


def is_exposed(settings: Settings) -> bool:
    """Whether others on the network can come in without a key."""
    return not settings.require_keys and not is_loopback(settings.host)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def known_hosts(settings: Settings) -> tuple[str, ...] | None:
    """The names that requests may be addressed to; None when any may.

    A server on loopback is reached from this machine only, where no name with a dot belongs to it.
    """
    if settings.allowed_hosts or is_loopback(settings.host):
        return settings.allowed_hosts
    return None


def operation_name(route: APIRoute) -> str:
    """The name of an operation in the description: its function's, made unique by its tag."""
    tag = str(route.tags[0]) if route.tags else "page"
    return f"{tag}_{route.name}".lower().replace(" ", "_")


def description(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, made once, without the 422 that this server never answers."""
    if app.openapi_schema is None:
        made = FastAPI.openapi(app)
        for path in made["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        for unused in ("HTTPValidationError", "ValidationError"):
            made.get("components", {}).get("schemas", {}).pop(unused, None)
        app.openapi_schema = made
    return app.openapi_schema


def version() -> str:
    """The version of Parallax."""
    from importlib import metadata

    return metadata.version("parallax")
