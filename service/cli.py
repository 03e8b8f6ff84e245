"""The command line: `parallax COMMAND …`, one file a command in `service/commands/`.

Nothing but the command asked for is imported, so that `parallax --help` answers at once. Errors
leave here as one sentence on standard error and an exit code from `service/errors.py`.
"""

from __future__ import annotations

import errno
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

#: Every command with its one line of help, in the order in which one meets them.
COMMANDS: dict[str, str] = {
    "ingest": "Read articles from files into the store and run the whole path on them.",
    "events": "List the events in the store, the newest first.",
    "show": "Print one document, event, claim group or pair.",
    "align": "Align two or three files, without a store.",
    "translate": "Translate files or standard input.",
    "export": "Write aligned pairs as JSON Lines, CSV or TMX.",
    "memory": "Take in and give out the translation memory as TMX.",
    "models": "List, show, install, verify and remove Argos packages.",
    "encode": "Turn lines into sentence vectors.",
    "serve": "Serve the pages and the HTTP API.",
    "keys": "Make, list and revoke keys of the HTTP API.",
    "doctor": "Say what is installed, what is missing, and the command that mends it.",
    "demo": "Load the sample coverage and print what the path finds in it.",
}


class Commands(TyperGroup):
    """The group of all commands, which imports the module of a command when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # the signature is Click's
        """The names of the commands in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002  # Click's
        """The command with this name, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"service.commands.{cmd_name}")
        command = get_command(module.app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # Click's
        """Write the list of commands from the table above, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
        from service import errors

        _, _, codes = (errors.__doc__ or "").partition("Exit codes of the command line:\n")
        with formatter.section("Exit codes"):
            formatter.write_dl(
                [tuple(line.split("  ", 1)) for line in codes.splitlines() if "  " in line]
            )


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"parallax {version('parallax')}")
        raise typer.Exit


@app.callback()
def parallax(
    context: typer.Context,
    _: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """See how one event is told in Russian, Ukrainian and English.

    Everything runs on this machine and nothing leaves it. `parallax COMMAND --help` explains a
    command; settings are PARALLAX_… variables, which `parallax doctor` lists.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Carry out one command; its exit code. Errors are told on standard error."""
    group = get_command(app)
    try:
        with group.make_context("parallax", list(arguments)) as context:
            group.invoke(context)
        sys.stdout.flush()
    except typer.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, EOFError, typer.Abort):
        typer.echo("parallax: Interrupted; the same command can be run again.", err=True)
        return 130
    except BrokenPipeError:
        # Whoever read our output has enough: end as every filter does, quietly and by the signal.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.raise_signal(signal.SIGPIPE)
    except Exception as error:
        sentence, code = told(error)
        typer.echo(f"parallax: {sentence}", err=True)
        return code
    return 0


def told(error: Exception) -> tuple[str, int]:
    """One sentence for a person about an error, and the exit code."""
    from service.errors import exit_code, problem

    if isinstance(error, _USAGE):
        return _usage(error), 2
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        where = f" for {error.filename}" if error.filename else ""
        return f"No space is left on the disk{where}; free some and run the command again.", 6
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or str(error)
        return f"{where}{reason}; check the path and who may use it.", 3
    if isinstance(error, MemoryError):
        return "There is not enough memory for this; give the command smaller pieces.", 3
    if problem(error).slug == "unexpected":
        _trace(error)
        return (
            f"An error of Parallax itself, {type(error).__name__}: {error}; please report it with "
            f"what PARALLAX_LOG_LEVEL=debug prints.",
            1,
        )
    sentence = str(error)
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}.", exit_code(error)


#: The ancestor of what Typer raises for a command written wrongly, wherever it is defined.
_USAGE: type[Exception] = typer.BadParameter.__mro__[2]


def _usage(error: Any) -> str:
    message = " ".join(str(error.format_message()).split()).rstrip(".")
    message = message.replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "parallax"
    return f"{message}; see `{path} --help`."


def _trace(error: Exception) -> None:
    """Print where an unexpected error happened, for those who asked for it."""
    from service.settings import Settings

    try:
        wanted = Settings().log_level == "debug"
    except ValueError:
        return
    if wanted:
        import traceback

        typer.echo("".join(traceback.format_exception(error)), err=True)
