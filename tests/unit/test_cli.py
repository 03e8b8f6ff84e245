"""The command line as such: lazy, one sentence an error, exit codes as documented."""

from __future__ import annotations

import errno
import io
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import Busy, EncoderMissing, NoRoute, PackageError
from models.languages import Direction
from service import cli, errors
from service.commands import align, terminal

#: What may not be imported before a command needs it.
HEAVY = {
    "ctranslate2", "sentencepiece", "numpy", "scipy", "sklearn", "trafilatura", "lxml", "fastapi",
    "sqlalchemy", "pydantic", "rich",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(tmp_path / "data"))


def test_help_lists_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for name, line in cli.COMMANDS.items():
        assert f"{name} {line}" in shown
    for code in {problem.exit_code for problem in errors.PROBLEMS} | {0, 2}:
        assert re.search(rf"(?:^|\s){code} [a-z]", shown.split("Exit codes:")[1])


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from service.cli import run; code = run(['--help']); "
        f"sys.exit(code or ' '.join({HEAVY!r} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_keys_are_listed_with_the_limits_they_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["keys", "add", "desk", "--per-minute", "30", "--characters", "5000"]) == 0
    assert cli.run(["keys", "list"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if " desk " in line)
    assert row.split()[1:5] == ["desk", "work", "30", "5,000"]


def test_a_wrong_choice_is_told_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["translate", "--to", "de"]) == 2
    told = capsys.readouterr().err
    assert "Value error" not in told
    assert "'de' is not one of 'ru', 'uk', 'en'" in told


def test_a_reader_that_has_enough_ends_every_command_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rich would end the command with the code of an error of ours."""

    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Closed())
    with pytest.raises(BrokenPipeError):
        terminal.console().print("anything")


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"Usage: parallax {name} ")
    assert len(shown.splitlines()) > 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "No such command 'nothing'; see `parallax --help`."),
        (["align"], "Missing argument 'FILE'; see `parallax align --help`."),
        (["align", "one"], "it takes two or three files, and 1 were given; see `parallax align"),
        (["events", "--limit", "many"], "see `parallax events --help`."),
        (["serve", "--port", "99999"], "see `parallax serve --help`."),
        (["export", "--language", "fr"], "'fr' is no language; give ru, uk or en"),
        (["models", "nothing"], "see `parallax models --help`."),
        (["--nothing"], "No such option: --nothing"),
    ],
)
def test_a_command_written_wrongly_is_one_sentence_and_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.BadInput("The file is odd; give another."), 3),
        (errors.TooMuch("Too long; split it."), 3),
        (errors.NotFound("event", "evt_x"), 4),
        (NoRoute(Direction.parse("ru-uk")), 5),
        (EncoderMissing("None; train one."), 5),
        (PackageError("Broken; fetch it again."), 5),
        (Busy(1.0), 5),
        (errors.StoreFull(), 6),
        (errors.Forbidden("Not allowed; use another key."), 7),
        (OSError(errno.ENOSPC, "No space left on device", "out.tmx"), 6),
        (PermissionError(errno.EACCES, "Permission denied", "in.txt"), 3),
        (MemoryError(), 3),
        (ZeroDivisionError("division by zero"), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_an_error_is_one_sentence_with_its_exit_code(
    error: BaseException,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(align, "lines_in", fail)
    assert cli.run(["align", "--segmented", "a", "b"]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("parallax: ")
    assert shown.err.count("\n") == 1
    assert "Traceback" not in shown.err


def test_where_an_unexpected_error_happened_is_shown_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(align, "lines_in", fail)
    monkeypatch.setenv("PARALLAX_LOG_LEVEL", "debug")
    assert cli.run(["align", "--segmented", "a", "b"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARALLAX_PORT", "eight thousand")
    assert cli.run(["keys", "list"]) == 3
    assert capsys.readouterr().err.startswith("parallax: PARALLAX_PORT cannot be used")


def test_a_reader_that_has_enough_ends_the_command_by_the_signal() -> None:
    script = "import sys; from service.cli import main; sys.argv[1:] = ['--help']; main()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (-13, b"")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert re.fullmatch(r"parallax \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_an_address_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.run(["serve", "--port", str(port)]) == 3
    assert f"127.0.0.1:{port} cannot be listened on" in capsys.readouterr().err
