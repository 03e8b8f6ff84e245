"""The packages that ship, written as `.argosmodel` files, in stock Argos Translate."""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.archive import unpack
from models.package import read
from models.registry import Registry
from models.segment import spans
from models.training.package import write_archive

SHIPPED = sorted(Registry.default_folder().glob("translate-*"))
SENTENCES = {
    "ru": "Президент подписал новый закон 24 февраля 2022 года.",
    "uk": "Президент підписав новий закон 24 лютого 2022 року.",
    "en": "The president signed a new law on 24 February 2022.",
}


@pytest.fixture
def argos(tmp_path: Path) -> Iterator[tuple[Any, Any]]:
    """The real modules with a home of their own, and our splitter for the one they would fetch."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [each for each in os.environ if each.startswith("ARGOS_")]:
            patch.delenv(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            translate: Any = importlib.import_module("argostranslate.translate")
            packages: Any = importlib.import_module("argostranslate.package")
            settings: Any = importlib.import_module("argostranslate.settings")
        home = tmp_path / "argos"
        home.mkdir()
        patch.setattr(settings, "package_data_dir", home)
        patch.setattr(settings, "package_dirs", [home])

        class Sentences:
            def __init__(self, package: object) -> None:
                pass

            def split_sentences(self, text: str) -> list[str]:
                return [text[start:end] for start, end in spans(text)]

        patch.setattr(translate, "MiniSBDSentencizer", Sentences)
        patch.setattr(translate, "StanzaSentencizer", Sentences)
        translate.get_installed_languages.cache_clear()
        yield packages, translate
        translate.get_installed_languages.cache_clear()


@pytest.mark.skipif(not SHIPPED, reason="no trained package ships yet")
@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_a_written_archive_installs_and_translates(
    folder: Path, argos: tuple[Any, Any], tmp_path: Path
) -> None:
    packages, translate = argos
    packages.install_from_path(write_archive(folder, tmp_path))
    (installed,) = packages.get_installed_packages()
    source, target = installed.from_code, installed.to_code
    text = translate.translate(SENTENCES[source], source, target)
    assert ("president" if target == "en" else "президент") in text.casefold()
    assert "2022" in text


@pytest.mark.skipif(not SHIPPED, reason="no trained package ships yet")
def test_a_written_archive_is_the_package_again(tmp_path: Path) -> None:
    folder, into = SHIPPED[0], tmp_path / "into"
    into.mkdir()
    found = read(unpack(write_archive(folder, tmp_path), into))
    assert found.shortlist
    assert found.digest == read(folder, links_within=folder.parent).digest
