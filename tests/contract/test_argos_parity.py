"""The same text as `argostranslate.translate` on the same package, options and splitter.

Where Argos is wrong, the difference is listed here and each is tested: underscores, line breaks,
leading blank lines, whitespace between sentences, and the target prefix of a second sentence.
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.languages import Direction
from models.registry import Registry
from models.segment import spans
from models.translate import ARGOS, Engine
from tests.packages import LINES, Generation, dictionary_package, random_package

Translate = Callable[[Path, str], str]
RU_EN = Direction.parse("ru-en")
WORDS = {"Президент": "President", "подписал": "signed", "закон": "law", "новый": "new"}


@pytest.fixture(scope="module")
def argos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Translate]:
    """The real module, with our splitter in the place of one that would be downloaded."""
    home = tmp_path_factory.mktemp("argos")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(home))
        for name in [each for each in os.environ if each.startswith("ARGOS_")]:
            patch.delenv(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            real: Any = importlib.import_module("argostranslate.translate")
            packages: Any = importlib.import_module("argostranslate.package")

        class Sentences:
            def __init__(self, package: object) -> None:
                pass

            def split_sentences(self, text: str) -> list[str]:
                return [text[start:end] for start, end in spans(text)]

        patch.setattr(real, "MiniSBDSentencizer", Sentences)
        patch.setattr(real, "StanzaSentencizer", Sentences)
        made: dict[Path, Any] = {}

        def translate(folder: Path, text: str) -> str:
            if folder not in made:
                package = packages.Package(folder)
                ends = (real.Language(code, code) for code in (package.from_code, package.to_code))
                made[folder] = real.PackageTranslation(*ends, package)
            return str(made[folder].translate(text))

        yield translate


@pytest.fixture
def ours() -> Iterator[Translate]:
    engines: list[Engine] = []

    def translate(folder: Path, text: str) -> str:
        engine = Engine(Registry([folder.parent]))
        engines.append(engine)
        (package,) = engine.registry.packages()
        return engine.translate([text], package.direction, options=ARGOS)[0].text

    yield translate
    for engine in engines:
        engine.close()


@pytest.mark.parametrize("source", ["ru", "uk", "en"])
@pytest.mark.parametrize("generation", ["sentencepiece", "bpe", "legacy"])
def test_each_generation_gives_the_same_text(
    generation: Generation, source: str, argos: Translate, ours: Translate, tmp_path: Path
) -> None:
    target = "uk" if source == "en" else "en"
    folder = random_package(tmp_path, source, target, generation=generation, seed=11)
    for line in LINES[source][:2]:
        assert ours(folder, line) == argos(folder, line)


@pytest.mark.parametrize(
    "text",
    [
        "Президент подписал новый закон.",
        "Президент подписал закон. Президент подписал новый закон! Закон?",
        "Президент подписал закон\nПрезидент подписал новый закон",
        "Президент\n\nподписал\n\n\nзакон.",
        "«Президент» — «закон», 12,5 % и (новый) закон: да; нет…",
        "ПРЕЗИДЕНТ ПОДПИСАЛ ЗАКОН",
        "Смотрите https://example.com/x?y=1 и a@b.org, Президент.",
        "12345",
    ],
)
def test_texts_and_paragraphs_come_out_alike(
    text: str, argos: Translate, ours: Translate, tmp_path: Path
) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    assert ours(folder, text) == argos(folder, text)


def test_the_starter_packages_give_the_same_text(argos: Translate) -> None:
    registry = Registry([Registry.default_folder()])
    if not registry.packages():
        pytest.skip("no starter packages are committed yet")
    engine = Engine(registry)
    for package in registry.packages():
        source = package.direction.source.value
        for line in LINES[source]:
            (found,) = engine.translate([line], package.direction, options=ARGOS)
            assert found.text == argos(package.folder, line)
    engine.close()


# Where Argos is wrong -----------------------------------------------------------------------


def test_underscores_stay(argos: Translate, ours: Translate, tmp_path: Path) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    text = "Президент подписал https://example.com/a_b @x_y."
    assert ours(folder, text) == "President signed https://example.com/a_b @x_y."
    assert argos(folder, text) == "President signed https://example.com/a b @x y."


def test_leading_blank_lines_stay(argos: Translate, ours: Translate, tmp_path: Path) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    assert ours(folder, "\n\nзакон\n") == "\n\nlaw\n"
    assert argos(folder, "\n\nзакон\n") == "law\n"


@pytest.mark.parametrize("gap", ["  ", "\t", "\u00a0", " \r\n "])
def test_whitespace_between_sentences_stays(
    gap: str, argos: Translate, ours: Translate, tmp_path: Path
) -> None:
    folder = dictionary_package(tmp_path, WORDS)
    text = f"  закон.{gap}Президент подписал. "
    assert ours(folder, text) == f"  law.{gap}President signed. "
    assert argos(folder, text) != ours(folder, text)


def test_a_line_broken_in_mid_sentence_is_one_sentence(
    argos: Translate, ours: Translate, tmp_path: Path
) -> None:
    folder = random_package(tmp_path, seed=4, layers=2)
    whole = "Министр обороны сообщил о больших потерях в новом году, пишет газета."
    broken = whole.replace(" году, ", " году,\n")
    assert ours(folder, broken).split() == ours(folder, whole).split()
    assert argos(folder, broken).split() != argos(folder, whole).split()


def test_the_prefix_of_a_second_sentence_does_not_show(
    argos: Translate, ours: Translate, tmp_path: Path
) -> None:
    folder = random_package(tmp_path, target_prefix="<2en>", seed=3)
    for line in LINES["ru"]:
        assert ours(folder, line) == argos(folder, line)
    both = " ".join(LINES["ru"][:2])
    assert "<2en>" not in ours(folder, both)
    assert "<2en>" in argos(folder, both)


def test_what_holds_no_letters_is_copied_by_default_only(ours: Translate, tmp_path: Path) -> None:
    folder = random_package(tmp_path)
    engine = Engine(Registry([folder.parent]))
    number = "201509776343383259310"
    assert engine.translate([number], RU_EN)[0].text == number
    assert engine.translate([number], RU_EN, options=ARGOS)[0].text != number
    engine.close()


def test_alternatives_are_those_of_argos(argos: Translate, tmp_path: Path) -> None:
    import argostranslate.package
    import argostranslate.translate as real

    folder = random_package(tmp_path, seed=9, layers=2)
    package = argostranslate.package.Package(folder)
    ends = (real.Language(code, code) for code in ("ru", "en"))
    text = LINES["ru"][0]
    theirs = [each.value for each in real.PackageTranslation(*ends, package).hypotheses(text, 4)]
    engine = Engine(Registry([tmp_path]))
    options = replace(ARGOS, alternatives=3)
    (found,) = engine.translate([text], RU_EN, options=options)
    engine.close()
    assert [found.text, *found.alternatives] == list(dict.fromkeys(theirs))
