"""Translate: the words of segments and claims into English, each once in the life of a store.

What a person has translated goes before everything; a glossary's terms are looked for in the rest.
A translation is stored under the hash of its words, the packages that made it, the decode options
and the terms it was made under. So a re-run, a second version or a copy in another outlet costs
nothing, and another package, or a term that has changed, gives new rows beside the old ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from models.decode import DecodeOptions
from models.errors import NoRoute
from models.languages import Direction, Language
from service.stop import Stop
from service.store import ids, memory, translations
from service.store.database import Store
from service.store.tables import TranslationRow

if TYPE_CHECKING:
    from models.glossary import Glossary
    from models.translate import Engine
    from service.glossaries import Glossaries

#: Words to translate by what their translation is looked up by.
Words: TypeAlias = dict[tuple[str, str], str]
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
    """Translates wordings into English: a person's words first, then what is stored, then anew.

    Args:
        store: holds the translation memory and the translations made before.
        engine: makes what is missing; None goes without.
        glossaries: terms whose translation is laid down, if any.
    """

    def __init__(
        self, store: Store, engine: Engine | None, glossaries: Glossaries | None = None
    ) -> None:
        self.store = store
        self.engine = engine
        self.glossaries = glossaries

    def english(self, wordings: Iterable[Wording], stop: Stop | None = None) -> English:
        """The English of the wordings; the new rows are made but not stored.

        Raises:
            StoreError: the store cannot be read.
            Cancelled: `stop` was set.
        """
        found = English()
        by_language: dict[Language, Words] = {}
        for wording in wordings:
            if wording.language != PIVOT and wording.text.strip():
                by_language.setdefault(wording.language, {})[wording.key] = wording.text
        for language, words in sorted(by_language.items()):
            self._direction(Direction(language, PIVOT), words, found, stop or Stop())
        return found

    def _direction(self, direction: Direction, words: Words, found: English, stop: Stop) -> None:
        left = self._corrected(direction, words, found)
        packages = self.packages(direction)
        if not left:
            return
        if self.engine is None or packages is None:
            found.missing.add(str(direction))
            # What an earlier package left is still true of these words, and says which made it.
            with self.store.session() as session:
                found.rows.update(translations.newest(session, left, str(PIVOT)))
            return
        glossary = self.glossaries.current() if self.glossaries else None
        terms = {
            key: glossary.applied(text, direction) if glossary else "" for key, text in left.items()
        }
        plan = _Made(direction, packages, terms, self.engine.settled(DecodeOptions(), direction))
        wanted = {plan.id(key): key for key in left}
        with self.store.session() as session:
            stored = translations.known(session, wanted)
        for public_id, row in stored.items():
            found.rows[wanted[public_id]] = row
        new = {key: left[key] for public_id, key in wanted.items() if public_id not in stored}
        # Words without terms share batches, and what is kept of them, with everybody else's.
        for under in (None, glossary):
            these = {key: text for key, text in new.items() if bool(terms[key]) == bool(under)}
            if these:
                self._translate(self.engine, plan, these, found, under, stop)

    def _corrected(self, direction: Direction, words: Words, found: English) -> Words:
        """Take what people translated; what is left of the words."""
        from models.memory import normal

        plain = {key: normal(text) for key, text in words.items()}
        with self.store.session() as session:
            units = memory.exact(
                session, set(plain.values()), str(direction.source), str(direction.target)
            )
        for key, text in plain.items():
            if text in units:
                found.rows[key] = translations.correction(units[text], key[0])
        return {key: text for key, text in words.items() if key not in found.rows}

    def _translate(
        self,
        engine: Engine,
        plan: _Made,
        words: Words,
        found: English,
        glossary: Glossary | None,
        stop: Stop,
    ) -> None:
        from models.translate import Lane

        try:
            made = stop.result(
                engine.submit(
                    list(words.values()),
                    plan.direction,
                    options=plan.decode,
                    lane=Lane.BULK,
                    split=False,
                    terms=glossary,
                )
            )
        except NoRoute:  # the package was removed since it was looked up
            found.missing.add(str(plan.direction))
            return
        now = datetime.now(UTC)
        for key, translation in zip(words, made, strict=True):
            found.rows[key] = TranslationRow(
                id=plan.id(key),
                text_hash=key[0],
                source=str(plan.direction.source),
                target=str(plan.direction.target),
                text=translation.text,
                log_prob=translation.log_prob,
                flags=list(translation.flags),
                route=translation.route,
                packages=list(plan.packages),
                options=plan.options(key),
                created_at=now,
            )

    def packages(self, direction: Direction) -> tuple[str, ...] | None:
        """The digests of the packages that serve a direction now; None without a route."""
        if self.engine is None:
            return None
        route = self.engine.registry.route(direction)
        return None if route is None else tuple(package.digest for package in route.packages)


@dataclass(frozen=True, slots=True)
class _Made:
    """What translations of one direction are made with; `terms` are glossary digests by words."""

    direction: Direction
    packages: tuple[str, ...]
    terms: dict[tuple[str, str], str]
    decode: DecodeOptions

    def options(self, key: tuple[str, str]) -> str:
        """The options of the search, with the terms that apply."""
        terms = self.terms[key]
        return f"{self.decode.canonical} terms={terms}" if terms else self.decode.canonical

    def id(self, key: tuple[str, str]) -> str:
        """The id of the translation of these words."""
        source, target = str(self.direction.source), str(self.direction.target)
        return ids.translation(key[0], source, target, self.packages, self.options(key))
