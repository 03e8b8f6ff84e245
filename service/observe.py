"""What an operator sees: one JSON log line per request and Prometheus metrics.

Neither ever holds a text, a key or an address: a log line names the route's template, not the
path or the query (clients of LibreTranslate send whole texts in the query), and every label of a
metric comes from a closed set.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
import uuid
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: A request id from a proxy in front is kept when it cannot be mistaken for anything else.
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
#: The status of a request whose client left before the answer (nginx's number for it).
CLIENT_GONE = 499


class Metrics:
    """The figures of one server, in a registry of its own; `text()` is what /metrics answers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "parallax_http_requests",
            "Answered requests.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "parallax_http_request_seconds",
            "Seconds from the first byte of a request to the last of its answer.",
            ["route"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "parallax_http_requests_in_flight", "Requests being served.", registry=self.registry
        )
        self.refused = Counter(
            "parallax_refused",
            "Requests refused before work began, by reason.",
            ["reason"],
            registry=self.registry,
        )
        self.characters = Counter(
            "parallax_translated_characters",
            "Characters translated, by direction and lane.",
            ["direction", "lane"],
            registry=self.registry,
        )
        self.waiting = Gauge(
            "parallax_work_in_progress",
            "Pieces of work waiting or running, by lane.",
            ["lane"],
            registry=self.registry,
        )
        self.flags = Counter(
            "parallax_translation_flags",
            "Doubts raised about translations, by flag.",
            ["flag"],
            registry=self.registry,
        )

    def text(self) -> bytes:
        """Every figure in Prometheus' text format."""
        return generate_latest(self.registry)


def event_log(form: str = "json", level: str = "info", stream: TextIO | None = None) -> Any:
    """A logger that writes one line per event to `stream`, which is standard error by default.

    `form` is "json", one object a line, or "console", for a person at a terminal.
    """
    stream = stream or sys.stderr
    last: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "console":
        last = structlog.dev.ConsoleRenderer(colors=stream.isatty())
    return structlog.wrap_logger(
        structlog.PrintLogger(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        context_class=dict,
    )


def where(error: BaseException) -> list[str]:
    """The last places of a traceback as `file:line function`, without the error's own words.

    An exception's message may quote the text being worked on, so it is never logged.
    """
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def route_of(scope: Scope) -> str:
    """The template of the matched route (`/v1/documents/{id}`), or `unmatched`."""
    route = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    if path:
        return str(path)
    return "/static" if scope["path"].startswith("/static/") else "unmatched"


class Observe:
    """Outermost middleware: request id, one log line, metrics, and the last catch of any error."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, log: Any) -> None:
        self.app = app
        self.metrics = metrics
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and record it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from service.api.problems import answer

        request_id = requested_id(scope) or uuid.uuid4().hex[:16]
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        async def send_recorded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        started = time.perf_counter()
        failure: BaseException | None = None
        self.metrics.in_flight.inc()
        try:
            await self.app(scope, receive, send_recorded)
        except Exception as error:  # the last catch: nothing may reach the server's own traceback
            failure = error
            if not status:
                await answer(scope, error)(scope, receive, send_recorded)
        finally:
            self.metrics.in_flight.dec()
            self._record(scope, status or CLIENT_GONE, time.perf_counter() - started, failure)

    def _record(
        self, scope: Scope, status: int, seconds: float, failure: BaseException | None
    ) -> None:
        route = route_of(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.requests.labels(method, route, str(status)).inc()
        self.metrics.seconds.labels(route).observe(seconds)
        fields: dict[str, Any] = {
            "request_id": scope["state"]["request_id"],
            "method": method,
            "route": route,
            "status": status,
            "seconds": round(seconds, 4),
        }
        key = scope["state"].get("key_id")
        if key:
            fields["key"] = key
        if failure is not None:
            self.log.error("failed", error=type(failure).__name__, at=where(failure), **fields)
        else:
            self.log.info("answered", **fields)


def requested_id(scope: Scope) -> str | None:
    """The request id a proxy sent along, if it is one; else None."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = value.decode("latin-1")
            return text if REQUEST_ID.fullmatch(text) else None
    return None
