"""The translations of rare words that were set by hand."""

from __future__ import annotations

import re

import pytest

import models.training
from models.languages import DIRECTIONS, Direction, Language

LETTERS = {
    Language.EN: re.compile(r"[A-Za-zÀ-ÿ]+(?:[-'. ]+[A-Za-zÀ-ÿ]+)*\.?"),
    # Some names stay Latin: Airbus.
    Language.RU: re.compile(r"[A-Za-z]+|[А-Яа-яЁё]+(?:[-'. ]+[А-Яа-яЁё]+)*\.?"),
    Language.UK: re.compile(
        r"[A-Za-z]+|[А-ЩЬЮЯЄІЇҐа-щьюяєіїґ]+(?:[-'.’ ]+[А-ЩЬЮЯЄІЇҐа-щьюяєіїґ]+)*\.?"
    ),
}


@pytest.mark.parametrize("direction", DIRECTIONS, ids=str)
def test_every_line_is_a_word_and_what_it_is_called(direction: Direction) -> None:
    (folder,) = models.training.__path__
    with open(
        f"{folder}/dictionary/{direction.source}-{direction.target}.tsv", encoding="utf-8"
    ) as stream:
        lines = stream.read().splitlines()
    words = [line.split("\t")[0] for line in lines]
    assert words == sorted(set(words))
    for line in lines:
        word, said = line.split("\t")
        assert LETTERS[direction.source].fullmatch(word), line
        assert not said or LETTERS[direction.target].fullmatch(said), line
        assert len(said.split()) <= 4, line
