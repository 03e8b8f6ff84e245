"""Whether the pages can be read, and worked by keyboard: contrast, widths, focus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

KINDS = ("/", "/review", "/documents", "/about", "/docs", "event", "group", "document", "unknown")

#: Texts (and the edges of fields) that stand out less from their ground than WCAG 2.2 AA asks.
FAINT = """() => {
  const parse = (text) => {
    const n = (text.match(/[\\d.]+/g) || []).map(Number);
    return { rgb: n.slice(0, 3), alpha: n.length > 3 ? n[3] : 1 };
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map(
      (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { rgb, alpha } = parse(getComputedStyle(at).backgroundColor);
      if (alpha === 1) return rgb;
    }
    return [255, 255, 255];
  };
  const shown = (element) => element.checkVisibility() && element.getClientRects().length;
  const found = new Set();
  for (const element of document.querySelectorAll("body *")) {
    if (!shown(element)) continue;
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const style = getComputedStyle(element);
    if (own) {
      const size = parseFloat(style.fontSize);
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      const seen = ratio(parse(style.color).rgb, ground(element));
      if (seen < (large ? 3 : 4.5)) {
        found.add(`${element.tagName}.${element.className}: ${seen.toFixed(2)}`);
      }
    }
    if (element.matches("input:not([type=hidden]), select, textarea, button, .button")) {
      const around = ground(element.parentElement);
      const edge = parseFloat(style.borderTopWidth)
        ? ratio(parse(style.borderTopColor).rgb, around) : 1;
      const seen = Math.max(edge, ratio(ground(element), around));
      if (seen < 3) found.add(`edge of ${element.tagName}: ${seen.toFixed(2)}`);
    }
  }
  return [...found];
}"""

#: The element that has the focus: how it is marked, and whether something lies over its middle.
FOCUS = """() => {
  const on = document.activeElement;
  if (!on || on === document.body) return null;
  const style = getComputedStyle(on);
  const box = on.getBoundingClientRect();
  const first = on.getClientRects()[0] || box;
  const x = first.left + Math.min(first.width / 2, 20), y = first.top + first.height / 2;
  const top = document.elementFromPoint(x, y);
  const name = `${on.tagName} ${(on.textContent || on.name || "").trim().slice(0, 40)}`;
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const inside = box.bottom > 0 && box.top < innerHeight;
  const free = !inside || (top && (on.contains(top) || top.contains(on)));
  return { name, marked, free: Boolean(free), inside };
}"""


def show(page: Page, kind: str) -> None:
    """Open a page by its path, or the first one of a kind."""
    if kind.startswith("/"):
        page.goto(kind)
        return
    if kind == "unknown":
        page.goto("/events/evt_nothing")
        return
    page.goto("/")
    page.locator(".event-card h2 a").first.click()
    page.wait_for_url(re.compile(r"/events/evt_"))
    if kind == "group":
        page.locator(".row a.number").first.click()
        page.wait_for_url(re.compile(r"/groups/"))
    if kind == "document":
        page.locator(".articles a").first.click()
        page.wait_for_url(re.compile(r"/documents/doc_"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_and_field_stands_out_from_its_ground(
    browser: Browser, site: str, scheme: str
) -> None:
    context = browser.new_context(base_url=site, color_scheme=scheme)
    page = context.new_page()
    faint: dict[str, list[str]] = {}
    for kind in KINDS:
        show(page, kind)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        if found := page.evaluate(FAINT):
            faint[kind] = found
    context.close()
    assert faint == {}


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_no_page_is_wider_than_its_window(browser: Browser, site: str, width: int) -> None:
    context = browser.new_context(base_url=site, viewport={"width": width, "height": 900})
    page = context.new_page()
    wide = {}
    for kind in KINDS:
        show(page, kind)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide[kind] = found
    context.close()
    assert wide == {}


@pytest.mark.parametrize("kind", ["/", "/review", "/documents", "/docs", "event", "group"])
def test_the_focus_is_marked_and_never_under_something(
    browser: Browser, site: str, kind: str
) -> None:
    context = browser.new_context(
        base_url=site, viewport={"width": 1440, "height": 700}, reduced_motion="reduce"
    )
    page = context.new_page()
    show(page, kind)
    page.evaluate("document.activeElement.blur()")
    poor = []
    for key, times in (("Tab", 60), ("Shift+Tab", 30)):
        for _ in range(times):  # going back, what is reached comes from above and not from below
            page.keyboard.press(key)
            seen = page.evaluate(FOCUS)
            if seen is None:
                break
            if not (seen["marked"] and seen["free"] and seen["inside"]):
                poor.append(seen)
    context.close()
    assert poor == []


def test_a_claim_group_that_is_jumped_to_is_not_under_the_heads_of_the_columns(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(
        base_url=site, viewport={"width": 1440, "height": 700}, reduced_motion="reduce"
    )
    page = context.new_page()
    show(page, "event")
    for _ in range(4):
        page.keyboard.press("j")
    head = page.locator(".board-head").bounding_box()
    number = page.locator(".row a.number").nth(3).bounding_box()
    assert head is not None
    assert number is not None
    assert number["y"] >= head["y"] + head["height"]
    context.close()
