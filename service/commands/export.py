"""`parallax export`: aligned pairs to a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import typer

from models.languages import Language
from service.commands import opening, terminal
from service.commands.output import writing

app = typer.Typer(rich_markup_mode=None, add_completion=False)

_BY_SUFFIX = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tmx": "tmx"}


@app.command()
def export(
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; else standard output."),
    ] = None,
    format: Annotated[
        Literal["jsonl", "csv", "tmx"] | None,
        typer.Option(help="Format; told by the name of the file otherwise.  [default: jsonl]"),
    ] = None,
    event: Annotated[str | None, typer.Option(help="Only pairs of this event.")] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            metavar="<ru|uk|en>",
            help="Only pairs with this language; given twice, between the two.",
        ),
    ] = None,
    outlet: Annotated[
        str | None, typer.Option(help="Only pairs with this outlet (name or id) on a side.")
    ] = None,
    relation: Annotated[
        Literal["same", "broader", "narrower", "conflicting", "denies", "related"] | None,
        typer.Option(help="Only pairs that stand so."),
    ] = None,
    probability: Annotated[
        float | None, typer.Option(min=0, max=1, help="Only pairs at least so probable.")
    ] = None,
    judgement: Annotated[
        Literal["same", "different", "unsure", "none"] | None,
        typer.Option(help="Only pairs that somebody judged so, or nobody judged."),
    ] = None,
) -> None:
    """Write aligned pairs with both originals, their offsets, relation, reasons and provenance.

    JSON Lines holds everything; CSV everything in one table, with an apostrophe before a cell that
    a spreadsheet program would run as a formula; TMX 1.4b the two originals as a
    translation unit, for CAT tools, with outlet, address and relation as properties. A file
    appears whole or not at all.

    \b
    Examples:
      parallax export -o pairs.tmx --language uk --language en --relation same --probability 0.9
      parallax export --event evt_abcdefghijklmnop --format csv > pairs.csv
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    languages = list(dict.fromkeys(language or ()))
    if unknown := [code for code in languages if code not in set(Language)]:
        raise typer.BadParameter(f"{unknown[0]!r} is no language; give ru, uk or en")
    if len(languages) > 2:
        raise typer.BadParameter("a pair has two sides; give one or two languages")
    chosen = format or _BY_SUFFIX.get(Path(output or "").suffix.lower(), "jsonl")
    from service.export.record import Record, record
    from service.store import events, pairs

    write: Callable[[Iterable[Record], BinaryIO], int] = import_module(
        f"service.export.{chosen}"
    ).write
    with opening.store(opening.settings()) as store, store.session() as session:
        found = pairs.every(
            session,
            event=None if event is None else events.get(session, event).id,
            language=languages[0] if len(languages) == 1 else None,
            languages=(languages[0], languages[1]) if len(languages) == 2 else None,
            outlet=outlet,
            relation=relation,
            probability_from=probability,
            judgement=judgement,
        )
        with (
            writing(output) as file,
            terminal.progress("Exporting", None, unit="pairs") as report,
        ):

            def counted() -> Iterable[Record]:
                for number, view in enumerate(found, 1):
                    report(number, None)
                    yield record(view)

            count = write(counted(), file)
    where = f" to {output}" if output not in (None, "-") else ""
    terminal.note(f"{terminal.counted(count, 'pair')} written{where}")
