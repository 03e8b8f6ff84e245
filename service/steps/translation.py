"""Translate: the words of segments and claims into English, each once in the life of a store.

A translation is stored under the hash of its words, the packages that made it and the decode
options. So a re-run, a second version or a copy in another outlet costs nothing, and another
package gives new rows beside the old ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from models.errors import NoRoute
from models.languages import Direction, Language
from service.store import ids, translations
from service.store.database import Store
from service.store.tables import TranslationRow

if TYPE_CHECKING:
    from models.translate import Engine

#: What everything is compared in; originals stay what wording is judged on.
PIVOT = Language.EN


@dataclass(frozen=True, slots=True)
class Wording:
    """Words to translate and the language they are in."""

    text: str
    language: Language

    @property
    def key(self) -> tuple[str, str]:
        """What their translation is looked up by: the hash of the words, the language."""
        return (ids.digest(self.text), str(self.language))


def spoken(language: str | None, ambiguous: bool, main: str | None) -> Language | None:
    """The language a segment is read in: its own, or its document's where it could be several.

    A segment without letters has none.
    """
    code = language or (main if ambiguous else None)
    return Language(code) if code else None


@dataclass(slots=True)
class English:
    """English for wordings, as far as there are packages; `missing` are directions without one."""

    rows: dict[tuple[str, str], TranslationRow] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def of(self, wording: Wording) -> str | None:
        """The English of these words, or None where nothing translates them."""
        row = self.rows.get(wording.key)
        return row.text if row else None

    def lacking(self, wordings: Iterable[Wording]) -> list[str]:
        """The directions that some of these words would have needed a package for."""
        return sorted(self.missing & {f"{one.language}→{PIVOT}" for one in wordings})


class Translator:
    """Translates wordings into English with what is stored and, for the rest, with the engine."""

    def __init__(self, store: Store, engine: Engine | None) -> None:
        self.store = store
        self.engine = engine

    def english(self, wordings: Iterable[Wording]) -> English:
        """The English of the wordings; the new rows are made but not stored (`fresh` tells).

        Raises:
            StoreError: the store cannot be read.
        """
        found = English()
        by_language: dict[Language, dict[tuple[str, str], str]] = {}
        for wording in wordings:
            if wording.language != PIVOT and wording.text.strip():
                by_language.setdefault(wording.language, {})[wording.key] = wording.text
        for language, words in sorted(by_language.items()):
            self._direction(Direction(language, PIVOT), words, found)
        return found

    def _direction(
        self, direction: Direction, words: dict[tuple[str, str], str], found: English
    ) -> None:
        packages = self.packages(direction)
        if self.engine is None or packages is None:
            found.missing.add(str(direction))
            # What an earlier package left is still true of these words, and says which made it.
            with self.store.session() as session:
                found.rows.update(translations.newest(session, words, str(PIVOT)))
            return
        from models.decode import DecodeOptions
        from models.translate import Lane

        options = DecodeOptions()
        source, target = str(direction.source), str(direction.target)
        wanted = {
            ids.translation(key[0], source, target, packages, options.canonical): key
            for key in words
        }
        with self.store.session() as session:
            stored = translations.known(session, wanted)
        for public_id, row in stored.items():
            found.rows[wanted[public_id]] = row
        left = [key for public_id, key in wanted.items() if public_id not in stored]
        if not left:
            return
        try:
            made = self.engine.translate_segments(
                [words[key] for key in left], direction, options=options, lane=Lane.BULK
            )
        except NoRoute:  # the package was removed since it was looked up
            found.missing.add(str(direction))
            return
        now = datetime.now(UTC)
        for key, translation in zip(left, made, strict=True):
            found.rows[key] = TranslationRow(
                id=ids.translation(key[0], source, target, packages, options.canonical),
                text_hash=key[0],
                source=source,
                target=target,
                text=translation.text,
                log_prob=translation.log_prob,
                flags=list(translation.flags),
                route=translation.route,
                packages=list(packages),
                options=options.canonical,
                created_at=now,
            )

    def packages(self, direction: Direction) -> tuple[str, ...] | None:
        """The digests of the packages that serve a direction now; None without a route."""
        if self.engine is None:
            return None
        route = self.engine.registry.route(direction)
        return None if route is None else tuple(package.digest for package in route.packages)
