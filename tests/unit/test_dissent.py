from __future__ import annotations

import numpy as np

from alignment.claims import Claim, extract
from alignment.dissent import dissents
from alignment.span import Sentence

TEXTS = (
    "A diplomat said the ministry is demanding a full withdrawal.",
    "Another official said the ministry is not demanding a full withdrawal.",
    "The mayor said the bridge was closed.",
)


def claims() -> list[Claim]:
    starts = [sum(len(t) + 1 for t in TEXTS[:i]) for i in range(len(TEXTS))]
    return extract([Sentence(t, "en", s, 0) for t, s in zip(TEXTS, starts, strict=True)])


def test_a_speaker_who_denies_what_another_holds_is_found() -> None:
    held = claims()
    same = np.ones((len(held), 1), dtype=np.float32)
    found = dissents(held, same)
    assert (found[0].a, found[0].b) == (0, 1)
    assert found[0].reasons


def test_contrary_words_of_two_speakers_are_no_dissent() -> None:
    texts = ("The bank said exports rose.", "The ministry said imports fell.")
    held = extract([Sentence(t, "en", 40 * i, 0) for i, t in enumerate(texts)])
    assert dissents(held, np.ones((len(held), 1), dtype=np.float32)) == []


def test_claims_about_different_matters_deny_nothing() -> None:
    held = claims()
    apart = np.eye(len(held), dtype=np.float32)
    assert dissents(held, apart) == []
