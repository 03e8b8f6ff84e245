"""Doubts about a translated segment: what its source says and its target does not.

The checks are cheap and blunt. A flag means "look at this one", not "this one is wrong".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from models import protect
from models.languages import Direction, Language

Flag = Literal[
    "number",
    "name",
    "negation",
    "length_ratio",
    "repetition",
    "script",
    "cut",
    "protected_lost",
    "unlike",
    "untranslated",
]
FLAGS: tuple[Flag, ...] = (
    "cut", "length_ratio", "name", "negation", "number", "protected_lost", "repetition", "script",
    "unlike", "untranslated",
)  # fmt: skip

_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")


def check(source: str, target: str, direction: Direction) -> set[Flag]:
    """The flags that comparing a source with its target raises."""
    found: set[Flag] = set()
    if numbers_differ(source, target, direction.target):
        found.add("number")
    if negation_differs(source, target, direction):
        found.add("negation")
    if name_lost(source, target, direction):
        found.add("name")
    if length_differs(source, target):
        found.add("length_ratio")
    if circles(source, target):
        found.add("repetition")
    if wrong_script(source, target, direction.target):
        found.add("script")
    if untranslated(source, target):
        found.add("untranslated")
    return found


# Numbers ------------------------------------------------------------------------------------

_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3}(?!\d)|[.,]\d+)*")
_SCALES: dict[str, int] = {
    "тыс": 3, "тис": 3, "thousand": 3, "млн": 6, "миллион": 6, "мільйон": 6, "million": 6,
    "млрд": 9, "миллиард": 9, "мільярд": 9, "billion": 9, "трлн": 12, "триллион": 12,
    "mln": 6, "bln": 9, "trln": 12, "трильйон": 12, "trillion": 12, "m": 6, "bn": 9, "k": 3,
}  # fmt: skip
_SCALE = re.compile(
    r"[\s\u00a0-]{0,2}(тыс|тис|thousand|млн|м[иі]л[ль]й?[иі]?о?н|million|млрд|"
    r"миллиард|мільярд|billion|трлн|триллион|трильйон|trillion|bn\b|mln\b|bln\b|trln\b|m\b|k\b)"
)
_SPELT: dict[int, str] = {
    0: r"zero|nil|no\b|ноль|нуль", 1: r"one|first|once|single|один|одн|перв|перш|single|a\b|an\b",
    2: r"two|second|twice|both|pair|дв[аеоіу]|втор|друг|оба|обид|пар", 3: r"three|third|тр[иеоь]",
    4: r"four|чет[ыв]|чотир|кварт", 5: r"five|fifth|пят|п['’ʼ]ят", 6: r"six|шест|шіст|шост",
    7: r"seven|семь|седьм|сем|сім|сьом", 8: r"eight|восем|восьм|вісім|вось", 9: r"nin|девят|дев",
    10: r"ten|decade|десят", 11: r"eleven|одиннадцат|одинадцят",
    12: r"twel|dozen|двенадцат|дванадц",
    15: r"fifteen|пятнадцат|п['’ʼ]ятнадц", 20: r"twent|двадцат|двадцят",
    30: r"thirt|тридцат|тридцят",
    40: r"fort|сорок", 50: r"fift|half|пят|п['’ʼ]ят|полов", 60: r"sixt|шест|шіст",
    70: r"sevent|сем", 80: r"eight|восем|вісім", 90: r"ninet|девян|дев",
    100: r"hundred|cent|сто|сот", 1000: r"thousand|тысяч|тисяч", 1_000_000: r"million|мил|міль",
}  # fmt: skip
_MONTHS: tuple[str, ...] = (
    r"jan|янв|січ", r"feb|фев|лют", r"mar|март|берез", r"apr|апр|квіт", r"may|ма[йя]|трав",
    r"jun|июн|черв", r"jul|июл|лип", r"aug|авг|серп", r"sep|сент|верес", r"oct|окт|жовт",
    r"nov|нояб|листоп", r"dec|дек|груд",
)  # fmt: skip


#: What a number belongs to whose letters are part of a name: T-90M is no ninety million.
_NAMED = re.compile(r"[^\W\d_]-?$")

_CLOCK = re.compile(
    r"\d:\d\d|\b[ap]\.?m\b|o['’]clock|\b(?:noon|midnight|час\w*|годин\w*|утра|дня|вечера|ночи|ранку"
    r"|вечора|ночі)\b",
    re.IGNORECASE,
)


def numbers_differ(source: str, target: str, language: Language | None = None) -> bool:
    """Whether a number in digits on one side is nowhere on the other, or is there more often.

    An amount has the money of its sign. In an English target 75.900 is no 75,900.
    """
    one, other = _numbers(source), _numbers(target, english=language is Language.EN)
    clock = bool(_CLOCK.search(source) or _CLOCK.search(target))
    return (
        any(not _appears(number, other, target, clock) for number in one)
        or any(not _appears(number, one, source, clock) for number in other)
        or any(_times(number, other) > max(1, _times(number, one)) for number in other)
        or _dates_differ(source, target)
        or _money_lost(source, target)
    )


#: What names the money of a sign; one of it stands where the sign does not.
_MONEY: dict[str, re.Pattern[str]] = {
    "$": re.compile(r"dollar|\busd|\bdlrs?\b|\bbuck|\bcents?\b|долл?ар|\bдолл?\b|\bбакс|\bцент"),
    "€": re.compile(r"euro|\beur\b|евро|євро"),
    "£": re.compile(r"pound|sterling|\bgbp|фунт|стерлинг|стерлінг"),
    "₽": re.compile(r"rouble|ruble|\brub\b|руб"),
    "₴": re.compile(r"hryv|\buah\b|грн|грив"),
    "¥": re.compile(r"\byen\b|yuan|\bjpy\b|\bcny\b|\bй?иен|\bі?єн|юан"),
    "₸": re.compile(r"tenge|тенге"),
    "₺": re.compile(r"\blira|\btry\b|\bлир|\bлір"),
    "₹": re.compile(r"rupee|рупи|рупі"),
    "₪": re.compile(r"she[kq]el|шекел"),
    "₩": re.compile(r"\bwon\b|\bвон"),
    "₿": re.compile(r"bitcoin|\bbtc\b|биткоин|біткоїн"),
}


def _money_lost(source: str, target: str) -> bool:
    """Whether a sign of money in the source is neither in the target nor said there."""
    said = target.casefold()
    return any(
        sign in source and sign not in target and not name.search(said)
        for sign, name in _MONEY.items()
    )


def _dates_differ(source: str, target: str) -> bool:
    """Whether as many dates like 24.02.2022 stand on both sides, but not the same ones.

    Day and month may change places, and 2022 may be 22. One day or year in common is not enough.
    """
    one, other = (
        sorted(sorted(part % 100 if part >= 1900 else part for part in parts) for parts in found)
        for found in (_dates(source), _dates(target))
    )
    return bool(one) and len(one) == len(other) and one != other


def _dates(text: str) -> list[list[float]]:
    """The parts of every number of more than two parts."""
    found = [_parts(match.group()) for match in _NUMBER.finditer(text)]
    return [parts for parts in found if len(parts) > 2]


def _times(number: frozenset[float], numbers: list[frozenset[float]]) -> int:
    """How often a number is among others."""
    return sum(bool(number & other) for other in numbers)


def _numbers(text: str, *, english: bool = False) -> list[frozenset[float]]:
    """Each number in digits, as the values it may stand for; in English a full stop is a point."""
    found = []
    for match in _NUMBER.finditer(text):
        point = english and _POINT.fullmatch(match.group())
        values = {float(match.group())} if point else _values(match.group())
        named = _NAMED.search(text, max(0, match.start() - 2), match.start())
        scale = None if named else _SCALE.match(text.casefold(), match.end())
        if scale:
            power = next((p for name, p in _SCALES.items() if scale[1].startswith(name)), 6)
            values = {round(value * 10**power, 6) for value in values}
        found.append(frozenset(values))
    return found


#: What has groups of three everywhere but in English.
_POINT = re.compile(r"\d{1,3}\.\d{3}")


def _values(digits: str) -> set[float]:
    """The values of `1 234,5`, `1,234.5` or `12.03.2024` under both conventions.

    Thousands are groups of three, so that 5.7 is no 57.
    """
    packed = re.sub(r"[ \u00a0\u202f]", "", digits)
    values: set[float] = set()
    for thousands, decimal in ((",", "."), (".", ",")):
        plain = packed.replace(thousands, "")
        _, *groups = packed.partition(decimal)[0].split(thousands)
        if plain.count(decimal) <= 1 and all(len(group) == 3 for group in groups):
            values.add(float(plain.replace(decimal, ".")))
    parts = _parts(packed)
    if len(parts) > 2:
        values |= set(parts)
    return values


def _parts(digits: str) -> list[float]:
    packed = re.sub(r"[ \u00a0\u202f]", "", digits)
    return [float(part) for part in re.split(r"[.,]", packed) if part]


def _appears(
    values: frozenset[float], numbers: list[frozenset[float]], text: str, clock: bool
) -> bool:
    """Whether a number is among those of the other side, or spelt out in its text.

    Where times of day are told (`clock`), 15 is also 3.
    """
    if any(values & other for other in numbers):
        return True
    hours = numbers if clock else ()
    if any(abs(a - b) == 12 for a in values for other in hours for b in other if max(a, b) <= 24):
        return True  # 15:30 and 3:30 p.m.
    lower = text.casefold()
    scaled = {value / 10**power for value in values for power in (3, 6, 9) if value >= 10**power}
    for value in values | scaled:
        if value != int(value):
            continue
        whole = int(value)
        if whole in _SPELT and re.search(rf"\b(?:{_SPELT[whole]})", lower):
            return True
        if 1 <= whole <= 12 and re.search(rf"\b(?:{_MONTHS[whole - 1]})", lower):
            return True
        # 1980-е and the eighties, '24 and 2024.
        if any(_same_year(whole, b) for other in numbers for b in other):
            return True
    return False


def _same_year(one: float, other: float) -> bool:
    return one % 100 == other % 100 and min(one, other) < 100 and 1900 <= max(one, other) < 2100


# Negation -----------------------------------------------------------------------------------

_NEGATIONS: dict[Language, re.Pattern[str]] = {
    Language.RU: re.compile(
        r"\b(?:не|ни|нет|нельзя|без|никто|ничто|ничего|никогда|нигде|никак\w*|никаки\w*|ничей|"
        r"отнюдь|вряд|едва|отсутств\w*|отказ\w*|отриц\w*|опроверг\w*|исключ\w*|запре\w*|против|"
        r"не\w{4,}|бес\w{4,}|без\w{4,}|кроме|мало\w*|невозможн\w*|перестал\w*|лиш\w*)\b"
    ),
    Language.UK: re.compile(
        r"\b(?:не|ні|ані|нема|немає|неможливо|без|ніхто|ніщо|нічого|ніколи|ніде|ніяк\w*|жод\w*|"
        r"навряд|ледь|відсутн\w*|відмов\w*|запереч\w*|спрост\w*|виключ\w*|заборон\w*|проти|"
        r"не\w{4,}|без\w{4,}|крім|окрім|мало\w*|перестал\w*|позбав\w*|лише)\b"
    ),
    Language.EN: re.compile(
        r"\b(?:not|no|never|none|nor|neither|nobody|nothing|nowhere|without|cannot|hardly|barely|"
        r"unless|except|instead|rather|only|few|little|lack\w*|fail\w*|den[iy]\w*|refus\w*|reject\w*|"
        r"refut\w*|exclud\w*|absen\w*|ban\w*|prohibit\w*|forb\w*|against|avoid\w*|prevent\w*|stop\w*|"
        r"unable|impossible|un\w{4,}|in(?!to|ter|s|c|v|f|d)\w{5,}|im[mp]\w{4,}|ir\w{5,}|il\w{5,}|"
        r"dis\w{4,}|non\w{3,}|\w+less(?:ly)?|\w+n['’]t|until|yet|miss\w*|wrong)\b"
    ),
}
#: The plain ones: a side that holds one of these is expected to be answered.
_PLAIN: dict[Language, re.Pattern[str]] = {
    Language.RU: re.compile(r"\b(?:не|нет|нельзя|никто|никогда|ничего)\b"),
    Language.UK: re.compile(r"\b(?:не|немає|нема|ніхто|ніколи|нічого|жоден)\b"),
    Language.EN: re.compile(r"\b(?:not|never|nobody|nothing|none|cannot|\w+n['’]t)\b"),
}
_NOT_ONLY = re.compile(
    r"\bне (?:только|менее|более|раз|исключ\w+)\b|\bне (?:лише|тільки|менш\w*|більш\w*|раз)\b|"
    r"\bnot (?:only|just)\b|\bпока не\b|\bдоки не\b|\bпоки не\b|\bкак бы ни\b|\bне так давно\b"
)


def negation_differs(source: str, target: str, direction: Direction) -> bool:
    """Whether one side says no and the other holds nothing that could."""
    sides = [
        (_NOT_ONLY.sub(" ", source.casefold()), direction.source),
        (_NOT_ONLY.sub(" ", target.casefold()), direction.target),
    ]
    for (one, its), (other, others) in (sides, sides[::-1]):
        if _PLAIN[its].search(one) and not _NEGATIONS[others].search(other):
            return True
    return False


# Names --------------------------------------------------------------------------------------

_ROMAN_LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "e",
        "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m",
        "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
        "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e",
        "ю": "u", "я": "a", "'": "", "’": "", "ʼ": "",
    }
)  # fmt: skip
_SOUNDS = (
    ("shch", "sh"),
    ("kh", "h"),
    ("ya", "a"),
    ("yu", "u"),
    ("ye", "e"),
    ("yi", "i"),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("ck", "k"),
    ("c", "k"),
    ("ph", "f"),
    ("x", "ks"),
    ("q", "k"),
    ("oo", "u"),
    ("ee", "i"),
    ("h", "g"),
)
_PERSON = re.compile(r"\b([А-ЯІЇЄҐЁA-Z][а-яіїєґё'’a-z]+)\s+([А-ЯІЇЄҐЁA-Z][а-яіїєґё'’a-z]{3,})")
_LATIN_NAME = re.compile(r"\b[A-Z][A-Za-z]{2,}\b")


def name_lost(source: str, target: str, direction: Direction) -> bool:
    """Whether a name in Latin letters, or the surname of a person, is not in the target."""
    if direction.source is not Language.EN:
        folded = target.casefold()
        if any(name.casefold() not in folded for name in _LATIN_NAME.findall(source)):
            return True
    people = list(_PERSON.finditer(source))
    if not people:
        return False
    said = [_sound(word) for word in _WORD.findall(target) if word[0].isupper()]
    for match in people:
        first, last = _sound(match[1]), _sound(match[2])
        if _like(first, said) and not _like(last, said):
            return True
    return False


def _sound(name: str) -> str:
    """A name reduced to what Russian, Ukrainian and English spellings of it share."""
    text = name.casefold().translate(_ROMAN_LETTERS)
    for spelling, sound in _SOUNDS:
        text = text.replace(spelling, sound)
    return re.sub(r"(.)\1", r"\1", text)


def _like(name: str, others: Iterable[str]) -> bool:
    from rapidfuzz.fuzz import ratio

    return any(ratio(name, other) >= 58 for other in others)


_LOOP = re.compile(r"(.{1,12}?)\1{5,}")
_HALVES = re.compile(r"[^\W\d_]*(?:[Ѐ-ӿ][A-Za-z]|[A-Za-z][Ѐ-ӿ])[^\W\d_]*")

# Length, repetition, script -------------------------------------------------------------------


def length_differs(source: str, target: str) -> bool:
    """Whether the target is far shorter or longer than translations are."""
    one, other = len(source), len(target)
    return other * 2.2 + 12 < one or one * 2.2 + 12 < other


def circles(source: str, target: str) -> bool:
    """Whether the target says something over and over as its source does not."""
    often = repeats(target)
    if often > 2 and often > repeats(source):
        return True
    return bool(_LOOP.search(target)) and not _LOOP.search(source)


def repeats(text: str) -> int:
    """The most times in a row that a run of one to six words comes again; 1 if none does."""
    words = _WORD.findall(text.casefold())
    if max(Counter(words).values(), default=0) < 2:
        return 1
    most = 1
    for size in range(1, 7):
        times, at = 1, size
        while at + size <= len(words):
            if words[at : at + size] == words[at - size : at]:
                times += 1
                at += size
                most = max(most, times)
            else:
                times, at = 1, at + 1
    return most


def wrong_script(source: str, target: str, language: Language) -> bool:
    """Whether the target has letters its language does not use, beyond what was left as it was.

    That may be names, addresses and tags. No word is half in one script and half in the other.
    """
    for start, end in protect.items(source):
        target = target.replace(source[start:end], " ")
    if language is Language.EN:
        return bool(_CYRILLIC.search(target))
    cyrillic, latin = len(_CYRILLIC.findall(target)), len(_LATIN.findall(target))
    kept = set(_WORD.findall(source))
    latin_words = [word for word in _WORD.findall(target) if _LATIN.search(word)]
    left = [word for word in latin_words if word in kept and not word[0].islower()]
    latin_kept = sum(map(len, left))
    odd = re.search(r"[іїєґ]", target) if language is Language.RU else re.search(r"[ыэёъ]", target)
    halves = any(part not in source for part in _HALVES.findall(target))
    return bool(odd) or halves or latin - latin_kept > max(12, cyrillic)


def untranslated(source: str, target: str) -> bool:
    """Whether words in Latin letters came out as they went in, as transliterated text does.

    Between Russian and Ukrainian a sentence may rightly be spelt alike, and names are alike
    everywhere.
    """
    words = _WORD.findall(source)
    small = [word for word in words if word.islower() and len(word) > 2]
    return (
        len(words) > 2
        and len(small) > 1
        and not _CYRILLIC.search(source)
        and words == _WORD.findall(target)
        and not any(re.search(r"\w", source[start:end]) for start, end in protect.items(source))
    )
