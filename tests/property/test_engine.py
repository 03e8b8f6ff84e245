from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.hop import clean, respaced
from models.languages import Direction
from models.registry import Registry
from models.segment import spans
from models.translate import Engine, EngineOptions
from tests.packages import dictionary_package

RU_EN = Direction.parse("ru-en")
WORDS = ["Президент", "закон", "да", "12", "@a_b", "https://a.org/x_y", "😀"]
MARKS = [".", "!", ", ", " ", "  ", "\n", "\r\n", "\t", "\u00a0", "«", "»", "—", "\x00", "\ud800"]
PIECES = st.sampled_from([*WORDS, *MARKS])
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home = tmp_path_factory.mktemp("packages")
    dictionary_package(home, {"Президент": "President", "закон": "law"})
    engine = Engine(Registry([home]), EngineOptions(cache_characters=0))
    yield engine
    engine.close()


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(TEXTS, max_size=6))
def test_what_lies_between_segments_comes_through(engine: Engine, texts: list[str]) -> None:
    found = engine.translate(texts, RU_EN)
    assert len(found) == len(texts)
    for text, translation in zip(texts, found, strict=True):
        at = there = 0
        for segment, (start, end) in zip(translation.segments, spans(text), strict=True):
            assert (segment.start, segment.end) == (start, end)
            assert text[at:start] == translation.text[there : segment.target_start]
            at, there = end, segment.target_end
        assert text[at:] == translation.text[there:]
        assert translation.log_prob is None or translation.log_prob <= 0


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TEXTS, TEXTS)
def test_an_answer_does_not_depend_on_its_company(engine: Engine, one: str, other: str) -> None:
    alone = engine.translate([one], RU_EN)[0].text
    assert engine.translate([other, one, other], RU_EN)[1].text == alone


@given(st.text(max_size=60), st.text(max_size=60))
def test_respacing_changes_whitespace_only(source: str, target: str) -> None:
    assert respaced(source, target).split() == target.split()


@given(st.text(max_size=60))
def test_clean_text_is_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode()
