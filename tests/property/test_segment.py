from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.segment import normalise, segment, spans

PIECES = st.sampled_from(
    [
        "Слово", "слово", "Word", "г", "р", "т", "В", "U.S", "5", ".", "!", "?", "…", "«", "»",
        '"', "—", "-",
        " ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u2028",
        "•", "😀", "1", ")", "[1]", "\x00", "\ud800",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))


@given(TEXTS)
def test_only_whitespace_lies_between_segments(text: str) -> None:
    at = 0
    for start, end in spans(text):
        assert text[at:start].strip() == ""
        assert text[start:end].strip() == text[start:end] != ""
        at = end
    assert text[at:].strip() == ""


@given(TEXTS)
def test_segments_and_spans_agree(text: str) -> None:
    found = segment(text)
    assert [(each.start, each.end) for each in found] == spans(text)
    assert all(text[each.start : each.end] == each.text for each in found)
    numbers = [each.paragraph for each in found]
    assert numbers == sorted(numbers)


@given(st.text(max_size=100))
def test_normalise_is_idempotent(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\r" not in once
