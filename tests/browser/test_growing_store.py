"""Pages while coverage comes in: late articles, corrected ones, and those without a title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from models.encode import Encoder
from service.ingest.article import Article
from service.pipeline import Pipeline
from service.store.database import Store
from tests.contract.server import create_app, running, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

NOW = datetime(2026, 1, 20, 9, tzinfo=UTC)
RUSSIAN = Article(
    "Ночью в Харькове прогремели взрывы. Мэр Харькова Игорь Терехов сообщил о трёх погибших. "
    "Школа в Салтовском районе закрыта до понедельника.",
    title="В Харькове после взрывов погибли три человека",
    outlet="Телеграф",
    url="https://telegraf.example/1",
    published_at=NOW,
)
UKRAINIAN = [
    Article(
        "Уночі в Харкові пролунали вибухи. Школу в Салтівському районі зачинено до понеділка. "
        "Рятувальники працюють на місці.",
        title="У Харкові після вибухів зачинили школу",
        outlet="Ліхтар",
        url="https://likhtar.example/1",
        published_at=NOW + timedelta(hours=1),
    ),
    Article(
        "Після вибухів у Харкові вночі не їздять тролейбуси. Школу в Салтівському районі "
        "зачинено, рух вулицями перекрито.",
        title="Вибухи в Харкові: школу зачинено, тролейбуси стоять",
        outlet="Цех",
        url="https://tsekh.example/1",
        published_at=NOW + timedelta(hours=2),
    ),
    Article(
        "Уночі в Харкові було чути вибухи. Мешканці Салтівського району розповіли про вибиті вікна "
        "у школі.",
        title="Харків після вибухів: вибиті вікна в школі",
        outlet="Голос",
        url="https://holos.example/1",
        published_at=NOW + timedelta(hours=2),
    ),
]
LATE = Article(
    "Мер Харкова Ігор Терехов повідомив про трьох загиблих. Уночі в Харкові пролунали вибухи.",
    title="Терехов: у Харкові після вибухів загинули три людини",
    outlet="Вимір",
    url="https://vymir.example/1",
    published_at=NOW + timedelta(hours=3),
)


class Desk:
    """A store that a server shows, and a page on it."""

    def __init__(self, pipeline: Pipeline, page: Page) -> None:
        self.pipeline = pipeline
        self.page = page

    def take_in(self, *articles: Article) -> list[str]:
        """Store the articles, compare what became due, and return what became of each."""
        done = [one.status for one in self.pipeline.ingest(articles)]
        list(self.pipeline.align())
        return done


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    using = settings(tmp_path)
    with Store.open(using) as store, running(create_app(using)) as address:
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
        yield Desk(Pipeline(using, store, None, Encoder.load(None)), context.new_page())
        context.close()


def test_a_late_article_reopens_a_silence(desk: Desk) -> None:
    page = desk.page
    desk.take_in(RUSSIAN, *UKRAINIAN)
    page.goto("/")
    page.locator(".event-card h2 a").click()
    row = page.locator(".row", has_text="сообщил о трёх погибших")
    silent = row.locator(".cell.gap[data-name=Ukrainian]")
    assert re.match(
        r"No counterpart as of \d+ \w+ \d{4}, \d\d:\d\d UTC\n"
        r"3 independent articles searched, from 3 outlets\.",
        silent.inner_text(),
    )
    desk.take_in(LATE)
    page.reload()
    assert silent.count() == 0
    told = row.locator(".cell[data-name=Ukrainian] .original").inner_text()
    assert told == "Мер Харкова Ігор Терехов повідомив про трьох загиблих."
    row.locator("a.number").click()
    answers = page.locator(".answers li", has_text="Ukrainian: No counterpart as of")
    assert "3 independent articles searched" in answers.first.inner_text()
    assert "It stood until" in answers.first.inner_text()


def test_a_corrected_date_is_shown_with_what_it_was(desk: Desk) -> None:
    page = desk.page
    desk.take_in(RUSSIAN)
    right = replace(RUSSIAN, published_at=NOW + timedelta(days=4), outlet="Меридиан")
    assert desk.take_in(right) == ["corrected"]
    page.goto("/documents")
    line = page.locator(".articles tbody tr")
    assert line.count() == 1
    assert "24 Jan 2026, 09:00 UTC" in line.inner_text()
    assert "Меридиан" in line.inner_text()
    line.locator("a").click()
    assert "it was 2026-01-20 09:00 UTC" in page.locator(".notice").first.inner_text()
    page.goto("/?several=0")
    assert "24 Jan 2026, 09:00 UTC" in page.locator(".event-card .facts").inner_text()


def test_an_article_without_a_title_is_called_by_its_first_words(desk: Desk) -> None:
    page = desk.page
    desk.take_in(replace(RUSSIAN, title=None))
    called = "Ночью в Харькове прогремели взрывы. Мэр Харькова Игорь Терехов сообщил о трёх…"
    page.goto("/documents")
    assert page.locator(".articles tbody a").inner_text() == called
    page.goto("/?several=0")
    assert page.locator(".event-card h2").inner_text() == called
    page.locator(".event-card h2 a").click()
    assert page.locator("h1").inner_text() == called


def test_an_article_that_an_analyst_moves_stays_moved(desk: Desk) -> None:
    page = desk.page
    desk.take_in(RUSSIAN, UKRAINIAN[0])
    page.goto("/")
    event = page.locator(".event-card h2 a").get_attribute("href")
    page.locator(".event-card h2 a").click()
    page.locator(".articles a", has_text="У Харкові").click()
    page.get_by_text("It belongs to another event").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Move it").click()
    assert "put there by an analyst" in page.locator("dl.facts").inner_text()
    alone = page.url
    page.goto("/?several=0")
    assert page.locator(".event-card").count() == 2
    desk.take_in(replace(UKRAINIAN[0], published_at=NOW - timedelta(days=3)))
    page.goto("/?several=0")
    assert page.locator(".event-card").count() == 2
    page.goto(alone)
    page.get_by_text("It belongs to another event").click()
    page.get_by_label("Address or id of the event").fill(f"http://localhost{event}")
    with page.expect_navigation():
        page.get_by_role("button", name="Move it").click()
    page.goto("/?several=0")
    assert page.locator(".event-card").count() == 1
