"""The list of digests beside the packages that ship finds a changed, a lost and a foreign file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models import shipped
from models.registry import Registry
from tests.packages import random_package


@pytest.fixture
def home(tmp_path: Path) -> Path:
    random_package(tmp_path)
    random_package(tmp_path, "uk", "en")
    shipped.write(tmp_path)
    return tmp_path


def messages(home: Path) -> dict[str, str | None]:
    return {each.package: each.message for each in Registry([home]).verify()}


def test_packages_as_they_shipped_are_well(home: Path) -> None:
    found = Registry([home]).verify()
    assert [each.message for each in found] == [None, None]
    assert all(each.recorded == each.digest for each in found)


def test_a_changed_file_is_seen(home: Path) -> None:
    changed, well = sorted(home.glob("translate-*"))
    (changed / "README.md").write_text("changed")
    found = messages(home)
    assert sum(message is not None for message in found.values()) == 1
    assert any("not the ones that were recorded" in str(each) for each in found.values())
    shipped.write(home)
    assert set(messages(home).values()) == {None}
    assert well.is_dir()


def test_what_is_gone_is_told(home: Path) -> None:
    gone, _ = sorted(home.glob("translate-*"))
    gone.rename(home.parent / f"{home.name}-moved")
    assert messages(home)[gone.name] == "it was recorded and is not there"


def test_the_encoder_is_compared_too(home: Path) -> None:
    from models.encode import TOKENIZER, WEIGHTS

    encoder = home / "encoder"
    encoder.mkdir()
    for name in (WEIGHTS, TOKENIZER):
        (encoder / name).write_bytes(b"vectors")
    shipped.write(home)
    assert messages(home)["encoder"] is None
    (encoder / WEIGHTS).write_bytes(b"others")
    assert "not the ones" in str(messages(home)["encoder"])
    (encoder / WEIGHTS).unlink()
    assert messages(home)["encoder"] == "it was recorded and is not there"


@pytest.mark.parametrize("broken", ["", "[]", "{"])
def test_without_a_list_nothing_is_compared(home: Path, broken: str) -> None:
    (home / shipped.FILE).write_text(broken)
    found = Registry([home]).verify()
    assert [(each.recorded, each.message) for each in found] == [(None, None)] * 2


def test_the_list_that_ships_is_of_what_ships() -> None:
    home = Registry.default_folder()
    if not (home / shipped.FILE).is_file():
        pytest.fail("python -m models.shipped writes the digests of what ships")
    listed = json.loads((home / shipped.FILE).read_text(encoding="utf-8"))
    assert listed == shipped.measured(home), "python -m models.shipped writes it anew"
