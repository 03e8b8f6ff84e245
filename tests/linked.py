"""A toy of two languages and a recipe whose examples of it are linked, for steps that need some."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.languages import Direction
from models.training import corpus
from models.training import recipe as steps
from models.training.align_words import AlignOptions
from models.training.recipe import Recipe

WORDS = {
    "министр": "minister",
    "президент": "president",
    "корабль": "ship",
    "подписал": "signed",
    "покинул": "left",
    "увидел": "saw",
    "закон": "law",
    "порт": "port",
    "договор": "treaty",
}


def clauses(chance: np.random.Generator, count: int) -> list[str]:
    """Russian sentences: who did what, how often."""
    words = [*WORDS]
    each = [words[:3], words[3:6], words[6:]]
    return [
        " ".join(
            [*(str(chance.choice(part)) for part in each), str(chance.integers(10, 99)), "раз"]
        )
        for _ in range(count)
    ]


def english(sentence: str) -> str:
    return " ".join(WORDS.get(word, word) for word in sentence.split()).replace("раз", "times")


def prepared(tmp_path: Path) -> Recipe:
    """A recipe whose examples are linked, with news of both languages, one sentence excluded."""
    chance = np.random.default_rng(2)
    pairs = "".join(f"{english(text)}\t{text}\n" for text in clauses(chance, 300))
    (tmp_path / "own.en-ru.tsv").write_text(pairs, encoding="utf-8")
    news = sorted(set(clauses(chance, 40)))
    mono = tmp_path / "mono"
    mono.mkdir()
    (mono / "news.ru.txt").write_text("\n".join(news), encoding="utf-8")
    (mono / "news.en.txt").write_text("\n".join(map(english, news)), encoding="utf-8")
    digests = {corpus.exclusion_key(text) for text in (news[0], english(news[0]))}
    (tmp_path / "exclude.txt").write_text("\n".join(sorted(digests)), encoding="utf-8")
    recipe = Recipe(
        tmp_path / "work",
        sources=(tmp_path / "own.en-ru.tsv",),
        mono=mono,
        exclusion=tmp_path / "exclude.txt",
        directions=(Direction.parse("ru-en"), Direction.parse("en-ru")),
        pieces=120,
        align=AlignOptions(bits=14, diagonal=20.0),
    )
    steps.collect(recipe, lambda _: None)
    steps.make_vocabulary(recipe, lambda _: None)
    steps.pack(recipe, lambda _: None)
    steps.make_examples(recipe, lambda _: None)
    return recipe
