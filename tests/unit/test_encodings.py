from __future__ import annotations

import pytest

from service.errors import BadInput
from service.ingest.encodings import decode, detect, known

RUSSIAN = (
    "Пресс-секретарь заявил: «Подписание документа отложено до понедельника», — сообщает агентство."
)
UKRAINIAN = (
    "Речниця повідомила, що підписання документа перенесли на понеділок, і її слова підтвердили є."
)
ENGLISH = "The café’s owner said the talks “went well” – and naïve hopes were back."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (text, encoding)
        for text, encodings in {
            RUSSIAN: ("cp1251", "mac-cyrillic"),
            RUSSIAN.replace("«", '"').replace("»", '"').replace("—", "-"): (
                "koi8-r",
                "koi8-u",
                "iso8859-5",
                "cp866",
            ),
            UKRAINIAN: ("cp1251", "koi8-u", "iso8859-5", "cp1125"),
            ENGLISH: ("cp1252",),
        }.items()
        for encoding in encodings
    ],
)
def test_an_old_encoding_is_found_out_from_the_letters(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("text", ["Я в ужасе", "Київ, наші дні", "Нет."])
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-u"])
def test_a_few_words_are_enough(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN, ENGLISH])
def test_unicode_is_recognised_with_and_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


def test_damaged_utf8_is_refused_with_its_place_and_kept_when_asked() -> None:
    data = RUSSIAN.encode() + b"\n" + b"\xd0" + " дальше".encode()
    with pytest.raises(BadInput, match=r"broken UTF-8 at byte \d+ \(line 2\)"):
        decode(data)
    text, name = decode(data, lenient=True)
    assert (text, name) == (RUSSIAN + "\n� дальше", "utf-8")


def test_damage_beyond_the_sample_is_refused_as_well() -> None:
    data = ("а" * 200_000).encode() + b"\xff"
    with pytest.raises(BadInput, match="byte 400000"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "office document"),
        (bytes(range(256)) * 4, "a binary file"),
    ],
)
def test_a_binary_file_is_named(data: bytes, kind: str) -> None:
    with pytest.raises(BadInput, match=kind):
        decode(data)


def test_a_declared_encoding_decides_only_where_the_bytes_allow_it() -> None:
    page = '<meta charset="windows-1251"><p>' + RUSSIAN
    assert decode(page.encode("cp1251")) == (page, "cp1251")
    lying = page.replace("«", '"').replace("»", '"').replace("—", "-")
    assert decode(lying.encode("koi8-r"))[0] == lying
    japanese = '<meta charset="shift_jis"><p>日本の首相が会談した。'
    assert decode(japanese.encode("shift_jis"))[0] == japanese


def test_too_few_letters_are_doubted() -> None:
    assert detect(RUSSIAN.encode("cp1251")).certain
    assert not detect("Ок".encode("cp1251")).certain


def test_an_encoding_named_by_a_person_overrules() -> None:
    assert decode("Ок".encode("koi8-r"), encoding="koi8-r") == ("Ок", "koi8-r")
    with pytest.raises(BadInput, match="not ascii at byte 0"):
        decode("Ок".encode("koi8-r"), encoding="ascii")
    with pytest.raises(BadInput, match="no encoding is called 'klingon'"):
        known("klingon")
    with pytest.raises(BadInput, match="no encoding is called 'base64'"):
        known("base64")
