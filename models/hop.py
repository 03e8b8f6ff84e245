"""One package's work on one segment: decode it, look after what networks get wrong, flag the rest.

The work is a generator that yields what it wants decoded (see `models.batcher`), so that the
segments of all callers share batches at every step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from models import casing, copied, endonyms, flags, protect, quotation, signs
from models.attention import spread, word_links, words_of
from models.batcher import Wanted
from models.decode import DecodeOptions
from models.encode import SentenceEncoder
from models.languages import Direction, Language
from models.lookalikes import one_script
from models.network import Hypothesis, Search
from models.rare_words import RareWords, closed_up
from models.tokens import Tokenizer

#: Decodings wanted, and the hypotheses of each that come back.
Steps = Generator[Sequence[Wanted[Any]], list[list[Hypothesis]], "Passage"]
#: More doubts about a source and its target, from outside (a glossary).
Check = Callable[[str, str], set[str]]

_SPACES = re.compile(r"\s+")
_UNSAFE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Where a long segment may be parted, best first.
_CLAUSES = (
    re.compile(r"[.!?…][\"»”')\]]*\s|[;:]\s|\s[—–-]\s"),
    re.compile(r",\s"),
    re.compile(r"\s(?=(?:и|но|а|что|который|та|але|що|який|and|but|that|which)\s)"),
    re.compile(r"\s"),
)
#: Marks and spaces between an item that stays and the words that are translated beside it. They
#: stay as well: a network leaves out a comma it begins with, and the word runs into the address.
_BEFORE = re.compile(r"[\s.,;:!?…)\]»”—–-]*")
_AFTER = re.compile(r"[\s(\[«„“—–:-]*$")
#: Beyond so many numbers a segment would be cut to shreds.
_MOST_NUMBERS = 6
#: Doubts for which other hypotheses are looked at.
_CURABLE = frozenset(["number", "negation", "name", "script", "term"])
_MORE = 4
#: Cosine below which a target is unlike its source, and words from which one can tell.
_LIKE, _TELLING = 0.3, 4


@dataclass(frozen=True, slots=True)
class Passage:
    """A translated segment.

    Attributes:
        text: the translation.
        log_prob: natural-log probability of the whole.
        length: tokens it covers, 0 where no network ran.
        flags: doubts.
        alternatives: other translations, best first.
        words: pairs of a source and a target word, counted at spaces, if asked for.
        links: the same as offsets: start and end in the source, start and end in the target.
        origin: "network", "copy" (nothing to translate) or "memory" (an analyst's words).
    """

    text: str
    log_prob: float = 0.0
    length: int = 0
    flags: frozenset[str] = frozenset()
    alternatives: tuple[str, ...] = ()
    words: tuple[tuple[int, int], ...] = ()
    links: tuple[tuple[int, int, int, int], ...] = ()
    origin: str = "network"


@dataclass(frozen=True, slots=True)
class Hop:
    """How one package translates: its network's name, its tokenizer and the care to take.

    `options` leave nothing open. With an `encoder` all hypotheses of the beam are looked at, and
    the one is taken that is probable, says what the source says, and raises no doubt. With
    `rare_words` the network is told what the rare words of a source are called.
    """

    network: str
    direction: Direction
    tokenizer: Tokenizer
    prefix: str
    options: DecodeOptions
    limit: int
    check: Check | None = None
    encoder: SentenceEncoder | None = None
    rare_words: RareWords | None = None

    def translate(self, text: str) -> Steps:
        """The work on one segment."""
        source = self.prepared(text)
        if not self.options.repair:
            passage = yield from self._plain(source, self._search())
            links = spread(passage.words, text, passage.text)
            return replace(self._judged(source, passage), links=links)
        if not any(map(str.isalpha, text)):
            return Passage(text, origin="copy")
        passage = yield from self._careful(source)
        if self._unlike(source, passage.text):
            passage = replace(passage, flags=passage.flags | {"unlike"})
        target = respaced(text, self._written(source, passage.text))
        others = tuple(self._written(source, each) for each in passage.alternatives)
        links = spread(passage.words, text, target)
        return replace(passage, text=target, alternatives=others, links=links)

    def prepared(self, text: str) -> str:
        """A segment as it is read: clean and, if care is taken, every word in one script."""
        source = clean(text)
        return one_script(source, self.direction.source) if self.options.repair else source

    def tokens(self, source: str) -> list[str]:
        """The tokens of a segment as the network is given them."""
        return self._read(source)[0]

    def _read(self, source: str) -> tuple[list[str], list[int]]:
        """The tokens of a segment, and the number of the word that each belongs to, if known."""
        spoken = None
        if self.options.repair:
            spoken = signs.spoken(source, self.direction.source, self.tokenizer.lacks)
        tokens = self.tokenizer.encode(spoken.text if spoken else source)
        numbers = words_of(tokens)
        if spoken:
            # A tokenizer may part or drop what is a word here; then none can be counted.
            counted = bool(numbers) and numbers[-1] + 1 == len(spoken.words)
            numbers = [spoken.words[number] for number in numbers] if counted else []
        if self.rare_words:
            hinted = self.rare_words.read(tokens)
            tokens = hinted.pieces
            numbers = [numbers[place] for place in hinted.places] if numbers else []
        return tokens, numbers

    def _written(self, source: str, target: str) -> str:
        """The target as its language writes it: names, how it begins, and signs no network says."""
        language, lacks = self.direction.target, self.tokenizer.lacks
        begun = casing.begun(source, self._named(source, target), language)
        signed = signs.written(source, begun, language, lacks)
        return quotation.printed(source, signed, language, lacks)

    def _careful(self, source: str) -> Steps:
        """Decode, look for what was lost or changed, and try what may mend it."""
        if protect.endless(source):
            passage = Passage("")
        else:
            passage = yield from self._cased(source)
        if protect.lost(source, passage.text):
            passage = yield from self._outside(source, passage, protect.items(source))
        passage = self._mended(source, passage)
        if passage.flags & _CURABLE and not self.encoder:
            passage = yield from self._other(source, passage)
        if "number" in passage.flags:
            passage = yield from self._numbered(source, passage)
        return passage

    def _cased(self, source: str) -> Steps:
        """Capitals are read as a sentence; a Title Case headline also, if that goes better."""
        if casing.is_upper(source):
            passage = yield from self._sound(casing.lowered(source))
            others = tuple(casing.raised(each) for each in passage.alternatives)
            return replace(passage, text=casing.raised(passage.text), alternatives=others)
        passage = yield from self._sound(source)
        if self.direction.source is Language.EN and casing.is_title(source):
            small = yield from self._sound(casing.untitled(source))
            return min((small, passage), key=lambda each: self._badness(source, each))
        return passage

    def _sound(self, source: str) -> Steps:
        """Decode; where it goes round in circles or does not end, decode again against that."""
        passage = yield from self._plain(source, self._search())
        if not _circles(source, passage):
            return passage
        search = self._search().against_repetition()
        again = yield from self._plain(source, search)
        if not _circles(source, again):
            return again
        best = min(passage, again, key=lambda each: (len(each.flags), len(each.text)))
        return replace(best, flags=best.flags | {"repetition"})

    def _numbered(self, source: str, passage: Passage) -> Steps:
        """The translation around the numbers, or by halves, if that leaves fewer doubts.

        It reads worse, but a wrong number is worse than a clumsy sentence.
        """
        items = protect.items(source)
        spans = protect.outside(signs.amounts(source), items)
        if not spans:
            return passage
        spans = sorted(spans + items)
        if len(spans) <= _MOST_NUMBERS:
            bare = replace(passage, flags=frozenset())
            around = yield from self._outside(source, bare, spans)
        else:
            middle = _cut(source, 0, len(source) * 2 // 3)
            halves = source[:middle].strip(), source[middle:].strip()
            if not all(halves):
                return passage
            one, other = (
                (yield from self._careful(halves[0])),
                (yield from self._careful(halves[1])),
            )
            around = replace(_joined(one, other), text=f"{one.text} {other.text}", words=())
        around = self._mended(source, around)
        return around if len(around.flags) < len(passage.flags) else passage

    def _outside(self, source: str, before: Passage, spans: Sequence[tuple[int, int]]) -> Steps:
        """Translate around some spans and put them back where they were."""
        parts: list[str] = []
        passage = replace(before, text="", log_prob=0.0, length=0, alternatives=(), words=())
        for piece, item in protect.around(source, spans):
            if item or not any(map(str.isalpha, piece)):
                parts.append(piece)
                continue
            head, tail = _BEFORE.match(piece), _AFTER.search(piece)
            assert head
            assert tail
            words = piece[head.end() : tail.start()]
            part = yield from self._sound(words)
            parts.append(f"{head[0]}{part.text}{tail[0]}")
            passage = _joined(passage, part)
        return replace(passage, text="".join(parts))

    def _other(self, source: str, passage: Passage) -> Steps:
        """The hypothesis with the fewest doubts among the best few, if one has fewer."""
        if len(source) > 1000 or casing.is_upper(source):
            return passage
        search = self._search()
        count = max(search.count, _MORE + 1)
        wider = replace(search, count=count, beam_size=max(search.beam_size, count))
        tokens = self.tokens(source)
        if len(tokens) > self.limit:
            return passage
        (hypotheses,) = yield [self._wanted(tokens, wider)]
        others = [self._mended(source, self._linked(source, [each])) for each in hypotheses]
        fit = [each for each in others if not protect.lost(source, each.text)]
        best = min([passage, *fit], key=lambda each: len(each.flags))
        return replace(best, alternatives=passage.alternatives)

    def _plain(self, source: str, search: Search) -> Steps:
        """Decode a segment, in parts where it is too long for the network."""
        tokens = self.tokens(source)
        if not tokens:
            return Passage(source, origin="copy")
        limit = self.limit if self.options.repair else max(self.limit, 1000)
        if len(tokens) <= limit:
            try:
                (hypotheses,) = yield [self._wanted(tokens, search)]
            except RuntimeError:
                # The network has fewer positions than the segment has tokens.
                limit = len(tokens) // 2
                if limit < 8:
                    raise
            else:
                return self._linked(source, hypotheses)
        pieces = list(self._parted(source, len(tokens), limit))
        wanted = [self._wanted(tokens, search) for _, tokens in pieces]
        try:
            results = yield wanted
        except RuntimeError:
            if limit < 16:
                raise
            return (yield from replace(self, limit=limit // 2)._plain(source, search))
        passage = Passage("")
        for (piece, _), hypotheses in zip(pieces, results, strict=True):
            part = self._passage(self._ranked(piece, hypotheses))
            joined = _joined(passage, part)
            text = self._written(piece, part.text) if self.options.repair else part.text
            passage = replace(joined, text=f"{passage.text} {text}".strip())
        return passage

    def _parted(
        self, source: str, count: int, limit: int
    ) -> Generator[tuple[str, list[str]], None, None]:
        """Each part of a long segment, cut at clause marks, with its tokens."""
        window = max(8, int(0.9 * limit * len(source) / count))
        at = 0
        while at < len(source):
            stop = len(source) if len(source) - at <= window else _cut(source, at, at + window)
            piece = source[at:stop].strip()
            at = stop
            if not piece:
                continue
            tokens = self.tokens(piece)
            if len(tokens) > limit and len(piece) > 8:
                yield from self._parted(piece, len(tokens), limit)
            elif tokens:
                yield piece, tokens

    def _search(self) -> Search:
        """What the options ask of the network."""
        options = self.options
        assert options.beam_size is not None
        assert options.length_penalty is not None
        count = max(1 + options.alternatives, options.beam_size if self.encoder else 1)
        return Search(
            beam_size=max(options.beam_size, count),
            length_penalty=options.length_penalty,
            count=count,
            max_length=options.max_length,
            # Argos does not look at a shortlist; without repair neither do we.
            shortlist=options.repair,
            attention=options.links,
        )

    def _wanted(self, tokens: list[str], search: Search) -> Wanted[Any]:
        return Wanted((self.network, search), len(tokens) + 1, (tokens, self.prefix))

    def _passage(self, hypotheses: Sequence[Hypothesis]) -> Passage:
        """The best of some hypotheses, with the others as alternatives."""
        best = hypotheses[0]
        text = self.tokenizer.decode(best.tokens)
        others = dict.fromkeys(self.tokenizer.decode(each.tokens) for each in hypotheses[1:])
        others.pop(text, None)
        alternatives = tuple(others)[: self.options.alternatives]
        return Passage(
            text,
            best.log_prob,
            best.length,
            frozenset() if best.ended else frozenset(["cut"]),
            alternatives,
        )

    def _linked(self, source: str, hypotheses: Sequence[Hypothesis]) -> Passage:
        """The best hypothesis with its word links, counted in words for now."""
        ranked = self._ranked(source, hypotheses)
        passage, best = self._passage(ranked), ranked[0]
        if not best.attention:
            return passage
        _, numbers = self._read(source)
        pairs = word_links(source, numbers, passage.text, best.tokens, best.attention)
        return replace(passage, words=tuple(pairs))

    def _ranked(self, source: str, hypotheses: Sequence[Hypothesis]) -> Sequence[Hypothesis]:
        """The hypotheses, the one to take first: probable, like the source, and without doubts.

        A beam ends with hypotheses of nearly the same probability, of which the short ones have
        left something out; the encoder tells them apart.
        """
        if self.rare_words:
            hypotheses = [replace(each, tokens=closed_up(each.tokens)) for each in hypotheses]
        if self.encoder is None or len(hypotheses) < 2:
            return hypotheses
        power, weight = self.options.length_penalty, self.options.likeness
        assert power is not None
        assert weight is not None
        texts = [self.tokenizer.decode(each.tokens) for each in hypotheses]
        vectors = self.encoder.encode([source, *texts])
        likeness = vectors[1:] @ vectors[0]

        def worth(number: int) -> tuple[bool, float]:
            each = hypotheses[number]
            return each.ended, each.log_prob / each.length**power + weight * likeness[number]

        order = sorted(range(len(hypotheses)), key=worth, reverse=True)
        doubts: dict[int, int] = {}
        for number in order:
            judged = self._judged(source, Passage(texts[number]))
            doubts[number] = len(judged.flags & _CURABLE)
            if not doubts[number]:
                break
        best = min(doubts, key=doubts.__getitem__)
        return [hypotheses[n] for n in (best, *(n for n in order if n != best))]

    def _unlike(self, source: str, target: str) -> bool:
        """Whether the encoder finds little of a source in its target; of a few words it can't say.

        On ten open sets (2,000 sentences, version 1.3) that was said of 0 to 2.5 % of our
        translations, whose chrF2 was 8 to 27 where the mean was 28 to 46, and of 0.5 to 4 % of
        the human ones, which are freer (9 % in WMT22 en-uk).
        """
        if self.encoder is None or min(len(source.split()), len(target.split())) < _TELLING:
            return False
        vectors = self.encoder.encode([source, target])
        return float(vectors[0] @ vectors[1]) < _LIKE

    def _mended(self, source: str, passage: Passage) -> Passage:
        """The passage, its names as the source has them, with its flags."""
        return self._judged(source, replace(passage, text=self._named(source, passage.text)))

    def _named(self, source: str, target: str) -> str:
        """The target with its names as the source has them."""
        mended = copied.mended(source, target, self.direction.target)
        return endonyms.followed(source, mended, self.direction)

    def _judged(self, source: str, passage: Passage) -> Passage:
        """The passage with the flags its text earns, beside those from decoding."""
        found: set[str] = set(flags.check(source, passage.text, self.direction))
        if self.check:
            found |= self.check(source, passage.text)
        if protect.lost(source, passage.text):
            found.add("protected_lost")
        kept = passage.flags & {"cut", "repetition"}
        return replace(passage, flags=kept | found)

    def _badness(self, source: str, passage: Passage) -> tuple[int, float]:
        """For choosing between two readings: doubts, words left as they were, improbability."""
        judged = self._judged(source, passage)
        same = set(source.split()) & set(passage.text.split())
        return len(judged.flags), 2 * len(same) - passage.log_prob / max(1, passage.length)


def clean(text: str) -> str:
    """The text as a network may see it: no control characters, single spaces."""
    return _SPACES.sub(" ", _UNSAFE.sub(" ", text)).strip()


def respaced(source: str, target: str) -> str:
    """The target with the unusual gaps of the source (line breaks, wide spaces) in like places."""
    gaps = [
        gap for gap in _SPACES.finditer(source.strip()) if len(gap[0]) > 1 or gap[0] in "\n\r\t"
    ]
    if not gaps:
        return target
    places = [space.start() for space in re.finditer(" ", target)]
    length = max(1, len(source.strip()))
    chosen: dict[int, str] = {}
    first = 0
    for gap in gaps:
        if first >= len(places):
            break
        aim = gap.start() * len(target) / length
        best = min(range(first, min(len(places), first + 400)), key=lambda n: abs(places[n] - aim))
        chosen[places[best]] = gap[0]
        first = best + 1
    return "".join(chosen.get(at, letter) for at, letter in enumerate(target))


def _cut(source: str, at: int, end: int) -> int:
    """Where to part a segment between `at` and `end`: the last good mark in the later half."""
    middle = at + (end - at) // 2
    for marks in _CLAUSES:
        last = None
        for mark in marks.finditer(source, middle, end):
            last = mark
        if last:
            return last.end()
    return end


def _circles(source: str, passage: Passage) -> bool:
    """Whether a translation repeats itself as its source does not, or found no end."""
    if "cut" in passage.flags:
        return True
    return flags.circles(source, passage.text)


def _joined(one: Passage, other: Passage) -> Passage:
    """Two passages' probabilities and doubts together; the text is the first one's."""
    return replace(
        one,
        log_prob=one.log_prob + other.log_prob,
        length=one.length + other.length,
        flags=one.flags | other.flags,
    )
