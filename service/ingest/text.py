"""Plain text: one article a file, with or without a block of `Name: value` lines at its head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from service.errors import BadInput, TooMuch
from service.ingest.article import Article, Refusal
from service.ingest.fields import NAMES_IN_ARCHIVES, Fields
from service.ingest.source import Source

_HEADER = re.compile(r"([A-Za-z][A-Za-z_ -]{1,18}):[ \t]*(.*)")
#: Header names by what they mean; those that mean nothing to us still belong to a header.
_KNOWN = {name: ours for ours, names in NAMES_IN_ARCHIVES.items() for name in names}
_OTHER = frozenset({"author", "byline", "section", "tags", "keywords", "id", "fetched_at"})

#: Longest first line that can be a headline, in characters.
_HEADLINE = 200


def read(source: Source, fields: Fields) -> Iterator[Article | Refusal]:
    """The article that a text file is."""
    try:
        yield replace(article(_text(source, fields), source.name, fields), whole_file=True)
    except BadInput as error:
        yield Refusal(source.name, str(error))


def article(text: str, origin: str, fields: Fields) -> Article:
    """The article in `text`: its fields from a block at the head, its title from a first line.

    Raises:
        BadInput: there is no text, too much of it, or a field makes no sense.
    """
    header, body = split_header(text)
    row: dict[str, str] = {**header, "text": body}
    if "title" not in row and (headline := _headline(body)):
        row["title"] = headline  # and it stays in the text, where it stands
    return replace(fields, mapping={}).article(row, origin)


def split_header(text: str) -> tuple[dict[str, str], str]:
    """The fields in the block of `Name: value` lines at the head of `text`, and what follows it.

    A block ends with an empty line and holds a title or two names that we know; anything else is
    part of the text.
    """
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    found: dict[str, str] = {}
    known = 0
    for number, line in enumerate(lines):
        if not line.strip():
            if known < (1 if "title" in found else 2):
                break
            return found, "".join(lines[number + 1 :])
        match = _HEADER.fullmatch(line.rstrip())
        if match is None:
            break
        name = match[1].strip().lower().replace(" ", "_").replace("-", "_")
        if name in _KNOWN and _KNOWN[name] != "text":
            found[_KNOWN[name]] = match[2].strip()
            known += 1
        elif name not in _OTHER:
            break
    return {}, text


def _headline(text: str) -> str | None:
    """The first line, where it stands alone, is short and does not end like a sentence."""
    first, _, rest = text.lstrip().partition("\n")
    line = first.strip()
    alone = rest[:1] in ("\n", "\r") and bool(rest.strip())
    if alone and 0 < len(line) <= _HEADLINE and line[-1] not in ".;,:":
        return line
    return None


def _text(source: Source, fields: Fields) -> str:
    head = source.head()
    if not head:
        raise BadInput("the file is empty")
    try:
        return source.text(4 * fields.characters + 4096)  # four bytes a character at most
    except TooMuch:
        raise TooMuch(
            f"longer than the {fields.characters:,} characters of the longest article; split it, "
            f"or raise PARALLAX_DOCUMENT_CHARACTERS"
        ) from None
