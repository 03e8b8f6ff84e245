from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from alignment.claims import Sentence, extract
from alignment.contrasts import relation

WORDS = [
    *(
        "Песков",
        "сказал",
        "заявил",
        ",",
        "что",
        "—",
        "«",
        "»",
        '"',
        "“",
        "”",
        ":",
        ";",
        ".",
        "якобы",
    ),
    *(
        "не",
        "по",
        "словам",
        "Харків",
        "повідомили",
        "в",
        "Reuters",
        "said",
        "that",
        "citing",
        "the",
    ),
    *(
        "report",
        "denied",
        "47",
        "дронов",
        "10-12",
        "тыс.",
        "вчера",
        "вечером",
        "on",
        "Monday",
        "but",
    ),
    *(
        "и",
        "а",
        "'s",
        "U.S.",
        "(его)",
        "two",
        "hundred",
        "and",
        "1,5",
        "млн",
        "%",
        "$",
        "2022-02-24",
    ),
    *("24.02", "в ночь на", "среду", "Об этом", "сообщает", "он", "he", "from", "10", "to", "до"),
]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join),
)
PUBLISHED = datetime(2025, 3, 5, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=3), st.sampled_from(("ru", "uk", "en")), st.integers(0, 50))
def test_every_span_is_the_text_at_its_place(texts: list[str], language: str, start: int) -> None:
    sentences, at = [], start
    for text in texts:
        sentences.append(Sentence(text, language, at, 0))
        at += len(text) + 1
    document = " " * start + " ".join(texts)
    found = extract(sentences, published_at=PUBLISHED)
    for c in found:
        spans = [
            c,
            *c.hedges,
            *c.negations,
            *c.quantities,
            *c.dates,
            *c.entities,
            *c.quotes,
            *c.terms,
        ]
        if c.attribution:
            spans += list(c.attribution.speakers)
            spans += [c.attribution.verb] if c.attribution.verb else []
        for span in spans:
            assert document[span.start : span.end] == span.text
        assert c.text.strip()
    for c in found[:3]:
        assert relation(c, c).label in ("same", "related")
