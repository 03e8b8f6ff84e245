"""The marked events are what samples/README.md says of them."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bench import marked

FOLDER = Path(__file__).resolve().parents[2] / "samples" / "retold"
FILES = sorted(FOLDER.glob("*.txt"))
FOREIGN = {"ru": "[іїєґІЇЄҐ]", "uk": "[ыэъёЫЭЪЁ]", "en": "[А-Яа-яІіЇїЄєҐґ]"}


@cache
def read(file: Path) -> marked.Marked:
    return marked.read(file)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_event_has_two_articles_a_language_and_marks_nearly_all_it_says(file: Path) -> None:
    found = read(file)
    assert found.event == file.stem
    assert Counter(str(one.language) for one in found.articles) == {"en": 2, "ru": 2, "uk": 2}
    assert sum(row["kind"] == "claim" for row in found.gold) >= 12
    for one in found.articles:
        assert one.published_at is not None
        assert one.published_at.tzinfo is not None
        assert one.published_at.year == 2026
        assert re.fullmatch(r"https://[a-z-]+\.example/[a-z0-9/-]+", one.url or "")
        # A name may keep its own letters.
        assert len(re.findall(FOREIGN[str(one.language)], f"{one.title} {one.text}")) <= 10
        quotes = {
            member["quote"]
            for row in found.gold
            for member in (row["members"] if row["kind"] == "claim" else [row])
            if row["kind"] in ("claim", "nil") and member["url"] == one.url
        }
        assert sum(map(len, quotes)) > 0.8 * len(one.text)


def test_no_address_is_used_twice() -> None:
    urls = [one.url for file in FILES for one in read(file).articles]
    assert len(set(urls)) == len(urls) == 6 * len(FILES)


def test_every_relation_is_marked_often_enough_to_measure() -> None:
    found = Counter(
        pair["relation"]
        for file in FILES
        for row in read(file).gold
        if row["kind"] == "claim"
        for pair in row["relations"]
    )
    assert set(found) == set(marked.RELATIONS)
    assert min(found.values()) >= 10
