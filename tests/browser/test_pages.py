"""The pages in a real browser: what an analyst sees, does, and never has to scroll sideways for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = ("/", "/?several=0", "/review", "/documents", "/about", "/docs")


def open_event(page: Page) -> None:
    page.goto("/")
    page.locator(".event-card h2 a").first.click()
    page.wait_for_url(re.compile(r"/events/evt_"))


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1440, 420])
def test_a_page_fits_its_window(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1


def test_the_events_list_counts_articles_per_language(page: Page) -> None:
    page.goto("/")
    cards = page.locator(".event-card")
    assert cards.count() >= 3
    counts = [int(text) for text in cards.first.locator(".tally b").all_inner_texts()]
    assert len(counts) == 3
    assert sum(count > 0 for count in counts) >= 2
    assert cards.first.locator(".tally .lang").all_inner_texts() == ["RU", "UK", "EN"]


def test_an_event_has_three_columns_with_originals_before_translations(page: Page) -> None:
    open_event(page)
    heads = page.locator(".board-head .lang").all_inner_texts()
    assert heads == ["RU", "UK", "EN"]
    row = page.locator(".row").first
    assert row.locator(".cell").count() == 3
    for member in page.locator(".member").all()[:20]:
        children = member.evaluate("el => [...el.children].map(c => c.className)")
        assert "original" in children
        if "gloss" in children:
            assert children.index("original") < children.index("gloss")


def test_every_original_names_its_language(page: Page) -> None:
    open_event(page)
    languages = page.locator(".original").evaluate_all("els => els.map(e => e.lang)")
    assert languages
    assert set(languages) <= {"ru", "uk", "en"}


def test_an_empty_column_says_why_and_as_of_when(page: Page) -> None:
    open_event(page)
    gaps = page.locator(".cell.gap")
    assert gaps.count() > 0
    for words in gaps.all_inner_texts()[:10]:
        assert re.match(
            r"(No counterpart|Too little coverage) as of \d+ \w+ \d{4}, \d\d:\d\d UTC\n"
            r"(\d+ independent article|No \w+ article)"
            r"|Undecided\nA likely counterpart"
            r"|Undecided as of \d+ \w+ \d{4}, \d\d:\d\d UTC\n\d+ independent article",
            words,
        )


def test_the_nearest_claim_that_was_not_taken_leads_to_its_article(page: Page) -> None:
    open_event(page)
    nearest = page.locator(".cell.gap details").first
    nearest.locator("summary").click()
    words = nearest.locator("q").inner_text().strip('“”«»"')
    nearest.locator("a").click()
    page.wait_for_url(re.compile(r"/documents/doc_"))
    assert words in page.locator(".sheet").inner_text()


def test_claim_groups_stand_in_the_order_that_the_page_says(page: Page) -> None:
    open_event(page)
    assert "told in most languages stand first" in page.locator("main").inner_text()
    told, disputed = [], []
    for row in page.locator(".row[id]").all():
        told.append(row.locator(".cell:not(.gap)").count())
        relation = row.locator(".relation:not(.doubtful)")
        disputed.append(relation.and_(page.locator(".denies, .conflicting")).count() > 0)
    assert told == sorted(told, reverse=True)
    everywhere = [one for one, count in zip(disputed, told, strict=True) if count == 3]
    assert everywhere == sorted(everywhere, reverse=True)
    assert f"{sum(disputed)} of them in conflict" in page.locator(".lede").inner_text()


@pytest.mark.parametrize("words", ["ХАРЬКОВ", "kharkiv"])
def test_a_headline_is_found_in_any_language_and_case(page: Page, words: str) -> None:
    for path, found in (("/", ".event-card"), ("/documents", ".articles tbody tr")):
        page.goto(path)
        page.get_by_label("Words in a headline").fill(words)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"q="))
        told = page.locator(found).all_inner_texts()
        assert told
        assert all(re.search("har|хар", text.lower()) for text in told)


def test_an_event_can_be_taken_away_as_a_file(page: Page) -> None:
    open_event(page)
    for kind, first in (("CSV", "\ufeffid,event_id"), ("JSON Lines", '{"id"'), ("TMX", "<?xml")):
        address = page.get_by_role("link", name=kind, exact=True).get_attribute("href")
        answer = page.request.get(str(address))
        assert answer.ok
        assert "attachment" in answer.headers["content-disposition"]
        assert answer.text().startswith(first)


def test_keys_on_a_claim_group_judge_only_the_pair_that_is_stood_on(page: Page) -> None:
    open_event(page)
    page.locator(".row a.number").first.click()
    page.wait_for_url(re.compile(r"/groups/"))
    group = page.url
    page.keyboard.press("r")
    assert page.url == group
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-step]").nth(1)
    assert page.url.endswith(f"#{second.get_attribute('id')}")
    with page.expect_navigation():
        page.keyboard.press("u")
    assert "judged this unsure" in page.locator("[data-step]").nth(1).inner_text()
    assert page.locator("text=judged this").count() == 1


def test_what_people_decide_is_used_when_the_event_is_compared_again(page: Page) -> None:
    open_event(page)
    event = page.url
    page.locator(".row a.number").first.click()
    page.wait_for_url(re.compile(r"/groups/"))
    pair = page.locator("[data-step]").first
    with page.expect_navigation():
        pair.get_by_role("button", name="Unsure").click()
    page.goto(event)
    assert "judgements came since" in page.locator("main").inner_text()
    with page.expect_navigation(timeout=300_000):
        page.get_by_role("button", name="Compare again").click()
    assert page.url == event
    assert "judgements came since" not in page.locator("main").inner_text()


def test_offsets_lead_to_the_sentence_in_its_document(page: Page) -> None:
    open_event(page)
    member = page.locator(".member").first
    words = member.locator(".original").inner_text()
    member.locator(".byline a").click()
    page.wait_for_url(re.compile(r"/documents/doc_"))
    assert words in page.locator(".sheet").inner_text()


def test_one_key_judges_and_moves_on(page: Page) -> None:
    page.goto("/review")
    first = page.locator("form.judge").first.get_attribute("action")
    page.keyboard.press("a")
    page.wait_for_url(re.compile(r"last="))
    assert page.locator("form.judge").first.get_attribute("action") != first
    assert re.search(r"[1-9]\d* judged", page.locator(".lede").inner_text())
    page.keyboard.press("b")
    page.wait_for_url(re.compile(r"pair="))
    assert page.locator("form.judge").first.get_attribute("action") == first
    assert "judged this same" in page.locator("main").inner_text()


def test_keys_are_quiet_while_a_note_is_written(page: Page) -> None:
    page.goto("/review")
    page.locator("input[name=note]").fill("")
    page.locator("input[name=note]").press_sequentially("aru")
    assert page.locator("input[name=note]").input_value() == "aru"
    assert page.url.endswith("/review")


def test_pages_can_be_read_without_javascript(browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    open_event(page)
    assert page.locator(".row").count() > 0
    context.close()


def test_an_unknown_event_is_told_in_one_sentence(page: Page) -> None:
    answer = page.request.get("/events/evt_nothing", headers={"Accept": "text/html"})
    assert answer.status == 404
    assert "No event has the id" in answer.text()
