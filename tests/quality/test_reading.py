"""Floors under language identification and segmentation on real text beside the checkout."""

from __future__ import annotations

import lzma
from collections import Counter
from pathlib import Path

import pytest

from models.identify import identify
from models.languages import Language
from models.segment import spans

SHARED = Path(__file__).parents[3] / "shared"


def rows(name: str) -> list[list[str]]:
    path = SHARED / name
    if not path.is_file():
        pytest.skip("the shared data does not lie beside the checkout")
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file]


@pytest.mark.parametrize(
    ("name", "column", "language", "wrong", "ambiguous"),
    [
        ("corpora/written/headlines.en-ru-uk.tsv", 1, Language.RU, 0.002, 0.03),
        ("corpora/written/headlines.en-ru-uk.tsv", 2, Language.UK, 0.002, 0.05),
        ("eval/flores200_dev_en_ru_uk.tsv.xz", 3, Language.EN, 0.001, 0.005),
        ("eval/flores200_dev_en_ru_uk.tsv.xz", 4, Language.RU, 0.001, 0.005),
        ("eval/flores200_dev_en_ru_uk.tsv.xz", 5, Language.UK, 0.001, 0.01),
        ("corpora/mono/telegram.uk.txt.xz", 0, Language.UK, 0.001, 0.01),
        ("corpora/mono/tvheadlines.ru.txt.xz", 0, Language.RU, 0.001, 0.01),
    ],
)
def test_languages_are_told_apart(
    name: str, column: int, language: Language, wrong: float, ambiguous: float
) -> None:
    texts = [row[column] for row in rows(name)[1:800] if len(row) > column]
    found = [identify(text) for text in texts]
    told = Counter(
        "ambiguous" if each.ambiguous else "right" if each.language is language else "wrong"
        for each in found
    )
    assert told["wrong"] / len(texts) <= wrong
    assert told["ambiguous"] / len(texts) <= ambiguous


@pytest.mark.parametrize("name", ["uk-en", "ru-en", "en-ru"])
def test_sentence_ends_are_found(name: str) -> None:
    """Lines of one document, joined by spaces, are found again; lines may hold two sentences."""
    documents: dict[str, list[str]] = {}
    for row in rows(f"eval/wmt22.{name}.tsv.xz")[1:]:
        line = row[2].strip()
        if line and line[-1] in '.!?…"»”)':
            documents.setdefault(row[0], []).append(line)
    hit = missed = extra = 0
    for lines in documents.values():
        text = " ".join(lines)
        wanted, at = set(), 0
        for line in lines:
            at += len(line)
            wanted.add(at)
            at += 1
        ends = {end for _, end in spans(text)}
        hit += len(wanted & ends)
        missed += len(wanted - ends)
        extra += len(ends - wanted)
    assert hit / (hit + missed) > 0.98
    assert hit / (hit + extra) > 0.9
