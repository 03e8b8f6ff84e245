"""`parallax demo`: the sample coverage through the whole path, and what came of it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from service.commands import opening, terminal
from service.errors import BadInput

if TYPE_CHECKING:
    from sqlmodel import Session

    from service.gold import Agreement
    from service.settings import Settings

app = typer.Typer(rich_markup_mode=None, add_completion=False)

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
#: Claim groups of the largest event that are printed as an example.
SHOWN = 3


@app.command()
def demo() -> None:
    """Load the sample coverage into the store and print events, claim groups and pairs.

    The samples are 48 articles of invented outlets in three languages. Loading them again is quick
    and changes nothing. At the end the result is compared with `samples/gold.jsonl`, which was made
    by hand.
    """
    coverage = SAMPLES / "coverage"
    if not coverage.is_dir():
        raise BadInput(f"There is no sample coverage in {SAMPLES}; run this in a checkout.")
    using = opening.settings()
    from service.commands.ingest import Run
    from service.ingest.fields import Fields
    from service.ingest.files import Reading

    with opening.store(using) as store, opening.engine(using) as engine:
        from service.pipeline import Pipeline

        pipeline = Pipeline(
            using, store, engine, opening.encoder_if_any(using), opening.glossaries(using)
        )
        run = Run(pipeline, Reading([str(coverage)], Fields(characters=using.document_characters)))
        run.ingest(listing=False)
        run.align()
        for line in run.summary():
            typer.echo(line)
        with store.session() as session:
            _events(session, _command(using))
            _relations(session)
            _gold(session, SAMPLES / "gold.jsonl")
    if run.faults:
        raise typer.Exit(3)


def _command(using: Settings) -> str:
    """How this program is called again on this store: `make demo` sets a data folder of its own."""
    usual = type(using).model_fields["data_folder"].get_default(call_default_factory=True)
    program = sys.argv[0] if Path(sys.argv[0]).is_file() else "parallax"
    if using.data_folder == usual:
        return program
    return f"PARALLAX_DATA_FOLDER={shlex.quote(str(using.data_folder))} {program}"


def _events(session: Session, command: str) -> None:
    from service.commands.events import print_events
    from service.commands.printed_event import print_group
    from service.store import events, groups

    found = list(events.page(session, languages_at_least=2, limit=1_000).items)
    out = terminal.console()
    _title(out, "Events told in two languages or more")
    print_events(found)
    largest = max(found, key=lambda each: (each.pairs, each.event.id), default=None)
    if largest is None:
        return
    _title(out, f"From {largest.event.title or largest.event.id}")
    page = groups.page(session, largest.event.id, languages_at_least=2, limit=SHOWN)
    for view in page.items:
        print_group(out, view, most=2)
        out.print()
    typer.echo("All of it, on the terminal or in a browser:")
    typer.echo(f"  {command} show {largest.event.id}")
    typer.echo(f"  {command} serve")


def _relations(session: Session) -> None:
    from rich.text import Text

    from service.store import pairs

    out = terminal.console()
    _title(out, "Pairs across languages, by relation, and those where it is in doubt")
    counts = pairs.relations(session, doubtful=False)
    doubtful = pairs.relations(session, doubtful=True)
    for name, style in terminal.RELATION_STYLES.items():
        told = f"{counts.get(name, 0):>6}{doubtful.get(name, 0):>6}"
        out.print(Text(f"  {name:<12}", style=style) + Text(told))


def _gold(session: Session, path: Path) -> None:
    from service.gold import compare

    out = terminal.console()
    found = compare(session, path)
    _title(out, "Compared with samples/gold.jsonl")
    if found.missing_articles:
        out.print(f"  {len(found.missing_articles)} of its articles are not in the store")
    out.print(f"  {'':<34}{'precision':>10}{'recall':>10}{'F1':>10}")
    _line(out, f"events ({found.articles} articles, BCubed)", found.events)
    _line(out, f"claim pairs ({found.pairs.wanted})", found.pairs)
    for languages, agreement in found.by_languages.items():
        _line(out, f"  {languages} ({agreement.wanted})", agreement)
    out.print(
        f"  partner or rightly none: {found.nil_aware.precision:.3f} of {found.nil_aware.wanted}"
    )
    out.print(f"  relation as marked: {found.relations:.3f} of {found.related} pairs found")


def _line(out: Any, name: str, agreement: Agreement) -> None:
    out.print(
        f"  {name:<34}{agreement.precision:>10.3f}{agreement.recall:>10.3f}{agreement.f1:>10.3f}"
    )


def _title(out: Any, title: str) -> None:
    from rich.text import Text

    out.print()
    out.print(Text(title, style="bold"))
