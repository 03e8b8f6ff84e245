"""`parallax translate`: files or standard input, with paragraphs and line breaks kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from models.languages import NAMES, Direction, Language
from service.commands import opening, terminal
from service.commands.inputs import split_lines, text_in
from service.commands.output import writing

if TYPE_CHECKING:
    from models.segment import Segment
    from models.translate import Engine, Translation

app = typer.Typer(rich_markup_mode=None, add_completion=False)

#: Characters translated together: enough for full batches, little enough for a moving bar.
BLOCK = 20_000
#: Doubts told one by one on standard error; the rest is counted.
DOUBTS = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment of the input with its translation; None where it was left as it is."""

    start: int
    end: int
    text: str
    language: Language | None
    translation: Translation | None

    @property
    def words(self) -> str:
        """What stands in the output for it."""
        return self.text if self.translation is None else self.translation.text


@app.command()
def translate(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Text files; none or `-` is standard input."),
    ] = None,
    source: Annotated[
        Literal["auto", "ru", "uk", "en"],
        typer.Option("--from", help="Language of the text; auto finds it out for each sentence."),
    ] = "auto",
    target: Annotated[
        Literal["ru", "uk", "en"], typer.Option("--to", help="Language to translate into.")
    ] = "en",
    lines: Annotated[
        bool, typer.Option("--lines", help="One segment a line in, exactly as many lines out.")
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", help="File to write to, or a folder when there are several."
        ),
    ] = None,
    json: Annotated[
        bool,
        typer.Option("--json", help="Print segments with offsets, flags and packages as JSON."),
    ] = False,
    beam: Annotated[int, typer.Option(min=1, max=16, help="Beams of the search.")] = 4,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of the input; found out when not given.")
    ] = None,
) -> None:
    """Translate between Russian, Ukrainian and English with the installed packages.

    Whitespace, paragraphs and line breaks come out as they went in. With `--from auto` each
    sentence is translated from its own language, and one that is in the target language already
    stays as it is. Doubts about a sentence (a number or name lost, a negation lost, an odd length,
    repetition, a wrong script, a cut) are told on standard error with its place. Where a sentence
    has no package it stays in the original, and the exit code is 5.

    \b
    Examples:
      parallax translate --to en article.txt
      echo 'Сторони домовилися.' | parallax translate --to ru
      parallax translate --lines --from uk --to en < segments.uk > segments.en
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    names = files or ["-"]
    folder = Path(output) if output and len(names) > 1 else None
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"{output!r} is no folder, and there are {len(names)} files")
    if names.count("-") > 1:
        raise typer.BadParameter("standard input can be read only once")
    using = opening.settings()
    given = None if source == "auto" else Language(source)
    wanted = Language(target)
    texts = [(name, text_in(name, encoding)) for name in names]
    total = sum(len(text) for _, text in texts)
    doubts: list[tuple[str, Piece]] = []
    documents: list[dict[str, Any]] = []
    with (
        opening.engine(using) as engine,
        terminal.progress("Translating", total or None, unit="characters") as report,
    ):
        work = _Work(engine, given, wanted, beam)
        before = 0
        for name, text in texts:
            pieces: list[Piece] = []
            steps = work.lines(text) if lines else work.article(text)
            for done, made in steps:
                pieces += made
                report(before + done, None)
            before += len(text)
            doubts += [(name, one) for one in pieces if one.translation and one.translation.flags]
            if json:
                documents.append(_document(name, text, pieces, wanted))
                continue
            place = str(folder / Path(name).name) if folder is not None else output
            with writing(place) as file:
                file.write(_rebuilt(text, pieces).encode())
    if json:
        if output and folder is None:
            from json import dumps

            with writing(output) as file:
                file.write((dumps(documents, ensure_ascii=False, indent=1) + "\n").encode())
        else:
            terminal.emit(documents)
    _tell(doubts, work.untold, work.untranslated, wanted)
    if work.untranslated:
        raise typer.Exit(5)


class _Work:
    """Translates texts block by block; counts what could not be translated."""

    def __init__(
        self, engine: Engine, source: Language | None, target: Language, beam: int
    ) -> None:
        from models.decode import DecodeOptions

        self._engine = engine
        self._source = source
        self._target = target
        self._options = DecodeOptions(beam_size=beam)
        self._routes = frozenset(engine.directions())
        self.untranslated: Counter[Language] = Counter()
        self.untold = 0
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

    def _pieces(self, block: Sequence[Segment], *, whole_lines: bool = False) -> list[Piece]:
        made: dict[int, Translation] = {}
        for language in Language:
            places = [i for i, each in enumerate(block) if each.language is language and each.text]
            if language is self._target or not places:
                continue
            if Direction(language, self._target) not in self._routes:
                self._check(language, alone=all(e.language in (language, None) for e in block))
                self.untranslated[language] += len(places)
                continue
            translations = self._engine.translate_segments(
                [block[i].text for i in places],
                Direction(language, self._target),
                options=self._options,
                lane=_bulk(),
            )
            made.update(zip(places, translations, strict=True))
        self.untold += sum(each.language is None and bool(each.text) for each in block)
        pieces = []
        for i, each in enumerate(block):
            translation = made.get(i)
            if translation is not None and whole_lines and "\n" in translation.text:
                from dataclasses import replace

                translation = replace(translation, text=" ".join(translation.text.split("\n")))
            pieces.append(Piece(each.start, each.end, each.text, each.language, translation))
        return pieces

    def _check(self, language: Language, *, alone: bool = True) -> None:
        """Stop when nothing could be translated at all; a mixed text goes on with the rest."""
        direction = Direction(language, self._target)
        if direction not in self._routes and alone:
            from models.errors import NoRoute

            raise NoRoute(direction)


def _bulk() -> Any:
    from models.translate import Lane

    return Lane.BULK


def _language(text: str) -> Language | None:
    from models.identify import identify

    seen = identify(text)
    return None if seen.ambiguous else seen.language


def _settled(text: str, segments: list[Segment], source: Language | None) -> list[Segment]:
    """The segments, where one in doubt takes the language of the whole text."""
    if source is not None:
        return segments
    from dataclasses import replace

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


def _rebuilt(text: str, pieces: Sequence[Piece]) -> str:
    """The text with each piece in translation, and all that lies between as it was."""
    parts: list[str] = []
    at = 0
    for one in pieces:
        parts += (text[at : one.start], one.words)
        at = one.end
    parts.append(text[at:])
    return "".join(parts)


def _document(name: str, text: str, pieces: Sequence[Piece], target: Language) -> dict[str, Any]:
    return {
        "file": name,
        "target": str(target),
        "text": _rebuilt(text, pieces),
        "segments": [
            {
                "start": one.start,
                "end": one.end,
                "text": one.text,
                "language": None if one.language is None else str(one.language),
                "translation": one.words,
                "log_prob": None if one.translation is None else one.translation.log_prob,
                "flags": [] if one.translation is None else list(one.translation.flags),
                "route": None if one.translation is None else one.translation.route,
                "packages": [] if one.translation is None else list(one.translation.packages),
            }
            for one in pieces
        ],
    }


def _tell(
    doubts: Sequence[tuple[str, Piece]],
    untold: int,
    untranslated: Counter[Language],
    target: Language,
) -> None:
    for name, one in doubts[:DOUBTS]:
        flags = ", ".join(one.translation.flags) if one.translation else ""
        short = one.text if len(one.text) <= 60 else one.text[:59] + "…"
        where = "standard input" if name == "-" else name
        terminal.warn(f"{where} [{one.start}:{one.end}] doubtful ({flags}): {short}")
    if len(doubts) > DOUBTS:
        terminal.warn(f"{len(doubts) - DOUBTS} more sentences are doubtful; --json lists them.")
    for language, count in sorted(untranslated.items()):
        terminal.warn(
            f"{terminal.counted(count, 'sentence')} in {NAMES[language]} stayed as before, since "
            f"no package translates {Direction(language, target)}; install one with "
            f"`parallax models install FILE`."
        )
    if untold:
        terminal.warn(
            f"{terminal.counted(untold, 'sentence')} without words of the three languages stayed "
            f"as before."
        )
