"""`parallax translate`: files or standard input, with paragraphs and line breaks kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from models.languages import NAMES, Direction, Language
from service.commands import opening, terminal
from service.commands.inputs import text_in
from service.commands.output import writing

if TYPE_CHECKING:
    from service.commands.translating import Piece, Work

app = typer.Typer(rich_markup_mode=None, add_completion=False)

#: Doubts told one by one on standard error; the rest is counted.
DOUBTS = 20
#: Documents whose translation is text that can go to standard output.
PRINTABLE = frozenset({".html", ".htm", ".srt", ".pdf"})


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
    beam: Annotated[
        int | None,
        typer.Option(min=1, max=16, help="Beams of the search; else as the package asks."),
    ] = None,
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

    A sentence that a person has translated (`parallax memory`, /suggest, /v1/memory) gets that
    person's words; terms of the glossaries are looked for in the others. --json says which.

    HTML, SRT, DOCX, PPTX, ODT, ODP and EPUB come out as the same kind of file with everything but
    the words as it was, a PDF as its text.

    \b
    Examples:
      parallax translate --to en article.txt
      parallax translate --to uk report.docx -o report.uk.docx
      echo 'Сторони домовилися.' | parallax translate --to ru
      parallax translate --lines --from uk --to en < segments.uk > segments.en
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    names = files or ["-"]
    folder = Path(output) if output and len(names) > 1 else None
    if folder is not None and not folder.is_dir():
        raise typer.BadParameter(f"{output!r} is no folder, and there are {len(names)} files")
    if names.count("-") > 1:
        raise typer.BadParameter("standard input can be read only once")
    documents = [name for name in names if _is_document(name)]
    if documents and (lines or json):
        raise typer.BadParameter(f"--lines and --json are for plain text, not for {documents[0]}")
    packed = [name for name in documents if Path(name).suffix.lower() not in PRINTABLE]
    if packed and output is None:
        raise typer.BadParameter(f"say with -o where the translation of {packed[0]} goes")
    using = opening.settings()
    from service.commands.translating import Work, rebuilt

    texts = {name: text_in(name, encoding) for name in names if name not in documents}
    total = sum(map(len, texts.values()))
    told: list[tuple[str, Piece]] = []
    plain: list[dict[str, Any]] = []
    with (
        opening.engine(using) as engine,
        opening.guidance(using) as laid_down,
        terminal.progress("Translating", total or None, unit="characters") as report,
    ):
        given = None if source == "auto" else Language(source)
        work = Work(engine, given, Language(target), beam, laid_down)
        before = 0
        for name in names:
            place = output if folder is None else str(folder / _renamed(name))
            if name in documents:
                _write_document(work, name, place)
                told += [(name, one) for one in work.doubts]
                work.doubts.clear()
                continue
            text = texts[name]
            pieces: list[Piece] = []
            for done, made in work.lines(text) if lines else work.article(text):
                pieces += made
                report(before + done, None)
            before += len(text)
            told += [(name, one) for one in pieces if one.translation and one.translation.flags]
            if json:
                plain.append(_plain(name, text, pieces, work.target))
                continue
            with writing(place) as file:
                file.write(rebuilt(text, pieces).encode())
    if json:
        from json import dumps

        with writing(output if folder is None else None) as file:
            file.write((dumps(plain, ensure_ascii=False, indent=1) + "\n").encode())
    _tell(told, work)
    if work.untranslated:
        raise typer.Exit(5)


def _is_document(name: str) -> bool:
    """Whether a file is more than plain text: a page, subtitles, an office document, a PDF."""
    from models.documents import FORMATS

    suffix = Path(name).suffix.lower()
    return suffix in FORMATS and suffix != ".txt"


def _renamed(name: str) -> str:
    from models.documents import FORMATS

    path = Path(name)
    found = FORMATS.get(path.suffix.lower())
    return path.name if found is None else path.with_suffix(found.output).name


def _write_document(work: Work, name: str, place: str | None) -> None:
    from models.errors import DocumentError

    try:
        with open(name, "rb") as file, writing(place) as target:
            work.document(file, target, Path(name).suffix)
    except DocumentError as error:
        raise DocumentError(f"{name}: {error}") from error


def _plain(name: str, text: str, pieces: Sequence[Piece], target: Language) -> dict[str, Any]:
    from service.commands.translating import rebuilt

    return {
        "file": name,
        "target": str(target),
        "text": rebuilt(text, pieces),
        "segments": [
            {
                "start": one.start,
                "end": one.end,
                "text": one.text,
                "language": None if one.language is None else str(one.language),
                "translation": one.words,
                "origin": one.origin,
                "log_prob": None if one.translation is None else one.translation.log_prob,
                "flags": [] if one.translation is None else list(one.translation.flags),
                "route": None if one.translation is None else one.translation.route,
                "packages": [] if one.translation is None else list(one.translation.packages),
            }
            for one in pieces
        ],
    }


def _tell(told: Sequence[tuple[str, Piece]], work: Work) -> None:
    for name, one in told[:DOUBTS]:
        flags = ", ".join(one.translation.flags) if one.translation else ""
        short = one.text if len(one.text) <= 60 else one.text[:59] + "…"
        where = "standard input" if name == "-" else name
        span = "" if _is_document(name) else f" [{one.start}:{one.end}]"
        terminal.warn(f"{where}{span} doubtful ({flags}): {short}")
    if len(told) > DOUBTS:
        terminal.warn(f"{len(told) - DOUBTS} more sentences are doubtful; --json lists them.")
    for language, count in sorted(work.untranslated.items()):
        terminal.warn(
            f"{terminal.counted(count, 'sentence')} in {NAMES[language]} stayed as before, since "
            f"no package translates {Direction(language, work.target)}; install one with "
            f"`parallax models install FILE`."
        )
    if work.untold:
        terminal.warn(
            f"{terminal.counted(work.untold, 'sentence')} without words of the three languages "
            f"stayed as before."
        )
