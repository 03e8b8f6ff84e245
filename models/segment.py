"""Where the sentences of a text are: paragraphs, then segments with exact offsets.

One splitter serves translation and alignment, so that offsets agree everywhere. It knows the
abbreviations, initials and dialogue dashes of Russian, Ukrainian and English, bullets,
headlines without a full stop, and lines broken in mid-sentence. Every rule looks at a bounded
stretch of text, so time is linear in the length however the text is built.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.identify import Identification, identify
from models.languages import LANGUAGES, Language

#: Characters looked at on either side of a possible end of sentence.
_NEAR = 60

_BLANK_LINE = re.compile(
    r"(?:\r\n|[\n\r\u2028])[^\S\n\r\u2028\u2029]*(?:\r\n|[\n\r\u2028])\s*|\u2029\s*"
)
_LINE_END = re.compile(r"\r\n|[\n\r\u2028\x0b\x0c\x85]")
_WIDE_GAP = re.compile(r"[^\S\n\r]*\t\s*|[ \u00a0]{4,}")
_BULLET = re.compile(
    r"\s*(?:[-–—•*·▪◦●►■+✔✅❗⚡‼🔴🔹▶\ufe0f]+\s|\(?\d{1,3}[.)]\s|[a-zа-яіїє]\)\s|#{1,6}\s|>\s)"
)

#: A possible end: marks, then closing quotes and brackets, then notes like [1].
_END = re.compile(
    r"(?:[.!?…]+|[。！？]+)[\"'»”“’)\]}]*(?:\[\d{1,3}\])*"
    r"[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]*"
)
_GLUED = re.compile(r"(?<=[а-яіїєґё]{2})[.!?…]+(?=[А-ЯІЇЄҐЁ][а-яіїєґё'’])")
_NEXT = re.compile(r"[^\w\s\"'«„“”‘’(\[—–-]*([\"'«„“”‘’(\[]*)([—–-]?)\s*[\"'«„“(\[]*(\w?)")
_LAST_WORD = re.compile(r"([^\W_]+(?:[.'’\-][^\W_]+)*)\.$")
_NEXT_WORD = re.compile(r"[^\w]*([^\W\d_]+)")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Never the end of a sentence: something must follow.
_OPENS = _words(
    """
    т тов г-н г-жа гр им ім дж ул вул пр просп пер пров пл наб бул б-р д буд кв корп обл р-н оз
    о с п пос м см див ср гл ст стр рис мал табл напр например проф акад доц канд д-р к-т чл
    ген лейт полк подполк кап майор серж адм мл зам пом зав нач дир пред гос св преп прп mr mrs
    ms dr prof st rev hon gen col lt maj capt sgt cpl adm cmdr gov sen rep pres supt fr vs no
    nos vol fig pp ch art sec cf eg e.g i.e viz approx ca messrs mt ft рр ін англ рос укр лат
    нім фр франц греч грец итал італ исп ісп букв разг устар тел моб бл близ приб прибл прим
    примеч ред пер сост упоряд изд автореф дис цит указ назв зокр т.н т.зв тзв так.наз
    """
)
#: May end a sentence: the next word and the length so far decide.
_MAY_END = _words(
    """
    г гг р рр в вв ст д т.д т.п т.е т.к т.ч т.і тощо др ін пр проч тыс тис млн млрд трлн руб
    грн коп долл дол евро євро шт кг км мм см м га л мин хв час сек н.э н.е э е до кв куб чел
    осіб экз екз inc ltd co corp llc plc bros jr sr etc al a.m p.m am pm u.s u.k u.n e.u u.s.a
    d.c b.c a.d ph.d m.d jan feb mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri
    sat sun янв фев февр мар апр авг сен сент окт ноя нояб дек січ лют бер квіт трав черв лип
    серп вер жовт лист груд
    """
)
#: Of those, the ones that are written in capitals.
_MAY_END_CAPITAL = frozenset(["u.s", "u.k", "e.u", "u.s.a", "d.c", "b.c", "a.d"])
#: Words that begin a sentence when they are capitalised after a doubtful full stop.
_STARTERS = _words(
    """
    он она оно они это эти этот эта в во на по но и а однако также кроме при после до для как
    что если когда там так тогда ранее позже затем по-прежнему между с со из за об о от мы я вы
    його її він вона воно вони це ці цей ця у в на по але і й та а однак також крім при після
    до для як що якщо коли там так тоді раніше пізніше потім між з зі із за про від ми я ви the
    a an he she it they we i you this that these those in on at by for but and however also
    after before as if when there then earlier later while from with his her their its our my
    what who why how no not all some many most according meanwhile since
    """
)
#: A word whose last letter is a vowel is seldom cut short.
_WHOLE_WORD = re.compile(r"[^\W\d_]{3,}[аеиоуыэюяіїєёeyuio]\.$")
_INITIAL = re.compile(r"[\"'«„“(]?[^\W\d_a-zа-яіїєґё]\.")


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence-like span of a text: `text[start:end] == segment.text`, no space around it.

    Attributes:
        start: offset of the first character.
        end: offset after the last character.
        text: the span itself.
        paragraph: number of the paragraph, from 0.
        language: the language it is in, None where it has no letters of ours.
        ambiguous: the language is not certain, or there are two.
    """

    start: int
    end: int
    text: str
    paragraph: int
    language: Language | None
    ambiguous: bool


def normalise(raw: str) -> str:
    r"""The text in Unicode form NFC with `\n` for every line end; nothing else is changed."""
    return unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))


def segment(text: str, language: Language | None = None) -> list[Segment]:
    """The segments of `text` in order; only whitespace lies between them.

    `language` is taken as given for every segment; without it each segment is identified, with
    its paragraph and the whole text as what settles a doubtful one.
    """
    found: list[Segment] = []
    document = None if language else identify(text)
    for number, (start, end) in enumerate(_paragraphs(text)):
        spans = [span for unit in _units(text, start, end) for span in _sentences(text, *unit)]
        judged = _languages(text, spans, language, document)
        found += [
            Segment(a, b, text[a:b], number, tongue, doubt)
            for (a, b), (tongue, doubt) in zip(spans, judged, strict=True)
        ]
    return found


def spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each segment, without looking at languages."""
    return [
        span
        for start, end in _paragraphs(text)
        for unit in _units(text, start, end)
        for span in _sentences(text, *unit)
    ]


def _languages(
    text: str,
    spans: Sequence[tuple[int, int]],
    given: Language | None,
    document: Identification | None,
) -> list[tuple[Language | None, bool]]:
    """Language and doubt of each span, with the paragraph (else the document) as prior."""
    if given or not spans:
        return [(given, False) for _ in spans]
    around = document
    if len(spans) > 1:
        paragraph = identify(text[spans[0][0] : spans[-1][1]])
        if paragraph.language and not paragraph.ambiguous:
            around = paragraph
    prior = around.probabilities if around and around.language and not around.ambiguous else None
    judged = [identify(text[start:end], allowed=LANGUAGES, prior=prior) for start, end in spans]
    return [(each.language, each.ambiguous) for each in judged]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans between blank lines, without the whitespace around them."""
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        yield from _trimmed(text, start, gap.start())
        start = gap.end()
    yield from _trimmed(text, start, len(text))


def _units(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines of a paragraph, with lines that were broken in mid-sentence joined again."""
    lines: list[tuple[int, int]] = []
    begin = start
    for gap in _LINE_END.finditer(text, start, end):
        lines.extend(_trimmed(text, begin, gap.start()))
        begin = gap.end()
    lines.extend(_trimmed(text, begin, end))
    wrapped = _is_wrapped(text, lines)
    joined: list[tuple[int, int]] = []
    for line in lines:
        if joined and _continues(text, joined[-1], line, wrapped):
            joined[-1] = (joined[-1][0], line[1])
        else:
            joined.append(line)
    for a, b in joined:
        begin = a
        for gap in _WIDE_GAP.finditer(text, a, b):
            yield from _trimmed(text, begin, gap.start())
            begin = gap.end()
        yield from _trimmed(text, begin, b)


def _is_wrapped(text: str, lines: Sequence[tuple[int, int]]) -> bool:
    """Whether the lines look broken at one width, as in plain-text mail and old files."""
    if len(lines) < 3 or any(_BULLET.match(text, a, b) for a, b in lines[1:]):
        return False
    widths = [b - a for a, b in lines]
    widest = max(widths)
    return 45 <= widest <= 120 and all(width >= 0.75 * widest for width in widths[:-1])


def _continues(text: str, before: tuple[int, int], line: tuple[int, int], wrapped: bool) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if _BULLET.match(text, *line):
        return False
    ended = text[before[1] - 1] in '.!?…:;»"'
    if wrapped:
        return True
    first = text[line[0]]
    last_line = max(text.rfind("\n", before[0], before[1]) + 1, before[0])
    return not ended and first.islower() and before[1] - last_line >= 40


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences in one unit."""
    begin = start
    for stop in _stops(text, start, end):
        if stop < end and _ends(text, begin, stop, end):
            yield from _trimmed(text, begin, stop)
            begin = stop
    yield from _trimmed(text, begin, end)


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Offsets after each possible end of a sentence."""
    for mark in _END.finditer(text, start, end):
        if (
            mark.end() == end
            or text[mark.end()].isspace()
            or text[mark.start()] in "。！？"
            or _GLUED.match(text, mark.start(), min(end, mark.end() + 2))
        ):
            yield mark.end()


def _ends(text: str, begin: int, stop: int, end: int) -> bool:
    """Whether the sentence that began at `begin` ends at `stop`."""
    before = text[max(begin, stop - _NEAR) : stop]
    after = text[stop : min(end, stop + _NEAR)].lstrip()
    following = _NEXT.match(after)
    opening, dash, first = following.groups() if following else ("", "", "")
    closed = before[-1] in "\"'»”’)]“"
    if dash and not opening:
        # «…!» — said he, and "…!" — said she; but a dash after a bare end opens a reply.
        return not (closed or first.islower()) or not first
    core = before.rstrip("\"'»”’)]“")
    if first.islower():
        return not opening and core == before and bool(_WHOLE_WORD.search(core))
    if not core.endswith(".") or core.endswith(".."):
        return True
    return _full_stop_ends(text, begin, core, stop, after, first)


def _full_stop_ends(text: str, begin: int, core: str, stop: int, after: str, first: str) -> bool:
    """Whether one full stop ends the sentence, and not just an abbreviation."""
    match = _LAST_WORD.search(core)
    if not match:
        return True
    word = match.group(1)
    words = text.count(" ", begin, min(stop, begin + 400))
    follows = _NEXT_WORD.match(after)
    starter = follows is not None and follows.group(1).casefold() in _STARTERS
    small = word.casefold()
    if word.isdigit():
        # "1. Item" at the head of a line is a number of a list.
        return words > 0 or len(word) > 3
    if small == "no":
        return not first.isdigit()
    if len(small.rpartition(".")[2]) == 1 and word[-1].isupper() and small not in _MAY_END_CAPITAL:
        return starter and words >= 3 and not _INITIAL.match(after)
    if small in _MAY_END_CAPITAL:
        return starter
    if small in _MAY_END:
        return not first.isdigit() and (starter or words >= 5)
    if small in _OPENS:
        return starter and words >= 3 and not _INITIAL.match(after)
    return True


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without whitespace at its ends, or nothing where only whitespace is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
