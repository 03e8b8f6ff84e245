"""Attributes that a reader sees or hears (`alt`, `title`, …): where they are, how they are written.

An attribute is read like a paragraph of its own. What is written into it is escaped, so that it can
neither end the value nor become markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from models.tags import spans_of_attributes

#: Attributes whose value is for readers, on any element.
SEEN = frozenset(["alt", "title", "placeholder", "aria-label", "aria-description"])
#: Elements whose `label` is shown.
LABELLED = frozenset(["option", "optgroup", "track"])
#: What a `meta` has to be called for its `content` to be shown, by search pages and previews.
DESCRIBING = frozenset(
    [
        *("description", "og:title", "og:description", "og:image:alt"),
        *("twitter:title", "twitter:description", "twitter:image:alt"),
    ]
)
#: Values that are no words: addresses, names of files, identifiers, colours.
_NO_WORDS = re.compile(r"\s*(?:\w+:)?//\S+\s*|\s*[\w./#-]*[._/#\d][\w./#-]*\s*")


@dataclass(frozen=True, slots=True)
class Value:
    """The value of an attribute in a document: `source[start:end]`, without its quotes if any."""

    start: int
    end: int
    quote: str


def seen(source: str, name: str, start: int, end: int) -> Iterator[Value]:
    """The values in the tag `source[start:end]`, of the element `name`, that hold words to read."""
    found = {key: value for key, *value in reversed(list(spans_of_attributes(source, start, end)))}
    wanted = set(SEEN)
    if name in LABELLED:
        wanted.add("label")
    if name == "meta":
        wanted = set()
        for key in ("name", "property"):
            if key in found and _text(source, *found[key]).strip().lower() in DESCRIBING:
                wanted.add("content")
    for key in sorted(wanted & found.keys(), key=lambda each: found[each]):
        first, last = found[key]
        quote = source[first : first + 1] if source[first : first + 1] in ("'", '"') else ""
        inner = (first + len(quote), last - len(quote))
        text = html.unescape(source[slice(*inner)])
        # Without quotes a value ends in a place that only a browser knows if these are in it.
        broken = not quote and re.search("[\"'<=`]", text)
        if any(map(str.isalpha, text)) and not broken and not _NO_WORDS.fullmatch(text):
            yield Value(*inner, quote)


def written(words: str, quote: str) -> str:
    """Words as they stand in a value inside these quotes; double ones where it had none."""
    if quote == "'":
        return html.escape(words, quote=False).replace("'", "&#x27;")
    return html.escape(words, quote=False).replace('"', "&quot;")


def _text(source: str, start: int, end: int) -> str:
    return html.unescape(source[start:end].strip("\"'"))
