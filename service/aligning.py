"""Two or three texts aligned as they are, without a store: what `align` and `/v1/align` share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from models.identify import identify
from models.languages import Direction, Language
from models.segment import Segment, normalise, segment
from service.stop import Stop

if TYPE_CHECKING:
    from alignment.align import Alignment, Mode, Unmatched
    from alignment.claims import Claim
    from alignment.contrasts import Relation
    from alignment.groups import ClaimGroup
    from alignment.similarity import Unit
    from models.encode import SentenceEncoder
    from service.guidance import Guidance, SupportsSubmit, Worded

#: What everything is compared in; wording is judged on the originals.
PIVOT = Language.EN


@dataclass(frozen=True, slots=True)
class Text:
    """One side: a text and its segments, with the claims in each (`claims[i]` of `segments[i]`)."""

    text: str
    segments: tuple[Segment, ...]
    claims: tuple[tuple[Claim, ...], ...]


#: The English of each segment of a side, None for what is English or nothing translates.
English: TypeAlias = tuple["Worded | None", ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Segments of two texts that say the same thing, by number, with how they relate and why.

    `parts` are shares of the log-odds by view; `relation` is one of those of `alignment.contrasts`.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    probability: float
    relation: str
    reasons: tuple[str, ...]
    parts: dict[str, float]

    @property
    def doubtful(self) -> bool:
        """Whether the relation is in doubt, because the sides are likelier unrelated."""
        from alignment.groups import doubtful

        return doubtful(self.probability)


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found between two texts; `missing` names what the comparison went without."""

    links: tuple[Link, ...]
    unmatched: tuple[Unmatched, ...]
    mode: str
    overruled: bool
    missing: tuple[str, ...]


def article(text: str, *, published_at: datetime | None = None) -> Text:
    """An article as a side: its segments are found, and their offsets count in NFC text."""
    text = normalise(text)
    return _text(text, segment(text), published_at)


def lines(texts: Iterable[str], *, published_at: datetime | None = None) -> Text:
    """Ready segments, one a line, as a side; segment i is line i, empty ones included."""
    ready = [normalise(line).replace("\n", " ") for line in texts]
    whole = "\n".join(ready)
    document = identify(whole)
    found: list[Segment] = []
    start = 0
    for number, line in enumerate(ready):
        seen = identify(line)
        language = seen.language
        if document.language is not None and (language is None or seen.ambiguous) and line.strip():
            language = document.language
        found.append(Segment(start, start + len(line), line, number, language, seen.ambiguous))
        start += len(line) + 1
    return _text(whole, found, published_at)


def _text(text: str, segments: Sequence[Segment], published_at: datetime | None) -> Text:
    from alignment.claims import Sentence, extract

    spoken = [(i, each) for i, each in enumerate(segments) if each.language is not None]
    sentences = [
        Sentence(each.text, str(each.language), each.start, each.paragraph) for _, each in spoken
    ]
    claims: list[list[Claim]] = [[] for _ in segments]
    for claim in extract(sentences, published_at=published_at):
        place = spoken[claim.sentence][0]
        claims[place].append(replace(claim, sentence=place))
    return Text(text, tuple(segments), tuple(tuple(each) for each in claims))


@dataclass(frozen=True, slots=True)
class Aligned:
    """Every two of the texts compared, by their places, and the English they were compared in."""

    compared: dict[tuple[int, int], Compared]
    english: tuple[English, ...]


class Aligner:
    """Aligns texts with whatever is installed.

    Args:
        engine: translates into English for the comparison; None goes without.
        encoder: gives sentence vectors; None goes without.
        laid_down: what people translated, which goes before the engine, and terms.
    """

    def __init__(
        self,
        engine: SupportsSubmit | None,
        encoder: SentenceEncoder | None,
        laid_down: Guidance | None = None,
    ) -> None:
        from service.guidance import Guidance

        self._engine = engine
        self._encoder = encoder
        self._laid_down = laid_down or Guidance()

    def compare(
        self, texts: Sequence[Text], mode: Mode = "auto", stop: Stop | None = None
    ) -> Aligned:
        """Every two of the texts, compared.

        Raises:
            TooLarge: a text is beyond what can be aligned in bounded memory.
            Cancelled: `stop` was set.
        """
        from alignment.align import align_pair

        stop = stop or Stop()
        missing: set[str] = set()
        english = tuple(self._english(text.segments, missing, stop) for text in texts)
        stop.check()
        sides = [
            self._units(text, words, missing) for text, words in zip(texts, english, strict=True)
        ]
        found = {}
        for i, j in combinations(range(len(texts)), 2):
            stop.check()
            # A segment without letters (an empty line, a rule) has nothing to align.
            here, there = (
                [n for n, unit in enumerate(sides[place]) if unit.language] for place in (i, j)
            )
            aligned = align_pair(
                [sides[i][n] for n in here], [sides[j][n] for n in there], mode=mode
            )
            found[i, j] = _compared(texts[i], texts[j], here, there, aligned, missing)
        return Aligned(found, english)

    def _units(self, text: Text, english: English, missing: set[str]) -> list[Unit]:
        from alignment.similarity import Unit, encoded

        units = [
            Unit(
                each.text,
                str(each.language or ""),
                english=worded.translation.text if (worded := english[i]) else None,
                keys=tuple(
                    dict.fromkeys(
                        entity.key
                        for claim in text.claims[i]
                        for entity in claim.entities
                        if entity.key
                    )
                ),
                key=str(i),
            )
            for i, each in enumerate(text.segments)
        ]
        if self._encoder is None:
            missing.add("encoder")
            return units
        return encoded(units, self._encoder)

    def _english(self, segments: Sequence[Segment], missing: set[str], stop: Stop) -> English:
        english: list[Worded | None] = [None] * len(segments)
        for language in Language:
            places = [i for i, each in enumerate(segments) if each.language is language]
            if language is PIVOT or not places:
                continue
            direction = Direction(language, PIVOT)
            texts = [segments[i].text for i in places]
            found = self._laid_down.translated(self._engine, texts, direction, stop)
            if None in found:
                missing.add(str(direction))
            for i, worded in zip(places, found, strict=True):
                english[i] = worded
        return tuple(english)


def groups(
    texts: Sequence[Text], compared: dict[tuple[int, int], Compared]
) -> list[tuple[ClaimGroup, dict[int, tuple[int, ...]]]]:
    """Segments of all texts that say the same thing: the group, and its segments by text."""
    from alignment.groups import Edge, Member, group

    members = [
        Member(f"{place}:{number}", str(each.language or ""), str(place))
        for place, text in enumerate(texts)
        for number, each in enumerate(text.segments)
    ]
    edges = [
        Edge(f"{i}:{a}", f"{j}:{b}", link.probability)
        for (i, j), found in compared.items()
        for link in found.links
        for a in link.a
        for b in link.b
    ]
    made = []
    for each in group(members, edges).groups:
        inside: dict[int, list[int]] = {}
        for member in each.members:
            place, _, number = member.key.partition(":")
            inside.setdefault(int(place), []).append(int(number))
        if len(inside) > 1:
            made.append((each, {place: tuple(sorted(inside[place])) for place in sorted(inside)}))
    made.sort(key=lambda item: [item[1].get(place, (1 << 60,)) for place in range(len(texts))])
    return made


def _compared(
    a: Text,
    b: Text,
    here: Sequence[int],
    there: Sequence[int],
    aligned: Alignment,
    missing: set[str],
) -> Compared:
    links = []
    for pair in aligned.pairs:
        rows, columns = tuple(here[i] for i in pair.a), tuple(there[j] for j in pair.b)
        how = _relation(
            [claim for i in rows for claim in a.claims[i]],
            [claim for j in columns for claim in b.claims[j]],
        )
        links.append(
            Link(rows, columns, float(pair.probability), how.label, how.reasons, dict(pair.parts))
        )
    unmatched = []
    for one in aligned.unmatched:
        own, other = (here, there) if one.side == "a" else (there, here)
        best = None if one.best is None else other[one.best]
        unmatched.append(replace(one, index=own[one.index], best=best))
    return Compared(
        tuple(links),
        tuple(unmatched),
        aligned.mode,
        aligned.gate.overruled,
        tuple(sorted({*missing, *aligned.missing})),
    )


def _relation(a: Sequence[Claim], b: Sequence[Claim]) -> Relation:
    from alignment.contrasts import Relation, relate

    if not a or not b:
        side = "neither side" if not a and not b else "one side"
        return Relation("related", (f"No claim was read on {side}, so the wording is not judged.",))
    return relate(a, b)
