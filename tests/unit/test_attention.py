from __future__ import annotations

from pathlib import Path

import pytest

from models import attention
from models.attention import GOLD, spread, word_links
from models.languages import Direction, Language
from models.registry import Registry
from models.translate import DecodeOptions, Engine
from tests.packages import dictionary_package, random_package

RU_EN = Direction.parse("ru-en")
LINKS = DecodeOptions(links=True)
WORDS = {"Президент": "President", "подписал": "signed", "закон": "law"}


def test_weights_of_pieces_are_added_up_by_word() -> None:
    found = word_links(
        "да нет", [0, 0, 1], "no yes", ["▁no", "▁y", "es"],
        [[0.3, 0.3, 0.4], [0.1, 0.4, 0.5], [0.6, 0.3, 0.1]],
    )  # fmt: skip
    assert found == [(0, 0), (0, 1)]


def test_what_does_not_match_its_tokens_has_no_links() -> None:
    assert word_links("да", [0, 1], "no", ["▁no"], [[1.0, 0.0]]) == []
    assert word_links("да", [0], "no", ["▁no"], []) == []


def test_links_are_told_as_offsets() -> None:
    assert spread([(1, 0)], "да  нет", "no") == ((4, 7, 0, 2),)


@pytest.mark.parametrize("direction", ["ru-en", "uk-en", "ru-uk"])
def test_the_gold_is_sound(direction: str) -> None:
    chosen = Direction.parse(direction)
    order = list(Language)
    for texts, links in GOLD:
        for link in links:
            for language in (chosen.source, chosen.target):
                assert 0 <= link[order.index(language)] < len(texts[language].split())


def test_a_network_that_points_well_gives_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gold = (
        ({Language.RU: "Президент подписал закон", Language.EN: "President signed law"},
         ((0, 0, 0), (1, 1, 1), (2, 2, 2))),
    )  # fmt: skip
    monkeypatch.setattr(attention, "GOLD", gold)
    dictionary_package(tmp_path, WORDS)
    engine = Engine(Registry([tmp_path]))
    source = "Президент  подписал закон."
    (found,) = engine.translate([source], RU_EN, options=LINKS)
    engine.close()
    linked = [(source[a:b], found.text[c:d]) for a, b, c, d in found.segments[0].links]
    assert linked == [("Президент", "President"), ("подписал", "signed"), ("закон.", "law.")]


def test_a_network_that_does_not_gives_none(tmp_path: Path) -> None:
    random_package(tmp_path)
    engine = Engine(Registry([tmp_path]))
    (found,) = engine.translate(["Президент подписал закон."], RU_EN, options=LINKS)
    engine.close()
    assert all(each.links == () for each in found.segments)


def test_links_are_off_unless_asked_for(tmp_path: Path) -> None:
    dictionary_package(tmp_path, WORDS)
    engine = Engine(Registry([tmp_path]))
    (found,) = engine.translate(["Президент подписал закон."], RU_EN)
    engine.close()
    assert found.segments[0].links == ()
