"""Words in one romanisation: what sounds alike shares n-grams across scripts."""

from __future__ import annotations

import pytest

from models.ngrams import BUCKETS, buckets, ngrams, romanised, words


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Zayat", "Заят"),
        ("York", "Йорк"),
        ("Johnson", "Джонсон"),
        ("Zhytomyr", "Житомир"),
        ("Kharkiv", "Харків"),
        ("Yeltsin", "Ельцин"),
        ("Macron", "Макрон"),
        ("Kyiv", "Київ"),
    ],
)
def test_a_name_is_romanised_alike_in_both_scripts(latin: str, cyrillic: str) -> None:
    assert romanised(latin) == romanised(cyrillic)
    assert buckets(latin) == buckets(cyrillic)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Харьков", "Харков"),
        ("артерія", "артерия"),
        ("Chişinău", "Chisinau"),
        ("ЖИТОМИР", "Житомир"),
    ],
)
def test_spelling_that_only_differs_in_marks_is_the_same(one: str, other: str) -> None:
    assert romanised(one) == romanised(other)


def test_an_inflected_name_keeps_most_n_grams() -> None:
    there, here = ngrams("Washington"), ngrams("Вашингтоне")
    assert len(there & here) / len(there) > 0.8


def test_the_beginning_counts_and_short_words_do_not() -> None:
    assert "^za" in ngrams("Zayat")
    assert ngrams("США") == set()
    assert ngrams("the") == set()


def test_a_figure_is_one_n_gram_and_a_digit_none() -> None:
    assert ngrams("2024") == {"#2024"}
    assert ngrams("7") == set()
    assert len(buckets("2024")) == 1


def test_buckets_are_rows_of_the_table() -> None:
    for word in ("правительство", "government", "уряд", "𝕏𝕐ℤ𝕎", "日本語新聞", "ΑΘΗΝΑ"):
        assert all(0 <= bucket < BUCKETS for bucket in buckets(word))


def test_words_of_a_text() -> None:
    assert words("за\u0301мок, 12 — it's") == ["замок", "12", "it", "s"]
