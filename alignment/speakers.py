"""Speakers: what kind of speaker a noun phrase names, and under which key."""

from __future__ import annotations

from alignment import entities as names
from alignment.attribution import Speaker, SpeakerKind
from alignment.phrases import ARTICLES
from alignment.reading import Reading

_OPENING = frozenset('«“„"')
_CLOSING = frozenset('»”"')


def classify(reading: Reading, first: int, last: int) -> tuple[SpeakerKind, str] | None:
    """The kind and key of the speaker in tokens `first` to `last`, or None when it names no one."""
    tokens = reading.tokens
    roles: list[tuple[int, str]] = []
    anonymous = False
    i = first
    while i < last:
        anonymous = anonymous or reading.label("anonymous_marks", i) is not None
        found = reading.label("roles", i)
        entity = reading.entity(i)
        if found and (entity is None or entity.kind == "name"):
            roles.append((i, found[1]))
            i = max(found[0], i + 1)
        else:
            i += 1
    people = [
        e
        for k in dict.fromkeys(reading.entity_at[first:last])
        if k >= 0
        for e in (reading.entities[k],)
        if e.kind in ("person", "name")
    ]
    bodies = [
        e
        for k in dict.fromkeys(reading.entity_at[first:last])
        if k >= 0
        for e in (reading.entities[k],)
        if e.kind in ("organisation", "place")
    ]
    head = roles[0] if roles else None
    label = head[1] if head else ""
    person = next((e for e in people if not _looks_like_body(reading, e)), None)
    if person is None and not roles and not bodies:
        person = _opening_name(reading, first, last)
    if anonymous:
        return "anonymous", ""
    if reading.language == "en":
        # English compounds end in their head: "the Trump administration", "Starmer's office".
        stop = next((k for k in range(first + 1, last) if reading.has("prepositions", k)), last)
        closing = next((r for r in reversed(roles) if r[0] == stop - 1), None)
        if closing is not None and closing[1] in ("institutional", "document"):
            own = closing[1] == "institutional" and bodies
            return closing[1], bodies[0].key if own else ""  # type: ignore[return-value]
        if closing is not None and closing[1] == "anonymous" and person is None:
            return "anonymous", ""
    if label == "document" and (head is None or head[0] - first <= 3):
        return "document", ""
    # A name of unknown kind beside "штаб" or "ministry" is part of the body's name.
    if person is not None and not (label == "institutional" and person.kind != "person"):
        return "named", person.key
    body = bodies[0].key if bodies else ""
    if label == "anonymous":
        return "anonymous", ""
    if label == "named":
        return (
            "named",
            f"office:{names.skeleton(tokens.forms[head[0]])}:{body}" if head and body else "",
        )
    if label == "institutional" or bodies:
        return "institutional", body
    unknown = next((e for e in people), None)
    if unknown is not None:
        return "institutional", unknown.key
    if any(t in _OPENING for t in tokens.texts[first:last]):
        return "institutional", names.key(tokens.slice(first, last), reading.language)
    return None


def _opening_name(reading: Reading, first: int, last: int) -> names.Entity | None:
    """A name that opens a sentence, where entity search is too careful to see one."""
    tokens = reading.tokens
    words = [
        i for i in range(first, last) if reading.capital(i) and tokens.forms[i] not in ARTICLES
    ]
    if not words or reading.has("pronouns", words[-1]):
        return None
    i = words[-1]
    start, end = tokens.starts[i], tokens.ends[i]
    return names.Entity(
        tokens.offset + start,
        tokens.offset + end,
        tokens.texts[i],
        names.key(tokens.texts[i], reading.language),
        "name",
    )


def _looks_like_body(reading: Reading, entity: names.Entity) -> bool:
    """Whether an unknown name is rather a body: capitals, quotes, or Latin in Cyrillic text."""
    if entity.kind == "person":
        return False
    word = entity.text
    if word.isupper() and len(word) > 1:
        return True
    if reading.language != "en" and word.isascii():
        return True
    at = entity.start - reading.tokens.offset
    return at > 0 and reading.tokens.text[at - 1] in '«“„"'


def speaker(reading: Reading, first: int, last: int) -> Speaker | None:
    """The speaker in tokens `first` to `last`, or None where the words name no one."""
    tokens = reading.tokens
    while first < last and tokens.texts[first] in _CLOSING and tokens.texts[first] not in _OPENING:
        first += 1
    while (
        first < last
        and tokens.texts[last - 1] in _OPENING
        and tokens.texts[last - 1] not in _CLOSING
    ):
        last -= 1
    if first >= last:
        return None
    found = classify(reading, first, last)
    if found is None:
        return None
    start, end = tokens.starts[first], tokens.ends[last - 1]
    return Speaker(
        tokens.text[start:end], tokens.offset + start, tokens.offset + end, found[1], found[0]
    )
