"""The translations that were made for this project."""

from __future__ import annotations

import lzma
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from models.languages import Direction
from models.training import vocabulary
from models.training.corpus import NAME, exclusion_key, lines
from models.training.examples import Examples
from models.training.translations import FOLDER, pairs, write
from tests.linked import english, prepared

SHIPPED = sorted(FOLDER.iterdir())
#: Letters that the other two languages do not have.
OWN = {"ru": re.compile("[ыэъё]", re.I), "uk": re.compile("[іїєґ]", re.I)}
CYRILLIC = re.compile("[а-яёіїєґ]", re.I)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_line_is_a_key_and_a_text_of_each_language(path: Path) -> None:
    match = NAME.match(path.name)
    assert match is not None
    languages = match["languages"].split("-")
    found = [line.split("\t") for line in lines(path)]
    keys = [cells[0] for cells in found]
    assert keys == sorted(set(keys))
    assert all(re.fullmatch("[0-9a-f]{16}", key) for key in keys)
    for cells in found:
        assert len(cells) == len(languages), cells
        for language, text in zip(languages[1:], cells[1:], strict=True):
            assert text == " ".join(text.split())
            assert text
            for other in ("ru", "uk"):
                assert other == language or not OWN[other].search(text), (language, text)
            if language == "en":
                assert not CYRILLIC.search(text), text


def test_sentences_are_looked_up_by_their_keys(tmp_path: Path) -> None:
    key = exclusion_key("Peace, at last.")
    with lzma.open(tmp_path / "news.en-ru-uk.tsv.xz", "wt", encoding="utf-8") as stream:
        stream.write(f"{key}\tНаконец мир.\tНарешті мир.\n{'0' * 16}\tНет.\tНі.\n")
    (tmp_path / "README.txt").write_text("no translations")

    def sentences(language: str) -> Mapping[str, str]:
        assert language == "en"
        return {key: "Peace, at last."}

    def said(direction: str) -> list[tuple[str, str]]:
        return [(p.first, p.second) for p in pairs(tmp_path, Direction.parse(direction), sentences)]

    assert said("ru-en") == [("Наконец мир.", "Peace, at last.")]
    assert said("en-uk") == [("Peace, at last.", "Нарешті мир.")]
    assert said("ru-uk") == [("Наконец мир.", "Нарешті мир.")]


def test_the_step_writes_examples_both_ways_once(tmp_path: Path) -> None:
    recipe = prepared(tmp_path)
    assert recipe.mono is not None
    news = (recipe.mono / "news.ru.txt").read_text(encoding="utf-8").splitlines()
    folder = tmp_path / "translations"
    folder.mkdir()
    with lzma.open(folder / "news.ru-en.tsv.xz", "wt", encoding="utf-8") as stream:
        for sentence in news:
            stream.write(f"{exclusion_key(sentence)}\t{english(sentence)}\n")
    told: list[str] = []
    made = write(recipe, told.append, folder)
    names = ["translated-ru-en", "translated-en-ru"]
    assert [path.name for path in made] == [f"examples.{name}.npz" for name in names]
    processor = vocabulary.load(recipe.tokenizer)
    into, out = map(Examples.load, made)
    assert [processor.decode(row.tolist()) for row in into.source] == news[1:], "one is excluded"
    assert [processor.decode(row.tolist()) for row in into.target] == [*map(english, news[1:])]
    assert out.source.flat.tolist() == into.target.flat.tolist()
    assert [processor.id_to_piece(each.prefix) for each in (into, out)] == ["__en__", "__ru__"]
    assert (into.weight == 6).all()
    assert (into.last_weight == 8).all()
    assert set(made) <= {path for _, path in recipe.examples()}, "training picks them up"
    assert write(recipe, told.append, folder) == made
    assert len(told) == 2


def test_without_a_translated_sentence_the_step_says_so(tmp_path: Path) -> None:
    recipe = prepared(tmp_path)
    (tmp_path / "translations").mkdir()
    with pytest.raises(ValueError, match=r"is translated ru→en in .*; leave this step out"):
        write(recipe, lambda _: None, tmp_path / "translations")
    with pytest.raises(ValueError, match="name its folder with --mono"):
        write(replace(recipe, mono=None), lambda _: None)
