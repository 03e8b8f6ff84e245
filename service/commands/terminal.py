"""What a command prints: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

#: Colours of the relations, the same on every screen.
RELATION_STYLES = {
    "same": "green",
    "broader": "cyan",
    "narrower": "cyan",
    "conflicting": "yellow",
    "denies": "red",
    "related": "dim",
}


def console() -> Console:
    """Standard output for a person: colours on a terminal, plain lines in a pipe or a file."""
    from rich.console import Console

    # A pipe or a file has no width to wrap at, and highlighting would colour numbers inside quoted
    # sentences, which are evidence.
    plain = not sys.stdout.isatty()
    return Console(
        highlight=False, emoji=False, markup=False, soft_wrap=plain, width=200 if plain else None
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 article", "2,000 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def emit(data: Any) -> None:
    """Print `data` as one JSON document."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def emit_line(data: Any) -> None:
    """Print `data` as one line of JSON Lines."""
    typer.echo(json.dumps(data, ensure_ascii=False, default=str))


def warn(sentence: str) -> None:
    """Tell a person about a doubt or a refusal, on standard error."""
    typer.echo(f"parallax: {sentence}", err=True)


def note(sentence: str) -> None:
    """Tell a person what is going on, on standard error."""
    typer.echo(sentence, err=True)


#: Says how much is done, a word on it, and the total where that has become known.
Report = Callable[[float, str, float | None], None]


@contextmanager
def progress(title: str, total: float | None, *, unit: str) -> Iterator[Report]:
    """A bar with rate and time left on standard error; nothing where that is no terminal.

    A `total` of None has no end yet. `unit` names what is counted ("articles").
    """
    if not sys.stderr.isatty():
        yield lambda _done, _word, _total: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Units a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.1f} {unit}/s" if speed else "", style="progress.data.speed")

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[word]}"),
        Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=total, word="")

        def report(done: float, word: str, total: float | None) -> None:
            bar.update(task, completed=done, word=word, total=total)

        yield report
