"""The real engine behind HTTP: a package that translates word by word, and what happens to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.contract.server import create_app, running, settings
from tests.packages import dictionary_package

WORDS = {"он": "he", "пришёл": "came"}


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    folder = tmp_path / "packages"
    dictionary_package(folder, WORDS, "ru", "en")
    dictionary_package(folder, WORDS, "uk", "en")
    return folder


@pytest.fixture
def client(tmp_path: Path, packages: Path) -> Iterator[httpx.Client]:
    app = create_app(settings(tmp_path / "data", packages=(packages,)))
    with running(app) as url, httpx.Client(base_url=url, timeout=120) as client:
        yield client


def test_texts_come_back_with_the_digest_of_the_package(client: httpx.Client) -> None:
    text = "он пришёл 25.\n\n  он пришёл"
    plain = client.post("/translate", json={"q": text, "source": "ru", "target": "en"}).json()
    assert plain["translatedText"] == text.replace("он пришёл", "he came")
    found = client.post("/v1/translate", json={"texts": [text], "target": "en", "source": "ru"})
    (translated,) = found.json()["translations"]
    installed = client.get("/v1/packages").json()
    digests = {each["digest"] for each in installed["packages"]}
    assert {"ru→en", "uk→en"} <= set(installed["directions"])
    assert translated["text"] == plain["translatedText"]
    for each in translated["segments"]:
        assert text[each["start"] : each["end"]] == each["text"]
        assert each["route"] == "ru→en"
        assert len(each["packages"]) == 1
        assert set(each["packages"]) <= digests
        assert each["log_prob"] <= 0


def test_html_keeps_its_tags_around_their_words(client: httpx.Client) -> None:
    page = "<p>он <b>пришёл</b> &amp;</p>"
    asked = {"q": page, "source": "ru", "target": "en", "format": "html"}
    found = client.post("/translate", json=asked).json()["translatedText"]
    assert found == "<p>he <b>came</b> &amp;</p>"


def test_many_clients_at_once_get_what_one_would_get(client: httpx.Client) -> None:
    def ask(number: int) -> str:
        q = f"он пришёл {number}"
        found = client.post("/translate", json={"q": q, "source": "ru", "target": "en"})
        return str(found.json()["translatedText"])

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(32))) == [f"he came {n}" for n in range(32)]


def test_a_package_that_is_taken_away_while_in_use(client: httpx.Client, packages: Path) -> None:
    asked = {"q": "он пришёл", "source": "ru", "target": "en"}
    assert client.post("/translate", json=asked).status_code == 200
    for folder in packages.iterdir():
        shutil.rmtree(folder)
    for _ in range(3):
        answer = client.post("/translate", json={**asked, "q": "пришёл он"})
        assert answer.status_code in {200, 400, 503}
        assert answer.json().get("error", "").strip() or answer.json()["translatedText"]
    assert client.get("/health").status_code == 200


def test_ready_names_the_directions_once_the_packages_are_loaded(
    tmp_path: Path, packages: Path
) -> None:
    app = create_app(settings(tmp_path / "data", packages=(packages,)), warm=True)
    with running(app) as url:
        answer = httpx.get(f"{url}/ready", timeout=60)
        while answer.status_code == 503:
            assert "Retry-After" in answer.headers
            answer = httpx.get(f"{url}/ready", timeout=60)
        assert {"ru→en", "uk→en"} <= set(answer.json()["translation"]["directions"])
        assert answer.json()["store"] == {"ready": True}


def test_without_any_package_the_answer_says_which_command_mends_it(tmp_path: Path) -> None:
    from models.registry import Registry
    from models.translate import Engine

    engine = Engine(Registry([]))
    with running(create_app(settings(tmp_path), engine=engine)) as url:
        answer = httpx.post(f"{url}/v1/translate", json={"texts": ["он пришёл"], "target": "en"})
        assert answer.status_code == 400
        assert answer.json()["type"] == "urn:parallax:problem:no-route"
        assert "parallax models install" in answer.json()["detail"]
        assert httpx.get(f"{url}/languages").json() == []
        ready = httpx.get(f"{url}/ready")
        assert ready.status_code == 503
        assert "parallax models install" in ready.json()["translation"]["detail"]
    engine.close()
