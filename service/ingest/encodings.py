"""Which encoding some bytes are in, and the text they hold.

Unicode is recognised by its own structure. The single-byte Cyrillic encodings are not: the same
bytes are letters in all of them, so each is scored by how much its reading looks like Russian or
Ukrainian (letter frequencies, capitals only at the head of a word, no Latin inside Cyrillic words).
Letter frequencies were counted by this project on news text in both languages.
"""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass

from service.errors import BadInput

#: Bytes looked at to decide; enough for any statistic, little enough for any file.
SAMPLE = 1 << 16

#: Single-byte encodings tried, in the order that decides a tie.
CANDIDATES: tuple[str, ...] = (
    "cp1252",
    "cp1251",
    "koi8-r",
    "koi8-u",
    "iso8859-5",
    "cp866",
    "cp1125",
    "mac-cyrillic",
)

#: Log odds against encodings that few archives are in; they must explain the bytes better.
_RARE = {"mac-cyrillic": 12.0, "cp1125": 1.0}

#: Letters per thousand, Russian and Ukrainian.
_RUSSIAN = (
    "о106.5 е83 а80.9 и80.1 н66.8 т63.3 р55.6 с55.3 в47.2 л42 к32.2 д31.6 м30.6 п30 у24.4 ы18.4 "
    "я17.9 г17.5 б15.8 з15.6 ь13.7 ч12.5 й12.2 х8.5 ж7.9 ц6.7 ю6.2 ш5.9 э3.6 ф3.6 щ3.3 ё1 ъ.4"
)
_UKRAINIAN = (
    "о93.4 а83 н71.3 і61.3 и60.9 в53.1 р52.5 т52.1 е46.5 с40.9 к39.2 д35 л34.9 у34.8 м30.5 п29.3 "
    "з22.4 я21.4 ь17.7 г15.3 б14.8 ч10.9 х10.9 й10.7 ц9.9 ж9.3 ю8.6 ї8.1 ш7.2 є6.1 щ4.6 ф3.2 ґ.2"
)

#: Signs that news text uses beside letters; they count for nothing either way.
_SIGNS = frozenset("«»„“”‘’‚‹›–—…№§°·•\u00a0€£±²³½¼©®™")
#: The signs that a letter may follow at once.
_BEFORE_LETTER = frozenset("«„“‘’‚‹—–\u00a0")

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the start of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
)

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})"""
    rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})""",
    re.IGNORECASE,
)


class Undecodable(BadInput):
    """Bytes that are text, but not in any encoding that they decode from."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by its Python name, and whether the bytes leave room for doubt."""

    name: str
    certain: bool


def detect(data: bytes, *, declared: str | None = None) -> Encoding:
    """The encoding of `data`, which may be the head of something longer.

    `declared` is what the document says of itself (an HTML charset); it is believed when the
    bytes do not contradict it.

    Raises:
        BadInput: the bytes are no text, or UTF-8 that was damaged on the way.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Encoding(name, certain=True)
    sample = data[:SAMPLE]
    refuse_binary(sample)
    wide = _wide(sample)
    if wide is not None:
        return Encoding(wide, certain=True)
    damage = utf8_damage(sample, whole=len(sample) == len(data))
    if damage is None:
        return Encoding("utf-8", certain=True)
    found = _single_byte(sample, declared)
    if found is None:
        line = sample.count(b"\n", 0, damage) + 1
        raise Undecodable(
            f"broken UTF-8 at byte {damage} (line {line}); repair it, or save it again as UTF-8"
        )
    return found


def decode(data: bytes, *, encoding: str | None = None, lenient: bool = False) -> tuple[str, str]:
    """The text in `data` and the name of its encoding, whole, with no byte order mark.

    `encoding` overrules detection; `lenient` writes � for bytes that do not decode.

    Raises:
        BadInput: the bytes are no text, or do not decode.
    """
    if encoding is not None:
        name = known(encoding)
    else:
        try:
            name = detect(data, declared=declaration(data)).name
        except BadInput:
            if not lenient or binary(data[:SAMPLE]) is not None:
                raise
            name = "utf-8"
    try:
        return data.decode(name, "replace" if lenient else "strict"), name
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Undecodable(
            f"not {name} at byte {error.start} (line {line}); name the right encoding, or save it "
            f"again as UTF-8"
        ) from error


def known(name: str) -> str:
    """Python's name of the text encoding a person calls `name`.

    Raises:
        BadInput: Python has no such text encoding.
    """
    try:
        found = codecs.lookup(name.strip())
        "а".encode(found.name, "replace")
    except (LookupError, ValueError) as error:
        raise BadInput(
            f"no encoding is called {name!r}; use a name such as utf-8, cp1251 or koi8-u"
        ) from error
    return found.name


def declaration(data: bytes) -> str | None:
    """The encoding an HTML or XML document declares for itself in its first 4 KiB."""
    found = _DECLARED.search(data, 0, 4096)
    if found is None:
        return None
    name = (found[1] or found[2]).decode("ascii")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def refuse_binary(sample: bytes) -> None:
    """Nothing, when `sample` can be text.

    Raises:
        BadInput: it is of a known binary kind, or full of control characters.
    """
    kind = binary(sample)
    if kind is not None:
        raise BadInput(f"this is {kind}, not text; save it as plain text or HTML first")


def binary(sample: bytes) -> str | None:
    """What kind of binary file `sample` opens, or None where it can be text."""
    for magic, kind in _KINDS:
        if sample.startswith(magic):
            return kind
    if _wide(sample) is not None or sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    controls = len(_CONTROL.findall(sample))
    return "a binary file" if controls > 0.002 * len(sample) + 2 else None


def utf8_damage(data: bytes, *, whole: bool = True) -> int | None:
    """The offset of the first byte that is not UTF-8; None where there is none.

    With `whole` false the data may stop inside a character.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data, final=whole)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: half the bytes, all on one side, are 0 or the Cyrillic page 4."""
    if len(sample) < 8:
        return None
    even, odd = sample[0::2], sample[1::2]
    for low, page, name in ((even, odd, "utf-16-le"), (odd, even, "utf-16-be")):
        if (
            sum(byte in (0x00, 0x04) for byte in page) > 0.85 * len(page)
            and page.count(0)
            and (sum(byte in (0x00, 0x04) for byte in low) < 0.3 * len(low))
        ):
            return name
    return None


def _single_byte(sample: bytes, declared: str | None) -> Encoding | None:
    """The likeliest single-byte encoding; None where damaged UTF-8 explains the bytes better."""
    readings: dict[str, str] = {}
    for name in dict.fromkeys((*CANDIDATES, *((declared,) if declared else ()))):
        try:
            readings[name] = sample.decode(name)
        except UnicodeDecodeError as error:
            # A sample may stop inside a character of a declared multi-byte encoding.
            if name not in CANDIDATES and error.start > len(sample) - 4:
                readings[name] = sample[: error.start].decode(name)
    scores = {name: plausibility(reading) for name, reading in readings.items()}
    for name in scores.keys() & _RARE.keys():
        scores[name] -= _RARE[name]
    high = sum(byte >= 0x80 for byte in sample)
    best = max(scores, key=lambda name: scores[name])
    if declared in scores and (
        scores[declared] >= scores[best] - 0.5 * high
        or len(readings[declared]) < len(sample) - high // 4  # it reads several bytes as one
    ):
        best = declared
    elif plausibility(sample.decode("utf-8", "replace")) > scores[best]:
        return None
    elif scores[best] < -7 * high:
        return _last_resort(sample)
    # koi8-u and koi8-r, cp866 and cp1125 often read the same: that is no doubt.
    rivals = [scores[name] for name in scores if readings[name] != readings[best]]
    clear = scores[best] - max(rivals, default=-math.inf) > 6.0
    return Encoding(best, certain=clear and high >= 8)


def _last_resort(sample: bytes) -> Encoding:
    """What charset-normalizer says, for texts in none of the three languages' encodings."""
    from charset_normalizer import from_bytes

    found = from_bytes(sample).best()
    if found is None:
        raise Undecodable(
            "the encoding of this text could not be found out; name it, or save it as UTF-8"
        )
    return Encoding(found.encoding, certain=False)


def _log_frequencies() -> dict[str, float]:
    table: dict[str, float] = {}
    for listing in (_RUSSIAN, _UKRAINIAN):
        for entry in listing.split():
            table[entry[0]] = max(table.get(entry[0], -99.0), math.log(float(entry[1:]) / 1000))
    return table


_LOG_FREQUENCY = _log_frequencies()


def plausibility(text: str) -> float:
    """How much the non-ASCII letters of `text` look like Russian or Ukrainian (sum of logs).

    A letter earns its log frequency; a capital after a small letter, Latin beside Cyrillic and a
    sign that news does not use each lose. Western letters are rare but possible.
    """
    total = 0.0
    before = " "
    for char in text:
        if char >= "\x80":
            lower = char.lower()
            frequency = _LOG_FREQUENCY.get(lower)
            if frequency is not None:
                total += frequency
                if char != lower:
                    total -= 1.0
                    if before.islower():
                        total -= 6.0
                if before < "\x80" and before.isalpha():
                    total -= 5.0
                elif before in _SIGNS and before not in _BEFORE_LETTER:
                    total -= 4.0
            elif char in _SIGNS:
                total -= 4.0 if char == "\u00a0" and before.isspace() else 2.0
            elif char.isalpha() and char < "\u0180":
                total -= 5.0 if before < "\x80" else 8.0
            else:
                total -= 10.0
        elif char.isalpha() and before in _LOG_FREQUENCY:
            total -= 5.0
        before = char
    return total
