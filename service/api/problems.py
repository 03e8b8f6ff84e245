"""How an error is answered over HTTP: one table of errors, three shapes.

| path | shape | who reads it |
|---|---|---|
| `/v1/…` | problem+json (RFC 9457) | clients of Parallax |
| `/v2/…` | `{"message": …}` | clients of DeepL |
| everything else | `{"error": …}` | clients of LibreTranslate, and operators |

A page asked for by a browser gets a page instead, where the web pages are installed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from models.errors import NoRoute
from models.languages import NAMES
from service import errors
from service.access import KeyMissing, KeyWrong
from service.errors import (
    BadInput,
    NoSuchRoute,
    RequestError,
    ServiceError,
    TooManyRequests,
    Unauthorised,
    WrongMethod,
)

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.types import Scope

#: Makes the page for an error, given the scope, the status and the sentence.
PageOfError = Callable[["Scope", int, str], Response]

#: The routes of LibreTranslate.
OPEN_PATHS = frozenset(
    {
        "/translate",
        "/detect",
        "/languages",
        "/translate_file",
        "/frontend/settings",
        "/suggest",
        "/health",
    }
)
PROBLEM_JSON = "application/problem+json"
#: What the shapes call the branches of a body that may be one article or several.
BRANCHES = frozenset({"one", "several"})


class Refusal(Exception):
    """An answer whose status and words another service's contract fixes.

    Attributes:
        status: HTTP status.
        text: the sentence, word for word.
    """

    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text
        super().__init__(text)


def answer(scope: Scope, error: BaseException) -> Response:
    """The response for an error, in the shape that callers of this path read."""
    path: str = scope["path"]
    row = errors.problem(error)
    status, detail = row.status, errors.body(error)["detail"]
    if isinstance(error, Refusal):
        status, detail = error.status, error.text
    headers = _headers(error, status)
    if is_open(path):
        return JSONResponse(*_as_libretranslate(error, status, detail), headers)
    if path == "/v1" or path.startswith("/v1/"):
        body = errors.body(error, instance=path)
        if isinstance(error, Malformed):
            body["errors"] = error.places
        return JSONResponse(body, status, headers, media_type=PROBLEM_JSON)
    if path.startswith("/v2/"):
        status = 403 if isinstance(error, Unauthorised) else status  # DeepL never answers 401
        return JSONResponse({"message": detail}, status, headers)
    if wants_page(scope):
        page: PageOfError | None = getattr(scope["app"].state, "page_of_error", None)
        if page is not None:
            if isinstance(error, KeyMissing):
                detail = "Reload the page and give an API key as the password, with any name."
            response = page(scope, status, detail)
            response.headers.update(headers)
            if status == 401:  # a browser then asks for a password, which is the key
                response.headers["WWW-Authenticate"] = 'Basic realm="Parallax", charset="UTF-8"'
            return response
    return JSONResponse({"error": detail}, status, headers)


def is_open(path: str) -> bool:
    """Whether a path is one of LibreTranslate's, which any web page may call."""
    return path in OPEN_PATHS or path.startswith("/download_file/")


def _as_libretranslate(
    error: BaseException, status: int, detail: str
) -> tuple[dict[str, str], int]:
    """The body and status that LibreTranslate has for an error, in its words where it has any."""
    match error:
        case KeyMissing():
            status, detail = 400, "Please contact the server operator to get an API key"
        case KeyWrong():
            status, detail = 403, "Invalid API key"
        case TooManyRequests(allowed=allowed):
            detail = f"Slowdown: {allowed} per 1 minute"
        case NoRoute(direction=direction):
            detail = (
                f"{NAMES[direction.target]} ({direction.target}) is not available as a target "
                f"language from {NAMES[direction.source]} ({direction.source})"
            )
    return {"error": detail}, status


def wants_page(scope: Scope) -> bool:
    """Whether the caller is a browser that asked to see a page."""
    accept = Headers(scope=scope).get("accept", "")
    return "app" in scope and "text/html" in accept


def _headers(error: BaseException, status: int) -> dict[str, str]:
    headers = dict(getattr(error, "headers", None) or {})
    seconds = errors.retry_after(error)
    if seconds is not None:
        headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="Parallax"'
    if status in {408, 413}:
        headers["Connection"] = "close"
    return headers


class Malformed(BadInput):
    """A request that does not fit its description; `places` says where, one entry per fault."""

    def __init__(self, faults: list[Mapping[str, Any]]) -> None:
        self.places = [
            {
                # The branches of a union are named in `loc`, and no caller ever wrote those.
                "at": ".".join(str(step) for step in fault["loc"] if step not in BRANCHES),
                "detail": _told(fault),
            }
            for fault in faults[:20]
        ]
        first = self.places[0] if self.places else {"at": "the request", "detail": "unreadable"}
        super().__init__(
            f"The request does not fit its description at {first['at']}: {first['detail']}."
        )


def _told(fault: Mapping[str, Any]) -> str:
    """What is wrong at one place, where Pydantic's own words would puzzle a caller in ours."""
    match fault["type"]:
        case "model_attributes_type" | "model_type" | "dict_type":
            return "Send a JSON object, with the content type application/json"
        case "too_short" if isinstance(fault.get("input"), str):
            return "The text is empty"
    return str(fault["msg"]).removeprefix("Value error, ")


def from_http(error: HTTPException, scope: Scope) -> Exception:
    """The error of ours that says what Starlette's own exception means."""
    if isinstance(error.__cause__, ServiceError):  # FastAPI wraps what reading the body raised
        return error.__cause__
    if error.status_code == 404:
        return NoSuchRoute()
    if error.status_code == 405:
        wrong = WrongMethod(scope["method"], (error.headers or {}).get("Allow", ""))
        wrong.headers = dict(error.headers or {})
        return wrong
    if error.status_code == 400:
        return RequestError("The request cannot be read; send well-formed JSON or a form.")
    return Refusal(error.status_code, str(error.detail))


def install(app: FastAPI) -> None:
    """Make every error of `app` be answered through the one table."""

    async def told(request: Request, error: Exception) -> Response:
        return answer(request.scope, error)

    async def from_framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(request.scope, from_http(error, request.scope))

    async def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(request.scope, Malformed(list(error.errors())))

    for row in errors.PROBLEMS:
        app.add_exception_handler(row.error, told)
    app.add_exception_handler(Refusal, told)
    app.add_exception_handler(HTTPException, from_framework)
    app.add_exception_handler(RequestValidationError, malformed)
