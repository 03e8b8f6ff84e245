"""Noun phrases: the words beside a reporting verb that name who speaks."""

from __future__ import annotations

from alignment.reading import DASHES, Reading

#: A speaker is read up to this many tokens; longer runs are clauses that no rule ended.
_REACH = 16
_STOPS = frozenset({",", ";", ":", "—", "–", "―", "!", "?", "…", "."})
_OPENING = frozenset('«“„"')
_CLOSING = frozenset('»”"')
ARTICLES = frozenset({"the", "a", "an"})


def after(reading: Reading, first: int, *, dative: bool = False) -> tuple[int, int] | None:
    """The noun phrase that starts at token `first`, as in "сказал Песков", "according to X".

    An outlet in the dative is passed over as the one who is told, unless `dative` says that it is
    the one who knows ("стало известно «Коммерсанту»").
    """
    tokens = reading.tokens
    size = len(tokens)
    i = first
    while i < size and reading.has("skip", i) and not reading.has("roles", i):
        i += 1
    # "сообщили в Минобороны": the preposition stays outside the speaker.
    if i < size and reading.has("place_prepositions", i) and reading.language != "en":
        i += 1
    start = i
    person = False  # a person's name has ended or goes on: small words after it end the phrase
    named = False
    while i < size and i - start < _REACH:
        text = tokens.texts[i]
        if text in _STOPS or reading.in_speech(i):
            break
        if text in _OPENING and not dative and dative_title(reading, i):
            if i > start:
                break
            i = start = next(last for begin, last in reading.quotes if begin == i)
            continue
        if text in _OPENING or text in _CLOSING:
            i = next((last for begin, last in reading.quotes if begin == i), i + 1)
            named = True
            continue
        if i > start and (reading.has("complementizers", i) or reading.has("relatives", i)):
            break
        if reading.has("own", i) and i > start and reading.language != "en":
            break
        if i > start and reading.label("citing", i):
            break
        if i > start and reading.has("recipients", i) and not reading.has("roles", start):
            break
        marked = reading.label("anonymous_marks", i)
        if i > start and marked and marked[0] > i + 1:
            i = marked[0]  # "two people briefed on the talks"
            continue
        if i > start and reading.finite(i) and not reading.capital(i):
            break
        dated = reading.has("months", i) or reading.has("weekdays", i)
        if i > start and dated and tokens.forms[i - 1] not in ARTICLES:
            break
        if reading.has("prepositions", i) and text not in ("von", "der"):
            if i == start or not _linked(reading, start, i, person):
                break
            i += 1
            continue
        if reading.has("clause_conjunctions", i):
            joined = i + 1 < size and reading.capital(i + 1) and named
            if not joined or _clause_follows(reading, i + 1):
                break
            i += 1
            continue
        if reading.capital(i):
            named = True
            entity = reading.entity(i)
            person = entity is None or entity.kind in ("person", "name")
            person = person and not reading.has("months", i)
            if entity is not None and entity.kind in ("organisation", "place"):
                person = False
        elif (
            person
            and tokens.kinds[i] == "word"
            and text not in ("'s", "’s")
            and not _goes_on(reading, start, i)
        ):
            break
        elif text in ("'s", "’s"):
            person = named = False
        i += 1
    last = i
    while last > start and (
        tokens.texts[last - 1] in ("(", ")")
        or (reading.has("prepositions", last - 1) and not reading.capital(last - 1))
        or (reading.has("skip", last - 1) and not reading.capital(last - 1) and last - 1 > start)
    ):
        last -= 1
    return (start, last) if last > start else None


def dative_title(reading: Reading, i: int) -> bool:
    """Whether the short quotation at `i` names an outlet that is told something: «Телеграфу»."""
    if reading.language == "en":
        return False
    end = next((last for begin, last in reading.quotes if begin == i), i)
    return end - i >= 3 and reading.tokens.forms[end - 2].endswith(("у", "ю"))


def _linked(reading: Reading, start: int, i: int, person: bool) -> bool:
    """Whether the preposition at `i` goes on with the phrase ("источник в полиции")."""
    if person or i + 1 >= len(reading.tokens):
        return False
    form = reading.tokens.forms[i]
    if reading.has("months", i + 1) or reading.has("weekdays", i + 1) or reading.has("own", i + 1):
        return reading.language == "en" and form == "of"
    if reading.tokens.kinds[i + 1] in ("number", "other") and form != "of":
        return reading.tokens.kinds[i + 1] == "other" and form in ("из", "з", "із", "of")
    if reading.language == "en":
        if form in (
            "on",
            "by",
            "after",
            "before",
            "during",
            "over",
            "as",
            "via",
            "until",
            "about",
            "since",
        ):
            return form == "by" and reading.has("roles", i - 1)
        if form in ("in", "at"):
            return reading.has("roles", i - 1) or reading.tokens.forms[i - 1] in ("present",)
        return True
    if form in ("на", "о", "об", "про", "після", "после", "до", "перед", "під", "под"):
        return (
            form == "на"
            and reading.has("roles", i - 1)
            and reading.has("roles", start)
            and not reading.has("recipients", i + 1)
        )
    role = reading.label("roles", start) or next(
        (m for k in range(start, i) if (m := reading.label("roles", k))), None
    )
    return (
        role is not None
        and role[1] in ("anonymous", "named", "document", "institutional")
        and i - start <= 4
    )


def _goes_on(reading: Reading, start: int, i: int) -> bool:
    """Whether a small word behind a capital one is still the phrase ("Western officials")."""
    if i - start == 1:  # the capital opened the phrase: an adjective or the first word of a title
        return reading.has("roles", i) or not _is_person(reading, start)
    if reading.has("roles", i) and not _is_person(reading, i - 1):
        return True
    return bool(
        reading.tokens.kinds[i] == "word"
        and reading.tokens.forms[i] in ("von", "der", "de", "van", "al", "фон", "дер")
    )


def _is_person(reading: Reading, i: int) -> bool:
    """Whether the capitalised token `i` is (part of) a person's name as far as can be told."""
    if reading.has("months", i):
        return False
    entity = reading.entity(i)
    if entity is not None:
        return entity.kind in ("person", "name")
    form = reading.tokens.forms[i]
    if reading.language != "en":
        return not form.endswith(
            (
                "ий",
                "ый",
                "ой",
                "ая",
                "яя",
                "ое",
                "ые",
                "ие",
                "ний",
                "ська",
                "ська",
                "ські",
                "ьке",
                "ні",
                "на",
            )
        )
    return not reading.has("roles", i)


def _clause_follows(reading: Reading, i: int) -> bool:
    """Whether a finite verb comes within a few tokens, before any mark."""
    for k in range(i, min(i + 5, len(reading.tokens))):
        if reading.tokens.texts[k] in _STOPS:
            return False
        if reading.finite(k):
            return True
    return False


def before(reading: Reading, verb: int) -> tuple[int, int] | None:
    """The noun phrase that ends before the verb at token `verb`, its subject in plain order."""
    tokens = reading.tokens
    last = verb
    while last > 0 and (
        (reading.has("skip", last - 1) and not _anchors(reading, last - 1))
        or reading.has("negations", last - 1)
    ):
        last -= 1
    if last > 0 and tokens.texts[last - 1] in (",", ")"):
        opening = _apposition(reading, last - 1)
        if opening is None:
            return None
        inner = before(reading, opening)
        if inner is not None and inner[1] == opening and _names(reading, opening + 1, last - 1):
            return inner[0], last - 1
        return inner
    first = last
    depth_limit = max(0, last - 2 * _REACH)
    while first > depth_limit:
        text = tokens.texts[first - 1]
        if text in _CLOSING and not reading.in_speech(first - 1):
            first = next((begin for begin, end in reading.quotes if end == first), first - 1)
            continue
        if text in _OPENING and not reading.in_speech(first - 1):
            first -= 1
            continue
        if text in _STOPS or text in ("(", ")") or reading.in_speech(first - 1):
            break
        if reading.has("complementizers", first - 1) and not reading.has("prepositions", first - 1):
            break
        if reading.has("relatives", first - 1) and tokens.forms[first - 1] != "who":
            break
        if reading.has("clause_conjunctions", first - 1) and not _joins_names(reading, first - 1):
            break
        if first < last and reading.finite(first - 1) and not reading.capital(first - 1):
            if _reduced(reading, first - 1):
                first -= 1
                continue
            break
        first -= 1
    return _trim(reading, first, last)


def _reduced(reading: Reading, i: int) -> bool:
    """Whether the verb form at `i` belongs to a relative: "reviewed by", "who asked not to …"."""
    if reading.language != "en" or i == 0:
        return False
    forms = reading.tokens.forms
    if (
        forms[i].endswith("ed")
        and reading.has("prepositions", i + 1)
        and not reading.has("reporting", i)
    ):
        return True
    return "who" in reading.tokens.texts[max(0, i - 4) : i]  # not the WHO


def _anchors(reading: Reading, i: int) -> bool:
    """Whether a word that is usually skipped is the subject itself ("Both said …")."""
    return i == 0 and reading.has("roles", i)


def _joins_names(reading: Reading, i: int) -> bool:
    """Whether the conjunction at `i` stands between two names ("Costa and Kallas")."""
    size = len(reading.tokens)
    return 0 < i < size - 1 and reading.entity_at[i - 1] >= 0 and reading.capital(i + 1)


def _apposition(reading: Reading, closing: int) -> int | None:
    """The comma that opens the stretch which the comma at `closing` closes, or None."""
    tokens = reading.tokens
    for k in range(closing - 1, max(-1, closing - 2 * _REACH), -1):
        if reading.in_speech(k) or tokens.texts[k] in (";", ":", *DASHES):
            return None
        if tokens.texts[k] in (",", "(") and k > 0:
            return k
    return None


def _names(reading: Reading, first: int, last: int) -> bool:
    """Whether an apposition says who the speaker is: a role, a name, a wish for anonymity."""
    if any(reading.label("citing", i) for i in range(first, last)):
        return False
    if reading.label("according", first) or reading.label("quoted_by", first):
        return False  # "The tests, according to the regulator": another speaks
    if (
        last - first > 8
        or first >= last
        or reading.has("relatives", first)
        or reading.has("negations", first)
    ):
        return False
    return any(
        reading.label("roles", i)
        or reading.label("anonymous_marks", i)
        or reading.entity_at[i] >= 0
        for i in range(first, last)
    ) and not reading.has("prepositions", first)


def _trim(reading: Reading, first: int, last: int) -> tuple[int, int] | None:
    """The phrase without a leading adverb, conjunction or adjunct ("На заседании Гутерриш")."""
    tokens = reading.tokens
    while first < last:
        marked = reading.label("skip", first)
        if (
            marked
            and marked[0] < last
            and not reading.capital(first) | (reading.entity_at[first] >= 0)
        ):
            first = marked[0]
            continue
        if marked and marked[0] < last and reading.entity_at[first] < 0:
            first = marked[0]
            continue
        if reading.has("clause_conjunctions", first) or reading.has("as_openers", first):
            found = reading.label("as_openers", first)
            first = found[0] if found else first + 1
            continue
        if tokens.texts[first] in _CLOSING and first + 1 < last:
            first += 1
            continue
        break
    if first >= last:
        return None
    if tokens.texts[first] in _OPENING and dative_title(reading, first):
        first = next(end for begin, end in reading.quotes if begin == first)
        if first >= last:
            return None
    last = next((i for i in range(first + 1, last) if reading.label("citing", i)), last)
    if reading.has("negations", first):
        return None  # "nobody in Washington": no one reports
    if reading.has("prepositions", first) and tokens.kinds[first] == "word":
        return _behind_adjunct(reading, first, last)
    if reading.has("pronouns", last - 1):
        return last - 1, last
    person_end = _person_end(reading, first, last)
    return (first, person_end) if person_end > first else (first, last)


def _person_end(reading: Reading, first: int, last: int) -> int:
    """The end of the phrase: a preposition behind a person's full name starts an adjunct."""
    seen = False
    for i in range(first, last):
        entity = reading.entity(i)
        if entity is not None and entity.kind == "person":
            seen = True
        elif seen and reading.has("prepositions", i) and not reading.capital(i):
            return i
    return last


def _behind_adjunct(reading: Reading, first: int, last: int) -> tuple[int, int] | None:
    """The subject behind a leading adjunct, or what "в/у" governs ("В Кремле подтвердили")."""
    tokens = reading.tokens
    head = None
    for i in range(first + 1, last):
        capital = reading.capital(i) and not reading.has("months", i)
        quoted = tokens.texts[i] in _OPENING
        role = reading.label("roles", i)
        if capital or role or quoted:
            head = i
            break
    place = tokens.forms[first] in ("в", "во", "у", "at") and reading.language != "en"
    if reading.has("pronouns", last - 1):
        return last - 1, last
    if place:
        subject = _second_chunk(reading, first + 1, last)
        if subject is not None:
            return subject
        return first + 1, _body_end(reading, first + 1, last)
    if head is None:
        return None
    if reading.language == "en":
        for i in range(last - 1, first + 1, -1):
            if tokens.forms[i] in ARTICLES:
                return i, last
    # "На заседании Гутерриш": the last chunk of names before the verb is the subject.
    chunk = last
    while chunk > first + 1 and (reading.capital(chunk - 1) or tokens.texts[chunk - 1] in '«»"“”'):
        chunk -= 1
    if chunk < last:
        while chunk > first + 2 and reading.label("roles", chunk - 1):
            chunk -= 1
        return chunk, last
    for i in range(last - 1, first + 1, -1):
        if reading.label("roles", i) and i > first + 1:
            return i, last
    return None


def _body_end(reading: Reading, first: int, last: int) -> int:
    """The end of the body that "в" governs: "В Госдуме публикацию назвали" is the Duma's word."""
    if reading.entity_at[first] < 0:
        return last
    i = first
    while i < last and (reading.entity_at[i] >= 0 or reading.capital(i)):
        i += 1
    return i


def _second_chunk(reading: Reading, first: int, last: int) -> tuple[int, int] | None:
    """A person named behind the place of "в …": "У суді захисник", "В Кремле Песков"."""
    head = first
    while (
        head < last
        and reading.entity_at[head] >= 0
        and reading.entity(head) is reading.entity(first)
    ):
        head += 1
    people = (reading.entity(i) for i in range(head, last))
    if (
        first < head < last
        and reading.label("roles", head)
        and any(e is not None and e.kind == "person" for e in people)
    ):
        return head, last
    for i in range(first + 1, last):
        entity = reading.entity(i)
        if entity is not None and entity.kind == "person" and reading.entity(i - 1) is not entity:
            between = [reading.label("roles", k) for k in range(first, i)]
            start = i
            while start > first + 1 and between[start - 1 - first]:
                start -= 1
            return start, last
    role = reading.label("roles", last - 1)
    before_it = reading.label("roles", first)
    if (
        role
        and before_it
        and last - 1 > first
        and role[1] in ("anonymous", "named")
        and last - first == 2
    ):
        return last - 1, last
    return None
