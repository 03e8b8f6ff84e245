"""`parallax memory`: TMX in, TMX out, and what came in is used by the next translation."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from models.tmx import TranslationUnit, read, write
from service import cli
from tests.contract.server import EchoEngine, create_app, running, settings

Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("PARALLAX_DATA_FOLDER", str(tmp_path / "data"))
    return lambda *arguments: cli.run(["memory", *map(str, arguments)])


@pytest.fixture
def agency(tmp_path: Path) -> Path:
    path = tmp_path / "agency.tmx"
    with path.open("wb") as file:
        write(
            [
                TranslationUnit({"ru": "Он  пришёл.", "en": "He came.", "uk": "Він прийшов."}),
                TranslationUnit({"ru": "Да.", "de": "Ja."}),
                TranslationUnit({"ru": " ", "en": "Nothing."}),
            ],
            file,
        )
    return path


def written(path: Path) -> list[TranslationUnit]:
    return list(read(io.BytesIO(path.read_bytes())))


def test_units_come_in_once_and_go_out_again(run: Run, agency: Path, tmp_path: Path) -> None:
    assert run("import", agency, agency) == 0
    assert run("export", "-o", tmp_path / "all.tmx") == 0
    assert len(written(tmp_path / "all.tmx")) == 6
    assert run("export", "-o", tmp_path / "some.tmx", "--from", "ru", "--to", "en") == 0
    (unit,) = written(tmp_path / "some.tmx")
    assert unit.texts == {"ru": "Он пришёл.", "en": "He came."}
    assert unit.properties == {"x-origin": "tmx"}


def test_only_the_direction_named_comes_in(run: Run, agency: Path, tmp_path: Path) -> None:
    assert run("import", agency, "--from", "uk", "--to", "en") == 0
    assert run("export", "-o", tmp_path / "all.tmx") == 0
    assert [unit.texts for unit in written(tmp_path / "all.tmx")] == [
        {"uk": "Він прийшов.", "en": "He came."}
    ]


def test_what_came_in_is_used_at_once(run: Run, agency: Path, tmp_path: Path) -> None:
    app = create_app(settings(tmp_path / "data"), engine=EchoEngine())
    with running(app) as url:
        assert run("import", agency) == 0
        sent = {"q": "Он пришёл. Она ушла.", "source": "ru", "target": "en"}
        answer = httpx.post(f"{url}/translate", json=sent).json()
        assert answer == {"translatedText": "He came. [ru>en]Она ушла."}


@pytest.mark.parametrize("text", ["", "<html/>", "<tmx><body><tu></tmx>"])
def test_what_is_no_tmx_is_told_and_nothing_changes(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "bad.tmx").write_text(text)
    assert run("import", tmp_path / "bad.tmx") == 3
    told = capsys.readouterr().err
    assert "bad.tmx" in told
    assert told.count("\n") == 1
