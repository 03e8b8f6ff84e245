"""The glossaries of a server: files that people write, read again when they change.

A glossary is a table of terms with the translations that are right for them, one file a direction
(`ru-en.tsv`), written as `models.glossary` says. From the next request on its terms are looked for
in every translation of that direction; a translation without them is flagged `term`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.languages import DIRECTIONS, Direction

if TYPE_CHECKING:
    from models.glossary import Glossary, Term

#: Endings of a glossary's name.
SUFFIXES = (".tsv", ".csv", ".txt")


class Glossaries:
    """The glossaries in a folder.

    Args:
        folder: where they are; it need not exist.
        log: told when one cannot be read; the others count all the same.
    """

    def __init__(self, folder: Path, log: Any) -> None:
        self._folder = folder
        self._log = log
        self._lock = threading.Lock()
        self._state: tuple[tuple[str, int, int], ...] = ()
        self._glossary: Glossary | None = None

    def current(self) -> Glossary | None:
        """All terms of all directions as they are written now, None where there are none."""
        with self._lock:
            state = self._look()
            if state != self._state:
                self._state = state
                self._glossary = self._read(Path(path) for path, _, _ in state)
            return self._glossary

    def _look(self) -> tuple[tuple[str, int, int], ...]:
        """What tells whether a file has changed."""
        found = []
        for direction in DIRECTIONS:
            for suffix in SUFFIXES:
                path = self._folder / f"{direction.source}-{direction.target}{suffix}"
                try:
                    status = path.stat()
                except OSError:
                    continue
                found.append((str(path), status.st_mtime_ns, status.st_size))
        return tuple(found)

    def _read(self, paths: Iterable[Path]) -> Glossary | None:
        from models.glossary import Glossary

        terms: list[Term] = []
        for path in paths:
            try:
                text = path.read_text(encoding="utf-8-sig")
                terms += Glossary.read(text, Direction.parse(path.stem)).terms
            except (OSError, ValueError) as error:
                self._log.warning("glossary not read", file=path.name, error=str(error))
        return Glossary(terms) if terms else None
