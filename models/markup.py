"""HTML in segments and back: only words change, tags keep their place in the sentence.

Block elements end a sentence, inline elements do not. What an inline element holds is looked
for in the translated sentence by its own translation, then by where it stood. Comments,
scripts, code and whatever says `translate="no"` come out byte for byte.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from models.segment import spans

#: Inline elements: they do not end a sentence. Any other element does.
_INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font"]
    + ["i", "img", "ins", "label", "mark", "math", "meter", "output", "q", "rp", "rt", "ruby", "s"]
    + ["small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "wbr"]
    + ["code", "kbd", "samp", "var", "svg"]
)
#: Elements whose content is not words.
_OPAQUE = frozenset(
    ["code", "kbd", "samp", "var", "math", "svg", "canvas", "audio", "video", "object", "embed"]
    + ["template", "applet"]
)
#: Elements whose content is not even tags.
_RAW = frozenset(["script", "style", "iframe", "noembed", "noframes", "xmp", "plaintext"])
_RAW_WORDS = frozenset(["title", "textarea"])
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"]
    + ["track", "wbr"]
)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*)")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_TRANSLATE = re.compile(r"""\btranslate\s*=\s*["']?\s*(no|yes)\b""", re.IGNORECASE)
_NOTRANSLATE = re.compile(r"""\bclass\s*=\s*(?:"[^"]*|'[^']*)\bnotranslate\b""", re.IGNORECASE)
#: Inline elements nested deeper than this are placed one by one, not as pairs.
_DEEP = 40
#: Words of an inline element that is looked for by its own translation.
_FEW = 6


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of the source: words, a tag, or something left alone."""

    kind: str  # "words", "open", "close", "void", "other"
    raw: str
    name: str = ""


@dataclass(slots=True)
class _Span:
    """An inline element within a flow; `start` and `end` are offsets in its words."""

    opening: str
    closing: str
    start: int
    end: int
    children: list[_Span] = field(default_factory=list)
    held: str | None = None
    order: int = 0


@dataclass(slots=True)
class _Flow:
    """Words with inline elements between two block boundaries."""

    text: str
    spans: list[_Span]
    segments: list[tuple[int, int]]
    probes: list[_Span]


class Html:
    """An HTML document or fragment: the segments to translate, and the way back.

    `segments` holds each sentence and, after all of them, the words of inline elements that
    are looked for in the result; translate them all with `Engine.translate_segments`.
    """

    def __init__(self, source: str) -> None:
        self._parts: list[str | _Flow] = list(_parts(source))
        flows = [part for part in self._parts if isinstance(part, _Flow)]
        self._sentences = [
            _SPACES.sub(" ", flow.text[start:end]) for flow in flows for start, end in flow.segments
        ]
        probes = [flow.text[p.start : p.end].strip() for flow in flows for p in flow.probes]
        self.segments: tuple[str, ...] = (*self._sentences, *probes)

    @property
    def text(self) -> str:
        """The words alone, a line for each sentence; for identifying the language."""
        return "\n".join(self._sentences)

    def render(self, translations: Sequence[str]) -> str:
        """The source with its segments replaced by their translations, in the same order.

        Raises:
            ValueError: there are more or fewer translations than segments.
        """
        if len(translations) != len(self.segments):
            raise ValueError("render() takes one translation for each segment.")
        sentences = iter(translations[: len(self._sentences)])
        probes = iter(translations[len(self._sentences) :])
        out = []
        for part in self._parts:
            if isinstance(part, str):
                out.append(part)
            else:
                own = [next(sentences) for _ in part.segments]
                sought = {id(span): next(probes) for span in part.probes}
                out.append(_placed(part, own, sought))
        return "".join(out)


# Reading ------------------------------------------------------------------------------------


def _parts(source: str) -> Iterator[str | _Flow]:
    """The source in order: what stays as it is, and flows of words."""
    run: list[_Token] = []
    hidden: list[str] = []
    pre = 0
    for token in _tokens(source):
        inline = token.kind == "words" or (token.kind != "other" and token.name in _INLINE)
        if hidden:
            # Inside what is not translated, only nesting of the same element matters.
            run.append(_Token("other", token.raw))
            if token.name == hidden[0]:
                if token.kind == "open":
                    hidden.append(token.name)
                elif token.kind == "close":
                    hidden.pop()
                    if not hidden:
                        run.append(_Token("shown", ""))
            continue
        hides = token.kind == "open" and _hides(token)
        if hides:
            hidden.append(token.name)
            if not inline:
                yield from _flow(run, pre > 0)
                run = []
            run.append(_Token("hidden", token.raw))
            continue
        if inline or token.kind == "other":
            run.append(token)
            continue
        yield from _flow(run, pre > 0)
        run = []
        yield token.raw
        if token.name == "pre" and token.kind in ("open", "close"):
            pre = max(0, pre + (1 if token.kind == "open" else -1))
    yield from _flow(run, pre > 0)


def _hides(token: _Token) -> bool:
    """Whether an opening tag begins something that is not translated."""
    if token.name in _OPAQUE:
        return True
    said = _TRANSLATE.search(token.raw)
    if said:
        return said[1].lower() == "no"
    return "notranslate" in token.raw and bool(_NOTRANSLATE.search(token.raw))


def _flow(run: Sequence[_Token], pre: bool) -> Iterator[str | _Flow]:
    """A run of tokens as a flow, or as it is where it holds no words."""
    if not run:
        return
    if not any(token.kind == "words" and token.raw.strip() for token in run):
        yield "".join(token.raw for token in run)
        return
    parts: list[str] = []
    size = 0
    top: list[_Span] = []
    stack: list[_Span] = []
    held: list[str] | None = None
    order = 0

    def place(span: _Span) -> None:
        nonlocal order
        order += 1
        span.order = order
        (stack[-1].children if stack else top).append(span)

    for token in run:
        if token.kind == "hidden":
            held = [token.raw]
        elif token.kind == "shown":
            raw = "".join(held or [])
            held = None
            words = _held_words(raw)
            place(_Span(raw, "", size, size + len(words), held=words or None))
            parts.append(words)
            size += len(words)
        elif held is not None:
            held.append(token.raw)
        elif token.kind == "words":
            words = html.unescape(token.raw)
            if not pre:
                words = _SPACES.sub(" ", words)
                if words.startswith(" ") and parts and "".join(parts[-1:])[-1:] == " ":
                    words = words[1:]
            parts.append(words)
            size += len(words)
        elif token.kind == "open" and len(stack) < _DEEP:
            span = _Span(token.raw, "", size, size)
            place(span)
            stack.append(span)
        elif token.kind == "close" and any(_is(span, token.name) for span in stack):
            # What was opened since and never closed becomes a mark where it stood.
            while stack:
                span = stack.pop()
                if _is(span, token.name):
                    span.closing, span.end = token.raw, size
                    break
                _flatten(span, stack[-1].children if stack else top)
        else:
            place(_Span(token.raw, "", size, size))
    if held is not None:
        place(_Span("".join(held), "", size, size))
    while stack:
        span = stack.pop()
        _flatten(span, stack[-1].children if stack else top)
    text = "".join(parts)
    segments = spans(text if pre else _SPACES.sub(" ", text))
    yield _Flow(text, top, segments, list(_probes(text, top, segments)))


def _held_words(raw: str) -> str:
    """Short untranslated content stands in its sentence as itself, so that the sentence is whole."""
    words = html.unescape(re.sub(r"<[^>]*>", "", raw))
    return words if 0 < len(words) <= 40 and not _SPACES.search(words) else ""


def _is(span: _Span, name: str) -> bool:
    match = _NAME.match(span.opening)
    return bool(match) and match[1].lower() == name if match else False


def _flatten(span: _Span, into: list[_Span]) -> None:
    """Turn an element that was never closed into a mark, with what it held beside it."""
    into.extend(span.children)
    span.children, span.end = [], span.start
    into.sort(key=lambda each: each.order)


def _probes(
    text: str, top: Sequence[_Span], segments: Sequence[tuple[int, int]]
) -> Iterator[_Span]:
    """Elements around a few words inside a sentence."""
    waiting = list(top)
    while waiting:
        span = waiting.pop()
        waiting += span.children
        words = text[span.start : span.end].strip()
        if not words or span.held or len(words.split()) > _FEW:
            continue
        for start, end in segments:
            inside = start <= span.start and span.end <= end
            if inside and len(words) < len(text[start:end].strip()):
                yield span


def _tokens(source: str) -> Iterator[_Token]:
    """The source in tokens; joined, their raw text is the source. Linear in its length."""
    at = 0
    size = len(source)
    quoted = True
    while at < size:
        start = source.find("<", at)
        if start < 0:
            yield _Token("words", source[at:])
            return
        match = _NAME.match(source, start)
        if not match and source[start + 1 : start + 2] not in ("!", "?"):
            stop = source.find("<", start + 1)
            stop = size if stop < 0 else stop
            yield _Token("words", source[at:stop])
            at = stop
            continue
        if start > at:
            yield _Token("words", source[at:start])
        if not match:
            ends = {"<!--": "-->", "<![CDATA[": "]]>"}
            mark = next((m for m in ends if source.startswith(m, start)), None)
            stop = source.find(ends[mark] if mark else ">", start + (len(mark) if mark else 1))
            at = size if stop < 0 else stop + (len(ends[mark]) if mark else 1)
            yield _Token("other", source[start:at])
            continue
        end = _tag_end(source, match.end()) if quoted else -1
        if end < 0:
            # A quote is never closed: from here on tags end at the first bracket.
            quoted = False
            end = source.find(">", match.end())
            if end < 0:
                yield _Token("other", source[start:])
                return
        at = end + 1
        raw = source[start:at]
        name = match[1].lower()
        closing = raw.startswith("</")
        void = name in _VOID or raw.endswith("/>")
        yield _Token("close" if closing else "void" if void else "open", raw, name)
        if not closing and not void and (name in _RAW or name in _RAW_WORDS):
            found = re.compile(rf"</{re.escape(name)}(?=[\s/>])", re.IGNORECASE).search(source, at)
            stop = found.start() if found else size
            if stop > at:
                yield _Token("words" if name in _RAW_WORDS else "other", source[at:stop])
            at = stop


_QUOTE_OR_END = re.compile("[\"'>]")


def _tag_end(source: str, at: int) -> int:
    """Offset of the bracket that ends a tag, outside quotes; -1 if there is none."""
    while True:
        match = _QUOTE_OR_END.search(source, at)
        if not match:
            return -1
        if match[0] == ">":
            return match.start()
        at = source.find(match[0], match.end()) + 1
        if at == 0:
            return -1


# Writing ------------------------------------------------------------------------------------


def _placed(flow: _Flow, sentences: Sequence[str], sought: dict[int, str]) -> str:
    """The flow's translation with its elements put back."""
    parts: list[str] = []
    pieces: list[tuple[int, int, int, int]] = []
    at = size = 0
    for (start, end), sentence in zip(flow.segments, sentences, strict=True):
        gap = flow.text[at:start]
        pieces.append((at, start, size, size + len(gap)))
        size += len(gap)
        pieces.append((start, end, size, size + len(sentence)))
        parts += [gap, sentence]
        size += len(sentence)
        at = end
    tail = flow.text[at:]
    pieces.append((at, len(flow.text), size, size + len(tail)))
    target = "".join([*parts, tail])
    events: list[tuple[int, int, str, int]] = []
    _place(flow, flow.spans, (0, len(target)), target, pieces, sought, events)
    out: list[str] = []
    done = 0
    for where, _, raw, skip in events:
        out += [html.escape(target[done:where], quote=False) if where > done else "", raw]
        done = max(done, where) + skip
    out.append(html.escape(target[done:], quote=False))
    return "".join(out)


def _place(
    flow: _Flow,
    siblings: Sequence[_Span],
    bounds: tuple[int, int],
    target: str,
    pieces: Sequence[tuple[int, int, int, int]],
    sought: dict[int, str],
    events: list[tuple[int, int, str, int]],
) -> None:
    """Append what to insert where, in order; elements stay inside `bounds` and apart."""
    low, high = bounds
    found = []
    for span in siblings:
        start, end = _range(flow, span, target, pieces, sought)
        found.append((min(max(start, low), high), min(max(end, low), high), span))
    found.sort(key=lambda each: (each[0], each[2].order))
    for start, end, span in found:
        start = max(start, low)
        end = max(end, start)
        held = span.held
        exact = held is not None and target[start:end] == held
        events.append((start, span.order, span.opening, end - start if exact else 0))
        if span.children:
            _place(flow, span.children, (start, end), target, pieces, sought, events)
        if span.closing:
            events.append((end, span.order, span.closing, 0))
        low = end


def _range(
    flow: _Flow,
    span: _Span,
    target: str,
    pieces: Sequence[tuple[int, int, int, int]],
    sought: dict[int, str],
) -> tuple[int, int]:
    """Where an element of the source lies in the target."""
    start = _carried(span.start, pieces, target, opening=True)
    if span.start == span.end:
        return start, start
    end = max(start, _carried(span.end, pieces, target, opening=False))
    words = span.held or sought.get(id(span))
    if not words:
        return start, end
    piece = next((p for p in pieces if p[0] <= span.start and span.end <= p[1]), None)
    if piece is None or (piece[0] == span.start and piece[1] == span.end):
        return start, end
    return _find(words, target, piece[2], piece[3], start, exact=span.held is not None) or (
        (start, start) if span.held else (start, end)
    )


def _carried(
    offset: int, pieces: Sequence[tuple[int, int, int, int]], target: str, *, opening: bool
) -> int:
    """An offset of the source in the target: the same share of its sentence, at a word's edge."""
    choices = [piece for piece in pieces if piece[0] <= offset <= piece[1]]
    # At a sentence's edge an opening tag belongs to what follows, a closing one to what precedes.
    start, end, low, high = choices[-1] if opening else choices[0]
    if offset in (start, end) or high == low:
        return low if offset == start else high
    aim = low + round((offset - start) * (high - low) / (end - start))
    edges = [low, high]
    before, after = target.rfind(" ", low, aim + 1), target.find(" ", aim, high)
    if before >= 0:
        edges.append(before + 1 if opening else before)
    if after >= 0:
        edges.append(after + 1 if opening else after)
    return min(edges, key=lambda edge: abs(edge - aim))


_WORD = re.compile(r"\w+(?:['’ʼ-]\w+)*")


def _find(
    words: str, target: str, low: int, high: int, near: int, *, exact: bool
) -> tuple[int, int] | None:
    """The place of some words in the target between two offsets, in any inflected form."""
    places = [m.start() for m in re.finditer(re.escape(words), target[low:high])]
    if places:
        best = min(places, key=lambda place: abs(low + place - near))
        return low + best, low + best + len(words)
    if exact:
        return None
    from rapidfuzz.fuzz import ratio

    wanted = " ".join(_WORD.findall(words.casefold()))
    found = list(_WORD.finditer(target, low, high))
    count = len(wanted.split())
    best_ratio, answer = 62.0, None
    for number in range(len(found) - count + 1):
        group = found[number : number + count]
        said = " ".join(each.group().casefold() for each in group)
        likeness = ratio(wanted, said) - 0.02 * abs(group[0].start() - near)
        if count and likeness > best_ratio:
            best_ratio, answer = likeness, (group[0].start(), group[-1].end())
    return answer
