"""The translation memory of the store, as translation and corrections use it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from models.languages import Direction, Language
from service.errors import StoreError

if TYPE_CHECKING:
    from models.memory import Match, TranslationMemory
    from service.store.database import Store
    from service.store.tables import TranslationUnitRow

#: Seconds for which a look at the store counts; other processes' additions come in after it.
FRESH = 2.0
#: Units read at once.
_PAGE = 1_000


class StoredMemory:
    """What people translated before: kept in the store, and held in memory to be looked up.

    Args:
        open_store: gives the store.
        log: told when the store cannot be asked; translation then goes on with what is known.
    """

    def __init__(self, open_store: Callable[[], Store], log: Any) -> None:
        self._open_store = open_store
        self._log = log
        self._lock = threading.Lock()
        self._held: TranslationMemory | None = None
        self._newest: tuple[datetime, str] | None = None
        self._looked = float("-inf")

    def exact(self, direction: Direction, texts: Sequence[str]) -> list[str | None]:
        """The newest translation a person gave for each text, None where nobody did."""
        held = self._current()
        return [held.exact(text, direction) for text in texts]

    def fuzzy(
        self, direction: Direction, text: str, *, threshold: float, limit: int
    ) -> list[Match]:
        """What people translated that is like a text, the most similar first."""
        return self._current().fuzzy(text, direction, threshold=threshold, limit=limit)

    def add(self, direction: Direction, source: str, target: str, who: str = "") -> None:
        """Keep a translation; it is used from the next request on.

        A text of as many segments on both sides is kept segment by segment as well, since that is
        how a later text is looked up.

        Raises:
            StoreError: the store cannot be used.
        """
        from models.memory import normal
        from models.segment import segment
        from service.store import memory

        units = {normal(source): (target.strip(), source.strip())}
        parts = segment(source, direction.source)
        answers = segment(target, direction.target)
        if len(parts) == len(answers) > 1:
            for part, answer in zip(parts, answers, strict=True):
                units.setdefault(normal(part.text), (answer.text, part.text))
        with self._open_store().session(write=True) as session:
            for text, (translation, written) in units.items():
                memory.add(
                    session,
                    text,
                    translation,
                    source_language=direction.source,
                    target_language=direction.target,
                    origin="suggestion",
                    who=who,
                    written=written,
                )
        self._looked = float("-inf")

    def _current(self) -> TranslationMemory:
        from models.memory import TranslationMemory

        with self._lock:
            if self._held is None:
                self._held = TranslationMemory()
            if time.monotonic() - self._looked > FRESH:
                try:
                    self._read(self._held)
                except StoreError as error:
                    self._log.warning("memory not read", error=type(error).__name__)
                self._looked = time.monotonic()
            return self._held

    def _read(self, held: TranslationMemory) -> None:
        """Take in the units that came since the last look, oldest first: the newest one counts."""
        from models.memory import Unit
        from service.store import memory

        rows: list[TranslationUnitRow] = []
        with self._open_store().session() as session:
            cursor: str | None = None
            while True:
                page = memory.page(session, cursor=cursor, limit=1 if not rows else _PAGE)
                new = [
                    row
                    for row in page.items
                    if self._newest is None or (row.created_at, row.id) > self._newest
                ]
                rows += new
                cursor = page.next
                if cursor is None or len(new) < len(page.items):
                    break
        for row in reversed(rows):
            direction = Direction(Language(row.source_language), Language(row.target_language))
            held.add(Unit(row.source, row.target, direction, row.who, row.id))
        if rows:
            self._newest = (rows[0].created_at, rows[0].id)
