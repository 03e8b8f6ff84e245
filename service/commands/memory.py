"""`parallax memory`: translations by people, taken in from other tools and given to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from service.commands import opening, terminal
from service.commands.output import writing
from service.errors import BadInput

if TYPE_CHECKING:
    from models.tmx import TranslationUnit
    from service.store.database import Store
    from service.store.tables import TranslationUnitRow

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    help="Take in and give out the translation memory as TMX.\n\n"
    "What is in it is used before any package: an equal sentence gets the translation of a "
    "person, and a similar one is offered at /v1/memory/matches.",
)

_Code = Literal["ru", "uk", "en"]
#: Units taken in by one transaction.
_BATCH = 1_000


@app.command("import")
def take_in(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="TMX files.")],
    source: Annotated[
        _Code | None, typer.Option("--from", help="Only units from this language.")
    ] = None,
    target: Annotated[
        _Code | None, typer.Option("--to", help="Only units into this language.")
    ] = None,
) -> None:
    """Take in TMX files of other tools; what is known already is not doubled.

    A unit serves every direction between its languages, unless --from or --to names one. Of two
    translations of one sentence the later one counts.

    \b
    Examples:
      parallax memory import agency.tmx --to en
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    from service.store import memory

    taken = 0
    with opening.store(opening.settings()) as store:
        for path in files:
            rows = _rows(_units(path), source, target)
            while batch := [row for _, row in zip(range(_BATCH), rows, strict=False)]:
                with store.session(write=True) as session:
                    memory.add_all(session, batch)
                taken += len(batch)
    terminal.note(f"{terminal.counted(taken, 'translation')} taken in.")


@app.command("export")
def give_out(
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; else standard output."),
    ] = None,
    source: Annotated[
        _Code | None, typer.Option("--from", help="Only units from this language.")
    ] = None,
    target: Annotated[
        _Code | None, typer.Option("--to", help="Only units into this language.")
    ] = None,
) -> None:
    """Write the translation memory as TMX 1.4b, the newest unit first."""
    from importlib.metadata import version

    from models import tmx

    with opening.store(opening.settings()) as store, writing(output) as file:
        found = (_unit(row) for row in _stored(store, source, target))
        count = tmx.write(found, file, source=source or "*all*", version=version("parallax"))
    terminal.note(f"{terminal.counted(count, 'translation')} written.")


def _units(path: Path) -> Iterator[TranslationUnit]:
    from models.tmx import TmxError, read

    with path.open("rb") as file:
        try:
            yield from read(file)
        except TmxError as error:
            raise BadInput(f"{path}: {error}") from error


def _rows(
    units: Iterable[TranslationUnit], source: _Code | None, target: _Code | None
) -> Iterator[TranslationUnitRow]:
    """A row for each direction a unit serves."""
    from models.languages import DIRECTIONS
    from models.memory import normal
    from service.store import memory

    wanted = [
        each
        for each in DIRECTIONS
        if source in (None, each.source) and target in (None, each.target)
    ]
    for unit in units:
        for direction in wanted:
            words = unit.texts.get(direction.source, ""), unit.texts.get(direction.target, "")
            if all(map(str.strip, words)):
                yield memory.row(
                    normal(words[0]),
                    words[1].strip(),
                    source_language=direction.source,
                    target_language=direction.target,
                    origin="tmx",
                    who=unit.author or "",
                )


def _stored(
    store: Store, source: _Code | None, target: _Code | None
) -> Iterator[TranslationUnitRow]:
    from service.store import memory
    from service.store.page import LIMIT

    cursor: str | None = None
    while True:
        with store.session() as session:
            page = memory.page(
                session, source_language=source, target_language=target, cursor=cursor, limit=LIMIT
            )
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def _unit(row: TranslationUnitRow) -> TranslationUnit:
    from models.tmx import TranslationUnit

    return TranslationUnit(
        {row.source_language: row.source, row.target_language: row.target},
        id=row.id,
        properties={"x-origin": row.origin} if row.origin else {},
        author=row.who or None,
        created=row.created_at,
    )
