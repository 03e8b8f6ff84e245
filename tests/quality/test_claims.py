"""Claims of single sentences: who speaks, in which stance, how surely, and with which figures.

150 sentences on war, economy, courts, sport and science, with nested, anonymous and institutional
speakers, headlines, refusals to comment and denials by a word ("a lie"). What is expected was
written before the rules saw them: 46 of the first 60 "tuning" sentences, 39 of the other 45 and 26
of 30 "held-out" ones had everything right then, with ten expectations set right first where the
schema defines otherwise (what is unconfirmed is of unknown certainty, "fiction" denies). Nobody
looked at the held-out ones while the rules changed, but their writer also wrote the word lists.
The fifteen "told again" ones were written when faults had been seen in samples/retold (headlines,
"this shows", amounts, if-clauses, rumours before the verb) and before they were mended: 7 were
right then.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alignment.attribution import Speaker
from alignment.claims import Claim, Sentence, extract

PUBLISHED = datetime(2025, 3, 5, 10, tzinfo=UTC)
FIELDS = ("speaker", "kind", "stance", "certainty", "polarity", "figures")
#: The share of sentences with everything right.
FLOORS = {"tuning": 0.98, "held-out": 0.9, "told again": 0.86}
LEAST = {"tuning": 100, "held-out": 30, "told again": 15}


def rows(part: str) -> list[list[str]]:
    path = Path(__file__).with_name("claims.tsv")
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return [line[1:] for line in lines if line[0] == part]


def meets(words: str, document: str, after: int, found: Speaker) -> bool:
    """Whether the speaker found shares most characters with the words expected."""
    first = document.find(words, after)
    first = document.index(words) if first < 0 else first
    shared = min(first + len(words), found.end) - max(first, found.start)
    return shared > 0 and 2 * shared / (len(words) + found.end - found.start) >= 0.5


def judge(row: list[str]) -> dict[str, bool]:
    """Which fields of a row are right."""
    language, before, text, chain, kind, stance, certainty, polarity, figures = row
    start = len(before) + 1 if before else 0
    sentences = [Sentence(before, language, 0, 0)] if before else []
    sentences.append(Sentence(text, language, start, 0))
    claims = [
        c for c in extract(sentences, published_at=PUBLISHED) if c.sentence == len(sentences) - 1
    ]
    attributed = next((c for c in claims if c.attribution), None)
    claim: Claim = attributed or max(claims, key=lambda c: len(c.text))
    found = claim.attribution
    speakers = found.speakers if found else ()
    expected = [] if chain == "-" else chain.split(">")
    document = f"{before} {text}" if before else text
    values = sorted(
        q.low if q.low is not None else q.high or 0.0 for c in claims for q in c.quantities
    )
    return {
        "speaker": len(expected) == len(speakers)
        and all(meets(w, document, start, s) for w, s in zip(expected, speakers, strict=True)),
        "kind": (found.kind if found else "") == kind,
        "stance": (found.stance if found else "") == stance,
        "certainty": claim.certainty == certainty,
        "polarity": claim.polarity == polarity,
        "figures": values == sorted(float(v) for v in figures.split(",") if v),
    }


@pytest.mark.parametrize("part", list(FLOORS))
def test_claims_of_news_sentences(part: str) -> None:
    marks = [(row[2], judge(row)) for row in rows(part)]
    wrong = [
        f"{text}: {[f for f in FIELDS if not fields[f]]}"
        for text, fields in marks
        if not all(fields.values())
    ]
    assert len(marks) >= LEAST[part]
    assert 1 - len(wrong) / len(marks) >= FLOORS[part], "\n".join(wrong)
