"""`parallax demo`: what `make demo` prints, and that a second run changes nothing."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from service import cli


def dump(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def test_the_demo_prints_what_it_found_and_a_second_run_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(tmp_path))
    monkeypatch.setattr("service.settings.Settings.package_folders", property(lambda _: ()))
    assert cli.run(["demo"]) == 0
    first = capfd.readouterr()
    assert first.out.startswith("48 articles: 48 stored\n")
    assert re.search(r"\d+ events compared: \d+ claim groups, [\d,]+ pairs across", first.out)
    assert "without ru→en, uk→en" in first.out
    for relation in ("same", "broader", "narrower", "conflicting", "denies", "related"):
        assert re.search(rf"^  {relation} +\d+ +\d+$", first.out, re.M)
    assert re.search(r"^  events \(48 articles, BCubed\) +[01]\.\d{3}", first.out, re.M)
    assert re.search(r"^  claim pairs \(\d+\) +[01]\.\d{3}", first.out, re.M)
    assert re.search(r"^  relation as marked: [01]\.\d{3} of \d+ pairs found$", first.out, re.M)
    stored = dump(tmp_path / "parallax.sqlite3")
    assert cli.run(["demo"]) == 0
    second = capfd.readouterr()
    assert second.out.startswith("48 articles: 48 known\n")
    assert first.out.partition("\n\n")[2] == second.out.partition("\n\n")[2]
    assert dump(tmp_path / "parallax.sqlite3") == stored


def test_the_demo_without_samples_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("service.commands.demo.SAMPLES", tmp_path)
    assert cli.run(["demo"]) == 3
    assert "There is no sample coverage" in capfd.readouterr().err
