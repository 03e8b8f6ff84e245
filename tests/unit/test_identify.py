from __future__ import annotations

import pytest

from models.identify import identify
from models.languages import Language

RU, UK, EN = Language.RU, Language.UK, Language.EN


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Президент подписал закон", RU),
        ("Об этом сообщила пресс-служба ведомства", RU),
        ("Киев", RU),
        ("Київ", UK),
        ("Удар по Запоріжжю", UK),
        ("Сторони домовилися.", UK),
        ("Нова угода", UK),
        ("Червоний Хрест знову не пустили до табору", UK),
        ("держава", UK),
        ("правительство", RU),
        ("Втрати ворога", UK),
        ("Премʼєр-міністр заявив про нову угоду", UK),
        ("Обов'язки голови уряду", UK),
        ("ПУТІН", UK),
        ("Kremlin spokesman Dmitry Peskov said", EN),
        ("The minister resigned", EN),
        ("iPhone 15 Pro Max", EN),
    ],
)
def test_a_headline_has_its_language(text: str, language: Language) -> None:
    found = identify(text)
    assert (found.language, found.ambiguous) == (language, False)


@pytest.mark.parametrize("text", ["НАТО", "Мотив", "депутат", "Генерал Джон Браун"])
def test_what_is_spelt_alike_is_ambiguous_with_both_probabilities(text: str) -> None:
    found = identify(text)
    assert found.ambiguous
    assert min(found.probabilities[RU], found.probabilities[UK]) > 0.05


@pytest.mark.parametrize(
    "text", ["", "12 345,6 %", "😀 — …", "\x00", "\ud800", "こんにちは", "مرحبا"]
)
def test_text_without_our_letters_has_no_language(text: str) -> None:
    assert identify(text).language is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Prezident podpisal zakon o mobilizatsii", RU),
        ("Uryad skhvalyv byudzhet na 2025 rik, povidomyv premyer", UK),
    ],
)
def test_slavic_text_in_latin_letters_is_flagged(text: str, language: Language) -> None:
    found = identify(text)
    assert found.transliterated
    assert found.language is language


def test_english_with_russian_names_is_not_transliterated() -> None:
    assert not identify("Vladimir Putin and Dmitry Peskov met reporters in Moscow").transliterated


def test_a_sentence_in_two_languages_is_ambiguous() -> None:
    text = (
        "Президент сказал: «Ми переможемо всіх ворогів і повернемо наші землі». "
        "Это заявление он сделал вчера, отвечая на вопросы журналистов."
    )
    assert identify(text).ambiguous


def test_belarusian_is_neither() -> None:
    assert identify("Гэта беларуская мова, ў якой ёсць і, і ы").language is None


@pytest.mark.parametrize(
    "text",
    [
        "Die Parteien haben sich geeinigt. Drei Menschen starben.",
        "Trzy osoby zginęły w ataku na Charków",
        "Les parties se sont mises d'accord sur un cessez-le-feu",
        "Strany se dohodly na příměří",
    ],
)
def test_another_language_in_latin_letters_is_not_english(text: str) -> None:
    found = identify(text)
    assert (found.language, found.ambiguous) == (None, True)


@pytest.mark.parametrize(
    "text",
    [
        "Russian drones strike Kharkiv apartment block",
        "Ukraine, Russia swap prisoners",
        "Angela Merkel, Emmanuel Macron, Olaf Scholz",
        "Volodymyr Zelensky meets Recep Tayyip Erdogan",
    ],
)
def test_english_without_function_words_is_english(text: str) -> None:
    assert identify(text).language is EN


def test_names_in_latin_letters_do_not_make_a_text_english() -> None:
    assert identify("Компания Apple представила iPhone и MacBook в Купертино").language is RU


def test_addresses_are_not_looked_at() -> None:
    assert identify("Подробности: https://example.com/the-story-of-war @reporter").language is RU


def test_a_prior_settles_what_the_text_leaves_open_and_no_more() -> None:
    prior = {RU: 0.02, UK: 0.97, EN: 0.01}
    assert identify("НАТО", prior=prior).probabilities[UK] > 0.7
    assert identify("Это сообщил министр обороны", prior=prior).language is RU


def test_only_allowed_languages_are_answered() -> None:
    found = identify("Привіт усім", allowed=(RU, EN))
    assert set(found.probabilities) == {RU, EN}
    assert found.language is RU


def test_a_very_long_text_is_judged_by_its_beginning() -> None:
    assert identify("Это новость. " * 500_000).language is RU
