"""Signs that a network has no pieces for: said to it in words, or put back behind it.

A small vocabulary leaves out `$`, `€` or `°`, and its network would lose them or make something up.
So an amount is said as one says it aloud ("$5.97 million" as "5.97 million dollars"); №, ґ and Ї,
which such a vocabulary folds into No, г and ї, are written again in the target.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from models import protect
from models.languages import Language

_EN, _RU, _UK = Language.EN, Language.RU, Language.UK
#: What signs of money are called behind an amount.
MONEY: dict[str, dict[Language, str]] = {
    "$": {_EN: "dollars", _RU: "долларов", _UK: "доларів"},
    "€": {_EN: "euros", _RU: "евро", _UK: "євро"},
    "£": {_EN: "pounds", _RU: "фунтов", _UK: "фунтів"},
    "¥": {_EN: "yen", _RU: "иен", _UK: "єн"},
    "₽": {_EN: "rubles", _RU: "рублей", _UK: "рублів"},
    "₴": {_EN: "hryvnias", _RU: "гривен", _UK: "гривень"},
    "₸": {_EN: "tenge", _RU: "тенге", _UK: "тенге"},
    "₺": {_EN: "lira", _RU: "лир", _UK: "лір"},
    "₹": {_EN: "rupees", _RU: "рупий", _UK: "рупій"},
    "₪": {_EN: "shekels", _RU: "шекелей", _UK: "шекелів"},
    "₩": {_EN: "won", _RU: "вон", _UK: "вон"},
    "₿": {_EN: "bitcoins", _RU: "биткоинов", _UK: "біткоїнів"},
    "¢": {_EN: "cents", _RU: "центов", _UK: "центів"},
}
_DEGREES: dict[str, dict[Language, str]] = {
    "": {_EN: "degrees", _RU: "градусов", _UK: "градусів"},
    "C": {_EN: "degrees Celsius", _RU: "градусов Цельсия", _UK: "градусів Цельсія"},
    "F": {_EN: "degrees Fahrenheit", _RU: "градусов Фаренгейта", _UK: "градусів Фаренгейта"},
}
#: Whose dollars they are.
_COUNTRIES: dict[str, dict[Language, str]] = {
    "US": {_EN: "US", _RU: "американских", _UK: "американських"},
    "A": {_EN: "Australian", _RU: "австралийских", _UK: "австралійських"},
    "AU": {_EN: "Australian", _RU: "австралийских", _UK: "австралійських"},
    "C": {_EN: "Canadian", _RU: "канадских", _UK: "канадських"},
    "CA": {_EN: "Canadian", _RU: "канадских", _UK: "канадських"},
    "HK": {_EN: "Hong Kong", _RU: "гонконгских", _UK: "гонконзьких"},
    "NZ": {_EN: "New Zealand", _RU: "новозеландских", _UK: "новозеландських"},
}
#: What English writes close behind an amount that has its sign before it.
_SHORT = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
    "trn": "trillion",
}
#: Short forms that English-language wires write, and nobody says.
WIRE = {
    "mln": "million",
    "bln": "billion",
    "trln": "trillion",
    "dlrs": "dollars",
    "dlr": "dollar",
    "pct": "percent",
    "shrs": "shares",
}
_WIRED = re.compile(rf"(?<![\w./-])(?:{'|'.join(WIRE)})(?![\w/-])")
_SIGNS = "".join(MONEY)
_HINT = re.compile(rf"[{_SIGNS}°º℃#]")
#: A sign before a number, and the letters before it, which say whose money it is, or are a word.
_BEFORE = re.compile(rf"(?P<land>[^\W\d_]*)(?P<sign>[{_SIGNS}])\s?\Z")
_SCALE = re.compile(
    r"[\s-]?(?P<long>thousand|million|billion|trillion|тысяч\w*|тисяч\w*|миллион\w*|мільйон\w*"
    r"|миллиард\w*|мільярд\w*|триллион\w*|трильйон\w*|(?:mln|bln|trln)\b"
    # A full stop belongs to the short form where the sentence goes on.
    rf"|(?:тыс|тис|млн|млрд|трлн)\b(?:\.(?=\s?(?-i:[{_SIGNS}a-zа-яіїєґ])))?)"
    rf"|(?P<short>{'|'.join(sorted(_SHORT, key=len, reverse=True))})(?![\w&'’])",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"\s?(?P<sign>[{_SIGNS}])(?![\w{{])")
#: Celsius and Fahrenheit; a small letter behind a space is a word ("45° с. ш.").
_DEGREE = re.compile(r"\s?(?:℃|[°º](?:[CСcсFФfф](?!\w|\.\s?[шд])|\s[CСFФ](?!\w|\.))?)")
_ALONE = re.compile(
    rf"(?<![\w&#])(?P<numero>\#)(?=\d{{1,4}}(?![\w.]))"
    rf"|(?<![\w%{_SIGNS}`{{\\^=])(?P<alone>[{_SIGNS}])(?![\w{{{_SIGNS}=`]|[.,-]\d)"
    rf"|(?P<degree>℃|[°º](?:[CСFФ](?!\w))?)"
)
#: Before these a number is code or mathematics.
_CODE = frozenset("`{\\^=_")
#: What stands before a sign that belongs to the number on its left, and behind one on its right.
_LEFT = re.compile(
    r"(?:\d|(?:thousand|million|billion|trillion|тыс|тис|млн|млрд|трлн|тысяч|тисяч|иллион\w{0,3}"
    r"|ільйон\w{0,3}|иллиард\w{0,3}|ільярд\w{0,3})\.?)\s?\Z",
    re.IGNORECASE,
)
_RIGHT = re.compile(r"\s?\d")
_WORD = re.compile(r"\S+")
_NUMERO = re.compile(r"№|#(?=\d)")
_FOLDED_NUMERO = re.compile(r"\b(N[oO])\.?(?=\s?\d)")
#: Where г is ґ, whatever the word: ґрунт, обґрунтований, ґвалт, ґатунок, ґречний, за ґратами; and
#: in small letters, since with a capital it may be a name: ґудзик, ґанок, ґазда, дзиґа, аґрус.
_GE = re.compile(
    r"[гГ](?=рунт|валт|атун(?:ок|к)|речн[аеиіоу])|(?<!\w)[гГ](?=рат(?:ами|ам|ах)\b)"
    r"|г(?=удзик)|(?<!\w)г(?=ан(?:ок|к[уи]|ком|ків)\b|азд)|(?<=дзи)г|(?<=\bа)г(?=рус)"
)
#: Where ї is Ї: among capitals, and where another sentence begins.
_CAPITAL = "[А-ЩЬЮЯЄІҐЇ]"
_YI = re.compile(
    rf"(?<={_CAPITAL})ї(?={_CAPITAL})|(?<={_CAPITAL}{_CAPITAL})ї\b|\bї(?={_CAPITAL}{{2}})"
    r"|(?<=[.!?…]\s)ї"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text with its signs in words; for each of its words, which of the source's it stands for.

    Words are counted at spaces.
    """

    text: str
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A stretch of a text and what is said instead: parts, each with its place in the text."""

    start: int
    end: int
    parts: tuple[tuple[str, int], ...]


def spoken(text: str, language: Language, lacks: Callable[[str], bool]) -> Spoken | None:
    """The text with the signs in words that a vocabulary `lacks`; None if it has none of them.

    A vocabulary that lacks signs of money has no short forms of wires either.
    """
    wired = language is _EN and _WIRED.search(text) is not None and lacks("$")
    if not wired and not any(lacks(sign) for sign in set(_HINT.findall(text))):
        return None
    parts: list[tuple[str, int]] = []  # each with its place in the text
    at = 0
    for said in _all_said(text, language, lacks):
        parts += [(text[at : said.start], at), *said.parts]
        at = said.end
    if not parts:
        return None
    parts.append((text[at:], at))
    whole = "".join(part for part, _ in parts)
    begins = [word.start() for word in _WORD.finditer(text)]
    ends = [0]
    for part, _ in parts:
        ends.append(ends[-1] + len(part))
    words = []
    for word in _WORD.finditer(whole):
        number = bisect_right(ends, word.start()) - 1
        part, place = parts[number]
        # A word that was put in is where its sign is, however long.
        place += word.start() - ends[number] if text.startswith(part, place) else 0
        words.append(max(0, bisect_right(begins, place) - 1))
    return Spoken(whole, tuple(words))


def written(source: str, target: str, language: Language, lacks: Callable[[str], bool]) -> str:
    """The target with №, ґ and Ї where a vocabulary that `lacks` them has No, г and ї.

    What must come through as it is stays.
    """
    numero = _NUMERO.search(source) is not None and lacks("№")
    ukrainian = language is Language.UK and lacks("ґ")
    if not numero and not ukrainian:
        return target
    pieces = []
    for piece, item in protect.around(target, protect.items(target)):
        made = piece
        if numero and not item:
            made = _FOLDED_NUMERO.sub(r"\1." if language is Language.EN else "№", made)
        if ukrainian and not item:
            made = _YI.sub("Ї", _GE.sub(lambda match: "ґ" if match[0] == "г" else "Ґ", made))
        pieces.append(made)
    return "".join(pieces)


def amounts(text: str) -> list[tuple[int, int]]:
    """Start and end of each number in digits with the sign of money, # or degrees beside it."""
    found: list[tuple[int, int]] = []
    for start, end in protect.numbers(text):
        before = _BEFORE.search(text, max(0, start - 8), start)
        behind = _DEGREE.match(text, end) or _BEHIND.match(text, end)
        if before:
            start = before.start("sign") if before["land"] not in _COUNTRIES else before.start()
        elif text[max(0, start - 1) : start] == "#":
            start -= 1
        elif behind:
            end = behind.end()
        found.append((max(start, found[-1][1] if found else 0), end))
    return found


def _all_said(text: str, language: Language, lacks: Callable[[str], bool]) -> list[_Said]:
    """What is to be said in words, in order and without overlap."""
    found = [
        said
        for start, end in protect.numbers(text)
        if text[max(0, start - 1) : start] not in _CODE
        and (said := _number(text, start, end, language, lacks))
    ]
    found += [said for match in _ALONE.finditer(text) if (said := _lone(match, language, lacks))]
    if language is _EN and lacks("$"):
        found += [
            _Said(match.start(), match.end(), ((WIRE[match[0]], match.start()),))
            for match in _WIRED.finditer(text)
        ]
    found.sort(key=lambda said: said.start)
    free = set(protect.outside([(said.start, said.end) for said in found], protect.items(text)))
    kept: list[_Said] = []
    for said in found:
        # The sign of an amount may have been found alone as well.
        overlaps = kept and said.start < kept[-1].end
        if (said.start, said.end) in free and not overlaps:
            kept.append(said)
    return kept


def _number(
    text: str, start: int, end: int, language: Language, lacks: Callable[[str], bool]
) -> _Said | None:
    """A number with a sign beside it, in words."""
    if degrees := _DEGREE.match(text, end):
        name = _degrees(degrees[0], language)
        close = " " if text[degrees.end() : degrees.end() + 1].isalnum() else ""
        parts = ((text[start:end], start), (f" {name}{close}", end))
        return _Said(start, degrees.end(), parts) if lacks("°") else None
    scale = _SCALE.match(text, end)
    stop = scale.end() if scale else end
    sign = _BEFORE.search(text, max(0, start - 8), start)
    if sign and _side(text, sign.start("sign"), language) == "right":
        land = sign["land"].upper() if sign["land"].lower() == "us" else sign["land"]
        if land and (sign["sign"] != "$" or land not in _COUNTRIES):
            return None
        begin = sign.start()
        if text[stop : stop + 1].isalnum() or text[max(0, begin - 1) : begin] in _CODE:
            return None
    else:
        sign, land, begin = _BEHIND.match(text, stop), "", start
        if not sign or _side(text, sign.start("sign"), language) != "left":
            return None
    if not lacks(sign["sign"]):
        return None
    place = sign.start("sign")
    name = MONEY[sign["sign"]][language]
    found = [(text[start:end], start)]
    if scale:
        unit = scale["long"] or _SHORT[scale["short"].lower()]
        unit = WIRE.get(unit.lower(), unit)
        found += [(" ", scale.start()), (unit, stop - len(scale["long"] or scale["short"]))]
    last = max(stop, sign.end())
    if not text[last:].lstrip().lower().startswith(name[:4]):  # "$5 million dollars"
        found += [(" ", place), (f"{_COUNTRIES[land][language]} " if land else "", place)]
        found.append((name, place))
    return _Said(begin, last, tuple(found))


def _degrees(sign: str, language: Language) -> str:
    """What ` °C`, `°` or the like is called."""
    scale = sign.strip().lstrip("°º").strip().upper()
    return _DEGREES["F" if scale in ("F", "Ф") else "C" if scale else ""][language]


def _side(text: str, at: int, language: Language) -> str:
    """Which number the sign of money at a place belongs to: "left", "right", or neither: "".

    Between two numbers with spaces, the one behind it in English and else the one before.
    """
    left, right = _LEFT.search(text, max(0, at - 24), at), _RIGHT.match(text, at + 1)
    if not left or not right:
        return "left" if left else "right" if right else ""
    close_left, close_right = not text[at - 1].isspace(), not text[at + 1].isspace()
    if close_left and close_right:
        return ""
    if close_left or close_right:
        return "left" if close_left else "right"
    return "right" if language is _EN else "left"


def _lone(match: re.Match[str], language: Language, lacks: Callable[[str], bool]) -> _Said | None:
    """A sign that stands for itself, in words."""
    sign = match["alone"] or match["numero"] or "°"
    if not lacks(sign):
        return None
    if match["numero"]:
        name = "No. " if language is _EN else "№ "
    elif match["alone"]:
        name = MONEY[sign][language]
    else:
        name = _degrees(match[0], language)
    return _Said(match.start(), match.end(), ((name, match.start()),))
