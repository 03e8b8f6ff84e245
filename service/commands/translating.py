"""Texts and documents in translation, block by block, each segment with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from models.languages import Direction, Language
from service.commands.inputs import split_lines

if TYPE_CHECKING:
    from models.segment import Segment
    from models.translate import Engine, Translation
    from service.guidance import Guidance, Worded

#: Characters translated together: enough for full batches, little enough for a moving bar.
BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment of the input with its translation; None where it was left as it is.

    `origin` says whose words it has: `engine`, `glossary` (the engine under terms that are laid
    down), `memory` (a person's own translation), `same` or `kept` (it was left as it is).
    """

    start: int
    end: int
    text: str
    language: Language | None
    translation: Translation | None
    origin: str

    @property
    def words(self) -> str:
        """What stands in the output for it."""
        return self.text if self.translation is None else self.translation.text


class Work:
    """Translates texts block by block; counts what could not be translated.

    Args:
        engine: translates what nobody has translated yet.
        source: the language of the texts, None to find it out for each segment.
        target: the language wanted.
        beam: beams of the search; None leaves it to the package.
        laid_down: what people translated, which goes before everything, and terms.
    """

    def __init__(
        self,
        engine: Engine,
        source: Language | None,
        target: Language,
        beam: int | None,
        laid_down: Guidance,
    ) -> None:
        from models.decode import DecodeOptions
        from service.stop import Stop

        self._engine = engine
        self._source = source
        self.target = target
        self._options = DecodeOptions(beam_size=beam)
        self._routes = frozenset(engine.directions())
        self._laid_down = laid_down
        laid_down.terms()  # a glossary that cannot be read is told before anything else is
        self._stop = Stop()
        self.untranslated: Counter[Language] = Counter()
        self.untold = 0
        self._made = 0
        self.doubts: list[Piece] = []
        if source is not None and source is not target:
            self._check(source)

    def article(self, text: str) -> Iterator[tuple[int, list[Piece]]]:
        """The pieces of a text, block by block, each with how many characters are done."""
        from models.segment import segment

        segments = _settled(text, segment(text, self._source), self._source)
        block: list[Segment] = []
        for each in segments:
            block.append(each)
            if each.end - block[0].start >= BLOCK:
                yield each.end, self._pieces(block)
                block = []
        yield len(text), self._pieces(block)

    def lines(self, text: str) -> Iterator[tuple[int, list[Piece]]]:
        """The pieces of a text whose every line is a segment."""
        from models.segment import Segment

        found: list[Segment] = []
        start = 0
        for number, line in enumerate(split_lines(text)):
            words = line.strip()
            at = start + line.index(words) if words else start
            language = self._source or (_language(words) if words else None)
            found.append(Segment(at, at + len(words), words, number, language, ambiguous=False))
            start = text.find("\n", start) + 1 or len(text)
        if self._source is None:
            found = _settled(text, found, None)
        for first in range(0, len(found), 500):
            block = found[first : first + 500]
            yield block[-1].end, self._pieces(block, whole_lines=True)

    def document(self, source: BinaryIO, target: BinaryIO, suffix: str) -> None:
        """Write the document in `source` (Word, page, subtitles, …) to `target` in translation.

        Raises:
            DocumentError: it is broken, locked, or beyond the limits.
            NoRoute: nothing in it could be translated for want of a package.
        """
        from models.conversation import answer
        from models.documents import translated
        from models.errors import NoRoute
        from service.ingest.encodings import decode

        conversation = translated(source, target, suffix, decode=decode)
        made = self._made
        answer(conversation, self._plain, self._source)
        if self.untranslated and self._made == made:
            raise NoRoute(Direction(next(iter(self.untranslated)), self.target))

    def _plain(self, texts: list[str], language: Language) -> list[str]:
        from models.segment import Segment

        block = [Segment(0, len(text), text, 0, language, ambiguous=False) for text in texts]
        pieces = self._pieces(block, document=True)
        self.doubts += [one for one in pieces if one.translation and one.translation.flags]
        return [one.words for one in pieces]

    def _pieces(
        self, block: Sequence[Segment], *, whole_lines: bool = False, document: bool = False
    ) -> list[Piece]:
        made: dict[int, Worded] = {}
        for language in Language:
            places = [i for i, each in enumerate(block) if each.language is language and each.text]
            if language is self.target or not places:
                continue
            found = self._laid_down.translated(
                self._engine,
                [block[i].text for i in places],
                Direction(language, self.target),
                self._stop,
                options=self._options,
            )
            made |= {i: one for i, one in zip(places, found, strict=True) if one is not None}
            if left := found.count(None):
                if not made and not document:
                    self._check(language, alone=all(e.language in (language, None) for e in block))
                self.untranslated[language] += left
        self._made += len(made)
        self.untold += sum(each.language is None and bool(each.text) for each in block)
        pieces = []
        for i, each in enumerate(block):
            worded = made.get(i)
            translation = None if worded is None else worded.translation
            origin = "same" if each.language is self.target else "kept"
            if translation is not None and whole_lines and "\n" in translation.text:
                translation = replace(translation, text=" ".join(translation.text.split("\n")))
            pieces.append(
                Piece(
                    each.start,
                    each.end,
                    each.text,
                    each.language,
                    translation,
                    origin if worded is None else worded.origin,
                )
            )
        return pieces

    def _check(self, language: Language, *, alone: bool = True) -> None:
        """Stop when nothing could be translated at all; a mixed text goes on with the rest."""
        direction = Direction(language, self.target)
        if direction not in self._routes and alone:
            from models.errors import NoRoute

            raise NoRoute(direction)


def _language(text: str) -> Language | None:
    from models.identify import identify

    seen = identify(text)
    return None if seen.ambiguous else seen.language


def _settled(text: str, segments: list[Segment], source: Language | None) -> list[Segment]:
    """The segments, where one in doubt takes the language of the whole text."""
    if source is not None:
        return segments
    from models.identify import identify

    document = identify(text).language
    if document is None:
        return segments
    return [
        replace(each, language=document)
        if each.ambiguous or (each.language is None and any(map(str.isalpha, each.text)))
        else each
        for each in segments
    ]


def rebuilt(text: str, pieces: Sequence[Piece]) -> str:
    """The text with each piece in translation, and all that lies between as it was."""
    parts: list[str] = []
    at = 0
    for one in pieces:
        parts += (text[at : one.start], one.words)
        at = one.end
    parts.append(text[at:])
    return "".join(parts)
