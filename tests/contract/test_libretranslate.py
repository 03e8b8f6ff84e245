"""The contract of LibreTranslate 1.9.6 as recorded, and where Parallax is right instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.server import EchoEngine, create_app, running, settings

RU = "Президент подписал закон"
UK = "Уряд схвалив бюджет, і його вже підписали"


@pytest.fixture(scope="module")
def engine() -> EchoEngine:
    return EchoEngine()


@pytest.fixture(scope="module")
def client(engine: EchoEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("store")
    app = create_app(settings(folder, alternatives=3, request_characters=500), engine=engine)
    with running(app) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


def limited(folder: Path, **changes: Any) -> Any:
    return running(create_app(settings(folder, **changes), engine=EchoEngine()))


@pytest.mark.parametrize(
    "written",
    [
        {"json": {"q": RU, "source": "ru", "target": "en"}},
        {"data": {"q": RU, "source": "ru", "target": "en"}},
        {
            "content": f"q={RU}&source=ru&target=en".encode(),
            "headers": {"content-type": "application/x-www-form-urlencoded"},
        },
        {"params": {"q": RU, "source": "ru", "target": "en"}},
        {"files": {"q": (None, RU), "source": (None, "ru"), "target": (None, "en")}},
        {"params": {"source": "ru"}, "data": {"q": RU, "target": "en"}},
        {"json": {"q": RU, "source": "RU", "target": "EN", "format": "text", "alternatives": 0}},
    ],
    ids=[
        "json",
        "form",
        "form as curl -d sends it",
        "query",
        "multipart",
        "query and form",
        "codes in capitals",
    ],
)
def test_a_request_may_be_written_in_every_way_clients_write_it(
    client: httpx.Client, written: dict[str, Any]
) -> None:
    answer = client.post("/translate", **written)
    assert (answer.status_code, answer.json()) == (200, {"translatedText": f"[ru>en]{RU}"})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("written", [b"q=%CC%E8%F0", "q=Мир".encode("cp1251")])
def test_a_form_in_another_encoding_is_refused_and_not_translated_as_gibberish(
    client: httpx.Client, written: bytes
) -> None:
    answer = client.post(
        "/translate?source=ru&target=en",
        content=written,
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "The form is not in UTF-8; send it so."},
    )


def test_a_list_is_answered_by_a_list_of_the_same_length(client: httpx.Client) -> None:
    answer = client.post("/translate", json={"q": [RU, "", RU], "source": "ru", "target": "en"})
    assert answer.json() == {"translatedText": [f"[ru>en]{RU}", "", f"[ru>en]{RU}"]}


def test_auto_names_the_language_of_each_item_and_translates_it_from_that(
    client: httpx.Client,
) -> None:
    body = client.post("/translate", json={"q": [UK, RU, "42"], "source": "auto", "target": "en"})
    found = body.json()
    assert found["translatedText"] == [f"[uk>en]{UK}", f"[ru>en]{RU}", "42"]
    assert [each["language"] for each in found["detectedLanguage"]] == ["uk", "ru", "en"]
    assert all(isinstance(each["confidence"], float) for each in found["detectedLanguage"])
    assert found["detectedLanguage"][2]["confidence"] == 0.0


def test_auto_on_one_text_gives_one_language(client: httpx.Client) -> None:
    found = client.post("/translate", json={"q": RU, "source": "auto", "target": "en"}).json()
    assert set(found) == {"translatedText", "detectedLanguage"}
    assert found["detectedLanguage"]["language"] == "ru"


def test_alternatives_come_only_when_asked_for_and_never_repeat_the_answer(
    client: httpx.Client,
) -> None:
    ask = {"q": RU, "source": "ru", "target": "en"}
    assert "alternatives" not in client.post("/translate", json=ask).json()
    found = client.post("/translate", json={**ask, "alternatives": 2}).json()
    assert found["alternatives"] == [f"[ru>en]1:{RU}", f"[ru>en]2:{RU}"]
    several = client.post("/translate", json={**ask, "q": [RU], "alternatives": 1}).json()
    assert several["alternatives"] == [[f"[ru>en]1:{RU}"]]


@pytest.mark.parametrize("text", ["😀🔥", "12 345", "  \n ", "…"])
def test_what_holds_no_words_comes_back_unchanged(client: httpx.Client, text: str) -> None:
    found = client.post("/translate", json={"q": text, "source": "auto", "target": "ru"}).json()
    assert found["translatedText"] == text
    assert found["detectedLanguage"] == {"confidence": 0.0, "language": "en"}


def test_the_same_language_on_both_sides_changes_nothing(client: httpx.Client) -> None:
    found = client.post("/translate", json={"q": "A b.\n\n c ", "source": "en", "target": "en"})
    assert found.json() == {"translatedText": "A b.\n\n c "}


def test_whitespace_and_entities_of_a_text_are_kept(client: httpx.Client) -> None:
    text = "\n  Он пришёл.\t Она  ушла.\r\n\r\n a &lt;b&gt; c \n"
    found = client.post("/translate", json={"q": text, "source": "ru", "target": "en"}).json()
    assert found["translatedText"].replace("[ru>en]", "") == text


def test_line_ends_of_a_form_are_made_plain(client: httpx.Client) -> None:
    sent = {"q": "Он пришёл.\r\nОна ушла.", "source": "ru", "target": "en"}
    found = client.post("/translate", data=sent).json()["translatedText"]
    assert found == "[ru>en]Он пришёл.\n[ru>en]Она ушла."


def test_html_keeps_its_tags_and_its_escapes(client: httpx.Client) -> None:
    """LibreTranslate takes the escapes away, so that text turns into tags, and shows comments."""
    page = (
        "<p>Он пришёл.</p><!-- тайна --><p>AT&amp;T &lt;script&gt; сообщил.</p>"
        '<script>var a = "Он пришёл.";</script><p translate="no">Он пришёл.</p>'
    )
    asked = {"q": page, "source": "ru", "target": "en", "format": "html", "alternatives": 2}
    assert client.post("/translate", json=asked).json() == {
        "translatedText": (
            "<p>[ru&gt;en]Он пришёл.</p><!-- тайна -->"
            "<p>[ru&gt;en]AT&amp;T &lt;script&gt; сообщил.</p>"
            '<script>var a = "Он пришёл.";</script><p translate="no">Он пришёл.</p>'
        ),
        "alternatives": [],
    }


def test_the_language_of_html_is_that_of_its_words(client: httpx.Client) -> None:
    page = '<div class="wrapper outer main content"><p>Уряд схвалив бюджет</p></div>'
    asked = {"q": page, "source": "auto", "target": "en", "format": "html"}
    assert client.post("/translate", json=asked).json()["detectedLanguage"]["language"] == "uk"


GOOD = {"q": RU, "source": "ru", "target": "en"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"q": None}, "Invalid request: missing q parameter"),
        ({"q": ""}, "Invalid request: missing q parameter"),
        ({"q": []}, "Invalid request: missing q parameter"),
        ({"source": None}, "Invalid request: missing source parameter"),
        ({"target": ""}, "Invalid request: missing target parameter"),
        ({"source": "xx"}, "xx is not supported"),
        ({"target": "xx"}, "xx is not supported"),
        ({"source": "ua"}, "ua is not supported"),
        ({"target": "auto"}, "auto is not supported"),
        (
            {"target": "uk"},
            "Ukrainian (uk) is not available as a target language from Russian (ru)",
        ),
        ({"format": "md"}, "md format is not supported"),
        ({"q": "я" * 501}, "Invalid request: request (501) exceeds text limit (500)"),
        ({"q": ["я" * 300] * 2}, "Invalid request: request (600) exceeds text limit (500)"),
        ({"alternatives": 4}, "Invalid request: alternatives parameter must be <= 3"),
        ({"alternatives": 10_000}, "Invalid request: alternatives parameter must be <= 3"),
        ({"alternatives": -1}, "Invalid request: alternatives parameter must be >= 0"),
        ({"alternatives": "x"}, "Invalid request: alternatives parameter is not a number"),
        ({"alternatives": None}, "Invalid request: alternatives parameter is not a number"),
        ({"alternatives": True}, "Invalid request: alternatives parameter is not a number"),
        ({"alternatives": 1.5}, "Invalid request: alternatives parameter is not a number"),
        ({"q": 5}, "Invalid request: q parameter must be a string or a list of strings"),
        ({"q": [5]}, "Invalid request: q parameter must be a string or a list of strings"),
        ({"q": {"a": 1}}, "Invalid request: q parameter must be a string or a list of strings"),
        ({"q": [[RU]]}, "Invalid request: q parameter must be a string or a list of strings"),
        ({"source": 5}, "Invalid request: source parameter must be a string"),
        ({"target": ["en"]}, "Invalid request: target parameter must be a string"),
        ({"format": 7}, "int format is not supported"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_in_the_recorded_words(
    client: httpx.Client, changes: dict[str, Any], error: str
) -> None:
    answer = client.post("/translate", json={**GOOD, **changes})
    assert (answer.status_code, answer.json()) == (400, {"error": error})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"[]", "Invalid JSON format"),
        (b'"q"', "Invalid JSON format"),
        (b"null", "Invalid JSON format"),
        (
            b'{"q": ',
            "The browser (or proxy) sent a request that this server could not understand.",
        ),
        (
            b"\xff\xfe\x00",
            "The browser (or proxy) sent a request that this server could not understand.",
        ),
        (
            b"[" * 100_000,
            "The browser (or proxy) sent a request that this server could not understand.",
        ),
    ],
    ids=["list", "string", "null", "cut off", "not unicode", "nested without end"],
)
def test_a_body_that_is_no_json_object_is_a_400(
    client: httpx.Client, body: bytes, error: str
) -> None:
    for path in ("/translate", "/detect", "/suggest"):
        answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_a_form_value_that_is_no_number_is_told_so(client: httpx.Client) -> None:
    answer = client.post("/translate", data={**GOOD, "alternatives": "two"})
    assert answer.json() == {"error": "Invalid request: alternatives parameter is not a number"}
    assert client.post("/translate", data={**GOOD, "alternatives": "1"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/translate", 405),
        ("PUT", "/detect", 405),
        ("DELETE", "/languages", 405),
        ("GET", "/nothing", 404),
        ("GET", "/download_file/nothing.txt", 404),
        ("GET", "/download_file/..%2f..%2fetc%2fpasswd", 404),
    ],
)
def test_errors_of_routing_are_json_too(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert isinstance(answer.json()["error"], str)


def test_languages_are_those_there_are_routes_for(client: httpx.Client) -> None:
    assert client.get("/languages").json() == [
        {"code": "en", "name": "English", "targets": ["en", "ru"]},
        {"code": "ru", "name": "Russian", "targets": ["en", "ru"]},
        {"code": "uk", "name": "Ukrainian", "targets": ["en", "uk"]},
    ]
    with_body = client.request("GET", "/languages", data={"api_key": "x"})
    assert with_body.status_code == 200


def test_detection_gives_at_most_three_best_first_as_floats(client: httpx.Client) -> None:
    found = client.post("/detect", data={"q": UK}).json()
    assert found[0]["language"] == "uk"
    assert 1 <= len(found) <= 3
    assert [each["confidence"] for each in found] == sorted(
        (each["confidence"] for each in found), reverse=True
    )
    assert all(isinstance(each["confidence"], float) for each in found)
    assert client.post("/detect", json={"q": [UK, UK]}).json()[0]["language"] == "uk"
    assert client.post("/detect", json={"q": "123"}).json() == [
        {"confidence": 0.0, "language": "en"}
    ]
    assert client.post("/detect", json={}).json() == {
        "error": "Invalid request: missing q parameter"
    }


def test_settings_name_what_the_server_allows(client: httpx.Client) -> None:
    found = client.get("/frontend/settings").json()
    assert set(found) == {
        "apiKeys",
        "charLimit",
        "filesTranslation",
        "frontendTimeout",
        "keyRequired",
        "language",
        "suggestions",
        "supportedFilesFormat",
    }
    assert found["charLimit"] == 500
    assert found["language"]["target"] == {"code": "en", "name": "English"}


def test_health_is_static(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_every_answer_lets_any_page_read_it(client: httpx.Client) -> None:
    expected = {
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "Authorization, Content-Type",
        "access-control-expose-headers": "Authorization",
        "access-control-allow-methods": "GET, POST",
        "access-control-allow-credentials": "true",
        "access-control-max-age": "1728000",
    }
    for answer in (
        client.post("/translate", json=GOOD),
        client.post("/translate", json={}),
        client.get("/translate"),
        client.get("/languages"),
        client.options("/translate"),
    ):
        assert {name: answer.headers[name] for name in expected} == expected
    preflight = client.options("/translate")
    assert (preflight.status_code, preflight.content) == (200, b"")


def test_a_suggestion_is_what_the_next_request_gets(
    client: httpx.Client, engine: EchoEngine
) -> None:
    text = "Стороны обменялись пленными."
    better = "The two sides exchanged prisoners of war."
    sent = {"q": text, "s": better, "source": "ru", "target": "en"}
    assert client.post("/suggest", data=sent).json() == {"success": True}
    like = {"text": "Стороны вновь обменялись пленными.", "source": "ru", "target": "en"}
    (match,) = client.get("/v1/memory/matches", params=like).json()
    assert match["target"] == better
    assert 0.7 <= match["similarity"] < 1
    asked = len(engine.asked)
    found = client.post("/translate", json={"q": text, "source": "ru", "target": "en"}).json()
    assert found["translatedText"] == better
    assert len(engine.asked) == asked
    for name in sent:
        lacking = {key: value for key, value in sent.items() if key != name}
        assert client.post("/suggest", json=lacking).json() == {
            "error": f"Invalid request: missing {name} parameter"
        }


def test_suggestions_can_be_switched_off(tmp_path: Path) -> None:
    with limited(tmp_path, suggestions=False) as url:
        sent = {"q": "Да", "s": "Yes", "source": "ru", "target": "en"}
        answer = httpx.post(f"{url}/suggest", json=sent)
        assert answer.status_code == 403
        assert answer.json() == {"error": "Suggestions are disabled on this server."}


def test_items_that_share_a_joined_form_are_never_mixed_up(client: httpx.Client) -> None:
    """LibreTranslate's cache joins items with `|` and then answers one request with another's."""
    shapes = (["a|b"], ["a", "b"], "a|b")
    answers = [
        client.post("/translate", json={"q": q, "source": "en", "target": "ru"}).json()
        for q in shapes
    ]
    assert [answer["translatedText"] for answer in answers] == [
        ["[en>ru]a|b"],
        ["[en>ru]a", "[en>ru]b"],
        "[en>ru]a|b",
    ]


def test_too_many_calls_are_a_429_that_says_when_to_come_again(tmp_path: Path) -> None:
    with limited(tmp_path, requests_per_minute=2) as url:
        assert httpx.post(f"{url}/translate", json={**GOOD, "q": [RU, RU]}).status_code == 200
        answer = httpx.post(f"{url}/translate", json=GOOD)
        assert answer.status_code == 429
        assert answer.json() == {"error": "Slowdown: 2 per 1 minute"}
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert httpx.get(f"{url}/languages").status_code == 200
        assert httpx.get(f"{url}/health").status_code == 200


def test_too_many_items_are_a_400(tmp_path: Path) -> None:
    with limited(tmp_path, request_texts=3) as url:
        answer = httpx.post(f"{url}/translate", json={**GOOD, "q": [RU] * 4})
        assert answer.json() == {"error": "Invalid request: request (4) exceeds text limit (3)"}


def test_a_term_that_is_not_translated_as_laid_down_is_flagged(tmp_path: Path) -> None:
    (tmp_path / "glossaries").mkdir()
    (tmp_path / "glossaries" / "ru-en.tsv").write_text("пленный\tprisoner\n", encoding="utf-8")
    with limited(tmp_path) as url:
        sent = {"texts": ["Пленных обменяли.", "Он пришёл."], "source": "ru", "target": "en"}
        found = httpx.post(f"{url}/v1/translate", json=sent).json()["translations"]
        assert [each["flags"] for each in found] == [["term"], []]
        origins = [segment["origin"] for each in found for segment in each["segments"]]
        assert origins == ["glossary", "engine"]
