"""What commands work with, opened from the settings when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from service.errors import BadInput

if TYPE_CHECKING:
    from models.encode import SentenceEncoder
    from models.registry import Registry
    from models.translate import Engine
    from service.glossaries import Glossaries
    from service.guidance import Guidance
    from service.settings import Settings
    from service.store.database import Store


def settings() -> Settings:
    """The settings of this process.

    Raises:
        BadInput: a PARALLAX_… variable has a value that cannot be used.
    """
    from pydantic import ValidationError

    from service.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "PARALLAX_" + "_".join(str(part) for part in first["loc"][:1]).upper()
        raise BadInput(f"{name} cannot be used ({first['msg']}); correct it or unset it.") from None


@contextmanager
def store(using: Settings) -> Iterator[Store]:
    """The store, made or migrated if need be.

    Raises:
        StoreError: it cannot be used.
    """
    from service.store.database import Store

    with Store.open(using) as opened:
        yield opened


def registry(using: Settings) -> Registry:
    """The installed packages."""
    from models.registry import Registry

    return Registry(using.package_folders)


@contextmanager
def engine(using: Settings) -> Iterator[Engine]:
    """The translation engine on the installed packages."""
    from service.starting import engine as opening

    opened = opening(using)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def guidance(using: Settings) -> Iterator[Guidance]:
    """The translation memory and the glossaries of the user.

    No store is made where there is none yet; a glossary that cannot be read is told and passed
    over.
    """
    from service.guidance import Guidance

    if not using.database_url and not (using.data_folder / "parallax.sqlite3").exists():
        yield Guidance(None, glossaries(using))
        return
    from service.memory import StoredMemory
    from service.store.database import Store

    with ExitStack() as stack:
        opened = cache(lambda: stack.enter_context(Store.open(using)))
        yield Guidance(StoredMemory(opened, _Told()), glossaries(using))


def glossaries(using: Settings) -> Glossaries:
    """The glossaries of the user; one that cannot be read is told and passed over."""
    from service.glossaries import Glossaries

    return Glossaries(using.glossary_folder, _Told())


class _Told:
    """Tells on standard error what a server writes to its log."""

    def warning(self, event: str, **facts: str) -> None:
        from service.commands import terminal

        terminal.warn(f"{event}: " + ", ".join(facts.values()))


def encoder(using: Settings) -> SentenceEncoder:
    """The sentence encoder.

    Raises:
        EncoderMissing: none is installed.
    """
    from models.encode import Encoder

    return Encoder.load(using.encoder)


def encoder_if_any(using: Settings) -> SentenceEncoder | None:
    """The sentence encoder, or None where none is installed."""
    from models.errors import EncoderMissing

    try:
        return encoder(using)
    except EncoderMissing:
        return None
