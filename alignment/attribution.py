"""Attribution: whom a claim is ascribed to, and the stance of the verb that ascribes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from alignment.span import Span

SpeakerKind = Literal["named", "anonymous", "institutional", "document"]
Stance = Literal["neutral", "endorsing", "distancing", "denial", "accusing", "threat", "emotive"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is quoted, as worded; `key` is language-neutral ("" where none can be made)."""

    text: str
    start: int
    end: int
    key: str
    kind: SpeakerKind


@dataclass(frozen=True, slots=True)
class Attribution:
    """The speakers of a claim, outermost first, and the stance class of the reporting verb.

    `verb` is None where the claim is carried over from the sentence before, or where the layout
    attributes it ("Name: claim"). `kind` is that of the innermost speaker.
    """

    speakers: tuple[Speaker, ...]
    stance: Stance
    verb: Span | None
    kind: SpeakerKind
