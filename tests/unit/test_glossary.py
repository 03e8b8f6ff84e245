from __future__ import annotations

import pytest

from models.glossary import Glossary
from models.languages import Direction

RU_EN, UK_EN = Direction.parse("ru-en"), Direction.parse("uk-en")

GLOSSARY = Glossary.read(
    "# loaded words\n\n"
    "специальная военная операция\tspecial military operation\tthe Kremlin's word\n"
    "операция\toperation|campaign\n"
    "ополченец|повстанец\tmilitiaman|militia fighter\n",
    RU_EN,
)


def test_inflected_forms_are_found_and_the_longer_term_wins() -> None:
    text = "Ход специальной военной операции и других операций."
    assert [text[use.start : use.end] for use in GLOSSARY.find(text, RU_EN)] == [
        "специальной военной операции",
        "операций",
    ]


def test_a_term_translated_as_laid_down_is_not_missed() -> None:
    source = "Ополченцы начали операцию."
    assert GLOSSARY.missed(source, "Militia fighters began campaigns.", RU_EN) == []
    assert GLOSSARY.missed(source, "Separatists began the operation.", RU_EN) == ["Ополченцы"]


def test_terms_hold_for_their_direction_only() -> None:
    assert GLOSSARY.find("операция", UK_EN) == []


def test_the_digest_follows_what_is_said() -> None:
    same = Glossary(reversed(GLOSSARY.terms))
    other = Glossary(GLOSSARY.terms[1:])
    assert same.digest == GLOSSARY.digest != other.digest


def test_commas_and_quotes_are_read_too() -> None:
    (term,) = Glossary.read('"война, конфликт",war', RU_EN).terms
    assert term.source == ("война, конфликт",)


def test_a_line_without_a_translation_is_told() -> None:
    with pytest.raises(ValueError, match="Line 2"):
        Glossary.read("а\tb\nв\n", RU_EN)
