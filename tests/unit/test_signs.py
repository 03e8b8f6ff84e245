"""Signs that a vocabulary has no pieces for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.decode import Advice, DecodeOptions
from models.flags import numbers_differ
from models.hop import Hop
from models.languages import LANGUAGES, Direction, Language
from models.signs import MONEY, amounts, spoken, written

EN, RU, UK = Language.EN, Language.RU, Language.UK


def everything(_: str) -> bool:
    """A vocabulary that has none of the signs."""
    return True


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        (EN, "It cost $5.97 million.", "It cost 5.97 million dollars."),
        (EN, "from £20m to €3bn", "from 20 million pounds to 3 billion euros"),
        (EN, "a $5-10 billion plan", "a 5-10 billion dollars plan"),
        (EN, "US$7 or A$9", "7 US dollars or 9 Australian dollars"),
        (EN, "No $ today", "No dollars today"),
        (EN, "up 12 pct to 300 mln dlrs", "up 12 percent to 300 million dollars"),
        (EN, "$2.5 mln and 3 bln yen", "2.5 million dollars and 3 billion yen"),
        (EN, "item #5, not #tag", "item No. 5, not #tag"),
        (RU, "США дали $5,97 млн.", "США дали 5,97 млн долларов."),
        (RU, "на $5 млн. больше", "на 5 млн. долларов больше"),
        (RU, "20 тыс. € и 300₽", "20 тыс. евро и 300 рублей"),
        (RU, "курс $ и €", "курс долларов и евро"),
        (UK, "5 000 ₴, тобто $120", "5 000 гривень, тобто 120 доларів"),
        (UK, "за −5 °C, 25° та 30°С", "за −5 градусів Цельсія, 25 градусів та 30 градусів Цельсія"),
        (UK, "48°27′ пн. ш.", "48 градусів 27′ пн. ш."),
        (RU, "до 90 °F", "до 90 градусов Фаренгейта"),
        (RU, "45° с. ш., 30° в. д.", "45 градусов с. ш., 30 градусов в. д."),
        (RU, "плитка 45° с фаской", "плитка 45 градусов с фаской"),
        (EN, "45°N and 5℃", "45 degrees N and 5 degrees Celsius"),
        (
            EN,
            "a $20 K-pop album and $5 M&A fees",
            "a 20 dollars K-pop album and 5 dollars M&A fees",
        ),
        (EN, "$20 million dollars", "20 million dollars"),
        (RU, "$5 млн долларов", "5 млн долларов"),
        (EN, "in 2022 $ 5 or 2022 $5", "in 2022 5 dollars or 2022 5 dollars"),
        (RU, "стоит 5 $ 10 раз", "стоит 5 долларов 10 раз"),
        (
            EN,
            "£1m-£2m, US$ 5, $100K",
            "1 million pounds-2 million pounds, 5 US dollars, 100 thousand dollars",
        ),
        (RU, "10$/15€, 100 ₽/кг", "10 долларов/15 евро, 100 рублей/кг"),
        (EN, "it fell °C by °C", "it fell degrees Celsius by degrees Celsius"),
    ],
)
def test_a_sign_is_said_as_one_says_it_aloud(language: Language, text: str, said: str) -> None:
    found = spoken(text, language, everything)
    assert found
    assert found.text == said


@pytest.mark.parametrize(
    "text",
    [
        *("5 dollars", "${name} and %1$s", "$HOME", "C# and F#", "", "a$ap", "$$$", "5$6", "$5USD"),
        *("R$ 20", "S$5", "C#8", "&#8364; 5", "color #112233", "`$1`", "^2$", "see x.org/?a=$5"),
    ],
)
def test_what_is_no_sign_of_money_stays(text: str) -> None:
    assert spoken(text, EN, everything) is None


def test_a_sign_that_the_vocabulary_has_stays() -> None:
    found = spoken("$5 or €5", EN, lambda sign: sign == "€")
    assert found
    assert found.text == "$5 or 5 euros"
    assert spoken("$5 or €5", EN, lambda _: False) is None


def test_every_word_knows_the_word_it_comes_from() -> None:
    found = spoken("It cost $5.97 million or 5 €.", EN, everything)
    assert found
    assert found.text.split() == [
        *("It", "cost", "5.97", "million", "dollars", "or", "5", "euros.")
    ]
    assert found.words == (0, 1, 2, 3, 2, 4, 5, 6)


@given(st.text(alphabet="a1 .,$€£°#₽m-", max_size=40), st.sampled_from(LANGUAGES))
def test_any_text_is_said_with_as_many_digits_and_its_words_in_range(
    text: str, language: Language
) -> None:
    found = spoken(text, language, everything)
    if found is None:
        return
    assert [c for c in found.text if c.isdigit()] == [c for c in text if c.isdigit()]
    assert len(found.words) == len(found.text.split())
    assert all(0 <= word < len(text.split()) for word in found.words)


@pytest.mark.parametrize(
    ("language", "source", "target", "made"),
    [
        (UK, "Указ № 5", "Указ No 5", "Указ № 5"),
        (EN, "Указ № 5", "Decree No 5", "Decree No. 5"),
        (EN, "Их пять", "No 5 there", "No 5 there"),
        (UK, "Почва", "Грунт обгрунтовано за гратами", "Ґрунт обґрунтовано за ґратами"),
        (UK, "Играть", "грати на ганку", "грати на ґанку"),
        (RU, "Ґрунт", "грунт", "грунт"),
    ],
)
def test_what_the_vocabulary_folds_is_written_again(
    language: Language, source: str, target: str, made: str
) -> None:
    assert written(source, target, language, everything) == made
    assert written(source, target, language, lambda _: False) == target


@pytest.mark.parametrize(
    ("source", "target", "made"),
    [
        ("№", "файл грунт.pdf і #грунт", "файл грунт.pdf і #грунт"),
        ("№ 3", "№ 3 див. https://x.org/No5", "№ 3 див. https://x.org/No5"),
        ("УКАЗ № 5", "УКАЗ NO 5", "УКАЗ № 5"),
        ("Hanka", "Бачив Ганку і Гудзика", "Бачив Ганку і Гудзика"),
        ("x", "інтегратами", "інтегратами"),
        ("UKRAINE", "Партія «УКРАїНА» і їжак", "Партія «УКРАЇНА» і їжак"),
        ("They. Their.", "Вони. їхні", "Вони. Їхні"),
        ("Her car.", "Її машина.", "Її машина."),
        ("EUROPE", "У КРАїНАХ МОї", "У КРАЇНАХ МОЇ"),
    ],
)
def test_what_must_come_through_and_names_stay(source: str, target: str, made: str) -> None:
    assert written(source, target, UK, everything) == made


def test_a_number_that_stays_keeps_its_sign() -> None:
    text = "It cost $5 and 10 €, US$7 at -5 °C, item #3, 20 of 30."
    found = [text[start:end] for start, end in amounts(text)]
    assert found == ["$5", "10 €", "US$7", "5 °C", "#3", "20", "30"]


class Parting:
    """A tokenizer that has no sign, and makes two words of one with an accent."""

    def encode(self, text: str) -> list[str]:
        return [f"▁{word}" for word in text.replace("´", " ").split()]

    def decode(self, tokens: Sequence[str]) -> str:
        return " ".join(tokens)

    def lacks(self, sign: str) -> bool:
        return everything(sign)


@pytest.mark.parametrize(("text", "counted"), [("Don´t pay $5", []), ("Pay $5 now", [0, 1, 1, 2])])
def test_words_are_counted_where_they_are_the_tokenizers(text: str, counted: list[int]) -> None:
    direction = Direction(EN, RU)
    options = DecodeOptions().following(Advice())
    hop = Hop("network", direction, Parting(), "", options, 36)
    assert "▁dollars" in hop.tokens(text)
    assert hop._read(text)[1] == counted


@pytest.mark.parametrize(
    "text", ["$ x " + "1," * 20_000, "$ x 1" + " 000" * 20_000, "$ x " + "100 101 " * 10_000]
)
def test_a_long_row_of_numbers_is_read_once(text: str) -> None:
    spoken(text, RU, everything)  # took minutes where every digit began a search


def test_every_sign_of_money_has_a_name_in_each_language() -> None:
    assert all(set(names) == set(LANGUAGES) for names in MONEY.values())


def test_money_that_is_lost_is_a_doubt() -> None:
    assert numbers_differ("Он заплатил £20 млн.", "He paid 20 million.")
    assert not numbers_differ("Он заплатил £20 млн.", "He paid 20 million pounds.")
    assert not numbers_differ("Он заплатил £20 млн.", "He paid £20m.")


def test_short_forms_of_wires_stay_where_they_are_none() -> None:
    for text in ("see mln.txt and a/mln-b", "MLN Ltd"):
        assert spoken(text, EN, everything) is None
    assert spoken("300 mln", RU, everything) is None
    assert spoken("300 mln", EN, lambda sign: sign == "°") is None
