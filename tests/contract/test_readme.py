"""The README names every command, setting, route and exit code there is, and no other."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import httpx
import pytest
from typer.main import get_command

from service import errors
from service.app import create_app, description
from service.cli import COMMANDS
from service.settings import Settings
from tests.contract.server import EchoEngine, running, settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


COMMANDS_SHOWN = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
    for line in re.split(r"\n(?=\S)", block.strip())
]


def requests_shown() -> Iterator[tuple[str, dict[str, str], bytes]]:
    """Path, headers and body of what each `curl` in the README sends."""
    for line in COMMANDS_SHOWN:
        words = iter(shlex.split(line))
        if next(words) != "curl":
            continue
        path, headers, data = "", {}, []
        for word in words:
            if word == "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            elif word == "-d":
                data.append(next(words))
            elif not word.startswith("-"):
                path = "/" + word.partition("/")[2]
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
        yield path, headers, "&".join(data).encode()


def test_every_request_that_is_shown_is_answered(tmp_path: Path) -> None:
    shown = list(requests_shown())
    assert len(shown) >= 2
    app = create_app(settings(tmp_path), engine=EchoEngine(("ru→en", "uk→en")))
    with running(app) as url, httpx.Client(base_url=url) as client:
        for path, headers, body in shown:
            answer = client.post(path, headers=headers, content=body)
            assert answer.status_code == 200, answer.text
            assert "Ð" not in answer.text  # Cyrillic read as Latin-1


def test_every_command_that_is_shown_can_be_parsed() -> None:
    """Those of the README and those in the help of each command."""
    shown = [line.partition(" #")[0] for line in COMMANDS_SHOWN]
    for name in COMMANDS:
        app = import_module(f"service.commands.{name}").app
        for each in app.registered_commands:
            shown += re.findall(r"^ *(?:.*\| )?(parallax .*)", each.callback.__doc__, re.M)
    written = [shlex.split(re.sub(r" *[<>].*", "", line)) for line in shown]
    written = [words for words in written if words[0] == "parallax"]
    assert len(written) > 10
    for _, name, *arguments in written:
        get_command(import_module(f"service.commands.{name}").app).make_context(name, arguments)


def test_every_setting_is_described() -> None:
    named = set(re.findall(r"^\| `(PARALLAX_[A-Z_]+)`", README, flags=re.MULTILINE))
    assert named == {f"PARALLAX_{name.upper()}" for name in Settings.model_fields}


def test_every_route_is_described(tmp_path: Path) -> None:
    paths = description(create_app(settings(tmp_path)))["paths"]
    served = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(re.findall(r"^\| `((?:GET|POST|DELETE|PUT|PATCH) [^`]+)`", README, re.M)) == served


def test_every_command_is_described() -> None:
    named = set(re.findall(r"^\| `parallax ([a-z]+)", README, flags=re.MULTILINE))
    assert named == set(COMMANDS)


def test_every_exit_code_is_described() -> None:
    assert errors.__doc__ is not None
    codes = set(re.findall(r"^(\d+)  ", errors.__doc__, flags=re.MULTILINE))
    told = README.split("Exit codes:")[1].split("\n\n")[0]
    assert set(re.findall(r"(?:^|\s)(\d+) ", told)) >= codes


def test_every_link_and_picture_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    missing = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert missing == []


@pytest.mark.parametrize("name", ["models", "alignment", "service"])
def test_every_module_says_what_it_is(name: str) -> None:
    mute = [
        str(path.relative_to(ROOT))
        for path in (ROOT / name).rglob("*.py")
        if path.stat().st_size and not path.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert mute == []
