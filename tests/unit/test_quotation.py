"""Quotation marks as a target language prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.languages import Language
from models.quotation import guillemets, printed

EN, RU, UK = Language.EN, Language.RU, Language.UK
MARKS = str.maketrans("", "", '"«»„“')


def everything(_: str) -> bool:
    """A vocabulary that has none of the marks."""
    return True


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('Он сказал: "Да".', "Он сказал: «Да»."),
        ('"Да!" — "Нет?"', "«Да!» — «Нет?»"),
        ('("Мир") —"да", экс-"Спартак"', "(«Мир») —«да», экс-«Спартак»"),
        ('сказал:"Да", и', "сказал:«Да», и"),
        ('"... и ушёл"', "«... и ушёл»"),
        ('"Он сказал "да" и ушёл".', "«Он сказал „да“ и ушёл»."),
        ('""Мир" и "труд""', "«„Мир“ и „труд“»"),
    ],
)
def test_pairs_of_marks_are_printed_and_nest(text: str, written: str) -> None:
    assert guillemets(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('"Мы победим. ', "«Мы победим. "),
        ('Это правда", — сказал он.', "Это правда», — сказал он."),
        ('"Он сказал "да" и ушёл.', "«Он сказал „да“ и ушёл."),
        ('Да, "так" и было".', "Да, „так“ и было»."),
    ],
)
def test_a_quotation_may_begin_or_end_in_another_segment(text: str, written: str) -> None:
    assert guillemets(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('труба 5" и "Мир"', 'труба 5" и «Мир»'),
        ('"Мониторы 24" и 27" дороги"', '«Мониторы 24" и 27" дороги»'),
        ('"Выпуск 5" и "Тест"', "«Выпуск 5» и «Тест»"),
        ('п"ять книг "Кобзар"', 'п"ять книг «Кобзар»'),
        ('<a href="x y"> "Мир" </a>', '<a href="x y"> «Мир» </a>'),
        ('name="v" и "Мир"', 'name="v" и «Мир»'),
        ('{"Мир": 1}', '{"Мир": 1}'),
        ('{"a": "b", "c": ["d"]} и "Мир"', '{"a": "b", "c": ["d"]} и «Мир»'),
        ('"https://a.org/b"', "«https://a.org/b»"),
        ('два " слова', 'два " слова'),
    ],
)
def test_inches_apostrophes_and_code_stay(text: str, written: str) -> None:
    assert guillemets(text) == written


@pytest.mark.parametrize(
    ("source", "language", "written"),
    [
        ("The “World”", RU, "«Мир»"),
        ("The ‘World’", UK, "«Мир»"),
        ("«Світ»", RU, "«Мир»"),
        ("“Світ”", RU, "«Мир»"),
        ('The "World"', RU, '"Мир"'),
        ('"Світ"', RU, '"Мир"'),
        ("«Мир»", EN, '"Мир"'),
    ],
)
def test_a_writer_with_straight_marks_is_followed(
    source: str, language: Language, written: str
) -> None:
    assert printed(source, '"Мир"', language, everything) == written


def test_a_vocabulary_that_has_the_marks_is_left_to_itself() -> None:
    assert printed("“World”", '"Мир"', RU, lambda _: False) == '"Мир"'


TEXTS = st.text(st.sampled_from('""""«»„“ абё5.,-—()={<>/a'), max_size=40)


@given(TEXTS)
def test_printing_changes_marks_alone_and_is_done_after_one_time(text: str) -> None:
    once = guillemets(text)
    assert len(once) == len(text)
    assert once.translate(MARKS) == text.translate(MARKS)
    assert guillemets(once) == once


@given(st.text())
def test_a_text_without_straight_marks_is_as_it_was(text: str) -> None:
    plain = text.replace('"', "")
    assert guillemets(plain) == plain
