"""What a command prints: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

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

    class Piped(Console):
        """Leaves it to the command line to end as a filter does when its reader has enough."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    # A pipe or a file has no width to wrap at, and highlighting would colour numbers inside quoted
    # sentences, which are evidence.
    plain = not sys.stdout.isatty()
    return Piped(
        highlight=False, emoji=False, markup=False, soft_wrap=plain, width=200 if plain else None
    )


def relation(name: str, *, doubtful: bool = False) -> Text:
    """A relation in its colour, and as a mere possibility where it is in doubt."""
    from rich.text import Text

    return Text(f"possibly {name}" if doubtful else name, style=RELATION_STYLES.get(name, ""))


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


def without(missing: Iterable[str]) -> str:
    """What a comparison went without, in words; a view that rests on a missing part is left out."""
    named = {"encoder": "sentence vectors", "vector": "sentence vectors", "words": "a word list"}
    told = {named.get(name, name) for name in missing}
    if any("→" in name for name in told):
        told.discard("english")
    return ", ".join(sorted(told))


#: Says how much is done, and the total where that has become known.
Report = Callable[[float, float | None], None]


@contextmanager
def progress(title: str, total: float | None, *, unit: str) -> Iterator[Report]:
    """A bar with rate and time left on standard error; nothing where that is no terminal.

    A `total` of None has no end yet. `unit` names what is counted ("articles").
    """
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task
    from rich.text import Text

    class Figures(ProgressColumn):
        """How many of how many, how many a second, and the time left."""

        def render(self, task: Task) -> Text:
            text = f"{task.completed:,.0f}"
            if task.total:
                text += f" of {task.total:,.0f}"
            text += f" {unit}"
            if task.speed:
                text += f", {task.speed:,.1f}/s"
            if task.time_remaining is not None:
                minutes, seconds = divmod(int(task.time_remaining), 60)
                text += f", {minutes}:{seconds:02} left"
            return Text(text, no_wrap=True)

    with Progress(
        "{task.description}",
        BarColumn(bar_width=20),
        Figures(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(title, total=total)

        def report(done: float, total: float | None) -> None:
            bar.update(task, completed=done, total=total)

        yield report
