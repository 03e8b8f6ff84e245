"""Which words of a translation belong to which words of its source, as far as can be told.

Links come from the network where it gives them, else from words that are alike: numbers and Latin
names copied as they are, and names and loans whose Cyrillic and Latin spellings agree (Зеленский,
Zelensky). They are few and mostly right, which is what markup needs.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

#: Pairs of words whose spellings are compared at most; a segment has far fewer.
MOST_PAIRS = 20_000
#: Repetitions of one word beyond which they are linked in order.
MOST_SAME = 20
#: Least similarity of two romanised words taken for the same, 0 to 1.
ALIKE = 0.72

_WORD = re.compile(r"\w+(?:[-'’.,:/]\w+)*")
_LATIN = str.maketrans(
    dict(zip("абвгдеёзийклмнопрстуфыэіїєґ", "abvgdeeziiklmnoprstufyeiieg", strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
    | {"ю": "yu", "я": "ya"}
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Words that hold a sentence together and stand in every part of it, so that one tells little.
FUNCTION_WORDS = _words(
    """
    a an the of to in on at by for from with into over and or but is are was were be been being has
    have had will would do does did it its this that these those as so than then there he she they
    в во на по о об от до из с со к ко у за для при про над под и а но или же ли бы что как это
    этот эта был была было были будет его её их он она они оно у від до із зі з та й чи що як це
    цей ця був була було були буде його її їх він вона вони воно за для при про над під і але або
    """
)

Span = tuple[int, int]


def words(text: str) -> list[Span]:
    """Start and end of each word of `text`."""
    return [match.span() for match in _WORD.finditer(text)]


def romanised(word: str) -> str:
    """A word in Latin letters, small, for comparing spellings and for nothing else."""
    return word.casefold().translate(_LATIN)


def alike(a: str, b: str) -> bool:
    """Whether two small words of one language are forms of one word, judged by their heads."""
    if a == b:
        return True
    least = min(len(a), len(b))
    if least < 4 or a[:3] != b[:3]:
        return False
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), least)
    return same >= 4 and same >= max(len(a), len(b)) - 3


class WordLinks:
    """The words of a segment and of its translation, linked.

    Args:
        source: the segment.
        target: its translation.
        links: from the network, as offsets (start, end) in the source and (start, end) in the
            target; empty to go by what is alike.
    """

    def __init__(
        self, source: str, target: str, links: Sequence[tuple[int, int, int, int]] = ()
    ) -> None:
        self.source = source
        self.target = target
        self.source_words = words(source)
        self.target_words = words(target)
        self.spoken_source = [source[a:b].casefold() for a, b in self.source_words]
        self.spoken_target = [target[a:b].casefold() for a, b in self.target_words]
        #: For each word of the target, the numbers of the source words it belongs to.
        self.linked: list[set[int]] = [set() for _ in self.target_words]
        for a, b, c, d in links:
            for i in _touched(self.source_words, a, b):
                for j in _touched(self.target_words, c, d):
                    self.linked[j].add(i)
        self._link_alike()
        self._anchors = self._monotone()

    def expected(self, at: int) -> float:
        """Where in the target something at a source offset should be, between known places."""
        found = bisect_left(self._anchors, (at, -1))
        if found < len(self._anchors) and self._anchors[found][0] == at:
            return self._anchors[found][1]
        before, after = self._anchors[max(0, found - 1)], self._anchors[found]
        share = (at - before[0]) / max(1, after[0] - before[0])
        return before[1] + share * (after[1] - before[1])

    def _link_alike(self) -> None:
        source = self.spoken_source
        target = self.spoken_target
        taken = self._link_equal()
        left = [j for j, word in enumerate(target) if not self.linked[j] and len(word) >= 4]
        free = [i for i, word in enumerate(source) if i not in taken and len(word) >= 4]
        self._link_spellings(
            [(i, romanised(source[i])) for i in free], [(j, romanised(target[j])) for j in left]
        )

    def _link_equal(self) -> set[int]:
        """Link words that are the same on both sides; of several, those beside linked ones."""
        there: dict[str, list[int]] = defaultdict(list)
        for j, word in enumerate(self.spoken_target):
            if not self.linked[j]:
                there[word].append(j)
        here: dict[str, list[int]] = defaultdict(list)
        for i, word in enumerate(self.spoken_source):
            if word in there:
                here[word].append(i)
        link: dict[int, int] = {}
        several: list[tuple[list[int], list[int]]] = []
        for word, places in here.items():
            if len(places) == len(there[word]) or len(there[word]) > MOST_SAME:
                link.update(zip(places, there[word], strict=False))
            else:
                several.append((places, there[word]))
        for places, others in several:
            left = list(others)
            for i in places:
                beside = [link[n] + i - n for n in (i - 1, i + 1) if n in link]
                if left:
                    aim = beside[0] if beside else i
                    j = min(left, key=lambda each: abs(each - aim))
                    left.remove(j)
                    link[i] = j
        for i, j in link.items():
            self.linked[j].add(i)
        return set(link)

    def _link_spellings(self, source: list[tuple[int, str]], target: list[tuple[int, str]]) -> None:
        if not source or not target or len(source) * len(target) > MOST_PAIRS:
            return
        from rapidfuzz.distance import Indel

        pairs = sorted(
            (-Indel.normalized_similarity(a, b), i, j)
            for i, a in source
            for j, b in target
            if a[0] == b[0] or a[1:3] == b[1:3]
        )
        taken: set[int] = set()
        for similarity, i, j in pairs:
            if -similarity < ALIKE:
                break
            if i not in taken and not self.linked[j]:
                taken.add(i)
                self.linked[j].add(i)

    def _monotone(self) -> list[tuple[int, float]]:
        """Pairs of offsets, both rising: the longest chain of links that agree in order."""
        pairs = sorted(
            (next(iter(linked)), j) for j, linked in enumerate(self.linked) if len(linked) == 1
        )
        chain: list[int] = []  # the smallest last target word of a chain of each length
        entries: list[int] = []  # which pair that is
        back: list[int] = []
        for number, (_, j) in enumerate(pairs):
            length = bisect_left(chain, j)
            back.append(entries[length - 1] if length else -1)
            chain[length : length + 1] = [j]
            entries[length : length + 1] = [number]
        kept: list[tuple[int, int]] = []
        number = entries[-1] if entries else -1
        while number >= 0:
            kept.append(pairs[number])
            number = back[number]
        anchors: list[tuple[int, float]] = [(0, 0.0)]
        for i, j in reversed(kept):
            (a, b), (c, d) = self.source_words[i], self.target_words[j]
            if a > anchors[-1][0] or a == 0:
                anchors += [(a, float(c)), (b, float(d))] if a else [(b, float(d))]
        if anchors[-1][0] < len(self.source):
            anchors.append((len(self.source), float(len(self.target))))
        return anchors


def _touched(spans: Sequence[Span], start: int, end: int) -> range:
    """Numbers of the spans that overlap a stretch."""
    first = bisect_left(spans, start, key=lambda span: span[1] - 1)
    last = first
    while last < len(spans) and spans[last][0] < end:
        last += 1
    return range(first, last)
