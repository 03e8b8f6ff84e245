"""Files in LibreTranslate's way: sent, translated, fetched, and gone afterwards."""

from __future__ import annotations

import io
import os
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import httpx
import pytest

from tests.contract.server import EchoEngine, create_app, running, settings

FIELDS = {"source": "ru", "target": "en"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    app = create_app(settings(folder, file_bytes=200_000), engine=EchoEngine())
    with running(app) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def send(client: httpx.Client, name: str, data: bytes, **fields: str) -> httpx.Response:
    return client.post("/translate_file", data={**FIELDS, **fields}, files={"file": (name, data)})


def translated(client: httpx.Client, name: str, data: bytes, **fields: str) -> httpx.Response:
    answer = send(client, name, data, **fields)
    assert answer.status_code == 200, answer.text
    (url,) = answer.json().values()
    assert url.startswith(str(client.base_url))
    return client.get(url)


def test_a_text_comes_back_under_its_own_name(client: httpx.Client) -> None:
    answer = send(client, "статья 1.txt", "Он пришёл.\n\nОна ушла.\n".encode())
    url = httpx.URL(answer.json()["translatedFileUrl"])
    assert re.fullmatch(r"/download_file/[0-9a-f-]{36}\.статья_1_en\.txt", url.path)
    fetched = client.get(url)
    assert fetched.text == "[ru>en]Он пришёл.\n\n[ru>en]Она ушла.\n"
    assert "attachment" in fetched.headers["content-disposition"]
    assert "_en.txt" in fetched.headers["content-disposition"]


def test_each_paragraph_is_translated_from_its_own_language(client: httpx.Client) -> None:
    text = "Президент подписал закон о бюджете на новый год.\n\n"
    text += "Уряд схвалив новий закон про бюджет і оприлюднив його."
    fetched = translated(client, "a.txt", text.encode(), source="auto")
    assert [line[:7] for line in fetched.text.split("\n\n")] == ["[ru>en]", "[uk>en]"]


def test_encodings_of_old_files_are_found_out(client: httpx.Client) -> None:
    text = "Президент подписал закон о бюджете, сообщила газета."
    fetched = translated(client, "a.txt", text.encode("cp1251"))
    assert fetched.content.decode() == f"[ru>en]{text}"


def test_pages_keep_their_tags_and_their_encoding(client: httpx.Client) -> None:
    page = '<meta charset="windows-1251"><p class=x>Он &amp; <b>она</b> пришли.</p>'
    fetched = translated(client, "a.html", page.encode("cp1251"))
    made = fetched.content.decode("cp1251")
    assert made.startswith('<meta charset="windows-1251"><p class=x>')
    assert re.sub("</?b>", "", made).endswith("[ru&gt;en]Он &amp; она пришли.</p>")
    assert made.count("<b>") == made.count("</b>") == 1


def test_word_documents_keep_their_shape(client: httpx.Client) -> None:
    document = docx.Document()
    document.add_heading("Заголовок", 1)
    document.add_paragraph("Он пришёл.")
    file = io.BytesIO()
    document.save(file)
    fetched = translated(client, "a.docx", file.getvalue())
    found = docx.Document(io.BytesIO(fetched.content)).paragraphs
    assert [(each.text, each.style.name) for each in found] == [
        ("[ru>en]Заголовок", "Heading 1"),
        ("[ru>en]Он пришёл.", "Normal"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.txt", b"", "Invalid request: empty file"),
        ("a.exe", b"MZ", "Invalid request: file format not supported"),
        ("txt", b"x", "Invalid request: file format not supported"),
        ("a.docx", b"not a zip", "The file is broken"),
        ("a.pdf", b"%PDF-1.4 broken", "The PDF cannot be read"),
        ("a.srt", b"no subtitles", "No subtitle was found"),
        ("a.txt", b"\x00\x01\x02\xff" * 50, ""),
    ],
)
def test_what_cannot_be_translated_is_told(
    client: httpx.Client, name: str, data: bytes, error: str
) -> None:
    answer = send(client, name, data)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(error)
    assert client.get("/health").status_code == 200


def test_a_zip_bomb_is_refused_and_leaves_nothing_behind(
    client: httpx.Client, folder: Path
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 100_000_000)
    before = set((folder / "files").iterdir())
    answer = send(client, "bomb.docx", file.getvalue())
    assert answer.status_code == 400
    assert "would grow" in answer.json()["error"]
    assert set((folder / "files").iterdir()) == before


def test_a_file_must_be_sent_and_its_languages_named(client: httpx.Client) -> None:
    missing = client.post("/translate_file", data=FIELDS)
    assert missing.json() == {"error": "Invalid request: missing file parameter"}
    text = client.post("/translate_file", data={**FIELDS, "file": "text"})
    assert text.json() == {"error": "Invalid request: missing file parameter"}
    assert send(client, "a.txt", b"x", target="xx").json() == {"error": "xx is not supported"}
    assert send(client, "a.txt", b"x", source="").json() == {
        "error": "Invalid request: missing source parameter"
    }


def test_a_file_that_is_too_large_is_a_413(client: httpx.Client) -> None:
    assert send(client, "a.txt", b"x" * 210_000).status_code == 413


def test_only_translated_files_can_be_fetched(client: httpx.Client, folder: Path) -> None:
    (folder / "files").mkdir(exist_ok=True)
    (folder / "files" / "secret").write_text("secret")
    names = [
        "secret",
        "..%2fsecret",
        f"{'0' * 8}-0000-0000-0000-{'0' * 12}.a_en.txt",
        "%00",
        "a" * 500,
    ]
    for name in names:
        answer = client.get(f"/download_file/{name}")
        assert answer.status_code == 404
        assert isinstance(answer.json()["error"], str)


def test_a_file_is_gone_when_its_time_is_up(client: httpx.Client, folder: Path) -> None:
    url = send(client, "old.txt", "Да.".encode()).json()["translatedFileUrl"]
    (path,) = (folder / "files").glob("*old_en.txt")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert client.get(url).status_code == 404
    send(client, "new.txt", "Да.".encode())
    assert not path.exists()


def test_a_caller_that_leaves_leaves_nothing_behind(tmp_path: Path) -> None:
    engine = EchoEngine()
    engine.hold()
    document = docx.Document()
    document.add_paragraph("Он пришёл.")
    file = io.BytesIO()
    document.save(file)
    with running(create_app(settings(tmp_path), engine=engine)) as url:
        with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=url, timeout=2) as client:
            send(client, "a.docx", file.getvalue())
        assert engine.arrived.wait(10)
        for _ in range(1_000):
            if not list((tmp_path / "files").iterdir()):
                break
            threading.Event().wait(0.01)
        assert list((tmp_path / "files").iterdir()) == []
        assert all(future.cancelled() for future in engine.futures)


def test_files_can_be_switched_off(tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, translate_files=False), engine=EchoEngine())
    with running(app) as url:
        answer = httpx.post(f"{url}/translate_file", data=FIELDS, files={"file": ("a.txt", b"x")})
        assert answer.status_code == 403
        assert answer.json() == {"error": "Files translation are disabled on this server."}
        assert httpx.get(f"{url}/frontend/settings").json()["supportedFilesFormat"] == []
