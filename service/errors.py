"""What can go wrong in the service, and how every error of Parallax is told.

ServiceError
├── BadInput            an article, file, option or request body cannot be used
│   ├── TooMuch         it is beyond a limit of the settings
│   └── BadCursor       a page cursor was not made by this server
├── NotFound            no document, event, group or pair has this id
├── Conflict            the change contradicts what is stored
├── Unauthorised        no API key was sent, or it is unknown or revoked
├── Forbidden           the key's role does not allow this
│   └── CrossSite       a web page of another site tried to change something
├── TooManyRequests     the key or address used up its minute
├── RequestError        an HTTP request cannot be served as it was sent
│   ├── NoSuchRoute     nothing is served at this path
│   ├── WrongMethod     the path is served, but not by this method
│   ├── WrongHost       the Host header is a name this server does not answer to
│   ├── SlowBody        the body of the request stopped arriving
│   └── TimedOut        the work took longer than one call may take
└── StoreError          the database cannot be used
    ├── StoreFull       no space is left on the disk
    ├── StoreBusy       another process holds the store
    └── StoreTooNew     the store was written by a newer Parallax

`PROBLEMS` is the one table that maps these, and the trees of `models` and `alignment`, to HTTP
(problem+json, RFC 9457) and to exit codes. The nearest class in an error's ancestry decides.

Exit codes of the command line:

0  done
1  an error of Parallax itself (please report it)
2  the command was written wrongly
3  an input could not be used; what was good has been stored
4  nothing has the id that was asked for
5  a package, an encoder or another part is missing or broken
6  the store cannot be used (no space, locked, unreachable, too new)
7  not allowed
130  interrupted; what was finished is stored, the same command goes on from there
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from alignment.errors import AlignmentError, LexiconError, TooLarge
from models.errors import (
    Busy,
    Cancelled,
    DocumentError,
    EncoderMissing,
    ModelError,
    NoRoute,
    PackageError,
)


class ServiceError(Exception):
    """Any failure of `service`; its message is one sentence that says what to do next."""


class BadInput(ServiceError):
    """An article, file, option or request body cannot be used."""


class TooMuch(BadInput):
    """It is beyond a limit of the settings; the message names the limit and its setting."""


class BadCursor(BadInput):
    """A page cursor was not made by this server."""

    def __init__(self) -> None:
        super().__init__("This cursor was not made by this server; ask for the first page again.")


class NotFound(ServiceError):
    """No document, event, group or pair has this id."""

    def __init__(self, noun: str, public_id: str) -> None:
        super().__init__(f"No {noun} has the id {public_id!r}; list what there is and try again.")


class Conflict(ServiceError):
    """The change contradicts what is stored."""


class Unauthorised(ServiceError):
    """No API key was sent, or it is unknown or revoked."""


class Forbidden(ServiceError):
    """The key's role does not allow this."""


class CrossSite(Forbidden):
    """A web page of another site tried to change something."""

    def __init__(self) -> None:
        super().__init__(
            "Another site tried to change something here; do it from Parallax's own pages, or "
            "send an API key."
        )


class RequestError(ServiceError):
    """An HTTP request cannot be served as it was sent; `headers` go with the answer."""

    headers: dict[str, str] | None = None


class NoSuchRoute(RequestError):
    """Nothing is served at this path."""

    def __init__(self) -> None:
        super().__init__("Nothing is served at this path; /docs lists every path there is.")


class WrongMethod(RequestError):
    """The path is served, but not by this method."""

    def __init__(self, method: str, allowed: str = "") -> None:
        hint = f"use {allowed}" if allowed else "/docs lists the methods there are"
        super().__init__(f"This path does not take {method}; {hint}.")


class WrongHost(RequestError):
    """The Host header is a name this server does not answer to."""

    def __init__(self) -> None:
        super().__init__(
            "This server does not answer to that host name; open it by its address, or add the "
            "name to PARALLAX_ALLOWED_HOSTS."
        )


class SlowBody(RequestError):
    """The body of the request stopped arriving."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The rest of the request did not arrive within {seconds:g} seconds; send it again."
        )


class TimedOut(RequestError):
    """The work took longer than one call may take."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"This took longer than {seconds:g} seconds; send less at once, or raise "
            f"PARALLAX_REQUEST_SECONDS."
        )


class TooManyRequests(ServiceError):
    """The key or address used up its minute; `retry_after` seconds is a fair wait.

    `allowed` is what one minute holds.
    """

    def __init__(self, retry_after: float, allowed: int = 0) -> None:
        self.retry_after = retry_after
        self.allowed = allowed
        super().__init__(f"Too many calls; try again in {retry_after:.0f} seconds.")


class StoreError(ServiceError):
    """The database cannot be used."""


class StoreFull(StoreError):
    """No space is left on the disk."""

    def __init__(self) -> None:
        super().__init__(
            "The disk of the store is full; free some space and run the same command again, "
            "everything stored so far is intact."
        )


class StoreBusy(StoreError):
    """Another process holds the store."""

    retry_after = 5.0

    def __init__(self) -> None:
        super().__init__("Another process is writing to the store; try again in a few seconds.")


class StoreTooNew(StoreError):
    """The store was written by a newer Parallax."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"The store has schema {found}, this Parallax knows up to {known}; install the "
            f"newer Parallax that wrote it."
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """How one kind of error is told: problem type and title, HTTP status, exit code."""

    error: type[Exception]
    slug: str
    status: int
    title: str
    exit_code: int

    @property
    def type(self) -> str:
        """The stable problem type of RFC 9457."""
        return f"urn:parallax:problem:{self.slug}"


PROBLEMS: tuple[Problem, ...] = (
    Problem(BadInput, "bad-input", 400, "The input cannot be used", 3),
    Problem(TooMuch, "too-much", 413, "The input is beyond a limit", 3),
    Problem(BadCursor, "bad-cursor", 400, "The page cursor is unknown", 3),
    Problem(NotFound, "not-found", 404, "There is no such thing", 4),
    Problem(Conflict, "conflict", 409, "The change contradicts what is stored", 3),
    Problem(Unauthorised, "unauthorised", 401, "A valid API key is needed", 7),
    Problem(Forbidden, "forbidden", 403, "The key does not allow this", 7),
    Problem(TooManyRequests, "too-many-requests", 429, "Too many calls", 7),
    Problem(CrossSite, "cross-site", 403, "Another site may not do this", 7),
    Problem(RequestError, "bad-request", 400, "The request cannot be served", 2),
    Problem(NoSuchRoute, "no-such-route", 404, "Nothing is served here", 2),
    Problem(WrongMethod, "wrong-method", 405, "The path does not take this method", 2),
    Problem(WrongHost, "wrong-host", 421, "The host name is not known", 2),
    Problem(SlowBody, "slow-body", 408, "The request did not arrive", 2),
    Problem(TimedOut, "timed-out", 504, "The work took too long", 1),
    Problem(StoreError, "store", 503, "The store cannot be used", 6),
    Problem(StoreFull, "store-full", 507, "The disk of the store is full", 6),
    Problem(StoreBusy, "store-busy", 503, "The store is busy", 6),
    Problem(StoreTooNew, "store-too-new", 503, "The store is newer than this program", 6),
    Problem(ServiceError, "service", 500, "The service failed", 1),
    Problem(NoRoute, "no-route", 400, "No package translates this direction", 5),
    Problem(PackageError, "package", 422, "The package cannot be used", 5),
    Problem(DocumentError, "document", 400, "The document cannot be translated", 3),
    Problem(EncoderMissing, "encoder-missing", 503, "No sentence encoder is installed", 5),
    Problem(Busy, "busy", 503, "The translation queue is full", 5),
    Problem(Cancelled, "cancelled", 499, "The caller went away", 130),
    Problem(ModelError, "model", 500, "Translation failed", 5),
    Problem(TooLarge, "too-large", 413, "The input is too large to align", 3),
    Problem(LexiconError, "lexicon", 500, "A lexicon file is malformed", 5),
    Problem(AlignmentError, "alignment", 500, "Alignment failed", 1),
)
_BY_ERROR = {problem.error: problem for problem in PROBLEMS}
_UNEXPECTED = Problem(Exception, "unexpected", 500, "Parallax itself failed", 1)


def problem(error: BaseException) -> Problem:
    """The table's row for an error: that of the nearest class among its ancestors."""
    for kind in type(error).__mro__:
        if kind in _BY_ERROR:
            return _BY_ERROR[kind]
    return _UNEXPECTED


def exit_code(error: BaseException) -> int:
    """The exit code of the command line for an error."""
    return 130 if isinstance(error, KeyboardInterrupt) else problem(error).exit_code


def body(error: BaseException, instance: str | None = None) -> dict[str, Any]:
    """The problem+json body (RFC 9457) for an error; `instance` is the path that was called.

    What an unexpected error says stays in the log, since it may hold text of a document.
    """
    row = problem(error)
    known = row is not _UNEXPECTED
    detail = str(error) if known else "An unexpected error was logged; please report it."
    answer: dict[str, Any] = {
        "type": row.type,
        "title": row.title,
        "status": row.status,
        "detail": detail,
    }
    if instance is not None:
        answer["instance"] = instance
    return answer


def retry_after(error: BaseException) -> float | None:
    """Seconds after which the same call may succeed, for the errors that know."""
    seconds = getattr(error, "retry_after", None)
    return float(seconds) if isinstance(seconds, int | float) else None
