"""Contrasts: how two claims relate, and which terms each side of a claim group chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from alignment.claims import Claim
from alignment.span import Span

RelationLabel = Literal["same", "broader", "narrower", "conflicting", "denies", "related"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding behind a relation: the rule that made it and the spans on each side."""

    rule: str
    a: tuple[Span, ...]
    b: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """How claim a stands to claim b. "broader": a says less than b; "narrower": a says more.

    Each reason is a sentence that names the spans; `evidence` holds the same findings as data.
    """

    label: RelationLabel
    reasons: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class TermContrast:
    """A concept that a claim group words: per language, each variant with the spans that use it."""

    concept: str
    variants: dict[str, dict[str, tuple[Span, ...]]]


def relation(a: Claim, b: Claim) -> Relation:
    """The relation of two claims about the same matter, by rules on the original wording."""
    return Relation("related")


def term_contrasts(claims: Sequence[Claim]) -> list[TermContrast]:
    """The contested concepts of a claim group, with each language's variants and their spans."""
    return []
