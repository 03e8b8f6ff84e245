"""HTML pages, each reduced to the article on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from models.languages import Language
from service.errors import BadInput
from service.ingest.article import Article, Refusal
from service.ingest.dates import published
from service.ingest.fields import Fields, parse_language
from service.ingest.source import Source

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Longest page, in bytes; a saved page with its pictures inside can be some megabytes.
PAGE_BYTES = 16 * 2**20

#: Fewer characters than this are hardly a whole article.
_SHORT = 200

#: Where pages say when they were published, the most reliable first.
_PUBLISHED = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='pubdate' or @name='DC.date.issued']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
    "//article//time/@datetime",
)
_JSON_LD_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
#: Elements that are furniture of a page, and elements that begin a new line of text.
_NOT_ARTICLE = frozenset({
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "button",
    "select", "figure", "svg", "title",
})  # fmt: skip
_BLOCK = frozenset({
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5",
    "h6", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip


def read(source: Source, fields: Fields) -> Iterator[Article | Refusal]:
    """The article on a saved page."""
    try:
        page = source.text(PAGE_BYTES)
        if not page.strip():
            raise BadInput("the file is empty")
        yield replace(article(page, source.name, fields), whole_file=True)
    except BadInput as error:
        yield Refusal(source.name, str(error))


def article(page: str, origin: str, fields: Fields) -> Article:
    """The article on `page`, with the title, outlet, address and date that the page gives.

    Raises:
        BadInput: there is no article text on it, or too much.
    """
    # In UTF-8, which it tries first, the page needs no guessing and no believing of its charset.
    data = page.encode("utf-8", "replace")
    found = _extracted(data)
    tree = _parsed(data)
    notes: list[str] = []
    title = (found.title if found is not None else None) or None
    text = found.text if found is not None else ""
    if title is not None:
        text = text.removeprefix(title + "\n")  # the page's heading, which is kept as the title
    if not text.strip():
        text = "" if tree is None else _blocks(tree)
        if not text.strip():
            raise BadInput("there is no article text on the page")
        notes.append("no article was recognised on the page, so all of its text was taken")
    elif len(text) < _SHORT:
        notes.append(f"only {len(text)} characters of article were found on the page")
    fields.check(text)
    url = (found.url if found is not None else None) or None
    host = urlsplit(url).hostname if url else None
    outlet = (found.sitename if found is not None else None) or host
    return Article(
        text=text,
        title=title,
        outlet=fields.outlet or outlet,
        url=url,
        language=fields.language or _language(tree, text, notes),
        published_at=_published(tree, page, found, fields, notes) or fields.published_at,
        origin=origin,
        notes=tuple(notes),
    )


def _extracted(data: bytes) -> Any:
    """What trafilatura makes of a page: a document with `text` and metadata, or None.

    Old pages are laid out with tables, so a table is seldom content; only a page that has little
    outside them is read with them.
    """
    from trafilatura import bare_extraction

    def extract(*, tables: bool) -> Any:
        return bare_extraction(
            data, include_comments=False, include_tables=tables, with_metadata=True
        )

    plain = extract(tables=False)
    if plain is not None and len(plain.text) >= _SHORT:
        return plain
    tabled = extract(tables=True)
    if plain is None or tabled is None:
        return plain or tabled
    return tabled if len(tabled.text) > 2 * len(plain.text) else plain


def _parsed(data: bytes) -> _Element | None:
    from lxml import etree, html

    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        return html.document_fromstring(data, parser=parser)
    except (etree.ParserError, ValueError):
        return None


def _blocks(tree: _Element) -> str:
    """All text of a page but that of its furniture, one block a line."""
    from lxml import etree

    parts: list[str] = []
    skipped = 0
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = node.tag if isinstance(node.tag, str) else None
        if event == "start" and tag is not None:
            skipped += tag in _NOT_ARTICLE
            parts.append("\n" if tag in _BLOCK else "")
            parts.append(node.text or "" if not skipped else "")
        elif event == "end" and tag is not None:
            skipped -= tag in _NOT_ARTICLE
            parts.append("\n" if tag in _BLOCK else "")
        if event != "start":
            parts.append(node.tail or "" if not skipped else "")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _language(tree: _Element | None, text: str, notes: list[str]) -> Language | None:
    """The language that the page declares, unless its text is plainly in another."""
    declared = tree.get("lang") if tree is not None else None
    if not declared:
        return None
    try:
        language = parse_language(declared)
    except BadInput:
        return None
    from models.identify import identify

    seen = identify(text)
    if seen.language is not None and seen.language != language and not seen.ambiguous:
        notes.append(f"the page declares {language} but reads as {seen.language}")
        return None
    return language


def _published(
    tree: _Element | None, page: str, found: Any, fields: Fields, notes: list[str]
) -> datetime | None:
    """The first date on the page that can be one; a date that cannot is noted, not believed."""
    candidates: list[str] = []
    if tree is not None:
        for path in _PUBLISHED:
            values = tree.xpath(path)
            candidates += [str(value) for value in values[:1]] if isinstance(values, list) else []
    if stated := _JSON_LD_PUBLISHED.search(page):
        candidates.append(stated[1])
    if found is not None and found.date:
        candidates.append(found.date)
    for candidate in candidates:
        try:
            return published(candidate, now=fields.now)
        except BadInput as error:
            note = f"the page's date was not used: {error}"
            if note not in notes:
                notes.append(note)
    return None
