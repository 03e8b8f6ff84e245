"""Quotation marks as a target language prints them, where a vocabulary knows straight ones only.

Russian and Ukrainian write «…», and „…“ inside of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Literal

from models import protect
from models.languages import Language

_MARK = re.compile(r'["«»„“”]')
_RUN = re.compile(f"{_MARK.pattern}+")
_PRINTED = re.compile(r"[«»„“”]")
#: In a tag or behind these a mark is code, and so is the one that closes it.
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CODE = "={"
#: What stands between two strings of code.
_NEXT_CODE = re.compile(r"\s*[:,]\s*\[?")
_OPENERS, _CLOSERS = "«„", "»“”"
#: What an opening mark stands behind; and behind these only if a word begins with it.
_BEFORE = "([—–-"
_CLOSE_BEFORE = ",:;"
#: What no quotation begins with.
_NO_BEGINNING = ".,;:!?)]}"

_Kind = Literal["opening", "closing", "measure", "code", "left"]


def printed(source: str, target: str, language: Language, lacks: Callable[[str], bool]) -> str:
    """The target with the marks of its language where a vocabulary that `lacks` them has straight.

    A writer who uses straight ones is followed. What must come through as it is stays.
    """
    if '"' not in target or language is Language.EN or not lacks("«"):
        return target
    straight = '"' in source and not _PRINTED.search(source)
    return target if straight else guillemets(target)


def guillemets(text: str) -> str:
    """The text with «…» and „…“ for straight marks whose place says whether they open or close.

    One without a partner counts as well: its quotation goes on in another segment.
    """
    places = _places(text)
    kinds = _kinds(text, places)
    letters = list(text)
    depth = _closed_first(kinds)
    for at, kind in zip(places, kinds, strict=True):
        if kind == "opening":
            mark = "„" if depth else "«"
            depth += 1
        elif kind == "closing":
            depth -= 1
            mark = "“" if depth else "»"
        else:
            continue
        if text[at] == '"':
            letters[at] = mark
    return "".join(letters)


def _places(text: str) -> list[int]:
    """Where marks stand, but for those in tags and in what is protected."""
    spans = [match.span() for match in _MARK.finditer(text)]
    spans = protect.outside(spans, protect.items(text))
    tags = [match.span() for match in _TAG.finditer(text)]
    return [start for start, _ in protect.outside(spans, tags)]


def _kinds(text: str, places: Sequence[int]) -> list[_Kind]:
    """What each mark is; the closing mark of code is code."""
    kinds: list[_Kind] = []
    open_: list[_Kind] = []
    depth = 0
    following = _followings(text)
    opens = [_opens(text, at, following[at]) for at in places]
    # The marks that clearly close before each, and the next that opens behind it.
    closed = [0, *accumulate(_clearly_closes(text, at, following[at]) for at in places)]
    stops = [len(places)] * (len(places) + 1)
    for number in reversed(range(len(places))):
        stops[number] = number if opens[number] else stops[number + 1]
    for number, at in enumerate(places):
        last = places[number - 1] if number else -1
        before = kinds[-1] if number and last == at - 1 else None
        if number and kinds[-1] == "code" and _NEXT_CODE.fullmatch(text, last + 1, at):
            kind: _Kind = "code"
        else:
            kind = _kind(text, at, before, following[at], depth=depth)
        # A number ends the quotation unless other marks do.
        if kind == "measure" and closed[stops[number + 1]] - closed[number + 1] < depth:
            kind = "closing"
        if kind in ("opening", "code"):
            open_.append(kind)
            depth += kind == "opening"
        elif kind == "closing" and open_:
            partner = open_.pop()
            depth -= partner == "opening"
            kind = "code" if partner == "code" else kind
        kinds.append(kind)
    return kinds


def _kind(text: str, at: int, before: _Kind | None, following: str, depth: int) -> _Kind:
    """What a mark is by its place; `before` is what the mark close before it is."""
    if text[at] != '"':
        return "opening" if text[at] in _OPENERS else "closing"
    previous = text[max(0, at - 1) : at]
    if previous and previous in _CODE:
        return "code"
    if before in ("opening", "code") or (before is None and _is_before(previous, following)):
        if _begins(text, at, following):
            return "opening"
        return "closing" if depth else "left"
    if following.isalnum():
        # The apostrophe of п"ять, or a mark that has lost its space.
        return "left" if depth else "code"
    return "measure" if previous.isdigit() else "closing"


def _opens(text: str, at: int, following: str) -> bool:
    previous = text[max(0, at - 1) : at]
    if text[at] != '"':
        return text[at] in _OPENERS
    return _is_before(previous, following) and _begins(text, at, following)


def _clearly_closes(text: str, at: int, following: str) -> bool:
    """Whether a mark closes a quotation and cannot be inches."""
    if text[at] != '"':
        return text[at] in _CLOSERS
    previous = text[max(0, at - 1) : at]
    return not (
        _is_before(previous, following)
        or previous.isdigit()
        or previous in _CODE
        or following.isalnum()
    )


def _is_before(previous: str, following: str) -> bool:
    """Whether an opening mark may stand behind a letter, or at the beginning."""
    if previous in _CLOSE_BEFORE:
        return not previous or following.isalnum()
    return previous.isspace() or previous in _BEFORE


def _begins(text: str, at: int, following: str) -> bool:
    """Whether a quotation may begin with what follows a mark."""
    if text.startswith("...", at + 1):
        return True
    return bool(following) and not following.isspace() and following not in _NO_BEGINNING


def _followings(text: str) -> dict[int, str]:
    """By the place of each mark, the first letter behind it and the marks close behind it."""
    return {
        at: text[run.end() : run.end() + 1]
        for run in _RUN.finditer(text)
        for at in range(*run.span())
    }


def _closed_first(kinds: Sequence[_Kind]) -> int:
    """How many quotations are closed that were not opened here."""
    depth = lowest = 0
    for kind in kinds:
        depth += {"opening": 1, "closing": -1}.get(kind, 0)
        lowest = min(lowest, depth)
    return -lowest
