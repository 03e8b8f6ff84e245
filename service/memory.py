"""The translation memory of the store, as translation and /suggest use it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from models.languages import Direction
from service.errors import StoreError

if TYPE_CHECKING:
    from service.store.database import Store


class StoredMemory:
    """What people translated before, looked up by the exact words.

    Args:
        open_store: gives the store.
        log: told when the store cannot be asked; translation then goes on without the memory.
    """

    def __init__(self, open_store: Callable[[], Store], log: Any) -> None:
        self._open_store = open_store
        self._log = log

    def exact(self, direction: Direction, texts: Sequence[str]) -> list[str | None]:
        """The newest translation a person gave for each text, None where nobody did."""
        from service.store import memory

        keys = [_key(text) for text in texts]
        try:
            with self._open_store().session() as session:
                known = memory.exact(session, set(keys), direction.source, direction.target)
        except StoreError as error:
            self._log.warning("memory not asked", error=type(error).__name__)
            return [None] * len(texts)
        return [known[key].target if key in known else None for key in keys]

    def add(self, direction: Direction, source: str, target: str, who: str = "") -> None:
        """Keep a translation; it is used from the next request on.

        A text of as many segments on both sides is kept segment by segment as well, since that is
        how a later text is looked up.

        Raises:
            StoreError: the store cannot be used.
        """
        from models.segment import segment
        from service.store import memory

        units = {_key(source): target.strip()}
        parts = segment(source, direction.source)
        answers = segment(target, direction.target)
        if len(parts) == len(answers) > 1:
            for part, answer in zip(parts, answers, strict=True):
                units.setdefault(_key(part.text), answer.text)
        with self._open_store().session(write=True) as session:
            for text, translation in units.items():
                memory.add(
                    session,
                    text,
                    translation,
                    source_language=direction.source,
                    target_language=direction.target,
                    origin="suggestion",
                    who=who,
                )


def _key(text: str) -> str:
    """The form a text is looked up in: NFC, one space for any whitespace."""
    return " ".join(unicodedata.normalize("NFC", text).split())
