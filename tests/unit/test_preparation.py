"""Preparation: one article as rows, with doubts told and nothing lost."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from models.languages import Language
from service.errors import BadInput, TooMuch
from service.ingest.article import Article
from service.settings import Settings
from service.steps.preparation import Prepared, prepare
from service.steps.reading import read

NOW = datetime(2026, 1, 20, 12, tzinfo=UTC)
RU = "Ночью в Харькове прогремели взрывы. Мэр сообщил о трёх пострадавших."
UK = "Уночі в Харкові пролунали вибухи. Мер повідомив про трьох постраждалих."
EN = "Explosions were heard in Kharkiv. The mayor said three people were hurt."


def prepared(text: str = EN, **fields: object) -> Prepared:
    return prepare(read(Article(text, **fields), Settings(), NOW))  # type: ignore[arg-type]


def test_the_title_stands_before_the_body_in_one_text() -> None:
    one = prepared(title="  Blasts in\n Kharkiv ")
    assert one.document.text == f"Blasts in Kharkiv\n\n{EN}"
    assert one.document.title == "Blasts in Kharkiv"
    assert one.document.text[one.document.body_start :] == EN
    assert one.words(one.segments[0]) == "Blasts in Kharkiv"


def test_a_title_that_the_text_repeats_stands_once() -> None:
    one = prepared(f"Blasts\n\n{EN}", title="Blasts")
    assert one.document.text == f"Blasts\n\n{EN}"
    assert one.document.text[one.document.body_start :] == EN


def test_a_title_that_only_begins_the_first_sentence_is_kept() -> None:
    one = prepared("Kharkiv was hit at night.", title="Kharkiv")
    assert one.document.text == "Kharkiv\n\nKharkiv was hit at night."


def test_the_text_is_nfc_and_line_ends_are_one_kind() -> None:
    one = prepared(unicodedata.normalize("NFD", "Київ чує вибухи.\r\nЇх було троє.\r"))
    assert one.document.text == "Київ чує вибухи.\nЇх було троє."


@pytest.mark.parametrize("text", [RU, UK, EN, f"{RU}\n\n\n \t{UK}\u00a0\n{EN}", "12 345", "«…»"])
def test_every_segment_and_claim_is_cut_exactly(text: str) -> None:
    one = prepared(text, title="Т")
    for row in one.segments:
        assert one.words(row).strip() == one.words(row) != ""
    for claim, row in zip(one.claims, one.claim_rows, strict=True):
        assert one.document.text[claim.start : claim.end] == claim.text == row.text
        part = one.segments[claim.sentence]
        assert part.start <= claim.start <= claim.end <= part.end


def test_an_article_in_two_languages_names_both_and_the_larger_first() -> None:
    one = prepared(f"{RU} {RU.replace('трёх', 'пяти')}\n\n{UK}")
    assert set(one.document.languages) == {"ru", "uk"}
    assert one.document.language == "ru"
    assert {row.language for row in one.claim_rows} == {"ru", "uk"}


def test_an_even_mixture_is_ambiguous() -> None:
    one = prepared(f"{RU}\n\n{UK}")
    assert one.document.ambiguous


def test_what_the_caller_says_about_the_language_does_not_overrule_clear_text() -> None:
    one = prepared(f"{UK}\n\n{RU}", language=Language.UK)
    assert {row.language for row in one.segments} == {"ru", "uk"}
    assert one.document.language_given == "uk"


def test_ids_follow_from_the_article_alone() -> None:
    one, again = prepared(url="https://a.example/1"), prepared(url="https://A.example/1#top")
    assert one.document.id == again.document.id
    assert [row.id for row in one.claim_rows] == [row.id for row in again.claim_rows]
    later = prepared(url="https://a.example/1", text=f"{EN} More later.")
    assert later.document.article_id == one.document.article_id
    assert later.document.id != one.document.id


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"url": "https://a.example/1"}, {"url": "https://a.example/2"}, False),
        ({"title": "T", "outlet": "A"}, {"title": "T", "outlet": " a "}, True),
        ({"title": "T", "outlet": "A"}, {"title": "T", "outlet": "B"}, False),
        (
            {"title": "T", "outlet": "A", "published_at": NOW - timedelta(days=1)},
            {"title": "T", "outlet": "A", "published_at": NOW - timedelta(days=2)},
            False,
        ),
        ({"title": "T"}, {"title": "T"}, False),
        ({"origin": "/a.txt", "whole_file": True}, {"origin": "/a.txt", "whole_file": True}, True),
        ({"origin": "/a.jsonl:1"}, {"origin": "/a.jsonl:1"}, False),
    ],
)
def test_what_makes_two_texts_one_article(first: dict, second: dict, same: bool) -> None:
    one, two = prepared(**first), prepared(text=f"{EN} Updated.", **second)
    assert (one.document.article_id == two.document.article_id) is same


@pytest.mark.parametrize(
    "moment",
    [
        NOW + timedelta(days=2),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12))),
        datetime(1066, 10, 14, tzinfo=UTC),
    ],
)
def test_an_impossible_date_is_told_and_left_out(moment: datetime) -> None:
    one = prepared(published_at=moment, url="https://a.example/1")
    assert one.document.published_at is None
    assert one.document.dated_at == NOW
    assert len(one.document.notes) == 1
    assert "publication date" in one.document.notes[0]


def test_a_date_keeps_its_moment() -> None:
    kyiv = datetime(2026, 1, 20, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert prepared(published_at=kyiv).document.published_at == kyiv
    naive = prepared(published_at=datetime(2026, 1, 19)).document.published_at
    assert naive == datetime(2026, 1, 19, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", " \n\t", "\u00a0"])
def test_an_article_without_text_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no text"):
        prepared(text)


def test_an_article_beyond_the_limit_is_refused_with_the_setting_to_raise() -> None:
    settings = Settings(document_characters=100)
    with pytest.raises(TooMuch, match="PARALLAX_DOCUMENT_CHARACTERS"):
        read(Article("word " * 30), settings, NOW)


def test_a_long_sentence_without_an_end_is_taken_whole() -> None:
    one = prepared("слово " * 80_000)
    assert len(one.document.text) == 479_999
    assert one.segments[-1].end == 479_999


def test_characters_that_no_database_holds_are_replaced_and_told() -> None:
    one = prepared(f"A\x00B \ud800 {EN}", title="T\x00", outlet="O", url="https://a.example/\x00")
    assert "\x00" not in one.document.text
    assert "\ud800" not in one.document.text
    assert one.document.text.startswith("T�\n\nA�B � Explosions")
    assert any("replaced" in note for note in one.document.notes)


def test_text_in_another_alphabet_is_kept_without_a_language() -> None:
    one = prepared("これは日本語の文章です。東京で会議が開かれた。")
    assert one.document.language is None
    assert any("language" in note.lower() for note in one.document.notes)


def test_notes_of_the_reader_are_kept() -> None:
    article = replace(Article(EN), notes=("The date could not be read.",))
    assert prepare(read(article, Settings(), NOW)).document.notes == ["The date could not be read."]


GERMAN = (
    "Der Präsident sagte am Montag, es gebe keine Einigung in Kiew. Die Gespräche gehen am "
    "Dienstag in Genf weiter, wie ein Sprecher der Regierung mitteilte. Die Ukraine hat den "
    "Vorschlag abgelehnt und an die Verbündeten appelliert, mehr Waffen zu liefern."
)


def test_another_language_in_latin_letters_is_not_taken_for_english() -> None:
    one = prepared(GERMAN)
    assert one.document.language is None
    assert one.claims == ()
    assert any("none of Russian, Ukrainian and English" in note for note in one.document.notes)
    mixed = prepared(f"{RU}\n\n{GERMAN}")
    assert mixed.document.language == "ru"
    assert {claim.language for claim in mixed.claims} == {"ru"}


def test_the_language_that_is_given_outweighs_a_lack_of_english_words() -> None:
    assert prepared(GERMAN, language=Language.EN).document.language == "en"
