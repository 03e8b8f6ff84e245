"""A translated text: what it says, what made it, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.decode import DecodeOptions
from models.hop import Passage
from models.registry import Route


@dataclass(frozen=True, slots=True)
class SegmentTranslation:
    """One segment of a translation.

    Attributes:
        start: offset of the segment in the source, and `end` after it.
        end: see `start`.
        target_start: offset of its translation in the target, and `target_end` after it.
        target_end: see `target_start`.
        log_prob: mean natural-log probability per target token, None where no network ran.
        flags: doubts about this segment, sorted.
        origin: "network", "copy" (nothing to translate) or "memory" (an analyst's words).
        links: (start, end, target_start, target_end) of linked words, offsets in the segment
            and in its translation; empty where the network gives none that can be used.
    """

    start: int
    end: int
    target_start: int
    target_end: int
    log_prob: float | None
    flags: tuple[str, ...]
    origin: str
    links: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """One translated text with where it came from and what is doubtful about it.

    Attributes:
        text: the translation; whitespace between segments is that of the source, to the byte.
        log_prob: mean natural-log probability per target token (≤ 0), None where no network ran.
        flags: doubts, sorted, among number, name, negation, length_ratio, repetition, script,
            cut, protected_lost, unlike, untranslated, and term where a glossary was given.
        route: the directions chained, `ru→en` or `ru→en→uk`.
        packages: sha256 of each package used, in the order of the route.
        options: the decode options in canonical form.
        alternatives: other translations, best first, none equal to `text`.
        segments: each segment with its place in source and target.
    """

    text: str
    log_prob: float | None
    flags: tuple[str, ...]
    route: str
    packages: tuple[str, ...]
    options: str
    alternatives: tuple[str, ...] = ()
    segments: tuple[SegmentTranslation, ...] = ()


def assembled(
    text: str,
    cut: Sequence[tuple[int, int]],
    passages: Mapping[str, Passage],
    route: Route,
    options: DecodeOptions,
) -> Translation:
    """A text's translation from those of its segments."""
    parts: list[str] = []
    segments: list[SegmentTranslation] = []
    found: set[str] = set()
    log_prob, length, at, size = 0.0, 0, 0, 0
    for start, end in cut:
        passage = passages[text[start:end]]
        size += start - at
        parts += [text[at:start], passage.text]
        mean = passage.log_prob / passage.length if passage.length else None
        segments.append(
            SegmentTranslation(
                start=start,
                end=end,
                target_start=size,
                target_end=size + len(passage.text),
                log_prob=mean,
                flags=tuple(sorted(passage.flags)),
                origin=passage.origin,
                links=passage.links,
            )
        )
        size += len(passage.text)
        log_prob += passage.log_prob
        length += passage.length
        found |= passage.flags
        at = end
    parts.append(text[at:])
    whole = "".join(parts)
    return Translation(
        text=whole,
        log_prob=log_prob / length if length else None,
        flags=tuple(sorted(found)),
        route=str(route),
        packages=tuple(each.digest for each in route.packages),
        options=options.canonical,
        alternatives=_alternatives(text, cut, passages, whole, options.alternatives),
        segments=tuple(segments),
    )


def _alternatives(
    text: str,
    cut: Sequence[tuple[int, int]],
    passages: Mapping[str, Passage],
    whole: str,
    count: int,
) -> tuple[str, ...]:
    """Whole texts from each segment's n-th alternative, or its best where it has fewer."""
    found: dict[str, None] = {}
    for number in range(count):
        parts: list[str] = []
        at = 0
        for start, end in cut:
            passage = passages[text[start:end]]
            others = passage.alternatives
            parts += [text[at:start], others[number] if number < len(others) else passage.text]
            at = end
        parts.append(text[at:])
        found["".join(parts)] = None
    found.pop(whole, None)
    return tuple(found)
