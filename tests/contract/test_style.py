"""The house rules that a machine can check."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
OURS = ("service", "models", "alignment", "tests", "bench")


def run(*command: str) -> None:
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
    ],
    ids=lambda command: " ".join(command),
)
def test_linters_types_and_import_contracts_are_clean(command: tuple[str, ...]) -> None:
    run(*command)


def test_only_settings_reads_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in sources("service", "models", "alignment")
        if re.search(r"\bos\.(environ\s*(\[|\.get)|getenv)", path.read_text(encoding="utf-8"))
        and path.name != "settings.py"
    ]
    assert readers == []


def test_no_file_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
    assert [path for path in sources(*OURS) if path.stem in drawers] == []


def test_no_file_is_two_files() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources("service", "models", "alignment")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
        and "migrations" not in path.parts  # written by Alembic, one file a schema
    }
    assert long == {}


def test_no_page_or_style_reaches_for_the_network() -> None:
    """Templates, styles and scripts load nothing that is not served by Parallax itself."""
    remote = re.compile(
        r"""(?:src|href|action)\s*=\s*["']https?://|url\(\s*["']?https?://|@import"""
    )
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "service").rglob("*")
        if path.suffix in {".html", ".css", ".js", ".svg"}
        and remote.search(path.read_text(encoding="utf-8"))
    ]
    assert offenders == []
