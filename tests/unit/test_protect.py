from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.protect import around, items, lost, outside


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("См. https://a.org/x_y?z=1&w=(2).", "https://a.org/x_y?z=1&w=(2)"),
        ("(www.site.com.ua/стаття)", "www.site.com.ua/стаття"),
        ("Сайт pravda.com.ua, пише", "pravda.com.ua"),
        ("Пишите на press.office+1@mil.gov.ua!", "press.office+1@mil.gov.ua"),
        ("пишет @war_news, что", "@war_news"),
        ("тег #Новини_дня тут", "#Новини_дня"),
        ("файл report-v2.final.pdf готов", "report-v2.final.pdf"),
        ("коммит 3f2a9c4be1 внёс", "3f2a9c4be1"),
        ("Hello {{user.name}}, bye", "{{user.name}}"),
        ("%(count)s files", "%(count)s"),
        ("%1$s of %2$s", "%1$s"),
        ("a ###T01### b", "###T01###"),
        ("в /etc/passwd лежит", "/etc/passwd"),
        ("поле user_id пусто", "user_id"),
        ("Procter & Gamble", "&"),  # which no vocabulary of ours has
        ("курс R&D и", "R&D"),
        ("• пункт", "•"),
        ("5 × 3", "×"),
    ],
)
def test_an_item_is_found_without_the_marks_around_it(text: str, item: str) -> None:
    found = [text[start:end] for start, end in items(text)]
    assert found[0] == item or item in found


@pytest.mark.parametrize(
    "text",
    [
        "Президент подписал закон.",
        "в 2024 году 1234567 человек",
        "№ 5, 50 % и 3/4",
        "и/или",
        "C# и F#",
        "50%. Следующая",
        "он сказал.Потом ушёл",
        "facade и decade",
        "a &quot; b&amp;c, хлеб&соль",
    ],
)
def test_plain_words_are_no_items(text: str) -> None:
    assert items(text) == []


def test_what_is_lost_is_told_as_often_as_it_is_lost() -> None:
    source = "@a_b пишет @a_b и https://x.org/1"
    assert lost(source, "@a_b writes https://x.org/1") == ["@a_b"]
    assert lost(source, "@a_b @a_b https://x.org/1") == []


@given(st.text(max_size=80))
def test_the_pieces_are_the_text(text: str) -> None:
    pieces = around(text, items(text))
    assert "".join(piece for piece, _ in pieces) == text
    assert lost(text, text) == []


@pytest.mark.parametrize("unit", ["a_", "a.", "a@", "{{", "/a", "#a", "http://", "a-.", "0a"])
def test_no_text_takes_more_than_linear_time(unit: str) -> None:
    assert items(unit * 50_000) is not None


@given(st.lists(st.integers(0, 4), max_size=24), st.lists(st.integers(0, 4), max_size=24))
def test_spans_outside_of_items_share_no_letter_with_any(one: list[int], other: list[int]) -> None:
    spans, found = in_order(one), in_order(other)
    free = [(a, b) for a, b in spans if not any(c < b and a < d for c, d in found)]
    assert outside(spans, found) == free


def in_order(steps: list[int]) -> list[tuple[int, int]]:
    """Spans without overlap: a gap and a length in turn."""
    at, made = 0, []
    for gap, length in zip(steps[::2], steps[1::2], strict=False):
        made.append((at + gap, at + gap + length + 1))
        at = made[-1][1]
    return made
