"""Words half in Cyrillic and half in Latin letters are read in one script."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.languages import Direction, Language
from models.lookalikes import one_script
from models.registry import Registry
from models.translate import ARGOS, DecodeOptions, Engine
from models.transliterate import CYRILLIC
from tests.packages import dictionary_package

EN, RU, UK = Language.EN, Language.RU, Language.UK


@pytest.mark.parametrize(
    ("text", "language", "made"),
    [
        ("Погода тeплая, неe дешeвых", RU, "Погода теплая, нее дешевых"),
        ("HОВОСТИ CМИ", RU, "НОВОСТИ СМИ"),
        ("Украïна й лiтаки", UK, "Україна й літаки"),
        ("eщë", RU, "ещё"),  # most letters are Latin, but щ has no like
        ("Украïна", UK, "Україна"),
        ("Bеyoncé", RU, "Beyoncé"),
        ("Соvаx", RU, "Covax"),
        ("SMSка, Facebookа, XBOXы", RU, "SMSка, Facebookа, XBOXы"),
        ("in Americа", EN, "in America"),
        ("cловарь oни coceдка", RU, "словарь они соседка"),
        ("Греκия жwж", RU, "Греκия жwж"),
        ("Рfizer и Сovid-19", RU, "Pfizer и Covid-19"),
        ("Рfizer and Сovid-19", EN, "Pfizer and Covid-19"),
        ("тeплая weather", EN, "тeплая weather"),
        ("oн он", RU, "он он"),  # a tie
        ("IТ-компания", RU, "IT-компания"),
        ("PR-щик и VIP-зал", RU, "PR-щик и VIP-зал"),
        ("дiло", RU, "дiло"),
        ("naïve Київ", UK, "naïve Київ"),
        ("Т34a и кoд_1", RU, "Т34a и кoд_1"),
        ("страны,\\nА", RU, "страны,\\nА"),
        ("см. https://a.org/тeст и #тeма", RU, "см. https://a.org/тeст и #тeма"),
        ("", RU, ""),
    ],
)
def test_a_mixed_word_is_read_in_the_script_of_most_of_its_letters(
    text: str, language: Language, made: str
) -> None:
    assert one_script(text, language) == made


@given(
    st.lists(st.text("aсeіoпрxyк ЩWïё", max_size=8), max_size=6).map(" ".join),
    st.sampled_from(Language),
)
def test_letters_change_for_letters_in_mixed_words_only(text: str, language: Language) -> None:
    made = one_script(text, language)
    assert len(made) == len(text)
    assert one_script(made, language) == made
    for word, other in zip(text.split(), made.split(), strict=True):
        cyrillic = [len(CYRILLIC.findall(each)) for each in (word, other)]
        assert word == other or (0 < cyrillic[0] < len(word) and cyrillic[1] in (0, len(word)))


@given(st.text(max_size=60), st.sampled_from(Language))
def test_whatever_the_text_offsets_stay(text: str, language: Language) -> None:
    made = one_script(text, language)
    assert len(made) == len(text)
    assert one_script(made, language) == made


def test_the_network_is_given_mended_words_and_the_source_stays(tmp_path: Path) -> None:
    dictionary_package(tmp_path, {"Погода": "Weather", "теплая": "warm"})
    engine = Engine(Registry([tmp_path]), encoder=lambda: None)
    direction, text = Direction.parse("ru-en"), "Погода тeплая."
    (found,) = engine.translate([text], direction)
    (argos,) = engine.translate([text], direction, options=ARGOS)
    (plain,) = engine.translate([text], direction, options=DecodeOptions(repair=False))
    scores = engine.score([text, "Погода теплая."], ["Weather warm."] * 2, direction)
    engine.close()
    assert found.text == "Weather warm."
    assert "warm" not in argos.text
    assert "warm" not in plain.text
    assert scores[0] == pytest.approx(scores[1])
    (segment,) = found.segments
    assert text[segment.start : segment.end] == text


@pytest.mark.parametrize("text", ["вход на gооgle.com", "пишет @Рutin", "https://paypаl.com/a b"])
def test_an_address_with_a_look_alike_is_not_made_the_real_one(text: str) -> None:
    assert one_script(text, Language.RU) == text
