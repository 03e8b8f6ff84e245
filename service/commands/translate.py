"""`parallax translate`: files or standard input, with paragraphs and line breaks kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from errno import ENOSPC
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from models.errors import ModelError
from models.languages import NAMES, Direction, Language
from service.commands import opening, terminal
from service.commands.inputs import text_in
from service.commands.output import writing
from service.errors import BadInput, ServiceError
from service.ingest.folder import LEADS_OUT

if TYPE_CHECKING:
    from service.commands.destinations import Destination
    from service.commands.translating import Piece, Work

app = typer.Typer(rich_markup_mode=None, add_completion=False)

#: Doubts told one by one on standard error; the rest is counted.
DOUBTS = 20
#: Documents whose translation is text that can go to standard output.
PRINTABLE = frozenset({".html", ".htm", ".srt", ".pdf"})
#: Text whose marks are a format's and not a sentence's.
TABLES = frozenset({".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".jl", ".xml"})


@app.command()
def translate(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE", help="Files, or folders of them; none or `-` is standard input."
        ),
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
    the words as it was, a PDF as its text. Of several files, and of those in folders, each goes
    where -o says under its own name; one that cannot be used is told and the others go on. Links
    that lead out of a folder are not followed.

    \b
    Examples:
      parallax translate --to en article.txt
      parallax translate --to uk report.docx -o report.uk.docx
      parallax translate --to en archive/ -o archive-en/
      echo 'Сторони домовилися.' | parallax translate --to ru
      parallax translate --lines --from uk --to en < segments.uk > segments.en
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    names = files or ["-"]
    if names.count("-") > 1:
        raise typer.BadParameter("standard input can be read only once")
    using = opening.settings()
    from service.commands.destinations import destinations
    from service.commands.translating import Work

    found, left = destinations(names, output)
    documents = [each for each in found if _is_document(each.name)]
    if documents and (lines or json):
        raise typer.BadParameter(
            f"--lines and --json are for plain text, not for {documents[0].name}"
        )
    packed = [each.name for each in documents if not _is_printable(each.name)]
    if packed and output is None:
        raise typer.BadParameter(f"say with -o where the translation of {packed[0]} goes")
    told: list[tuple[str, Piece]] = []
    plain: list[dict[str, Any]] = []
    code = 0
    with (
        opening.engine(using) as engine,
        opening.guidance(using) as laid_down,
        terminal.progress(
            "Translating", sum(each.bytes for each in found) or None, unit="bytes"
        ) as report,
    ):
        given = None if source == "auto" else Language(source)
        work = Work(engine, given, Language(target), beam, laid_down)
        before = 0
        for each in found:
            step = partial(_report, report, before, each.bytes)
            try:
                if _is_document(each.name):
                    _write_document(work, each)
                    told += [(each.name, one) for one in work.doubts]
                else:
                    text = _text(each.name, encoding)
                    pieces = _pieces(work, text, step, lines=lines)
                    told += [
                        (each.name, p) for p in pieces if p.translation and p.translation.flags
                    ]
                    if json:
                        plain.append(_plain(each.name, text, pieces, work.target))
                    else:
                        _write(each, text, pieces)
            except (ServiceError, ModelError, OSError) as error:
                if len(found) == 1 or getattr(error, "errno", None) == ENOSPC:
                    raise
                code = max(code, _refused(each.name, error))
            work.doubts.clear()
            before += each.bytes
            report(before, None)
    if json:
        from json import dumps

        with writing(output if len(found) == 1 else None) as file:
            file.write((dumps(plain, ensure_ascii=False, indent=1) + "\n").encode())
    _tell(told, work)
    if left.kinds:
        kinds = ", ".join(f"{count:,} {suffix}" for suffix, count in left.kinds.most_common(8))
        terminal.note(f"Files of other kinds in the folders were left alone: {kinds}")
    for link in left.links:
        code = max(code, 3)
        terminal.warn(f"{link}: {LEADS_OUT}.")
    if code or work.untranslated:
        raise typer.Exit(code or 5)


def _report(report: terminal.Report, before: int, size: int, share: float) -> None:
    """Say how far the translation is, from the share of the file that is done."""
    report(before + share * size, None)


def _refused(name: str, error: Exception) -> int:
    """The exit code of an error that a file met among others, which go on; it is told now."""
    from service.cli import told

    sentence, code = told(error)
    terminal.warn(sentence if sentence.startswith(name) else f"{name}: {sentence}")
    return code


def _text(name: str, encoding: str | None) -> str:
    """The text of a file, unless its lines are rows that a translation would break.

    Raises:
        BadInput: they are, or it is no text.
    """
    suffix = Path(name).suffix.lower()
    if suffix in TABLES:
        raise BadInput(
            f"{name}: {suffix} files hold data whose quotes and commas a translation would break; "
            f"read articles in them with `parallax ingest`, or give their text on standard input."
        )
    return text_in(name, encoding)


def _pieces(work: Work, text: str, step: Callable[[float], None], *, lines: bool) -> list[Piece]:
    pieces: list[Piece] = []
    for done, made in work.lines(text) if lines else work.article(text):
        pieces += made
        step(done / max(1, len(text)))
    return pieces


def _write(to: Destination, text: str, pieces: Sequence[Piece]) -> None:
    from service.commands.translating import rebuilt

    _make_folder(to)
    with writing(to.place) as file:
        file.write(rebuilt(text, pieces).encode())


def _make_folder(to: Destination) -> None:
    """Make the folder a file has in the folder that was given, where it is not there yet."""
    if to.place is not None and len(to.within.parts) > 1:
        Path(to.place).parent.mkdir(parents=True, exist_ok=True)


def _is_document(name: str) -> bool:
    """Whether a file is more than plain text: a page, subtitles, an office document, a PDF."""
    from models.documents import FORMATS

    suffix = Path(name).suffix.lower()
    return suffix in FORMATS and suffix != ".txt"


def _is_printable(name: str) -> bool:
    return Path(name).suffix.lower() in PRINTABLE


def _write_document(work: Work, to: Destination) -> None:
    from models.errors import DocumentError

    _make_folder(to)
    try:
        with open(to.name, "rb") as file, writing(to.place) as target:
            work.document(file, target, Path(to.name).suffix)
    except DocumentError as error:
        raise DocumentError(f"{to.name}: {error}") from error


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
