"""The forms a text comes in, plain or markup: what to translate in it, and how it is put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from models.languages import Language
    from models.outline import Outline
    from models.paragraph import Paragraph, Part
    from models.segment import Segment
    from models.translate import Translation


@dataclass(frozen=True, slots=True)
class Slot:
    """One segment of a text that can be translated.

    Attributes:
        start: offset in what was sent.
        end: offset after its last character.
        text: its words.
        language: its language, None where nothing tells.
        ambiguous: the language is doubtful.
        also: further texts whose translations tell where markup inside the segment goes.
    """

    start: int
    end: int
    text: str
    language: Language | None
    ambiguous: bool
    also: tuple[str, ...] = ()


class Form(Protocol):
    """A text that was taken apart."""

    @property
    def words(self) -> str:
        """What a reader sees, for finding out its language."""
        ...

    def slots(self, language: Language | None) -> list[Slot]:
        """Its segments in order, in the language named or each in the one it is found to be in."""
        ...

    def write(self, answers: Mapping[int, Sequence[Translation]]) -> str:
        """The text with these slots in translation (its own, then those of `also`).

        Slots that are not named stay as they are.
        """
        ...


class PlainText:
    """A text without markup; whatever lies between its segments stays as it is."""

    def __init__(self, text: str) -> None:
        self.words = text
        self._slots: list[Slot] = []

    def slots(self, language: Language | None) -> list[Slot]:
        """Its segments in order."""
        from models.segment import segment

        self._slots = [
            Slot(each.start, each.end, each.text, each.language, each.ambiguous)
            for each in segment(self.words, language)
        ]
        return self._slots

    def write(self, answers: Mapping[int, Sequence[Translation]]) -> str:
        """The text with these slots in translation."""
        return self.with_words({number: each[0].text for number, each in answers.items()})

    def with_words(self, words: Mapping[int, str]) -> str:
        """The text with these slots replaced by words."""
        parts: list[str] = []
        at = 0
        for number, new in sorted(words.items()):
            slot = self._slots[number]
            parts += self.words[at : slot.start], new
            at = slot.end
        parts.append(self.words[at:])
        return "".join(parts)


class Paragraphs:
    """Paragraphs of a document with the markup in them set aside.

    Args:
        paragraphs: the paragraphs.
        offset: where in what was sent a character of a paragraph stands, by the paragraph's
            number; without it offsets count in the paragraph.
    """

    def __init__(
        self,
        paragraphs: Sequence[Paragraph],
        offset: Callable[[int, int], int] = lambda _, at: at,
    ) -> None:
        self._paragraphs = paragraphs
        self._offset = offset
        self._segments: list[tuple[int, Segment, str]] = []
        self.words = "\n".join(paragraph.text for paragraph in paragraphs)

    def slots(self, language: Language | None) -> list[Slot]:
        """Their segments in order."""
        from models.paragraph import segments, spoken
        from models.placement import probes

        found: list[Slot] = []
        for number, paragraph in enumerate(self._paragraphs):
            for each in segments(paragraph, language):
                text = spoken(each.text)
                self._segments.append((number, each, text))
                found.append(
                    Slot(
                        self._offset(number, each.start),
                        self._offset(number, each.end - 1) + 1,
                        text,
                        each.language,
                        each.ambiguous,
                        probes(paragraph, each.start, each.end),
                    )
                )
        return found

    def parts(self, answers: Mapping[int, Sequence[Translation]]) -> list[list[Part]]:
        """The parts of each paragraph, from the translations of the slots named."""
        from models.paragraph import Part

        parts: list[list[Part]] = [[] for _ in self._paragraphs]
        for number, (paragraph, segment, text) in enumerate(self._segments):
            if number not in answers:
                continue
            own, *also = answers[number]
            # Links count in the words as they were sent to the engine.
            linked = own.segments and text == segment.text
            parts[paragraph].append(
                Part(
                    segment.start,
                    segment.end,
                    own.text,
                    tuple(each.text for each in also),
                    own.segments[0].links if linked else (),
                )
            )
        return parts

    def write(self, answers: Mapping[int, Sequence[Translation]]) -> str:
        """Their words in translation, a line each, without the markup."""
        from models.placement import Unchanged, place

        lines = []
        for paragraph, parts in zip(self._paragraphs, self.parts(answers), strict=True):
            words = [
                paragraph.text[item.start : item.end] if isinstance(item, Unchanged) else item
                for item in place(paragraph, parts)
            ]
            lines.append("".join(each for each in words if isinstance(each, str)))
        return "\n".join(lines)


class Markup(Paragraphs):
    """A text in HTML or XML: tags stay in their place in the sentence, new words are escaped.

    Args:
        text: the text.
        outline: what the caller says of its elements, for XML; None for HTML.

    Raises:
        DocumentError: it is XML, and its tags do not match.
    """

    def __init__(self, text: str, outline: Outline | None = None) -> None:
        from models.dialects import HTML
        from models.markup import Page

        self._page = Page(text, HTML if outline is None else outline.dialect(text))
        super().__init__(self._page.paragraphs, self._page.offset)

    def write(self, answers: Mapping[int, Sequence[Translation]]) -> str:
        """The document with these slots in translation."""
        return self._page.write(self.parts(answers))
