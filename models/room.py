"""The words of a translation, given out to the elements that stood around its source words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from models.wordlinks import FUNCTION_WORDS, Span, WordLinks, alike, words

#: What a word of the translation is worth to an element: linked with one of its words, among its
#: words translated alone, linked with another's, nobody's.
LINKED, OWN, OTHERS, NOBODYS = 2.0, 1.0, -1.0, -0.4
#: How much of that a function word is worth.
FUNCTION = 0.2
#: Words by which a find may grow on a side.
MOST_GROWN = 3
#: How much less a word is worth at the far end of the sentence than where it is expected.
FAR = 0.3
#: Part of an element's words that must be found before the find is believed.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Claim:
    """An element that wants its words.

    Attributes:
        start: offset of its first character in the source.
        end: offset after its last.
        probe: its words translated alone, or nothing.
        must: a stretch of the translation it has to hold.
        from_start: it began before this segment.
        to_end: it goes on after this segment.
    """

    start: int
    end: int
    probe: str = ""
    must: Span | None = None
    from_start: bool = False
    to_end: bool = False

    @property
    def pinned(self) -> bool:
        """Whether one of its ends is settled."""
        return self.from_start or self.to_end


class Room:
    """A translation whose words are given out."""

    def __init__(self, links: WordLinks) -> None:
        self.links = links
        self._copies: list[Span] = []

    def copy_of(self, start: int, end: int) -> Span | None:
        """Where the translation holds the source's words as they are; each copy is found once."""
        wanted, target = self.links.source[start:end], self.links.target
        expected = self.links.expected(start)
        found: list[tuple[float, Span]] = []
        at = target.find(wanted)
        while at >= 0 and len(found) < 20:
            span = (at, at + len(wanted))
            whole = not (_letter(target, at - 1) or _letter(target, span[1]))
            if whole and not any(a < span[1] and span[0] < b for a, b in self._copies):
                found.append((abs(at - expected), span))
            at = target.find(wanted, at + 1)
        if not found:
            return None
        self._copies.append(min(found)[1])
        return self._copies[-1]

    def within(self, low: int, high: int) -> Within:
        """The words between two offsets of the translation, all free."""
        return Within(self.links, low, high)


class Within:
    """The words inside one element of the translation, given out to the elements inside it."""

    def __init__(self, links: WordLinks, low: int, high: int) -> None:
        self._links = links
        self._low, self._high = low, high
        self._first = bisect_left(links.target_words, low, key=lambda span: span[0])
        self._last = self._first
        while self._last < len(links.target_words) and links.target_words[self._last][1] <= high:
            self._last += 1
        self._free = [True] * (self._last - self._first)
        spans = links.target_words[self._first : self._last]
        self._starts = [*(a for a, _ in spans), high]
        self._ends = [b for _, b in spans]
        self._ends_of_marks = [_past_marks(links.target, b, 1, high) for b in self._ends]

    def certainty(self, claim: Claim) -> float:
        """How surely it is known which words an element gets; 0 when only its place tells."""
        found = self._best(claim)
        return found[0] if found else 0.0

    def take(self, claim: Claim, *, exact: bool = False) -> Span | None:
        """The stretch an element gets, no longer free; None where what it must hold is taken."""
        must = self._range(claim.must) if claim.must else None
        if must and not all(self._free[must.start : must.stop]):
            return None
        if exact and claim.must and must is not None:
            self._give(must)
            return claim.must
        if not self._free:
            at = claim.must or (self._low, self._low)
            return (self._low, self._high) if claim.pinned else at
        if claim.pinned:
            chosen = self._to_an_edge(claim)
        else:
            best = self._best(claim, must)
            chosen = best[1] if best else self._by_place(claim)
        if must:
            chosen = range(min(chosen.start, must.start), max(chosen.stop, must.stop))
        self._give(chosen)
        low, high = self._stretch(claim, chosen)
        if claim.must:
            low, high = min(low, claim.must[0]), max(high, claim.must[1])
        return low, high

    def point(self, at: int) -> int:
        """The border of words where something without words goes."""
        links = self._links
        expected = links.expected(at)
        if not self._free:
            return round(min(max(expected, self._low), self._high))
        before = links.source[at - 1] if at else " "
        after = links.source[at] if at < len(links.source) else " "
        if before.isspace() or (at == 0 and not after.isspace()):
            places = self._starts
        else:
            places = self._ends if before.isalnum() else self._ends_of_marks
        right = bisect_left(places, expected)
        return min(places[max(0, right - 1) : right + 1], key=lambda place: abs(place - expected))

    def _give(self, chosen: range) -> None:
        for j in chosen:
            self._free[j] = False

    def _range(self, span: Span) -> range:
        """Numbers, from the first word in here, of the words a stretch touches."""
        spans = self._links.target_words[self._first : self._last]
        touched = [j for j, (a, b) in enumerate(spans) if a < span[1] and span[0] < b]
        return range(touched[0], touched[-1] + 1) if touched else range(0)

    def _own(self, claim: Claim) -> range:
        """Numbers of the source words of an element."""
        spans = self._links.source_words
        first = bisect_left(spans, claim.start, key=lambda span: span[1] - 1)
        last = first
        while last < len(spans) and spans[last][0] < claim.end:
            last += 1
        return range(first, last)

    def _worth(self, claim: Claim, must: range | None = None) -> tuple[list[float], list[bool]]:
        """What each word is worth to an element, and whether it is known to be its own."""
        links, own = self._links, self._own(claim)
        looked_for = _spoken(claim.probe)
        centre = (links.expected(claim.start) + links.expected(claim.end)) / 2
        size = max(1, len(links.target))
        worth: list[float] = []
        known: list[bool] = []
        for j in range(len(self._free)):
            a, b = links.target_words[self._first + j]
            linked = links.linked[self._first + j]
            word = links.spoken_target[self._first + j]
            inside = any(i in own for i in linked)
            found = not linked and any(alike(each, word) for each in looked_for)
            if inside or found:
                near = 1 - FAR * abs((a + b) / 2 - centre) / size
                tells = FUNCTION if word in FUNCTION_WORDS else 1.0
                worth.append((LINKED if inside else OWN) * near * tells)
                known.append(True)
            else:
                worth.append(OTHERS if linked else NOBODYS)
                known.append(False)
            if must and j in must:
                worth[-1] = 100.0
        return worth, known

    def _best(self, claim: Claim, must: range | None = None) -> tuple[float, range] | None:
        """The free run of words worth most to an element, and what it is worth; None if little."""
        worth, known = self._worth(claim, must)
        top, found = 0.0, range(0)
        total, begin = 0.0, 0
        for j, value in enumerate(worth):
            if not self._free[j]:
                total, begin = 0.0, j + 1
                continue
            if total <= 0:
                total, begin = 0.0, j
            total += value
            if total > top:
                top, found = total, range(begin, j + 1)
        telling = sum(known[j] and self._tells(j) for j in found) or any(known[j] for j in found)
        if must or (found and telling >= max(1, ENOUGH * len(self._wanted(claim)))):
            return top, self._grown(claim, found, worth)
        return None

    def _wanted(self, claim: Claim) -> list[str]:
        """The telling words of an element, in the target's language where they are known."""
        spoken = self._links.spoken_source
        words = _spoken(claim.probe) or [spoken[i] for i in self._own(claim)]
        return [word for word in words if word not in FUNCTION_WORDS] or words

    def _tells(self, j: int) -> bool:
        return self._links.spoken_target[self._first + j] not in FUNCTION_WORDS

    def _grown(self, claim: Claim, found: range, worth: list[float]) -> range:
        """A find, with as many words before and after as the element has besides those found."""
        links = self._links
        if claim.probe:
            there = [links.spoken_target[self._first + j] for j in found]
            met = [any(alike(word, each) for each in there) for word in self._wanted(claim)]
        else:
            linked = set().union(*(links.linked[self._first + j] for j in found))
            spoken = links.spoken_source
            telling = [i for i in self._own(claim) if spoken[i] not in FUNCTION_WORDS]
            met = [i in linked for i in telling or self._own(claim)]
        if True not in met:
            return found
        missing = len(met) - sum(self._tells(j) for j in found)
        before, after = met.index(True), met[::-1].index(True)
        if missing <= 0 or before + after == 0:
            return found
        for step, most in ((-1, before), (1, after), (-1, MOST_GROWN), (1, MOST_GROWN)):
            grown = self._reach(found, step, min(most, missing, MOST_GROWN), worth)
            missing -= sum(self._tells(j) for j in grown if j not in found)
            found = grown
        return found

    def _reach(self, found: range, step: int, most: int, worth: list[float]) -> range:
        """A run of words with `most` telling words more on one side, if they are nobody's."""
        j = edge = found.stop - 1 if step > 0 else found.start
        while most > 0:
            a, b = (j, j + 1) if step > 0 else (j - 1, j)
            j += step
            if not 0 <= j < len(worth) or not self._free[j] or worth[j] == OTHERS:
                break
            ends = self._links.target_words[self._first + a][1]
            starts = self._links.target_words[self._first + b][0]
            if self._links.target[ends:starts].strip():  # a mark of punctuation parts them
                break
            if self._tells(j):
                most -= 1
                edge = j
        return range(found.start, edge + 1) if step > 0 else range(edge, found.stop)

    def _to_an_edge(self, claim: Claim) -> range:
        """Words from an edge of the segment to where an element begins or ends."""
        worth, _ = self._worth(claim)
        count = len(worth)
        if claim.from_start and claim.to_end:
            return range(count)
        border = self._links.expected(claim.end if claim.from_start else claim.start)
        spans = self._links.target_words[self._first : self._last]
        middle = sum((a + b) / 2 <= border for a, b in spans)
        order = range(count) if claim.from_start else range(count - 1, -1, -1)
        aim = middle if claim.from_start else count - middle
        best, size, total = -0.5 * aim, 0, 0.0
        for taken, j in enumerate(order, start=1):
            if not self._free[j]:
                break
            # Nobody's words count neither way here: the place decides among them.
            total += 0.0 if worth[j] == NOBODYS else worth[j]
            value = total - 0.5 * abs(taken - aim) / max(1, count) * 2
            if value > best or (size == 0 and value >= best):
                best, size = value, taken
        return range(size) if claim.from_start else range(count - size, count)

    def _by_place(self, claim: Claim) -> range:
        """The free run of words nearest to where the element stood, with as many telling words."""
        spans = self._links.target_words[self._first : self._last]
        begin = self._links.expected(claim.start)
        free = [j for j, is_free in enumerate(self._free) if is_free]
        if not free:
            at = sum((a + b) / 2 <= begin for a, b in spans)
            return range(at, at)
        worth, _ = self._worth(claim)
        telling = [j for j in free if self._tells(j) and worth[j] != OTHERS]
        first = min(telling or free, key=lambda j: abs(spans[j][0] - begin))
        size = max(1, len(self._wanted(claim)))
        return self._reach(range(first, first + 1), 1, size - 1, worth)

    def _stretch(self, claim: Claim, chosen: range) -> Span:
        """Offsets of a run of words, with the marks around it that stood inside the element."""
        links = self._links
        spans: Sequence[Span] = links.target_words[self._first : self._last]
        if not chosen:
            at = spans[chosen.start][0] if chosen.start < len(spans) else self._high
            if claim.from_start:
                return self._low, self._low
            return (self._high, self._high) if claim.to_end else (at, at)
        low, high = spans[chosen.start][0], spans[chosen.stop - 1][1]
        inner = links.source[claim.start : claim.end].strip()
        low = _past_marks(links.target, low, -1, self._low, _outer(inner))
        high = _past_marks(links.target, high, 1, self._high, _outer(inner[::-1]))
        return (
            self._low if claim.from_start else low,
            self._high if claim.to_end else high,
        )


def _spoken(text: str) -> list[str]:
    return [text[a:b].casefold() for a, b in words(text)]


def _outer(text: str) -> int:
    """How many characters stand before the first letter or digit."""
    return next((i for i, letter in enumerate(text) if letter.isalnum()), len(text))


def _past_marks(text: str, at: int, step: int, edge: int, most: int = 3) -> int:
    """`at` moved over at most `most` marks of punctuation, not beyond `edge`."""
    while most and at != edge:
        letter = text[at] if step > 0 else text[at - 1]
        if letter.isalnum() or letter.isspace():
            break
        at += step
        most -= 1
    return at


def _letter(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at].isalnum()
