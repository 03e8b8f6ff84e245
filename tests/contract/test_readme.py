"""The README names every command, setting, route and exit code there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service import errors
from service.app import create_app, description
from service.cli import COMMANDS
from service.settings import Settings
from tests.contract.server import settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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
