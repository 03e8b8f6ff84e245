"""Bad input over HTTP: each gets a clear answer, and the server goes on answering."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.contract.server import EchoEngine, create_app, running, settings

GOOD = {"q": "Он пришёл.", "source": "ru", "target": "en"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    chosen = settings(tmp_path_factory.mktemp("store"), body_seconds=0.3, request_bytes=12 << 20)
    with running(create_app(chosen, engine=EchoEngine())) as url:
        yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=30) as client:
        yield client


@pytest.fixture(autouse=True)
def still_answering(url: str) -> Iterator[None]:
    yield
    answer = httpx.post(f"{url}/translate", json=GOOD)
    assert answer.json() == {"translatedText": "[ru>en]Он пришёл."}


def sentence(answer: httpx.Response) -> str:
    """The one sentence of a refusal, whatever its shape."""
    body = answer.json()
    text = body.get("error") or body.get("message") or body.get("detail")
    assert isinstance(text, str)
    assert text
    assert "Traceback" not in text
    return text


def everything(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/pairs?probability=0.8", "probability_from"),
        ("/v1/documents?langauge=ru", "language"),
        ("/v1/packages?x=1", "takes none"),
    ],
)
def test_a_filter_that_there_is_not_is_refused_and_not_passed_over(
    client: httpx.Client, path: str, told: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert told in sentence(answer)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"json": {"text": ""}}, "at body.text: The text is empty."),
        ({"json": {"documents": [{"text": ""}]}}, "at body.documents.0.text: The text is empty."),
        ({"content": b"text=x"}, "application/json"),
        ({"json": ["x"]}, "JSON object"),
    ],
)
def test_a_body_that_does_not_fit_is_told_in_the_callers_own_words(
    client: httpx.Client, sent: dict[str, Any], told: str
) -> None:
    answer = client.post("/v1/documents", **sent)
    assert answer.status_code == 400
    assert told in sentence(answer)


def test_ten_megabytes_of_text(url: str) -> None:
    answer = httpx.post(f"{url}/translate", json={**GOOD, "q": "a" * 10_000_000}, timeout=30)
    assert answer.status_code == 400
    assert "exceeds text limit (200000)" in sentence(answer)


def test_a_body_beyond_the_limit_is_refused_by_its_announced_length(url: str) -> None:
    answer = httpx.post(f"{url}/translate", content=b"x" * (13 << 20), headers=JSON, timeout=30)
    assert answer.status_code == 413
    assert "12,582,912 bytes" in sentence(answer)


def test_a_body_beyond_the_limit_is_refused_while_it_arrives(url: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(13):
            yield b"x" * (1 << 20)

    for path in ("/translate", "/v2/translate", "/v1/translate", "/v1/documents"):
        try:
            answer = httpx.post(f"{url}{path}", content=pieces(), headers=JSON, timeout=30)
        except httpx.TransportError:
            continue  # the connection was closed on the rest of the body, which is as clear
        assert answer.status_code == 413


def test_a_hundred_thousand_empty_items(url: str) -> None:
    answer = httpx.post(f"{url}/translate", json={**GOOD, "q": [""] * 100_000}, timeout=30)
    assert answer.status_code == 400
    assert "exceeds text limit" in sentence(answer)
    few = httpx.post(f"{url}/translate", json={**GOOD, "q": [""] * 1_000}, timeout=30)
    assert few.json() == {"translatedText": [""] * 1_000}


@pytest.mark.parametrize(
    ("text", "word"), [("a\x00b", "NUL"), ("\ud83d", "surrogate"), ("\udc00\ud800", "surrogate")]
)
def test_characters_that_are_none(url: str, text: str, word: str) -> None:
    for path, body in (
        ("/translate", {**GOOD, "q": text}),
        ("/translate", {**GOOD, "q": ["good", text]}),
        ("/translate", {**GOOD, "source": text}),
        ("/detect", {"q": text}),
        ("/suggest", {**GOOD, "s": text}),
        ("/v2/translate", {"text": [text], "target_lang": "EN-GB"}),
        ("/v1/translate", {"texts": [text], "target": "en"}),
        ("/v1/documents", {"text": text}),
        ("/v1/documents", {"text": "good", "outlet": text}),
        (
            "/v1/memory",
            {"source": text, "target": "x", "source_language": "ru", "target_language": "en"},
        ),
        ("/v1/align", {"texts": [{"text": text}, {"text": "good"}]}),
        ("/v1/pairs/x/judgements", {"judgement": "same", "note": text}),
    ):
        answer = httpx.post(f"{url}{path}", content=json.dumps(body), headers=JSON)
        assert answer.status_code == 400, path
        assert word in sentence(answer), path


@pytest.mark.parametrize("value", [None, 5, 1.5, True, {}, {"a": []}, [], [None], [[]], "x" * 99])
def test_wrong_types_everywhere(client: httpx.Client, value: Any) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "/translate": {**GOOD, "format": "text", "alternatives": 0, "api_key": "x"},
        "/detect": {"q": "x"},
        "/suggest": {**GOOD, "q": "y", "s": "x"},
        "/v2/translate": {
            "text": ["x"],
            "target_lang": "RU",
            "source_lang": "EN",
            "tag_handling": "html",
        },
        "/v1/translate": {
            "texts": ["x"],
            "target": "ru",
            "source": "en",
            "alternatives": 0,
            "options": {},
        },
        "/v1/documents?align=false": {"text": "x", "title": "x", "published_at": "2024-01-01"},
        "/v1/align": {"texts": [{"text": "x"}, {"text": "y"}], "mode": "auto"},
        "/v1/memory": {
            "source": "x",
            "target": "y",
            "source_language": "ru",
            "target_language": "en",
        },
    }
    for path, body in bodies.items():
        for name in body:
            if path == "/v1/align" and name == "mode":
                continue
            answer = client.post(path, json={**body, name: value})
            assert answer.status_code < 500, (path, name, value)
            if answer.status_code >= 400:
                sentence(answer)


def test_a_body_that_is_sent_by_half(url: str) -> None:
    where = urlsplit(url)
    for path in ("/translate", "/v1/translate"):
        with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
            connection.sendall(
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                'Content-Length: 100\r\n\r\n{"q": "'.encode()
            )
            answer = everything(connection).decode()
        assert answer.startswith("HTTP/1.1 408"), path
        assert "did not arrive within 0.3 seconds" in answer


def test_a_connection_that_is_dropped_in_mid_body(url: str) -> None:
    where = urlsplit(url)
    for path in ("/translate", "/v2/translate", "/v1/documents"):
        with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
            connection.sendall(
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                "Content-Length: 100\r\n\r\n{".encode()
            )


def test_a_form_that_is_none(url: str) -> None:
    for body, content_type in (
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b"%ff%fe=%00&" * 2000, "application/x-www-form-urlencoded"),
        (b"\x00" * 1000, "application/octet-stream"),
    ):
        answer = httpx.post(
            f"{url}/translate", content=body, headers={"Content-Type": content_type}
        )
        assert answer.status_code == 400
        sentence(answer)


def test_html_nested_ten_thousand_deep(url: str) -> None:
    deep = "<div>" * 10_000 + "Он пришёл." + "</div>" * 10_000
    sent = {**GOOD, "q": deep, "format": "html"}
    answer = httpx.post(f"{url}/translate", json=sent, timeout=60)
    assert answer.status_code == 200
    assert "[ru&gt;en]Он пришёл." in answer.json()["translatedText"]


def test_ids_and_cursors_that_were_never_made(url: str) -> None:
    for path in (
        "/v1/documents/%00",
        "/v1/documents/" + "x" * 5000,
        "/v1/events/..%2f..%2f",
        "/v1/pairs/%F0%9F%98%80",
        "/v1/pairs?cursor=W10",
        "/v1/events/x/groups?cursor=WzFlOTk5LCAieCJd",
        "/v1/documents?cursor=%00",
        "/v1/documents?limit=0",
        "/v1/documents?limit=99999999999999999999",
        "/v1/pairs?probability_from=nan",
        "/v1/pairs?language=ru&language=en&language=uk",
        "/v1/documents?published_from=9999-12-31T23:59:59-14:00",
        "/download_file/%2e%2e%2fpasswd",
        "/download_file/" + "a" * 4000,
    ):
        answer = httpx.get(f"{url}{path}")
        assert 400 <= answer.status_code < 500, path
        sentence(answer)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_moment_that_is_outside_the_calendar_in_utc(client: httpx.Client, moment: str) -> None:
    text = {"text": "Он пришёл домой.", "published_at": moment}
    for path, body in (("/v1/documents", text), ("/v1/align", {"texts": [text, text]})):
        answer = client.post(path, json=body)
        assert answer.status_code == 400
        assert "outside the calendar" in sentence(answer)


@pytest.mark.parametrize(("source", "target"), [(" \n", "x"), ("дом", "\t ")])
def test_a_blank_translation_is_not_remembered(
    client: httpx.Client, source: str, target: str
) -> None:
    unit = {"source": source, "target": target, "source_language": "ru", "target_language": "en"}
    answer = client.post("/v1/memory", json=unit)
    assert (answer.status_code, "blank" in sentence(answer)) == (400, True)
    given = {"q": source, "s": target, "source": "ru", "target": "en"}
    answer = client.post("/suggest", json=given)
    assert (answer.status_code, "missing" in sentence(answer)) == (400, True)


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    for path in ("/health", "/languages", "/", "/v1/events", "/static/parallax.css"):
        asked = client.get(path)
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(len(asked.content))
    assert client.head("/translate").status_code == 405


def test_a_header_or_address_that_is_none(url: str) -> None:
    where = urlsplit(url)
    for request in (b"GET / FTP/9\r\n\r\n", b"\x16\x03\x01" * 50, b"GET /\x00 HTTP/1.1\r\n\r\n"):
        with socket.create_connection((where.hostname, where.port), timeout=10) as connection:
            connection.sendall(request)
            assert everything(connection).startswith(b"HTTP/1.1 400")


def test_a_store_that_cannot_be_opened_is_a_503_and_translation_goes_on(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with running(create_app(settings(blocked / "store"), engine=EchoEngine())) as url:
        answer = httpx.get(f"{url}/v1/documents")
        assert answer.status_code == 503
        assert "PARALLAX_DATA_FOLDER" in sentence(answer)
        assert httpx.post(f"{url}/translate", json=GOOD).status_code == 200
        ready = httpx.get(f"{url}/ready")
        assert (ready.status_code, ready.json()["store"]["ready"]) == (503, False)
