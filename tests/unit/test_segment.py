from __future__ import annotations

import pytest

from models.languages import Language
from models.segment import normalise, segment, spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "«Ні!» — сказав він.",
        "«Мы победим…» – заявил министр.",
        "«Победа будет за нами!» — Зеленский.",
        '"Stop!" he said.',
        "24 февраля 2022 г. Россия начала вторжение.",
        "Живет в г. Москва, ул. Ленина, д. 5, кв. 7.",
        "У 2023 р. кількість зросла до 5 тис. осіб, тобто на 3,5 млн. грн.",
        "Президент В. В. Путин встретился с Дж. Байденом.",
        "Путин В.В. заявил об этом.",
        "Mr. Smith met Dr. J. K. Rowling at 5 p.m. in the U.S. on Monday.",
        "The U.S. Senate voted.",
        "Больница им. Н. И. Пирогова закрыта.",
        "По адресу: г. Краснодар, ул. Красная, 122.",
        "Ціна 3.50 грн. за кг.",
        "Див. рис. 5 та ст. 12 п. 3 закону.",
        "Сайт example.com и Node.js работают.",
        "1. Перший пункт.",
        "Заголовок без крапки",
        "Кто… где",
    ],
)
def test_one_sentence_stays_whole(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["Это случилось в конце февраля 2022 г.", "Президент подписал указ."],
        ["Он ушёл.", "«Так», — сказала она."],
        ["Was it?!", "Yes… maybe.", "No."],
        ["Слава Украине!", "Героям слава!"],
        ["— Привет! — сказал он.", "— Как дела?", "— Хорошо."],
        ["Витамин купили.", "В. Иванов ушёл."],
        ["He came at 5 p.m.", "The end."],
        ["Owner says no.", "I left."],
        ["Это всё.[1]", "Далее."],
    ],
)
def test_sentences_are_told_apart(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_a_missing_space_does_not_hide_an_end() -> None:
    assert sentences("он сказал.Потом ушёл.") == ["он сказал.", "Потом ушёл."]


def test_lines_and_bullets_are_segments_of_their_own() -> None:
    text = "Заголовок\n- перший\n• другий\n2) третій\nКінець. Так."
    assert sentences(text) == ["Заголовок", "- перший", "• другий", "2) третій", "Кінець.", "Так."]


def test_a_line_broken_in_mid_sentence_is_joined() -> None:
    text = "Это длинная строка, которая была сломана посередине\nпредложения. Вот так."
    assert len(sentences(text)) == 2


def test_columns_are_apart() -> None:
    assert sentences("Ім'я\tВік\nОлена\t30") == ["Ім'я", "Вік", "Олена", "30"]


def test_paragraphs_are_numbered_and_offsets_exact() -> None:
    text = "\n\n Раз. Два.\r\n \r\nТри.\n"
    found = segment(text)
    assert [each.paragraph for each in found] == [0, 0, 1]
    assert all(text[each.start : each.end] == each.text for each in found)


def test_a_quote_in_the_other_language_keeps_its_own() -> None:
    text = (
        "Президент Украины выступил вечером с обращением к гражданам страны. "
        "«Ми захистимо нашу землю і нашу свободу». "
        "Об этом сообщила пресс-служба."
    )
    assert [each.language for each in segment(text)] == [Language.RU, Language.UK, Language.RU]


def test_the_paragraph_settles_a_doubtful_segment() -> None:
    found = segment("Уряд ухвалив рішення щодо бюджету. НАТО. Це сталося сьогодні вранці у Києві.")
    assert found[1].language is Language.UK


def test_a_given_language_is_taken() -> None:
    assert {each.language for each in segment("Раз. Two.", Language.RU)} == {Language.RU}


def test_normalise_changes_line_ends_and_composition_only() -> None:
    assert normalise("й\r\nа\rб\t  \u00a0\x00") == "й\nа\nб\t  \u00a0\x00"


@pytest.mark.parametrize(
    "text",
    [
        "слово " * 200_000,
        "а." * 200_000,
        ". " * 100_000,
        "." * 500_000,
        '"' * 300_000 + "." + '"' * 300_000 + " Б",
        "\t " * 300_000 + "x",
        "x" + " " * 500_000 + "\n" + "y",
        "А. " * 50_000,
        "а-" * 300_000 + ". Б",
        "слово слово слово слово слово слово слово слово\n" * 5_000,
        "[1]" * 100_000 + ".",
        "\n" * 500_000,
    ],
)
def test_no_text_takes_more_than_linear_time(text: str) -> None:
    # A quadratic rule would need minutes here; the assertion is on what comes out.
    kept = sum(end - start for start, end in spans(text))
    assert kept <= len(text)
    assert (kept > 0) == bool(text.strip())
