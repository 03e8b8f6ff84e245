"""`parallax events`: what is in the store."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import typer

from service.commands import opening, terminal

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def events(
    language: Annotated[
        Literal["ru", "uk", "en"] | None, typer.Option(help="Only events told in this language.")
    ] = None,
    languages: Annotated[
        int, typer.Option("--languages", min=1, max=3, help="Only those told in so many languages.")
    ] = 1,
    outlet: Annotated[
        str | None, typer.Option(help="Only events this outlet (name or id) reports.")
    ] = None,
    words: Annotated[
        str | None, typer.Option(help="Only those with these words in a headline.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Only those still told on this day."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Only those begun before this day.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most events to print.")] = 50,
    json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """List events, the last seen first, with their documents in each language.

    \b
    Example:
      parallax events --languages 3 --from 2026-01-20
    """  # noqa: D301  # \b is Click's mark for lines that stay as they are
    from service.store import events as queries

    found: list[queries.EventSummary] = []
    cursor = None
    with opening.store(opening.settings()) as store, store.session() as session:
        while True:
            page = queries.page(
                session,
                language=language,
                outlet=outlet,
                languages_at_least=languages,
                words=words,
                seen_from=_day(since),
                seen_to=_day(until),
                cursor=cursor,
                limit=min(1_000, limit - len(found)),
            )
            found += page.items
            cursor = page.next
            if cursor is None or len(found) >= limit:
                break
    if json:
        from service.api import shaping

        terminal.emit([shaping.event(each).model_dump(mode="json") for each in found])
        return
    if not found:
        typer.echo("There are no such events; `parallax ingest PATH` reads articles in.")
        return
    print_events(found)
    if cursor is not None:
        terminal.note(f"These are the first {limit}; --limit shows more.")


def print_events(found: Any) -> None:
    """Events as a table: counts per language, outlets, claim groups and pairs."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for name in ("last seen", "event"):
        table.add_column(name, no_wrap=True)
    table.add_column("title")
    for name in ("ru", "uk", "en", "outlets", "groups", "pairs"):
        table.add_column(name, justify="right")
    for each in found:
        event = each.event
        title = Text(event.title or "(no title)")
        if event.due:
            title.append("  not compared yet", style="dim")
        table.add_row(
            event.last_seen.strftime("%Y-%m-%d %H:%M"),
            event.id,
            title,
            *(str(event.languages.get(code, 0) or "·") for code in ("ru", "uk", "en")),
            str(event.outlets),
            str(each.groups),
            str(each.pairs),
        )
    terminal.console().print(table)


def _day(written: str | None) -> datetime | None:
    if written is None:
        return None
    from datetime import UTC

    from service.ingest.dates import published

    return published(written, now=datetime.max.replace(tzinfo=UTC, year=9000))
