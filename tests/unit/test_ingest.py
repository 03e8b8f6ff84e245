"""Reading: every format, every bad input; one bad record never takes the others with it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.languages import Language
from service.errors import BadInput
from service.ingest.article import Article, Refusal
from service.ingest.fields import UNDATED, Fields, parse_language, parse_mapping
from service.ingest.files import Reading

NOW = datetime(2026, 2, 1, tzinfo=UTC)
TEXT = "Київ отримав лист. Відповідь готують."


def read(path: Path, *, data: bytes | None = None, **options: object) -> list[Article | Refusal]:
    if data is not None:
        path.write_bytes(data)
    fields = {key: options.pop(key) for key in list(options) if key in Fields.__slots__}
    return list(Reading([str(path)], Fields(now=NOW, **fields), **options))  # type: ignore[arg-type]


def articles(found: list[Article | Refusal]) -> list[Article]:
    return [item for item in found if isinstance(item, Article)]


def refusals(found: list[Article | Refusal]) -> list[Refusal]:
    return [item for item in found if isinstance(item, Refusal)]


def rows(*texts: str) -> bytes:
    return b"".join(
        json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n" for text in texts
    )


# JSON Lines


def test_json_lines_keep_every_field(tmp_path: Path) -> None:
    row = {
        "text": TEXT,
        "title": "Лист",
        "outlet": "Вимір",
        "url": "https://vymir.example/1",
        "language": "uk-UA",
        "published_at": "2026-01-27T17:40:00+02:00",
    }
    path = tmp_path / "a.jsonl"
    (article,) = articles(read(path, data=json.dumps(row).encode()))
    assert article == Article(
        text=TEXT,
        title="Лист",
        outlet="Вимір",
        url="https://vymir.example/1",
        language=Language.UK,
        published_at=datetime(2026, 1, 27, 15, 40, tzinfo=UTC),
        origin=f"{path}:1",
    )


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"text": "x"', "not JSON: "),
        (b"[1, 2]", "not a JSON object"),
        (b'{"title": "x"}', "no field holds the text; the fields are title"),
        (b'{"text": "  "}', "the text is empty"),
        (b'{"text": 5}', "the text is not a string but a number"),
        (b'{"text": "\\ud800"}', "half a surrogate pair at character 0"),
        (b'{"text": "a\\u0000b"}', "NUL"),
        (b'{"text": "x", "language": "fr"}', "the language 'fr' is not one that Parallax reads"),
        ('{"text": "Київ'.encode() + b'\xff"}', "broken UTF-8 at byte 18"),
        (b'{"text": ' + b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_refused_by_its_number_and_the_others_go_in(
    tmp_path: Path, bad: bytes, reason: str
) -> None:
    path = tmp_path / "a.jsonl"
    found = read(path, data=rows("Один.") + b"\n" + bad + b"\n" + rows("Два."))
    assert [article.text for article in articles(found)] == ["Один.", "Два."]
    (refusal,) = refusals(found)
    assert refusal.origin == f"{path}:3"
    assert reason in refusal.reason


def test_a_json_lines_archive_in_cp1251_is_read_even_when_its_head_is_ascii(tmp_path: Path) -> None:
    data = b'{"text": "plain"}\n' * 5000 + '{"text": "Переговоры прошли."}'.encode("cp1251")
    found = read(tmp_path / "a.jsonl", data=data)
    assert len(found) == 5001
    assert articles(found)[-1].text == "Переговоры прошли."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "koi8-u"])
def test_json_lines_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    data = rows(TEXT, TEXT + " Є.").decode().encode(encoding)
    found = read(tmp_path / "a.jsonl", data=data)
    assert [article.text for article in articles(found)] == [TEXT, TEXT + " Є."]


def test_a_json_file_may_be_a_list_one_object_or_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    listed = json.dumps([{"text": "Раз."}, 3, {"text": "Два."}], indent=1).encode()
    found = read(path, data=listed)
    assert [article.text for article in articles(found)] == ["Раз.", "Два."]
    assert refusals(found) == [Refusal(f"{path}#2", "not a JSON object")]
    assert articles(read(path, data=b'{\n "text": "x y"\n}'))[0].text == "x y"
    assert len(articles(read(path, data=rows("a", "b")))) == 2


def test_a_twenty_megabyte_line_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    found = read(tmp_path / "a.jsonl", data=rows("x" * 20_000_000, "Далі."))
    assert [article.text for article in articles(found)] == ["Далі."]
    assert "20,000,000 characters" in refusals(found)[0].reason
    assert "PARALLAX_DOCUMENT_CHARACTERS" in refusals(found)[0].reason


# Fields


def test_fields_are_mapped_and_nested_ones_reached(tmp_path: Path) -> None:
    row = {"content": {"body": "Текст."}, "text": "not this", "hl": "Заголовок", "site": "Сайт"}
    mapping = parse_mapping("text=content.body, title=hl")
    (article,) = articles(
        read(tmp_path / "a.jsonl", data=json.dumps(row).encode(), mapping=mapping)
    )
    assert (article.text, article.title, article.outlet) == ("Текст.", "Заголовок", "Сайт")


def test_columns_may_have_russian_and_ukrainian_names(tmp_path: Path) -> None:
    data = f"Заголовок;Текст;Джерело;Дата\nЛист;{TEXT};Вимір;27.01.2026\n".encode("cp1251")
    (article,) = articles(read(tmp_path / "a.csv", data=data))
    assert (article.text, article.title, article.outlet) == (TEXT, "Лист", "Вимір")
    assert article.published_at is not None


@pytest.mark.parametrize("option", ["text", "body=text", "text=", "=x"])
def test_a_mapping_written_wrongly_says_how(option: str) -> None:
    with pytest.raises(BadInput, match="is not FIELD=NAME; the fields are text, title"):
        parse_mapping(option)


def test_defaults_fill_in_only_what_a_row_lacks(tmp_path: Path) -> None:
    data = b'{"text": "a b"}\n{"text": "c d", "outlet": "Own", "language": "en"}'
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    first, second = articles(
        read(
            tmp_path / "a.jsonl",
            data=data,
            outlet="Default",
            language=Language.RU,
            published_at=moment,
        )
    )
    assert (first.outlet, first.language, first.published_at) == ("Default", "ru", moment)
    assert (second.outlet, second.language) == ("Own", "en")


@pytest.mark.parametrize(
    ("written", "reason"), [("2099-01-01", "lies in the future"), ("soon", "is no date")]
)
def test_an_article_with_a_bad_date_comes_in_undated_and_says_so(
    tmp_path: Path, written: str, reason: str
) -> None:
    data = json.dumps({"text": "x y", "date": written}).encode()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    (article,) = articles(read(tmp_path / "a.jsonl", data=data, published_at=moment))
    assert article.published_at is None
    assert article.notes[0].startswith(UNDATED)
    assert reason in article.notes[0]


@pytest.mark.parametrize(
    ("written", "code"), [("UK", "uk"), ("ukr", "uk"), ("ru_RU", "ru"), ("English", "en")]
)
def test_languages_by_their_usual_names(written: str, code: str) -> None:
    assert parse_language(written) == code


def test_ua_is_read_as_ukrainian_and_said(tmp_path: Path) -> None:
    (article,) = articles(read(tmp_path / "a.jsonl", data=b'{"text": "x y", "lang": "ua"}'))
    assert article.language is Language.UK
    assert "ua is a country" in article.notes[0]


# CSV


def test_a_table_with_other_names_quotes_and_line_breaks(tmp_path: Path) -> None:
    table = 'Link;Body;Date\nhttps://a.example/1;"Перше ""слово"".\n\nДруге; третє.";27.01.2026\n'
    path = tmp_path / "a.csv"
    (article,) = articles(read(path, data=table.encode("cp1251")))
    assert article.text == 'Перше "слово".\n\nДруге; третє.'
    assert article.url == "https://a.example/1"
    assert article.published_at == datetime(2026, 1, 27, tzinfo=UTC)
    assert article.origin == f"{path}:2"


def test_a_table_without_a_text_column_names_its_columns_and_the_option(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    (refusal,) = read(path, data=b"id,words\n1,hello\n")
    assert refusal == Refusal(
        str(path),
        "no column holds the text; the columns are id, words, so name one with `--map text=COLUMN`",
    )
    (article,) = articles(read(path, mapping={"text": "words"}))
    assert article.text == "hello"
    (refusal,) = refusals(read(path, mapping={"text": "word"}))
    assert "there is no column 'word' for text" in refusal.reason


def test_bad_rows_of_a_table_are_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    data = b'text,title\n"one\ntwo",t\nthree,t,extra\nfo\xd0r,t\nfive,\xd1\x8f\nsix,t\n'
    found = read(path, data=data)
    assert [article.text for article in articles(found)] == ["one\ntwo", "five", "six"]
    assert [refusal.origin for refusal in refusals(found)] == [f"{path}:4", f"{path}:5"]
    assert "the row has 3 fields, the header 2" in refusals(found)[0].reason
    assert "do not decode" in refusals(found)[1].reason


def test_an_open_quote_is_reported_where_it_opens(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    found = read(path, data=b'text\none\n"two\nthree\n')
    assert [article.text for article in articles(found)] == ["one"]
    assert refusals(found)[0].origin == f"{path}:3"
    assert "not CSV from here on" in refusals(found)[0].reason


# Plain text


def test_a_text_file_is_an_article_with_its_text_untouched(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = "  Заголовок без крапки\n\nПерше речення.\tДруге.\r\n\r\n\r\nТретє.\n"
    (article,) = articles(read(path, data=text.encode("koi8-u")))
    assert article.text == text
    assert article.title == "Заголовок без крапки"
    assert article.whole_file


def test_a_header_block_gives_the_fields(tmp_path: Path) -> None:
    text = "Title: Лист\nOutlet: Вимір\nPublished: 2026-01-27\nAuthor: N\n\nПерше.\n\nДруге.\n"
    (article,) = articles(read(tmp_path / "a.txt", data=text.encode()))
    assert (article.title, article.outlet) == ("Лист", "Вимір")
    assert article.published_at == datetime(2026, 1, 27, tzinfo=UTC)
    assert article.text == "Перше.\n\nДруге.\n"


@pytest.mark.parametrize(
    "text", ["Note: this is text.\n\nMore.", "Source: Reuters\n\nMore.", "Title: x\nMore: y z.\n"]
)
def test_what_only_looks_like_a_header_stays_in_the_text(tmp_path: Path, text: str) -> None:
    (article,) = articles(read(tmp_path / "a.txt", data=text.encode()))
    assert article.text == text


@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".html", ".json", ""])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    assert read(path, data=b"") == [Refusal(str(path), "the file is empty")]


@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".html", ".json", ""])
def test_a_binary_file_is_said_to_be_one(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    (refusal,) = refusals(read(path, data=b"PK\x03\x04" + bytes(1000)))
    assert "this is a ZIP archive or office document, not text" in refusal.reason


def test_a_page_with_hardly_any_article_says_so(tmp_path: Path) -> None:
    page = b"<html><body><article><p>Subscribe to read on.</p></article></body></html>"
    (article,) = articles(read(tmp_path / "a.html", data=page))
    assert any("only" in note and "characters" in note for note in article.notes)


@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_damaged_utf8_is_refused_with_its_place(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    data = TEXT.encode() * 9 + b"\n\xd0 " + TEXT.encode() * 9
    (refusal,) = refusals(read(path, data=data))
    assert "broken UTF-8" in refusal.reason
    assert "(line 2)" in refusal.reason
    (article,) = articles(read(path, lenient=True))
    assert "�" in article.text


def test_a_twenty_megabyte_text_is_refused_unread(tmp_path: Path) -> None:
    (refusal,) = refusals(read(tmp_path / "a.txt", data=b"x" * 20_000_000))
    assert "500,000 characters" in refusal.reason


# HTML

PAGE = """<!DOCTYPE html><html lang="uk"><head><meta charset="{charset}">
<title>Лист із Києва | Вимір</title><meta property="og:title" content="Лист із Києва">
<meta property="og:site_name" content="Вимір"><link rel="canonical" href="https://v.example/1">
<meta property="article:published_time" content="{date}"></head><body>
<nav><a href="/">Головна</a> <a href="/s">Спорт</a></nav><article><h1>Лист із Києва</h1>
<p>Київ отримав лист від партнерів &amp; готує відповідь. Речниця сказала, що відповідь буде.</p>
<p>Другий абзац, у якому «слово» <b>стоїть</b> між тегами, і ще трохи тексту для певності.</p>
</article><footer>Усі права захищено. Реклама на сайті.</footer><script>var x = 1;</script>
</body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1251", "koi8-u"])
def test_a_page_is_reduced_to_its_article(tmp_path: Path, charset: str) -> None:
    page = PAGE.format(charset=charset, date="2026-01-27T17:40:00+02:00")
    page = page.replace("«", '"').replace("»", '"')
    (article,) = articles(read(tmp_path / "a.html", data=page.encode(charset)))
    assert article.text.splitlines() == [
        "Київ отримав лист від партнерів & готує відповідь. Речниця сказала, що відповідь буде.",
        'Другий абзац, у якому "слово" стоїть між тегами, і ще трохи тексту для певності.',
    ]
    assert (article.title, article.outlet, article.url, article.language) == (
        "Лист із Києва",
        "Вимір",
        "https://v.example/1",
        "uk",
    )
    assert article.published_at == datetime(2026, 1, 27, 15, 40, tzinfo=UTC)


def test_an_old_page_laid_out_with_tables_loses_its_menus(tmp_path: Path) -> None:
    first = "Стороны сверили списки и разошлись до следующей среды, сообщил наблюдатель."
    second = "Разница в подсчётах сократилась до девятнадцати фамилий, добавил он, и это немного."
    page = (
        "<html><body><table><tr><td><a href=/>Архив</a> | <a href=/f>Форум</a></td></tr>"
        f"<tr><td><h1>Списки</h1><p>{first}</p><p>{second}</p></td></tr></table>"
    )
    (article,) = articles(read(tmp_path / "a.html", data=page.encode()))
    assert article.text == f"{first}\n{second}"


def test_a_page_that_declares_another_language_than_it_is_in(tmp_path: Path) -> None:
    page = PAGE.format(charset="utf-8", date="").replace('lang="uk"', 'lang="en"')
    (article,) = articles(read(tmp_path / "a.html", data=page.encode()))
    assert article.language is None
    assert "the page declares en but reads as uk" in article.notes


def test_a_page_from_the_future_comes_in_undated_with_a_note(tmp_path: Path) -> None:
    page = PAGE.format(charset="utf-8", date="2099-05-01")
    (article,) = articles(read(tmp_path / "a.html", data=page.encode()))
    assert article.published_at is None
    assert any("lies in the future" in note for note in article.notes)


def test_a_page_without_an_article_gives_its_text_or_is_refused(tmp_path: Path) -> None:
    page = b"<html><body><nav>Menu</nav><div>Only words.</div><script>x()</script></body></html>"
    (article,) = articles(read(tmp_path / "a.html", data=page))
    assert "Only words." in article.text
    assert "x()" not in article.text
    (refusal,) = refusals(read(tmp_path / "b.html", data=b"<html><body><img src=x></body></html>"))
    assert "no article text" in refusal.reason


def test_a_page_nested_ten_thousand_deep_ends(tmp_path: Path) -> None:
    page = b"<html><body>" + b"<div>" * 10_000 + b"<p>Deep words here.</p>" + b"</div>" * 10_000
    (found,) = read(tmp_path / "a.html", data=page)
    assert isinstance(found, Article | Refusal)


# Folders and names


def test_a_folder_is_walked_in_order_and_other_kinds_are_counted(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/2.txt", "1.txt", "c.pdf", "d.pdf", "README.md", ".hidden.txt", ".git/x.txt"):
        (tmp_path / name).write_text(f"Це {name}.")
    reading = Reading([str(tmp_path)], Fields())
    assert [article.text for article in articles(list(reading))] == ["Це 1.txt.", "Це b/2.txt."]
    assert reading.skipped == {".pdf": 2, ".md": 1}
    assert reading.bytes_read == reading.bytes_total


def test_a_link_that_leads_out_of_a_folder_is_refused_and_one_inside_it_is_read(
    tmp_path: Path,
) -> None:
    given, elsewhere = tmp_path / "given", tmp_path / "elsewhere"
    for folder in (given, elsewhere):
        folder.mkdir()
        (folder / "a.txt").write_text(f"Це {folder.name}.", encoding="utf-8")
    (given / "inside.txt").symlink_to("a.txt")
    (given / "outside.txt").symlink_to(elsewhere / "a.txt")
    (given / "folder").symlink_to(elsewhere)
    (given / "nothing.txt").symlink_to("nowhere.txt")
    (given / "loop.txt").symlink_to("loop.txt")
    read = list(Reading([str(given)], Fields()))
    assert [article.text for article in articles(read)] == ["Це given.", "Це given."]
    refused = {Path(one.origin).name: one.reason for one in read if isinstance(one, Refusal)}
    assert set(refused) == {"outside.txt", "folder"}
    assert "leads out of the folder" in refused["outside.txt"]
    named = list(Reading([str(given / "outside.txt")], Fields()))
    assert [article.text for article in articles(named)] == ["Це elsewhere."]
    link = tmp_path / "link"
    link.symlink_to(given)
    assert len(articles(list(Reading([str(link)], Fields())))) == 2


def test_files_of_one_name_in_two_folders_are_two_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origins = set()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        Path("today.txt").write_text("Слова.", encoding="utf-8")
        (article,) = articles(list(Reading(["today.txt"], Fields())))
        assert article.whole_file
        origins.add(article.origin)
    assert origins == {str(tmp_path / name / "today.txt") for name in ("a", "b")}


def test_what_comes_from_a_pipe_is_not_the_same_file_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "piped"
    path.write_text("Слова.", encoding="utf-8")
    with path.open() as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        (article,) = articles(list(Reading(["-"], Fields())))
    assert (article.origin, article.whole_file) == ("-", False)


def test_a_file_without_a_telling_name_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    assert articles(read(path, data=b'\xef\xbb\xbf{"text": "x y"}'))[0].text == "x y"
    page = PAGE.format(charset="utf-8", date="").encode()
    assert articles(read(path, data=page))[0].outlet == "Вимір"
    assert articles(read(path, data=b"Just words."))[0].text == "Just words."


def test_a_path_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(BadInput, match=r"There is no file or folder 'nowhere\.txt'"):
        Reading(["nowhere.txt"], Fields())
