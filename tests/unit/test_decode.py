from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.decode import ARGOS, Advice, DecodeOptions
from models.encode import Floats
from models.languages import Direction
from models.registry import Registry
from models.translate import Engine
from tests.packages import dictionary_package

RU_EN = Direction.parse("ru-en")
WORDS = {"Президент": "President", "подписал": "signed", "закон": "law", "вчера": "yesterday"}
SOURCE = "Президент подписал закон."
ADVICE = {"beam_size": 4, "length_penalty": 1.0, "likeness": 100.0}


class Judge:
    """An encoder to which a source is like its favourite target and like no other."""

    digest = "0123456789abcdef" * 4

    def __init__(self, favourite: str) -> None:
        self.favourite = favourite

    def encode(self, texts: Sequence[str]) -> Floats:
        rows = np.zeros((len(texts), 2), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0 if text in (SOURCE, self.favourite) or not text.isascii() else 1] = 1.0
        return rows


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = dictionary_package(tmp_path, WORDS) / "metadata.json"
    metadata = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(metadata | {"search": ADVICE}), encoding="utf-8")
    return tmp_path


def test_the_hypothesis_most_like_its_source_is_taken_if_the_package_asks(home: Path) -> None:
    plain = Engine(Registry([home]), encoder=lambda: None)
    (found,) = plain.translate([SOURCE], RU_EN, options=DecodeOptions(alternatives=3))
    plain.close()
    other = found.alternatives[-1]
    judged = Engine(Registry([home]), encoder=lambda: Judge(other))
    (chosen,) = judged.translate([SOURCE], RU_EN)
    (probable,) = judged.translate([SOURCE], RU_EN, options=DecodeOptions(likeness=0))
    (argos,) = judged.translate([SOURCE], RU_EN, options=ARGOS)
    judged.close()
    assert chosen.text == other
    assert chosen.alternatives == ()
    assert probable.text == argos.text == found.text


def test_a_doubtful_hypothesis_is_passed_over_however_like_it_is(home: Path) -> None:
    source = "Президент подписал 24 закон."
    engine = Engine(Registry([home]), encoder=lambda: Judge("President signed law."))
    (found,) = engine.translate([source], RU_EN)
    engine.close()
    assert "24" in found.text
    assert "number" not in found.flags


def test_what_chose_is_named_with_the_translation(home: Path) -> None:
    lone = Engine(Registry([home]), encoder=lambda: None)
    judged = Engine(Registry([home]), encoder=lambda: Judge(""))
    assert lone.settled(DecodeOptions(), RU_EN) == DecodeOptions(likeness=0)
    named = judged.settled(DecodeOptions(), RU_EN)
    assert f"likeness=auto encoder={Judge.digest[:12]}" in named.canonical
    for engine, options in ((lone, DecodeOptions(likeness=0)), (judged, named)):
        assert engine.translate([SOURCE], RU_EN)[0].options == options.canonical
        assert engine.settled(ARGOS, RU_EN) == ARGOS
        engine.close()


def test_what_the_caller_says_goes_before_the_package() -> None:
    advice = Advice(8, 0.6, 6.0)
    assert DecodeOptions().following(advice) == DecodeOptions(8, 0.6, 6.0)
    assert DecodeOptions(1, 0.0, 0.0).following(advice) == DecodeOptions(1, 0.0, 0.0)
    assert DecodeOptions(repair=False).following(advice).beam_size == ARGOS.beam_size
    assert Advice.read({}) == Advice(ARGOS.beam_size or 0, ARGOS.length_penalty or 0, 0.0)


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {"beams": 4},
        {"beam_size": 4.5},
        {"beam_size": 99},
        {"likeness": "6"},
        {"likeness": True},
    ],
)
def test_advice_that_no_search_can_follow_is_refused(home: Path, wrong: Any) -> None:
    path = next(home.glob("*/metadata.json"))
    metadata = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(metadata | {"search": wrong}), encoding="utf-8")
    registry = Registry([home])
    assert not registry.directions()
    (problem,) = registry.problems()
    assert "metadata.json" in problem.message


def test_a_target_far_from_its_source_is_doubtful(home: Path) -> None:
    source = "Президент вчера подписал закон."
    far, near = Judge(""), Judge("")
    near.encode = lambda texts: np.ones((len(texts), 1), dtype=np.float32)  # type: ignore[method-assign]
    for judge, doubtful in ((far, True), (near, False)):
        engine = Engine(Registry([home]), encoder=lambda judge=judge: judge)  # type: ignore[misc]
        assert ("unlike" in engine.translate([source], RU_EN)[0].flags) is doubtful
        assert "unlike" not in engine.translate(["Президент подписал."], RU_EN)[0].flags
        assert "unlike" not in engine.translate([source], RU_EN, options=ARGOS)[0].flags
        engine.close()
