"""Words in Latin letters that a network copied with errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.copied import mended
from models.languages import Language

EN, RU, UK = Language.EN, Language.RU, Language.UK


@pytest.mark.parametrize(
    ("source", "target", "language", "written"),
    [
        ("Hewlett-Packard said", "Swlett-Packard заявила", RU, "Hewlett-Packard заявила"),
        ("sold on iTunes", "продається в iTune", UK, "продається в iTunes"),
        ("Chrysler and Pfizer", "ChrySler и PFizer", RU, "Chrysler и Pfizer"),
        ("служба USPS", "the U.S.PS service", EN, "the USPS service"),
        ("компанія Chrysler", "the ChrySler company", EN, "the Chrysler company"),
        ("компания Pfizer", "компанія PFizer", UK, "компанія Pfizer"),
    ],
)
def test_a_bad_copy_is_written_as_in_the_source(
    source: str, target: str, language: Language, written: str
) -> None:
    assert mended(source, target, language) == written


@pytest.mark.parametrize(
    ("source", "target", "written"),
    [
        ("with oranges", "с Aпельсинами", "с Апельсинами"),
        ("a Visa card", "карта Viса", "карта Visa"),
        ("the Lloyds bank", "банк Lloydс", "банк Lloyds"),
        ("a Panzerfaust", "из Panzerфаст", "из Panzerfaust"),
        ("the Marshall plan", "план Marшалла", "план Marshall"),
        ("the information", "Wинформация", "Wинформация"),
    ],
)
def test_a_word_of_two_scripts_is_written_in_one(source: str, target: str, written: str) -> None:
    assert mended(source, target, RU) == written


def test_i_is_a_look_alike_in_ukrainian_alone() -> None:
    assert mended("an island", "остpiв", UK) == "острів"
    assert mended("an island", "остpiв", RU) == "остpiв"


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("новые iPhone", "the new iPhones", EN),
        ("книга THE WIND", "in the book The Wind", EN),
        ("от латинского cella", "What is a cell?", EN),
        ("издание Politico", "a political paper", EN),
        ("сервис zoom", "Zoom is a service", EN),
        ("an email to Anna", "E-mail для Анны", RU),
        ("Visa and Visa2", "Visa и Vista", RU),
        ("see https://apple.com/Pfizer", "см. https://apple.com/PFizer", RU),
        ("IT people", "IT-специалисты", RU),
    ],
)
def test_what_may_be_meant_stays(source: str, target: str, language: Language) -> None:
    assert mended(source, target, language) == target


WORDS = st.lists(
    st.sampled_from(
        [
            "Visa",
            "Viса",
            "Vista",
            "VISA",
            "iTunes",
            "iTune",
            "U.S.PS",
            "USPS",
            "Aпельсин",
            "мир",
            "Lloyd-Visa",
            "Loyd",
            "the",
            "The",
        ]
    ),
    max_size=6,
).map(" ".join)


@given(WORDS, WORDS, st.sampled_from([EN, RU, UK]))
def test_words_are_mended_in_place_and_once(source: str, target: str, language: Language) -> None:
    once = mended(source, target, language)
    assert len(once.split(" ")) == len(target.split(" "))
    assert mended(source, once, language) == once


@given(st.text(), st.text(st.characters(min_codepoint=0x400, max_codepoint=0x4FF)))
def test_a_text_without_latin_letters_is_as_it_was(source: str, target: str) -> None:
    assert mended(source, target, RU) == target


def test_a_singular_stays_beside_the_plural_of_the_source() -> None:
    source, target = "Leopards and Javelins were shipped", "отправлены танки Leopard и Javelin"
    assert mended(source, target, Language.RU) == target
    assert mended("The iTunes store", "магазин iTune", Language.RU) == "магазин iTunes"
