"""Quantities in a text: values with bounds, unit and what is counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from alignment.compounds import joined
from alignment.lexicon import Phrases, grammar
from alignment.measures import measure
from alignment.roughness import counted_before, lasts, vague
from alignment.tokens import Tokens, tokenise


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as worded: `low`/`high` bound its value, None where the text leaves it open.

    `unit` is a language-neutral measure ("km", "usd", "percent") or "" for a count; `role` says
    what is counted or measured ("killed", "wounded", "drones", …) or "" where no noun tells.
    """

    start: int
    end: int
    text: str
    low: float | None
    high: float | None
    unit: str = ""
    role: str = ""
    approximate: bool = False


@dataclass(slots=True)
class _Number:
    """A number found in tokens `first` up to but without `last`."""

    first: int
    last: int
    low: float | None
    high: float | None
    spelled: bool
    scaled: bool
    approximate: bool = False


_DASHES = {"-", "–", "—", "−"}
_CURRENCY = {"$": "usd", "€": "eur", "₴": "uah", "₽": "rub", "£": "gbp"}
_TENTH = 0.1
#: Scale words that count one of themselves when no number stands before; a bare plural is vague.
_ONE_OF = {
    "тысяча", "тысячу", "тисяча", "тисячу", "миллион", "мільйон", "миллиард", "мільярд",
    "полмиллиона", "півмільйона", "дюжина", "дюжину", "десяток", "сотня", "сотню", "полсотни",
    "півсотні",
}  # fmt: skip
#: The same in the genitive, where a bound stands before: "более тысячи", "близько мільйона".
_OF_ONE = {
    "тысячи", "тисячі", "миллиона", "мільйона", "миллиарда", "мільярда", "десятка", "сотни",
    "сотні",
}  # fmt: skip
#: Behind these "one" counts nothing: "ни одна ракета".
_NONE = {"ни", "ні", "ані", "not"}
#: How far before "from … to …" the verb may stand that makes a change of it, not a range.
_CHANGE_REACH = 6
_HALVES = {("с", "половиной"), ("з", "половиною"), ("and", "a", "half")}
_MINUS = {"минус", "мінус", "minus"}
_JOINTS = {"на", "в", "у", "by", "к", "до", "о", "об", "про", "из", "із", "з"}
#: Behind these a unit is what the number is the price of, or the time it counts in.
_PER = {"за", "на", "в", "у", "к", "до", "по", "per", "to", "in", "from", "a", "an", "the"}
#: How far, in tokens, a noun may stand behind its number, and a casualty word from either side.
_NOUN_REACH, _CASUALTY_REACH = 4, 7
_PERSONS = {"", "people", "civilians", "children", "soldiers", "prisoners", "firefighters"}
_AGED = {"people", "children"}
_YEAR_OPENERS = {
    "in", "of", "since", "by", "until", "from", "до", "в", "у", "с", "з", "із", "к", "march",
}  # fmt: skip
_CLAUSE_MARKS = {",", ";", ":", "—", "–", "(", ")", "."}


@cache
def _lists(language: str) -> dict[str, Phrases]:
    """The compiled lists that numbers need."""
    names = ("number_words", "scales", "vague", "bounds", "units", "counted", "casualties")
    plain = ("reach_verbs", "range_from", "range_to", "year_words", "months", "ordinal_suffixes")
    data = grammar(language)
    lists = {name: data.compiled(name) for name in (*names, *plain)}
    lists["start"] = data.compiled("number_words", "scales", "vague")
    return lists


def _digits(text: str) -> float | None:
    """The value of a number in digits; "1,500" is thousands, "2,3" a decimal, "1.2.3" no number."""
    plain = text.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    groups = plain.replace(".", ",").split(",")
    if len(groups) == 1:
        return float(plain)
    if all(len(g) == 3 for g in groups[1:]) and 0 < len(groups[0]) <= 3 and groups[0] != "0":
        return float("".join(groups))
    return float(f"{groups[0]}.{groups[1]}") if len(groups) == 2 else None


def _spelled(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> tuple[int, float] | None:
    """A number below a thousand in words ("twenty-five", "сто двадцать") from token `i`."""
    value, step, j = 0.0, 1000.0, i
    while j < len(tokens):
        form = tokens.forms[j]
        if j > i and form in ("and", "-") and value >= 100:
            last, label = lists["number_words"].label(tokens, j + 1)
            if not label or float(label) >= 100:
                break
            j += 1
            continue
        last, label = lists["number_words"].label(tokens, j)
        if not label and "-" in form:
            tens, _, ones = form.partition("-")
            parts = tokenise(f"{tens} {ones}")
            both = [lists["number_words"].label(parts, k)[1] for k in range(len(parts))]
            if len(both) == 2 and all(both) and 20 <= float(both[0]) < 100 and float(both[1]) < 10:
                return (j + 1, value + float(both[0]) + float(both[1])) if step > 90 else None
        if not label:
            break
        number = float(label)
        if number >= step or (value and number in (0, 0.5, 1.5)):
            break
        value += number
        step = 100 if number >= 100 else 10 if number >= 20 else 0
        j = last
        if form == "one" and lists["scales"].label(tokens, j)[1] == "100":
            continue
        if step == 0 or number != int(number):
            break
    return (j, value) if j > i else None


def _number(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> _Number | None:
    """The number that starts at token `i`, with its scale words, or None."""
    total, j, spelled, scaled, found = 0.0, i, False, False, False
    while j < len(tokens):
        value: float | None = None
        last = j
        if tokens.kinds[j] == "number" and (not found or scaled):
            value = _digits(tokens.texts[j])
            if value is None:
                return None
            last = j + 1
        elif tokens.kinds[j] == "word":
            words = _spelled(tokens, j, lists)
            if words is not None:
                last, value = words
                spelled = spelled or not found
        if value is None and not found:
            last, label = lists["scales"].label(tokens, j)
            one = (
                tokens.forms[j] in _ONE_OF
                or (j and tokens.forms[j - 1] == "a")
                or (tokens.forms[j] in _OF_ONE and _bounded(tokens, j, lists))
            )
            if not label or not one or tokens.kinds[j] != "word":
                return None
            total, found, scaled, spelled, j = float(label), True, True, True, last
            continue
        if value is None:
            break
        end, scale = lists["scales"].label(tokens, last)
        multiplied = False
        while scale:
            value *= float(scale)
            scaled = multiplied = True
            last = end
            if scale == "100":
                more = _spelled(
                    tokens, last + 1 if tokens.forms[last : last + 1] == ["and"] else last, lists
                )
                if more is not None:
                    last, value = more[0], value + more[1]
            end, scale = lists["scales"].label(tokens, last)
        if found and ((not multiplied and value >= 1000) or (total and value >= total)):
            break
        total, found, j = total + value, True, last
        if not multiplied:
            break
    if not found:
        return None
    for half in _HALVES:
        if tuple(tokens.forms[j : j + len(half)]) == half:
            total, j = total + 0.5, j + len(half)
            end, scale = lists["scales"].label(tokens, j)
            if scale:
                total, j, scaled = total * float(scale), end, True
    if i and tokens.forms[i - 1] in _MINUS:
        total = -total
    return _Number(i, j, total, total, spelled, scaled)


def _bounded(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> bool:
    """Whether "more than", "about" and the like end before token `i`."""
    return any(lists["bounds"].label(tokens, k)[0] == i for k in range(max(0, i - 3), i))


def _changes(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> bool:
    """Whether a verb of rising or falling stands shortly before token `i`."""
    reach = range(max(0, i - _CHANGE_REACH), i)
    return any(lists["reach_verbs"].at(tokens, k)[0] > k for k in reach)


def _pair(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> _Number | None:
    """The range in a hyphened word, "две-три (тысячи)", from token `i`, or None."""
    ends = tokens.forms[i].split("-")
    if len(ends) != 2 or not all(ends):
        return None
    parts = tokenise(" ".join(ends))
    labels = [lists["number_words"].label(parts, k)[1] for k in range(len(parts))]
    if len(labels) != 2 or not all(labels) or float(labels[0]) >= float(labels[1]):
        return None
    last, scale = lists["scales"].label(tokens, i + 1)
    by = float(scale) if scale else 1.0
    return _Number(i, last, float(labels[0]) * by, float(labels[1]) * by, True, bool(scale))


def _is_date_part(tokens: Tokens, number: _Number, lists: dict[str, Phrases]) -> bool:
    """Whether the number belongs to a date, a clock time, a year or an ordinal."""
    if number.scaled:
        return False
    before, after = number.first - 1, number.last
    if tokens.forms[after : after + 1] in (["am"], ["pm"]) or tokens.forms[after : after + 2] in (
        ["a", "."],
        ["p", "."],
    ):
        return True
    if lists["months"].label(tokens, after)[1] and not number.spelled:
        return True
    if before >= 0 and lists["months"].label(tokens, before)[1] and not number.spelled:
        return True
    value = number.low or 0
    if not number.spelled and 1700 <= value <= 2100 and value == int(value):
        end, _ = lists["year_words"].at(tokens, after)
        if end > after and tokens.forms[after] not in ("years", "лет", "років", "год"):
            return True
        previous = tokens.forms[before] if before >= 0 else ""
        if (
            "," not in tokens.texts[number.first]
            and previous in _YEAR_OPENERS
            and lists["counted"].label(tokens, after)[1] == ""
            and lists["units"].label(tokens, after)[1] == ""
        ):
            return True
    if before >= 1 and tokens.texts[before] == "." and not number.spelled:
        last, month = lists["months"].label(tokens, before - 1)
        if month and last == number.first:
            return True
    if (
        before >= 2
        and tokens.texts[before] == ","
        and 1900 <= value <= 2100
        and lists["months"].label(tokens, before - 2)[1]
    ):
        return True
    previous = tokens.forms[before] if before >= 0 else ""
    return previous in ("№", "#", "no")


def _about(value: float) -> tuple[float, float]:
    return round(value * (1 - _TENTH), 6), round(value * (1 + _TENTH), 6)


def _bound(tokens: Tokens, number: _Number, lists: dict[str, Phrases]) -> None:
    """Applies "over", "up to", "about" and the like to the number, and takes them into its span."""
    i = number.first
    for first in range(max(0, i - 4), i):
        last, label = lists["bounds"].label(tokens, first)
        joint = last == i - 1 and tokens.forms[last] in _JOINTS and last > first
        if label == "upper" and _changes(tokens, first, lists):
            return
        if label and (last == i or joint) and number.low is not None:
            number.first = first
            value = number.low
            if label == "lower" and lasts(tokens, first, number.last, lists):
                number.first = last  # "€45bn over two years"
            elif label == "lower":
                number.high = None
            elif label == "upper":
                number.low = None
            elif label == "nearly":
                number.low, number.approximate = round(value * (1 - _TENTH), 6), True
            else:
                number.low, number.high = _about(value)
                number.approximate = True
            return


def _range(tokens: Tokens, number: _Number, lists: dict[str, Phrases]) -> None:
    """Joins "10-12", "from 10 to 12", "between two and three thousand" into one number."""
    j = number.last
    if j >= len(tokens) or number.low is None:
        return
    dashed = tokens.texts[j] in _DASHES
    joined = lists["range_to"].label(tokens, j)[0] > j
    opened = (
        number.first > 0 and lists["range_from"].at(tokens, number.first - 1)[0] == number.first
    )
    bare = tokens.forms[j] == "to" and tokens.kinds[number.first] == "number"
    if joined and opened and not dashed and _changes(tokens, number.first, lists):
        return  # "rose from ten to twelve": two figures, not one between them
    if not (dashed or bare or (joined and opened)):
        return
    upper = _number(tokens, j + 1, lists)
    if upper is None or upper.high is None or number.low is None:
        return
    low = number.low
    if upper.scaled and not number.scaled:
        scale = 1.0
        while low * scale * 1000 <= upper.high:
            scale *= 1000
        low *= scale if low < upper.high / 1000 * 999 else 1
    if low < upper.high:
        number.low, number.high, number.last = low, upper.high, upper.last
        number.scaled = True
        if opened:
            number.first -= 1


def _noun(tokens: Tokens, number: _Number, lists: dict[str, Phrases]) -> tuple[str, str, int]:
    """(unit, counted role, end of the span): what follows the number, or a currency mark before."""
    before = tokens.texts[number.first - 1] if number.first else ""
    if before in _CURRENCY:
        number.first -= 1
        return _CURRENCY[before], "", number.last
    for step in range(_NOUN_REACH):
        i = number.last + step
        if i >= len(tokens) or tokens.texts[i] in _CLAUSE_MARKS:
            break
        joined = tokens.kinds[i - 1] == "word" and tokens.forms[i - 1] not in _PER
        if step == 0 or (step == 1 and joined):
            last, label = lists["units"].label(tokens, i)
            if label and not (label == "m" and tokens.forms[i] == "m"):
                return label, "", last
        last, label = lists["counted"].label(tokens, i)
        if label:
            return "", label, last
        if tokens.kinds[i] == "number":
            break
    return "", "", number.last


def _casualties(tokens: Tokens, lists: dict[str, Phrases]) -> list[tuple[int, int, str]]:
    return [(m.first, m.last, m.entry[1]) for m in lists["casualties"].scan(tokens)]


def _bare_noun(tokens: Tokens, i: int, lists: dict[str, Phrases]) -> bool:
    """Whether a noun of no known kind follows the number: "сорока авиарейсов"."""
    return (
        i < len(tokens)
        and tokens.kinds[i] == "word"
        and not any(lists[name].at(tokens, i)[0] > i for name in ("casualties", "counted", "units"))
    )


def _role(tokens: Tokens, number: _Number, cues: list[tuple[int, int, str]]) -> str:
    """The casualty role nearest to the number within its clause, or ""."""
    best, label = _CASUALTY_REACH + 1, ""
    for first, last, name in cues:
        if first >= number.last:
            gap = tokens.texts[number.last : first]
            distance = first - number.last
        else:
            gap = tokens.texts[last : number.first]
            # "killed two" binds closer than "two … killed" only by distance; a comma parts clauses.
            distance = number.first - last
        if any(mark in _CLAUSE_MARKS for mark in gap) or distance > _CASUALTY_REACH:
            continue
        if any(form in ("and", "и", "та", "і", "й", "while", "а") for form in map(str.lower, gap)):
            distance += 3
        if distance < best:
            best, label = distance, name
    if not label and len({name for _, _, name in cues}) == 1 and "," in tokens.texts:
        return cues[0][
            2
        ]  # "14 people, among them two children, were injured": the only cue there is
    return label


def find(tokens: Tokens, language: str) -> list[Quantity]:
    """The quantities of tokenised text, in order."""
    lists = _lists(language)
    start = lists["start"]
    cues: list[tuple[int, int, str]] | None = None
    found: list[Quantity] = []
    i, size = 0, len(tokens)
    while i < size:
        kind = tokens.kinds[i]
        worded = measure(tokens, i, language)
        if worded is not None:
            # A share in words is a rounded one: "three quarters" for 74 %.
            rough = worded.unit == "percent"
            worded_number = _Number(i, worded.last, worded.value, worded.value, True, True, rough)
            _bound(tokens, worded_number, lists)
            if worded.unit == "clock":  # "around 14:00" is rough by minutes, not by a tenth
                worded_number.low = worded_number.high = worded.value
            found.append(_quantity(tokens, worded_number, worded.unit, worded.role, worded.last))
            i = worded.last
            continue
        if (
            kind == "mark"
            or kind == "other"
            or (kind == "word" and start.at(tokens, i)[0] == i and "-" not in tokens.forms[i])
        ):
            i += 1
            continue
        number = _number(tokens, i, lists) or _pair(tokens, i, lists)
        if number is None:
            worded_roughly = vague(tokens, i, lists)
            if worded_roughly is None:
                i += 1
                continue
            number = _Number(i, *worded_roughly, True, True, True)
        elif number.spelled and number.low in (0, 1) and not number.scaled:
            # "one of them", "один из" are words more than numbers; keep them before a counted noun.
            if not any(_noun(tokens, number, lists)[:2]):
                i = number.last
                continue
            if tokens.forms[number.last : number.last + 1] in (["of"], ["из"], ["із"], ["з"]) or (
                i and tokens.forms[i - 1] in _NONE
            ):
                i = number.last
                continue
        if _is_date_part(tokens, number, lists):
            i = number.last
            continue
        unit, role, end = "", "", number.last
        if not number.approximate:
            _range(tokens, number, lists)
        if not number.spelled and lists["months"].label(tokens, number.last)[1]:
            i = number.last  # "23–24 января"
            continue
        unit, role, end = _noun(tokens, number, lists)
        resume = number.last
        if number.spelled and not (unit or role or number.approximate) and language != "en":
            number.first, unit, role = counted_before(tokens, number.first, lists)
            if (unit or role) and number.low is not None:
                number.approximate = True
                if number.low == number.high:
                    number.low, number.high = _about(number.low)
        if not number.approximate:
            _bound(tokens, number, lists)
        if unit == "year" and lists["counted"].label(tokens, i - 1)[1] in _AGED:
            role = "age"  # "девочка восьми лет"
        if unit == "" and role in _PERSONS:
            if cues is None:
                cues = _casualties(tokens, lists)
            cue = _role(tokens, number, cues)
            if (
                role
                or cue in ("killed", "wounded", "missing", "")
                or not _bare_noun(tokens, number.last, lists)
            ):
                role = cue or role
        if found and found[-1].end > tokens.offset + tokens.starts[number.first]:
            number.first = i
        found.append(_quantity(tokens, number, unit, role, max(end, number.last)))
        i = max(resume, number.last)
    return joined(found, tokens)


def _quantity(tokens: Tokens, number: _Number, unit: str, role: str, last: int) -> Quantity:
    """The quantity of a number whose words end before token `last`."""
    first_char, last_char = tokens.starts[number.first], tokens.ends[last - 1]
    return Quantity(
        tokens.offset + first_char,
        tokens.offset + last_char,
        tokens.text[first_char:last_char],
        number.low,
        number.high,
        unit,
        role,
        number.approximate,
    )


def quantities(text: str, language: str, offset: int = 0) -> list[Quantity]:
    """The quantities of a text, in order; offsets are shifted by `offset`."""
    return find(tokenise(text, offset), language)
