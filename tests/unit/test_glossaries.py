from __future__ import annotations

import os
from pathlib import Path

import pytest
import structlog

from models.languages import Direction
from service.glossaries import Glossaries

RU_EN, UK_EN = Direction.parse("ru-en"), Direction.parse("uk-en")


def glossaries(folder: Path) -> Glossaries:
    return Glossaries(folder, structlog.get_logger())


def test_a_folder_that_is_not_there_is_no_glossary(tmp_path: Path) -> None:
    assert glossaries(tmp_path / "none").current() is None


def test_each_direction_has_its_file(tmp_path: Path) -> None:
    (tmp_path / "ru-en.tsv").write_text("ополченец\tmilitiaman\n", encoding="utf-8")
    (tmp_path / "uk-en.csv").write_text("бойовик,militant\n", encoding="utf-8-sig")
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    found = glossaries(tmp_path).current()
    assert found is not None
    assert found.missed("Ополченцы ушли.", "They left.", RU_EN) == ["Ополченцы"]
    assert found.missed("Бойовики пішли.", "Militants left.", UK_EN) == []


def test_a_change_counts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ru-en.tsv"
    path.write_text("война\twar\n", encoding="utf-8")
    folder = glossaries(tmp_path)
    first = folder.current()
    assert folder.current() is first
    path.write_text("война\tconflict|strife\n", encoding="utf-8")
    second = folder.current()
    assert second is not None
    assert second.missed("Война.", "War.", RU_EN) == ["Война"]
    path.unlink()
    assert folder.current() is None


@pytest.mark.parametrize("text", ["война\n", b"\xff\xfe\x00bad"])
def test_one_that_cannot_be_read_spoils_no_other(
    tmp_path: Path, text: str | bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ru-en.tsv").write_bytes(text if isinstance(text, bytes) else text.encode())
    (tmp_path / "uk-en.tsv").write_text("війна\twar\n", encoding="utf-8")
    found = glossaries(tmp_path).current()
    assert found is not None
    assert [term.direction for term in found.terms] == [UK_EN]
    assert "glossary not read" in capsys.readouterr().out


def test_a_file_that_keeps_its_size_and_time_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "ru-en.tsv"
    path.write_text("война\twar\n", encoding="utf-8")
    os.utime(path, (1, 1))
    folder = glossaries(tmp_path)
    assert folder.current() is folder.current()
