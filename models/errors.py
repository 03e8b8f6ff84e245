"""What can go wrong with languages, packages and translation.

ModelError
├── PackageError        a package cannot be read, checked or installed
├── NoRoute             no installed package serves a direction
├── DocumentError       a document cannot be read or written
├── EncoderMissing      no sentence encoder is installed
├── Busy                the translation queue is full
└── Cancelled           the caller went away before its turn came
"""

from __future__ import annotations

from models.languages import Direction


class ModelError(Exception):
    """Any failure of `models`; its message is one sentence that says what to do next."""


class PackageError(ModelError):
    """A package cannot be read, checked or installed."""


class NoRoute(ModelError):
    """No installed package serves a direction, directly or through English."""

    def __init__(self, direction: Direction) -> None:
        self.direction = direction
        super().__init__(
            f"No installed package translates {direction}; install one with "
            f"`parallax models install FILE`."
        )


class DocumentError(ModelError):
    """A document is broken, locked, too large, or of a format that is not translated."""


class EncoderMissing(ModelError):
    """No sentence encoder is installed."""


class Busy(ModelError):
    """The translation queue is full; `retry_after` seconds is a fair wait."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__("The translation queue is full; try again in a few seconds.")


class Cancelled(ModelError):
    """The caller went away before its turn came."""
