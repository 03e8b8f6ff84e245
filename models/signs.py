"""Signs that a network has no pieces for: said to it in words, or put back behind it.

A small vocabulary leaves out `$`, `€` or `°`, and its network would lose them or make something up.
So an amount is said as one says it aloud ("$5.97 million" as "5.97 million dollars"); № and ґ,
which such a vocabulary folds into No and г, are written again in the target.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from models.languages import Language
from models.protect import NUMBER

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
    "C": {_EN: "Canadian", _RU: "канадских", _UK: "канадських"},
    "HK": {_EN: "Hong Kong", _RU: "гонконгских", _UK: "гонконзьких"},
    "NZ": {_EN: "New Zealand", _RU: "новозеландских", _UK: "новозеландських"},
}
#: What English writes behind an amount with a sign before it.
_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "mln": "million",
    "b": "billion",
    "bn": "billion",
    "tn": "trillion",
    "trn": "trillion",
}
_SIGNS = "".join(MONEY)
_SIGN = rf"(?:(?<![^\W\d_])(?P<%s>(?-i:US|AU?|CA?|HK|NZ)))?(?P<%s>[{_SIGNS}])"
_SCALE = (
    r"(?:[\s-]?(?:thousand|million|billion|trillion|тысяч\w*|тисяч\w*|миллион\w*|мільйон\w*"
    r"|миллиард\w*|мільярд\w*|триллион\w*|трильйон\w*"
    # A full stop belongs to the short form where the sentence goes on.
    rf"|(?:тыс|тис|млн|млрд|трлн)\b(?:\.(?=\s?(?-i:[{_SIGNS}a-zа-яіїєґ])))?"
    rf"|(?:{'|'.join(_SCALES)})\b))?"
)
_SAID = re.compile(
    rf"{_SIGN % ('country', 'before')}\s?(?P<number>{NUMBER.pattern})(?P<scale>{_SCALE})"
    rf"|(?P<counted>{NUMBER.pattern})(?P<unit>{_SCALE})\s?{_SIGN % ('land', 'behind')}(?![\w{{])"
    rf"|(?P<measured>{NUMBER.pattern})\s?(?P<degrees>°\s?(?P<thermometer>[CСFФ]?)(?!\w)|°)"
    r"|\#(?=\d)"
    rf"|(?<![\w%{_SIGNS}])(?P<alone>[{_SIGNS}°])(?![\w{{{_SIGNS}])",
    re.IGNORECASE,
)
#: The groups of an amount: its sign, its number, million or the like, and whose money it is.
_AMOUNTS = (("before", "number", "scale", "country"), ("behind", "counted", "unit", "land"))
_HINT = re.compile(rf"[{_SIGNS}°#]")
_WORD = re.compile(r"\S+")
_NUMERO = re.compile(r"№|#(?=\d)")
_FOLDED_NUMERO = re.compile(r"\bNo\.?(?=\s?\d)")
#: Where г is ґ, whatever the word: ґрунт, обґрунтований, ґвалт, ґудзик, ґатунок, за ґратами.
_GE = re.compile(
    r"г(?=рунт|валт|удзик|атун(?:ок|к)|речн[аеиіоу]|рат(?:ами|ам|ах)\b)"
    r"|(?<!\w)г(?=ан(?:ок|к[уи]|ком|ків)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text with its signs in words; for each of its words, which of the source's it stands for.

    Words are counted at spaces.
    """

    text: str
    words: tuple[int, ...]


def spoken(text: str, language: Language, lacks: Callable[[str], bool]) -> Spoken | None:
    """The text with the signs in words that a vocabulary `lacks`; None if it has none of them."""
    if not any(lacks(sign) for sign in set(_HINT.findall(text))):
        return None
    parts: list[tuple[str, int]] = []  # each with its place in the text
    at = 0
    for match in _SAID.finditer(text):
        said = _said(match, language, lacks)
        if said:
            parts += [(text[at : match.start()], at), *said]
            at = match.end()
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
        offset = word.start() - ends[number]
        place += offset if text.startswith(part, place) else 0
        words.append(max(0, bisect_right(begins, place) - 1))
    return Spoken(whole, tuple(words))


def written(source: str, target: str, language: Language, lacks: Callable[[str], bool]) -> str:
    """The target with № and ґ where a vocabulary that `lacks` them has No and г."""
    if _NUMERO.search(source) and lacks("№"):
        target = _FOLDED_NUMERO.sub("No." if language is Language.EN else "№", target)
    if language is Language.UK and lacks("ґ"):
        target = _GE.sub(lambda match: "ґ" if match[0] == "г" else "Ґ", target)
    return target


def _said(
    match: re.Match[str], language: Language, lacks: Callable[[str], bool]
) -> list[tuple[str, int]]:
    """The words of an amount or a lone sign, each with its place; none if the sign is known."""
    if match["alone"]:
        sign = match["alone"]
        names = _DEGREES[""] if sign == "°" else MONEY[sign]
        return [(names[language], match.start())] if lacks(sign) else []
    if match["degrees"]:
        scale = match["thermometer"].upper() if match["thermometer"] else ""
        name = _DEGREES["F" if scale in ("F", "Ф") else "C" if scale else ""][language]
        number = (match["measured"], match.start())
        behind = " " if match.string[match.end() : match.end() + 1].isdigit() else ""
        return [number, (f" {name}{behind}", match.start("degrees"))] if lacks("°") else []
    for sign, amount, scale, country in _AMOUNTS:
        if match[sign]:
            return _amount(match, (sign, amount, scale, country), language, lacks)
    return [("No. " if language is Language.EN else "№ ", match.start())] if lacks("#") else []


def _amount(
    match: re.Match[str],
    groups: tuple[str, str, str, str],
    language: Language,
    lacks: Callable[[str], bool],
) -> list[tuple[str, int]]:
    """The words of an amount of money, each with its place; none if the sign is known."""
    sign, amount, scale, country = groups
    if not lacks(match[sign]):
        return []
    name = MONEY[match[sign]][language]
    if match[country] and match[sign] == "$":
        known = _COUNTRIES.get(match[country]) or _COUNTRIES[match[country][0]]
        name = f"{known[language]} {name}"
    unit = match[scale].lstrip(" -\u00a0\u202f")
    found = [(match[amount], match.start(amount))]
    if unit:
        long = _SCALES.get(unit.lower(), unit)
        found += [(" ", match.start(scale)), (long, match.end(scale) - len(unit))]
    return [*found, (" ", match.start(sign)), (name, match.start(sign))]
