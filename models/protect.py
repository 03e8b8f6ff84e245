"""What must come through a translation as it is: addresses, handles, file names, signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

#: Letters of the longest word that is translated. The longest in a dictionary have fifty; what is
#: longer (a hash, a file in letters) says nothing, and a network spells it out letter by letter.
LONGEST_WORD = 200
_ENDLESS = re.compile(rf"\b\w{{{LONGEST_WORD + 1},}}")
_ITEM = re.compile(
    r"""
    (?P<url>(?:https?|ftp)://[^\s<>"«»“”]+ | www\.[^\s<>"«»“”]+)
  | (?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)
  | (?P<domain>\b(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|gov|edu|info|io|ru|ua|uk|eu|su|me|tv|fm)
      (?:/[^\s<>"«»“”]*)?(?![\w-]))
  | (?P<handle>(?<![\w@])@[A-Za-z_]\w{1,63})
  | (?P<tag>(?<![\w&#])\#[^\W\d]\w{1,100})
  | (?P<place>\{\{[^{}\n]{1,80}\}\} | \$\{[^{}\n]{1,80}\} | \{[A-Za-z_]?\w{0,40}\}
      | %\(\w{1,40}\)[sdif] | %(?:\d{1,2}\$)?[sdif@](?!\w) | \#\#\#\w{1,40}\#\#\# | <\w{1,20}/?>)
  | (?P<hash>(?<![\w-])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{7,64}(?![\w-]))
  | (?P<path>(?<![\w./])(?:~|\.{1,2})?/(?:[\w.-]{1,80}/){1,12}[\w.-]{0,80})
  | (?P<file>(?<![\w./])[\w-]{1,80}(?:\.[\w-]{1,40}){0,3}\.
      (?:pdf|docx?|xlsx?|pptx?|odt|txt|csv|json|ya?ml|html?|xml|zip
      |png|jpe?g|gif|mp[34]|exe|py|js|sh|log|ini|cfg|toml)(?!\w))
  | (?P<sign>(?<!\S)[&=×*§±≈•](?!\S)
      | (?<![\w&])(?-i:[A-ZА-Я]\w{0,19}(?:&[A-ZА-Я]\w{0,19}){1,3})(?![\w&]))
  | (?P<snake>(?<![\w.])[A-Za-z0-9]{1,40}(?:_[A-Za-z0-9]{1,40}){1,8}(?![\w]))
    """
    rf"| (?P<endless>{_ENDLESS.pattern})",
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,:/\u2013-]\d+|[ \u00a0\u202f]\d{3}(?!\d))*")
#: No item is without one of these, which are quick to look for.
_HINT = re.compile(r"[@#&=×*§±≈•/{%_<$]|www\.|\w\.\w|[0-9a-fA-F]{7}", re.ASCII)
_TRAILING = ".,;:!?…)]}'\"»”’"


def items(text: str) -> list[tuple[int, int]]:
    """Start and end of each protected item of `text`, in order, without overlap."""
    if not _HINT.search(text) and not endless(text):
        return []
    found = []
    for match in _ITEM.finditer(text):
        start, end = match.span()
        if match.lastgroup in ("url", "domain", "path", "mail"):
            end = start + len(_without_tail(match.group()))
        if end > start:
            found.append((start, end))
    return found


def endless(text: str) -> bool:
    """Whether a "word" of the text is longer than any word."""
    return _ENDLESS.search(text) is not None


def numbers(text: str) -> list[tuple[int, int]]:
    """Start and end of each number in digits, marks and spaces inside it included."""
    return [match.span() for match in _NUMBER.finditer(text)]


def outside(
    spans: Sequence[tuple[int, int]], items: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The spans that share no letter with an item; both are in order, and read once."""
    found, number = [], 0
    for start, end in spans:
        while number < len(items) and items[number][1] <= start:
            number += 1
        if number == len(items) or end <= items[number][0]:
            found.append((start, end))
    return found


def lost(source: str, target: str) -> list[str]:
    """The protected items of `source` that `target` does not hold as often, in order."""
    wanted = Counter(source[start:end] for start, end in items(source))
    return [item for item, count in wanted.items() if target.count(item) < count]


def around(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the spans; joined they are the text."""
    pieces = []
    at = 0
    for start, end in spans:
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    if at < len(text):
        pieces.append((text[at:], False))
    return pieces


def _without_tail(item: str) -> str:
    """The item without the marks of the sentence around it; a closing bracket of its own stays."""
    end = len(item)
    while end and item[end - 1] in _TRAILING:
        if item[end - 1] == ")" and item.count("(", 0, end) >= item.count(")", 0, end):
            break
        end -= 1
    return item[:end]
