"""The page of the API: every call is on it, it works with no network, and its forms work."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.contract.server import EchoEngine, create_app, running, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    app = create_app(settings(tmp_path_factory.mktemp("store")), engine=EchoEngine())
    with running(app) as url:
        yield url


def test_every_call_of_the_description_is_on_the_page(url: str) -> None:
    described = httpx.get(f"{url}/openapi.json").json()
    page = httpx.get(f"{url}/docs").text
    calls = re.findall(r'data-method="(\w+)" data-path="([^"]+)"', page)
    assert sorted(calls) == sorted(
        (method.upper(), path) for path, methods in described["paths"].items() for method in methods
    )
    assert len(calls) > 20


def test_every_call_says_in_a_sentence_what_it_does(url: str) -> None:
    described = httpx.get(f"{url}/openapi.json").json()
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["description"].rstrip().endswith("."), (method, path)
            assert "422" not in operation["responses"]


def test_the_page_and_its_assets_name_no_other_place(url: str) -> None:
    for path in ("/docs", "/docs/explorer.js", "/docs/explorer.css"):
        answer = httpx.get(f"{url}{path}")
        assert answer.status_code == 200
        assert not re.search(r"(?:https?:)?//[a-z0-9-]+\.[a-z]", html.unescape(answer.text))
        assert "<script>" not in answer.text
        assert " style=" not in answer.text


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/translate", "post"),
        ("/detect", "post"),
        ("/suggest", "post"),
        ("/v2/translate", "post"),
        ("/v1/translate", "post"),
        ("/v1/documents", "post"),
        ("/v1/memory", "post"),
    ],
)
def test_the_example_of_a_call_works_as_it_stands(url: str, path: str, method: str) -> None:
    page = httpx.get(f"{url}/docs").text
    form = re.search(
        rf'data-method="{method.upper()}" data-path="{path}".*?<textarea[^>]*>(.*?)</textarea>',
        page,
        re.DOTALL,
    )
    assert form is not None
    answer = httpx.post(
        f"{url}{path}",
        content=html.unescape(form[1]).encode(),
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    assert answer.status_code in {200, 201}, answer.text


@pytest.mark.browser
def test_a_form_is_sent_and_its_answer_shown(url: str, browser: Browser) -> None:
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/docs#libretranslate_translate")
    call = page.locator("#libretranslate_translate")
    call.locator("button").click()
    call.locator(".status.good").wait_for()
    assert "[uk&gt;en]" in call.locator("pre").inner_html()
    page.locator("#find").fill("judgement")
    assert page.locator("aside li:visible").count() == 3
    page.close()
    assert errors == []
    assert all(each.startswith(url) for each in asked)
